import { Trans } from "@lingui/react/macro";
import { Redirect, useLocation, useParams } from "wouter";
import { useCriteria } from "../../api/criteria";
import { useMe } from "../../api/me";
import { useSnapshot } from "../../api/snapshot";
import type { Me } from "../../api/types";
import { useValidation } from "../../api/validations";
import { Alert } from "../../ui/Alert";
import { ProblemPage } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";
import { Before } from "./Before";
import { OpenedRoom } from "./OpenedRoom";
import "./room.css";

/** /room/:validationId/:sessionId: who I am here, the case as it stands, then the room itself. */
export default function RoomPage() {
  const { validationId = "", sessionId = "" } = useParams();
  const [location] = useLocation();
  const me = useMe();
  const snapshot = useSnapshot(validationId);
  const criteria = useCriteria(validationId);
  const validation = useValidation(me.data?.kind === "account" ? validationId : "");
  if (me.data === null) {
    return <Redirect to={`/sign-in?next=${encodeURIComponent(location)}`} />;
  }
  const failed = [me, snapshot, criteria, validation].find((one) => one.error !== null);
  if (failed?.error) {
    return (
      <Before>
        <ProblemPage error={failed.error} retry={() => failed.refetch()} />
      </Before>
    );
  }
  const seated = me.data?.kind === "guest" || validation.data !== undefined;
  if (me.data === undefined || snapshot.data === undefined || criteria.data === undefined || !seated) {
    return (
      <Before>
        <Waiting />
      </Before>
    );
  }
  const participant = snapshot.data.participants[participantOf(me.data, validation.data?.participants) ?? ""];
  if (participant === undefined || snapshot.data.sessions[sessionId] === undefined) {
    return (
      <Before>
        <Alert kind="info">
          <Trans>You are not on the roster of this session. Ask the lead specialist to add you.</Trans>
        </Alert>
      </Before>
    );
  }
  return (
    <OpenedRoom
      key={`${validationId} ${sessionId} ${participant.id}`}
      validationId={validationId}
      sessionId={sessionId}
      participant={participant}
      criteria={criteria.data}
    />
  );
}

/** A guest is one participant; an account is found on the roster. */
function participantOf(
  me: Me,
  roster: readonly { id: string; account_id: string | null }[] | undefined,
): string | undefined {
  return me.participant_id ?? roster?.find((one) => one.account_id === me.account_id)?.id;
}
