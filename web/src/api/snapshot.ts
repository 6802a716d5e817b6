import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type CommandBody, newId } from "../live/commands";
import type { CaseState } from "../live/state";
import { get, post } from "./client";
import { queryClient } from "./queryClient";

export function snapshotQuery(validationId: string) {
  return queryOptions({
    queryKey: ["snapshot", validationId],
    queryFn: ({ signal }) => get<CaseState>(`/validations/${validationId}/snapshot`, signal),
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

/** Do one command over HTTP, for pages outside the room, and bring the state up to date. */
export async function sendCommand(validationId: string, command: CommandBody): Promise<void> {
  await post<object>(`/validations/${validationId}/commands`, { ...command, command_id: newId() });
  await queryClient.invalidateQueries({ queryKey: ["snapshot", validationId] });
}
