import { expect, test } from "vitest";
import { pathOf } from "./path";

const LOCAL = { type: "local-candidate", id: "L", networkType: "wifi", address: "10.0.0.4", port: 5000 };
const REMOTE = { type: "remote-candidate", id: "R", address: "192.0.2.9", port: 8443, protocol: "udp" };
const PAIR = { type: "candidate-pair", id: "P", nominated: true, localCandidateId: "L", remoteCandidateId: "R" };
const TRANSPORT = { type: "transport", id: "T", selectedCandidatePairId: "P", bytesSent: 900, bytesReceived: 100 };

test("way, last packet and bytes come from the selected pair and its transport", () => {
  const path = pathOf([TRANSPORT, { ...PAIR, lastPacketReceivedTimestamp: 77 }, LOCAL, REMOTE]);
  expect(path).toMatchObject({ lastReceivedMs: 77, bytes: 1000 });
  expect(path.way).toContain("192.0.2.9 8443 udp");
});

test("another port of this device is the same way, another network, relay or server is not", () => {
  const way = (local: object, remote: object = {}) =>
    pathOf([TRANSPORT, PAIR, { ...LOCAL, ...local }, { ...REMOTE, ...remote }]).way;
  expect(way({ port: 6000 })).toBe(way({}));
  const others = [way({ networkType: "cellular" }), way({ relayProtocol: "tls" }), way({}, { port: 8444 })];
  expect(new Set([way({}), ...others]).size).toBe(4);
});

test("a browser without transport statistics is read by its nominated pair, one without any has no way", () => {
  expect(pathOf([{ ...PAIR, bytesSent: 5 }, LOCAL, REMOTE])).toMatchObject({ bytes: 5, lastReceivedMs: null });
  expect(pathOf([{ type: "codec", id: "C" }])).toEqual({ way: null, lastReceivedMs: null, bytes: 0 });
});
