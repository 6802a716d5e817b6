// @vitest-environment node
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Capture, CaptureFacts, CaptureShelf } from "./captures";
import { UploadQueue } from "./queue";
import { tusSender } from "./upload";

// Node, whose sockets can be cut, has no page: the API client asks for its address as it loads.
vi.hoisted(() => vi.stubGlobal("location", new URL("http://127.0.0.1/")));

const FACTS: CaptureFacts = {
  validation_id: "case",
  validation_session_id: null,
  kind: "photo",
  filename: "Puerta 2 ñ.jpg",
  media_type: "image/jpeg",
  criterion_id: "9.4",
  stop_id: null,
  still_id: null,
  camera: null,
  captured_at_device: "2026-11-24T15:14:02.000Z",
};

class MapShelf implements CaptureShelf {
  readonly captures = new Map<string, Capture>();
  readonly kept = new Map<string, ArrayBuffer>();
  async put(capture: Capture, bytes: ArrayBuffer) {
    this.captures.set(capture.id, capture);
    this.kept.set(capture.id, bytes);
  }
  async update(capture: Capture) {
    this.captures.set(capture.id, capture);
  }
  async bytes(id: string) {
    return this.kept.get(id) ?? null;
  }
  async list(owner: string) {
    return [...this.captures.values()].filter((one) => one.owner === owner);
  }
  async remove(id: string) {
    this.captures.delete(id);
    this.kept.delete(id);
  }
}

interface Arrived {
  length: number;
  metadata: string;
  bytes: Buffer;
}

function refuseWith(response: ServerResponse, problem: { title: string; status: number; code: string }): void {
  const told = JSON.stringify({ type: "about:blank", ...problem });
  response.writeHead(problem.status, { "content-type": "application/problem+json" }).end(told);
}

/** A tus 1.0 server on loopback that can be told to break off or to refuse. */
class TusServer {
  readonly arrived: Arrived[] = [];
  readonly requests: string[] = [];
  /** Breaks every PATCH that starts at or after this offset. */
  cutAt = Number.POSITIVE_INFINITY;
  refuse = false;
  /** Answers every PATCH with a conflict of this code, and takes no byte of it. */
  conflict: string | null = null;
  #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("no port");
    }
    return `http://127.0.0.1:${address.port}/uploads`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const offset = request.headers["upload-offset"];
    this.requests.push(offset === undefined ? `${request.method}` : `${request.method} ${offset}`);
    response.setHeader("Tus-Resumable", "1.0.0");
    if (request.method === "POST") {
      const metadata = String(request.headers["upload-metadata"]);
      this.arrived.push({ length: Number(request.headers["upload-length"]), metadata, bytes: Buffer.alloc(0) });
      response.writeHead(201, { Location: `${request.url}/${this.arrived.length - 1}` }).end();
      return;
    }
    const one = this.arrived[Number(request.url?.split("/").at(-1))];
    if (one === undefined) {
      response.writeHead(404).end();
    } else if (request.method === "HEAD") {
      response.writeHead(200, { "Upload-Offset": one.bytes.length, "Upload-Length": one.length }).end();
    } else {
      await this.#take(one, request, response);
    }
  }

  async #take(one: Arrived, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (one.bytes.length >= this.cutAt) {
      request.socket.destroy();
      return;
    }
    if (this.conflict !== null) {
      request.resume();
      refuseWith(response, { title: "Not now", status: 409, code: this.conflict });
      return;
    }
    for await (const chunk of request) {
      one.bytes = Buffer.concat([one.bytes, chunk]);
    }
    const done = one.bytes.length === one.length;
    if (done && this.refuse) {
      refuseWith(response, { title: "Not a picture", status: 422, code: "type_mismatch" });
      return;
    }
    response.writeHead(204, { "Upload-Offset": one.bytes.length, ...(done ? { "Sightline-Item": "item-1" } : {}) });
    response.end();
  }
}

// Nor one that says when the network is back.
beforeEach(() => {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

async function started(): Promise<{ tus: TusServer; endpoint: string }> {
  const tus = new TusServer();
  stops.push(() => tus.stop());
  return { tus, endpoint: await tus.start() };
}

function opened(shelf: CaptureShelf, endpoint: string): UploadQueue {
  const queue = new UploadQueue(shelf, tusSender(endpoint), "owner");
  stops.push(() => queue.close());
  return queue;
}

function picture(bytes: number): { blob: Blob; sha256: string } {
  const content = randomBytes(bytes);
  return { blob: new Blob([content]), sha256: createHash("sha256").update(content).digest("hex") };
}

test("a capture arrives whole, with its digest and its name in UTF-8, and is then forgotten here", async () => {
  const { tus, endpoint } = await started();
  const shelf = new MapShelf();
  const queue = opened(shelf, endpoint);
  const { blob, sha256 } = picture(2_500_000);
  await queue.add(blob, FACTS);
  await expect.poll(() => queue.view().items.length).toBe(0);
  expect(
    createHash("sha256")
      .update(tus.arrived[0]?.bytes ?? "")
      .digest("hex"),
  ).toBe(sha256);
  expect(shelf.kept.size).toBe(0);
  const told = Object.fromEntries((tus.arrived[0]?.metadata ?? "").split(",").map((pair) => pair.split(" ")));
  const text = (key: string) => Buffer.from(told[key] ?? "", "base64").toString();
  expect(text("sha256")).toBe(sha256);
  expect(text("filename")).toBe("Puerta 2 ñ.jpg");
  expect(Object.keys(told)).not.toContain("stop_id");
});

test("a page killed in the middle goes on where the server stopped when another page opens", async () => {
  const { tus, endpoint } = await started();
  const shelf = new MapShelf();
  tus.cutAt = 1024 * 1024;
  const killed = opened(shelf, endpoint);
  const { blob, sha256 } = picture(3_000_000);
  await killed.add(blob, FACTS);
  await expect.poll(() => tus.arrived[0]?.bytes.length).toBe(1024 * 1024);
  await expect.poll(() => [...shelf.captures.values()][0]?.upload_url).toContain("/uploads/0");
  killed.close();
  tus.cutAt = Number.POSITIVE_INFINITY;
  tus.requests.length = 0;
  const next = opened(shelf, endpoint);
  await next.open();
  await expect.poll(() => shelf.captures.size).toBe(0);
  expect(tus.arrived.length).toBe(1);
  expect(
    createHash("sha256")
      .update(tus.arrived[0]?.bytes ?? "")
      .digest("hex"),
  ).toBe(sha256);
  expect(tus.requests).toContain("HEAD");
  expect(tus.requests).not.toContain("PATCH 0");
});

test("a refused file stays visible with the reason and does not hold up the next one", async () => {
  const { tus, endpoint } = await started();
  tus.refuse = true;
  const queue = opened(new MapShelf(), endpoint);
  await queue.add(picture(1000).blob, FACTS);
  await expect.poll(() => queue.view().items[0]?.state).toBe("refused");
  expect(queue.view().items[0]?.capture.refusal?.code).toBe("type_mismatch");
  tus.refuse = false;
  await queue.add(picture(1000).blob, FACTS);
  await expect.poll(() => queue.view().items.map((item) => item.state)).toEqual(["refused"]);
});

test.each(["offset_conflict", "upload_busy", "upload_finished", "too_many_uploads"])(
  "a conflict that passes by itself is tried again: %s",
  async (code) => {
    const { tus, endpoint } = await started();
    tus.conflict = code;
    const queue = opened(new MapShelf(), endpoint);
    const states = new Set<string>();
    stops.push(queue.subscribe(() => states.add(queue.view().items[0]?.state ?? "gone")));
    const { blob, sha256 } = picture(1000);
    await queue.add(blob, FACTS);
    await expect.poll(() => tus.requests).toContain("PATCH 0");
    tus.conflict = null;
    await expect.poll(() => queue.view().items.length, { timeout: 10_000 }).toBe(0);
    expect(
      createHash("sha256")
        .update(tus.arrived[0]?.bytes ?? "")
        .digest("hex"),
    ).toBe(sha256);
    expect([...states]).not.toContain("refused");
  },
);

test("any other conflict is final: the file is sent once, keeps its reason, and lets the next one through", async () => {
  const { tus, endpoint } = await started();
  tus.conflict = "wrong_phase";
  const queue = opened(new MapShelf(), endpoint);
  await queue.add(picture(1000).blob, FACTS);
  await expect.poll(() => queue.view().items[0]?.state).toBe("refused");
  expect(queue.view().items[0]?.capture.refusal?.code).toBe("wrong_phase");
  tus.conflict = null;
  await queue.add(picture(1000).blob, FACTS);
  await expect.poll(() => tus.arrived[1]?.bytes.length).toBe(1000);
  await expect.poll(() => queue.view().items.map((item) => item.state)).toEqual(["refused"]);
  expect(tus.requests.filter((request) => request.startsWith("PATCH"))).toHaveLength(2);
});

test("another person at the same browser sees nothing of it", async () => {
  const shelf = new MapShelf();
  const { tus, endpoint } = await started();
  tus.cutAt = 0;
  const mine = opened(shelf, endpoint);
  await mine.add(picture(1000).blob, FACTS);
  const theirs = new UploadQueue(shelf, tusSender(endpoint), "another");
  stops.push(() => theirs.close());
  await theirs.open();
  expect(theirs.view().items).toEqual([]);
});
