import location from "icon:location_on";
import next from "icon:navigate_next";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useMemo, useState } from "react";
import { stopsOf } from "../../../live/reading";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/inputs";
import { Modal } from "../../../ui/Modal";
import { useCase, useMay, useSeat, useSession } from "../context";
import { useTour } from "../useTour";
import { Act } from "./StageBar";

/** The route: where we are, the next stop, and a list to jump in or add to. */
export function StopPicker({ why }: { why: string | null }) {
  const { t } = useLingui();
  const tour = useTour();
  const mayGuide = useMay("guide_tour");
  const { stops, at, name } = useRoute();
  const [open, setOpen] = useState(false);
  const count = stops.length;
  const onNext = () => {
    const stop = tour.next();
    if (stop === null) {
      setOpen(true);
    } else {
      void tour.openStop(stop.id);
    }
  };
  return (
    <>
      {mayGuide && (
        <Act icon={next} letter="N" why={why} onPress={onNext}>
          <Trans>Next stop</Trans>
        </Act>
      )}
      {(mayGuide || count > 0) && (
        <Act icon={location} onPress={() => setOpen(true)}>
          {at === 0 ? (
            <Trans>Route</Trans>
          ) : (
            <span className="act__stop" title={name}>{t`${at} of ${count}: ${name}`}</span>
          )}
        </Act>
      )}
      {open && <Route onClose={() => setOpen(false)} />}
    </>
  );
}

/** Stops in order; `at` counts from 1, 0 before the first. */
function useRoute() {
  const { plan } = useSeat();
  const openId = useSession().open_stop_id;
  const all = useCase((state) => state.stops);
  return useMemo(() => {
    const stops = stopsOf({ stops: all }, plan.validationSessionId);
    const index = stops.findIndex((stop) => stop.id === openId);
    return { stops, at: index + 1, name: stops[index]?.name ?? "" };
  }, [all, openId, plan]);
}

function Route({ onClose }: { onClose: () => void }) {
  const tour = useTour();
  const session = useSession();
  const mayGuide = useMay("guide_tour");
  const { stops } = useRoute();
  const add = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name") ?? "").trim();
    if (name !== "") {
      await tour.addStop(name);
      onClose();
    }
  };
  const go = async (id: string) => {
    await tour.openStop(id);
    onClose();
  };
  return (
    <Modal heading={<Trans>Route</Trans>} onClose={onClose}>
      <ol className="route">
        {stops.map((stop) => (
          <li key={stop.id} aria-current={stop.id === session.open_stop_id ? "step" : undefined}>
            <span>{stop.name}</span>
            {mayGuide && stop.id !== session.open_stop_id && session.state === "live" && (
              <Button look="outline" small onClick={() => go(stop.id)}>
                <Trans>Go there</Trans>
              </Button>
            )}
          </li>
        ))}
      </ol>
      {stops.length === 0 && (
        <p>
          <Trans>The route has no stop yet. Name the first one, such as “Gate 1”.</Trans>
        </p>
      )}
      {mayGuide && (
        <form onSubmit={add} className="route__add">
          <TextField name="name" label={<Trans>New stop</Trans>} maxLength={200} autoComplete="off" />
          <Button type="submit">
            <Trans>Add and go there</Trans>
          </Button>
        </form>
      )}
    </Modal>
  );
}
