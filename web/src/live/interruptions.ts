/**
 * Interruptions of what this device sends: what is observed, moment by moment, becomes claims with cause, start and end.
 * Pure: times are this device's, in ms since 1970, and ids come from outside.
 */

export const CAUSES = [
  "call",
  "screen_locked",
  "hidden",
  "frozen",
  "mute_audio",
  "mute_video",
  "camera_swap",
  "track_ended",
  "network",
  "relay_change",
] as const;
export type Cause = (typeof CAUSES)[number];

/** What holds of this device's source at a moment. */
export interface Facts {
  readonly atMs: number;
  /** The source in the ledger; null while none is accepted. */
  readonly sourceId: string | null;
  /** Whether it sends a picture: a voice goes on behind a hidden page. */
  readonly camera: boolean;
  readonly hidden: boolean;
  /** The system has taken the picture or the voice from the page, as it does for a call. */
  readonly videoTaken: boolean;
  readonly audioTaken: boolean;
  /** The camera is gone for good. */
  readonly ended: boolean;
  /** The person has muted the voice, paused the picture, or is going to the other camera. */
  readonly muted: boolean;
  readonly paused: boolean;
  readonly flipping: boolean;
  /** Since when the connection carries nothing, after it did; null while it does. */
  readonly brokenSinceMs: number | null;
}

/** What the server is told; with the same id again once it is over. */
export interface Claim {
  readonly id: string;
  readonly sourceId: string;
  readonly cause: Cause;
  readonly startMs: number;
  readonly endMs: number | null;
}

/** Losses are one another's symptoms, so there is one at a time, and the later of these names it. */
const LOSSES: readonly Cause[] = ["network", "track_ended", "hidden", "frozen", "screen_locked", "call"];
/** A path that changes while the line heals is part of the healing. */
const HEALING_MS = 5000;

function lossOf(facts: Facts): Cause | null {
  const picture = facts.camera && !facts.flipping && (facts.videoTaken || facts.ended);
  if (facts.audioTaken) {
    return "call";
  }
  if (picture && facts.hidden) {
    return "screen_locked";
  }
  if (picture) {
    return facts.ended ? "track_ended" : "call";
  }
  if (facts.hidden && facts.camera) {
    return "hidden";
  }
  return facts.brokenSinceMs === null ? null : "network";
}

export class Interruptions {
  readonly #newId: () => string;
  #open: readonly Claim[] = [];
  #lostUntilMs = Number.NEGATIVE_INFINITY;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** What goes on now; a claim of a source that is closed meanwhile stays until its end is seen. */
  get open(): readonly Claim[] {
    return this.#open;
  }

  /** Look at the source again; returns what the server is to be told. */
  look(facts: Facts): readonly Claim[] {
    const loss = lossOf(facts);
    const startMs = loss === "network" ? (facts.brokenSinceMs ?? facts.atMs) : facts.atMs;
    return [
      ...this.#follow(loss !== null, loss ?? "network", facts, startMs),
      ...this.#follow(facts.muted, "mute_audio", facts),
      ...this.#follow(facts.camera && facts.paused, "mute_video", facts),
      ...this.#follow(facts.camera && facts.flipping, "camera_swap", facts),
    ];
  }

  /** The page did not run from one moment to another; call it before `look` sees what is there now. */
  froze(fromMs: number, facts: Facts): readonly Claim[] {
    if (!facts.camera) {
      return [];
    }
    // What stands in the way now goes on under the same name; if nothing does, `look` ends it at once.
    return this.#follow(true, "frozen", facts, fromMs);
  }

  /** The path to the server changed; `fromMs` is when the old one was last seen to work. */
  moved(fromMs: number, facts: Facts): readonly Claim[] {
    const healing = this.#open.some(isLoss) || facts.atMs - this.#lostUntilMs < HEALING_MS;
    if (healing || facts.sourceId === null) {
      return [];
    }
    const startMs = Math.min(fromMs, facts.atMs);
    return [{ id: this.#newId(), sourceId: facts.sourceId, cause: "relay_change", startMs, endMs: facts.atMs }];
  }

  /** Nothing is sent any more: whoever closed the source says what became of it. */
  drop(): void {
    this.#open = [];
  }

  #follow(holds: boolean, cause: Cause, facts: Facts, startMs: number = facts.atMs): readonly Claim[] {
    const same = (one: Claim) => (isLoss({ cause }) ? isLoss(one) : one.cause === cause);
    const known = this.#open.find(same);
    const others = this.#open.filter((one) => !same(one));
    if (known === undefined) {
      return holds ? this.#begin(cause, facts, startMs) : [];
    }
    // What a person does belongs to one source; with the next one it is said anew.
    const elsewhere = !isLoss(known) && facts.sourceId !== null && facts.sourceId !== known.sourceId;
    if (holds && !elsewhere) {
      if (LOSSES.indexOf(cause) <= LOSSES.indexOf(known.cause)) {
        return [];
      }
      const named = { ...known, cause };
      this.#open = [...others, named];
      return [named];
    }
    this.#open = others;
    if (isLoss(known)) {
      this.#lostUntilMs = facts.atMs;
    }
    const over = { ...known, endMs: facts.atMs };
    return holds ? [over, ...this.#begin(cause, facts, startMs)] : [over];
  }

  #begin(cause: Cause, { sourceId }: Facts, startMs: number): readonly Claim[] {
    if (sourceId === null) {
      return [];
    }
    const claim: Claim = { id: this.#newId(), sourceId, cause, startMs, endMs: null };
    this.#open = [...this.#open, claim];
    return [claim];
  }
}

function isLoss({ cause }: { cause: Cause }): boolean {
  return LOSSES.includes(cause);
}
