/** A connection whose path broke gets a new one by an ICE restart: source, keys and recording go on as they were. */

import { ProblemError, Unreachable } from "../api/client";
import { patchIce } from "../api/sdp";
import { pause } from "./backoff";
import { fragmentOf, renewedAnswer } from "./ice";

/** The server keeps a silent connection for a minute; after that only a new one helps. */
const MEND_WITHIN_MS = 55_000;
const ASK_WITHIN_MS = 3000;
const ASK_AGAIN_MS = 500;
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
    if (signal.aborted) {
      finish();
    }
  });
}

async function restart(connection: RTCPeerConnection, location: string, signal: AbortSignal): Promise<void> {
  const before = connection.remoteDescription?.sdp ?? "";
  connection.restartIce();
  await connection.setLocalDescription();
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN_MS)]);
    const fragment = await patchIce(location, fragmentOf(connection.localDescription?.sdp ?? ""), within);
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

/**
 * Restart ICE until the connection is back. Returns whether it is; false when it took too long, was given up, or the
 * server does not know this connection any more.
 */
export async function mend(connection: RTCPeerConnection, location: string, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + MEND_WITHIN_MS;
  while (!signal.aborted && performance.now() < until && !isOver(connection)) {
    try {
      await restart(connection, location, signal);
      if (await connectedWithin(connection, CONNECT_WITHIN_MS, signal)) {
        return true;
      }
    } catch (error) {
      if (error instanceof ProblemError) {
        return false;
      }
      if (!(error instanceof Unreachable)) {
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
