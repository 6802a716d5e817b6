import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Peer } from "./peer";

/** The browser's connection as far as Peer drives it; the test moves its state. */
class FakeConnection extends EventTarget {
  static readonly made: FakeConnection[] = [];
  connectionState = "new";
  iceGatheringState = "complete";
  localDescription = { type: "offer", sdp: "offer" };
  readonly configuration: RTCConfiguration;

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
    FakeConnection.made.push(this);
  }

  async setLocalDescription() {}
  async setRemoteDescription() {}
  close() {
    this.connectionState = "closed";
  }

  become(state: string) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

const requests: string[] = [];
let answers: Response[] = [];

function accepted(id: string): Response {
  return new Response("answer", { status: 201, headers: { location: `/api/whip/meeting/${id}` } });
}

const RELAY = { urls: "turn:relay.test", username: "2000000000:me", credential: "c" };

function relay(): Response {
  return Response.json({ items: [RELAY], expires_at: new Date(Date.now() + 60_000).toISOString() });
}

function refused(status: number, code: string): Response {
  const problem = { type: "about:blank", title: code, status, code };
  return new Response(JSON.stringify(problem), { status, headers: { "content-type": "application/problem+json" } });
}

beforeEach(() => {
  FakeConnection.made.length = 0;
  requests.length = 0;
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("fetch", async (url: string | Request, init: RequestInit) => {
    if (url instanceof Request) {
      return relay();
    }
    requests.push(`${init.method} ${url}`);
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

test.each(["failed", "renewed"])("a connection that has %s is offered anew until it is live again", async (how) => {
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
  expect(states).toEqual(["connecting", "live", "reconnecting", "live"]);
  expect(peer.resourceId).toBe("two");
  peer.close();
});

test("a server that is not ready is asked again, one that refuses is not", async () => {
  answers = [refused(503, "media_unavailable"), refused(403, "not_admitted")];
  const { states } = started();
  await expect.poll(() => states).toEqual(["connecting", "reconnecting", "refused not_admitted"]);
  expect(requests.length).toBe(2);
});
