import upload from "icon:file_upload";
import warning from "icon:warning";
import { Trans, useLingui } from "@lingui/react/macro";
import type { QueueItem } from "../../offline/queue";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { sentenceFor } from "../../ui/problemSentences";
import { useSeat, useUploads } from "./context";
import { bytesWord } from "./words";
import "./work/people.css";

/** What is on its way from this browser: as rows with words, or as small cards in the strip. */
export function QueueList({ as }: { as: "rows" | "cards" }) {
  const { items, reachable } = useUploads();
  const Line = as === "rows" ? QueueRow : QueueCard;
  return (
    <>
      {as === "rows" && !reachable && items.length > 0 && (
        <li className="queue__note" role="status">
          <Trans>No line. The files are safe on this device and go on by themselves.</Trans>
        </li>
      )}
      {items.map((item) => (
        <Line key={item.capture.id} item={item} />
      ))}
    </>
  );
}

function shareOf(item: QueueItem): number {
  return item.capture.size === 0 ? 0 : item.sentBytes / item.capture.size;
}

function QueueRow({ item }: { item: QueueItem }) {
  const { t } = useLingui();
  const { uploads } = useSeat();
  const { capture } = item;
  const name = capture.facts.filename;
  const percent = Math.round(shareOf(item) * 100);
  return (
    <li className="queue__row">
      <span className="queue__name">
        {name} <span className="quiet">{bytesWord(capture.size)}</span>
      </span>
      {item.state === "refused" ? (
        <span className="queue__refused">
          <Icon outline={warning} />
          <span>{capture.refusal && sentenceFor(capture.refusal)}</span>
          <Button look="quiet" small onClick={() => uploads.discard(capture.id)}>
            <Trans>Drop it</Trans>
          </Button>
        </span>
      ) : (
        <span className="queue__progress">
          <progress aria-label={t`Sending ${name}`} max={100} value={percent} />
          <span>{item.state === "sending" ? `${percent} %` : t`waiting`}</span>
        </span>
      )}
    </li>
  );
}

function QueueCard({ item }: { item: QueueItem }) {
  const { t } = useLingui();
  const { uploads } = useSeat();
  const name = item.capture.facts.filename;
  const refused = item.state === "refused";
  return (
    <li
      className="card-item card-item--waiting"
      title={item.capture.refusal ? sentenceFor(item.capture.refusal) : name}
    >
      <Icon outline={refused ? warning : upload} size="1.5rem" />
      <span className="card-item__line card-item__name">{name}</span>
      {refused ? (
        <Button look="quiet" small onClick={() => uploads.discard(item.capture.id)}>
          <Trans>Drop it</Trans>
        </Button>
      ) : (
        <progress aria-label={t`Sending ${name}`} max={100} value={Math.round(shareOf(item) * 100)} />
      )}
    </li>
  );
}
