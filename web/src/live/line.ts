/**
 * By which ways this browser reaches the media port: each is tried with a connection of its own, all at once.
 * Nothing is sent; camera and microphone stay off.
 */

import { postProbe } from "../api/line";
import { WAYS, type Way } from "./state";

/** The server gives a connection that never comes twelve seconds. */
const WITHIN_MS = 10_000;
const RELAY = /^(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/;
const CANDIDATE = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/gim;

/** Where a firewall must let this browser through. */
export interface LineDoor {
  readonly protocol: "UDP" | "TCP" | "TLS";
  /** An IPv6 address in brackets, as the relay's addresses and browsers write it. */
  readonly host: string;
  readonly port: number;
  readonly of: "media" | "relay";
}

export interface LineResult {
  readonly tried: readonly Way[];
  readonly worked: readonly Way[];
  /** In the order of the ways. */
  readonly doors: readonly LineDoor[];
}

interface Relay {
  readonly way: Way;
  readonly server: RTCIceServer;
  readonly door: LineDoor;
}

function relayOf(server: RTCIceServer): Relay[] {
  return [server.urls].flat().flatMap((url): Relay[] => {
    const [, scheme, host, port, transport] = RELAY.exec(url) ?? [];
    if (scheme === undefined || host === undefined) return [];
    const tls = scheme === "turns";
    const protocol = tls ? "TLS" : transport === "tcp" ? "TCP" : "UDP";
    const way = ({ TLS: "relay_tls", TCP: "relay_tcp", UDP: "relay_udp" } as const)[protocol];
    const door = { protocol, host, port: Number(port ?? (tls ? 5349 : 3478)), of: "relay" } as const;
    return [{ way, server: { ...server, urls: url }, door }];
  });
}

/** The media port's own addresses, as an answer tells them. */
export function mediaDoors(answer: string): LineDoor[] {
  const found = [...answer.matchAll(CANDIDATE)].map(([, host = "", port]) => ({ host, port: Number(port) }));
  return found.map(({ host, port }) => {
    return { protocol: "UDP", host: host.includes(":") ? `[${host}]` : host, port, of: "media" };
  });
}

function connected(connection: RTCPeerConnection, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WITHIN_MS);
    const look = () => {
      const state = connection.connectionState;
      if (state === "connected" || state === "failed" || state === "closed" || signal.aborted) {
        clearTimeout(timer);
        resolve(state === "connected");
      }
    };
    connection.addEventListener("connectionstatechange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

async function tryPath(relay: RTCIceServer | null, signal: AbortSignal): Promise<{ works: boolean; answer: string }> {
  const connection = new RTCPeerConnection(
    relay === null ? { iceServers: [] } : { iceServers: [relay], iceTransportPolicy: "relay" },
  );
  try {
    connection.addTransceiver("audio", { direction: "recvonly" });
    await connection.setLocalDescription();
    const answer = await postProbe(connection.localDescription?.sdp ?? "", signal);
    await connection.setRemoteDescription({ type: "answer", sdp: answer });
    return { works: await connected(connection, signal), answer };
  } finally {
    connection.close();
  }
}

/**
 * Try every way there is. Args: servers: the relay's addresses; onWay: told as each way is known.
 * Rejects with ProblemError or Unreachable when the server cannot be asked: then nothing is known of the line.
 */
export async function testLine(
  servers: readonly RTCIceServer[],
  onWay: (way: Way, works: boolean | null) => void,
  signal: AbortSignal,
): Promise<LineResult> {
  const relays = servers.flatMap(relayOf);
  const tried = WAYS.filter((way) => way === "direct" || relays.some((relay) => relay.way === way));
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    const found = await Promise.all(
      tried.map(async (way) => {
        onWay(way, null);
        const relay = relays.find((one) => one.way === way);
        const { works, answer } = await tryPath(relay?.server ?? null, either);
        onWay(way, works);
        return { way, works, doors: relay ? [relay.door] : mediaDoors(answer) };
      }),
    );
    const worked = found.filter((one) => one.works).map((one) => one.way);
    return { tried, worked, doors: found.flatMap((one) => one.doors) };
  } finally {
    failed.abort();
  }
}
