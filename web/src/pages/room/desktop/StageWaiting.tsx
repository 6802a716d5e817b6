import play from "icon:play";
import { Trans } from "@lingui/react/macro";
import type { ParticipantState, SessionState } from "../../../live/state";
import { Button } from "../../../ui/Button";
import { TimeInZones } from "../../../ui/TimeInZones";
import { useMay, useParticipants, useSeat, useSession } from "../context";
import { useAct } from "../useAct";

/** What the stage says while there is no picture, and the one step that brings it. */
export function StageWaiting() {
  const session = useSession();
  return (
    <div className="stage__waiting">
      {session.state === "live" ? <NoPicture /> : <NotLive session={session} />}
      {/* Outside of both, so that a focus on "Admit" survives the start of the session. */}
      <Waiting />
    </div>
  );
}

function NotLive({ session }: { session: SessionState }) {
  const { plan } = useSeat();
  const act = useAct();
  const mayStart = useMay("run_session");
  return (
    <>
      <p className="stage__say">
        <Trans>The session has not started.</Trans>
      </p>
      <p>
        <TimeInZones at={session.starts_at} zone={session.time_zone} />
      </p>
      {mayStart && (
        <Button
          icon={play}
          onClick={() => act({ type: "session.start", validation_session_id: plan.validationSessionId })}
        >
          <Trans>Start the session</Trans>
        </Button>
      )}
    </>
  );
}

function NoPicture() {
  const { plan } = useSeat();
  const people = Object.values(useParticipants());
  const filming = people.find(
    (one) => one.side === "member" && one.standing === "admitted" && one.camera && one.id !== plan.participantId,
  );
  return (
    <p className="stage__say">
      {filming === undefined ? (
        <Trans>Nobody sends a picture yet.</Trans>
      ) : (
        <Trans>Waiting for the camera of {filming.name}…</Trans>
      )}
    </p>
  );
}

/** Who stands at the door, with the key to it. */
function Waiting() {
  const { plan } = useSeat();
  const act = useAct();
  const mayAdmit = useMay("admit");
  const inLobby = Object.values(useParticipants()).filter(
    (one: ParticipantState) => one.standing === "lobby" && one.validation_session_id === plan.validationSessionId,
  );
  return (
    <ul className="stage__lobby">
      {inLobby.map((one) => (
        <li key={one.id}>
          <span>
            <Trans>{one.name} waits in the lobby.</Trans>
          </span>
          {mayAdmit && (
            <Button
              look="outline"
              small
              onClick={() =>
                act({
                  type: "participant.admit",
                  validation_session_id: plan.validationSessionId,
                  participant_id: one.id,
                })
              }
            >
              <Trans>Admit</Trans>
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
