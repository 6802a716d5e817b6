/** The path of one connection as its own statistics tell it. Pure but for `readPath`. */

export interface Path {
  /** Names the way to the server; another text is another way. Null while there is none. */
  readonly way: string | null;
  /** When a packet last came over it, in ms since 1970; null where the browser does not say. */
  readonly lastReceivedMs: number | null;
  /** Both directions, with everything that is sent around the media. */
  readonly bytes: number;
}

type Report = Readonly<Record<string, unknown>>;

function numberIn(report: Report | undefined, key: string): number | null {
  const value = report?.[key];
  return typeof value === "number" ? value : null;
}

function textIn(report: Report | undefined, key: string): string {
  const value = report?.[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Read the statistics, by the W3C's identifiers; what a browser lacks is null or 0. */
export function pathOf(reports: readonly Report[]): Path {
  const byId = new Map(reports.map((one) => [textIn(one, "id"), one]));
  const transport = reports.find((one) => one.type === "transport");
  const selected = byId.get(textIn(transport, "selectedCandidatePairId"));
  const pair = selected ?? reports.find((one) => one.type === "candidate-pair" && one.nominated === true);
  if (pair === undefined) {
    return { way: null, lastReceivedMs: null, bytes: 0 };
  }
  const [local, remote] = [byId.get(textIn(pair, "localCandidateId")), byId.get(textIn(pair, "remoteCandidateId"))];
  const way = [
    ...["networkType", "relayProtocol", "url", "address"].map((key) => textIn(local, key)),
    ...["address", "port", "protocol"].map((key) => textIn(remote, key)),
  ];
  const counts = transport ?? pair;
  return {
    way: way.join(" "),
    lastReceivedMs: numberIn(pair, "lastPacketReceivedTimestamp"),
    bytes: (numberIn(counts, "bytesSent") ?? 0) + (numberIn(counts, "bytesReceived") ?? 0),
  };
}

export async function readPath(connection: RTCPeerConnection): Promise<Path> {
  const reports: Report[] = [];
  (await connection.getStats()).forEach((report: Report) => {
    reports.push(report);
  });
  return pathOf(reports);
}
