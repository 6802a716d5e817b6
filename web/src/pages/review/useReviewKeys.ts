import { t } from "@lingui/core/macro";
import { useEffect } from "react";
import type { LaneClock } from "./clock";

const JUMP_MS = 10_000;
const TYPED_INTO = "input:not([type=range]), textarea, select, dialog";

/** J, K, L, comma and full stop, as in every cutting room; never while somebody types or chooses. */
export function useReviewKeys(clock: LaneClock, on: boolean, onHelp: () => void): void {
  useEffect(() => {
    if (!on) return;
    const act: Readonly<Record<string, () => void>> = {
      j: () => clock.seek(clock.store.view().position_ms - JUMP_MS),
      k: () => clock.toggle(),
      l: () => clock.seek(clock.store.view().position_ms + JUMP_MS),
      ",": () => clock.step(-1),
      ".": () => clock.step(1),
      "?": onHelp,
    };
    const onKey = (event: KeyboardEvent) => {
      const inField = event.target instanceof Element && event.target.closest(TYPED_INTO);
      if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
      act[event.key.toLowerCase()]?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [clock, on, onHelp]);
}

/** Every single key of the review and what it does. */
export function reviewKeys(): readonly (readonly [string, string])[] {
  return [
    ["J", t`Back 10 seconds`],
    ["K", t`Play and pause`],
    ["L", t`Forward 10 seconds`],
    [",", t`One frame back`],
    [".", t`One frame on`],
    ["?", t`Show these keys`],
  ];
}
