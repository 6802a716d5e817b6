/** Everybody else's pictures and voices: one watcher an open source, kept in step with the folded case. */

import type { PeerState } from "./peer";
import { between, type Counters, type Reading, readCounters } from "./quality";
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

export interface ReceiversView {
  readonly received: readonly Received[];
}

interface Kept {
  readonly watcher: Watcher;
  counters: Counters | null;
  stillFor: number;
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
  readonly #kept = new Map<string, Kept>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** Open what is new, close what is gone. */
  reconcile(state: CaseState): void {
    const sources = wantedSources(state, this.#wanted);
    const ids = new Set(sources.map((source) => source.id));
    for (const [id, kept] of this.#kept) {
      if (!ids.has(id)) {
        kept.watcher.close(true);
        this.#kept.delete(id);
      }
    }
    const known = new Map(this.store.view().received.map((one) => [one.source.id, one]));
    const received = sources.map(
      (source): Received => ({
        ...(known.get(source.id) ?? { stream: null, peer: "connecting", reading: null }),
        source,
      }),
    );
    this.#show(received);
    for (const source of sources) {
      if (!this.#kept.has(source.id)) {
        this.#open(source);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const kept of this.#kept.values()) {
      kept.watcher.close();
    }
    this.#kept.clear();
    this.#show([]);
  }

  #open(source: SourceState): void {
    const kind = this.#wanted.voicesOnly ? "microphone" : source.kind;
    const watcher = new Watcher(
      { id: source.id, kind },
      (stream) => this.#change(source.id, { stream }),
      (peer) => this.#change(source.id, { peer }),
    );
    this.#kept.set(source.id, { watcher, counters: null, stillFor: 0 });
    void watcher.run();
  }

  async #sample(): Promise<void> {
    for (const [id, kept] of this.#kept) {
      const connection = kept.watcher.connection;
      if (connection !== null && connection.connectionState === "connected") {
        this.#weigh(id, kept, await readCounters(connection, "in"));
      } else {
        kept.counters = null;
      }
    }
  }

  #weigh(id: string, kept: Kept, counters: Counters): void {
    const before = kept.counters;
    kept.counters = counters;
    // Counters that went down belong to a new connection.
    if (before === null || counters.bytes < before.bytes) {
      return;
    }
    const reading = between(before, counters);
    this.#change(id, { reading });
    kept.stillFor = reading.quality === "still" ? kept.stillFor + 1 : 0;
    if (kept.stillFor >= STILL_SAMPLES) {
      kept.stillFor = 0;
      kept.watcher.renew();
    }
  }

  #change(id: string, changes: Partial<Received>): void {
    this.#show(this.store.view().received.map((one) => (one.source.id === id ? { ...one, ...changes } : one)));
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
