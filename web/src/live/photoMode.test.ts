import { expect, test } from "vitest";
import { nextMode, nextPhotoBytes, type PhotoMode, type Sending, VIDEO } from "./photoMode";

/** Let seconds pass, each with what the line carries in kbit/s; tell what is sent after each. */
function passed(mode: PhotoMode, kbps: readonly (number | null)[]): { last: PhotoMode; sent: readonly Sending[] } {
  let last = mode;
  const sent = kbps.map((one) => {
    last = nextMode(last, one === null ? null : one * 1000, 1000);
    return last.sending;
  });
  return { last, sent };
}

function seconds(count: number, kbps: number | null): readonly (number | null)[] {
  return Array.from({ length: count }, () => kbps);
}

const PHOTOS = passed(VIDEO, seconds(4, 120)).last;
const TRYING = passed(PHOTOS, seconds(10, 120)).last;

test.each<[string, PhotoMode, readonly (number | null)[], Sending]>([
  ["a good line stays with video", VIDEO, seconds(60, 2000), "video"],
  ["a weak line that carries a small picture does too", VIDEO, seconds(60, 160), "video"],
  ["three seconds of a thin line are waited out", VIDEO, seconds(3, 120), "video"],
  ["four seconds are not", VIDEO, seconds(4, 120), "photos"],
  ["a good second begins the count again", VIDEO, [120, 120, 120, 200, 120, 120, 120], "video"],
  ["a line of which nothing is known is no thin line", VIDEO, [120, 120, 120, null, 120, 120, 120], "video"],
  ["photos go on though the estimate looks better", PHOTOS, seconds(9, 400), "photos"],
  ["after ten seconds video is tried", PHOTOS, seconds(10, 120), "trying"],
  ["a try on a line that is thin still ends soon", TRYING, seconds(4, 120), "photos"],
  ["one between thin and wide ends too", TRYING, seconds(4, 250), "photos"],
  ["a try that has found a wide line goes on", TRYING, [120, 120, 120, 320, 320, 320], "trying"],
  ["ten wide seconds bring the video back", TRYING, [120, 120, ...seconds(10, 320)], "video"],
  ["nine do not", TRYING, [120, 120, ...seconds(9, 320)], "trying"],
  ["a try whose line becomes thin again ends", TRYING, [320, 320, 320, 320, 320, 120], "photos"],
])("%s", (_, mode, kbps, expected) => {
  expect(passed(mode, kbps).last.sending).toBe(expected);
});

test("tries come less and less often, at last every half a minute", () => {
  const { sent } = passed(PHOTOS, seconds(200, 120));
  const tried = sent.flatMap((one, at) => (one === "trying" && sent[at - 1] !== "trying" ? [at + 1] : []));
  expect(tried).toEqual([10, 29, 56, 90, 124, 158, 192]);
});

test.each<[number, number, number]>([
  [24_000, 1000, 36_000],
  [24_000, 3000, 24_000],
  [24_000, 4500, 14_400],
  [10_000, 9000, 8000],
  [80_000, 300, 90_000],
])("after %i bytes in %i ms the next photo has %i", (bytes, tookMs, expected) => {
  expect(nextPhotoBytes(bytes, tookMs)).toBe(expected);
});
