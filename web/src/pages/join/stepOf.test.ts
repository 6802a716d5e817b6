import { expect, test } from "vitest";
import type { ParticipantState, SessionPhase, SessionState, Standing } from "../../live/state";
import { stepOf } from "./JoinSteps";

const CONSENT = { recording: true, language: "es", at: "2026-11-24T15:00:00Z" } as const;

function session(state: SessionPhase): SessionState {
  return {
    id: "s",
    state,
    site_id: "",
    site_name: "",
    time_zone: "UTC",
    starts_at: "2026-11-24T15:00:00Z",
    duration_min: 60,
    recording: true,
    reason: null,
    started_at: null,
    ended_at: null,
    privacy: null,
    open_stop_id: null,
  };
}

function participant(standing: Standing, consent: typeof CONSENT | null, at: string | null = "s"): ParticipantState {
  return {
    id: "p",
    name: "",
    role: "camera_operator",
    side: "member",
    language: "es",
    validation_session_id: at,
    standing,
    consent,
    camera: null,
    microphone: null,
    present: false,
    line: null,
  };
}

test.each([
  ["nothing said yet", participant("invited", null, null), false, "language"],
  ["language chosen", participant("invited", null, null), true, "consent"],
  ["consent given", participant("invited", CONSENT), true, "device"],
  ["consent given on an earlier page", participant("invited", CONSENT), false, "device"],
  ["at the door", participant("lobby", CONSENT), false, "lobby"],
  ["let in", participant("admitted", CONSENT), false, "room"],
  ["taken out again", participant("removed", CONSENT), false, "lobby"],
  ["left and back", participant("left", CONSENT), false, "device"],
  ["agreed to another session only", participant("admitted", CONSENT, "other"), false, "language"],
] as const)("%s", (_, person, languageChosen, step) => {
  expect(stepOf(session("live"), person, languageChosen)).toBe(step);
});

test.each(["ended", "cancelled", "no_show"] as const)("a session that is %s lets nobody in", (state) => {
  expect(stepOf(session(state), participant("admitted", CONSENT), true)).toBe("closed");
});
