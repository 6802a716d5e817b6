/** Fold of sources and of the stills asked of them. */

import { type CaseState, SOURCE_KINDS, type SourceState, type StillState } from "../state";
import { flagAt, textAt, textOrNullAt, wordAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function stillRequested(state: CaseState, { data, entry, by }: Told): CaseState {
  const still: StillState = {
    id: textAt(data, "still_id"),
    validation_session_id: textAt(data, "validation_session_id"),
    criterion_id: textOrNullAt(data, "criterion_id"),
    stop_id: textOrNullAt(data, "stop_id"),
    state: "requested",
    by: by.name,
    at: entry.at,
    item_id: null,
    reason: null,
  };
  return { ...state, stills: { ...state.stills, [still.id]: still } };
}

function stillDeclined(state: CaseState, { data }: Told): CaseState {
  const changes: Partial<StillState> = { state: "declined", reason: textAt(data, "reason") };
  return { ...state, stills: withChanges(state.stills, textAt(data, "still_id"), changes) };
}

function sourceOpened(state: CaseState, { data, entry }: Told): CaseState {
  const source: SourceState = {
    id: textAt(data, "source_id"),
    participant_id: textAt(data, "participant_id"),
    kind: wordAt(data, "kind", SOURCE_KINDS),
    validation_session_id: textAt(data, "validation_session_id"),
    open: true,
    recorded: flagAt(data, "recorded"),
    interrupted: false,
    photo_mode: false,
    opened_at: entry.at,
    filed_through_ms: null,
  };
  return { ...state, sources: { ...state.sources, [source.id]: source } };
}

function source(state: CaseState, { data }: Told, changes: Partial<SourceState>): CaseState {
  return { ...state, sources: withChanges(state.sources, textAt(data, "source_id"), changes) };
}

export const MEDIA: Steps = {
  "tour.still_requested": stillRequested,
  "tour.still_declined": stillDeclined,
  "tour.source_opened": sourceOpened,
  "tour.source_closed": (state, told) => source(state, told, { open: false, photo_mode: false }),
  "tour.source_interrupted": (state, told) => source(state, told, { interrupted: true }),
  "tour.source_resumed": (state, told) => source(state, told, { interrupted: false }),
  "tour.photo_mode_started": (state, told) => source(state, told, { photo_mode: true }),
  "tour.photo_mode_stopped": (state, told) => source(state, told, { photo_mode: false }),
};
