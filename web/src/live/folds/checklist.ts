/** Fold of answers, links, requests and the gaps they show. */

import { type AnswerState, type CaseState, FINDING_KINDS, type FindingState, METHODS, VERDICTS } from "../state";
import { numberAt, textAt, textOrNullAt, textsAt, wordAt } from "../wire";
import { type Steps, type Told, withChanges } from "./step";

function answered(state: CaseState, { data, entry, by }: Told): CaseState {
  const answer: AnswerState = {
    verdict: wordAt(data, "verdict", VERDICTS),
    method: wordAt(data, "method", METHODS),
    note: textAt(data, "note"),
    reason: textOrNullAt(data, "reason"),
    version: numberAt(data, "version"),
    by: by.name,
    by_id: by.id,
    at: entry.at,
    seq: entry.seq,
    stop_id: textOrNullAt(data, "stop_id"),
    item_ids: textsAt(data, "item_ids"),
  };
  return { ...state, answers: { ...state.answers, [textAt(data, "criterion_id")]: answer } };
}

function linked(state: CaseState, { data }: Told): CaseState {
  const item = state.items[textAt(data, "item_id")];
  const criterionId = textAt(data, "criterion_id");
  if (item === undefined || item.criterion_ids.includes(criterionId)) {
    return state;
  }
  const changes = { criterion_ids: [...item.criterion_ids, criterionId] };
  return { ...state, items: withChanges(state.items, item.id, changes) };
}

function asked(state: CaseState, { data, entry, by }: Told): CaseState {
  const request = {
    id: textAt(data, "request_id"),
    criterion_id: textOrNullAt(data, "criterion_id"),
    text: textAt(data, "text"),
    open: true,
    by: by.name,
    at: entry.at,
    closed_at: null,
  };
  return { ...state, requests: { ...state.requests, [request.id]: request } };
}

function settled(state: CaseState, { data, entry }: Told): CaseState {
  const changes = { open: false, closed_at: entry.at };
  return { ...state, requests: withChanges(state.requests, textAt(data, "request_id"), changes) };
}

function findingOpened(state: CaseState, { data, entry }: Told): CaseState {
  const finding: FindingState = {
    id: textAt(data, "finding_id"),
    criterion_id: textAt(data, "criterion_id"),
    kind: wordAt(data, "kind", FINDING_KINDS),
    state: "open",
    note: textAt(data, "note"),
    due_on: textOrNullAt(data, "due_on"),
    version: numberAt(data, "version"),
    opened_at: entry.at,
    closed_at: null,
  };
  return { ...state, findings: { ...state.findings, [finding.id]: finding } };
}

function finding(state: CaseState, { data }: Told, changes: Partial<FindingState>): CaseState {
  const versioned = { ...changes, version: numberAt(data, "version") };
  return { ...state, findings: withChanges(state.findings, textAt(data, "finding_id"), versioned) };
}

export const CHECKLIST: Steps = {
  "checklist.answer_recorded": answered,
  "checklist.item_linked": linked,
  "checklist.request_opened": asked,
  "checklist.request_closed": settled,
  "findings.finding_opened": findingOpened,
  "findings.due_date_set": (state, told) => finding(state, told, { due_on: textAt(told.data, "due_on") }),
  "findings.finding_closed": (state, told) => finding(state, told, { state: "closed", closed_at: told.entry.at }),
};
