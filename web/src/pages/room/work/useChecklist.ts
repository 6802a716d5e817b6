import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useActive } from "../active";
import { useCase, useParts, useSession } from "../context";
import { byId, type Filters, matching, NO_FILTERS, nextOpen, touchedAt } from "../criteria";
import { rowId } from "./CriterionRow";

/** Give a line the focus and show all of it; of one taller than the list, its beginning. */
export function focusRow(id: string): void {
  const head = document.getElementById(rowId(id));
  const row = head?.closest("li");
  const list = head?.closest(".checklist__list");
  head?.focus({ preventScroll: true });
  const fits = (row?.clientHeight ?? 0) < (list?.clientHeight ?? 0);
  row?.scrollIntoView({ block: fits ? "nearest" : "start" });
}

/** The lines that the filters let through. One that was just answered stays until the filters change. */
function useShown() {
  const { criteria } = useParts();
  const answers = useCase((state) => state.answers);
  const items = useCase((state) => state.items);
  const openStop = useSession().open_stop_id;
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());

  const sorted = useMemo(() => [...criteria].sort(byId), [criteria]);
  const touched = useMemo(() => touchedAt({ answers, items }, openStop), [answers, items, openStop]);
  const shown = useMemo(() => {
    const open = matching(sorted, filters, answers, touched);
    if (!filters.open || kept.size === 0) {
      return open;
    }
    const all = new Set([...open.map((one) => one.id), ...kept]);
    return sorted.filter((one) => all.has(one.id));
  }, [sorted, filters, answers, touched, kept]);

  const change = useCallback((changes: Partial<Filters>) => {
    setFilters((before) => ({ ...before, ...changes }));
    setKept(new Set());
  }, []);
  const keep = useCallback((id: string) => setKept((before) => new Set([...before, id])), []);
  return { criteria: sorted, shown, answers, filters, change, keep };
}

/** The open line, and the one that was open last; moving to another also gives it the focus, once it has been drawn. */
function useMoves() {
  const { id: activeId, choose } = useActive();
  const toFocus = useRef<string | null>(null);
  const active = useRef(activeId);
  const [lastId, setLastId] = useState(activeId);
  if (activeId !== null && activeId !== lastId) {
    setLastId(activeId);
  }
  useEffect(() => {
    active.current = activeId;
    if (toFocus.current !== null && toFocus.current === activeId) {
      focusRow(toFocus.current);
      toFocus.current = null;
    }
  }, [activeId]);
  const moveTo = useCallback(
    (id: string | null) => {
      toFocus.current = id;
      choose(id);
    },
    [choose],
  );
  return { activeId, active, lastId, moveTo };
}

/** What the checklist shows, which line is open, and how it moves on. */
export function useChecklist() {
  const { criteria, shown, answers, filters, change, keep } = useShown();
  const { activeId, active, lastId, moveTo } = useMoves();
  const saved = useCallback(
    (id: string) => {
      keep(id);
      if (active.current !== id) {
        // Somebody who went on before the answer was saved is not pulled back.
        return;
      }
      const next = nextOpen(shown, answers, id);
      if (next === null) {
        focusRow(id);
      } else {
        moveTo(next);
      }
    },
    [shown, answers, active, keep, moveTo],
  );
  const shownNow = useRef(shown);
  useEffect(() => {
    shownNow.current = shown;
  });
  // Stays the same while answers come in, or each of them would draw every line again.
  const stepFrom = useCallback(
    (id: string | null, by: 1 | -1) => {
      const at = shownNow.current.findIndex((one) => one.id === id);
      const next = at === -1 ? shownNow.current[0] : shownNow.current[at + by];
      if (next !== undefined) {
        moveTo(next.id);
      }
    },
    [moveTo],
  );
  const step = (by: 1 | -1) => stepFrom(activeId ?? lastId, by);
  const toggle = useCallback((id: string) => moveTo(id === activeId ? null : id), [moveTo, activeId]);
  const tabStopId = shown.some((one) => one.id === lastId) ? lastId : (shown[0]?.id ?? null);
  return { criteria, shown, filters, change, activeId, tabStopId, toggle, saved, step, stepFrom };
}
