import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import { RecordingTag, SessionStateTag } from "../../app/words";
import type { CaseState, SessionState } from "../../live/state";
import { LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { TimeInZones } from "../../ui/TimeInZones";
import { dayIn } from "../../ui/time";
import { useMayIn } from "./useMayIn";

export function Sessions({ validationId, state }: { validationId: string; state: CaseState }) {
  const may = useMayIn(validationId);
  const sessions = Object.values(state.sessions).sort((one, other) => one.starts_at.localeCompare(other.starts_at));
  const schedule = may("schedule") && state.validation?.phase === "open" && (
    <LinkButton
      to={`/validations/${validationId}/sessions/new`}
      look={sessions.length > 0 ? "outline" : "primary"}
      small
    >
      <Trans>Schedule a session</Trans>
    </LinkButton>
  );
  return (
    <section className="card" aria-labelledby="sessions">
      <div className="card__head">
        <h2 id="sessions">
          <Trans>Sessions</Trans>
        </h2>
        {schedule}
      </div>
      {sessions.length === 0 ? (
        <EmptyState heading={<Trans>No session yet</Trans>}>
          <Trans>A session is one live meeting with a tour. The checklist carries over from one to the next.</Trans>
        </EmptyState>
      ) : (
        <ul className="rows">
          {sessions.map((session) => (
            <SessionLine
              key={session.id}
              validationId={validationId}
              session={session}
              enterable={may("enter_room") && (session.state === "planned" || session.state === "live")}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface SessionLineProps {
  validationId: string;
  session: SessionState;
  enterable: boolean;
}

function SessionLine({ validationId, session, enterable }: SessionLineProps) {
  const { t } = useLingui();
  const day = dayIn(new Date(session.starts_at), session.time_zone);
  return (
    <li className="row-line">
      <div className="row-line__main">
        <Link to={`/validations/${validationId}/sessions/${session.id}`}>{t`Session of ${day}`}</Link>
        <div>
          <TimeInZones at={session.starts_at} zone={session.time_zone} />
        </div>
        <div className="quiet">{session.site_name}</div>
      </div>
      <div className="actions">
        <SessionStateTag state={session.state} />
        {session.state !== "cancelled" && session.state !== "no_show" && <RecordingTag recording={session.recording} />}
        {enterable && (
          <LinkButton
            to={`/room/${validationId}/${session.id}`}
            look={session.state === "live" ? "primary" : "outline"}
            small
          >
            <Trans>Open the room</Trans>
          </LinkButton>
        )}
      </div>
    </li>
  );
}
