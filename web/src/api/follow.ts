import { readEntries } from "../live/entries";
import { apply } from "../live/fold";
import { openLine } from "../live/signal";
import type { CaseState } from "../live/state";
import { isFields } from "../live/wire";

const ANSWER_WITHIN_MS = 8_000;

interface Follower {
  /** The state the page shows, undefined while it has none. */
  read: () => CaseState | undefined;
  write: (state: CaseState) => void;
  /** Entries are missing: fetch the state anew. */
  reload: () => void;
}

/** Keep a folded state in step with its ledger from outside the room; returns the way to stop. */
export function followCase(validationId: string, follower: Follower): () => void {
  const line = openLine();
  line.on("connect", async () => {
    const after = follower.read()?.seq ?? -1;
    const answer = await line.ask("subscribe", { validation_id: validationId, after }, ANSWER_WITHIN_MS);
    // Without an answer, or refused, the page still shows what it fetched; fetching again says why.
    if (!isFields(answer) || "problem" in answer) follower.reload();
  });
  line.on("entries", (message) => {
    const state = follower.read();
    if (!isFields(message) || message.validation_id !== validationId || !state) return;
    const fresh = readEntries(message.entries).filter((entry) => entry.seq > state.seq);
    if (fresh.length === 0) return;
    if (fresh[0]?.seq === state.seq + 1) follower.write(fresh.reduce(apply, state));
    else follower.reload();
  });
  return () => line.close();
}
