/** A camera on a thin line: its video rests, its voice goes on, and a photo goes to the room every five seconds. */

import { takePhoto } from "../capture/photo";
import {
  FIRST_PHOTO_BYTES,
  nextMode,
  nextPhotoBytes,
  PHOTO_EVERY_MS,
  type PhotoMode,
  type Sending,
  VIDEO,
} from "./photoMode";
import { VIDEO_MAX_BPS } from "./publisher";
import { Store } from "./store";

const SAMPLE_MS = 1000;
/** Small, but wider than what counts as a wide line, so that the browser looks for it. */
const TRY_BPS = 600_000;

export interface PhotoSenderView {
  readonly on: boolean;
  /** When the last photo was taken that has arrived, in ms since 1970; null before the first. */
  readonly lastAt: number | null;
}

export interface PhotoSenderPlan {
  readonly connection: () => RTCPeerConnection | null;
  readonly sourceId: () => string | null;
  readonly track: () => MediaStreamTrack | null;
  /** Say that the mode of a source has changed. */
  readonly state: (sourceId: string, on: boolean) => void;
  /** Send a photo; resolves with whether it was passed on. */
  readonly send: (sourceId: string, travelMs: number, data: ArrayBuffer) => Promise<boolean>;
}

/** What the browser believes the line carries, bit/s; null while it does not know, or does not tell. */
async function lineBps(connection: RTCPeerConnection): Promise<number | null> {
  let found: number | null = null;
  (await connection.getStats()).forEach((report: object) => {
    const value = Reflect.get(report, "availableOutgoingBitrate");
    if (Reflect.get(report, "nominated") === true && typeof value === "number" && value > 0) {
      found = value;
    }
  });
  return found;
}

/** What sends the picture, also while nothing is sent because the person has paused it. */
function videoSender(connection: RTCPeerConnection): RTCRtpSender | undefined {
  return connection.getTransceivers().find((one) => one.receiver.track.kind === "video")?.sender;
}

async function encode(connection: RTCPeerConnection, sending: Sending): Promise<void> {
  const sender = videoSender(connection);
  const parameters = sender?.getParameters();
  if (sender === undefined || parameters === undefined) {
    return;
  }
  const maxBitrate = sending === "trying" ? TRY_BPS : VIDEO_MAX_BPS;
  parameters.encodings = parameters.encodings.map((one) => ({ ...one, active: sending !== "photos", maxBitrate }));
  try {
    await sender.setParameters(parameters);
  } catch (error) {
    // Closed meanwhile: the next connection begins with video.
    if (!(error instanceof DOMException && error.name === "InvalidStateError")) {
      throw error;
    }
  }
}

export class PhotoSender {
  readonly store = new Store<PhotoSenderView>({ on: false, lastAt: null });
  readonly #plan: PhotoSenderPlan;
  readonly #timer: ReturnType<typeof setInterval>;
  #mode: PhotoMode = VIDEO;
  /** The connection that the mode is about; a new one begins with video. */
  #connection: RTCPeerConnection | null = null;
  #sampledMs = performance.now();
  #photoMs = 0;
  #bytes = FIRST_PHOTO_BYTES;
  #travelMs = 0;
  #busy = false;

  constructor(plan: PhotoSenderPlan) {
    this.#plan = plan;
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    const connection = this.#plan.connection();
    const now = performance.now();
    const passedMs = now - this.#sampledMs;
    this.#sampledMs = now;
    if (connection !== this.#connection) {
      this.#begin(connection);
    }
    // A picture that is paused says nothing about the line, and no photo is taken of what nobody is to see.
    if (connection === null || this.#plan.track() === null || videoSender(connection)?.track == null) {
      return;
    }
    const bps = connection.connectionState === "connected" ? await lineBps(connection) : null;
    const before = this.#mode;
    this.#mode = nextMode(before, bps, passedMs);
    if (this.#mode.sending !== before.sending && connection === this.#connection) {
      await this.#change(connection, before.sending);
    }
    if (this.#mode.sending !== "video" && now - this.#photoMs >= PHOTO_EVERY_MS - SAMPLE_MS / 2) {
      void this.#photo(now);
    }
  }

  /** The source from before is closed by now, and its mode with it. */
  #begin(connection: RTCPeerConnection | null): void {
    this.#connection = connection;
    this.#mode = VIDEO;
    this.store.change({ on: false, lastAt: null });
  }

  async #change(connection: RTCPeerConnection, before: Sending): Promise<void> {
    const { sending } = this.#mode;
    const on = sending !== "video";
    const sourceId = this.#plan.sourceId();
    if (on !== (before !== "video") && sourceId !== null) {
      this.#photoMs = 0;
      this.store.change({ on, lastAt: null });
      this.#plan.state(sourceId, on);
    }
    await encode(connection, sending);
  }

  async #photo(now: number): Promise<void> {
    const track = this.#plan.track();
    const sourceId = this.#plan.sourceId();
    if (this.#busy || track === null || sourceId === null) {
      return;
    }
    this.#busy = true;
    this.#photoMs = now;
    try {
      const takenAt = Date.now();
      const photo = await takePhoto(track, this.#bytes);
      if (photo === null) {
        return;
      }
      const sentMs = performance.now();
      const arrived = await this.#plan.send(sourceId, this.#travelMs, await photo.arrayBuffer());
      const tookMs = performance.now() - sentMs;
      this.#bytes = nextPhotoBytes(this.#bytes, tookMs);
      if (arrived) {
        this.#travelMs = Math.round(tookMs);
        this.store.change({ lastAt: takenAt });
      }
    } finally {
      this.#busy = false;
    }
  }
}
