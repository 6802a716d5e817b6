/** Fold of what the locker states: evidence items and the segments of recordings. */

import type { CaseState, ItemState } from "../state";
import { type Fields, isFields, numberAt, textAt, textOrNullAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function fieldsAt(data: Fields, key: string): Fields {
  const value = data[key];
  return isFields(value) ? value : {};
}

function itemOf({ data, entry }: Told, itemState: string): ItemState {
  const criterionId = textOrNullAt(data, "criterion_id");
  return {
    id: textAt(data, "item_id"),
    kind: textAt(data, "kind"),
    state: itemState,
    digest: textAt(data, "digest"),
    bytes: numberAt(data, "bytes"),
    media_type: textAt(data, "media_type"),
    filename: textAt(data, "filename"),
    participant_id: textOrNullAt(data, "participant_id"),
    validation_session_id: textOrNullAt(data, "validation_session_id"),
    criterion_ids: criterionId === null ? [] : [criterionId],
    stop_id: textOrNullAt(data, "stop_id"),
    still_id: textOrNullAt(data, "still_id"),
    camera: textOrNullAt(data, "camera"),
    claims: fieldsAt(data, "claims"),
    facts: fieldsAt(data, "facts"),
    at: entry.at,
    seq: entry.seq,
    thumbnail: false,
    reason: textOrNullAt(data, "reason"),
  };
}

function admitted(state: CaseState, told: Told): CaseState {
  const item = itemOf(told, "admitted");
  return {
    ...state,
    items: { ...state.items, [item.id]: item },
    stills: withChanges(state.stills, item.still_id, { state: "taken", item_id: item.id }),
  };
}

function quarantined(state: CaseState, told: Told): CaseState {
  const item = itemOf(told, "quarantined");
  return { ...state, items: { ...state.items, [item.id]: item } };
}

function derived(state: CaseState, { data }: Told): CaseState {
  return textAt(data, "kind") === "thumbnail"
    ? { ...state, items: withChanges(state.items, textAt(data, "parent_id"), { thumbnail: true }) }
    : state;
}

function segmentClosed(state: CaseState, { data }: Told): CaseState {
  const source = state.sources[textAt(data, "source_id")];
  if (source === undefined) {
    return state;
  }
  const awaiting = { ...source.awaiting, [textAt(data, "segment_id")]: numberAt(data, "end_ms") };
  return { ...state, sources: withChanges(state.sources, source.id, { awaiting }) };
}

function segmentFiled(state: CaseState, { data }: Told): CaseState {
  const segmentId = textAt(data, "segment_id");
  const source = Object.values(state.sources).find((one) => segmentId in one.awaiting);
  const endMs = source?.awaiting[segmentId];
  if (source === undefined || endMs === undefined) {
    return state;
  }
  const { [segmentId]: _filed, ...awaiting } = source.awaiting;
  const filed_through_ms = Math.max(endMs, source.filed_through_ms ?? 0);
  return { ...state, sources: withChanges(state.sources, source.id, { awaiting, filed_through_ms }) };
}

export const LOCKER: Steps = {
  "evidence.item_admitted": admitted,
  "evidence.item_quarantined": quarantined,
  "evidence.item_filed": (state, { data }) => ({
    ...state,
    items: withChanges(state.items, textAt(data, "item_id"), { state: "filed" }),
  }),
  "evidence.derivative_filed": derived,
  "evidence.segment_closed": segmentClosed,
  "evidence.segment_filed": segmentFiled,
};
