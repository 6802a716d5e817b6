import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { CriterionView } from "../../api/criteria";
import { fetchSnapshot } from "../../api/snapshot";
import { DoorFrame } from "../../app/frame";
import { may } from "../../live/permissions";
import { Seat } from "../../live/seat";
import type { ParticipantState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { LiveRegion } from "../../ui/LiveRegion";
import { ProblemPage } from "../../ui/Problem";
import { sentenceFor } from "../../ui/problemSentences";
import { Waiting } from "../../ui/Waiting";
import { Before } from "./Before";
import { RoomContext, type RoomParts, useCase, useRoom, useSeat, useSession } from "./context";
import { inLanguage } from "./criteria";
import { DesktopRoom } from "./desktop/DesktopRoom";
import { Gate } from "./Gate";
import { Outside, SessionOver } from "./Over";
import { PhoneRoom } from "./phone/PhoneRoom";

const JoinSteps = lazy(() => import("../join/JoinSteps").then((module) => ({ default: module.JoinSteps })));

/** Narrow, or low and touched: a phone upright or lying. */
const HANDHELD = "(max-width: 47.9em), (pointer: coarse) and (max-height: 32em)";

const TELL_WITHIN_MS = 2000;

interface OpenedRoomProps {
  validationId: string;
  sessionId: string;
  participant: ParticipantState;
  criteria: readonly CriterionView[];
}

/** Takes the seat and keeps it until the person leaves; coming back takes a new one. */
export function OpenedRoom({ validationId, sessionId, participant, criteria }: OpenedRoomProps) {
  const { i18n } = useLingui();
  const [left, setLeft] = useState<"no" | "by_choice" | "removed">("no");
  const { seat, failure } = useTakenSeat(validationId, sessionId, participant, left === "no");
  const leave = useCallback(async () => {
    if (seat !== null) {
      await within(seat.room.send({ type: "room.leave", validation_session_id: sessionId }));
    }
    setLeft("by_choice");
  }, [seat, sessionId]);
  const local = useMemo(() => criteria.map((one) => inLanguage(one, i18n.locale)), [criteria, i18n.locale]);
  const parts = useMemo<RoomParts | null>(
    () => (seat === null ? null : { seat, criteria: local, leave: () => void leave() }),
    [seat, local, leave],
  );
  if (left !== "no") {
    return <Outside removed={left === "removed"} onReturn={() => setLeft("no")} />;
  }
  if (failure !== null) {
    return (
      <Before>
        <ProblemPage error={failure} retry={() => window.location.reload()} />
      </Before>
    );
  }
  if (parts === null) {
    return (
      <Before>
        <Waiting>
          <Trans>Opening the room…</Trans>
        </Waiting>
      </Before>
    );
  }
  return (
    <RoomContext value={parts}>
      <Inside onRemoved={() => setLeft("removed")} />
    </RoomContext>
  );
}

/** Wait for the word that somebody leaves to arrive, but not for a dead line; the server sees that by itself. */
async function within(told: Promise<number>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, TELL_WITHIN_MS));
  await Promise.race([told.catch(() => null), late]);
}

function useTakenSeat(validationId: string, sessionId: string, participant: ParticipantState, wanted: boolean) {
  const [seat, setSeat] = useState<Seat | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const { id: participantId, role, side } = participant;
  useEffect(() => {
    if (!wanted) {
      return;
    }
    let gone = false;
    let taken: Seat | null = null;
    const reload = () => fetchSnapshot(validationId);
    const handheld = window.matchMedia(HANDHELD).matches;
    const place = { validationId, validationSessionId: sessionId, participantId, role, side };
    const open = async () => {
      const opened = await Seat.open({ ...place, state: await reload(), reload, handheld });
      if (gone) {
        opened.close();
      } else {
        taken = opened;
        setSeat(opened);
      }
    };
    open().catch(setFailure);
    return () => {
      gone = true;
      taken?.close();
      setSeat(null);
    };
  }, [validationId, sessionId, participantId, role, side, wanted]);
  return { seat, failure };
}

function Inside({ onRemoved }: { onRemoved: () => void }) {
  const { plan } = useSeat();
  const session = useSession();
  const line = useRoom((view) => view.line);
  const mine = useCase((state) => state.participants[plan.participantId]);
  const ended = session.state !== "planned" && session.state !== "live";
  const reason = useRoom((view) => view.lineReason);
  const removed = line === "revoked" && !ended;
  useEffect(() => {
    if (removed) {
      onRemoved();
    }
  }, [removed, onRemoved]);
  if (ended) {
    return <SessionOver />;
  }
  if (line === "refused") {
    return <Refused code={reason ?? ""} />;
  }
  if (mine?.validation_session_id !== session.id || mine.standing !== "admitted") {
    return <Door />;
  }
  const films = plan.handheld && plan.side === "member" && may(plan.role, "publish_camera");
  return (
    <>
      {films ? <PhoneRoom /> : <DesktopRoom />}
      <LiveRegion />
    </>
  );
}

/** The server will not have this socket: most often because the login has ended. */
function Refused({ code }: { code: string }) {
  return (
    <Before>
      <Alert kind="error" announced>
        {sentenceFor({ type: "about:blank", title: code, status: 403, code })}
      </Alert>
      <p className="gate__act">
        <Button onClick={() => window.location.reload()}>
          <Trans>Try again</Trans>
        </Button>
      </p>
    </Before>
  );
}

/** The office goes in by itself; the member comes by the steps of the invitation, also when coming back. */
function Door() {
  const { plan } = useSeat();
  if (plan.side === "government") {
    return <Gate />;
  }
  const { validationId, validationSessionId: sessionId, participantId } = plan;
  return (
    <DoorFrame>
      <Suspense fallback={<Waiting />}>
        <JoinSteps place={{ validationId, sessionId, participantId }} />
      </Suspense>
    </DoorFrame>
  );
}
