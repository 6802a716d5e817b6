import { useQuery } from "@tanstack/react-query";
import { bodyOf, type Schemas, wire } from "./client";

export type EvidenceItem = Schemas["EvidenceItem"];
export type CheckResult = Schemas["CheckResult"];
export type Scan = Schemas["Scan"];

const LOOK_AGAIN_MS = 3000;

/** One item with what scanner and checks found out; asked again until it was examined, and again when its state changes. */
export function useItem(itemId: string, itemState: string) {
  return useQuery({
    queryKey: ["items", itemId, itemState],
    queryFn: ({ signal }): Promise<EvidenceItem> =>
      bodyOf(wire.GET("/api/items/{item_id}", { params: { path: { item_id: itemId } }, signal })),
    placeholderData: (before) => before,
    refetchInterval: (query) => {
      const item = query.state.data;
      const waits = item !== undefined && item.scan !== null && item.reason === null && item.checks.length === 0;
      return waits ? LOOK_AGAIN_MS : false;
    },
  });
}
