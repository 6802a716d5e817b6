/**
 * When a camera goes from video to a photo every few seconds, and back. Pure: what the line carries goes in, what to
 * send comes out. While no video is sent nobody knows what the line would carry, so a little is sent from time to time.
 */

/** Below this, voice and a picture that moves do not both fit. */
export const THIN_BPS = 150_000;
/** From here on they do, with room to spare. */
export const WIDE_BPS = 300_000;
const THIN_FOR_MS = 4000;
const WIDE_FOR_MS = 10_000;
const TRY_FIRST_MS = 10_000;
const TRY_MOST_MS = 30_000;
/** A try that has found nothing by then ends: on a thin line it costs the voice. */
const TRY_FOR_MS = 4000;

/** `trying`: photos still, and a small video that shows whether the line carries it. */
export type Sending = "video" | "photos" | "trying";

export interface PhotoMode {
  readonly sending: Sending;
  /** How long the line has been thin (`video`), the video off (`photos`), or the try gone on (`trying`), in ms. */
  readonly forMs: number;
  /** How long the line has been wide during this try. */
  readonly wideMs: number;
  /** How long the video stays off before the next try. */
  readonly restMs: number;
}

export const VIDEO: PhotoMode = { sending: "video", forMs: 0, wideMs: 0, restMs: TRY_FIRST_MS };

function photos(restMs: number): PhotoMode {
  return { sending: "photos", forMs: 0, wideMs: 0, restMs };
}

/**
 * The mode after `passedMs` more.
 * @param lineBps what the browser believes the line carries; null while it knows nothing.
 */
export function nextMode(mode: PhotoMode, lineBps: number | null, passedMs: number): PhotoMode {
  if (lineBps === null) {
    return mode.sending === "video" ? VIDEO : mode;
  }
  const forMs = mode.forMs + passedMs;
  switch (mode.sending) {
    case "video":
      if (lineBps >= THIN_BPS) {
        return VIDEO;
      }
      return forMs >= THIN_FOR_MS ? photos(TRY_FIRST_MS) : { ...mode, forMs };
    case "photos":
      return forMs >= mode.restMs ? { ...mode, sending: "trying", forMs: 0, wideMs: 0 } : { ...mode, forMs };
    default: {
      const wideMs = lineBps >= WIDE_BPS ? mode.wideMs + passedMs : 0;
      if (wideMs >= WIDE_FOR_MS) {
        return VIDEO;
      }
      return wideMs === 0 && forMs >= TRY_FOR_MS
        ? photos(Math.min(TRY_MOST_MS, mode.restMs * 1.5))
        : { ...mode, forMs, wideMs };
    }
  }
}

export const PHOTO_EVERY_MS = 5000;
export const FIRST_PHOTO_BYTES = 24_000;
const LEAST_PHOTO_BYTES = 8000;
const MOST_PHOTO_BYTES = 90_000;

/** Bytes of the next photo, after one of `bytes` took `tookMs` to arrive: it is to be there well before the one after. */
export function nextPhotoBytes(bytes: number, tookMs: number): number {
  if (tookMs > PHOTO_EVERY_MS * 0.8) {
    return Math.max(LEAST_PHOTO_BYTES, Math.round(bytes * 0.6));
  }
  return tookMs < PHOTO_EVERY_MS * 0.4 ? Math.min(MOST_PHOTO_BYTES, Math.round(bytes * 1.5)) : bytes;
}
