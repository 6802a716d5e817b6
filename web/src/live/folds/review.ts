/** Fold of the second look; a member's state has none of it, because a member gets these entries without a body. */

import { type CaseState, MARKS, type ReviewState } from "../state";
import { numberAt, textAt, wordAt } from "../wire";
import type { Steps, Told } from "./step";

function marked(state: CaseState, { data, entry, by }: Told): CaseState {
  const review: ReviewState = {
    mark: wordAt(data, "mark", MARKS),
    note: textAt(data, "note"),
    answer_version: numberAt(data, "answer_version"),
    by: by.name,
    at: entry.at,
  };
  return { ...state, reviews: { ...state.reviews, [textAt(data, "criterion_id")]: review } };
}

export const REVIEW: Steps = {
  "review.answer_marked": marked,
  "review.review_signed": (state, { data, entry, by }) => ({
    ...state,
    review_signed: { by: by.name, at: entry.at, statement: textAt(data, "statement") },
  }),
};
