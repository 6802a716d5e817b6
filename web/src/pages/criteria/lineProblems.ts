import { t } from "@lingui/core/macro";
import type { Problem } from "../../api/client";

/** What is wrong in one line of a file of official texts. */
export interface LineProblem {
  line: number;
  field: string;
  reason: string;
}

/** Read the lines of an `official_texts_invalid` problem; empty for any other. */
export function lineProblems(problem: Problem): LineProblem[] {
  return Array.isArray(problem.problems) ? problem.problems.filter(isLineProblem) : [];
}

function isLineProblem(value: unknown): value is LineProblem {
  return typeof value === "object" && value !== null && "line" in value && "field" in value && "reason" in value;
}

/** The reasons of sessions/criteria/texts.py in the language shown; the reader's own error text is passed on as it is. */
export function reasonWord(reason: string): string {
  const words: Record<string, string> = {
    "not in the edition": t`no criterion of this edition`,
    "given twice": t`given twice`,
    empty: t`empty`,
    "contains control characters": t`contains characters that cannot be shown`,
    "no texts in it": t`no texts in it`,
    "not UTF-8": t`not in UTF-8`,
    "the first line is not criterion_id,text": t`the first line must be criterion_id,text`,
    "not a list": t`not a list`,
    "the list goes on without a comma": t`a comma is missing`,
    "something follows the list": t`something follows the list`,
    "not an object with criterion_id and text": t`not an object with criterion_id and text`,
    "criterion_id and text are not both strings": t`criterion_id and text must both be text`,
  };
  return words[reason] ?? reason;
}
