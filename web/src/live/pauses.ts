/** What is interrupted now in the room, as the server says: the whole of it each time. */

import { CAUSES, type Cause } from "./interruptions";
import { Store } from "./store";
import { type Fields, isFields, textAt, WireError, wordAt } from "./wire";

export interface Pause {
  readonly id: string;
  readonly sourceId: string;
  readonly cause: Cause;
  /** Server time, ISO 8601 in UTC. */
  readonly since: string;
}

export interface PausesView {
  readonly open: readonly Pause[];
}

export class Pauses {
  readonly store = new Store<PausesView>({ open: [] });

  take(message: Fields): void {
    const { interruptions } = message;
    if (!Array.isArray(interruptions)) {
      throw new WireError("interruptions", "list");
    }
    this.store.change({ open: interruptions.map(readPause) });
  }
}

function readPause(value: unknown): Pause {
  if (!isFields(value)) {
    throw new WireError("interruption", "object");
  }
  return {
    id: textAt(value, "interruption_id"),
    sourceId: textAt(value, "source_id"),
    cause: wordAt(value, "cause", CAUSES),
    since: textAt(value, "since"),
  };
}

/** Why the picture of a source stands still; what the person did comes last, and a muted voice is no reason. */
export function pictureGap(open: readonly Pause[], sourceId: string): Pause | null {
  const reasons = open.filter((one) => one.sourceId === sourceId && one.cause !== "mute_audio");
  return reasons.find((one) => one.cause !== "mute_video") ?? reasons[0] ?? null;
}

/** Since when the voice of a source is muted by its person; null while it is not. */
export function mutedSince(open: readonly Pause[], sourceId: string): string | null {
  return open.find((one) => one.sourceId === sourceId && one.cause === "mute_audio")?.since ?? null;
}
