/**
 * One peer connection that heals by itself: when the path dies its ICE is restarted, and when that does not help it is
 * offered anew, until it is closed.
 * WHIP and WHEP differ only in their tracks and in the path they post to.
 */

import { ProblemError, Unreachable } from "../api/client";
import { relaysIfAny } from "../api/relays";
import { endPeer, postOffer } from "../api/sdp";
import { backoffMs, pause } from "./backoff";
import { type IceSession, mend } from "./mending";

const CONNECT_WITHIN_MS = 10_000;
const GATHER_WITHIN_MS = 600;
/** An offer that is not answered by then was lost with its line. */
const ANSWER_WITHIN_MS = 10_000;
/** Refusals that time alone will not change; all others, a restarting server's among them, are tried again. */
const FINAL_STATUS = new Set([400, 401, 403, 404, 410, 415, 422]);

export type PeerState = "connecting" | "live" | "reconnecting" | "refused" | "closed";

export interface PeerPlan {
  /** Path under /api, such as `/whip/…`. */
  readonly path: () => string;
  /** Add tracks or transceivers to a fresh connection. */
  readonly prepare: (connection: RTCPeerConnection) => void;
  readonly onState: (state: PeerState, code: string | null) => void;
  /** Called once a new connection is answered: from then on the server knows it. */
  readonly onAnswer?: () => void;
}

async function gathered(connection: RTCPeerConnection, signal: AbortSignal): Promise<void> {
  if (connection.iceGatheringState === "complete") {
    return;
  }
  const complete = new Promise<void>((resolve) => {
    connection.addEventListener("icegatheringstatechange", () => {
      if (connection.iceGatheringState === "complete") {
        resolve();
      }
    });
  });
  await Promise.race([complete, pause(GATHER_WITHIN_MS, signal)]);
}

/** Resolve when the connection has lost its path, or has not connected in time. Returns whether it had one. */
function lost(connection: RTCPeerConnection, signal: AbortSignal, onLive: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    let live = false;
    const finish = () => {
      clearTimeout(timer);
      connection.removeEventListener("connectionstatechange", look);
      signal.removeEventListener("abort", look);
      resolve(live);
    };
    const look = () => {
      const state = connection.connectionState;
      if (state === "connected" && !signal.aborted) {
        clearTimeout(timer);
        live = true;
        onLive();
      } else if (live || signal.aborted || state === "failed" || state === "closed") {
        finish();
      }
    };
    const timer = setTimeout(finish, CONNECT_WITHIN_MS);
    connection.addEventListener("connectionstatechange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

export class Peer {
  readonly #plan: PeerPlan;
  readonly #abort = new AbortController();
  #connection: RTCPeerConnection | null = null;
  #location: string | null = null;
  #session: IceSession | null = null;
  #restart = new AbortController();

  constructor(plan: PeerPlan) {
    this.#plan = plan;
  }

  get connection(): RTCPeerConnection | null {
    return this.#connection;
  }

  /** The server's id of this peer or source: the end of the address it gave; null while there is none. */
  get resourceId(): string | null {
    return this.#location?.split("/").at(-1) ?? null;
  }

  /** Connect and stay connected until `close()` or a final refusal. */
  async run(): Promise<void> {
    const signal = this.#abort.signal;
    let attempt = 0;
    this.#plan.onState("connecting", null);
    while (!signal.aborted) {
      const outcome = await this.#once(() => {
        attempt = 0;
      });
      if (outcome === "refused" || signal.aborted) {
        break;
      }
      this.#plan.onState("reconnecting", null);
      await pause(backoffMs(attempt), signal);
      attempt += 1;
    }
  }

  /** Throw the present connection away and offer anew: the other end has moved, or the picture stands still. */
  renew(): void {
    this.#restart.abort();
  }

  /** The server has ended this one already, so there is nobody to tell. */
  forget(): void {
    this.#location = null;
  }

  close(): void {
    this.#abort.abort();
    this.#restart.abort();
    this.#plan.onState("closed", null);
  }

  async #once(onLive: () => void): Promise<"again" | "refused"> {
    this.#restart = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, this.#restart.signal]);
    const iceServers = await relaysIfAny(signal);
    if (signal.aborted) {
      return "again";
    }
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    try {
      this.#plan.prepare(connection);
      await this.#negotiate(connection, signal);
      await this.#keep(connection, signal, onLive);
    } catch (error) {
      return this.#classify(error);
    } finally {
      connection.close();
      this.#connection = null;
      this.#end();
    }
    return "again";
  }

  async #keep(connection: RTCPeerConnection, signal: AbortSignal, onLive: () => void): Promise<void> {
    const tellLive = () => {
      onLive();
      this.#plan.onState("live", null);
    };
    while (
      (await lost(connection, signal, tellLive)) &&
      !signal.aborted &&
      this.#location !== null &&
      this.#session !== null
    ) {
      this.#plan.onState("reconnecting", null);
      if (!(await mend(connection, this.#session, signal))) {
        return;
      }
    }
  }

  #end(): void {
    const location = this.#location;
    this.#location = null;
    if (location !== null) {
      // What cannot be told now the server finds out by itself.
      void endPeer(location).catch((error: unknown) => this.#classify(error));
    }
  }

  async #negotiate(connection: RTCPeerConnection, signal: AbortSignal): Promise<void> {
    await connection.setLocalDescription();
    await gathered(connection, signal);
    const offer = connection.localDescription;
    if (offer === null || signal.aborted) {
      throw new Unreachable(new Error("closed before the offer was made"));
    }
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const answer = await postOffer(this.#plan.path(), offer.sdp, within);
    this.#location = answer.location;
    this.#plan.onAnswer?.();
    this.#session = { location: answer.location, etag: answer.etag };
    await connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  }

  #classify(error: unknown): "again" | "refused" {
    if (error instanceof ProblemError) {
      if (FINAL_STATUS.has(error.problem.status)) {
        this.#plan.onState("refused", error.problem.code);
        return "refused";
      }
      return "again";
    }
    // A DOMException is the connection itself refusing a step, most often because it was closed in between.
    if (error instanceof Unreachable || error instanceof DOMException) {
      return "again";
    }
    throw error;
  }
}
