import { useLingui } from "@lingui/react/macro";
import { useSyncExternalStore } from "react";
import type { Lane, SessionRecording } from "../../api/review";
import type { Entry } from "../../live/entries";
import type { CaseState } from "../../live/state";
import { type LaneClock, offsetOf, offsetWord } from "./clock";
import { share, TimelinePoints } from "./TimelinePoints";
import { entryWord, gapWord, laneTitle } from "./words";

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
        <LaneRow key={lane.id} lane={lane} clock={clock} />
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
      <Playhead clock={clock} />
    </section>
  );
}

function LaneRow({ lane, clock }: { lane: Lane; clock: LaneClock }) {
  return (
    <div className="timeline__row">
      <span className="timeline__name">{laneTitle(lane)}</span>
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
