/** Receiving everybody else by WHEP: one connection to the room, in whose slots sources come and go. */

import { bodyOf, ProblemError, Unreachable, wire } from "../api/client";
import { backoffMs, pause } from "./backoff";
import { keepBuffered } from "./buffering";
import { Peer, type PeerState } from "./peer";
import { assignSlots, PICTURE_SLOTS, type Slots, sameSlots, VOICE_SLOTS, type Wish } from "./slots";

/** A request that takes longer is lost on the way, and holds up the slots of a newer connection. */
const TELL_WITHIN_MS = 5000;

/** What one slot plays, and the ids of its tracks in the connection's statistics. */
export interface Played {
  readonly stream: MediaStream;
  readonly trackIds: ReadonlySet<string>;
}

export class Watcher {
  readonly #peer: Peer;
  readonly #sessionId: string;
  readonly #pictureSlots: number;
  readonly #onSlots: (slots: Slots) => void;
  readonly #abort = new AbortController();
  #streams: MediaStream[] = [];
  #wanted: Slots = [];
  #shown: Slots = [];
  #telling = false;

  constructor(
    room: { validationSessionId: string; voicesOnly: boolean },
    onSlots: (slots: Slots) => void,
    onState: (state: PeerState, code: string | null) => void,
  ) {
    this.#sessionId = room.validationSessionId;
    this.#pictureSlots = room.voicesOnly ? 0 : PICTURE_SLOTS;
    this.#onSlots = onSlots;
    this.#peer = new Peer({
      path: () => `/whep/rooms/${room.validationSessionId}`,
      prepare: (connection) => this.#prepare(connection),
      onState: (state, code) => {
        onState(state, code);
        // Told as soon as the server knows the connection; pictures flow the moment it is up.
        void this.#tell();
      },
      onAnswer: () => {
        this.#show([]);
        void this.#tell();
      },
    });
  }

  get connection(): RTCPeerConnection | null {
    return this.#peer.connection;
  }

  run(): Promise<void> {
    return this.#peer.run();
  }

  /** Show these sources from now on, each in the slot that it has already. */
  watch(wishes: readonly Wish[]): void {
    this.#wanted = assignSlots(this.#wanted, wishes, this.#pictureSlots);
    void this.#tell();
  }

  /** What plays in a slot; undefined before the first connection. */
  played(slot: number): Played | undefined {
    const stream = this.#streams[slot];
    return stream && { stream, trackIds: new Set(stream.getTracks().map((track) => track.id)) };
  }

  /** Args: ended: the server has ended it by itself. */
  close(ended = false): void {
    this.#abort.abort();
    if (ended) {
      this.#peer.forget();
    }
    this.#peer.close();
  }

  renew(): void {
    this.#peer.renew();
  }

  /** Tell the server what the slots show, until it shows that; one request at a time, so that none overtakes another. */
  async #tell(): Promise<void> {
    const { signal } = this.#abort;
    for (let attempt = 0; !this.#telling && !signal.aborted && this.#isDue(); ) {
      this.#telling = true;
      const viewerId = this.#peer.resourceId;
      try {
        await this.#tellOnce(AbortSignal.any([signal, AbortSignal.timeout(TELL_WITHIN_MS)]));
        attempt = 0;
      } catch (error) {
        const isRefused = error instanceof ProblemError && error.problem.status < 500;
        if (isRefused && this.#peer.resourceId === viewerId) {
          return; // the connection is of no more use either, and says so by itself
        }
        if (!(error instanceof Unreachable || error instanceof ProblemError)) {
          throw error;
        }
        await pause(backoffMs(attempt), signal);
        attempt += 1;
      } finally {
        this.#telling = false;
      }
    }
  }

  #isDue(): boolean {
    return this.#peer.resourceId !== null && !sameSlots(this.#wanted, this.#shown);
  }

  async #tellOnce(signal: AbortSignal): Promise<void> {
    const viewerId = this.#peer.resourceId;
    const wanted = this.#wanted;
    if (viewerId === null) {
      return;
    }
    const path = { validation_session_id: this.#sessionId, viewer_id: viewerId };
    const address = "/api/whep/rooms/{validation_session_id}/{viewer_id}/slots";
    const { sources } = await bodyOf(wire.PUT(address, { params: { path }, body: { sources: [...wanted] }, signal }));
    // A source that is over by now is not shown, and asking for it again would not change that.
    if (this.#peer.resourceId === viewerId) {
      this.#shown = wanted;
      this.#onSlots(sources);
    }
  }

  #show(slots: Slots): void {
    this.#shown = slots;
    this.#onSlots(slots);
  }

  #prepare(connection: RTCPeerConnection): void {
    this.#streams = Array.from({ length: VOICE_SLOTS }, (_, slot) => {
      const kinds = slot < this.#pictureSlots ? ["audio", "video"] : ["audio"];
      const tracks = kinds.map((kind) => connection.addTransceiver(kind, { direction: "recvonly" }).receiver.track);
      return new MediaStream(tracks);
    });
    keepBuffered(connection);
  }
}
