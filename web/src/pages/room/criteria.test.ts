import { expect, test } from "vitest";
import type { CriterionView } from "../../api/criteria";
import type { AnswerState } from "../../live/state";
import { byId, inLanguage, matching, NO_FILTERS, nextOpen } from "./criteria";

function criterion(id: string, changes: Partial<CriterionView> = {}): CriterionView {
  return {
    id,
    category: Number(id.split(".")[0]),
    category_name: "Physical Security",
    category_name_es: "Seguridad física",
    level: "must",
    gist: `Gist of ${id}`,
    gist_es: `Resumen de ${id}`,
    sub_items: [],
    verify_by: [],
    typical_evidence: [],
    typical_evidence_es: [],
    remote_fit: "strong",
    check_booklet: false,
    official_text: null,
    ...changes,
  };
}

const ANSWER: AnswerState = {
  verdict: "met",
  method: "live",
  note: "",
  reason: null,
  version: 1,
  by: "Ana",
  by_id: "ana",
  at: "t",
  seq: 1,
  stop_id: null,
  item_ids: [],
};
const LIST = ["9.4", "9.10", "9.5", "10.1"].map((id) => criterion(id)).sort(byId);

test("ids are ordered as numbers with dots", () => {
  expect(LIST.map((one) => one.id)).toEqual(["9.4", "9.5", "9.10", "10.1"]);
});

test.each([
  ["an id", { search: "9.1" }, ["9.10"]],
  ["words without accents", { search: "vehículos" }, ["9.5"]],
  ["the level", { level: "should" }, ["9.10"]],
  ["what is open", { open: true }, ["9.5", "9.10", "10.1"]],
  ["a category", { category: "10" }, ["10.1"]],
  ["the open stop", { thisStop: true }, ["10.1"]],
] as const)("the list is filtered by %s", (_what, change, ids) => {
  const list = LIST.map((one) =>
    one.id === "9.5"
      ? criterion("9.5", { gist: "Vehiculos" })
      : one.id === "9.10"
        ? criterion("9.10", { level: "should" })
        : one,
  );
  const shown = matching(list, { ...NO_FILTERS, ...change }, { "9.4": ANSWER }, new Set(["10.1"]));
  expect(shown.map((one) => one.id)).toEqual(ids);
});

test("after an answer the next open line has its turn, round the end, until none is left", () => {
  expect(nextOpen(LIST, { "9.5": ANSWER }, "9.4")).toBe("9.10");
  expect(nextOpen(LIST, { "9.10": ANSWER, "10.1": ANSWER }, "9.10")).toBe("9.4");
  expect(nextOpen(LIST, { "9.4": ANSWER, "9.5": ANSWER, "9.10": ANSWER, "10.1": ANSWER }, "9.4")).toBeNull();
});

test("a criterion is read in Spanish where the page is", () => {
  expect(inLanguage(criterion("9.4"), "es")).toMatchObject({
    gist: "Resumen de 9.4",
    category_name: "Seguridad física",
  });
  expect(inLanguage(criterion("9.4"), "en").gist).toBe("Gist of 9.4");
});
