/** Things on one line that lie too close to be pressed apart are pressed together. */

/** Least distance between the middles of two targets, in CSS px. Source: WCAG 2.2, 2.5.8 Target Size (Minimum). */
export const TARGET_PX = 24;

export interface Cluster<Thing> {
  /** Where its first thing lies. */
  readonly at_ms: number;
  /** At least one, in the order of time. */
  readonly things: readonly Thing[];
}

/** Group things, given in the order of time, so that no two groups begin less than `apart_ms` from each other. */
export function clustered<Thing extends { readonly at_ms: number }>(
  things: readonly Thing[],
  apart_ms: number,
): readonly Cluster<Thing>[] {
  const found: { at_ms: number; things: Thing[] }[] = [];
  for (const thing of things) {
    const last = found.at(-1);
    if (last !== undefined && thing.at_ms - last.at_ms < apart_ms) last.things.push(thing);
    else found.push({ at_ms: thing.at_ms, things: [thing] });
  }
  return found;
}

/** How much time a target covers on a line of that width; all of it while the width is not known. */
export function targetMs(duration_ms: number, width_px: number): number {
  return width_px > 0 ? (TARGET_PX * duration_ms) / width_px : Number.POSITIVE_INFINITY;
}
