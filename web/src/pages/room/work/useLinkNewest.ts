import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { evidenceOf } from "../../../live/reading";
import { toast } from "../../../ui/announce";
import { useSeat } from "../context";
import { useAct } from "../useAct";

/** Tie the newest evidence item to a criterion. */
export function useLinkNewest(criterionId: string | null): () => Promise<void> {
  const { t } = useLingui();
  const { room } = useSeat();
  const act = useAct();
  return useCallback(async () => {
    const newest = evidenceOf(room.store.view().state)[0];
    if (criterionId === null || newest === undefined) {
      toast(t`Open a criterion and capture something first.`);
      return;
    }
    if (await act({ type: "item.link", item_id: newest.id, criterion_id: criterionId })) {
      toast(t`Tied to ${criterionId}.`);
    }
  }, [t, room, act, criterionId]);
}
