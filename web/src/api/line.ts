/** What the test of the line asks of the server: a peer to reach, and a place to keep the result. */

import type { Way } from "../live/state";
import { bodyOf, type Schemas, wire } from "./client";

export type KeptLineTest = Schemas["LineTest"];

/** Offer a connection that only tries its path, and return the answer; raises ProblemError and Unreachable. */
export function postProbe(sdp: string, signal: AbortSignal): Promise<string> {
  const headers = { "content-type": "application/sdp" };
  return bodyOf(
    wire.POST("/api/probes", { body: sdp, bodySerializer: (offer) => offer, headers, parseAs: "text", signal }),
  );
}

/** Keep what the page found, for whoever plans the session. */
export function reportLine(
  sessionId: string,
  found: { tried: readonly Way[]; worked: readonly Way[] },
): Promise<KeptLineTest> {
  const params = { path: { validation_session_id: sessionId } };
  const results = new Map(found.tried.map((way) => [way, found.worked.includes(way)]));
  const body = {
    direct: results.get("direct") ?? false,
    relay_udp: results.get("relay_udp") ?? null,
    relay_tcp: results.get("relay_tcp") ?? null,
    relay_tls: results.get("relay_tls") ?? null,
  };
  return bodyOf(wire.POST("/api/validation-sessions/{validation_session_id}/line-tests", { params, body }));
}
