import autorenew from "icon:autorenew";
import recordOff from "icon:videocam_off";
import hidden from "icon:visibility_off";
import warning from "icon:warning";
import wifi from "icon:wifi";
import { Trans, useLingui } from "@lingui/react/macro";
import type { LineQuality, Reading } from "../../live/quality";
import { filedThrough, recordingState } from "../../live/reading";
import type { Received } from "../../live/receivers";
import { Icon } from "../../ui/Icon";
import { Tag, type TagTone } from "../../ui/Tag";
import { clockSeconds } from "./clock";
import { useCase, useReceived, useRoom, useSender, useSession } from "./context";
import { qualityWord } from "./words";

/** What happens to the pictures now: recorded and filed up to when, shown only, or not kept at all. */
export function RecordingBadge() {
  const session = useSession();
  const state = useCase((one) => one);
  const filed = filedThrough(state, session.id);
  switch (recordingState(state, session)) {
    case "private":
      return (
        <span className="badge badge--private">
          <Icon outline={hidden} />
          <strong>
            <Trans>Shown, not stored</Trans>
          </strong>
        </span>
      );
    case "recording":
      return (
        <span className="badge badge--rec">
          <span className="badge__dot" aria-hidden="true" />
          <strong>
            <Trans>REC</Trans>
          </strong>
          {filed && (
            <span className="badge__more">
              <FiledTo at={clockSeconds(filed, session.time_zone)} />
            </span>
          )}
        </span>
      );
    default:
      return (
        <span className="badge">
          <Icon outline={recordOff} />
          <Trans>Not recorded</Trans>
        </span>
      );
  }
}

function FiledTo({ at }: { at: string }) {
  return <Trans>filed to {at}</Trans>;
}

const TONE: Record<LineQuality, TagTone> = { good: "good", weak: "warn", bad: "bad", still: "bad" };
const WORST: readonly LineQuality[] = ["still", "bad", "weak", "good"];

/**
 * The worst of what this line carries out and in. One silent source among others that arrive is that person's line and
 * is said on their picture; when nothing at all arrives it is this one.
 */
function worstOf(out: Reading | null, received: readonly Received[]): LineQuality | undefined {
  const incoming = received.flatMap((one) => (one.reading === null ? [] : [one.reading.quality]));
  const arriving = incoming.filter((one) => one !== "still");
  const counted = [...(arriving.length > 0 ? arriving : incoming), ...(out === null ? [] : [out.quality])];
  return WORST.find((one) => counted.includes(one));
}

/** One word for both lines: to the server, and of the pictures and voices. */
export function LineBadge() {
  const { t } = useLingui();
  const line = useRoom((view) => view.line);
  const sender = useSender();
  const received = useReceived();
  if (line !== "live" || sender?.peer === "reconnecting") {
    return (
      <Tag tone="warn" icon={autorenew}>
        {line === "connecting" ? t`Connecting…` : t`Reconnecting…`}
      </Tag>
    );
  }
  if (sender?.peer === "refused") {
    return (
      <Tag tone="bad" icon={warning}>
        <Trans>Not sending</Trans>
      </Tag>
    );
  }
  const worst = worstOf(sender?.reading ?? null, received);
  return (
    <Tag
      tone={worst === undefined ? "good" : TONE[worst]}
      icon={worst === undefined || worst === "good" ? wifi : warning}
    >
      {worst === undefined ? t`Connected` : qualityWord(worst)}
    </Tag>
  );
}
