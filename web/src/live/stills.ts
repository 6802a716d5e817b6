/** The phone's side of a still: it takes what is asked of its camera once, and says why when it cannot. */

import { NoStill, type Still, takeStill } from "../capture/still";
import type { CaptureFacts } from "../offline/captures";
import { mainCamera, openStopOf, requestedStills } from "./reading";
import type { CaseState, StillState } from "./state";
import { Store } from "./store";

/** A request that this page meets late, after a reload or a cut, no longer shows what was meant. */
const TOO_LATE_MS = 60_000;

export interface StillsView {
  readonly taking: boolean;
  readonly last: Pick<Still, "camera" | "width" | "height"> | null;
}

export interface StillsPlan {
  readonly validationId: string;
  readonly validationSessionId: string;
  readonly participantId: string;
  readonly track: () => MediaStreamTrack | null;
  /** Stills that already wait in the upload queue. */
  readonly queued: () => readonly (string | null)[];
  readonly keep: (file: Blob, facts: CaptureFacts) => Promise<unknown>;
  /** Whether nothing of what is shown may be stored now. */
  readonly hidden: () => boolean;
  readonly decline: (stillId: string, reason: string) => Promise<unknown>;
}

export class Stills {
  readonly store = new Store<StillsView>({ taking: false, last: null });
  readonly #plan: StillsPlan;
  readonly #handled = new Set<string>();

  constructor(plan: StillsPlan) {
    this.#plan = plan;
  }

  /** Take what is asked for, if this page's camera is the one that is asked. */
  consider(state: CaseState): void {
    const { validationSessionId, participantId } = this.#plan;
    const camera = mainCamera(state, validationSessionId);
    // Equipment of one's own is not this page's camera: the server takes its stills from what it sends.
    if (camera?.participant_id !== participantId || camera.name !== null) {
      return;
    }
    for (const still of requestedStills(state, validationSessionId)) {
      if (!this.#handled.has(still.id) && !this.#plan.queued().includes(still.id)) {
        this.#handled.add(still.id);
        void this.#answer(still, Date.now());
      }
    }
  }

  /** A photo of one's own accord, as large as the camera gives it. Throws NoStill. */
  async shoot(state: CaseState): Promise<void> {
    const stop = openStopOf(state, this.#plan.validationSessionId);
    await this.#take({ kind: "photo", stop_id: stop?.id ?? null, criterion_id: null, still_id: null });
  }

  async #answer(still: StillState, nowMs: number): Promise<void> {
    if (nowMs - Date.parse(still.at) > TOO_LATE_MS) {
      await this.#plan.decline(still.id, "missed");
      return;
    }
    try {
      const { id: still_id, criterion_id, stop_id } = still;
      await this.#take({ kind: "still", still_id, criterion_id, stop_id });
    } catch (error) {
      if (!(error instanceof NoStill)) {
        throw error;
      }
      await this.#plan.decline(still.id, error.reason);
    }
  }

  async #take(what: Pick<CaptureFacts, "kind" | "still_id" | "criterion_id" | "stop_id">): Promise<void> {
    const track = this.#plan.track();
    if (track === null) {
      throw new NoStill("camera_off");
    }
    if (this.#plan.hidden()) {
      throw new NoStill("private");
    }
    this.store.change({ taking: true });
    try {
      const taken = await takeStill(track);
      if (this.#plan.hidden()) {
        // "Show, do not store" began while the camera was busy: the picture is let go.
        throw new NoStill("private");
      }
      const at = new Date();
      await this.#plan.keep(taken.blob, {
        ...what,
        validation_id: this.#plan.validationId,
        validation_session_id: this.#plan.validationSessionId,
        filename: `${what.kind}-${fileTime(at)}.${taken.blob.type === "image/png" ? "png" : "jpg"}`,
        media_type: taken.blob.type,
        camera: taken.camera,
        captured_at_device: at.toISOString(),
      });
      this.store.change({ last: { camera: taken.camera, width: taken.width, height: taken.height } });
    } finally {
      this.store.change({ taking: false });
    }
  }
}

/** "20261124-151402", in UTC and fit for a file name. */
function fileTime(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
