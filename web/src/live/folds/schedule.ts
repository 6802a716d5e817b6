/** Fold of the case and its sessions. */

import type { CaseState, SessionState } from "../state";
import { flagAt, numberAt, textAt, textsAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function opened(state: CaseState, { data, entry }: Told): CaseState {
  return {
    ...state,
    validation: {
      id: textAt(data, "validation_id"),
      number: textAt(data, "number"),
      member_id: textAt(data, "member_id"),
      member_name: textAt(data, "member_name"),
      entity_types: textsAt(data, "entity_types"),
      method: textAt(data, "method"),
      edition_id: textAt(data, "edition_id"),
      criteria_as_of: textAt(data, "criteria_as_of"),
      site_id: textAt(data, "site_id"),
      site_name: textAt(data, "site_name"),
      time_zone: textAt(data, "time_zone"),
      phase: "open",
      opened_at: entry.at,
      closed_at: null,
    },
  };
}

function closed(state: CaseState, { entry }: Told): CaseState {
  return state.validation === null
    ? state
    : { ...state, validation: { ...state.validation, phase: "closed", closed_at: entry.at } };
}

function scheduled(state: CaseState, { data }: Told): CaseState {
  const planned: SessionState = {
    id: textAt(data, "validation_session_id"),
    state: "planned",
    site_id: textAt(data, "site_id"),
    site_name: textAt(data, "site_name"),
    time_zone: textAt(data, "time_zone"),
    starts_at: textAt(data, "starts_at"),
    duration_min: numberAt(data, "duration_min"),
    recording: flagAt(data, "recording"),
    reason: null,
    started_at: null,
    ended_at: null,
    privacy: null,
    open_stop_id: null,
  };
  return { ...state, sessions: { ...state.sessions, [planned.id]: planned } };
}

function changed(state: CaseState, { data }: Told, changes: Partial<SessionState>): CaseState {
  return { ...state, sessions: withChanges(state.sessions, textAt(data, "validation_session_id"), changes) };
}

export const SCHEDULE: Steps = {
  "schedule.validation_opened": opened,
  "schedule.validation_closed": closed,
  "schedule.session_scheduled": scheduled,
  "schedule.session_rescheduled": (state, told) =>
    changed(state, told, {
      starts_at: textAt(told.data, "starts_at"),
      duration_min: numberAt(told.data, "duration_min"),
      reason: textAt(told.data, "reason"),
    }),
  "schedule.session_cancelled": (state, told) =>
    changed(state, told, { state: "cancelled", reason: textAt(told.data, "reason") }),
  "schedule.session_no_show": (state, told) =>
    changed(state, told, { state: "no_show", reason: textAt(told.data, "reason") }),
};
