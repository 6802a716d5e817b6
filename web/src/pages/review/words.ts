import { t } from "@lingui/core/macro";
import type { Entry } from "../../live/entries";
import { CAUSES } from "../../live/interruptions";
import { type CaseState, METHODS, type ReviewMark, VERDICTS } from "../../live/state";
import type { Fields } from "../../live/wire";
import { dayIn, myZone } from "../../ui/time";
import { clockSeconds } from "../room/clock";
import { causeWord, declineWord, methodWord, sourceTitle, verdictWord } from "../room/words";

/** What an entry is about, for the lanes of the timeline and the filter of the list. */
export type EntryKind = "session" | "people" | "media" | "tour" | "checklist" | "evidence" | "review";
export const ENTRY_KINDS = ["session", "people", "media", "tour", "checklist", "evidence", "review"] as const;

export function kindWord(kind: EntryKind): string {
  return {
    session: t`Schedule`,
    people: t`People`,
    media: t`Recording`,
    tour: t`Tour`,
    checklist: t`Checklist`,
    evidence: t`Evidence`,
    review: t`Review`,
  }[kind];
}

export function markWord(mark: ReviewMark): string {
  return { supported: t`Supported`, not_supported: t`Not supported`, question: t`Question` }[mark];
}

export function gapWord(reason: string): string {
  const words: Readonly<Record<string, string>> = {
    private: t`Shown, not stored`,
    interrupted: t`The line was lost`,
    not_sent: t`Nothing was sent`,
    no_key_frame: t`The picture did not arrive`,
    overflow: t`The recorder could not follow`,
    broken: t`The picture could not be stored`,
    damaged: t`The stored piece is damaged`,
  };
  return words[reason] ?? t`Not recorded`;
}

export function entryKind(tag: string): EntryKind {
  const slice = tag.split(".")[0];
  if (slice === "evidence") {
    return /segment|recording|lane/.test(tag) ? "media" : "evidence";
  }
  if (slice === "tour") {
    if (/source|privacy|interruption/.test(tag)) return "media";
    return /consent|lobby|participant/.test(tag) ? "people" : "tour";
  }
  if (slice === "schedule") return "session";
  if (slice === "roster") return "people";
  return slice === "review" ? "review" : "checklist";
}

type Told = (data: Fields, state: CaseState) => string;

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function dayOf(value: unknown): string {
  return typeof value === "string" ? dayIn(new Date(value), myZone()) : "–";
}

function personOf(data: Fields, state: CaseState): string {
  return state.participants[textOf(data.participant_id)]?.name ?? t`somebody`;
}

function sourceOf(data: Fields, state: CaseState): string {
  const source = state.sources[textOf(data.source_id)];
  if (source === undefined) return t`a source`;
  const name = state.participants[source.participant_id]?.name ?? "";
  return sourceTitle(source, name);
}

function stopOf(data: Fields, state: CaseState): string {
  return state.stops[textOf(data.stop_id)]?.name ?? textOf(data.name);
}

function answerWord(data: Fields): string {
  const verdict = VERDICTS.find((one) => one === data.verdict);
  const method = METHODS.find((one) => one === data.method);
  const said = verdict ? verdictWord(verdict) : "";
  return t`${textOf(data.criterion_id)}: ${said} (${method ? methodWord(method) : ""}), version ${textOf(data.version)}`;
}

function markedWord(data: Fields): string {
  const marks: readonly ReviewMark[] = ["supported", "not_supported", "question"];
  const mark = marks.find((one) => one === data.mark);
  return t`${textOf(data.criterion_id)} marked: ${mark ? markWord(mark) : ""}`;
}

/** "Camera of Mateo paused: phone call, 09:14:02 to 09:14:20 CST" */
function interruptedWord(data: Fields, state: CaseState): string {
  const zone = state.validation?.time_zone ?? "UTC";
  const at = (value: Fields[string] | undefined) => clockSeconds(new Date(textOf(value)), zone);
  const cause = CAUSES.find((one) => one === data.cause);
  const [what, why, from] = [sourceOf(data, state), cause ? causeWord(cause) : "", at(data.started_at)];
  if (data.ended_at === null) return t`${what} paused: ${why}, from ${from}, never resumed`;
  return t`${what} paused: ${why}, ${from} to ${at(data.ended_at)}`;
}

/** One sentence an entry, by its tag; what is missing here is shown by its tag. */
function told(): Readonly<Record<string, Told>> {
  return {
    "schedule.validation_opened": (data) => t`Validation ${textOf(data.number)} opened`,
    "schedule.validation_closed": () => t`Validation closed`,
    "schedule.session_scheduled": () => t`Session scheduled`,
    "schedule.session_rescheduled": (data) => t`Session moved: ${textOf(data.reason)}`,
    "schedule.session_cancelled": (data) => t`Session cancelled: ${textOf(data.reason)}`,
    "schedule.session_no_show": (data) => t`Nobody came: ${textOf(data.reason)}`,
    "schedule.invitation_sent": (data, state) => t`Invitation sent to ${personOf(data, state)}`,
    "schedule.invitation_revoked": () => t`Invitation withdrawn`,
    "roster.participant_added": (data) => t`${textOf(data.name)} put on the roster`,
    "roster.link_opened": () => t`Join link opened`,
    "readiness.line_tested": () => t`Connection tested`,
    "tour.session_started": () => t`Session started`,
    "tour.session_ended": () => t`Session ended`,
    "tour.consent_given": (data) =>
      data.recording === true ? t`Consent given, recording agreed` : t`Consent given, recording refused`,
    "tour.lobby_entered": () => t`Came to the lobby`,
    "tour.participant_admitted": (data, state) => t`${personOf(data, state)} admitted`,
    "tour.participant_removed": (data, state) => t`${personOf(data, state)} removed: ${textOf(data.reason)}`,
    "tour.participant_joined": () => t`Joined the room`,
    "tour.participant_left": (data) => (data.by_choice === true ? t`Left the room` : t`Connection to the room lost`),
    "tour.privacy_started": (data) => t`Show, do not store: ${textOf(data.reason)}`,
    "tour.privacy_stopped": () => t`Storing again`,
    "tour.stop_added": (data) => t`Stop added: ${textOf(data.name)}`,
    "tour.stop_opened": (data, state) => t`At stop ${stopOf(data, state)}`,
    "tour.mark_set": (data) => t`Moment marked: ${textOf(data.label)}`,
    "tour.still_requested": (data) => t`Still asked for ${textOf(data.criterion_id)}`,
    "tour.still_declined": (data) => t`No still: ${declineWord(textOf(data.reason))}`,
    "tour.source_opened": (data, state) => t`${sourceOf(data, state)} sends`,
    "tour.source_closed": (data, state) => t`${sourceOf(data, state)} ended`,
    "tour.interruption": interruptedWord,
    "tour.token_made": (data) => t`Access for ${textOf(data.name)} made`,
    "tour.token_used": (data) => t`${textOf(data.name)} connected for the first time`,
    "tour.token_revoked": (data) => t`Access for ${textOf(data.name)} withdrawn`,
    "tour.photo_mode_started": (data, state) => t`${sourceOf(data, state)}: photo and voice, slow line`,
    "tour.photo_mode_stopped": (data, state) => t`${sourceOf(data, state)}: video again`,
    "checklist.answer_recorded": answerWord,
    "checklist.item_linked": (data) => t`Evidence tied to ${textOf(data.criterion_id)}`,
    "checklist.request_opened": (data) => t`Asked for: ${textOf(data.text)}`,
    "checklist.request_closed": () => t`Request closed`,
    "findings.finding_opened": (data) => t`Finding on ${textOf(data.criterion_id)}`,
    "findings.due_date_set": (data) => t`Finding due ${textOf(data.due_on)}`,
    "findings.finding_closed": () => t`Finding closed`,
    "evidence.item_admitted": (data) => t`Received ${textOf(data.filename)}`,
    "evidence.item_quarantined": (data) => t`Refused and kept apart: ${textOf(data.filename)}`,
    "evidence.item_isolated": () => t`An item is not shown any more`,
    "evidence.item_scanned": () => t`Scanned for malware`,
    "evidence.item_examined": () => t`Original examined`,
    "evidence.item_filed": () => t`Read back and filed`,
    "evidence.retention_set": (data) => t`Kept until ${dayOf(data.retain_until)}`,
    "evidence.item_sealed": (data) => t`Sealed: the store keeps it until ${dayOf(data.retain_until)}`,
    "evidence.item_held": (data) => t`Put under a legal hold: ${textOf(data.reason)}`,
    "evidence.hold_lifted": (data) => t`Legal hold lifted: ${textOf(data.reason)}`,
    "evidence.item_released": (data) => t`Released: ${textOf(data.reason)}`,
    "evidence.disposal_ordered": (data) => t`Disposal ordered: ${textOf(data.reason)}`,
    "evidence.item_disposed": (data) => t`Destroyed; digest and reason stay: ${textOf(data.reason)}`,
    "evidence.derivative_filed": ({ kind }) => (kind === "text" ? t`Text taken for the search` : t`Small picture made`),
    "evidence.segment_closed": (data, state) => t`${sourceOf(data, state)}: piece ${textOf(data.index)} stored`,
    "evidence.segment_filed": (data, state) => t`${sourceOf(data, state)}: piece ${textOf(data.index)} filed`,
    "evidence.segment_gap": (data, state) => t`${sourceOf(data, state)}: ${gapWord(textOf(data.reason))}`,
    "evidence.recording_closed": (data, state) => t`${sourceOf(data, state)}: recording closed`,
    "evidence.lane_built": () => t`Recording put together for playing`,
    "review.answer_marked": markedWord,
    "review.review_signed": () => t`Review signed`,
  };
}

/** What an entry says, in the words of people. Without a body it says only that it is there. */
export function entryWord(entry: Entry, state: CaseState): string {
  if (entry.tag === null || entry.data === null) {
    return entry.entry_class === "government" ? t`For the government alone` : t`What it said was destroyed`;
  }
  return told()[entry.tag]?.(entry.data, state) ?? entry.tag;
}

export function entryTime(entry: Entry, zone: string): string {
  return clockSeconds(new Date(entry.at), zone);
}

/** The criterion an entry is about, when it is about one. */
export function criterionOf(entry: Entry): string | null {
  const id = entry.data?.criterion_id;
  return typeof id === "string" ? id : null;
}
