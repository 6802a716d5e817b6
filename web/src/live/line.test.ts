import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../api/client";
import { mediaDoors, testLine } from "./line";
import type { Way } from "./state";

const MEDIA = "a=candidate:1 1 udp 2130706431 203.0.113.7 50000 typ host";
const SERVERS = ["turn:relay.test?transport=udp", "turn:relay.test:3478?transport=tcp", "turns:relay.test"].map(
  (urls) => ({ urls, username: "u", credential: "c" }),
);
/** Which of the ways the network of a test lets through; a relay by its address. */
let open: ReadonlySet<string>;
const made: FakeConnection[] = [];

/** The browser's connection as far as the test of the line drives it. */
class FakeConnection extends EventTarget {
  connectionState = "new";
  localDescription = { type: "offer", sdp: "offer" };
  readonly configuration: RTCConfiguration;

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
    made.push(this);
  }

  addTransceiver() {}
  async setLocalDescription() {}
  async setRemoteDescription() {
    const name = String(this.configuration.iceServers?.[0]?.urls ?? "direct");
    this.connectionState = open.has(name) ? "connected" : "failed";
  }
  close() {
    this.connectionState = "closed";
  }
}

let answer: () => Response;

beforeEach(() => {
  made.length = 0;
  answer = () => new Response(`v=0\r\n${MEDIA}\r\n`, { status: 201, headers: { "content-type": "application/sdp" } });
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("fetch", async () => answer());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function found(...ways: string[]) {
  open = new Set(ways);
  const told: Partial<Record<Way, boolean | null>> = {};
  const result = await testLine(SERVERS, (way, works) => Object.assign(told, { [way]: works }), signal());
  return { result, told };
}

function signal(): AbortSignal {
  return new AbortController().signal;
}

test("each way is tried alone, and a relay with nothing beside it", async () => {
  const { result, told } = await found("direct", "turns:relay.test");
  expect(result.tried).toEqual(["direct", "relay_udp", "relay_tcp", "relay_tls"]);
  expect(result.worked).toEqual(["direct", "relay_tls"]);
  expect(told).toEqual({ direct: true, relay_udp: false, relay_tcp: false, relay_tls: true });
  expect(made.map(({ configuration }) => configuration)).toEqual([
    { iceServers: [] },
    ...SERVERS.map((server) => ({ iceServers: [server], iceTransportPolicy: "relay" })),
  ]);
  expect(made.map((one) => one.connectionState)).toEqual(Array(4).fill("closed"));
});

test("what to open is the media port and each address of the relay, with the ports that addresses leave out", async () => {
  const { result } = await found();
  expect(result.worked).toEqual([]);
  expect(result.doors).toEqual([
    { protocol: "UDP", host: "203.0.113.7", port: 50000, of: "media" },
    { protocol: "UDP", host: "relay.test", port: 3478, of: "relay" },
    { protocol: "TCP", host: "relay.test", port: 3478, of: "relay" },
    { protocol: "TLS", host: "relay.test", port: 5349, of: "relay" },
  ]);
});

test("media's addresses are told in both families, IPv6 in brackets", () => {
  const answer = `${MEDIA}\r\na=candidate:2 1 udp 2130705919 2001:db8::7 50000 typ host\r\na=end-of-candidates\r\n`;
  expect(mediaDoors(answer).map(({ host, port }) => `${host} ${port}`)).toEqual([
    "203.0.113.7 50000",
    "[2001:db8::7] 50000",
  ]);
});

test("without a relay the direct way alone is tried", async () => {
  open = new Set(["direct"]);
  expect((await testLine([], () => {}, signal())).tried).toEqual(["direct"]);
});

test("a server that cannot be asked says nothing of the line", async () => {
  const problem = { type: "about:blank", title: "busy", status: 503, code: "probes_busy" };
  answer = () => Response.json(problem, { status: 503, headers: { "content-type": "application/problem+json" } });
  await expect(found()).rejects.toThrow(ProblemError);
  await expect.poll(() => made.every((one) => one.connectionState === "closed")).toBe(true);
});
