import { expect, test } from "vitest";
import { between, type Counters } from "./quality";

const START: Counters = { atMs: 0, bytes: 0, packets: 0, lost: 0, frames: 0, roundTripMs: 40, height: 720 };

test.each([
  ["good", { bytes: 500_000, packets: 400, frames: 60 }],
  ["weak", { bytes: 500_000, packets: 400, lost: 20, frames: 60 }],
  ["weak", { bytes: 500_000, packets: 400, frames: 60, roundTripMs: 500 }],
  ["weak", { bytes: 500_000, packets: 400, frames: 10 }],
  ["bad", { bytes: 500_000, packets: 400, lost: 100, frames: 60 }],
  ["still", { bytes: 0 }],
] as const)("two seconds later the line is %s", (quality, change) => {
  expect(between(START, { ...START, atMs: 2000, ...change }).quality).toBe(quality);
});

test("rates are per second and the loss is a share of what was expected", () => {
  const reading = between(START, { ...START, atMs: 2000, bytes: 250_000, packets: 90, lost: 10, frames: 50 });
  expect(reading).toMatchObject({ bps: 1_000_000, fps: 25, lossShare: 0.1 });
});
