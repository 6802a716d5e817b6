import pauseIcon from "icon:pause";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import type { Claim } from "../../live/interruptions";
import { mutedSince, type Pause, pictureGap } from "../../live/pauses";
import { Store } from "../../live/store";
import { announce } from "../../ui/announce";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import { clockSeconds } from "./clock";
import { useSeat, useSession, useStore } from "./context";
import { causeWord } from "./words";

/** Why a picture stands still and since when, over its last frame. */
export function PausedNote({ pause }: { pause: Pause }) {
  const { room } = useSeat();
  const { time_zone: zone } = useSession();
  const word = causeWord(pause.cause);
  const since = clockSeconds(new Date(pause.since), zone);
  const seconds = Math.max(0, Math.floor((room.clock.at(useNow(1000).getTime()) - Date.parse(pause.since)) / 1000));
  return (
    <span className="paused">
      <Icon outline={pauseIcon} size="1.25em" />
      <strong>
        <Trans>Paused: {word}</Trans>
      </strong>
      <span className="paused__since">
        <Trans>since {since}</Trans>
        {/* Not said again each second to those who listen. */}
        <span aria-hidden="true">
          {" "}
          <Trans>({seconds} s)</Trans>
        </span>
      </span>
    </span>
  );
}

/** Let those who listen hear why the picture in the middle stands still, once each time that it begins. */
export function useSaidPause(pause: Pause | null): void {
  const { t } = useLingui();
  // Behind a page that is not looked at the picture moves.
  const stands = pause !== null && pause.cause !== "hidden";
  const word = stands ? causeWord(pause.cause) : null;
  const which = stands ? `${pause.sourceId} ${pause.since}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same reason elsewhere, or once more, is said again.
  useEffect(() => {
    if (word !== null) {
      announce(t`Paused: ${word}`);
    }
  }, [t, word, which]);
}

/** Said of a picture that moves although its page is not looked at: whoever sends it may not notice what is asked. */
export function AwayNote({ pause }: { pause: Pause }) {
  return <span className="paused paused--still">{causeWord(pause.cause)}</span>;
}

/** Said of a picture that stands still although nobody has said why. */
export function StillNote({ seconds }: { seconds: number }) {
  return (
    <span className="paused paused--still">
      <Trans>No new picture for {seconds} s</Trans>
    </span>
  );
}

/** Why the picture of somebody's source stands still; null while it moves. */
export function usePause(sourceId: string): Pause | null {
  const open = useStore(useSeat().pauses.store, (view) => view.open);
  return pictureGap(open, sourceId);
}

/** Beside a name: whether their voice is muted. */
export function MutedNote({ sourceId }: { sourceId: string }) {
  const { t } = useLingui();
  const { time_zone: zone } = useSession();
  const since = mutedSince(
    useStore(useSeat().pauses.store, (view) => view.open),
    sourceId,
  );
  return since === null ? null : <span>{t`Voice muted since ${clockSeconds(new Date(since), zone)}`}</span>;
}

const NOTHING = new Store<{ open: readonly Claim[] }>({ open: [] });

/** Why this device's own picture stands still, as it sees it itself and at once. */
export function useOwnPause(): Pause | null {
  const { watch, room } = useSeat();
  const open = useStore(watch?.store ?? NOTHING, (view) => view.open);
  const reasons = open.filter((one) => one.cause !== "mute_audio");
  const claim = reasons.find((one) => one.cause !== "mute_video") ?? reasons[0];
  return claim === undefined ? null : { ...claim, since: new Date(room.clock.at(claim.startMs)).toISOString() };
}
