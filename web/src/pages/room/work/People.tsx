import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { RecordingTag, roleWord } from "../../../app/words";
import type { ParticipantState } from "../../../live/state";
import { Button } from "../../../ui/Button";
import { Confirm } from "../../../ui/Confirm";
import { useCase, useMay, useParticipants, useSeat, useStore } from "../context";
import { useAct } from "../useAct";

/** Who waits, who is in, who is not here; and for whom the recording is agreed. */
export function People() {
  const { plan } = useSeat();
  const people = Object.values(useParticipants()).sort((one, other) => (one.name < other.name ? -1 : 1));
  const here = (one: ParticipantState) => one.validation_session_id === plan.validationSessionId;
  const waiting = people.filter((one) => here(one) && one.standing === "lobby");
  const inside = people.filter((one) => here(one) && one.standing === "admitted");
  const outside = people.filter((one) => !waiting.includes(one) && !inside.includes(one));
  return (
    <div className="people">
      <Group heading={<Trans>In the lobby</Trans>} people={waiting}>
        <p className="quiet">
          <Trans>Nobody waits. Whoever opens their invitation and gives consent appears here to be let in.</Trans>
        </p>
      </Group>
      <Group heading={<Trans>In the room</Trans>} people={inside} />
      <Group heading={<Trans>Not here</Trans>} people={outside} />
    </div>
  );
}

function Group({
  heading,
  people,
  children,
}: {
  heading: ReactNode;
  people: ParticipantState[];
  children?: ReactNode;
}) {
  if (people.length === 0 && children === undefined) {
    return null;
  }
  return (
    <section className="people__group">
      <h2>
        {heading} {people.length > 0 && <span className="quiet">{people.length}</span>}
      </h2>
      {people.length === 0 ? (
        children
      ) : (
        <ul>
          {people.map((one) => (
            <Person key={one.id} person={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Person({ person }: { person: ParticipantState }) {
  const { t } = useLingui();
  const { plan } = useSeat();
  return (
    <li className="person">
      <div className="person__who">
        <strong>{person.name}</strong> {person.id === plan.participantId && <span className="quiet">{t`you`}</span>}
        <div className="quiet">{roleWord(person.role)}</div>
      </div>
      <Consent person={person} />
      <Doings person={person} />
    </li>
  );
}

function Consent({ person }: { person: ParticipantState }) {
  const { plan } = useSeat();
  if (person.validation_session_id !== plan.validationSessionId || person.consent === null) {
    return (
      <span className="quiet">
        <Trans>No consent yet</Trans>
      </span>
    );
  }
  return (
    <span className="person__consent">
      <RecordingTag recording={person.consent.recording} />
      <Sends person={person} />
    </span>
  );
}

/** Which of the person's devices arrive here now, in words. */
function Sends({ person }: { person: ParticipantState }) {
  const { t } = useLingui();
  const sources = useCase((state) => state.sources);
  const { plan } = useSeat();
  const open = Object.values(sources).filter(
    (one) =>
      one.open &&
      one.name === null &&
      one.participant_id === person.id &&
      one.validation_session_id === plan.validationSessionId,
  );
  const paused = useStore(useSeat().pauses.store, (view) => view.open);
  const silent = paused.some((pause) => pause.cause === "network" && open.some((one) => one.id === pause.sourceId));
  const broken = silent || (person.standing === "admitted" && !person.present);
  if (person.standing === "admitted" && broken) {
    return <span className="quiet">{t`line lost`}</span>;
  }
  const word = open.some((one) => one.kind === "camera")
    ? t`camera and voice`
    : open.some((one) => one.kind === "microphone")
      ? t`voice`
      : "";
  return <span className="quiet">{word}</span>;
}

function Doings({ person }: { person: ParticipantState }) {
  const { plan } = useSeat();
  const act = useAct();
  const mayAdmit = useMay("admit");
  const [asking, setAsking] = useState(false);
  const here = person.validation_session_id === plan.validationSessionId;
  if (!mayAdmit || !here || person.id === plan.participantId) {
    return null;
  }
  const who = { validation_session_id: plan.validationSessionId, participant_id: person.id };
  const admissible = person.standing === "lobby" || person.standing === "removed";
  return (
    <span className="person__acts">
      {admissible && (
        <Button small onClick={() => act({ type: "participant.admit", ...who })}>
          <Trans>Admit</Trans>
        </Button>
      )}
      {(person.standing === "admitted" || person.standing === "lobby") && (
        <Button look="outline" small onClick={() => setAsking(true)}>
          <Trans>Remove</Trans>
        </Button>
      )}
      {asking && <Removal person={person} onClose={() => setAsking(false)} />}
    </span>
  );
}

function Removal({ person, onClose }: { person: ParticipantState; onClose: () => void }) {
  const { t } = useLingui();
  const { room, plan } = useSeat();
  const { name } = person;
  const remove = () =>
    room.send({
      type: "participant.remove",
      validation_session_id: plan.validationSessionId,
      participant_id: person.id,
      reason: t`Removed in the room`,
    });
  return (
    <Confirm heading={<Trans>Remove {name}?</Trans>} verb={<Trans>Remove</Trans>} onConfirm={remove} onClose={onClose}>
      <p>
        <Trans>Their picture and voice stop at once. They can come back only when you admit them again.</Trans>
      </p>
    </Confirm>
  );
}
