import { Trans, useLingui } from "@lingui/react/macro";
import { type DragEvent, type KeyboardEvent, memo, type ReactNode } from "react";
import type { CriterionView } from "../../../api/criteria";
import type { Change } from "../../../live/room";
import type { AnswerState, Verdict } from "../../../live/state";
import { levelWord } from "../words";
import { VerdictTag } from "./verdicts";

interface CriterionRowProps {
  criterion: CriterionView;
  answer: AnswerState | undefined;
  /** On its way to the server. */
  sending: Verdict | null;
  /** Somebody else's change, shown once. */
  change: Change | undefined;
  refused: boolean;
  expanded: boolean;
  /** Tab stops at one line of the list; the arrows go from line to line, so that nobody tabs through all of them. */
  tabbable: boolean;
  onToggle: (id: string) => void;
  onStep: (id: string, by: 1 | -1) => void;
  onDropItem: ((itemId: string, criterionId: string) => void) | null;
  children?: ReactNode;
}

export const rowId = (criterionId: string) => `criterion-${criterionId}`;

/** One line of the checklist: number, gist, level, verdict. Expanded it carries what `children` brings. */
export const CriterionRow = memo(function CriterionRow(props: CriterionRowProps) {
  const { criterion, answer, change, expanded, onToggle, onStep, onDropItem, children } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!modified && (by === 1 || by === -1)) {
      event.preventDefault();
      // The room knows the arrows too while single keys are on.
      event.stopPropagation();
      onStep(criterion.id, by);
    }
  };
  const onDrop = (event: DragEvent) => {
    const item = event.dataTransfer.getData("text/sightline-item");
    if (item !== "") {
      event.preventDefault();
      onDropItem?.(item, criterion.id);
    }
  };
  const takesItems = onDropItem !== null;
  return (
    <li
      className={expanded ? "criterion criterion--open" : "criterion"}
      onDragOver={takesItems ? (event) => event.preventDefault() : undefined}
      onDrop={takesItems ? onDrop : undefined}
    >
      {/* A new key runs the flash once for each change. */}
      {change && <span key={change.seq} className="criterion__flash" aria-hidden="true" />}
      <button
        type="button"
        id={rowId(criterion.id)}
        className="criterion__head"
        aria-expanded={expanded}
        tabIndex={props.tabbable ? 0 : -1}
        onKeyDown={onKeyDown}
        onClick={() => onToggle(criterion.id)}
      >
        <span className="criterion__id">{criterion.id}</span>
        <span className="criterion__gist">{criterion.gist}</span>
        <span className="criterion__marks">
          <Level level={criterion.level} />
          <Outcome {...props} />
        </span>
      </button>
      {change && <ChangedBy key={change.seq} change={change} answer={answer} />}
      {expanded && children}
    </li>
  );
});

function Level({ level }: { level: CriterionView["level"] }) {
  return <span className={`level-word level-word--${level}`}>{levelWord(level)}</span>;
}

function Outcome({ answer, sending, refused }: CriterionRowProps) {
  const { t } = useLingui();
  if (sending !== null) {
    return (
      <span className="criterion__sending">
        <VerdictTag verdict={sending} />
        <span className="quiet">{t`saving…`}</span>
      </span>
    );
  }
  return (
    <>
      {answer === undefined ? <span className="quiet">{t`open`}</span> : <VerdictTag verdict={answer.verdict} />}
      {refused && <span className="criterion__refused">{t`yours not saved`}</span>}
    </>
  );
}

function ChangedBy({ change, answer }: { change: Change; answer: AnswerState | undefined }) {
  // Only the change that is still the answer is named; a later one of one's own ends it.
  if (answer?.seq !== change.seq) {
    return null;
  }
  return (
    <span className="criterion__changed">
      <Trans>{change.by} changed this</Trans>
    </span>
  );
}
