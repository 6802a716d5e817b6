import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useMe } from "../../api/me";
import type { Me, SessionLine, WaitingLine, Worklist } from "../../api/types";
import { useWorklist } from "../../api/validations";
import { Page } from "../../app/Page";
import { LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { TimeInZones } from "../../ui/TimeInZones";
import { dayIn, myZone } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { SessionCard } from "./SessionCard";
import { needsMe, WaitingRow } from "./WaitingRow";

const CLOCK_EVERY_MS = 10_000;

/** What needs me today, and what am I waiting for? */
export default function Home() {
  const { t } = useLingui();
  const me = useMe().data;
  const now = useNow(CLOCK_EVERY_MS);
  const worklist = useWorklist();
  const today = dayIn(now, myZone());
  const opens = me?.office_role === "scss";
  return (
    <Page
      title={t`Today`}
      lead={today}
      actions={
        opens && (
          <LinkButton to="/validations/new">
            <Trans>New validation</Trans>
          </LinkButton>
        )
      }
    >
      {me && <Loaded query={worklist}>{(list) => <Day list={list} me={me} now={now} />}</Loaded>}
    </Page>
  );
}

function Day({ list, me, now }: { list: Worklist; me: Me; now: Date }) {
  const mine = list.waiting.filter((line) => needsMe(line, me));
  const others = list.waiting.filter((line) => !needsMe(line, me));
  return (
    <div className="stack">
      <Today sessions={list.today} now={now} />
      <div className="columns columns--even">
        <Waiting
          id="needs-me"
          heading={<Trans>Needs you</Trans>}
          lines={mine}
          none={<Trans>Nothing waits for you.</Trans>}
        />
        <Waiting
          id="waiting-for"
          heading={<Trans>You wait for</Trans>}
          lines={others}
          none={<Trans>You wait for nothing.</Trans>}
        />
      </div>
      {list.coming.length > 0 && <Coming sessions={list.coming} />}
    </div>
  );
}

function Today({ sessions, now }: { sessions: readonly SessionLine[]; now: Date }) {
  return (
    <section aria-labelledby="today" className="stack">
      <h2 id="today">
        <Trans>Sessions</Trans>
      </h2>
      {sessions.length === 0 ? (
        <EmptyState
          heading={<Trans>No session today</Trans>}
          action={
            <LinkButton to="/validations" look="outline">
              <Trans>See all validations</Trans>
            </LinkButton>
          }
        />
      ) : (
        sessions.map((session) => <SessionCard key={session.id} session={session} now={now} />)
      )}
    </section>
  );
}

interface WaitingProps {
  id: string;
  heading: ReactNode;
  lines: readonly WaitingLine[];
  none: ReactNode;
}

function Waiting({ id, heading, lines, none }: WaitingProps) {
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card__head">
        <h2 id={id}>{heading}</h2>
      </div>
      {lines.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <ul className="rows">
          {lines.map((line) => (
            <WaitingRow key={`${line.validation_id} ${line.waiting_for}`} line={line} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Coming({ sessions }: { sessions: readonly SessionLine[] }) {
  return (
    <section className="card" aria-labelledby="coming">
      <div className="card__head">
        <h2 id="coming">
          <Trans>Coming sessions</Trans>
        </h2>
      </div>
      <ul className="rows">
        {sessions.map((session) => (
          <li key={session.id} className="row-line">
            <div className="row-line__main">
              <Link to={`/validations/${session.validation_id}/sessions/${session.id}`}>
                {session.number} · {session.member_name}
              </Link>
              <div className="quiet">{session.site_name}</div>
            </div>
            <TimeInZones at={session.starts_at} zone={session.time_zone} />
          </li>
        ))}
      </ul>
    </section>
  );
}
