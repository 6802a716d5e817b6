import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isApart } from "../../live/reading";
import type { CaseState, ItemState } from "../../live/state";
import { ItemView } from "../evidence/ItemView";

/** The evidence tied to a criterion, small; each opens. */
export function Thumbnails({ state, criterionId, zone }: { state: CaseState; criterionId: string; zone: string }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<ItemState | null>(null);
  const cited = state.answers[criterionId]?.item_ids ?? [];
  const items = Object.values(state.items).filter(
    (item) => !isApart(item) && (item.criterion_ids.includes(criterionId) || cited.includes(item.id)),
  );
  if (items.length === 0) return null;
  return (
    <>
      <ul className="thumbs" aria-label={t`Evidence for ${criterionId}`}>
        {items.map((item) => (
          <li key={item.id}>
            <button type="button" className="thumb" onClick={() => setOpen(item)}>
              {item.thumbnail ? <img src={`/api/items/${item.id}/thumbnail`} alt={item.filename} /> : item.filename}
            </button>
          </li>
        ))}
      </ul>
      {open && <ItemView item={open} state={state} zone={zone} onClose={() => setOpen(null)} />}
    </>
  );
}
