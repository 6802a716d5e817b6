import { t } from "@lingui/core/macro";
import type { KeyRow } from "../../app/keys/KeysDialog";
import type { LaneClock } from "./clock";

const JUMP_MS = 10_000;

/** J, K, L, comma and full stop, as in every cutting room. */
export function reviewBindings(clock: LaneClock): Readonly<Record<string, () => void>> {
  const jump = (by: number) => clock.seek(clock.store.view().position_ms + by);
  return {
    j: () => jump(-JUMP_MS),
    k: () => clock.toggle(),
    l: () => jump(JUMP_MS),
    ",": () => clock.step(-1),
    ".": () => clock.step(1),
  };
}

/** Every single key of the review and what it does. */
export function reviewKeys(): readonly KeyRow[] {
  return [
    ["J", t`Back 10 seconds`],
    ["K", t`Play and pause`],
    ["L", t`Forward 10 seconds`],
    [",", t`One frame back`],
    [".", t`One frame on`],
    ["?", t`Show these keys`],
  ];
}
