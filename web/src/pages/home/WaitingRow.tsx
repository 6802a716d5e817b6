import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "wouter";
import type { Me, WaitingLine } from "../../api/types";
import { calendarDay } from "../../ui/time";

/** Whether it is the reader's turn: the member answers requests and findings, the office does the rest. */
export function needsMe(line: WaitingLine, me: Me): boolean {
  switch (line.waiting_for) {
    case "schedule":
    case "outcome":
      return true;
    case "requests":
    case "findings":
      return me.side === "member";
    case "review":
      return me.office_role === "reviewer";
  }
}

function placeOf(line: WaitingLine): string {
  const validation = `/validations/${line.validation_id}`;
  switch (line.waiting_for) {
    case "schedule":
      return `${validation}/sessions/new`;
    case "review":
      return `/review/${line.validation_id}`;
    default:
      return validation;
  }
}

export function WaitingRow({ line }: { line: WaitingLine }) {
  const due = line.due_on && calendarDay(line.due_on);
  return (
    <li className="row-line">
      <div className="row-line__main">
        <Link to={placeOf(line)}>
          <What line={line} />
        </Link>
        <div className="quiet">
          {line.number} · {line.member_name}
        </div>
      </div>
      {due && (
        <span className="quiet">
          <Trans>due {due}</Trans>
        </span>
      )}
    </li>
  );
}

function What({ line }: { line: WaitingLine }) {
  const { count } = line;
  switch (line.waiting_for) {
    case "schedule":
      return <Trans>Schedule the first session</Trans>;
    case "outcome":
      return (
        <Plural
          value={count}
          one="Say what became of a session whose time is over"
          other="Say what became of # sessions whose time is over"
        />
      );
    case "requests":
      return <Plural value={count} one="# open request" other="# open requests" />;
    case "findings":
      return <Plural value={count} one="# open finding" other="# open findings" />;
    case "review":
      return <Trans>Review of the answers</Trans>;
  }
}
