/** Fold of what the locker states: evidence items and the segments of recordings. */

import type { CaseState, ItemState } from "../state";
import { type Fields, isFields, numberAt, textAt, textOrNullAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function fieldsOrNullAt(data: Fields, key: string): Fields | null {
  const value = data[key];
  return isFields(value) ? value : null;
}

function itemOf({ data, entry }: Told, itemState: string): ItemState {
  const criterionId = textOrNullAt(data, "criterion_id");
  return {
    id: textAt(data, "item_id"),
    kind: textAt(data, "kind"),
    state: itemState,
    digest: textAt(data, "digest"),
    bytes: numberAt(data, "bytes"),
    media_type: textOrNullAt(data, "media_type"),
    filename: textAt(data, "filename"),
    participant_id: textOrNullAt(data, "participant_id"),
    validation_session_id: textOrNullAt(data, "validation_session_id"),
    criterion_ids: criterionId === null ? [] : [criterionId],
    stop_id: textOrNullAt(data, "stop_id"),
    still_id: textOrNullAt(data, "still_id"),
    camera: textOrNullAt(data, "camera"),
    source_type: textOrNullAt(data, "source_type"),
    source_name: textOrNullAt(data, "source_name"),
    claims: fieldsOrNullAt(data, "claims"),
    facts: fieldsOrNullAt(data, "facts"),
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

/** Segments are filed in their order, so the last one filed says how far the recording is safe. */
function segmentFiled(state: CaseState, { data }: Told): CaseState {
  const changes = { filed_through_ms: numberAt(data, "end_ms") };
  return { ...state, sources: withChanges(state.sources, textAt(data, "source_id"), changes) };
}

export const LOCKER: Steps = {
  "evidence.item_admitted": admitted,
  "evidence.item_quarantined": quarantined,
  "evidence.item_isolated": (state, { data }) => ({
    ...state,
    items: withChanges(state.items, textAt(data, "item_id"), {
      state: "quarantined",
      reason: textAt(data, "reason"),
      thumbnail: false,
    }),
  }),
  "evidence.item_filed": (state, { data }) => ({
    ...state,
    items: withChanges(state.items, textAt(data, "item_id"), { state: "filed" }),
  }),
  "evidence.derivative_filed": derived,
  "evidence.segment_filed": segmentFiled,
};
