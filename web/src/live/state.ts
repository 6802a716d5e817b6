/** The state of a validation as the fold builds it; every name is a name on the wire (sessions/snapshot.py). */

import type { Cause } from "./interruptions";
import type { Fields } from "./wire";

export const VERDICTS = ["met", "partly_met", "not_met", "not_applicable", "not_verifiable_remotely"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const METHODS = ["live", "recorded", "document", "interview", "cctv", "in_person"] as const;
export type Method = (typeof METHODS)[number];
export const ROLES = [
  "scss_lead",
  "scss",
  "supervisor",
  "reviewer",
  "member_poc",
  "member_expert",
  "camera_operator",
  "partner",
  "interpreter",
  "observer",
] as const;
export type Role = (typeof ROLES)[number];
export const SIDES = ["government", "member"] as const;
export type Side = (typeof SIDES)[number];
export const SOURCE_KINDS = ["camera", "microphone", "screen"] as const;
export const SOURCE_TYPES = ["live_device", "fixed_camera", "drone", "screen", "prerecorded"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
export type SourceType = (typeof SOURCE_TYPES)[number];
export type Phase = "open" | "closed";
export type SessionPhase = "planned" | "live" | "ended" | "cancelled" | "no_show";
export type Standing = "invited" | "lobby" | "admitted" | "removed" | "left";
export const FINDING_KINDS = ["action_required", "recommendation", "best_practice"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
export const MARKS = ["supported", "not_supported", "question"] as const;
export type ReviewMark = (typeof MARKS)[number];
/** Ways to the media port, the best first. */
export const WAYS = ["direct", "relay_udp", "relay_tcp", "relay_tls"] as const;
export type Way = (typeof WAYS)[number];
export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface ValidationState {
  readonly id: string;
  readonly number: string;
  readonly member_id: string;
  readonly member_name: string;
  readonly entity_types: readonly string[];
  readonly method: string;
  readonly edition_id: string;
  readonly criteria_as_of: string;
  readonly site_id: string;
  readonly site_name: string;
  readonly time_zone: string;
  readonly phase: Phase;
  readonly opened_at: string;
  readonly closed_at: string | null;
}

export interface Privacy {
  readonly since: string;
  readonly by: string;
  readonly reason: string;
}

export interface SessionState {
  readonly id: string;
  readonly state: SessionPhase;
  readonly site_id: string;
  readonly site_name: string;
  readonly time_zone: string;
  readonly starts_at: string;
  readonly duration_min: number;
  readonly recording: boolean;
  readonly reason: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly privacy: Privacy | null;
  readonly open_stop_id: string | null;
}

export interface Consent {
  readonly recording: boolean;
  readonly language: Language;
  readonly at: string;
}

/** What a participant's page found of the line; `path` is the way that media will take, null when no way worked. */
export interface LineTest {
  readonly validation_session_id: string;
  readonly worked: readonly Way[];
  readonly path: Way | null;
  readonly at: string;
}

/** Standing and consent are those of `validation_session_id`, the last one entered. */
export interface ParticipantState {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly side: Side;
  readonly language: Language;
  readonly validation_session_id: string | null;
  readonly standing: Standing;
  readonly consent: Consent | null;
  readonly camera: boolean | null;
  readonly microphone: boolean | null;
  readonly present: boolean;
  readonly line: LineTest | null;
}

/** One publication. `filed_through_ms` counts from the start of its recording; null while nothing is filed. */
export interface SourceState {
  readonly id: string;
  readonly participant_id: string;
  readonly kind: SourceKind;
  readonly source_type: SourceType;
  /** What equipment with a token is called; null for a person's own page. */
  readonly name: string | null;
  readonly validation_session_id: string;
  readonly open: boolean;
  readonly recorded: boolean;
  /** Voice, and a photo now and then in place of the picture: the line carries no more. */
  readonly photo_mode: boolean;
  readonly opened_at: string;
  readonly filed_through_ms: number | null;
}

/** A source was not what it should be; `ended_at` is null when it never ended. `silent_*`: when nothing arrived. */
export interface InterruptionState {
  readonly id: string;
  readonly seq: number;
  readonly validation_session_id: string;
  readonly source_id: string;
  readonly cause: Cause;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly reported_by: "page" | "media";
  readonly silent_from: string | null;
  readonly silent_until: string | null;
}

export interface StopState {
  readonly id: string;
  readonly name: string;
  readonly order: number;
  readonly validation_session_id: string;
}

export interface MarkState {
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly label: string;
  readonly validation_session_id: string;
  readonly criterion_id: string | null;
  readonly stop_id: string | null;
}

export interface AnswerState {
  readonly verdict: Verdict;
  readonly method: Method;
  readonly note: string;
  readonly reason: string | null;
  readonly version: number;
  readonly by: string;
  readonly by_id: string;
  readonly at: string;
  readonly seq: number;
  readonly stop_id: string | null;
  readonly item_ids: readonly string[];
}

export interface FindingState {
  readonly id: string;
  readonly criterion_id: string;
  readonly kind: FindingKind;
  readonly state: "open" | "closed";
  readonly note: string;
  readonly due_on: string | null;
  readonly version: number;
  readonly opened_at: string;
  readonly closed_at: string | null;
}

/** What is known of a quarantined one ends at its bytes; `reason` says why it was refused. */
export interface ItemState {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** Whether it is under a legal hold; told to the government alone. */
  readonly held: boolean;
  readonly retain_until: string | null;
  readonly digest: string;
  readonly bytes: number;
  readonly media_type: string | null;
  readonly filename: string;
  readonly participant_id: string | null;
  readonly validation_session_id: string | null;
  readonly criterion_ids: readonly string[];
  readonly stop_id: string | null;
  readonly still_id: string | null;
  readonly camera: string | null;
  /** Of a still: where its picture comes from, and what the equipment is called. */
  readonly source_type: string | null;
  readonly source_name: string | null;
  readonly claims: Fields | null;
  readonly facts: Fields | null;
  readonly at: string;
  readonly seq: number;
  readonly thumbnail: boolean;
  readonly reason: string | null;
}

export interface StillState {
  readonly id: string;
  readonly validation_session_id: string;
  readonly criterion_id: string | null;
  readonly stop_id: string | null;
  readonly state: "requested" | "taken" | "declined";
  readonly by: string;
  readonly at: string;
  readonly item_id: string | null;
  readonly reason: string | null;
}

export interface RequestState {
  readonly id: string;
  readonly criterion_id: string | null;
  readonly text: string;
  readonly open: boolean;
  readonly by: string;
  readonly at: string;
  readonly closed_at: string | null;
}

export interface ReviewState {
  readonly mark: ReviewMark;
  readonly note: string;
  readonly answer_version: number;
  readonly by: string;
  readonly at: string;
}

export interface SignatureState {
  readonly by: string;
  readonly at: string;
  readonly statement: string;
}

type ById<Value> = Readonly<Record<string, Value>>;

/** A validation after its entries up to and including `seq`; -1 before the first. */
export interface CaseState {
  readonly seq: number;
  readonly validation: ValidationState | null;
  readonly sessions: ById<SessionState>;
  readonly participants: ById<ParticipantState>;
  readonly sources: ById<SourceState>;
  readonly stops: ById<StopState>;
  readonly interruptions: readonly InterruptionState[];
  readonly marks: readonly MarkState[];
  readonly answers: ById<AnswerState>;
  readonly findings: ById<FindingState>;
  readonly items: ById<ItemState>;
  readonly stills: ById<StillState>;
  readonly requests: ById<RequestState>;
  readonly reviews: ById<ReviewState>;
  readonly review_signed: SignatureState | null;
}

export const INITIAL: CaseState = {
  seq: -1,
  validation: null,
  sessions: {},
  participants: {},
  sources: {},
  stops: {},
  interruptions: [],
  marks: [],
  answers: {},
  findings: {},
  items: {},
  stills: {},
  requests: {},
  reviews: {},
  review_signed: null,
};
