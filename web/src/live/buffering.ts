/** How far a viewer's picture and voice run behind, so that what is lost on the way can be sent again in time. */

const SAMPLE_MS = 1000;
/** Four round trips of a long line: what is lost is missed, asked for and sent again within it, and once more. */
const DEEP_MS = 800;
/** A line stays suspect this long after it last lost something: each change of the buffer is seen and heard. */
const SUSPECT_FOR_MS = 30_000;
const MUCH_LOSS = 0.01;
const MUCH_JITTER_MS = 40;

/** Sums of all streams of one connection, and the worst jitter among them. */
export interface Arrivals {
  readonly packets: number;
  /** Packets that were missing at first, sent again or not. */
  readonly missed: number;
  readonly jitterMs: number;
}

export interface Buffer {
  /** Null leaves it to the browser, which keeps it as low as a good line allows. */
  readonly targetMs: number | null;
  readonly suspectUntilMs: number;
}

export const SHALLOW: Buffer = { targetMs: null, suspectUntilMs: 0 };

/** The buffer after one more second. Pure. */
export function nextBuffer(buffer: Buffer, before: Arrivals, after: Arrivals, nowMs: number): Buffer {
  const packets = after.packets - before.packets;
  const missed = after.missed - before.missed;
  const suspect = (packets > 0 && missed / packets > MUCH_LOSS) || after.jitterMs > MUCH_JITTER_MS;
  const suspectUntilMs = suspect ? nowMs + SUSPECT_FOR_MS : buffer.suspectUntilMs;
  return { targetMs: nowMs < suspectUntilMs ? DEEP_MS : null, suspectUntilMs };
}

function numberIn(report: object, key: string): number {
  const value = Reflect.get(report, key);
  return typeof value === "number" ? value : 0;
}

async function readArrivals(connection: RTCPeerConnection): Promise<Arrivals> {
  const sum = { packets: 0, missed: 0, jitterMs: 0 };
  (await connection.getStats()).forEach((report: object) => {
    if (Reflect.get(report, "type") === "inbound-rtp") {
      sum.packets += numberIn(report, "packetsReceived");
      // Browsers take back from `packetsLost` what came late, so what was sent again is counted apart.
      sum.missed += numberIn(report, "packetsLost") + numberIn(report, "retransmittedPacketsReceived");
      sum.jitterMs = Math.max(sum.jitterMs, numberIn(report, "jitter") * 1000);
    }
  });
  return sum;
}

/** Set the buffer of a connection once a second by what arrives, until the connection is closed. */
export function keepBuffered(connection: RTCPeerConnection): void {
  let buffer = SHALLOW;
  let before: Arrivals | null = null;
  const look = async () => {
    if (connection.connectionState === "closed") {
      clearInterval(timer);
      return;
    }
    const after = await readArrivals(connection);
    const next = nextBuffer(buffer, before ?? after, after, performance.now());
    before = after;
    if (next.targetMs !== buffer.targetMs) {
      for (const receiver of connection.getReceivers()) {
        // Sound and picture alike, or they would come apart.
        receiver.jitterBufferTarget = next.targetMs;
      }
    }
    buffer = next;
  };
  const timer = setInterval(() => void look(), SAMPLE_MS);
}
