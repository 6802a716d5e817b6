import link from "icon:link";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { evidenceOf, itemsFor } from "../../../live/reading";
import { Button } from "../../../ui/Button";
import { useCase, useMay } from "../context";
import { ItemCard } from "../desktop/EvidenceStrip";
import { FileButton } from "../FileButton";
import { ItemDialog } from "../ItemDialog";
import { useLinkNewest } from "./useLinkNewest";

/** The evidence tied to a criterion, and the two quick ways to tie more. */
export function LinkedItems({ criterionId }: { criterionId: string }) {
  const { t } = useLingui();
  const items = useCase((state) => state.items);
  const mayAnswer = useMay("answer");
  const linked = useMemo(() => itemsFor({ items }, criterionId), [items, criterionId]);
  const newest = evidenceOf({ items })[0];
  const linkNewest = useLinkNewest(criterionId);
  const [open, setOpen] = useState<string | null>(null);
  const chosen = open === null ? undefined : items[open];
  return (
    <div className="linked">
      {linked.length > 0 && (
        <ul className="linked__list" aria-label={t`Evidence for this criterion`}>
          {linked.map((item) => (
            <li key={item.id}>
              <ItemCard item={item} onOpen={() => setOpen(item.id)} />
            </li>
          ))}
        </ul>
      )}
      <div className="linked__acts">
        {mayAnswer && newest !== undefined && !newest.criterion_ids.includes(criterionId) && (
          <Button look="quiet" small icon={link} onClick={linkNewest}>
            <Trans>Tie the newest evidence</Trans>
            <span className="kbd" aria-hidden="true">
              L
            </span>
          </Button>
        )}
        <FileButton small criterionId={criterionId}>
          <Trans>Add files for this</Trans>
        </FileButton>
      </div>
      {chosen && <ItemDialog item={chosen} onClose={() => setOpen(null)} />}
    </div>
  );
}
