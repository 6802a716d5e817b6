/** Fold of the roster. */

import { type CaseState, LANGUAGES, type ParticipantState, ROLES, SIDES } from "../state";
import { textAt, wordAt } from "../wire";
import type { Steps, Told } from "./step";

function added(state: CaseState, { data }: Told): CaseState {
  const participant: ParticipantState = {
    id: textAt(data, "participant_id"),
    name: textAt(data, "name"),
    role: wordAt(data, "role", ROLES),
    side: wordAt(data, "side", SIDES),
    language: wordAt(data, "language", LANGUAGES),
    validation_session_id: null,
    standing: "invited",
    consent: null,
    camera: null,
    microphone: null,
    present: false,
    line: null,
  };
  return { ...state, participants: { ...state.participants, [participant.id]: participant } };
}

export const ROSTER: Steps = { "roster.participant_added": added };
