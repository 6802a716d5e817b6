import { useQuery } from "@tanstack/react-query";
import { get, post } from "./client";

const LOOK_EVERY_MS = 1_000;

export interface Export {
  id: string;
  state: "waiting" | "running" | "ready" | "failed";
  /** 0..1 */
  done: number;
  url: string;
}

export async function makeExport(validationId: string): Promise<string> {
  return (await post<{ export_id: string }>(`/validations/${validationId}/exports`)).export_id;
}

/** An export on its way, asked for every second until it is ready or has failed. */
export function useExport(exportId: string | null) {
  return useQuery({
    queryKey: ["export", exportId],
    queryFn: ({ signal }) => get<Export>(`/exports/${exportId}`, signal),
    enabled: exportId !== null,
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "ready" || state === "failed" ? false : LOOK_EVERY_MS;
    },
  });
}

/** A signed statement of everything logged so far, for the reader to keep outside of this system. */
export function fetchReceipt(validationId: string): Promise<object> {
  return get<object>(`/validations/${validationId}/receipt`);
}
