import flip from "icon:flip_camera";
import mic from "icon:mic";
import micOff from "icon:mic_off";
import more from "icon:more_horiz";
import torch from "icon:torch";
import hidden from "icon:visibility_off";
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { NoStill } from "../../../capture/still";
import { toast } from "../../../ui/announce";
import { Icon } from "../../../ui/Icon";
import { useMay, useSeat, useSender, useSession, useStore, useUploads } from "../context";
import { useTour } from "../useTour";

/** One row for the thumb: what is needed while walking, and the door to the rest. */
export function PhoneBar({ onMore }: { onMore: () => void }) {
  const { t } = useLingui();
  const seat = useSeat();
  const sender = useSender();
  const session = useSession();
  const tour = useTour();
  const mayHide = useMay("set_privacy");
  const waiting = useUploads().items.length;
  const live = session.state === "live";
  const isPrivate = session.privacy !== null;
  return (
    <nav className="phone-bar" aria-label={t`Camera`}>
      <Press
        icon={flip}
        word={t`Flip`}
        label={t`Other camera`}
        disabled={sender?.flipping}
        onPress={() => seat.sender?.flip()}
      />
      {sender?.torch !== "none" && (
        <Press
          icon={torch}
          word={t`Lamp`}
          label={t`Lamp`}
          pressed={sender?.torch === "on"}
          onPress={() => seat.sender?.toggleTorch()}
        />
      )}
      <Press
        icon={sender?.muted ? micOff : mic}
        word={sender?.muted ? t`Muted` : t`Mute`}
        label={t`Mute`}
        pressed={sender?.muted}
        onPress={tour.toggleMute}
      />
      <Shutter />
      {mayHide && (
        <Press
          icon={hidden}
          word={isPrivate ? t`Not stored` : t`Do not store`}
          label={isPrivate ? t`Store again` : t`Show, do not store`}
          pressed={isPrivate}
          disabled={!live}
          onPress={tour.togglePrivacy}
        />
      )}
      <Press icon={more} word={t`More`} label={t`Files, people and leaving`} onPress={onMore}>
        {waiting > 0 && <span className="count">{waiting}</span>}
      </Press>
    </nav>
  );
}

interface PressProps {
  icon: string;
  /** Under the icon; as short as can be. */
  word: string;
  /** What it does, said in full after the word. */
  label: string;
  pressed?: boolean | undefined;
  disabled?: boolean | undefined;
  onPress: () => unknown;
  children?: ReactNode;
}

function Press({ icon, word, label, pressed, disabled = false, onPress, children }: PressProps) {
  return (
    <button
      type="button"
      className="press"
      aria-label={word === label ? label : `${word}: ${label}`}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={() => onPress()}
    >
      <Icon outline={icon} size="1.75rem" />
      <span className="press__word">{word}</span>
      {children}
    </button>
  );
}

function Shutter() {
  const { t } = useLingui();
  const { stills, room } = useSeat();
  const taking = useStore(stills.store, (view) => view.taking);
  const hidden = useSession().privacy !== null;
  const shoot = async () => {
    try {
      await stills.shoot(room.store.view().state);
    } catch (error) {
      if (!(error instanceof NoStill)) {
        throw error;
      }
      toast(t`The camera gave no picture. Try again.`);
    }
  };
  return (
    <button
      type="button"
      className="shutter"
      aria-label={t`Take a photo`}
      aria-busy={taking}
      disabled={taking || hidden}
      onClick={shoot}
    >
      <span aria-hidden="true" />
    </button>
  );
}
