import volume from "icon:hearing";
import { Trans } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import type { Received } from "../../live/receivers";
import { Button } from "../../ui/Button";
import { useReceived } from "./context";

/** Everybody else's voice. A browser that plays no sound before a press gets a button for it. */
export function Voices() {
  const received = useReceived();
  const [blocked, setBlocked] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const playAll = () => {
    setBlocked(false);
    for (const voice of holder.current?.querySelectorAll("audio") ?? []) {
      void play(voice, setBlocked);
    }
  };
  return (
    <div ref={holder} className="voices">
      {received.map((one) => (
        <Voice key={one.source.id} received={one} onBlocked={setBlocked} />
      ))}
      {blocked && (
        <div className="voices__blocked" role="alert">
          <Button icon={volume} onClick={playAll}>
            <Trans>Turn the sound on</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

async function play(voice: HTMLAudioElement, onBlocked: (blocked: boolean) => void): Promise<void> {
  try {
    await voice.play();
  } catch (error) {
    // AbortError is a newer stream taking the place of this one; only the browser's refusal concerns the person.
    if (error instanceof DOMException) {
      onBlocked(error.name === "NotAllowedError");
      return;
    }
    throw error;
  }
}

function Voice({ received, onBlocked }: { received: Received; onBlocked: (blocked: boolean) => void }) {
  const audio = useRef<HTMLAudioElement>(null);
  const { stream } = received;
  useEffect(() => {
    const voice = audio.current;
    if (voice !== null && stream !== null) {
      voice.srcObject = stream;
      void play(voice, onBlocked);
    }
  }, [stream, onBlocked]);
  // biome-ignore lint/a11y/useMediaCaption: live speech has no caption track.
  return <audio ref={audio} data-source={received.source.id} />;
}
