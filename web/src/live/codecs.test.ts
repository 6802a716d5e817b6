import { describe, expect, it } from "vitest";
import { supported } from "./codecs";

const VP8 = { mimeType: "video/VP8" };
const H264 = {
  mimeType: "video/H264",
  sdpFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
};
const HIGH = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=640c1f" };
const SINGLE = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" };
const yes = () => Promise.resolve(true);

describe("what a browser was measured to do", () => {
  it.each([
    ["both", [VP8, H264], yes, ["VP8", "H264"]],
    ["VP8 alone", [VP8, { mimeType: "video/VP9" }], yes, ["VP8"]],
    ["other forms of H.264 only", [VP8, HIGH, SINGLE], yes, ["VP8"]],
    ["one among other forms", [HIGH, SINGLE, H264], yes, ["H264"]],
    ["nothing", [], yes, []],
  ])("takes what is listed: %s", async (_, listed, ask, expected) => {
    expect(await supported(listed, ask)).toEqual(expected);
  });

  it("leaves out what the browser denies when it is asked about the very form", async () => {
    const denies = (contentType: string) => Promise.resolve(!contentType.startsWith("video/H264;"));
    expect(await supported([VP8, H264], denies)).toEqual(["VP8"]);
  });

  it("takes the list's word where a browser cannot be asked", async () => {
    expect(await supported([VP8, H264], () => Promise.reject(new TypeError("webrtc")))).toEqual(["VP8", "H264"]);
  });
});
