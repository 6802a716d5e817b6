import file from "icon:file_present";
import hourglass from "icon:hourglass_empty";
import warning from "icon:warning";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useMemo, useState } from "react";
import { evidenceOf, isApart, itemsOf } from "../../../live/reading";
import type { ItemState, StillState } from "../../../live/state";
import { Icon } from "../../../ui/Icon";
import { stateWord } from "../../evidence/itemWords";
import { clockSeconds } from "../clock";
import { useCase, useSeat, useSession } from "../context";
import { FileButton } from "../FileButton";
import { ItemDialog } from "../ItemDialog";
import { QueueList } from "../QueueList";
import { declineWord } from "../words";
import "./strip.css";

const SHOWN = 60;
/** A declined still stays beside the evidence this long, then the log alone has it. */
const DECLINED_SHOWN_MS = 30_000;

/** What was captured, newest left; a tick when it is filed. */
export function EvidenceStrip() {
  const { t } = useLingui();
  const items = useCase((state) => state.items);
  const [open, setOpen] = useState<string | null>(null);
  const shown = useMemo(() => itemsOf({ items }).slice(0, SHOWN), [items]);
  const chosen = open === null ? undefined : items[open];
  return (
    <section className="strip" aria-label={t`Evidence`}>
      <div className="strip__head">
        <h2>
          <Trans>Evidence</Trans> <span className="quiet">{evidenceOf({ items }).length}</span>
        </h2>
        <FileButton small asks />
      </div>
      <ul className="strip__list">
        <StillsAsked />
        <QueueList as="cards" />
        {shown.map((item) => (
          <li key={item.id}>
            <ItemCard item={item} onOpen={() => setOpen(item.id)} />
          </li>
        ))}
        {shown.length === 0 && (
          <li className="strip__empty">
            <Trans>Stills, photos and documents appear here as soon as they are in the locker.</Trans>
          </li>
        )}
      </ul>
      {chosen && <ItemDialog item={chosen} onClose={() => setOpen(null)} />}
    </section>
  );
}

function StillsAsked() {
  const { plan } = useSeat();
  const stills = useCase((state) => state.stills);
  const mine = Object.values(stills).filter((still) => still.validation_session_id === plan.validationSessionId);
  return (
    <>
      {mine
        .filter((still) => still.state !== "taken")
        .map((still) => (
          <StillAsked key={still.id} still={still} />
        ))}
    </>
  );
}

function StillAsked({ still }: { still: StillState }) {
  const declined = still.state === "declined";
  const [gone, setGone] = useState(declined && Date.now() - Date.parse(still.at) > DECLINED_SHOWN_MS);
  useEffect(() => {
    if (!declined) {
      return;
    }
    const timer = setTimeout(() => setGone(true), DECLINED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [declined]);
  if (gone) {
    return null;
  }
  const why = declineWord(still.reason ?? "");
  return (
    <li className="card-item card-item--waiting">
      <Icon outline={declined ? warning : hourglass} size="1.5rem" />
      <span className="card-item__line">
        {declined ? <Trans>No still: {why}</Trans> : <Trans>Taking the still…</Trans>}
      </span>
    </li>
  );
}

/** One piece of evidence: picture, what it is for, when it arrived, whether it is filed. Drag it onto a criterion. */
export function ItemCard({ item, onOpen }: { item: ItemState; onOpen: () => void }) {
  const { t } = useLingui();
  const session = useSession();
  const at = clockSeconds(new Date(item.at), session.time_zone);
  const label = t`${item.filename}, received ${at}`;
  return (
    <button
      type="button"
      className="card-item"
      title={label}
      draggable
      onDragStart={(event) => event.dataTransfer.setData("text/sightline-item", item.id)}
      onClick={onOpen}
    >
      <Thumbnail item={item} />
      <span className="sr-only">{item.filename}</span>
      <span className="card-item__line">
        <span>{item.criterion_ids.join(" ") || "–"}</span>
        <FiledMark item={item} />
      </span>
      <span className="card-item__line card-item__time">{at}</span>
    </button>
  );
}

export function Thumbnail({ item }: { item: ItemState }) {
  if (!item.thumbnail) {
    return (
      <span className="thumb thumb--none">
        <Icon outline={file} size="1.5rem" />
      </span>
    );
  }
  return <img className="thumb" src={`/api/items/${item.id}/thumbnail`} alt="" loading="lazy" draggable={false} />;
}

/** Where a piece of evidence is in its life, in a word short enough for the strip. */
export function FiledMark({ item }: { item: Pick<ItemState, "state" | "reason"> }) {
  const { t } = useLingui();
  if (isApart(item)) {
    return <Mark icon={warning} word={t`Kept apart`} tone="bad" />;
  }
  if (item.state === "admitted") {
    return <Mark icon={hourglass} word={t`Filing`} tone="calm" />;
  }
  return <Mark {...stateWord(item.state)} />;
}

function Mark({ icon, word, tone }: { icon: string; word: string; tone: string }) {
  return (
    <span className={`filed filed--${tone}`}>
      <Icon outline={icon} size="0.95rem" />
      {word}
    </span>
  );
}
