import { Trans } from "@lingui/react/macro";
import type { SubmitEvent } from "react";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/inputs";
import { Modal } from "../../../ui/Modal";
import { useMay, useSession } from "../context";
import { useTour } from "../useTour";
import { useRoute } from "./useRoute";

/** The stops of the walk, to jump to one or to add one. */
export function RouteDialog({ onClose }: { onClose: () => void }) {
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
