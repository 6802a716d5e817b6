import { type RefObject, useEffect, useState } from "react";

const LOOK_MS = 500;
/** A picture that moves less often than this has stopped, however slow the line is. */
const STILL_MS = 2000;

/** Whole seconds for which a playing video has shown no new frame, from two on; 0 while it moves or has not begun. */
export function useStillFor(element: RefObject<HTMLVideoElement | null>, stream: MediaStream | null): number {
  const [seconds, setSeconds] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream begins the count anew.
  useEffect(() => {
    let [lastMs, time] = [0, -1];
    const look = () => {
      const video = element.current;
      const now = performance.now();
      if (video === null || video.paused || document.visibilityState === "hidden") {
        // Nothing is drawn where nobody looks.
        lastMs = 0;
      } else if (video.currentTime !== time) {
        [lastMs, time] = [now, video.currentTime];
      } else if (lastMs === 0) {
        lastMs = video.videoWidth > 0 ? now : 0;
      }
      const stillMs = lastMs === 0 ? 0 : now - lastMs;
      setSeconds(stillMs < STILL_MS ? 0 : Math.floor(stillMs / 1000));
    };
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [element, stream]);
  return seconds;
}
