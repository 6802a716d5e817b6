/** What the line carries now, read from the connection's own counters. Pure but for `readCounters`. */

export type LineQuality = "good" | "weak" | "bad" | "still";

/** Sums over all streams of one connection in one direction. */
export interface Counters {
  readonly atMs: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  readonly frames: number;
  /** Round trip in ms; null where the browser has not measured it. */
  readonly roundTripMs: number | null;
  /** Height of the picture in pixels; null without a picture. */
  readonly height: number | null;
}

export interface Reading {
  readonly quality: LineQuality;
  readonly bps: number;
  readonly fps: number;
  /** 0..1 */
  readonly lossShare: number;
  readonly roundTripMs: number | null;
  readonly height: number | null;
}

const WEAK_LOSS = 0.03;
const BAD_LOSS = 0.1;
const WEAK_RTT_MS = 400;
const BAD_RTT_MS = 1200;
const WEAK_FPS = 10;

function grade(lossShare: number, roundTripMs: number, fps: number, hasPicture: boolean): LineQuality {
  if (lossShare > BAD_LOSS || roundTripMs > BAD_RTT_MS) {
    return "bad";
  }
  const slow = hasPicture && fps < WEAK_FPS;
  return lossShare > WEAK_LOSS || roundTripMs > WEAK_RTT_MS || slow ? "weak" : "good";
}

/** Compare two readings of the same connection. Nothing arriving at all is 'still', which is worse than bad. */
export function between(before: Counters, after: Counters): Reading {
  const seconds = Math.max(0.001, (after.atMs - before.atMs) / 1000);
  const bytes = after.bytes - before.bytes;
  const packets = Math.max(0, after.packets - before.packets);
  const lost = Math.max(0, after.lost - before.lost);
  const lossShare = packets + lost === 0 ? 0 : lost / (packets + lost);
  const fps = (after.frames - before.frames) / seconds;
  const graded = grade(lossShare, after.roundTripMs ?? 0, fps, after.height !== null);
  return {
    quality: bytes <= 0 ? "still" : graded,
    bps: Math.max(0, (bytes * 8) / seconds),
    fps,
    lossShare,
    roundTripMs: after.roundTripMs,
    height: after.height,
  };
}

type Direction = "in" | "out";

function numberIn(report: object, key: string): number {
  const value = Reflect.get(report, key);
  return typeof value === "number" ? value : 0;
}

/** The W3C's name for the track that a stream of the statistics belongs to. */
function isOf(report: object, trackIds: ReadonlySet<string> | null): boolean {
  return trackIds === null || trackIds.has(String(Reflect.get(report, "trackIdentifier")));
}

/**
 * The browser's statistics are named by the W3C identifiers; fields a browser lacks count as 0.
 * Args: trackIds: the tracks to count when it is not all of them.
 */
export async function readCounters(
  connection: RTCPeerConnection,
  direction: Direction,
  trackIds: ReadonlySet<string> | null = null,
): Promise<Counters> {
  const stats = await connection.getStats();
  const sum = { bytes: 0, packets: 0, lost: 0, frames: 0, roundTripMs: 0, height: 0 };
  stats.forEach((report: object) => {
    const type = Reflect.get(report, "type");
    if (type === (direction === "in" ? "inbound-rtp" : "outbound-rtp") && isOf(report, trackIds)) {
      sum.bytes += numberIn(report, direction === "in" ? "bytesReceived" : "bytesSent");
      sum.packets += numberIn(report, direction === "in" ? "packetsReceived" : "packetsSent");
      sum.frames += numberIn(report, direction === "in" ? "framesDecoded" : "framesEncoded");
      sum.height = Math.max(sum.height, numberIn(report, "frameHeight"));
      sum.lost += direction === "in" ? numberIn(report, "packetsLost") : 0;
    } else if (type === "remote-inbound-rtp" && direction === "out") {
      sum.lost += numberIn(report, "packetsLost");
    } else if (type === "candidate-pair" && Reflect.get(report, "nominated") === true) {
      sum.roundTripMs = Math.max(sum.roundTripMs, numberIn(report, "currentRoundTripTime") * 1000);
    }
  });
  return {
    atMs: performance.now(),
    ...sum,
    roundTripMs: sum.roundTripMs === 0 ? null : sum.roundTripMs,
    height: sum.height === 0 ? null : sum.height,
  };
}
