import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type CommandBody, newId } from "../live/commands";
import type { CaseState } from "../live/state";
import { bodyOf, wire } from "./client";
import { queryClient } from "./queryClient";

function ofValidation(validationId: string) {
  return { path: { validation_id: validationId } };
}

export function fetchSnapshot(validationId: string, signal?: AbortSignal): Promise<CaseState> {
  const params = ofValidation(validationId);
  return bodyOf(wire.GET("/api/validations/{validation_id}/snapshot", { params, signal: signal ?? null }));
}

export function snapshotQuery(validationId: string) {
  return queryOptions({
    queryKey: ["snapshot", validationId],
    queryFn: ({ signal }) => fetchSnapshot(validationId, signal),
  });
}

/** The state of a validation as this reader may see it. */
export function useSnapshot(validationId: string) {
  return useQuery(snapshotQuery(validationId));
}

/** The state of a validation, kept in step with its ledger while the page is open. */
export function useLiveSnapshot(validationId: string) {
  const snapshot = useQuery(snapshotQuery(validationId));
  const known = snapshot.data !== undefined;
  useEffect(() => {
    if (!known) return;
    let stop: (() => void) | null = null;
    let left = false;
    // The socket is a chunk of its own: pages that do not follow a case never load it.
    void import("./follow").then(({ followCase }) => {
      if (left) return;
      const { queryKey } = snapshotQuery(validationId);
      stop = followCase(validationId, {
        read: () => queryClient.getQueryData(queryKey),
        write: (state) => queryClient.setQueryData(queryKey, state),
        reload: () => void queryClient.invalidateQueries({ queryKey }),
      });
    });
    return () => {
      left = true;
      stop?.();
    };
  }, [validationId, known]);
  return snapshot;
}

/** Do one command over HTTP, for pages outside the room, and bring the state up to date. Answers go through the room. */
export async function sendCommand(
  validationId: string,
  command: Exclude<CommandBody, { type: "answer.record" }>,
): Promise<void> {
  const body = { ...command, command_id: newId() };
  await wire.POST("/api/validations/{validation_id}/commands", { params: ofValidation(validationId), body });
  await queryClient.invalidateQueries({ queryKey: ["snapshot", validationId] });
}
