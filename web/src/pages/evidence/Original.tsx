import before from "icon:navigate_before";
import next from "icon:navigate_next";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ItemState } from "../../live/state";
import { Button } from "../../ui/Button";

const SHOWN_WHOLE: ReadonlySet<string | null> = new Set(["image/jpeg", "image/png", "image/webp", "image/gif"]);
const PLAYED: ReadonlySet<string | null> = new Set(["video/mp4", "video/webm"]);
/** What no browser shows, or not every one; the server draws it. */
const DRAWN: ReadonlySet<string | null> = new Set(["image/heic", "image/avif", "image/tiff", "application/pdf"]);

/** The thing itself, as far as a browser can show it safely. */
export function Original({ item }: { item: ItemState }) {
  const type = item.media_type;
  const at = `/api/items/${item.id}`;
  if (SHOWN_WHOLE.has(type)) return <img className="item-picture" src={`${at}/content`} alt={item.filename} />;
  if (PLAYED.has(type)) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: evidence as it came; nobody has written captions for it
      <video className="item-picture" src={`${at}/content`} poster={poster(item)} controls preload="none" />
    );
  }
  if (DRAWN.has(type)) return <Pages item={item} />;
  return item.thumbnail ? <img className="item-picture" src={`${at}/thumbnail`} alt={item.filename} /> : null;
}

function poster(item: ItemState): string | undefined {
  return item.thumbnail ? `/api/items/${item.id}/thumbnail` : undefined;
}

function Pages({ item }: { item: ItemState }) {
  const { t } = useLingui();
  const [page, setPage] = useState(1);
  const pages = typeof item.facts?.pages === "number" ? item.facts.pages : 1;
  return (
    <>
      <img
        className="item-picture"
        src={`/api/items/${item.id}/pages/${page}`}
        alt={t`${item.filename}, page ${page}`}
      />
      {pages > 1 && (
        <div className="item-pages">
          <Button small look="outline" icon={before} disabled={page === 1} onClick={() => setPage(page - 1)}>
            <Trans>Page before</Trans>
          </Button>
          <span aria-live="polite">{t`Page ${page} of ${pages}`}</span>
          <Button small look="outline" icon={next} disabled={page === pages} onClick={() => setPage(page + 1)}>
            <Trans>Next page</Trans>
          </Button>
        </div>
      )}
    </>
  );
}
