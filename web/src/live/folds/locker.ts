/** Fold of what the locker states: evidence items and the segments of recordings. */

import type { CaseState, ItemState } from "../state";
import { type Fields, isFields, numberAt, textAt, textOrNullAt } from "../wire";
import { type Step, type Steps, type Told, withChanges } from "./step";

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
    held: false,
    retain_until: null,
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

/** What was released stays so; the reason says that it is not shown. */
function isolated(state: CaseState, { data }: Told): CaseState {
  const id = textAt(data, "item_id");
  const stage = state.items[id]?.state === "released" ? "released" : "quarantined";
  const changes = { state: stage, reason: textAt(data, "reason"), thumbnail: false };
  return { ...state, items: withChanges(state.items, id, changes) };
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

/** The step of an entry about an item's keeping: what it changes, and its date when it has one. */
function kept(changes: Partial<ItemState>): Step {
  return (state, { data }) => {
    const date = data.retain_until === undefined ? {} : { retain_until: textOrNullAt(data, "retain_until") };
    return { ...state, items: withChanges(state.items, textAt(data, "item_id"), { ...changes, ...date }) };
  };
}

export const LOCKER: Steps = {
  "evidence.item_admitted": admitted,
  "evidence.item_quarantined": quarantined,
  "evidence.item_isolated": isolated,
  "evidence.item_filed": kept({ state: "filed" }),
  "evidence.retention_set": kept({}),
  "evidence.item_sealed": kept({ state: "sealed" }),
  "evidence.item_held": kept({ held: true }),
  "evidence.hold_lifted": kept({ held: false }),
  "evidence.item_released": kept({ state: "released" }),
  "evidence.disposal_ordered": kept({ state: "disposing", thumbnail: false }),
  "evidence.item_disposed": kept({ state: "disposed" }),
  "evidence.derivative_filed": derived,
  "evidence.segment_filed": segmentFiled,
};
