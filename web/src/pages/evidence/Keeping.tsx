import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { type Step, stepItem, useStore } from "../../api/custody";
import { FormModal } from "../../app/FormModal";
import { textOf } from "../../app/useSubmit";
import type { CaseState, ItemState } from "../../live/state";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/inputs";
import { dayAndClockIn, myZone } from "../../ui/time";
import { useMayIn } from "../validations/useMayIn";

/** How an item is kept: what the store's lock is worth, and the steps that the government may take. */
export function Keeping({ item, state }: { item: ItemState; state: CaseState }) {
  const may = useMayIn(state.validation?.id ?? "");
  const [asked, setAsked] = useState<Step | null>(null);
  const steps = stepsOf(item).filter((step) => may(step === "hold" || step === "lift" ? "hold" : "dispose"));
  const words = stepWords();
  return (
    <section>
      <h3 className="overline">
        <Trans>How it is kept</Trans>
      </h3>
      <p className="quiet">
        <LockWord sealed={item.state === "sealed"} />
      </p>
      <div className="actions">
        {steps.map((step) => (
          <Button key={step} look="outline" small onClick={() => setAsked(step)}>
            {words[step].verb}
          </Button>
        ))}
      </div>
      {asked && <Ask item={item} step={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

/** The steps that the item's state allows; the server decides, for example whether its time is over. */
export function stepsOf(item: Pick<ItemState, "state" | "held">): readonly Step[] {
  if (item.held) return ["lift"];
  const next: Readonly<Record<string, readonly Step[]>> = {
    admitted: ["hold"],
    filed: ["hold", "release"],
    sealed: ["hold", "release"],
    quarantined: ["hold", "release"],
    released: ["hold", "disposal"],
  };
  return next[item.state] ?? [];
}

function LockWord({ sealed }: { sealed: boolean }): ReactNode {
  const store = useStore().data;
  if (sealed) return <Trans>Sealed: the store itself refuses to delete it before its date.</Trans>;
  if (store === undefined) return null;
  const tried = store.proved_at === null ? "–" : dayAndClockIn(new Date(store.proved_at), myZone());
  const words: Readonly<Record<typeof store.lock, ReactNode>> = {
    proved: <Trans>The store keeps its lock, tried on {tried}. Items are sealed once they are filed.</Trans>,
    policy: (
      <Trans>Kept by this program alone: on this installation the lock is a policy, and its owner can delete.</Trans>
    ),
    broken: <Trans>The store takes a lock and does not keep it, tried on {tried}. Nothing is sealed on it.</Trans>,
    absent: <Trans>The store has no lock that this installation may set. Nothing is sealed on it.</Trans>,
    unproved: <Trans>The store’s lock was not tried lately. Nothing is sealed until it is.</Trans>,
  };
  return words[store.lock];
}

interface StepWords {
  verb: ReactNode;
  heading: ReactNode;
  what: ReactNode;
}

function stepWords(): Readonly<Record<Step, StepWords>> {
  return {
    hold: {
      verb: <Trans>Legal hold</Trans>,
      heading: <Trans>Put it under a legal hold?</Trans>,
      what: <Trans>It can then be neither released nor destroyed until the hold is lifted.</Trans>,
    },
    lift: {
      verb: <Trans>Lift the hold</Trans>,
      heading: <Trans>Lift the legal hold?</Trans>,
      what: <Trans>It is then kept as before the hold.</Trans>,
    },
    release: {
      verb: <Trans>Release</Trans>,
      heading: <Trans>Release it?</Trans>,
      what: <Trans>The office says that it does not need it any more. It stays until it is destroyed.</Trans>,
    },
    disposal: {
      verb: <Trans>Destroy</Trans>,
      heading: <Trans>Destroy it?</Trans>,
      what: (
        <Trans>
          Nobody can open it from now on, and its bytes are destroyed. Digest, reason and your name stay in the ledger.
          This cannot be undone.
        </Trans>
      ),
    },
  };
}

function Ask({ item, step, onClose }: { item: ItemState; step: Step; onClose: () => void }) {
  const { t } = useLingui();
  const { verb, heading, what } = stepWords()[step];
  return (
    <FormModal
      heading={heading}
      verb={verb}
      danger={step === "disposal"}
      send={(form) => stepItem(item.id, step, textOf(form, "reason"))}
      onClose={onClose}
    >
      <p>{what}</p>
      <TextArea label={t`Reason`} name="reason" rows={2} maxLength={1000} />
    </FormModal>
  );
}
