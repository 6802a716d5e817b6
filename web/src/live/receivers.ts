/** Everybody else's pictures and voices: one connection to the room, kept in step with the folded case. */

import type { PeerState } from "./peer";
import { between, type Counters, type LineQuality, type Reading, readCounters } from "./quality";
import type { Slots } from "./slots";
import type { CaseState, SourceState } from "./state";
import { Store } from "./store";
import { Watcher } from "./watcher";

const SAMPLE_MS = 2000;
/** Samples without a single byte before the connection is offered anew. */
const STILL_SAMPLES = 4;

export interface Received {
  readonly source: SourceState;
  readonly stream: MediaStream | null;
  readonly peer: PeerState;
  readonly reading: Reading | null;
}

const NOTHING_YET = { stream: null, peer: "connecting", reading: null } as const;

export interface ReceiversView {
  readonly received: readonly Received[];
}

export interface Wanted {
  readonly participantId: string;
  readonly validationSessionId: string;
  /** The camera operator hears the others and sees nobody: the line is for the picture going out. */
  readonly voicesOnly: boolean;
}

/**
 * Sources to watch: what others and equipment send in this session. Of one sender's cameras only the last counts,
 * because the one before it is a line that broke and that the server has not given up yet.
 */
export function wantedSources(state: CaseState, wanted: Wanted): readonly SourceState[] {
  const last = new Map<string, SourceState>();
  for (const source of Object.values(state.sources)) {
    const here = source.open && source.validation_session_id === wanted.validationSessionId;
    const others = source.participant_id !== wanted.participantId || source.name !== null;
    if (here && others && !(wanted.voicesOnly && source.kind === "screen")) {
      const key = `${source.participant_id} ${source.kind} ${source.name ?? ""}`;
      const before = last.get(key);
      if (before === undefined || before.opened_at <= source.opened_at) {
        last.set(key, source);
      }
    }
  }
  return [...last.values()];
}

export class Receivers {
  readonly store = new Store<ReceiversView>({ received: [] });
  readonly #wanted: Wanted;
  readonly #count: (connection: RTCPeerConnection, bytes: number) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #counters = new Map<string, Counters>();
  #watcher: Watcher | null = null;
  #slots: Slots = [];
  #peer: PeerState = "connecting";
  #stillFor = 0;

  /** Args: count: told the bytes that each connection has brought so far. */
  constructor(wanted: Wanted, count: (connection: RTCPeerConnection, bytes: number) => void) {
    this.#wanted = wanted;
    this.#count = count;
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** Show what is new, let go of what is gone. */
  reconcile(state: CaseState): void {
    const sources = wantedSources(state, this.#wanted);
    if (sources.length > 0) {
      this.#watcher ??= this.#open();
    }
    const known = new Map(this.store.view().received.map((one) => [one.source.id, one]));
    this.#show(sources.map((source) => ({ ...(known.get(source.id) ?? NOTHING_YET), source })));
    this.#watcher?.watch(sources.map(({ id, kind }) => ({ id, picture: kind !== "microphone" && !this.#voicesOnly })));
    this.#place();
  }

  /** Outside the room there is nothing to receive. The server has ended the connection already. */
  leave(): void {
    this.#end(true);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#end(false);
  }

  #end(ended: boolean): void {
    this.#watcher?.close(ended);
    this.#watcher = null;
    this.#slots = [];
    this.#peer = "connecting";
    this.#show([]);
  }

  get #voicesOnly(): boolean {
    return this.#wanted.voicesOnly;
  }

  #open(): Watcher {
    const watcher = new Watcher(
      this.#wanted,
      (slots) => {
        this.#slots = slots;
        this.#place();
      },
      (peer) => {
        this.#peer = peer;
        this.#place();
      },
    );
    void watcher.run();
    return watcher;
  }

  /** Give every source the stream of its slot. */
  #place(): void {
    this.#show(
      this.store.view().received.map((one) => {
        const slot = this.#slots.indexOf(one.source.id);
        const stream = slot < 0 ? null : (this.#watcher?.played(slot)?.stream ?? null);
        const peer = this.#peer === "live" && stream === null ? "connecting" : this.#peer;
        return { ...one, stream, peer };
      }),
    );
  }

  async #sample(): Promise<void> {
    const connection = this.#watcher?.connection ?? null;
    if (connection === null || connection.connectionState !== "connected") {
      this.#counters.clear();
      return;
    }
    this.#count(connection, (await readCounters(connection, "in")).bytes);
    let compared = false;
    let flowing = false;
    for (const { source } of this.store.view().received) {
      const played = this.#watcher?.played(this.#slots.indexOf(source.id));
      if (played !== undefined) {
        const quality = this.#weigh(source.id, await readCounters(connection, "in", played.trackIds));
        compared ||= quality !== null;
        flowing ||= quality !== null && quality !== "still";
      }
    }
    if (!compared) {
      return;
    }
    this.#stillFor = flowing ? 0 : this.#stillFor + 1;
    // Once, and not again before something flows: whoever sends may have paused.
    if (this.#stillFor === STILL_SAMPLES) {
      this.#watcher?.renew();
    }
  }

  /** Compare with the last sample; null when there is none to compare with. */
  #weigh(id: string, counters: Counters): LineQuality | null {
    const before = this.#counters.get(id);
    this.#counters.set(id, counters);
    // Counters that went down belong to a new connection.
    if (before === undefined || counters.bytes < before.bytes) {
      return null;
    }
    const reading = between(before, counters);
    this.#show(this.store.view().received.map((one) => (one.source.id === id ? { ...one, reading } : one)));
    return reading.quality;
  }

  #show(received: readonly Received[]): void {
    const before = this.store.view().received;
    const same = received.length === before.length && received.every((one, at) => sameReceived(one, before[at]));
    if (!same) {
      this.store.change({ received });
    }
  }
}

function sameReceived(one: Received, other: Received | undefined): boolean {
  return (
    other !== undefined &&
    one.source === other.source &&
    one.stream === other.stream &&
    one.peer === other.peer &&
    one.reading === other.reading
  );
}
