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
