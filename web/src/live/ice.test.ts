import { expect, test } from "vitest";
import { fragmentOf, renewedAnswer } from "./ice";

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n`;
const OFFER = lines(
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=ice-ufrag:new1",
  "a=ice-pwd:newpassword",
  "a=mid:0",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=ice-ufrag:new1",
  "a=ice-pwd:newpassword",
  "a=mid:1",
);
const ANSWER = lines(
  "v=0",
  "a=ice-lite",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=mid:0",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldpassword",
  "a=setup:passive",
  "a=candidate:1 1 udp 1 127.0.0.1 4000 typ host",
  "a=end-of-candidates",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=mid:1",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldpassword",
  "a=setup:passive",
);

test("a fragment has the credentials and the first section of an offer", () => {
  expect(fragmentOf(OFFER)).toBe(
    lines("a=ice-ufrag:new1", "a=ice-pwd:newpassword", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0"),
  );
});

test("every section of the answer gets the new credentials and addresses, and all else stays", () => {
  const fragment = lines(
    "a=ice-ufrag:fresh",
    "a=ice-pwd:freshpassword",
    "a=candidate:1 1 udp 1 127.0.0.1 5000 typ host",
  );
  const renewed = renewedAnswer(ANSWER, fragment) ?? "";
  expect(renewed).not.toContain("old");
  expect(renewed).not.toContain("4000");
  expect(renewed.match(/a=ice-ufrag:fresh\r\na=ice-pwd:freshpassword\r\n/g)).toHaveLength(2);
  expect(renewed.match(/5000 typ host\r\na=setup:passive/g)).toHaveLength(2);
  expect(renewed.split("\r\n").filter((line) => line.startsWith("m="))).toHaveLength(2);
});

test("a fragment without credentials renews nothing", () => {
  expect(renewedAnswer(ANSWER, "")).toBe(null);
});
