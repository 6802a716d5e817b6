import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Entry, readEntries } from "../live/entries";
import type { SourceKind } from "../live/state";
import { get, post } from "./client";

/** A stretch of a lane without a recording, in ms from the start of the session. */
export interface LaneGap {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly reason: string;
}

/** One playable file; its time 0 is the start of the session, and all lanes of a session are equally long. */
export interface Lane {
  readonly id: string;
  readonly participant_id: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly media_type: string;
  readonly digest: string;
  readonly bytes: number;
  readonly duration_ms: number;
  readonly gaps: readonly LaneGap[];
}

export interface SessionRecording {
  readonly validation_session_id: string;
  readonly started_at: string;
  readonly ended_at: string;
  /** False while lanes are still being put together. */
  readonly complete: boolean;
  readonly lanes: readonly Lane[];
}

const PAGE = 1000;
const LOOK_AGAIN_MS = 2000;

export function useRecordings(validationId: string) {
  return useQuery({
    queryKey: ["recordings", validationId],
    queryFn: async ({ signal }) =>
      (await get<{ items: SessionRecording[] }>(`/validations/${validationId}/recordings`, signal)).items,
    refetchInterval: (query) => (query.state.data?.every((one) => one.complete) ? false : LOOK_AGAIN_MS),
  });
}

/** Every entry of the case's ledger as this reader may see it; `seq` is the last one known, and asks for more. */
export function useCaseEntries(validationId: string, seq: number) {
  return useQuery({
    queryKey: ["entries", validationId, seq],
    queryFn: ({ signal }) => readAll(validationId, signal),
    placeholderData: (before) => before,
    enabled: seq >= 0,
  });
}

async function readAll(validationId: string, signal: AbortSignal): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (;;) {
    const after = found.at(-1)?.seq ?? -1;
    const path = `/validations/${validationId}/entries?after=${after}&limit=${PAGE}`;
    const page = readEntries((await get<{ items: unknown }>(path, signal)).items);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

export interface Checkpoints {
  readonly vkey: string;
  readonly items: readonly { readonly size: number; readonly root: string; readonly note: string }[];
}

export function useCheckpoints(validationId: string) {
  return useQuery({
    queryKey: ["checkpoints", validationId],
    queryFn: ({ signal }) => get<Checkpoints>(`/validations/${validationId}/checkpoints`, signal),
    refetchInterval: 60_000,
  });
}

/** State in the access log that this person looks at the review; once a visit, the server joins repeats. */
export function useStatedView(validationId: string, subject: "recording" | "review" | "ledger", known: boolean) {
  useEffect(() => {
    if (known) void post(`/validations/${validationId}/views`, { subject });
  }, [validationId, subject, known]);
}
