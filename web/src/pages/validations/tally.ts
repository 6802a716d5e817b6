import type { CriterionView } from "../../api/criteria";
import type { AnswerState } from "../../live/state";

export interface Tally {
  total: number;
  answered: number;
  met: number;
  /** Partly met or not met. */
  gap: number;
}

/** Count the answers to the criteria of one level. */
export function tallyOf(
  criteria: readonly CriterionView[],
  answers: Readonly<Record<string, AnswerState>>,
  level: CriterionView["level"],
): Tally {
  const these = criteria.filter((criterion) => criterion.level === level);
  const verdicts = these.map(({ id }) => answers[id]?.verdict).filter((verdict) => verdict !== undefined);
  return {
    total: these.length,
    answered: verdicts.length,
    met: verdicts.filter((verdict) => verdict === "met").length,
    gap: verdicts.filter((verdict) => verdict === "partly_met" || verdict === "not_met").length,
  };
}
