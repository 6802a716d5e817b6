import { expect, test } from "vitest";
import { clustered, targetMs } from "./cluster";

const at = (...moments: number[]) => moments.map((at_ms) => ({ at_ms }));
const shape = (moments: number[], apart: number) =>
  clustered(at(...moments), apart).map(({ at_ms, things }) => [at_ms, things.length]);

test("things a target apart stay single; closer ones join the first of their group", () => {
  expect(shape([0, 1000, 1900, 3000], 1000)).toEqual([
    [0, 1],
    [1000, 2],
    [3000, 1],
  ]);
});

test("no two groups begin closer than a target, however long a row of close things is", () => {
  const groups = clustered(at(...Array.from({ length: 200 }, (_, index) => index * 300)), 1000);
  const gaps = groups.slice(1).map((group, index) => group.at_ms - (groups[index]?.at_ms ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  expect(groups.reduce((sum, group) => sum + group.things.length, 0)).toBe(200);
});

test("a target covers 24 px of the line, and the whole line while its width is not known", () => {
  expect(targetMs(60_000, 480)).toBe(3000);
  expect(shape([0, 60_000], targetMs(60_000, 0))).toEqual([[0, 2]]);
});
