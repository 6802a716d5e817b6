/** The relay's addresses and what opens them, kept for half of the time that they are good for. */

import { bodyOf, ProblemError, type Schemas, Unreachable, wire } from "./client";

type IceServers = Schemas["IceServers"];

/** A connection does not wait longer for the relay: the direct path may be there. */
const ASK_WITHIN_MS = 3000;

let kept: { servers: RTCIceServer[]; until: number } | null = null;

function keep(told: IceServers): RTCIceServer[] {
  const servers = told.items.map(({ urls, username, credential }) => ({ urls, username, credential }));
  const now = Date.now();
  kept = { servers, until: now + (new Date(told.expires_at).getTime() - now) / 2 };
  return servers;
}

/** Ask for the relay's addresses, or for credentials that are good for longer; raises ProblemError and Unreachable. */
export async function askRelays(signal?: AbortSignal): Promise<RTCIceServer[]> {
  const fresh = kept !== null && Date.now() < kept.until ? kept.servers : null;
  return fresh ?? keep(await bodyOf(wire.GET("/api/ice", signal ? { signal } : {})));
}

/** The same for a connection that goes on without a relay when it cannot be asked for: the direct path may still be. */
export async function relaysIfAny(signal: AbortSignal): Promise<RTCIceServer[]> {
  try {
    return await askRelays(AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN_MS)]));
  } catch (error) {
    if (error instanceof ProblemError || error instanceof Unreachable) return kept?.servers ?? [];
    throw error;
  }
}
