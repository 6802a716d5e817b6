import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Peer } from "./peer";

/** The browser's connection as far as Peer drives it; the test moves its state. */
class FakeConnection extends EventTarget {
  static readonly made: FakeConnection[] = [];
  connectionState = "new";
  iceGatheringState = "complete";
  signalingState = "stable";
  localDescription = { type: "offer", sdp: "offer" };
  remoteDescription = { type: "", sdp: "" };
  restarts = 0;
  readonly configuration: RTCConfiguration;

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
    FakeConnection.made.push(this);
  }

  async setLocalDescription() {}
  async setRemoteDescription(description: { type: string; sdp: string }) {
    this.remoteDescription = description;
  }
  getConfiguration() {
    return this.configuration;
  }
  setConfiguration() {}
  restartIce() {
    this.restarts += 1;
  }
  getTransceivers() {
    return [];
  }
  close() {
    this.connectionState = "closed";
  }

  become(state: string) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

const ANSWER = "a=ice-ufrag:old\r\na=ice-pwd:old\r\n";
const requests: string[] = [];
let answers: Response[] = [];
let fragments: Response[] = [];
/** What each PATCH asked to match. */
const conditions: (string | null)[] = [];

function accepted(id: string): Response {
  return new Response(ANSWER, { status: 201, headers: { location: `/api/whip/meeting/${id}`, etag: '"first"' } });
}

const RELAY = { urls: "turn:relay.test", username: "2000000000:me", credential: "c" };

function relay(): Response {
  return Response.json({ items: [RELAY], expires_at: new Date(Date.now() + 60_000).toISOString() });
}

function refused(status: number, code: string, fields: object = {}): Response {
  const problem = { type: "about:blank", title: code, status, code, ...fields };
  return new Response(JSON.stringify(problem), { status, headers: { "content-type": "application/problem+json" } });
}

beforeEach(() => {
  FakeConnection.made.length = 0;
  requests.length = 0;
  conditions.length = 0;
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("fetch", async (url: string | Request, init: RequestInit) => {
    if (url instanceof Request) {
      return relay();
    }
    requests.push(`${init.method} ${url}`);
    if (init.method === "PATCH") {
      conditions.push(new Headers(init.headers).get("if-match"));
      return fragments.shift() ?? refused(404, "source_unknown");
    }
    return init.method === "POST" ? (answers.shift() ?? accepted("spare")) : new Response(null, { status: 200 });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function started() {
  const states: string[] = [];
  const peer = new Peer({
    path: () => "/whip/meeting",
    prepare: () => {},
    onState: (state, code) => void states.push(code === null ? state : `${state} ${code}`),
  });
  void peer.run();
  return { peer, states };
}

const nth = async (count: number) => {
  await expect.poll(() => FakeConnection.made.length).toBe(count);
  const connection = FakeConnection.made[count - 1];
  await expect.poll(() => requests.filter((one) => one.startsWith("POST")).length).toBe(count);
  return connection;
};

test("a peer that is closed while it is connected tells the server so", async () => {
  answers = [accepted("one")];
  const { peer, states } = started();
  (await nth(1))?.become("connected");
  expect(states).toEqual(["connecting", "live"]);
  expect(peer.resourceId).toBe("one");
  peer.close();
  await expect.poll(() => requests.at(-1)).toBe("DELETE /api/whip/meeting/one");
  expect(states.at(-1)).toBe("closed");
});

test("a connection knows the relay, from its first try on", async () => {
  answers = [accepted("one")];
  const { peer } = started();
  const connection = await nth(1);
  expect(connection?.configuration.iceServers).toEqual([RELAY]);
  peer.close();
});

test("one that the server has ended itself is let go without a word", async () => {
  answers = [accepted("one")];
  const { peer } = started();
  const connection = await nth(1);
  connection?.become("connected");
  peer.forget();
  peer.close();
  await expect.poll(() => connection?.connectionState).toBe("closed");
  expect(requests).toEqual(["POST /api/whip/meeting"]);
});

test("a path that broke is mended on the same connection", async () => {
  answers = [accepted("one")];
  const { peer, states } = started();
  const connection = await nth(1);
  connection?.become("connected");
  fragments = [new Response("a=ice-ufrag:fresh\r\na=ice-pwd:freshpassword\r\n", { status: 200 })];
  connection?.become("disconnected");
  await expect.poll(() => connection?.remoteDescription.sdp).toContain("a=ice-ufrag:fresh\r\n");
  expect(requests.at(-1)).toBe("PATCH /api/whip/meeting/one");
  connection?.become("connected");
  await expect.poll(() => states).toEqual(["connecting", "live", "reconnecting", "live"]);
  expect(connection?.restarts).toBe(1);
  expect(FakeConnection.made).toHaveLength(1);
  peer.close();
});

test("a restart whose answer was lost is followed by one of the session it began", async () => {
  answers = [accepted("one")];
  const { peer } = started();
  const connection = await nth(1);
  connection?.become("connected");
  fragments = [
    ...Array.from({ length: 6 }, () => refused(412, "ice_session_changed", { etag: "lost" })),
    new Response("a=ice-ufrag:fresh\r\na=ice-pwd:freshpassword\r\n", { status: 200, headers: { etag: '"fresh"' } }),
  ];
  connection?.become("disconnected");
  await expect.poll(() => connection?.remoteDescription.sdp, { timeout: 6000 }).toContain("a=ice-ufrag:fresh\r\n");
  expect([...new Set(conditions)]).toEqual(['"first"', '"lost"']);
  expect(connection?.restarts).toBe(2);
  peer.close();
});

test.each(["failed", "renewed"])("a connection that has %s for good is offered anew until it is live", async (how) => {
  answers = [accepted("one"), accepted("two")];
  const { peer, states } = started();
  const first = await nth(1);
  first?.become("connected");
  if (how === "failed") {
    first?.become("failed");
  } else {
    peer.renew();
  }
  (await nth(2))?.become("connected");
  await expect.poll(() => states.at(-1)).toBe("live");
  expect(states.filter((state) => state === "live")).toHaveLength(2);
  expect(peer.resourceId).toBe("two");
  peer.close();
});

test("a server that is not ready is asked again, one that refuses is not", async () => {
  answers = [refused(503, "media_unavailable"), refused(403, "not_admitted")];
  const { states } = started();
  await expect.poll(() => states).toEqual(["connecting", "reconnecting", "refused not_admitted"]);
  expect(requests.length).toBe(2);
});
