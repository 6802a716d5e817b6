import { expect, test } from "vitest";
import { type Arrivals, type Buffer, nextBuffer, SHALLOW } from "./buffering";

const DEEP: Buffer = { targetMs: 800, suspectUntilMs: 31_000 };

function arrivals(packets: number, missed: number, jitterMs = 5): Arrivals {
  return { packets, missed, jitterMs };
}

test.each<[string, Buffer, Arrivals, number, Buffer]>([
  ["a clean line is left to the browser", SHALLOW, arrivals(200, 1), 1000, SHALLOW],
  ["one lost packet in twenty asks for a deep buffer", SHALLOW, arrivals(200, 10), 1000, DEEP],
  ["so does jitter without loss", SHALLOW, arrivals(200, 0, 60), 1000, DEEP],
  ["a line that lost something lately stays suspect", DEEP, arrivals(200, 0), 30_000, DEEP],
  ["half a minute without loss ends it", DEEP, arrivals(200, 0), 31_000, { ...DEEP, targetMs: null }],
  ["silence says nothing", SHALLOW, arrivals(0, 0), 1000, SHALLOW],
])("%s", (_, buffer, after, nowMs, expected) => {
  expect(nextBuffer(buffer, arrivals(0, 0), after, nowMs)).toEqual(expected);
});
