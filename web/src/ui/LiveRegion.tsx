import { useEffect, useState, useSyncExternalStore } from "react";
import { currentAnnouncement, dismiss, enterRegion, speakingRegion, watchAnnouncement } from "./announce";

const SHOWN_MS = 6_000;

/**
 * The one polite live region that speaks; what it reads may also be shown as a note in the corner.
 *
 * A modal brings one of its own, since the rest of the page is inert while it is open.
 */
export function LiveRegion() {
  const [region] = useState(() => Symbol("live region"));
  useEffect(() => enterRegion(region), [region]);
  const speaking = useSyncExternalStore(watchAnnouncement, () => speakingRegion() === region);
  const { text, shown, serial } = useSyncExternalStore(watchAnnouncement, currentAnnouncement);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => dismiss(serial), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, serial]);
  return (
    <div role="status" aria-live="polite" aria-atomic="true" className={shown && speaking ? "toast" : "sr-only"}>
      {/* A new key makes the same sentence be read again. */}
      <span key={serial}>{speaking && text}</span>
    </div>
  );
}
