import { expect, test } from "vitest";
import { mutedSince, Pauses, pictureGap } from "./pauses";
import { WireError } from "./wire";

const SINCE = "2026-11-24T15:00:00Z";

function listed(...causes: string[]) {
  return causes.map((cause, at) => ({ interruption_id: `i${at}`, source_id: "camera", cause, since: SINCE }));
}

function pausesWith(...causes: string[]) {
  const pauses = new Pauses();
  pauses.take({ validation_id: "case", interruptions: listed(...causes) });
  return pauses.store.view().open;
}

test("each message is the whole of what goes on", () => {
  const pauses = new Pauses();
  pauses.take({ interruptions: listed("call", "mute_audio") });
  pauses.take({ interruptions: listed("mute_audio") });
  expect(pauses.store.view().open).toEqual([{ id: "i0", sourceId: "camera", cause: "mute_audio", since: SINCE }]);
});

test("a cause that this page does not know is an error, not a guess", () => {
  expect(() => pausesWith("sunshine")).toThrow(WireError);
});

test.each([
  [["mute_video", "call"], "call"],
  [["mute_video"], "mute_video"],
  [["mute_audio"], undefined],
  [[], undefined],
] as const)("of %j the picture says %s", (causes, shown) => {
  expect(pictureGap(pausesWith(...causes), "camera")?.cause).toBe(shown);
});

test("a muted voice is told apart, and of its own source", () => {
  expect(mutedSince(pausesWith("call", "mute_audio"), "camera")).toBe(SINCE);
  expect(mutedSince(pausesWith("call"), "camera")).toBeNull();
  expect(pictureGap(pausesWith("call"), "voice")).toBeNull();
});
