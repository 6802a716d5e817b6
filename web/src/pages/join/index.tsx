import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { openJoinLink, useMe } from "../../api/me";
import { takeTokenFromAddress } from "../../app/linkToken";
import { Page } from "../../app/Page";
import { Alert } from "../../ui/Alert";
import { ProblemAlert, ProblemPage } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";
import { JoinSteps } from "./JoinSteps";

type Opening = { state: "opening" } | { state: "opened" } | { state: "failed"; error: Error };

/** Bind this browser to the link in the address, if there is one; without one the login of an earlier visit goes on. */
function useOpenedLink(): Opening {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const token = takeTokenFromAddress();
    if (!token) {
      setOpening({ state: "opened" });
      return;
    }
    openJoinLink(token).then(
      () => setOpening({ state: "opened" }),
      (error: Error) => setOpening({ state: "failed", error }),
    );
  }, []);
  return opening;
}

/** /join#token, on a phone: from the link in the invitation to the door of the room. */
export default function Join() {
  const { t } = useLingui();
  const opening = useOpenedLink();
  const me = useMe();
  if (opening.state === "failed") {
    return (
      <Page title={t`Join the session`}>
        <ProblemAlert error={opening.error} />
      </Page>
    );
  }
  if (opening.state === "opening" || me.isPending) {
    return (
      <Page title={t`Join the session`}>
        <Waiting>
          <Trans>Opening your invitation…</Trans>
        </Waiting>
      </Page>
    );
  }
  if (me.error)
    return (
      <Page title={t`Join the session`}>
        <ProblemPage error={me.error} retry={() => me.refetch()} />
      </Page>
    );
  const guest = me.data;
  if (!guest?.validation_id || !guest.validation_session_id || !guest.participant_id) {
    return (
      <Page title={t`Join the session`}>
        <Alert kind="info">
          <Trans>Open the link in your invitation to join a session.</Trans>
          <p>
            <Link to="/">
              <Trans>Sign in with an account</Trans>
            </Link>
          </p>
        </Alert>
      </Page>
    );
  }
  return (
    <JoinSteps
      place={{
        validationId: guest.validation_id,
        sessionId: guest.validation_session_id,
        participantId: guest.participant_id,
      }}
    />
  );
}
