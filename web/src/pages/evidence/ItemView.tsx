import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { isApart } from "../../live/reading";
import type { CaseState, ItemState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Copyable } from "../../ui/Copyable";
import { Modal } from "../../ui/Modal";
import { dayAndClockIn } from "../../ui/time";
import { bytesWord } from "../room/words";
import { Checks } from "./Checks";
import { cameraWord, ItemStateTag, isGone, itemKindWord, refusalWord, stillSourceWord } from "./itemWords";
import { Keeping } from "./Keeping";
import { Original } from "./Original";

interface ItemViewProps {
  item: ItemState;
  state: CaseState;
  zone: string;
  onClose: () => void;
}

const DIGEST_SHOWN = 16;

/** One piece of evidence: the thing itself, what the server knows and what the device only claims. */
export function ItemView({ item, state, zone, onClose }: ItemViewProps) {
  return (
    <Modal heading={item.filename} onClose={onClose}>
      <One item={item} state={state} zone={zone} />
    </Modal>
  );
}

export function Compare(props: Omit<ItemViewProps, "item"> & { one: ItemState; other: ItemState }) {
  const { one, other, state, zone, onClose } = props;
  return (
    <Modal heading={<Trans>Side by side</Trans>} onClose={onClose}>
      <div className="compare">
        {[one, other].map((item) => (
          <section key={item.id} aria-label={item.filename}>
            <h3>{item.filename}</h3>
            <One item={item} state={state} zone={zone} />
          </section>
        ))}
      </div>
    </Modal>
  );
}

function One({ item, state, zone }: Omit<ItemViewProps, "onClose">) {
  if (isGone(item)) {
    return (
      <>
        <Alert kind="info">
          <Trans>The bytes are destroyed. What it was, why and by whom it was destroyed stay in the ledger.</Trans>
        </Alert>
        <Facts item={item} state={state} zone={zone} />
      </>
    );
  }
  if (isApart(item)) {
    return (
      <>
        <Alert kind="warning">{refusalWord(item.reason)}</Alert>
        <Facts item={item} state={state} zone={zone} />
        <Checks item={item} />
        <Keeping item={item} state={state} />
      </>
    );
  }
  return (
    <>
      <Original item={item} />
      <Facts item={item} state={state} zone={zone} />
      <Claims item={item} />
      <Checks item={item} />
      <p>
        <a href={`/api/items/${item.id}/content?download=true`} download={item.filename}>
          <Trans>Download the original</Trans>
        </a>
      </p>
      <Keeping item={item} state={state} />
    </>
  );
}

function Facts({ item, state, zone }: Omit<ItemViewProps, "onClose">) {
  const { t } = useLingui();
  const by = item.participant_id === null ? undefined : state.participants[item.participant_id];
  const rows: [string, ReactNode][] = [
    [t`Received`, dayAndClockIn(new Date(item.at), zone)],
    [t`From`, by?.name ?? "–"],
    [t`Kind`, itemKindWord(item.kind)],
    [t`Criteria`, item.criterion_ids.join(", ") || "–"],
    [t`Stop`, (item.stop_id && state.stops[item.stop_id]?.name) || "–"],
    [t`Size`, bytesWord(item.bytes)],
    [t`State`, <ItemStateTag key="state" state={item.state} held={item.held} />],
    [t`Kept until`, item.retain_until === null ? "–" : dayAndClockIn(new Date(item.retain_until), zone)],
    [t`Entry`, String(item.seq)],
  ];
  const length = item.facts?.duration_ms;
  if (typeof length === "number") rows.push([t`Length`, t`${Math.round(length / 1000)} s`]);
  if (item.kind === "still")
    rows.splice(3, 0, [t`Picture`, cameraWord(item.camera)], [t`Source`, stillSourceWord(item)]);
  return (
    <section>
      <h3 className="overline">
        <Trans>What the server knows</Trans>
      </h3>
      <dl className="facts item-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>SHA-256</dt>
          <dd>
            <Copyable text={item.digest} shown={`${item.digest.slice(0, DIGEST_SHOWN)}…`} what={t`Copy the digest`} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** Anybody can write these; they are never mixed with what the server knows. */
function Claims({ item }: { item: ItemState }) {
  const { t } = useLingui();
  const words: Readonly<Record<string, string>> = {
    captured_at_device: t`Taken (page clock)`,
    exif_captured_at: t`Taken (camera)`,
    latitude_deg: t`Latitude`,
    longitude_deg: t`Longitude`,
    altitude_m: t`Altitude in m`,
    device: t`Device`,
    software: t`Software`,
  };
  const claimed = Object.entries(item.claims ?? {}).filter(([, value]) => value !== null);
  if (claimed.length === 0) return null;
  return (
    <section className="claims">
      <h3 className="overline">
        <Trans>What the device claims</Trans>
      </h3>
      <dl className="facts item-facts">
        {claimed.map(([name, value]) => (
          <div key={name}>
            <dt>{words[name] ?? name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
