import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Entry, readEntries } from "../live/entries";
import { bodyOf, type Schemas, wire } from "./client";

export type Lane = Schemas["LaneView"];
export type SessionRecording = Schemas["SessionRecording"];

const PAGE = 1000;
const LOOK_AGAIN_MS = 2000;

function ofValidation(validationId: string) {
  return { path: { validation_id: validationId } };
}

export function useRecordings(validationId: string) {
  return useQuery({
    queryKey: ["recordings", validationId],
    queryFn: async ({ signal }): Promise<SessionRecording[]> => {
      const params = ofValidation(validationId);
      return (await bodyOf(wire.GET("/api/validations/{validation_id}/recordings", { params, signal }))).items;
    },
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
    const params = { ...ofValidation(validationId), query: { after, limit: PAGE } };
    const page = readEntries(
      (await bodyOf(wire.GET("/api/validations/{validation_id}/entries", { params, signal }))).items,
    );
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

export type Checkpoints = Schemas["Checkpoints"];

export function useCheckpoints(validationId: string) {
  return useQuery({
    queryKey: ["checkpoints", validationId],
    queryFn: ({ signal }): Promise<Checkpoints> =>
      bodyOf(wire.GET("/api/validations/{validation_id}/checkpoints", { params: ofValidation(validationId), signal })),
    refetchInterval: 60_000,
  });
}

/** State in the access log that this person looks at the review; once a visit, the server joins repeats. */
export function useStatedView(validationId: string, subject: "recording" | "review" | "ledger", known: boolean) {
  useEffect(() => {
    if (!known) return;
    void wire.POST("/api/validations/{validation_id}/views", { params: ofValidation(validationId), body: { subject } });
  }, [validationId, subject, known]);
}
