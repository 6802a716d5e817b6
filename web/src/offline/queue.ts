/**
 * Captures on their way to the locker. Each is hashed, kept in the browser's store, sent, and only then forgotten;
 * a killed page goes on where it was when any page of the same person opens again.
 */

import { ProblemError, Unreachable } from "../api/client";
import { backoffMs, pause } from "../live/backoff";
import { newId } from "../live/commands";
import type { Capture, CaptureFacts, CaptureShelf } from "./captures";
import { sha256Hex } from "./digest";
import type { Sender } from "./upload";

const LOCK = "sightline-uploads";

export interface QueueItem {
  readonly capture: Capture;
  readonly state: "waiting" | "sending" | "refused";
  /** Bytes the server has; 0..capture.size. */
  readonly sentBytes: number;
}

export interface QueueView {
  readonly items: readonly QueueItem[];
  /** False while the line is down and the queue waits for it. */
  readonly reachable: boolean;
}

/** Run `work` when no other tab of this browser does; without Web Locks there is only this tab. */
function alone(work: () => Promise<void>): Promise<void> {
  return "locks" in navigator ? navigator.locks.request(LOCK, work) : work();
}

function order(one: Capture, other: Capture): number {
  const rank = (capture: Capture) => (capture.facts.kind === "still" ? 0 : 1);
  return rank(one) - rank(other) || (one.id < other.id ? -1 : 1);
}

export class UploadQueue {
  readonly #shelf: CaptureShelf;
  readonly #send: Sender;
  readonly #owner: string;
  readonly #listeners = new Set<() => void>();
  readonly #closed = new AbortController();
  #view: QueueView = { items: [], reachable: true };
  #draining: Promise<void> | null = null;

  constructor(shelf: CaptureShelf, send: Sender, owner: string) {
    this.#shelf = shelf;
    this.#send = send;
    this.#owner = owner;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): QueueView => this.#view;

  /** Take up what earlier pages left. */
  async open(): Promise<void> {
    const captures = await this.#shelf.list(this.#owner);
    this.#show(captures.map((capture) => ({ capture, state: capture.refusal ? "refused" : "waiting", sentBytes: 0 })));
    this.#drain();
  }

  /** Keep a file and send it. Resolves once it is safe in this browser; the bytes never change after that. */
  async add(file: Blob, facts: CaptureFacts): Promise<string> {
    const bytes = await file.arrayBuffer();
    const capture: Capture = {
      id: newId(),
      owner: this.#owner,
      facts,
      size: bytes.byteLength,
      sha256: await sha256Hex(bytes),
      upload_url: null,
      refusal: null,
    };
    await this.#shelf.put(capture, bytes);
    this.#show([...this.#view.items, { capture, state: "waiting", sentBytes: 0 }]);
    this.#drain();
    return capture.id;
  }

  /** Drop a refused capture for good. */
  async discard(id: string): Promise<void> {
    await this.#shelf.remove(id);
    this.#show(this.#view.items.filter((item) => item.capture.id !== id));
  }

  close(): void {
    this.#closed.abort();
    this.#listeners.clear();
  }

  #drain(): void {
    this.#draining ??= alone(() => this.#sendAll()).finally(() => {
      this.#draining = null;
    });
  }

  async #sendAll(): Promise<void> {
    let failures = 0;
    while (!this.#closed.signal.aborted) {
      const next = this.#next();
      if (next === null) {
        return;
      }
      const arrived = await this.#sendOne(next);
      failures = arrived ? 0 : failures + 1;
      this.#reach(arrived);
      if (!arrived) {
        await pause(backoffMs(failures), this.#closed.signal);
      }
    }
  }

  #next(): Capture | null {
    const waiting = this.#view.items.filter((item) => item.state !== "refused").map((item) => item.capture);
    return waiting.sort(order)[0] ?? null;
  }

  /** Return false when the line failed and the same capture is to be tried again. */
  async #sendOne(capture: Capture): Promise<boolean> {
    const bytes = await this.#shelf.bytes(capture.id);
    if (bytes === null) {
      // Another tab of the same person has delivered it meanwhile.
      await this.discard(capture.id);
      return true;
    }
    this.#change(capture.id, { state: "sending" });
    try {
      await this.#send(capture, bytes, this.#listenerFor(capture), this.#closed.signal);
    } catch (error) {
      return this.#failed(capture.id, error);
    }
    await this.discard(capture.id);
    return true;
  }

  #listenerFor(capture: Capture) {
    return {
      onUrl: (url: string) => {
        const kept = { ...this.#captureOf(capture), upload_url: url };
        this.#change(capture.id, { capture: kept });
        void this.#shelf.update(kept);
      },
      onSent: (sentBytes: number) => this.#change(capture.id, { sentBytes }),
    };
  }

  async #failed(id: string, error: unknown): Promise<boolean> {
    if (error instanceof ProblemError) {
      const item = this.#view.items.find((one) => one.capture.id === id);
      if (item !== undefined) {
        const refused = { ...item.capture, refusal: error.problem };
        await this.#shelf.update(refused);
        this.#change(id, { capture: refused, state: "refused" });
      }
      return true;
    }
    if (error instanceof Unreachable) {
      this.#change(id, { state: "waiting" });
      return false;
    }
    throw error;
  }

  #captureOf(capture: Capture): Capture {
    return this.#view.items.find((item) => item.capture.id === capture.id)?.capture ?? capture;
  }

  #reach(reachable: boolean): void {
    if (this.#view.reachable !== reachable) {
      this.#view = { ...this.#view, reachable };
      this.#tell();
    }
  }

  #change(id: string, change: Partial<QueueItem>): void {
    this.#show(this.#view.items.map((item) => (item.capture.id === id ? { ...item, ...change } : item)));
  }

  #show(items: readonly QueueItem[]): void {
    this.#view = { ...this.#view, items };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
