/** What this device sends: its camera with microphone, or its microphone alone. Opened, muted, flipped and healed here. */

import { hasTorch, setTorch } from "../capture/torch";
import {
  type DeviceTrouble,
  deviceTrouble,
  type Facing,
  flipCamera,
  hasDevices,
  openCamera,
  openMicrophone,
  watchTrack,
} from "./devices";
import type { PeerState } from "./peer";
import { Publisher } from "./publisher";
import { between, type Counters, type Reading, readCounters } from "./quality";
import type { CaseState } from "./state";
import { Store } from "./store";

const SAMPLE_MS = 2000;

export type SendKind = "camera" | "microphone";

export interface SenderView {
  readonly kind: SendKind;
  readonly stream: MediaStream | null;
  readonly peer: PeerState | "off";
  /** Code of a final refusal by the server. */
  readonly refusal: string | null;
  readonly trouble: DeviceTrouble | null;
  readonly muted: boolean;
  readonly paused: boolean;
  readonly facing: Facing;
  readonly torch: "none" | "off" | "on";
  /** The system has taken the camera: a call, a locked screen. */
  readonly interrupted: boolean;
  readonly flipping: boolean;
  readonly reading: Reading | null;
}

const OFF: SenderView = {
  kind: "microphone",
  stream: null,
  peer: "off",
  refusal: null,
  trouble: null,
  muted: false,
  paused: false,
  facing: "environment",
  torch: "none",
  interrupted: false,
  flipping: false,
  reading: null,
};

export class Sender {
  readonly store = new Store<SenderView>(OFF);
  readonly #sessionId: string;
  #publisher: Publisher | null = null;
  #unwatch: () => void = () => {};
  #counters: Counters | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #closed = false;
  #opening: Promise<void> | null = null;

  constructor(kind: SendKind, validationSessionId: string) {
    this.#sessionId = validationSessionId;
    this.store.change({ kind });
  }

  get videoTrack(): MediaStreamTrack | null {
    return this.store.view().stream?.getVideoTracks()[0] ?? null;
  }

  /** The connection that sends now; null while there is none. */
  get connection(): RTCPeerConnection | null {
    return this.#publisher?.connection ?? null;
  }

  /** The source in the ledger; null while none is accepted. */
  get sourceId(): string | null {
    return this.#publisher?.sourceId ?? null;
  }

  /** Open the devices, once however many ask; what went wrong is in the view, and calling again tries again. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    if (!hasDevices()) {
      this.store.change({ trouble: "insecure" });
      return;
    }
    this.store.change({ trouble: null });
    try {
      const { kind } = this.store.view();
      const stream = await (kind === "camera" ? openCamera(this.store.view().facing) : openMicrophone());
      if (!this.#closed && this.store.view().kind === kind) {
        await this.#adopt(stream);
        return;
      }
      for (const track of stream.getTracks()) {
        track.stop();
      }
      // The person has chosen the other kind meanwhile.
      if (!this.#closed) {
        await this.#open();
      }
    } catch (error) {
      this.store.change({ trouble: deviceTrouble(error) });
    }
  }

  /** Send from now on, until `stop()`; healed by itself. */
  publish(): void {
    const { stream } = this.store.view();
    if (stream === null || this.#publisher !== null) {
      return;
    }
    const where = { validationSessionId: this.#sessionId, kind: this.store.view().kind };
    this.#publisher = new Publisher(where, stream, (peer, refusal) => this.store.change({ peer, refusal }));
    void this.#hold();
    void this.#publisher.run();
    this.#timer ??= setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** The ledger says that this source is closed, though the line to it may still look alive: send anew. */
  renewIfClosed(state: CaseState): void {
    const id = this.#publisher?.sourceId ?? null;
    if (id !== null && state.sources[id]?.open === false) {
      this.#publisher?.renew();
    }
  }

  /** Stop sending; the devices stay open for a return. Args: ended: the server has ended the source by itself. */
  stop(ended = false): void {
    this.#publisher?.close(ended);
    this.#publisher = null;
    this.store.change({ peer: "off", refusal: null, reading: null });
  }

  close(): void {
    this.#closed = true;
    this.stop();
    if (this.#timer !== null) {
      clearInterval(this.#timer);
    }
    this.#release();
  }

  /** Send the camera with the voice instead of the voice alone, or back. A source has one kind, so this is a new one. */
  async switchTo(kind: SendKind): Promise<void> {
    const publishing = this.#publisher !== null;
    this.stop();
    this.#release();
    this.store.change({ kind });
    await this.open();
    if (publishing) {
      this.publish();
    }
  }

  setMuted(muted: boolean): void {
    for (const track of this.store.view().stream?.getAudioTracks() ?? []) {
      track.enabled = !muted;
    }
    this.store.change({ muted });
  }

  /** A paused picture is not sent; voice goes on. */
  setPaused(paused: boolean): void {
    this.store.change({ paused });
    for (const track of this.store.view().stream?.getVideoTracks() ?? []) {
      track.enabled = !paused;
    }
    void this.#hold();
  }

  async flip(): Promise<void> {
    const { stream, facing, flipping, paused } = this.store.view();
    const present = this.videoTrack;
    if (stream === null || present === null || flipping) {
      return;
    }
    this.store.change({ flipping: true });
    this.#unwatch();
    try {
      const flipped = await flipCamera(present, facing);
      await this.#replaceVideo(flipped.track);
      flipped.track.enabled = !paused;
      this.store.change({ facing: flipped.facing, trouble: null });
    } catch (error) {
      this.store.change({ trouble: deviceTrouble(error) });
    } finally {
      this.store.change({ flipping: false });
    }
  }

  async toggleTorch(): Promise<void> {
    const track = this.videoTrack;
    const on = this.store.view().torch === "off";
    if (track !== null && (await setTorch(track, on))) {
      this.store.change({ torch: on ? "on" : "off" });
    }
  }

  /** Open the camera again if the system took it away, as a phone does while the page is in the background. */
  async recover(): Promise<void> {
    const track = this.videoTrack;
    if (track === null || track.readyState === "live" || this.#closed) {
      return;
    }
    try {
      const fresh = await openCamera(this.store.view().facing);
      const [video] = fresh.getVideoTracks();
      for (const audio of fresh.getAudioTracks()) {
        audio.stop();
      }
      if (video !== undefined) {
        video.enabled = !this.store.view().paused;
        await this.#replaceVideo(video);
      }
      this.store.change({ trouble: null });
    } catch (error) {
      this.store.change({ trouble: deviceTrouble(error) });
    }
  }

  /** Others keep the last picture instead of the black that a paused or taken camera gives. */
  async #hold(): Promise<void> {
    const { paused, interrupted } = this.store.view();
    await this.#publisher?.hold(paused || interrupted);
  }

  #release(): void {
    this.#unwatch();
    for (const track of this.store.view().stream?.getTracks() ?? []) {
      track.stop();
    }
    this.store.change({ stream: null });
  }

  /** Take fresh devices. What is sent already goes on with them: whoever sends has the stream from before. */
  async #adopt(fresh: MediaStream): Promise<void> {
    const { stream, muted, paused } = this.store.view();
    if (stream === null) {
      this.store.change({ stream: fresh });
    } else {
      for (const track of fresh.getTracks()) {
        await this.#exchange(stream, track);
      }
    }
    this.setMuted(muted);
    this.setPaused(paused);
    this.#watchVideo();
    await this.#hold();
  }

  async #exchange(stream: MediaStream, track: MediaStreamTrack): Promise<void> {
    for (const old of stream.getTracks().filter((one) => one.kind === track.kind)) {
      old.stop();
      // The publisher offers the tracks of this very stream when it heals, so the stream itself is changed.
      stream.removeTrack(old);
    }
    stream.addTrack(track);
    await this.#publisher?.replace(track);
  }

  async #replaceVideo(track: MediaStreamTrack): Promise<void> {
    const { stream } = this.store.view();
    if (stream === null) {
      track.stop();
      return;
    }
    await this.#exchange(stream, track);
    this.#watchVideo();
    await this.#hold();
  }

  #watchVideo(): void {
    this.#unwatch();
    const track = this.videoTrack;
    this.store.change({
      interrupted: track?.muted ?? false,
      torch: track !== null && hasTorch(track) ? "off" : "none",
    });
    if (track !== null) {
      this.#unwatch = watchTrack(track, {
        interrupted: (interrupted) => {
          this.store.change({ interrupted });
          void this.#hold();
        },
        ended: () => {
          this.store.change({ interrupted: true });
          if (document.visibilityState === "visible") {
            void this.recover();
          }
        },
      });
    }
  }

  async #sample(): Promise<void> {
    const connection = this.#publisher?.connection ?? null;
    const { paused, interrupted } = this.store.view();
    if (connection === null || connection.connectionState !== "connected" || paused || interrupted) {
      // A picture that is not sent says nothing about the line.
      this.#counters = null;
      this.store.change({ reading: null });
      return;
    }
    const counters = await readCounters(connection, "out");
    if (this.#counters !== null && counters.bytes >= this.#counters.bytes) {
      this.store.change({ reading: between(this.#counters, counters) });
    }
    this.#counters = counters;
  }
}
