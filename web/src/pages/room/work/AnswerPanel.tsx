import { Trans, useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import type { CriterionView } from "../../../api/criteria";
import { METHODS, type Method, type Verdict } from "../../../live/state";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/Icon";
import { useCase, useMay, useRoom, useSession } from "../context";
import { methodWord, verdictWord } from "../words";
import { AnswerShown } from "./AnswerShown";
import { CriterionFacts } from "./CriterionFacts";
import { LinkedItems } from "./LinkedItems";
import { RefusedAnswerBox } from "./RefusedAnswerBox";
import { type Answering, needs, useAnswer } from "./useAnswer";
import { focusRow } from "./useChecklist";
import { VERDICT_LOOK } from "./verdicts";
import "./panel.css";

export interface PanelHandle {
  readonly choose: (verdict: Verdict) => void;
  readonly focusNote: () => void;
}

interface AnswerPanelProps {
  criterion: CriterionView;
  /** Told where to send digits while this panel is open. */
  onHandle: (handle: PanelHandle | null) => void;
  onSaved: (criterionId: string) => void;
}

/** The expanded criterion: what it asks, the five verdicts, the note, the method and the evidence. */
export function AnswerPanel({ criterion, onHandle, onSaved }: AnswerPanelProps) {
  const answer = useCase((state) => state.answers[criterion.id]);
  const refused = useRoom((view) => view.refused[criterion.id]);
  const mayAnswer = useMay("answer");
  const closed = useCase((state) => state.validation?.phase === "closed");
  return (
    <div className="panel">
      <CriterionFacts criterion={criterion} />
      {refused && <RefusedAnswerBox refused={refused} answer={answer} onSaved={() => onSaved(criterion.id)} />}
      {mayAnswer && !closed ? (
        <Writing criterion={criterion} onHandle={onHandle} onSaved={onSaved} />
      ) : (
        <AnswerShown answer={answer} />
      )}
      <LinkedItems criterionId={criterion.id} />
    </div>
  );
}

function Writing({ criterion, onHandle, onSaved }: AnswerPanelProps) {
  const answer = useCase((state) => state.answers[criterion.id]);
  const answering = useAnswer(criterion.id, answer, useSession().state === "live");
  const note = useRef<HTMLTextAreaElement>(null);
  const choose = async (verdict: Verdict) => {
    if (needs(verdict) !== null && answering.note.trim() === "") {
      note.current?.focus();
    }
    if (await answering.choose(verdict)) {
      onSaved(criterion.id);
    }
  };
  const latest = useRef(choose);
  useEffect(() => {
    latest.current = choose;
  });
  useEffect(() => {
    onHandle({ choose: (verdict) => void latest.current(verdict), focusNote: () => note.current?.focus() });
    return () => onHandle(null);
  }, [onHandle]);
  const standing = answering.wanting ?? answer?.verdict ?? null;
  return (
    <>
      <Verdicts standing={standing} onChoose={choose} />
      <NoteField
        answering={answering}
        field={note}
        onSave={standing === null ? null : () => choose(standing)}
        onLeave={() => focusRow(criterion.id)}
      />
      <div className="panel__foot">
        <MethodField answering={answering} />
        {answer && <AnswerShown answer={answer} brief />}
      </div>
    </>
  );
}

function Verdicts({ standing, onChoose }: { standing: Verdict | null; onChoose: (verdict: Verdict) => void }) {
  const { t } = useLingui();
  return (
    <fieldset className="verdicts" aria-label={t`Verdict`}>
      {VERDICT_LOOK.map(({ verdict, icon, tone }, index) => (
        <button
          key={verdict}
          type="button"
          className={`verdict verdict--${tone}`}
          aria-pressed={verdict === standing}
          aria-keyshortcuts={String(index + 1)}
          onClick={() => onChoose(verdict)}
        >
          <span className="kbd" aria-hidden="true">
            {index + 1}
          </span>
          <Icon outline={icon} />
          <span>{verdictWord(verdict)}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface NoteFieldProps {
  answering: Answering;
  field: React.RefObject<HTMLTextAreaElement | null>;
  /** Null while no verdict is chosen. */
  onSave: (() => void) | null;
  /** Escape: back to the line, where single keys act again. */
  onLeave: () => void;
}

function NoteField({ answering, field, onSave, onLeave }: NoteFieldProps) {
  const id = useId();
  const { wanting, note } = answering;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSave?.();
    } else if (event.key === "Escape") {
      onLeave();
    }
  };
  return (
    <div className="note">
      <label htmlFor={id} className="note__label">
        {wanting !== null && needs(wanting) === "reason" ? <Trans>Reason</Trans> : <Trans>Note</Trans>}
      </label>
      {wanting !== null && (
        <p id={`${id}-hint`} className="note__hint" role="status">
          <WantingWords verdict={wanting} />
        </p>
      )}
      <textarea
        ref={field}
        id={id}
        className="usa-textarea note__field"
        rows={2}
        maxLength={10_000}
        value={note}
        aria-describedby={wanting === null ? undefined : `${id}-hint`}
        aria-required={wanting !== null}
        onChange={(event) => answering.write(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {onSave !== null && note.trim() !== "" && (
        <Button look="outline" small onClick={onSave}>
          <Trans>Save with note</Trans>
        </Button>
      )}
    </div>
  );
}

function WantingWords({ verdict }: { verdict: Verdict }) {
  const word = verdictWord(verdict);
  return needs(verdict) === "reason" ? (
    <Trans>“{word}” needs a reason. Write it, then Ctrl and Enter.</Trans>
  ) : (
    <Trans>“{word}” needs a note of what was seen. Write it, then Ctrl and Enter.</Trans>
  );
}

function MethodField({ answering }: { answering: Answering }) {
  const id = useId();
  const methods: readonly Method[] = METHODS;
  return (
    <span className="method">
      <label htmlFor={id}>
        <Trans>Rests on</Trans>
      </label>
      <select
        id={id}
        className="usa-select method__select"
        value={answering.method}
        onChange={(event) => {
          const chosen = methods.find((one) => one === event.target.value);
          if (chosen !== undefined) {
            answering.setMethod(chosen);
          }
        }}
      >
        {methods.map((one) => (
          <option key={one} value={one}>
            {methodWord(one)}
          </option>
        ))}
      </select>
    </span>
  );
}
