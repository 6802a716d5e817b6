import check from "icon:check_circle";
import flag from "icon:flag";
import help from "icon:help";
import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useState } from "react";
import type { CriterionView } from "../../api/criteria";
import { sendCommand } from "../../api/snapshot";
import { type AnswerState, type CaseState, MARKS, type ReviewMark, type ReviewState } from "../../live/state";
import { Button } from "../../ui/Button";
import { ProblemAlert } from "../../ui/Problem";
import { Tag, type TagTone } from "../../ui/Tag";
import { clockSeconds } from "../room/clock";
import { levelWord, methodWord, verdictWord } from "../room/words";
import { Thumbnails } from "./Thumbnails";
import { markWord } from "./words";

export type MarkFilter = "all" | "open" | "question" | "not_supported";

interface AnswersProps {
  validationId: string;
  state: CaseState;
  criteria: readonly CriterionView[];
  zone: string;
  mayMark: boolean;
  onSeek: (at: string) => void;
}

const LOOK: Record<ReviewMark, { tone: TagTone; icon: string }> = {
  supported: { tone: "good", icon: check },
  not_supported: { tone: "bad", icon: flag },
  question: { tone: "warn", icon: help },
};

/** The mark that counts: one on an older version of the answer is open again. */
export function standingMark(answer: AnswerState, review: ReviewState | undefined): ReviewState | undefined {
  return review?.answer_version === answer.version ? review : undefined;
}

/** Every answer with what it rests on, and the reviewer's mark. */
export function Answers(props: AnswersProps) {
  const { t } = useLingui();
  const { state, criteria } = props;
  const [filter, setFilter] = useState<MarkFilter>("all");
  const answered = criteria.filter((one) => state.answers[one.id] !== undefined);
  const shown = answered.filter((one) => fits(filter, one.id, state));
  const filters: readonly [MarkFilter, string][] = [
    ["all", t`All`],
    ["open", t`Not marked`],
    ["question", t`Questions`],
    ["not_supported", t`Not supported`],
  ];
  return (
    <div className="answers">
      <fieldset className="chips">
        <legend className="sr-only">{t`Which answers`}</legend>
        {filters.map(([value, word]) => (
          <button key={value} type="button" aria-pressed={filter === value} onClick={() => setFilter(value)}>
            {word}
          </button>
        ))}
      </fieldset>
      {shown.length === 0 && (
        <p className="quiet">
          <Trans>No answer here.</Trans>
        </p>
      )}
      <ul className="answers__list">
        {shown.map((criterion) => (
          <Answer key={criterion.id} {...props} criterion={criterion} />
        ))}
      </ul>
    </div>
  );
}

function fits(filter: MarkFilter, criterionId: string, state: CaseState): boolean {
  const answer = state.answers[criterionId];
  const mark = answer && standingMark(answer, state.reviews[criterionId]);
  return filter === "all" || (filter === "open" ? mark === undefined : mark?.mark === filter);
}

function Answer({ criterion, ...props }: AnswersProps & { criterion: CriterionView }) {
  const { t, i18n } = useLingui();
  const { state, zone } = props;
  const answer = state.answers[criterion.id];
  if (answer === undefined) return null;
  const mark = standingMark(answer, state.reviews[criterion.id]);
  const when = clockSeconds(new Date(answer.at), zone);
  return (
    <li className="answer">
      <div className="answer__head">
        <strong>{criterion.id}</strong>
        <span className={`level level--${criterion.level}`}>{levelWord(criterion.level)}</span>
        <span className="answer__verdict">{verdictWord(answer.verdict)}</span>
        <span className="quiet">{methodWord(answer.method)}</span>
        {mark && <Tag {...LOOK[mark.mark]}>{markWord(mark.mark)}</Tag>}
      </div>
      <p className="answer__gist">{i18n.locale === "es" ? criterion.gist_es : criterion.gist}</p>
      {answer.reason && <p>{answer.reason}</p>}
      {answer.note && <p className="answer__note">{answer.note}</p>}
      <p className="quiet">
        <button type="button" className="usa-button usa-button--unstyled" onClick={() => props.onSeek(answer.at)}>
          {t`${when}, ${answer.by}`}
        </button>{" "}
        · {t`entry ${answer.seq}, version ${answer.version}`}
      </p>
      <Thumbnails state={state} criterionId={criterion.id} zone={zone} />
      {mark?.note && <p className="answer__note">{t`${mark.by}: ${mark.note}`}</p>}
      {props.mayMark && (
        <MarkForm
          key={answer.version}
          validationId={props.validationId}
          criterion={criterion}
          answer={answer}
          mark={mark}
        />
      )}
    </li>
  );
}

interface MarkFormProps {
  validationId: string;
  criterion: CriterionView;
  answer: AnswerState;
  mark: ReviewState | undefined;
}

function MarkForm({ validationId, criterion, answer, mark }: MarkFormProps) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<ReviewMark | null>(mark?.mark ?? null);
  const [note, setNote] = useState(mark?.note ?? "");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Error | null>(null);
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const changed = chosen !== (mark?.mark ?? null) || note !== (mark?.note ?? "");
  const save = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (chosen === null || busy) return;
    setBusy(true);
    setFailed(null);
    try {
      await sendCommand(validationId, {
        type: "review.mark",
        criterion_id: criterion.id,
        answer_version: answer.version,
        mark: chosen,
        note: note.trim(),
      });
      setSavedAt(new Date().toLocaleTimeString());
    } catch (cause) {
      setFailed(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="mark" onSubmit={save}>
      <fieldset className="mark__choice">
        <legend className="sr-only">{t`Your mark on ${criterion.id}`}</legend>
        {MARKS.map((value) => (
          <label key={value} className="mark__option">
            <input
              type="radio"
              name={`mark-${criterion.id}`}
              checked={chosen === value}
              onChange={() => setChosen(value)}
            />
            {markWord(value)}
          </label>
        ))}
      </fieldset>
      <input
        className="usa-input mark__note"
        aria-label={t`Note on ${criterion.id}`}
        placeholder={t`Note`}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button type="submit" small look="outline" busy={busy} disabled={chosen === null || !changed}>
        <Trans>Save</Trans>
      </Button>
      <span role="status" className="quiet">
        {savedAt && !changed ? t`Saved ${savedAt}` : ""}
      </span>
      {failed && <ProblemAlert error={failed} />}
    </form>
  );
}
