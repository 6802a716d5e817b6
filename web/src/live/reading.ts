/** Questions that several views ask of the folded case. Pure. */

import type { CaseState, ItemState, SessionState, SourceState, StillState, StopState } from "./state";

/** The stops of a session in their order. */
export function stopsOf(state: Pick<CaseState, "stops">, sessionId: string): readonly StopState[] {
  return Object.values(state.stops)
    .filter((stop) => stop.validation_session_id === sessionId)
    .sort((one, other) => one.order - other.order);
}

export function openStopOf(state: CaseState, sessionId: string): StopState | null {
  const id = state.sessions[sessionId]?.open_stop_id ?? null;
  return id === null ? null : (state.stops[id] ?? null);
}

/** The stop after the open one; the first when none is open; null at the end of the route. */
export function nextStop(state: CaseState, sessionId: string): StopState | null {
  const stops = stopsOf(state, sessionId);
  const openId = state.sessions[sessionId]?.open_stop_id ?? null;
  return stops[stops.findIndex((stop) => stop.id === openId) + 1] ?? null;
}

function latest(sources: readonly SourceState[]): SourceState | null {
  return sources.reduce<SourceState | null>(
    (last, one) => (last === null || last.opened_at <= one.opened_at ? one : last),
    null,
  );
}

/**
 * The camera that shows the site, and so takes the stills: the camera operator's last opened one, else another of the
 * member, else anybody's.
 */
export function mainCamera(state: CaseState, sessionId: string): SourceState | null {
  const cameras = Object.values(state.sources).filter(
    (source) => source.open && source.kind === "camera" && source.validation_session_id === sessionId,
  );
  const sender = (source: SourceState) => state.participants[source.participant_id];
  const walking = cameras.filter((source) => sender(source)?.role === "camera_operator");
  const ofMember = cameras.filter((source) => sender(source)?.side === "member");
  return latest([walking, ofMember, cameras].find((some) => some.length > 0) ?? []);
}

/** The moment up to which every recorded open source is filed; null before the first piece is. */
export function filedThrough(state: CaseState, sessionId: string): Date | null {
  const recorded = Object.values(state.sources).filter(
    (source) => source.recorded && source.open && source.validation_session_id === sessionId,
  );
  const moments = recorded.map((source) =>
    source.filed_through_ms === null ? null : Date.parse(source.opened_at) + source.filed_through_ms,
  );
  if (moments.length === 0 || moments.includes(null)) {
    return null;
  }
  return new Date(Math.min(...moments.filter((one) => one !== null)));
}

type RecordingState = "off" | "recording" | "private" | "not_agreed";

/** What happens to the pictures now, in one word for the header. */
export function recordingState(state: CaseState, session: SessionState): RecordingState {
  if (session.privacy !== null) {
    return "private";
  }
  if (!session.recording || session.state !== "live") {
    return "off";
  }
  const sources = Object.values(state.sources).filter((one) => one.open && one.validation_session_id === session.id);
  if (sources.some((source) => source.recorded)) {
    return "recording";
  }
  return sources.length > 0 ? "not_agreed" : "off";
}

/** Stills that are waited for, oldest first. */
export function requestedStills(state: CaseState, sessionId: string): readonly StillState[] {
  return Object.values(state.stills)
    .filter((still) => still.state === "requested" && still.validation_session_id === sessionId)
    .sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** Everything that arrived, newest first, also what is kept apart. */
export function itemsOf(state: Pick<CaseState, "items">): readonly ItemState[] {
  return Object.values(state.items).sort((one, other) => other.seq - one.seq);
}

/** Whether a file was refused or found infected, at whatever stage it is: it is not shown, and it is no evidence. */
export function isApart(item: Pick<ItemState, "reason">): boolean {
  return item.reason !== null;
}

/** Items that count as evidence, newest first. */
export function evidenceOf(state: Pick<CaseState, "items">): readonly ItemState[] {
  return itemsOf(state).filter((item) => !isApart(item));
}

export function itemsFor(state: Pick<CaseState, "items">, criterionId: string): readonly ItemState[] {
  return evidenceOf(state).filter((item) => item.criterion_ids.includes(criterionId));
}
