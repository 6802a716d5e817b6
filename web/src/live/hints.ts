/** What others say in passing about their own line: not in the ledger, lossy, and forgotten when it grows old. */

import { Store } from "./store";
import type { Fields } from "./wire";

export interface HintsView {
  /** Participants whose device has taken the camera from the page: a call, a locked screen, another app. */
  readonly away: ReadonlySet<string>;
}

export class Hints {
  readonly store = new Store<HintsView>({ away: new Set() });

  take(hint: Fields): void {
    const { kind, participant_id: participantId, state } = hint;
    if (kind !== "line" || typeof participantId !== "string") {
      return;
    }
    const { away } = this.store.view();
    const isAway = state === "lost";
    if (isAway !== away.has(participantId)) {
      const others = [...away].filter((one) => one !== participantId);
      this.store.change({ away: new Set(isAway ? [...others, participantId] : others) });
    }
  }
}
