/** A connection whose path broke gets a new one by an ICE restart: source, keys and recording go on as they were. */

import { ProblemError, Unreachable } from "../api/client";
import { relaysIfAny } from "../api/relays";
import { patchIce, type Renewed } from "../api/sdp";
import { pause } from "./backoff";
import { fragmentOf, renewedAnswer } from "./ice";

/** The server keeps a silent connection for a minute; after that only a new one helps. */
const MEND_WITHIN_MS = 55_000;
const ASK_WITHIN_MS = 3000;
/** Nobody knows when the line comes back, so requests go out this often, without waiting for the ones before. */
const ASK_EVERY_MS = 500;
const ASK_AGAIN_MS = 200;
const SESSION_CHANGED = 412;
/** Refusals that pass: too many requests, or a server that is just starting. */
const PASSING = new Set([408, 429, 502, 503, 504]);
/** Checks go out all this time, some twenty a second, so a path that comes back is found at once. */
const CONNECT_WITHIN_MS = 12_000;

/** Resolve when the connection is connected, closed or broken, or after `ms`. Returns whether it is connected. */
function connectedWithin(connection: RTCPeerConnection, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      connection.removeEventListener("connectionstatechange", look);
      signal.removeEventListener("abort", finish);
      resolve(connection.connectionState === "connected" && !signal.aborted);
    };
    const look = () => {
      if (["connected", "failed", "closed"].includes(connection.connectionState)) {
        finish();
      }
    };
    const timer = setTimeout(finish, ms);
    connection.addEventListener("connectionstatechange", look);
    signal.addEventListener("abort", finish);
    // The old path may have come back while the server was asked.
    if (signal.aborted || connection.connectionState === "connected") {
      finish();
    }
  });
}

/** Where to renew the ICE of a connection, and the tag of the session that is known. */
export interface IceSession {
  readonly location: string;
  etag: string;
}

/**
 * Ask until one request is answered. They all name the session they mean, so that one that arrives late, when another
 * has begun a new session already, changes nothing. Raises as `patchIce`.
 */
async function renewed(session: IceSession, fragment: string, signal: AbortSignal): Promise<Renewed> {
  const answered = new AbortController();
  const within = AbortSignal.any([signal, answered.signal, AbortSignal.timeout(ASK_WITHIN_MS)]);
  const wish = { fragment, etag: session.etag };
  const count = ASK_WITHIN_MS / ASK_EVERY_MS;
  try {
    return await new Promise((resolve, reject) => {
      let failed = 0;
      let refusal: unknown = null;
      const ask = async (number: number) => {
        if (number > 0) {
          await pause(number * ASK_EVERY_MS, within);
        }
        resolve(await patchIce(session.location, wish, within));
      };
      for (let number = 0; number < count; number += 1) {
        ask(number).catch((error: unknown) => {
          failed += 1;
          refusal ??= error instanceof ProblemError ? error : null;
          // A later request may be refused because of one before it, whose answer is still on its way.
          const isFinal = error instanceof ProblemError && !passes(error, number);
          if (isFinal || failed === count) {
            reject(refusal ?? error);
          }
        });
      }
    });
  } finally {
    answered.abort();
  }
}

/** Whether a refusal of one of several requests says nothing of the others. */
function passes({ problem }: ProblemError, number: number): boolean {
  return PASSING.has(problem.status) || (number > 0 && problem.status === SESSION_CHANGED);
}

async function restart(connection: RTCPeerConnection, session: IceSession, signal: AbortSignal): Promise<void> {
  const before = connection.remoteDescription?.sdp ?? "";
  // Credentials of the relay that have run out would open no path.
  connection.setConfiguration({ ...connection.getConfiguration(), iceServers: await relaysIfAny(signal) });
  connection.restartIce();
  await connection.setLocalDescription();
  try {
    const { fragment, etag } = await renewed(session, fragmentOf(connection.localDescription?.sdp ?? ""), signal);
    session.etag = etag;
    const sdp = renewedAnswer(before, fragment);
    if (sdp === null) {
      throw new Unreachable(new Error("an answer without credentials"));
    }
    await connection.setRemoteDescription({ type: "answer", sdp });
  } catch (error) {
    if (connection.signalingState === "have-local-offer") {
      await connection.setLocalDescription({ type: "rollback" });
    }
    throw error;
  }
}

/** Whether the keys are gone with the path: the other end has hung up, or the handshake never succeeded. */
function isOver(connection: RTCPeerConnection): boolean {
  const transports = connection.getTransceivers().map((one) => one.receiver.transport?.state);
  return (
    connection.connectionState === "closed" || transports.some((state) => state === "failed" || state === "closed")
  );
}

/** Whether a refusal only says that an answer was lost: then the session that it began is the one to renew. */
function takesUp(session: IceSession, { problem }: ProblemError): boolean {
  if (problem.status !== SESSION_CHANGED || typeof problem.etag !== "string") {
    return false;
  }
  session.etag = `"${problem.etag}"`;
  return true;
}

/**
 * Restart ICE until the connection is back. Returns whether it is; false when it took too long, was given up, or the
 * server does not know this connection any more.
 */
export async function mend(connection: RTCPeerConnection, session: IceSession, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + MEND_WITHIN_MS;
  while (!signal.aborted && performance.now() < until && !isOver(connection)) {
    try {
      await restart(connection, session, signal);
      if (await connectedWithin(connection, CONNECT_WITHIN_MS, signal)) {
        return true;
      }
    } catch (error) {
      if (error instanceof ProblemError && !PASSING.has(error.problem.status) && !takesUp(session, error)) {
        return false;
      }
      if (!(error instanceof Unreachable || error instanceof ProblemError)) {
        throw error;
      }
      if (connection.connectionState === "connected") {
        return true;
      }
      await pause(ASK_AGAIN_MS, signal);
    }
  }
  return false;
}
