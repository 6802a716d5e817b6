/** Sending one source by WHIP: a camera with its microphone, a microphone alone, or a screen. */

import { Peer, type PeerState } from "./peer";
import type { SourceKind } from "./state";

export const VIDEO_MAX_BPS = 2_500_000;
/** Until the browser knows what the line carries it would begin with a small picture, and keep it long on a good line. */
const SHARP_FOR_MS = 5000;
/** When the line is too thin for both, the voice goes first. */
const VOICE: RTCRtpEncodingParameters = { priority: "high", networkPriority: "high" };

async function prefer(sender: RTCRtpSender, degradationPreference: RTCDegradationPreference): Promise<void> {
  await sender.setParameters({ ...sender.getParameters(), degradationPreference });
}

export class Publisher {
  readonly #stream: MediaStream;
  readonly #peer: Peer;
  #held = false;

  constructor(
    where: { validationSessionId: string; kind: SourceKind },
    stream: MediaStream,
    onState: (state: PeerState, code: string | null) => void,
  ) {
    this.#stream = stream;
    this.#peer = new Peer({
      path: () => `/whip/${where.validationSessionId}?kind=${where.kind}`,
      prepare: (connection) => this.#prepare(connection),
      onState: (state, code) => {
        if (state === "live") {
          this.#settle();
        }
        onState(state, code);
      },
    });
  }

  get connection(): RTCPeerConnection | null {
    return this.#peer.connection;
  }

  /** The id of the source in the ledger; null while it is not accepted. */
  get sourceId(): string | null {
    return this.#peer.resourceId;
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

  /** Send anew, because the server has ended this source. */
  renew(): void {
    this.#peer.forget();
    this.#peer.renew();
  }

  /** Send no picture, or send it again; nothing is negotiated for it. */
  async hold(on: boolean): Promise<void> {
    this.#held = on;
    await this.#videoSender?.replaceTrack(on ? null : (this.#stream.getVideoTracks()[0] ?? null));
  }

  /** Send another camera or microphone from now on, on the same connection. The stream is the owner's to change. */
  async replace(track: MediaStreamTrack): Promise<void> {
    if (track.kind === "video") {
      await this.#videoSender?.replaceTrack(this.#held ? null : track);
      return;
    }
    const sender = this.#peer.connection?.getSenders().find((one) => one.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  get #videoSender(): RTCRtpSender | undefined {
    const transceivers = this.#peer.connection?.getTransceivers() ?? [];
    return transceivers.find((one) => one.receiver.track.kind === "video")?.sender;
  }

  #prepare(connection: RTCPeerConnection): void {
    for (const track of this.#stream.getTracks()) {
      const video = track.kind === "video";
      // All codecs are offered: which one the room is sent in, the server answers.
      const transceiver = connection.addTransceiver(track, {
        direction: "sendonly",
        streams: [this.#stream],
        sendEncodings: [video ? { maxBitrate: VIDEO_MAX_BPS } : VOICE],
      });
      if (video && this.#held) {
        void transceiver.sender.replaceTrack(null);
      }
      if (video) {
        void prefer(transceiver.sender, "maintain-resolution");
      }
    }
  }

  /** By now the line is known: from here on the browser makes the picture smaller, and slower, as it has to. */
  #settle(): void {
    const { connection } = this.#peer;
    setTimeout(() => {
      const sender = this.#videoSender;
      if (sender !== undefined && connection?.connectionState === "connected") {
        void prefer(sender, "balanced");
      }
    }, SHARP_FOR_MS);
  }
}
