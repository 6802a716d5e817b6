/** The server's time on this device: what its own clock says, and how far that is off, from the shortest round trip. */

/** A shorter round trip is worth more, until the measure has grown old: clocks drift, and phones sleep. */
const OLD_MS = 120_000;

export class ServerClock {
  #offsetMs = 0;
  #roundTripMs = Number.POSITIVE_INFINITY;
  #measuredMs = 0;

  /** Take one answer: when it was asked for, the server's time in it, and when it came, all in ms since 1970. */
  take(sentMs: number, serverMs: number, receivedMs: number): void {
    const roundTripMs = Math.max(0, receivedMs - sentMs);
    if (roundTripMs <= this.#roundTripMs || receivedMs - this.#measuredMs > OLD_MS || receivedMs < this.#measuredMs) {
      this.#offsetMs = serverMs - (sentMs + roundTripMs / 2);
      this.#roundTripMs = roundTripMs;
      this.#measuredMs = receivedMs;
    }
  }

  /** The server's time at a moment of this device's clock. */
  at(deviceMs: number): number {
    return deviceMs + this.#offsetMs;
  }
}
