/** Fold of the live walk: who stands where, which stop is open, what was marked and asked for. */

import { type CaseState, LANGUAGES, type ParticipantState, type SessionState } from "../state";
import { flagAt, numberAt, textAt, textOrNullAt, wordAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function session(state: CaseState, told: Told, changes: Partial<SessionState>): CaseState {
  return { ...state, sessions: withChanges(state.sessions, textAt(told.data, "validation_session_id"), changes) };
}

function mapped<Value>(things: Readonly<Record<string, Value>>, change: (one: Value) => Value) {
  return Object.fromEntries(Object.entries(things).map(([key, one]) => [key, change(one)]));
}

function ended(state: CaseState, told: Told): CaseState {
  const id = textAt(told.data, "validation_session_id");
  const after = session(state, told, { state: "ended", ended_at: told.entry.at, privacy: null });
  return {
    ...after,
    participants: mapped(state.participants, (one) =>
      one.validation_session_id === id && (one.standing === "lobby" || one.standing === "admitted")
        ? { ...one, standing: "left", present: false }
        : one,
    ),
    sources: mapped(state.sources, (one) =>
      one.validation_session_id === id ? { ...one, open: false, photo_mode: false } : one,
    ),
  };
}

function participant(state: CaseState, { data }: Told, changes: Partial<ParticipantState>): CaseState {
  const id = textAt(data, "participant_id");
  const sessionId = textAt(data, "validation_session_id");
  const known = state.participants[id];
  if (known === undefined) {
    return state;
  }
  // Standing and consent are given for one session and do not follow a person into the next.
  const here: ParticipantState =
    known.validation_session_id === sessionId
      ? known
      : {
          ...known,
          validation_session_id: sessionId,
          standing: "invited",
          consent: null,
          camera: null,
          microphone: null,
          present: false,
        };
  return { ...state, participants: { ...state.participants, [id]: { ...here, ...changes } } };
}

function consented(state: CaseState, told: Told): CaseState {
  const recording = flagAt(told.data, "recording");
  const language = wordAt(told.data, "language", LANGUAGES);
  return participant(state, told, { consent: { recording, language, at: told.entry.at } });
}

function inLobby(state: CaseState, told: Told): CaseState {
  const camera = flagAt(told.data, "camera");
  return participant(state, told, { standing: "lobby", camera, microphone: flagAt(told.data, "microphone") });
}

/** Who went has left; whose line broke stays admitted. */
function left(state: CaseState, told: Told): CaseState {
  const byChoice = flagAt(told.data, "by_choice");
  return participant(state, told, byChoice ? { standing: "left", present: false } : { present: false });
}

function stopAdded(state: CaseState, { data }: Told): CaseState {
  const stop = {
    id: textAt(data, "stop_id"),
    name: textAt(data, "name"),
    order: numberAt(data, "order"),
    validation_session_id: textAt(data, "validation_session_id"),
  };
  return { ...state, stops: { ...state.stops, [stop.id]: stop } };
}

function marked(state: CaseState, { data, entry, by }: Told): CaseState {
  const mark = {
    seq: entry.seq,
    at: entry.at,
    by: by.name,
    label: textAt(data, "label"),
    validation_session_id: textAt(data, "validation_session_id"),
    criterion_id: textOrNullAt(data, "criterion_id"),
    stop_id: textOrNullAt(data, "stop_id"),
  };
  return { ...state, marks: [...state.marks, mark] };
}

export const TOUR: Steps = {
  "tour.session_started": (state, told) => session(state, told, { state: "live", started_at: told.entry.at }),
  "tour.session_ended": ended,
  "tour.consent_given": consented,
  "tour.lobby_entered": inLobby,
  "tour.participant_admitted": (state, told) => participant(state, told, { standing: "admitted" }),
  "tour.participant_removed": (state, told) => participant(state, told, { standing: "removed", present: false }),
  "tour.participant_joined": (state, told) => participant(state, told, { present: true }),
  "tour.participant_left": left,
  "tour.privacy_started": (state, told) =>
    session(state, told, {
      privacy: { since: told.entry.at, by: told.by.name, reason: textAt(told.data, "reason") },
    }),
  "tour.privacy_stopped": (state, told) => session(state, told, { privacy: null }),
  "tour.stop_added": stopAdded,
  "tour.stop_opened": (state, told) => session(state, told, { open_stop_id: textAt(told.data, "stop_id") }),
  "tour.mark_set": marked,
};
