import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isApart } from "../../live/reading";
import type { CaseState, ItemState } from "../../live/state";
import { Button } from "../../ui/Button";
import { Compare, ItemView } from "./ItemView";
import { ItemStateTag, itemKindWord } from "./itemWords";
import "./evidence.css";

/** Every piece of evidence, newest first; filtered by kind and criterion, opened alone or two side by side. */
export function Gallery({ state, zone }: { state: CaseState; zone: string }) {
  const { t } = useLingui();
  const [kind, setKind] = useState("");
  const [criterion, setCriterion] = useState("");
  const [open, setOpen] = useState<ItemState | null>(null);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [comparing, setComparing] = useState(false);
  const items = Object.values(state.items).sort((one, other) => other.seq - one.seq);
  const criteria = [...new Set(items.flatMap((item) => item.criterion_ids))].sort(byCriterion);
  const shown = items.filter(
    (item) => (kind === "" || item.kind === kind) && (criterion === "" || item.criterion_ids.includes(criterion)),
  );
  const pick = (id: string) =>
    setPicked((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id].slice(-2)));
  const pair = picked.flatMap((id) => state.items[id] ?? []);
  if (items.length === 0) {
    return (
      <p className="quiet">
        <Trans>No evidence yet. Stills, photos and documents appear here as soon as they arrive.</Trans>
      </p>
    );
  }
  return (
    <div className="gallery">
      <div className="entries__filters">
        <select
          className="usa-select"
          aria-label={t`Kind`}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
        >
          <option value="">{t`Everything`}</option>
          {["still", "photo", "document", "video"].map((one) => (
            <option key={one} value={one}>
              {itemKindWord(one)}
            </option>
          ))}
        </select>
        <select
          className="usa-select"
          aria-label={t`Criterion`}
          value={criterion}
          onChange={(event) => setCriterion(event.currentTarget.value)}
        >
          <option value="">{t`Every criterion`}</option>
          {criteria.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
        <Button small look="outline" disabled={pair.length < 2} onClick={() => setComparing(true)}>
          <Trans>Compare two</Trans>
        </Button>
      </div>
      <ul className="gallery__items">
        {shown.map((item) => (
          <Card key={item.id} item={item} picked={picked.includes(item.id)} onOpen={setOpen} onPick={pick} />
        ))}
      </ul>
      {open && <ItemView item={state.items[open.id] ?? open} state={state} zone={zone} onClose={() => setOpen(null)} />}
      {comparing && pair[0] && pair[1] && (
        <Compare one={pair[0]} other={pair[1]} state={state} zone={zone} onClose={() => setComparing(false)} />
      )}
    </div>
  );
}

function byCriterion(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

interface CardProps {
  item: ItemState;
  picked: boolean;
  onOpen: (item: ItemState) => void;
  onPick: (id: string) => void;
}

function Card({ item, picked, onOpen, onPick }: CardProps) {
  const { t } = useLingui();
  return (
    <li className="gallery__item">
      <button type="button" className="thumb thumb--large" onClick={() => onOpen(item)}>
        {item.thumbnail ? (
          <img src={`/api/items/${item.id}/thumbnail`} alt="" loading="lazy" />
        ) : (
          <span className="thumb__none">{itemKindWord(item.kind)}</span>
        )}
        <span className="gallery__name">{item.filename}</span>
      </button>
      <span className="quiet">
        {itemKindWord(item.kind)}
        {item.criterion_ids.length > 0 && ` · ${item.criterion_ids.join(", ")}`}
      </span>
      <ItemStateTag state={item.state} held={item.held} />
      {!isApart(item) && (
        <label className="gallery__pick">
          <input type="checkbox" checked={picked} onChange={() => onPick(item.id)} />
          {t`Compare`}
          <span className="sr-only"> {item.filename}</span>
        </label>
      )}
    </li>
  );
}
