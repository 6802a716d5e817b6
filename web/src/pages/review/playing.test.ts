import { describe, expect, it } from "vitest";
import { canPlay } from "./playing";

describe("canPlay", () => {
  it.each([
    ["video/mp4", 'video/mp4; codecs="avc1.42E01F, opus"'],
    ["audio/mp4", 'audio/mp4; codecs="opus"'],
    ["video/webm", 'video/webm; codecs="vp8, opus"'],
    ["audio/webm", 'audio/webm; codecs="opus"'],
  ])("asks for what is inside %s", (mediaType, type) => {
    expect(canPlay(mediaType, (asked) => (asked === type ? "probably" : ""))).toBe(true);
    expect(canPlay(mediaType, (asked) => (asked === type ? "" : "maybe"))).toBe(false);
  });
});
