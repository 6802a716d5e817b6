/** How much data the room has used on this device, and about how much a session will. Pure but for `Usage.add`. */

import { Store } from "./store";

/** What a phone's picture and voice take on an ordinary line; the picture alone may grow to 2.5 Mb/s on a good one. */
export const TYPICAL_BPS = 1_500_000;

/** Bytes that a stretch takes at a rate in bits per second. */
export function bytesFor(minutes: number, bps: number = TYPICAL_BPS): number {
  return (minutes * 60 * bps) / 8;
}

export class Usage {
  /** Bytes out and in, over all connections since the page was opened. */
  readonly store = new Store<{ readonly bytes: number }>({ bytes: 0 });
  readonly #seen = new WeakMap<object, number>();

  /** Take a connection's own count; it only grows, and ends with the connection. */
  add(connection: object, bytes: number): void {
    const more = bytes - (this.#seen.get(connection) ?? 0);
    if (more > 0) {
      this.#seen.set(connection, bytes);
      this.store.change({ bytes: this.store.view().bytes + more });
    }
  }
}
