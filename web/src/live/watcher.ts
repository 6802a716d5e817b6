/** Receiving one source by WHEP. A source that reopens has a new id and so gets a new watcher. */

import { keepBuffered } from "./buffering";
import { Peer, type PeerState } from "./peer";
import type { SourceKind } from "./state";

export class Watcher {
  readonly #peer: Peer;
  readonly #kind: SourceKind;
  readonly #onStream: (stream: MediaStream) => void;

  constructor(
    source: { id: string; kind: SourceKind },
    onStream: (stream: MediaStream) => void,
    onState: (state: PeerState, code: string | null) => void,
  ) {
    this.#kind = source.kind;
    this.#onStream = onStream;
    this.#peer = new Peer({
      path: () => `/whep/${source.id}`,
      prepare: (connection) => this.#prepare(connection),
      onState,
    });
  }

  get connection(): RTCPeerConnection | null {
    return this.#peer.connection;
  }

  run(): Promise<void> {
    return this.#peer.run();
  }

  /** Args: ended: the server has ended it by itself. */
  close(ended = false): void {
    if (ended) {
      this.#peer.forget();
    }
    this.#peer.close();
  }

  renew(): void {
    this.#peer.renew();
  }

  #prepare(connection: RTCPeerConnection): void {
    const stream = new MediaStream();
    connection.addEventListener("track", (event) => {
      stream.addTrack(event.track);
      this.#onStream(stream);
    });
    if (this.#kind !== "screen") {
      connection.addTransceiver("audio", { direction: "recvonly" });
    }
    if (this.#kind !== "microphone") {
      connection.addTransceiver("video", { direction: "recvonly" });
    }
    keepBuffered(connection);
  }
}
