import { expect, test } from "vitest";
import type { CriterionView } from "../../api/criteria";
import type { AnswerState, Verdict } from "../../live/state";
import { tallyOf } from "./tally";

function criterion(id: string, level: "must" | "should"): CriterionView {
  return {
    id,
    category: 9,
    category_name: "",
    category_name_es: "",
    level,
    gist: "",
    gist_es: "",
    sub_items: [],
    verify_by: [],
    typical_evidence: [],
    typical_evidence_es: [],
    remote_fit: "partial",
    check_booklet: false,
    official_text: null,
  };
}

function answer(verdict: Verdict): AnswerState {
  return {
    verdict,
    method: "live",
    note: "",
    reason: null,
    version: 1,
    by: "",
    by_id: "",
    at: "",
    seq: 0,
    stop_id: null,
    item_ids: [],
  };
}

test("musts and shoulds are counted apart, and both kinds of gap together", () => {
  const criteria = [
    criterion("9.1", "must"),
    criterion("9.2", "must"),
    criterion("9.3", "must"),
    criterion("9.4", "must"),
    criterion("9.5", "should"),
  ];
  const answers = {
    "9.1": answer("met"),
    "9.2": answer("partly_met"),
    "9.3": answer("not_met"),
    "9.5": answer("not_applicable"),
  };
  expect(tallyOf(criteria, answers, "must")).toEqual({ total: 4, answered: 3, met: 1, gap: 2 });
  expect(tallyOf(criteria, answers, "should")).toEqual({ total: 1, answered: 1, met: 0, gap: 0 });
});
