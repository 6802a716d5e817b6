import { useEffect } from "react";
import type { LaneClock } from "./clock";

const JUMP_MS = 10_000;

/** J, K, L, comma and full stop, as in every cutting room; never while somebody types or chooses. */
export function useReviewKeys(clock: LaneClock): void {
  useEffect(() => {
    const act: Readonly<Record<string, () => void>> = {
      j: () => clock.seek(clock.store.view().position_ms - JUMP_MS),
      k: () => clock.toggle(),
      l: () => clock.seek(clock.store.view().position_ms + JUMP_MS),
      ",": () => clock.step(-1),
      ".": () => clock.step(1),
    };
    const onKey = (event: KeyboardEvent) => {
      const inField = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
      if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
      act[event.key.toLowerCase()]?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [clock]);
}
