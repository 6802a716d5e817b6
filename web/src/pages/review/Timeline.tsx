import { useLingui } from "@lingui/react/macro";
import { useSyncExternalStore } from "react";
import type { Lane, SessionRecording } from "../../api/review";
import type { Entry } from "../../live/entries";
import type { CaseState } from "../../live/state";
import { causeWord } from "../room/words";
import { type LaneClock, offsetOf, offsetWord } from "./clock";
import { laneWord } from "./playing";
import { share, TimelinePoints } from "./TimelinePoints";
import { entryWord, gapWord } from "./words";

interface TimelineProps {
  recording: SessionRecording;
  entries: readonly Entry[];
  state: CaseState;
  clock: LaneClock;
}

const ROWS = [
  { key: "stops", tags: /^tour\.(stop_opened|session_)/ },
  { key: "answers", tags: /^checklist\.answer_recorded/ },
  { key: "evidence", tags: /^evidence\.item_(admitted|quarantined)|^tour\.still_requested/ },
  { key: "marks", tags: /^tour\.(mark_set|privacy_)/ },
] as const;

/** What happened when, a lane each; every point seeks, and the list beside it says the same in words. */
export function Timeline({ recording, entries, state, clock }: TimelineProps) {
  const { t } = useLingui();
  const names = { stops: t`Stops`, answers: t`Answers`, evidence: t`Evidence`, marks: t`Marks` };
  const within = entries
    .map((entry) => ({ entry, at_ms: offsetOf(entry.at, recording.started_at) }))
    .filter(({ at_ms }) => at_ms >= 0 && at_ms <= clock.duration_ms);
  return (
    <section className="timeline" aria-label={t`Timeline`}>
      {recording.lanes.map((lane) => (
        <LaneRow key={lane.id} lane={lane} what={laneWord(lane, recording.lanes)} clock={clock} />
      ))}
      {ROWS.map(({ key, tags }) => (
        <div key={key} className="timeline__row">
          <span className="timeline__name">{names[key]}</span>
          <TimelinePoints
            kind={key}
            clock={clock}
            happenings={within
              .filter(({ entry }) => entry.tag !== null && tags.test(entry.tag))
              .map(({ entry, at_ms }) => ({ key: entry.seq, at_ms, word: entryWord(entry, state) }))}
          />
        </div>
      ))}
      <Interruptions recording={recording} within={within} state={state} clock={clock} />
      <Playhead clock={clock} />
    </section>
  );
}

interface InterruptionsProps extends Omit<TimelineProps, "entries"> {
  within: readonly { entry: Entry; at_ms: number }[];
}

/** Stretches in which a source was paused; the entry is written at their end, so its words are at their beginning. */
function Interruptions({ recording, within, state, clock }: InterruptionsProps) {
  const { t } = useLingui();
  const words = new Map(within.map(({ entry }) => [entry.seq, entryWord(entry, state)]));
  const stretches = state.interruptions
    .filter((one) => one.validation_session_id === recording.validation_session_id)
    .map((one) => {
      const start_ms = Math.max(0, offsetOf(one.started_at, recording.started_at));
      const end_ms = one.ended_at === null ? clock.duration_ms : offsetOf(one.ended_at, recording.started_at);
      return { key: one.seq, at_ms: start_ms, end_ms, word: words.get(one.seq) ?? causeWord(one.cause) };
    });
  return (
    <div className="timeline__row">
      <span className="timeline__name">{t`Interruptions`}</span>
      <div className="timeline__stretches">
        {stretches.map(({ key, at_ms, end_ms, word }) => (
          <span
            key={key}
            className="timeline__gap timeline__gap--paused"
            style={{ left: share(at_ms, clock), width: share(end_ms - at_ms, clock) }}
            title={word}
          />
        ))}
        <TimelinePoints kind="interruptions" clock={clock} happenings={stretches} />
      </div>
    </div>
  );
}

function LaneRow({ lane, what, clock }: { lane: Lane; what: string; clock: LaneClock }) {
  return (
    <div className="timeline__row">
      <span className="timeline__name">{what}</span>
      <div className="timeline__track timeline__track--filled">
        {lane.gaps.map((gap) => (
          <span
            key={gap.start_ms}
            className={gap.reason === "private" ? "timeline__gap timeline__gap--private" : "timeline__gap"}
            style={{ left: share(gap.start_ms, clock), width: share(gap.end_ms - gap.start_ms, clock) }}
            title={`${gapWord(gap.reason)} ${offsetWord(gap.start_ms)}–${offsetWord(gap.end_ms)}`}
          />
        ))}
      </div>
    </div>
  );
}

function Playhead({ clock }: { clock: LaneClock }) {
  const { position_ms } = useSyncExternalStore(clock.store.subscribe, clock.store.view);
  return (
    <div className="timeline__over" aria-hidden="true">
      <span className="timeline__head" style={{ left: share(position_ms, clock) }} />
    </div>
  );
}
