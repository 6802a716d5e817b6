import type { CriterionView } from "../../api/criteria";
import type { AnswerState, CaseState } from "../../live/state";

/** Filters of the checklist and the order of its lines. Pure. */

export interface Filters {
  readonly search: string;
  readonly level: "all" | "must" | "should";
  readonly open: boolean;
  /** Number of the category as text; empty for all. */
  readonly category: string;
  /** Only what was answered or captured at the open stop. */
  readonly thisStop: boolean;
}

export const NO_FILTERS: Filters = { search: "", level: "all", open: false, category: "", thisStop: false };

/** The criterion with its texts in the language shown; official wording exists in English only. */
export function inLanguage(criterion: CriterionView, locale: string): CriterionView {
  return locale === "es"
    ? {
        ...criterion,
        category_name: criterion.category_name_es,
        gist: criterion.gist_es,
        sub_items: criterion.sub_items.map((part) => ({ ...part, gist: part.gist_es })),
        typical_evidence: criterion.typical_evidence_es,
      }
    : criterion;
}

function parts(id: string): readonly number[] {
  return id.split(".").map(Number);
}

/** 9.4 before 9.10: ids are numbers with dots, not text. */
export function byId(one: { id: string }, other: { id: string }): number {
  const [mine, theirs] = [parts(one.id), parts(other.id)];
  const at = mine.findIndex((part, index) => part !== theirs[index]);
  return at === -1 ? mine.length - theirs.length : (mine[at] ?? 0) - (theirs[at] ?? 0);
}

/** Ids touched at a stop: answered there, or with evidence from there. */
export function touchedAt(state: Pick<CaseState, "answers" | "items">, stopId: string | null): ReadonlySet<string> {
  if (stopId === null) {
    return new Set();
  }
  const answered = Object.entries(state.answers).filter(([, answer]) => answer.stop_id === stopId);
  const shown = Object.values(state.items).filter((item) => item.stop_id === stopId);
  return new Set([...answered.map(([id]) => id), ...shown.flatMap((item) => item.criterion_ids)]);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function matching(
  criteria: readonly CriterionView[],
  filters: Filters,
  answers: Readonly<Record<string, AnswerState>>,
  touched: ReadonlySet<string>,
): readonly CriterionView[] {
  const wanted = plain(filters.search.trim());
  return criteria.filter(
    (one) =>
      (filters.level === "all" || one.level === filters.level) &&
      (!filters.open || answers[one.id] === undefined) &&
      (filters.category === "" || String(one.category) === filters.category) &&
      (!filters.thisStop || touched.has(one.id)) &&
      (wanted === "" || one.id.startsWith(wanted) || plain(`${one.gist} ${one.category_name}`).includes(wanted)),
  );
}

/** The next line without an answer after `id`, from the top again at the end; null when all are answered. */
export function nextOpen(
  shown: readonly CriterionView[],
  answers: Readonly<Record<string, AnswerState>>,
  id: string,
): string | null {
  const at = shown.findIndex((one) => one.id === id);
  const round = [...shown.slice(at + 1), ...shown.slice(0, Math.max(at, 0))];
  return round.find((one) => answers[one.id] === undefined)?.id ?? null;
}
