/** Fold of sources and of the stills asked of them. */

import { CAUSES } from "../interruptions";
import {
  type CaseState,
  type InterruptionState,
  SOURCE_KINDS,
  SOURCE_TYPES,
  type SourceKind,
  type SourceState,
  type SourceType,
  type StillState,
} from "../state";
import { type Fields, flagAt, textAt, textOrNullAt, wordAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

const WITNESSES = ["page", "media"] as const;

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

/** Entries from before there were types have none: people's own pages sent those. */
function typeOf(data: Fields, kind: SourceKind): SourceType {
  if (textOrNullAt(data, "source_type") !== null) {
    return wordAt(data, "source_type", SOURCE_TYPES);
  }
  return kind === "screen" ? "screen" : "live_device";
}

function sourceOpened(state: CaseState, { data, entry }: Told): CaseState {
  const kind = wordAt(data, "kind", SOURCE_KINDS);
  const source: SourceState = {
    id: textAt(data, "source_id"),
    participant_id: textAt(data, "participant_id"),
    kind,
    source_type: typeOf(data, kind),
    name: textOrNullAt(data, "name"),
    validation_session_id: textAt(data, "validation_session_id"),
    open: true,
    recorded: flagAt(data, "recorded"),
    photo_mode: false,
    opened_at: entry.at,
    filed_through_ms: null,
  };
  return { ...state, sources: { ...state.sources, [source.id]: source } };
}

function source(state: CaseState, { data }: Told, changes: Partial<SourceState>): CaseState {
  return { ...state, sources: withChanges(state.sources, textAt(data, "source_id"), changes) };
}

function interrupted(state: CaseState, { data, entry }: Told): CaseState {
  const interruption: InterruptionState = {
    id: textAt(data, "interruption_id"),
    seq: entry.seq,
    validation_session_id: textAt(data, "validation_session_id"),
    source_id: textAt(data, "source_id"),
    cause: wordAt(data, "cause", CAUSES),
    started_at: textAt(data, "started_at"),
    ended_at: textOrNullAt(data, "ended_at"),
    reported_by: wordAt(data, "reported_by", WITNESSES),
    silent_from: textOrNullAt(data, "silent_from"),
    silent_until: textOrNullAt(data, "silent_until"),
  };
  return { ...state, interruptions: [...state.interruptions, interruption] };
}

export const MEDIA: Steps = {
  "tour.still_requested": stillRequested,
  "tour.still_declined": stillDeclined,
  "tour.source_opened": sourceOpened,
  "tour.interruption": interrupted,
  "tour.source_closed": (state, told) => source(state, told, { open: false, photo_mode: false }),
  "tour.photo_mode_started": (state, told) => source(state, told, { photo_mode: true }),
  "tour.photo_mode_stopped": (state, told) => source(state, told, { photo_mode: false }),
};
