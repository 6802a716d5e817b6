import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useActive } from "../active";
import { useCase, useParts, useSession } from "../context";
import { byId, type Filters, matching, NO_FILTERS, nextOpen, touchedAt } from "../criteria";
import { rowId } from "./CriterionRow";

/** Give a line the focus and show all of it; of one taller than the list, its beginning. */
function focusRow(id: string): void {
  const head = document.getElementById(rowId(id));
  const row = head?.closest("li");
  const list = head?.closest(".checklist__list");
  head?.focus({ preventScroll: true });
  const fits = (row?.clientHeight ?? 0) < (list?.clientHeight ?? 0);
  row?.scrollIntoView({ block: fits ? "nearest" : "start" });
}

/** What the checklist shows, which line is open, and how it moves on. */
export function useChecklist() {
  const { criteria } = useParts();
  const answers = useCase((state) => state.answers);
  const items = useCase((state) => state.items);
  const openStop = useSession().open_stop_id;
  const { id: activeId, choose } = useActive();
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  /** A line that was just answered stays in a list of open ones until the next change of filters. */
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const toFocus = useRef<string | null>(null);
  const active = useRef(activeId);
  useEffect(() => {
    active.current = activeId;
  });

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

  useEffect(() => {
    if (toFocus.current !== null && toFocus.current === activeId) {
      focusRow(toFocus.current);
      toFocus.current = null;
    }
  }, [activeId]);

  const change = useCallback((changes: Partial<Filters>) => {
    setFilters((before) => ({ ...before, ...changes }));
    setKept(new Set());
  }, []);
  const moveTo = useCallback(
    (id: string | null) => {
      toFocus.current = id;
      choose(id);
    },
    [choose],
  );
  const saved = useCallback(
    (id: string) => {
      setKept((before) => new Set([...before, id]));
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
    [shown, answers, moveTo],
  );
  const step = useCallback(
    (by: 1 | -1) => {
      const at = shown.findIndex((one) => one.id === activeId);
      const next = at === -1 ? shown[0] : shown[at + by];
      if (next !== undefined) {
        moveTo(next.id);
      }
    },
    [shown, activeId, moveTo],
  );
  const toggle = useCallback((id: string) => moveTo(id === activeId ? null : id), [moveTo, activeId]);
  return { criteria: sorted, shown, filters, change, activeId, toggle, saved, step };
}
