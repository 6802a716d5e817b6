import { type RefObject, useEffect, useState } from "react";

const LOOK_MS = 500;
/** A picture that moves less often than this has stopped, however slow the line is. */
const STILL_MS = 2000;

/** Whole seconds for which a playing video has shown no new frame, from two on; 0 while it moves or has not begun. */
export function useStillFor(element: RefObject<HTMLVideoElement | null>, stream: MediaStream | null): number {
  const [seconds, setSeconds] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream begins the count anew.
  useEffect(() => {
    const video = element.current;
    if (video === null) {
      return;
    }
    let lastMs: number | null = null;
    let waiting = 0;
    // The clock of a live stream goes on without its frames, so they are counted themselves.
    const awaitFrame = () => {
      waiting = video.requestVideoFrameCallback(() => {
        lastMs = performance.now();
        awaitFrame();
      });
    };
    awaitFrame();
    const look = () => {
      if (video.paused || document.visibilityState === "hidden") {
        // Nothing is drawn where nobody looks.
        lastMs = null;
      }
      const stillMs = lastMs === null ? 0 : performance.now() - lastMs;
      setSeconds(stillMs < STILL_MS ? 0 : Math.floor(stillMs / 1000));
    };
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      video.cancelVideoFrameCallback(waiting);
    };
  }, [element, stream]);
  return seconds;
}
