import { expect, test } from "vitest";
import { filedThrough, mainCamera, nextStop, recordingState } from "./reading";
import { wantedSources } from "./receivers";
import { type CaseState, INITIAL, type ParticipantState, type SessionState, type SourceState } from "./state";

function source(id: string, participant: string, at: string, changes: Partial<SourceState> = {}): SourceState {
  return {
    id,
    participant_id: participant,
    kind: "camera",
    source_type: "live_device",
    name: null,
    validation_session_id: "meeting",
    open: true,
    recorded: true,
    photo_mode: false,
    opened_at: `2026-11-24T15:00:${at}.000000Z`,
    filed_through_ms: null,
    ...changes,
  };
}

function person(id: string, side: "government" | "member"): ParticipantState {
  return {
    id,
    name: id,
    role: side === "member" ? "camera_operator" : "scss_lead",
    side,
    language: "en",
    validation_session_id: "meeting",
    standing: "admitted",
    consent: null,
    camera: null,
    microphone: null,
    present: true,
    line: null,
  };
}

const SESSION: SessionState = {
  id: "meeting",
  state: "live",
  site_id: "site",
  site_name: "Plant",
  time_zone: "America/Monterrey",
  starts_at: "2026-11-24T15:00:00Z",
  duration_min: 60,
  recording: true,
  reason: null,
  started_at: null,
  ended_at: null,
  privacy: null,
  open_stop_id: null,
};

function state(sources: readonly SourceState[], changes: Partial<CaseState> = {}): CaseState {
  return {
    ...INITIAL,
    sessions: { meeting: SESSION },
    participants: { guard: person("guard", "member"), ana: person("ana", "government") },
    sources: Object.fromEntries(sources.map((one) => [one.id, one])),
    ...changes,
  };
}

const WANTED = { participantId: "ana", validationSessionId: "meeting", voicesOnly: false };

test("of a person whose line broke and came back only the new camera is watched", () => {
  const sources = [source("old", "guard", "01"), source("new", "guard", "09"), source("own", "ana", "02")];
  expect(wantedSources(state(sources), WANTED).map((one) => one.id)).toEqual(["new"]);
});

test("equipment is watched beside its owner's camera, also by its owner", () => {
  const dock = { name: "Dock camera 3", source_type: "fixed_camera" } as const;
  const sources = [
    source("face", "guard", "01"),
    source("dock", "guard", "02", dock),
    source("own", "ana", "03", dock),
  ];
  expect(wantedSources(state(sources), WANTED).map((one) => one.id)).toEqual(["face", "dock", "own"]);
});

test("closed sources and those of another session are not watched", () => {
  const sources = [
    source("closed", "guard", "01", { open: false }),
    source("other", "guard", "02", { validation_session_id: "another" }),
  ];
  expect(wantedSources(state(sources), WANTED)).toEqual([]);
});

test("stills come from the member's camera even when the specialist opened one later", () => {
  expect(mainCamera(state([source("site", "guard", "01"), source("desk", "ana", "30")]), "meeting")?.id).toBe("site");
});

test("stills come from the camera operator even when the member's contact shows a face as well", () => {
  const contact: ParticipantState = { ...person("lucia", "member"), role: "member_poc" };
  const participants = { guard: person("guard", "member"), lucia: contact };
  const sources = [source("site", "guard", "01"), source("face", "lucia", "30")];
  expect(mainCamera(state(sources, { participants }), "meeting")?.id).toBe("site");
});

test("filed through is the slowest recorded source, and unknown before its first piece", () => {
  const half = [source("a", "guard", "00", { filed_through_ms: 12_000 }), source("b", "ana", "00")];
  expect(filedThrough(state(half), "meeting")).toBeNull();
  const both = [half[0] ?? source("a", "guard", "00"), source("b", "ana", "00", { filed_through_ms: 6000 })];
  expect(filedThrough(state(both), "meeting")?.toISOString()).toBe("2026-11-24T15:00:06.000Z");
});

test.each([
  ["private", { privacy: { since: "t", by: "ana", reason: "ID card" } }, true],
  ["recording", {}, true],
  ["not_agreed", {}, false],
  ["off", { recording: false }, false],
] as const)("the header says %s", (word, changes, recorded) => {
  const session = { ...SESSION, ...changes };
  expect(recordingState(state([source("a", "guard", "01", { recorded })]), session)).toBe(word);
});

test("the next stop follows the open one and there is none after the last", () => {
  const stops = Object.fromEntries(
    ["gate", "dock"].map((id, order) => [id, { id, name: id, order, validation_session_id: "meeting" }]),
  );
  const at = (open_stop_id: string | null) => state([], { stops, sessions: { meeting: { ...SESSION, open_stop_id } } });
  expect(nextStop(at(null), "meeting")?.id).toBe("gate");
  expect(nextStop(at("gate"), "meeting")?.id).toBe("dock");
  expect(nextStop(at("dock"), "meeting")).toBeNull();
});
