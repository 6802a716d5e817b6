import "./connection.css";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, Redirect, useParams } from "wouter";
import { useMe } from "../../api/me";
import { Page } from "../../app/Page";
import { Button } from "../../ui/Button";
import { ProblemAlert, ProblemPage } from "../../ui/Problem";
import { clockIn, myZone } from "../../ui/time";
import { Waiting } from "../../ui/Waiting";
import { Outcome } from "./Outcome";
import { useLineTest } from "./useLineTest";
import { Ways } from "./Ways";

/** /connection: before the day, on the device and in the place of the day, does the line let picture and sound through? */
export default function Connection() {
  const { validationId, sessionId } = useParams();
  const me = useMe();
  if (me.data === null) return <Redirect to="/join" />;
  if (me.data === undefined)
    return me.error ? <ProblemPage error={me.error} retry={() => me.refetch()} /> : <Waiting />;
  const guest = me.data.kind === "guest";
  const back = guest ? "/join" : sessionId ? `/validations/${validationId}/sessions/${sessionId}` : "/";
  return <ConnectionTest sessionId={(guest ? me.data.validation_session_id : sessionId) ?? null} back={back} />;
}

function ConnectionTest({ sessionId, back }: { sessionId: string | null; back: string }) {
  const { t } = useLingui();
  const test = useLineTest(sessionId);
  const running = test.phase === "running";
  return (
    <Page
      title={t`Test the connection`}
      trail={
        <Link to={back}>
          <Trans>Back</Trans>
        </Link>
      }
    >
      <div className="stack">
        <p>
          <Trans>
            This tries every way from this device to the server of picture and sound. Your camera and microphone stay
            off. Use the device and the network of the day, at the site itself.
          </Trans>
        </p>
        <div className="actions">
          <Button busy={running} onClick={test.start}>
            {test.phase === "idle" ? <Trans>Start the test</Trans> : <Trans>Test again</Trans>}
          </Button>
        </div>
        {running && (
          <Waiting>
            <Trans>Testing. This takes up to ten seconds.</Trans>
          </Waiting>
        )}
        {test.phase === "failed" && test.error && <ProblemAlert error={test.error} />}
        {test.phase !== "idle" && test.phase !== "failed" && <Ways ways={test.ways} />}
        {test.result && <Outcome result={test.result} />}
        {test.phase === "done" && test.error && <ProblemAlert error={test.error} />}
        <div role="status">{test.kept && <Kept at={test.kept.tested_at} />}</div>
      </div>
    </Page>
  );
}

function Kept({ at }: { at: string }) {
  const time = clockIn(new Date(at), myZone());
  return (
    <p className="quiet">
      <Trans>Saved {time}. The specialist sees the result.</Trans>
    </p>
  );
}
