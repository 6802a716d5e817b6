/** Watches page, tracks and connection of what this device sends, and tells of every interruption. */

import { newId } from "./commands";
import { type Claim, type Facts, Interruptions } from "./interruptions";
import { type Path, readPath } from "./path";
import type { Sender } from "./sender";
import { Store } from "./store";

const BEAT_MS = 250;
/** A page whose beats stay away for longer did not run; a hidden one beats once a second. */
const FROZEN_MS = 3000;
const SAMPLE_MS = 500;

/** A path without a packet for longer was silent before it changed; feedback on a picture comes ten times a second. */
const SILENT_MS = 1500;

interface Seen {
  readonly connection: RTCPeerConnection;
  readonly path: Path;
  readonly atMs: number;
}

export interface WatchPlan {
  readonly sender: Sender;
  readonly tell: (claim: Claim) => void;
  /** The bytes that the connection has carried so far. */
  readonly count: (connection: RTCPeerConnection, bytes: number) => void;
}

export interface WatchView {
  /** What goes on now, by this device's own clock. */
  readonly open: readonly Claim[];
}

export class InterruptionWatch {
  readonly store = new Store<WatchView>({ open: [] });
  readonly #plan: WatchPlan;
  readonly #interruptions = new Interruptions(newId);
  readonly #ending = new AbortController();
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  readonly #watched = new WeakSet<MediaStreamTrack>();
  readonly #heard = new WeakSet<EventTarget>();
  readonly #given = new WeakSet<MediaStreamTrack>();
  #beatMs = Date.now();
  #frozenMs: number | null = null;
  /** The connection that was seen to carry something, and how it did. */
  #seen: Seen | null = null;
  #brokenSinceMs: number | null = null;

  constructor(plan: WatchPlan) {
    this.#plan = plan;
    const { signal } = this.#ending;
    const look = () => this.#look();
    document.addEventListener("visibilitychange", look, { signal });
    document.addEventListener("resume", look, { signal });
    document.addEventListener(
      "freeze",
      () => {
        this.#frozenMs = Date.now();
      },
      { signal },
    );
    signal.addEventListener("abort", plan.sender.store.subscribe(look));
    this.#timers = [setInterval(look, BEAT_MS), setInterval(() => void this.#sample(), SAMPLE_MS)];
  }

  close(): void {
    this.#ending.abort();
    for (const timer of this.#timers) {
      clearInterval(timer);
    }
  }

  #look(): void {
    const atMs = Date.now();
    const [beatMs, frozenMs] = [this.#beatMs, this.#frozenMs];
    this.#beatMs = atMs;
    this.#frozenMs = null;
    if (this.#plan.sender.store.view().peer === "off") {
      this.#interruptions.drop();
      this.#seen = null;
      this.#brokenSinceMs = null;
    } else {
      this.#weighConnection(atMs);
      const facts = this.#facts(atMs);
      const stood = frozenMs !== null || atMs - beatMs > FROZEN_MS;
      const told = stood ? this.#interruptions.froze(frozenMs ?? beatMs, facts) : [];
      for (const claim of [...told, ...this.#interruptions.look(facts)]) {
        this.#plan.tell(claim);
      }
    }
    this.store.change({ open: this.#interruptions.open });
  }

  #facts(atMs: number): Facts {
    const { sender } = this.#plan;
    const { stream, kind, muted, paused, flipping } = sender.store.view();
    const [video, audio] = [stream?.getVideoTracks()[0], stream?.getAudioTracks()[0]];
    this.#watch(video);
    this.#watch(audio);
    return {
      atMs,
      sourceId: sender.sourceId,
      camera: kind === "camera",
      hidden: document.visibilityState === "hidden",
      videoTaken: this.#isTaken(video),
      audioTaken: this.#isTaken(audio),
      ended: video?.readyState === "ended",
      muted,
      paused,
      flipping,
      brokenSinceMs: this.#brokenSinceMs,
    };
  }

  /** A track may begin muted until its first frame; taken is only what was given. */
  #isTaken(track: MediaStreamTrack | undefined): boolean {
    if (track === undefined) {
      return false;
    }
    if (!track.muted) {
      this.#given.add(track);
    }
    return track.muted && this.#given.has(track);
  }

  #watch(track: MediaStreamTrack | undefined): void {
    if (track !== undefined && !this.#watched.has(track)) {
      this.#watched.add(track);
      for (const event of ["mute", "unmute", "ended"]) {
        track.addEventListener(event, () => this.#look(), { signal: this.#ending.signal });
      }
    }
  }

  /** A connection that carried something and does not is broken since its last packet; a new one heals it. */
  #weighConnection(atMs: number): void {
    const connected = this.#plan.sender.connection?.connectionState === "connected";
    if (connected) {
      this.#brokenSinceMs = null;
    } else if (this.#seen !== null && this.#brokenSinceMs === null) {
      this.#brokenSinceMs = Math.min(atMs, this.#seen.path.lastReceivedMs ?? this.#seen.atMs);
    }
  }

  /** Args: changedMs: when the browser told that the path has changed; null for a look at the clock. */
  async #sample(changedMs: number | null = null): Promise<void> {
    const { sender, count, tell } = this.#plan;
    const { connection } = sender;
    if (connection === null) {
      return;
    }
    const path = await readPath(connection);
    count(connection, path.bytes);
    if (connection !== sender.connection || path.way === null) {
      return;
    }
    const before = this.#seen;
    const seen = { connection, path, atMs: Date.now() };
    this.#seen = seen;
    if (
      before?.connection === connection &&
      before.path.way !== path.way &&
      connection.connectionState === "connected"
    ) {
      const facts = this.#facts(changedMs ?? seen.atMs);
      for (const claim of this.#interruptions.moved(worked(before, changedMs), facts)) {
        tell(claim);
      }
    }
    this.#hear(connection);
  }

  /** Browsers that tell of another path do so at once; the rest are found out by the next sample. */
  #hear(connection: RTCPeerConnection): void {
    const ice = connection.getSenders()[0]?.transport?.iceTransport;
    if (ice !== undefined && ice !== null && !this.#heard.has(ice)) {
      this.#heard.add(ice);
      const changed = () => void this.#sample(Date.now());
      ice.addEventListener("selectedcandidatepairchange", changed, { signal: this.#ending.signal });
    }
  }
}

/** When the old path was last seen to work: until the change, if the browser told it and packets came until then. */
function worked(before: Seen, changedMs: number | null): number {
  const lastMs = before.path.lastReceivedMs ?? before.atMs;
  return before.atMs - lastMs > SILENT_MS ? lastMs : (changedMs ?? before.atMs);
}
