import flag from "icon:flag";
import mic from "icon:mic";
import micOff from "icon:mic_off";
import next from "icon:navigate_next";
import photo from "icon:photo_camera";
import videocam from "icon:videocam";
import hidden from "icon:visibility_off";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Icon } from "../../../ui/Icon";
import { useMay, useSeat, useSender, useSession } from "../context";
import { useTour } from "../useTour";

/** The acts on the picture, each with its key. What cannot be done now is greyed and says why. */
export function StageBar({ onNext }: { onNext: () => void }) {
  const { t } = useLingui();
  const tour = useTour();
  const session = useSession();
  const [mayGuide, mayMark, mayHide] = [useMay("guide_tour"), useMay("mark"), useMay("set_privacy")];
  const why = session.state === "live" ? null : t`Possible once the session has started`;
  const hiddenNow = session.privacy === null ? null : t`Nothing is stored while “Show, do not store” is on`;
  return (
    <div className="stage-bar" role="toolbar" aria-label={t`Acts on the picture`}>
      {mayGuide && (
        <Act icon={photo} letter="S" why={why ?? hiddenNow} onPress={tour.still}>
          <Trans>Still</Trans>
        </Act>
      )}
      {mayMark && (
        <Act icon={flag} letter="M" why={why} onPress={tour.mark}>
          <Trans>Mark</Trans>
        </Act>
      )}
      {mayGuide && (
        <Act icon={next} letter="N" why={why} onPress={onNext}>
          <Trans>Next stop</Trans>
        </Act>
      )}
      {mayHide && (
        <Act icon={hidden} letter="P" why={why} pressed={session.privacy !== null} onPress={tour.togglePrivacy}>
          {session.privacy === null ? <Trans>Show, do not store</Trans> : <Trans>Store again</Trans>}
        </Act>
      )}
      <OwnDevices />
    </div>
  );
}

interface ActProps {
  icon: string;
  letter?: string;
  why?: string | null;
  pressed?: boolean;
  onPress: () => unknown;
  children: ReactNode;
}

/** A button of the stage: icon, word, key; greyed with the reason as its title. */
export function Act({ icon, letter, why = null, pressed, onPress, children }: ActProps) {
  return (
    <button
      type="button"
      className="act"
      aria-disabled={why !== null}
      aria-pressed={pressed}
      aria-keyshortcuts={letter}
      title={why ?? undefined}
      onClick={() => why === null && onPress()}
    >
      <Icon outline={icon} />
      <span>{children}</span>
      {letter && (
        <span className="kbd" aria-hidden="true">
          {letter}
        </span>
      )}
    </button>
  );
}

function OwnDevices() {
  const seat = useSeat();
  const sender = useSender();
  const tour = useTour();
  const mayShow = useMay("publish_camera") && seat.plan.side === "member";
  if (sender === null) {
    return null;
  }
  const camera = sender.kind === "camera";
  return (
    <span className="stage-bar__own">
      {mayShow && (
        <Act icon={videocam} pressed={camera} onPress={() => seat.sender?.switchTo(camera ? "microphone" : "camera")}>
          {camera ? <Trans>Stop my camera</Trans> : <Trans>Send my camera</Trans>}
        </Act>
      )}
      <Act icon={sender.muted ? micOff : mic} letter="U" pressed={sender.muted} onPress={tour.toggleMute}>
        {sender.muted ? <Trans>Muted</Trans> : <Trans>Mute</Trans>}
      </Act>
    </span>
  );
}
