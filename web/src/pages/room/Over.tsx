import { Trans, useLingui } from "@lingui/react/macro";
import { DoorFrame } from "../../app/frame";
import { Page } from "../../app/Page";
import { SessionStateTag } from "../../app/words";
import { Alert } from "../../ui/Alert";
import { Button, LinkButton } from "../../ui/Button";
import { useSeat, useSession, useUploads } from "./context";
import { QueueList } from "./QueueList";

/** After the end: what becomes of it, what is still on its way from this device, and where to go on. */
export function SessionOver() {
  const { t } = useLingui();
  const session = useSession();
  const { plan } = useSeat();
  const office = plan.side === "government";
  return (
    <DoorFrame>
      <Page title={session.state === "ended" ? t`The session is over` : t`This session does not take place`}>
        <div className="card stack">
          <p>
            <SessionStateTag state={session.state} />
          </p>
          {session.state === "ended" && (
            <p>
              <Trans>
                Recordings are being closed and filed. Everything that was captured is in the evidence locker.
              </Trans>
            </p>
          )}
          <OnTheirWay />
        </div>
        {office && (
          <p className="gate__act">
            <LinkButton to={`/validations/${plan.validationId}`}>
              <Trans>Go to the validation</Trans>
            </LinkButton>
          </p>
        )}
      </Page>
    </DoorFrame>
  );
}

function OnTheirWay() {
  const { items } = useUploads();
  if (items.length === 0) {
    return null;
  }
  return (
    <>
      <Alert kind="warning">
        <Trans>Files are still on their way from this device. Keep this page open until they are sent.</Trans>
      </Alert>
      <ul className="queue">
        <QueueList as="rows" />
      </ul>
    </>
  );
}

/** Gone by one's own choice, or put out; the way back. */
export function Outside({ removed, onReturn }: { removed: boolean; onReturn: () => void }) {
  const { t } = useLingui();
  return (
    <DoorFrame>
      <Page title={removed ? t`You are no longer in the session` : t`You have left the session`}>
        <div className="card stack">
          <p>
            {removed ? (
              <Trans>Your access to this session was ended. Camera and microphone are off.</Trans>
            ) : (
              <Trans>Camera and microphone are off. You can come back as long as the session runs.</Trans>
            )}
          </p>
        </div>
        <p className="gate__act">
          <Button onClick={onReturn}>
            <Trans>Come back</Trans>
          </Button>
        </p>
      </Page>
    </DoorFrame>
  );
}
