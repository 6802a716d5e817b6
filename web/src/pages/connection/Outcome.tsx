import { Trans } from "@lingui/react/macro";
import { pathWord } from "../../app/lineWords";
import type { LineResult } from "../../live/line";
import { WAYS, type Way } from "../../live/state";
import { Alert, type AlertKind } from "../../ui/Alert";
import { Doors } from "./Doors";

const KINDS: Record<Way, AlertKind> = {
  direct: "success",
  relay_udp: "success",
  relay_tcp: "warning",
  relay_tls: "warning",
};

/** What the test says, in a sentence, and what to do. */
export function Outcome({ result }: { result: LineResult }) {
  const path = WAYS.find((way) => result.worked.includes(way)) ?? null;
  return (
    <>
      <Alert kind={path === null ? "error" : KINDS[path]} heading={pathWord(path)} announced>
        <p>{sentenceOf(path)}</p>
      </Alert>
      {path !== "direct" && <Doors doors={result.doors} />}
    </>
  );
}

function sentenceOf(path: Way | null) {
  switch (path) {
    case "direct":
      return <Trans>Picture and sound go straight to the server. You are ready for the session.</Trans>;
    case "relay_udp":
      return <Trans>Picture and sound go through the relay. You are ready for the session.</Trans>;
    case "relay_tcp":
    case "relay_tls":
      return (
        <Trans>
          A firewall blocks UDP, so picture and sound go through the relay. The session will work; on a bad line the
          picture may stop for moments. It gets better when your IT department opens the direct way.
        </Trans>
      );
    case null:
      return (
        <Trans>
          A firewall blocks picture and sound. From this network the session cannot take place. Try another network,
          such as mobile data, or give the text below to your IT department and test again.
        </Trans>
      );
  }
}
