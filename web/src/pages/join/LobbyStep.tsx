import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Link } from "wouter";
import { sendCommand } from "../../api/snapshot";
import { RecordingTag } from "../../app/words";
import { keepAwake } from "../../capture/wake";
import { Button } from "../../ui/Button";
import { TimeInZones } from "../../ui/TimeInZones";
import type { StepProps } from "./JoinSteps";
import { StepFrame } from "./StepFrame";

/** At the door. The page moves on by itself when the specialist admits. */
export function LobbyStep({ place, session, participant }: StepProps) {
  const { t } = useLingui();
  useEffect(() => keepAwake(), []);
  const removed = participant.standing === "removed";
  const leave = () => sendCommand(place.validationId, { type: "room.leave", validation_session_id: place.sessionId });
  return (
    <StepFrame
      step={4}
      title={removed ? t`You were taken out of the session` : t`The specialist will let you in`}
      foot={
        !removed && (
          <Button look="outline" onClick={leave}>
            <Trans>Check the camera again</Trans>
          </Button>
        )
      }
    >
      <div className="card stack lobby">
        <p className="lobby__state" role="status">
          <span className="waiting__dot" aria-hidden="true" />
          {removed ? (
            <Trans>Your camera and microphone are off. Wait here: the specialist can let you in again.</Trans>
          ) : session.state === "live" ? (
            <Trans>The session has begun. The specialist sees that you are waiting.</Trans>
          ) : (
            <Trans>The session has not begun yet. You can leave this page open.</Trans>
          )}
        </p>
        <TimeInZones at={session.starts_at} zone={session.time_zone} />
        <p>
          <RecordingTag recording={session.recording && participant.consent?.recording === true} />
        </p>
      </div>
      <div className="quiet stack">
        <p>
          <Trans>Keep this page in front; the screen stays on by itself.</Trans>
        </p>
        {session.state === "planned" && (
          <p>
            <Link to="/connection">
              <Trans>Test the connection</Trans>
            </Link>
          </p>
        )}
        <p>
          <Trans>Use headphones if you can, and have a charger or power bank at hand.</Trans>
        </p>
      </div>
    </StepFrame>
  );
}
