import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import type { SessionLine } from "../../api/types";
import { RecordingTag, roleWord, SessionStateTag } from "../../app/words";
import { may } from "../../live/permissions";
import { LinkButton } from "../../ui/Button";
import { TimeInZones } from "../../ui/TimeInZones";
import { clockIn, myZone } from "../../ui/time";

/** The room opens this long before the start, for a last look at the checklist. */
const OPENS_BEFORE_MS = 30 * 60_000;

/** A session of today, with the way in once it is time. */
export function SessionCard({ session, now }: { session: SessionLine; now: Date }) {
  return (
    <article className={session.state === "live" ? "card session-card session-card--live" : "card session-card"}>
      <div className="row-line__main">
        <h3>
          <Link to={`/validations/${session.validation_id}`}>
            {session.number} · {session.member_name}
          </Link>
        </h3>
        <div className="session-card__time">
          <TimeInZones at={session.starts_at} zone={session.time_zone} dayless />
        </div>
        <div className="quiet">
          {session.site_name} · {roleWord(session.role)}
        </div>
      </div>
      <div className="actions">
        <SessionStateTag state={session.state} />
        <RecordingTag recording={session.recording} />
        {may(session.role, "enter_room") && <Join session={session} now={now} />}
      </div>
    </article>
  );
}

function Join({ session, now }: { session: SessionLine; now: Date }) {
  const { t } = useLingui();
  const opens = new Date(new Date(session.starts_at).getTime() - OPENS_BEFORE_MS);
  const open = session.state === "live" || now >= opens;
  const what = `${session.number} · ${session.member_name}`;
  if (open) {
    return (
      <LinkButton to={`/room/${session.validation_id}/${session.id}`}>
        <Trans>Join</Trans>
        <span className="sr-only"> {what}</span>
      </LinkButton>
    );
  }
  const clock = clockIn(opens, myZone());
  return (
    <span className="not-yet">
      <button type="button" className="usa-button" disabled aria-label={t`Join ${what}`}>
        <Trans>Join</Trans>
      </button>
      <span className="quiet">
        <Trans>opens at {clock}</Trans>
      </span>
    </span>
  );
}
