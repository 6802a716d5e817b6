import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isApart } from "../../live/reading";
import type { ItemState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/ComboBox";
import { Copyable } from "../../ui/Copyable";
import { Modal } from "../../ui/Modal";
import { TimeInZones } from "../../ui/TimeInZones";
import { cameraWord, isGone, refusalWord } from "../evidence/itemWords";
import { useCase, useMay, useParts, useSession } from "./context";
import { FiledMark } from "./desktop/EvidenceStrip";
import { useAct } from "./useAct";
import { bytesWord } from "./words";

const PICTURES: ReadonlySet<string | null> = new Set(["image/jpeg", "image/png"]);
const DIGEST_SHOWN = 12;

/** One evidence item: the thing itself, what is known and what is only claimed, and the criteria it speaks to. */
export function ItemDialog({ item, onClose }: { item: ItemState; onClose: () => void }) {
  const picture = PICTURES.has(item.media_type) ? `/api/items/${item.id}/content` : `/api/items/${item.id}/thumbnail`;
  const apart = isApart(item);
  const shown = (PICTURES.has(item.media_type) || item.thumbnail) && !isGone(item);
  return (
    <Modal heading={item.filename} onClose={onClose}>
      {shown && !apart && <img className="item-picture" src={picture} alt={item.filename} />}
      <Facts item={item} />
      {apart && <KeptApart item={item} />}
      {!apart && !isGone(item) && <AsEvidence item={item} />}
    </Modal>
  );
}

function KeptApart({ item }: { item: ItemState }) {
  return (
    <Alert kind="warning">
      <Trans>Kept apart; it does not count as evidence.</Trans> {refusalWord(item.reason)}
    </Alert>
  );
}

function AsEvidence({ item }: { item: ItemState }) {
  return (
    <>
      <Link item={item} />
      <p>
        <a href={`/api/items/${item.id}/content`} target="_blank" rel="noreferrer">
          <Trans>Open the original</Trans>
        </a>
      </p>
    </>
  );
}

function Facts({ item }: { item: ItemState }) {
  const { t } = useLingui();
  const session = useSession();
  const by = useCase((state) => (item.participant_id === null ? undefined : state.participants[item.participant_id]));
  const claimed = item.claims?.captured_at_device;
  return (
    <dl className="facts item-facts">
      <div>
        <dt>{t`Received`}</dt>
        <dd>
          <TimeInZones at={item.at} zone={session.time_zone} />
        </dd>
      </div>
      {typeof claimed === "string" && (
        <div>
          <dt>{t`Taken, says the device`}</dt>
          <dd>
            <TimeInZones at={claimed} zone={session.time_zone} />
          </dd>
        </div>
      )}
      <div>
        <dt>{t`From`}</dt>
        <dd>{by?.name ?? "–"}</dd>
      </div>
      {item.kind === "still" && (
        <div>
          <dt>{t`Picture`}</dt>
          <dd>{cameraWord(item.camera)}</dd>
        </div>
      )}
      <div>
        <dt>{t`Size`}</dt>
        <dd>{bytesWord(item.bytes)}</dd>
      </div>
      <div>
        <dt>{t`State`}</dt>
        <dd>
          <FiledMark item={item} />
        </dd>
      </div>
      <div>
        <dt>SHA-256</dt>
        <dd>
          <Copyable text={item.digest} shown={`${item.digest.slice(0, DIGEST_SHOWN)}…`} what={t`Copy the digest`} />
        </dd>
      </div>
    </dl>
  );
}

function Link({ item }: { item: ItemState }) {
  const { t } = useLingui();
  const { criteria } = useParts();
  const act = useAct();
  const mayAnswer = useMay("answer");
  const [criterion, setCriterion] = useState("");
  const linked = item.criterion_ids.join(", ");
  const options = criteria
    .filter((one) => !item.criterion_ids.includes(one.id))
    .map((one) => ({ value: one.id, label: `${one.id} ${one.gist}` }));
  const link = async () => {
    if (await act({ type: "item.link", item_id: item.id, criterion_id: criterion })) {
      setCriterion("");
    }
  };
  return (
    <div className="item-link">
      <p>{linked === "" ? t`Not tied to a criterion yet.` : t`Tied to ${linked}.`}</p>
      {mayAnswer && (
        <>
          <ComboBox
            name="criterion"
            label={<Trans>Tie to a criterion</Trans>}
            options={options}
            value={criterion}
            onChange={setCriterion}
          />
          <Button look="outline" small disabled={criterion === ""} onClick={link}>
            <Trans>Tie</Trans>
          </Button>
        </>
      )}
    </div>
  );
}
