import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useLiveSnapshot } from "../../api/snapshot";
import { Page } from "../../app/Page";
import { RecordingTag, SessionStateTag } from "../../app/words";
import type { CaseState, SessionState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Button, LinkButton } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { TimeInZones } from "../../ui/TimeInZones";
import { dayIn } from "../../ui/time";
import { Equipment } from "./Equipment";
import { Invitations } from "./Invitations";
import { LineTests } from "./LineTests";
import { CallOff, Reschedule } from "./sessionSteps";
import { useMayIn } from "./useMayIn";

export default function SessionPage() {
  const { t } = useLingui();
  const { validationId = "", sessionId = "" } = useParams();
  const snapshot = useLiveSnapshot(validationId);
  const session = snapshot.data?.sessions[sessionId];
  const day = session && dayIn(new Date(session.starts_at), session.time_zone);
  return (
    <Page
      title={day ? t`Session of ${day}` : t`Session`}
      trail={<Link to={`/validations/${validationId}`}>{snapshot.data?.validation?.number ?? t`Validation`}</Link>}
    >
      <Loaded query={snapshot}>
        {(state) =>
          session ? (
            <SessionBody state={state} validationId={validationId} session={session} />
          ) : (
            <Alert kind="error">
              <Trans>This validation has no such session.</Trans>
            </Alert>
          )
        }
      </Loaded>
    </Page>
  );
}

type Step = "reschedule" | "cancel" | "no-show";

function SessionBody({
  state,
  validationId,
  session,
}: {
  state: CaseState;
  validationId: string;
  session: SessionState;
}) {
  const may = useMayIn(validationId);
  const [step, setStep] = useState<Step | null>(null);
  const stepProps = { validationId, session, onClose: () => setStep(null) };
  const planned = session.state === "planned";
  return (
    <div className="stack">
      <section className="card">
        <div className="card__head">
          <div className="actions">
            <SessionStateTag state={session.state} />
            <RecordingTag recording={session.recording} />
          </div>
          {(planned || session.state === "live") && may("enter_room") && (
            <LinkButton to={`/room/${validationId}/${session.id}`}>
              <Trans>Open the room</Trans>
            </LinkButton>
          )}
        </div>
        <SessionFacts session={session} />
        {planned && may("schedule") && (
          <div className="actions session-steps">
            <Button look="outline" small onClick={() => setStep("reschedule")}>
              <Trans>Reschedule</Trans>
            </Button>
            <Button look="outline" small onClick={() => setStep("cancel")}>
              <Trans>Cancel session</Trans>
            </Button>
            <NoShowButton startsAt={session.starts_at} onPress={() => setStep("no-show")} />
          </div>
        )}
      </section>
      {may("connect_equipment") && <Equipment session={session} mayLetWatch={may("admit")} />}
      {may("schedule") && <Invitations state={state} session={session} />}
      {(planned || session.state === "live") && <LineTests state={state} session={session} />}
      {step === "reschedule" && <Reschedule {...stepProps} />}
      {(step === "cancel" || step === "no-show") && <CallOff {...stepProps} how={step} />}
    </div>
  );
}

/** Nobody is absent before the time has come. */
function NoShowButton({ startsAt, onPress }: { startsAt: string; onPress: () => void }) {
  const { t } = useLingui();
  const ahead = new Date(startsAt) > new Date();
  return (
    <Button
      look="outline"
      small
      disabled={ahead}
      title={ahead ? t`Possible once the time has come.` : undefined}
      onClick={onPress}
    >
      <Trans>Mark as no-show</Trans>
    </Button>
  );
}

function SessionFacts({ session }: { session: SessionState }) {
  const minutes = session.duration_min;
  return (
    <dl className="facts">
      <div>
        <dt>
          <Trans>Time</Trans>
        </dt>
        <dd>
          <TimeInZones at={session.starts_at} zone={session.time_zone} />
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Length</Trans>
        </dt>
        <dd>
          <Trans>{minutes} min</Trans>
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Site</Trans>
        </dt>
        <dd>{session.site_name}</dd>
      </div>
      {session.started_at && (
        <div>
          <dt>
            <Trans>Began</Trans>
          </dt>
          <dd>
            <TimeInZones at={session.started_at} zone={session.time_zone} dayless />
          </dd>
        </div>
      )}
      {session.ended_at && (
        <div>
          <dt>
            <Trans>Ended</Trans>
          </dt>
          <dd>
            <TimeInZones at={session.ended_at} zone={session.time_zone} dayless />
          </dd>
        </div>
      )}
      {session.reason && (
        <div>
          <dt>
            <Trans>Reason</Trans>
          </dt>
          <dd>{session.reason}</dd>
        </div>
      )}
    </dl>
  );
}
