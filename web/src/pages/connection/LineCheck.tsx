import "./connection.css";
import { Trans } from "@lingui/react/macro";
import { useEffect } from "react";
import { Link } from "wouter";
import { LineTag } from "../../app/lineWords";
import { WAYS } from "../../live/state";
import { Waiting } from "../../ui/Waiting";
import { useLineTest } from "./useLineTest";

/** The test of the line in one row, begun by itself: a step of something else. */
export function LineCheck({ sessionId }: { sessionId: string }) {
  const { phase, result, start } = useLineTest(sessionId);
  useEffect(() => void start(), [start]);
  if (phase === "idle" || phase === "running") {
    return (
      <Waiting>
        <Trans>Testing the connection…</Trans>
      </Waiting>
    );
  }
  return (
    <div className="line-check" role="status">
      <span>
        <Trans>Connection:</Trans>
      </span>
      <LineTag line={result && { path: WAYS.find((way) => result.worked.includes(way)) ?? null }} />
      <Link to="/connection">
        {result?.worked.includes("direct") ? <Trans>Details</Trans> : <Trans>What to do</Trans>}
      </Link>
    </div>
  );
}
