import { expect, test } from "vitest";
import { type Facts, Interruptions } from "./interruptions";

const CLEAR: Facts = {
  atMs: 0,
  sourceId: "camera-1",
  camera: true,
  hidden: false,
  videoTaken: false,
  audioTaken: false,
  ended: false,
  muted: false,
  paused: false,
  flipping: false,
  brokenSinceMs: null,
};

function tracker() {
  let made = 0;
  return new Interruptions(() => `claim-${++made}`);
}

/** Look at what holds, moment by moment; returns cause, start and end of every claim, in the order they were made. */
function told(...moments: Partial<Facts>[]) {
  const interruptions = tracker();
  return moments.flatMap((one) =>
    interruptions.look({ ...CLEAR, ...one }).map(({ cause, startMs, endMs }) => [cause, startMs, endMs]),
  );
}

test.each([
  ["hidden", { hidden: true }],
  ["screen_locked", { hidden: true, videoTaken: true }],
  ["screen_locked", { hidden: true, ended: true }],
  ["call", { videoTaken: true }],
  ["call", { audioTaken: true }],
  ["call", { audioTaken: true, videoTaken: true, hidden: true }],
  ["track_ended", { ended: true }],
  ["mute_audio", { muted: true }],
  ["mute_video", { paused: true }],
  ["camera_swap", { flipping: true }],
  ["camera_swap", { flipping: true, ended: true }],
] as const)("%s is told when it begins and when it ends", (cause, change) => {
  expect(told({}, { ...change, atMs: 10 }, { ...change, atMs: 20 }, { atMs: 30 })).toEqual([
    [cause, 10, null],
    [cause, 10, 30],
  ]);
});

test("a broken line began when it was last seen to work", () => {
  expect(told({}, { brokenSinceMs: 4, atMs: 10 }, { atMs: 30 })).toEqual([
    ["network", 4, null],
    ["network", 4, 30],
  ]);
});

test("nothing is told of a clean line, of a voice behind a hidden page, and of what is not sent", () => {
  expect(told({}, { atMs: 10 }, { atMs: 20 })).toEqual([]);
  expect(told({ camera: false, hidden: true, videoTaken: true, paused: true, flipping: true })).toEqual([]);
  expect(told({ sourceId: null, hidden: true, muted: true })).toEqual([]);
});

test("a loss that shows itself in several ways is one, named by the strongest", () => {
  const shown = told(
    {},
    { hidden: true, atMs: 10 },
    { hidden: true, videoTaken: true, atMs: 11 },
    { hidden: true, atMs: 20 },
    { brokenSinceMs: 12, atMs: 21 },
    { atMs: 30 },
  );
  expect(shown).toEqual([
    ["hidden", 10, null],
    ["screen_locked", 10, null],
    ["screen_locked", 10, 30],
  ]);
});

test("what the person does stands beside a loss", () => {
  expect(told({ muted: true, atMs: 5 }, { muted: true, hidden: true, atMs: 10 }, { muted: true, atMs: 20 })).toEqual([
    ["mute_audio", 5, null],
    ["hidden", 10, null],
    ["hidden", 10, 20],
  ]);
});

test("what the person does is told anew for the next source, a loss is not", () => {
  const next = { sourceId: "camera-2", muted: true };
  expect(told({ muted: true }, { muted: true, brokenSinceMs: 8, sourceId: null, atMs: 9 })).toEqual([
    ["mute_audio", 0, null],
  ]);
  expect(told({ muted: true, hidden: true }, { ...next, hidden: true, atMs: 40 }, { ...next, atMs: 50 })).toEqual([
    ["hidden", 0, null],
    ["mute_audio", 0, null],
    ["mute_audio", 0, 40],
    ["mute_audio", 40, null],
    ["hidden", 0, 50],
  ]);
});

test("a frozen page tells when it runs again, under the name it had before if that says more", () => {
  const after = { ...CLEAR, atMs: 50 };
  const frozen = tracker();
  expect([...frozen.froze(20, after), ...frozen.look(after)]).toMatchObject([
    { cause: "frozen", startMs: 20, endMs: null },
    { cause: "frozen", startMs: 20, endMs: 50 },
  ]);
  const locked = tracker();
  const before = locked.look({ ...CLEAR, hidden: true, videoTaken: true, atMs: 10 });
  expect([...before, ...locked.froze(20, after), ...locked.look(after)]).toMatchObject([
    { cause: "screen_locked", startMs: 10, endMs: null },
    { cause: "screen_locked", startMs: 10, endMs: 50 },
  ]);
  expect(tracker().froze(20, { ...after, camera: false })).toEqual([]);
});

test("a line that the freeze has cut is one with it", () => {
  const [frozen, cut] = [tracker(), { ...CLEAR, atMs: 50, brokenSinceMs: 21 }];
  expect([...frozen.froze(20, cut), ...frozen.look(cut), ...frozen.look({ ...CLEAR, atMs: 60 })]).toMatchObject([
    { cause: "frozen", startMs: 20, endMs: null },
    { cause: "frozen", startMs: 20, endMs: 60 },
  ]);
});

test("another path is over when it is seen, and is none while the line heals", () => {
  const at = (atMs: number) => ({ ...CLEAR, atMs });
  expect(tracker().moved(8, at(10))).toMatchObject([{ cause: "relay_change", startMs: 8, endMs: 10 }]);
  const broken = tracker();
  broken.look({ ...at(10), brokenSinceMs: 5 });
  expect(broken.moved(5, at(20))).toEqual([]);
  broken.look(at(21));
  expect(broken.moved(21, at(4000))).toEqual([]);
  expect(broken.moved(8990, at(9000))).toHaveLength(1);
  expect(tracker().moved(8, { ...at(10), sourceId: null })).toEqual([]);
});

test("what is dropped is not told of again", () => {
  const interruptions = tracker();
  interruptions.look({ ...CLEAR, muted: true });
  interruptions.drop();
  expect(interruptions.look({ ...CLEAR, atMs: 10 })).toEqual([]);
});
