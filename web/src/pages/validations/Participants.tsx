import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { roleWord, sideWord } from "../../app/words";
import type { CaseState } from "../../live/state";
import { Button } from "../../ui/Button";
import { Modal } from "../../ui/Modal";
import { ParticipantForm } from "./ParticipantForm";
import { useMayIn } from "./useMayIn";

export function Participants({ validationId, state }: { validationId: string; state: CaseState }) {
  const { t } = useLingui();
  const may = useMayIn(validationId);
  const [adding, setAdding] = useState(false);
  const people = Object.values(state.participants);
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
      <ul className="rows" aria-label={t`People`}>
        {people.map((person) => (
          <li key={person.id} className="row-line">
            <div className="row-line__main">
              {person.name}
              <div className="quiet">
                {roleWord(person.role)} · {sideWord(person.side)}
              </div>
            </div>
          </li>
        ))}
      </ul>
      {adding && state.validation && (
        <Modal heading={<Trans>Add a person to the validation</Trans>} onClose={() => setAdding(false)}>
          <ParticipantForm validation={state.validation} onDone={() => setAdding(false)} />
        </Modal>
      )}
    </section>
  );
}
