import { expect, test } from "vitest";
import { bytesFor, Usage } from "./usage";

test("an hour at 1.5 Mb/s is 675 MB", () => {
  expect(bytesFor(60)).toBe(675_000_000);
  expect(bytesFor(90, 2_000_000)).toBe(1_350_000_000);
});

test("what several connections carried, one after the other or at once, is added up", () => {
  const [usage, first, second] = [new Usage(), {}, {}];
  usage.add(first, 1000);
  usage.add(second, 500);
  usage.add(first, 1800);
  usage.add(second, 500);
  expect(usage.store.view().bytes).toBe(2300);
});
