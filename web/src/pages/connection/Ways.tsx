import cancel from "icon:cancel";
import check from "icon:check_circle";
import clock from "icon:schedule";
import { Trans, useLingui } from "@lingui/react/macro";
import { wayWord } from "../../app/lineWords";
import { WAYS } from "../../live/state";
import { Tag } from "../../ui/Tag";
import type { WayResults } from "./useLineTest";

/** Each way with what is known of it, as it becomes known. */
export function Ways({ ways }: { ways: WayResults }) {
  const { t } = useLingui();
  return (
    <ul className="ways" aria-label={t`Ways to the server`}>
      {WAYS.filter((way) => ways[way] !== undefined).map((way) => (
        <li key={way} className="ways__way">
          <span>{wayWord(way)}</span>
          <WayTag works={ways[way] ?? null} />
        </li>
      ))}
    </ul>
  );
}

function WayTag({ works }: { works: boolean | null }) {
  if (works === null) {
    return (
      <Tag tone="info" icon={clock}>
        <Trans>Trying…</Trans>
      </Tag>
    );
  }
  return works ? (
    <Tag tone="good" icon={check}>
      <Trans>Works</Trans>
    </Tag>
  ) : (
    <Tag tone="calm" icon={cancel}>
      <Trans>Blocked</Trans>
    </Tag>
  );
}
