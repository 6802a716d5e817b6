import { useEffect, useSyncExternalStore } from "react";
import { currentAnnouncement, dismiss, watchAnnouncement } from "./announce";

const SHOWN_MS = 6_000;

/** The one polite live region of the page; what it reads may also be shown as a note in the corner. */
export function LiveRegion() {
  const { text, shown, serial } = useSyncExternalStore(watchAnnouncement, currentAnnouncement);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => dismiss(serial), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, serial]);
  return (
    <div role="status" aria-live="polite" aria-atomic="true" className={shown ? "toast" : "sr-only"}>
      {/* A new key makes the same sentence be read again. */}
      <span key={serial}>{text}</span>
    </div>
  );
}
