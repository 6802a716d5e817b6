import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "../../app/Page";
import { SessionStateTag } from "../../app/words";
import { Alert } from "../../ui/Alert";
import { TimeInZones } from "../../ui/TimeInZones";
import type { StepProps } from "./JoinSteps";

/** The session will not take place or is over. */
export function NotNow({ session }: StepProps) {
  const { t } = useLingui();
  return (
    <Page title={t`Join the session`}>
      <div className="card stack">
        <p>
          <SessionStateTag state={session.state} />
        </p>
        <TimeInZones at={session.starts_at} zone={session.time_zone} />
        <Alert kind="info">
          {session.state === "ended" ? (
            <Trans>This session is over. What was captured is in the evidence locker. Thank you.</Trans>
          ) : (
            <Trans>
              This session does not take place. The specialist will send a new invitation if there is a new date.
            </Trans>
          )}
        </Alert>
      </div>
    </Page>
  );
}
