import { useQuery } from "@tanstack/react-query";
import { bodyOf, wire } from "./client";
import { queryClient } from "./queryClient";
import type { Export } from "./types";

const LOOK_EVERY_MS = 1_000;

function ofValidation(validationId: string) {
  return { path: { validation_id: validationId } };
}

/** Bundles of a validation, newest first; asked for every second while the newest is on its way. */
export function useExports(validationId: string) {
  return useQuery({
    queryKey: ["exports", validationId],
    queryFn: async ({ signal }): Promise<Export[]> => {
      const params = ofValidation(validationId);
      return (await bodyOf(wire.GET("/api/validations/{validation_id}/exports", { params, signal }))).items;
    },
    refetchInterval: (query) => {
      const newest = query.state.data?.[0];
      return newest && isUnderWay(newest) ? LOOK_EVERY_MS : false;
    },
  });
}

/** Whether the worker still has to finish it. */
export function isUnderWay(bundle: Export): boolean {
  return bundle.state === "waiting" || bundle.state === "building";
}

export async function makeExport(validationId: string): Promise<void> {
  await wire.POST("/api/validations/{validation_id}/exports", { params: ofValidation(validationId) });
  await queryClient.invalidateQueries({ queryKey: ["exports", validationId] });
}

export function exportUrl(exportId: string): string {
  return `/api/exports/${exportId}/content`;
}

/** A signed statement of everything logged so far, for the reader to keep outside of this system. */
export function fetchReceipt(validationId: string): Promise<object> {
  return bodyOf(wire.GET("/api/validations/{validation_id}/receipt", { params: ofValidation(validationId) }));
}
