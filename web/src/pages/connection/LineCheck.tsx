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
  const isOver = phase === "done" || phase === "failed";
  const path = WAYS.find((way) => result?.worked.includes(way)) ?? null;
  useEffect(() => void start(), [start]);
  // Said once it is over, in a region that was there before.
  return (
    <div role="status">
      {isOver ? (
        <div className="line-check">
          <span>
            <Trans>Connection:</Trans>
          </span>
          <LineTag line={result && { path }} />
          <Link to="/connection">
            {path === "direct" || path === "relay_udp" ? <Trans>Details</Trans> : <Trans>What to do</Trans>}
          </Link>
        </div>
      ) : (
        <Waiting quiet>
          <Trans>Testing the connection…</Trans>
        </Waiting>
      )}
    </div>
  );
}
