import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { roleWord, sideWord } from "../../app/words";
import type { CaseState, Side } from "../../live/state";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { ParticipantForm } from "./ParticipantForm";
import { useMayIn } from "./useMayIn";

const SIDES: readonly Side[] = ["government", "member"];

export function Participants({ validationId, state }: { validationId: string; state: CaseState }) {
  const may = useMayIn(validationId);
  const [adding, setAdding] = useState(false);
  return (
    <section className="card" aria-labelledby="participants">
      <div className="card__head">
        <h2 id="participants">
          <Trans>People</Trans>
        </h2>
        {may("schedule") && state.validation?.phase === "open" && (
          <Button look="outline" small onClick={() => setAdding(true)}>
            <Trans>Add person</Trans>
          </Button>
        )}
      </div>
      {SIDES.map((side) => (
        <People key={side} side={side} state={state} />
      ))}
      {adding && state.validation && (
        <Modal heading={<Trans>Add a person to the validation</Trans>} onClose={() => setAdding(false)}>
          <ParticipantForm validation={state.validation} onDone={() => setAdding(false)} />
        </Modal>
      )}
    </section>
  );
}

function People({ side, state }: { side: Side; state: CaseState }) {
  const people = Object.values(state.participants).filter((person) => person.side === side);
  if (people.length === 0) return null;
  return (
    <>
      <h3 className="overline">{sideWord(side)}</h3>
      <ul className="names">
        {people.map((person) => (
          <li key={person.id}>
            <span>{person.name}</span>
            <span className="quiet">{roleWord(person.role)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
