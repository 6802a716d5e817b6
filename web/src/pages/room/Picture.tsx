import { useEffect, useLayoutEffect, useRef } from "react";
import type { Cause } from "../../live/interruptions";
import type { Pause } from "../../live/pauses";
import { AwayNote, PausedNote, StillNote } from "./Paused";
import { useStillFor } from "./useStillFor";

interface PictureProps {
  stream: MediaStream | null;
  label: string;
  className?: string;
  /** Why it stands still; the last frame then stays, dimmed. */
  pause: Pause | null;
  /** The picture is this device's own. */
  own?: boolean;
  /** Something else is shown in its place, so that nobody looks at it. */
  replaced?: boolean;
}

/** A device's own picture goes black with these, so its last frame is held. */
const BLACKENS: ReadonlySet<Cause> = new Set(["call", "screen_locked", "mute_video", "track_ended", "camera_swap"]);

/** A live picture without sound; voices are played apart, so that a picture may always start by itself. */
export function Picture({ stream, label, className = "", pause, own = false, replaced = false }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const stillFor = useStillFor(video, stream);
  const held = own && pause !== null && BLACKENS.has(pause.cause);
  useEffect(() => {
    const element = video.current;
    if (element !== null && element.srcObject !== stream) {
      element.srcObject = stream;
    }
  }, [stream]);
  // Before the next frame, which would be black.
  useLayoutEffect(() => {
    const element = video.current;
    if (held) {
      element?.pause();
    } else if (element?.paused && element.srcObject !== null) {
      // A stream that is taken away meanwhile ends the playing, which is nothing to tell anybody.
      element.play().catch(() => {});
    }
  }, [held]);
  // A page in the background of a laptop goes on sending; on a phone the system takes the camera, which is another cause.
  const away = pause?.cause === "hidden" && stillFor === 0;
  const dim = (pause !== null && !away) || stillFor > 0;
  return (
    <>
      <video
        ref={video}
        className={dim ? `${className} picture--dim` : className}
        aria-label={label}
        autoPlay
        playsInline
        muted
      />
      {pause !== null && (away ? <AwayNote pause={pause} /> : <PausedNote pause={pause} />)}
      {pause === null && stillFor > 0 && !replaced && <StillNote seconds={stillFor} />}
    </>
  );
}
