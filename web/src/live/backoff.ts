/** Waiting between tries: soon at first, then less often, never longer than the ceiling, and at once when the network is back. */

const FIRST_MS = 400;
const CEILING_MS = 6000;

/** Wait before try `attempt` (0 = the first repeat), with up to a quarter of jitter so that a room does not knock in step. */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  return Math.min(CEILING_MS, FIRST_MS * 2 ** attempt) * (1 - random / 4);
}

/** Resolve after `ms`, earlier when the browser is online again, at once when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    addEventListener("online", finish);
    signal.addEventListener("abort", finish);
    if (signal.aborted) {
      finish();
    }
  });
}
