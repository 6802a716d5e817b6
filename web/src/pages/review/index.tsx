import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useMemo, useState } from "react";
import { Link, useParams } from "wouter";
import { type CriterionView, useCriteria } from "../../api/criteria";
import { type SessionRecording, useCaseEntries, useCheckpoints, useRecordings, useStatedView } from "../../api/review";
import { useLiveSnapshot } from "../../api/snapshot";
import { Page } from "../../app/Page";
import type { CaseState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Loaded } from "../../ui/Loaded";
import { TabList } from "../../ui/TabList";
import { dayAndClockIn } from "../../ui/time";
import { Gallery } from "../evidence/Gallery";
import { useMayIn } from "../validations/useMayIn";
import { Answers } from "./Answers";
import { LaneClock, offsetOf } from "./clock";
import { Entries } from "./Entries";
import { Player } from "./Player";
import "./review.css";
import { Sign } from "./Sign";
import { Timeline } from "./Timeline";

/** /review/:validationId: is this claim true? From any answer to its picture, its file and its entry. */
export default function ReviewPage() {
  const { t } = useLingui();
  const { validationId = "" } = useParams();
  const snapshot = useLiveSnapshot(validationId);
  const criteria = useCriteria(validationId);
  useStatedView(validationId, "review", snapshot.data !== undefined);
  const validation = snapshot.data?.validation;
  return (
    <Page
      title={validation ? t`Review of ${validation.number}` : t`Review`}
      trail={
        <Link to={`/validations/${validationId}`}>
          {validation ? `${validation.number} · ${validation.member_name}` : t`Validation`}
        </Link>
      }
    >
      <Loaded query={snapshot}>
        {(state) => (
          <Loaded query={criteria}>
            {(found) => <Body validationId={validationId} state={state} criteria={found} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface BodyProps {
  validationId: string;
  state: CaseState;
  criteria: readonly CriterionView[];
}

function Body({ validationId, state, criteria }: BodyProps) {
  const { t } = useLingui();
  const recordings = useRecordings(validationId);
  const [chosen, setChosen] = useState<string | null>(null);
  const sessions = recordings.data ?? [];
  const recording = sessions.find((one) => one.validation_session_id === chosen) ?? sessions.at(-1);
  const duration = recording ? offsetOf(recording.ended_at, recording.started_at) : 0;
  // A new clock for another session, or for lanes that were put together meanwhile.
  const key = recording ? `${recording.validation_session_id} ${recording.lanes.length}` : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the session and its lanes
  const clock = useMemo(() => new LaneClock(duration), [key, duration]);
  const zone = state.validation?.time_zone ?? "UTC";
  const seek = (at: string) => {
    const session = sessions.find((one) => one.started_at <= at && at <= one.ended_at) ?? recording;
    if (session === undefined) return;
    setChosen(session.validation_session_id);
    clock.seek(offsetOf(at, session.started_at));
  };
  return (
    <div className="review">
      <div className="review__watch">
        {sessions.length > 1 && (
          <select
            className="usa-select"
            aria-label={t`Session`}
            value={recording?.validation_session_id ?? ""}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {sessions.map((one) => (
              <option key={one.validation_session_id} value={one.validation_session_id}>
                {dayAndClockIn(new Date(one.started_at), zone)}
              </option>
            ))}
          </select>
        )}
        <Watch key={key} recording={recording} clock={clock} state={state} validationId={validationId} zone={zone} />
      </div>
      <Work validationId={validationId} state={state} criteria={criteria} zone={zone} onSeek={seek} />
    </div>
  );
}

interface WatchProps {
  recording: SessionRecording | undefined;
  clock: LaneClock;
  state: CaseState;
  validationId: string;
  zone: string;
}

function Watch({ recording, clock, state, validationId, zone }: WatchProps) {
  const entries = useCaseEntries(validationId, state.seq);
  if (recording === undefined) {
    return (
      <Alert kind="info">
        <Trans>No session has ended yet, so there is nothing to watch.</Trans>
      </Alert>
    );
  }
  return (
    <>
      {!recording.complete && (
        <Alert kind="info">
          <Trans>The recording is being put together. It appears here by itself.</Trans>
        </Alert>
      )}
      <Player recording={recording} clock={clock} zone={zone} />
      <Timeline recording={recording} entries={entries.data ?? []} state={state} clock={clock} />
    </>
  );
}

type Tab = "answers" | "entries" | "evidence";

function Work(props: BodyProps & { zone: string; onSeek: (at: string) => void }) {
  const { validationId, state, criteria, zone, onSeek } = props;
  const { t } = useLingui();
  const [tab, setTab] = useState<Tab>("answers");
  const entries = useCaseEntries(validationId, state.seq);
  const checkpoints = useCheckpoints(validationId);
  const may = useMayIn(validationId);
  const mayReview = may("review") && state.review_signed === null;
  const covered = checkpoints.data?.items.at(-1)?.size ?? 0;
  useEffect(() => {
    if (state.seq > covered) void checkpoints.refetch();
  }, [state.seq, covered, checkpoints.refetch]);
  const tabs: readonly [Tab, string][] = [
    ["answers", t`Answers`],
    ["entries", t`Entries`],
    ["evidence", t`Evidence`],
  ];
  return (
    <div className="review__work card">
      <Sign validationId={validationId} state={state} maySign={mayReview} />
      <TabList label={t`What to look at`} tabs={tabs} chosen={tab} panel="review-pane" onChoose={setTab} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the pane scrolls, so the keyboard must reach it */}
      <div id="review-pane" className="review__pane" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === "answers" && (
          <Answers
            validationId={validationId}
            state={state}
            criteria={criteria}
            zone={zone}
            mayMark={mayReview}
            onSeek={onSeek}
          />
        )}
        {tab === "entries" && (
          <Entries entries={entries.data ?? []} state={state} zone={zone} covered={covered} onSeek={onSeek} />
        )}
        {tab === "evidence" && <Gallery state={state} zone={zone} />}
      </div>
    </div>
  );
}
