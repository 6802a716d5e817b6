import { useQuery } from "@tanstack/react-query";
import { bodyOf, wire } from "./client";
import type { StoreStanding } from "./types";

/** What may be done to the keeping of an item, as its own path says it. */
export type Step = "hold" | "lift" | "release" | "disposal";

/** Do a step with its reason; the page learns of it from the log. */
export async function stepItem(itemId: string, step: Step, reason: string): Promise<void> {
  const params = { path: { item_id: itemId } };
  await wire.POST(`/api/items/{item_id}/${step}`, { params, body: { reason } });
}

/** What the store's lock is worth, as the worker last found it. */
export function useStore() {
  return useQuery({
    queryKey: ["store"],
    queryFn: ({ signal }): Promise<StoreStanding> => bodyOf(wire.GET("/api/store", { signal })),
    staleTime: 60_000,
  });
}
