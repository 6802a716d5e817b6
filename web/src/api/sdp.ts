/** The one HTTP exchange of WHIP and WHEP: an offer goes in, an answer and the peer's own address come back. */

import { readProblem } from "../live/problem";
import { type Problem, ProblemError, Unreachable } from "./client";

export interface SdpAnswer {
  readonly sdp: string;
  /** Address to DELETE when the peer is done. */
  readonly location: string;
  /** Tag of the ICE session, as `If-Match` takes it. */
  readonly etag: string;
}

export interface Renewed {
  /** The server's own fragment; empty when the session is the present one. */
  readonly fragment: string;
  readonly etag: string;
}

/** Any ICE session, for a server whose tag did not come through. */
const ANY = "*";

function problemOf(response: Response, text: string): Problem {
  const plain = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: "unexpected_answer",
  };
  if (!response.headers.get("content-type")?.includes("json")) {
    return plain;
  }
  const body: unknown = JSON.parse(text);
  return readProblem(body) ?? plain;
}

async function send(address: string, request: RequestInit): Promise<{ headers: Headers; text: string }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { credentials: "same-origin", ...request });
    // A line may break between the head of an answer and its end.
    text = await response.text();
  } catch (cause) {
    throw new Unreachable(cause);
  }
  if (!response.ok) {
    throw new ProblemError(problemOf(response, text));
  }
  return { headers: response.headers, text };
}

/** Post an offer; raises ProblemError when refused and Unreachable when no answer came. */
export async function postOffer(path: string, sdp: string, signal: AbortSignal): Promise<SdpAnswer> {
  const headers = { "content-type": "application/sdp", accept: "application/sdp" };
  const answer = await send(`/api${path}`, { method: "POST", headers, body: sdp, signal });
  const location = answer.headers.get("location");
  if (location === null) {
    throw new Unreachable(new Error("an answer without Location"));
  }
  return { sdp: answer.text, location, etag: answer.headers.get("etag") ?? ANY };
}

/** Renew the ICE of a peer, if its session is still the one of `etag`. Raises as `postOffer`. */
export async function patchIce(location: string, { fragment, etag }: Renewed, signal: AbortSignal): Promise<Renewed> {
  const headers = { "content-type": "application/trickle-ice-sdpfrag", "if-match": etag };
  const answer = await send(location, { method: "PATCH", headers, body: fragment, signal });
  return { fragment: answer.text, etag: answer.headers.get("etag") ?? ANY };
}

/** End a peer. Sent with keepalive, so that it also leaves from a page that is going away; a lost one times out there. */
export async function endPeer(location: string): Promise<void> {
  try {
    await fetch(location, { method: "DELETE", credentials: "same-origin", keepalive: true });
  } catch (cause) {
    throw new Unreachable(cause);
  }
}
