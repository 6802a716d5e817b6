/** One polite message at a time for the live region, and for sighted people a short note in the corner. */
export interface Announcement {
  readonly text: string;
  readonly shown: boolean;
  readonly serial: number;
}

let current: Announcement = { text: "", shown: false, serial: 0 };
/** Live regions on the page, the last one speaks: everything behind an open modal is silent. */
let regions: readonly symbol[] = [];
const watchers = new Set<() => void>();

function tellWatchers(): void {
  for (const watcher of watchers) watcher();
}

function publish(text: string, shown: boolean): void {
  current = { text, shown, serial: current.serial + 1 };
  tellWatchers();
}

/** Let a region speak until the returned function is called. */
export function enterRegion(region: symbol): () => void {
  regions = [...regions, region];
  tellWatchers();
  return () => {
    regions = regions.filter((one) => one !== region);
    tellWatchers();
  };
}

export function speakingRegion(): symbol | undefined {
  return regions.at(-1);
}

/** Have assistive technology read a sentence; nothing is shown, since the page already shows it. */
export function announce(text: string): void {
  publish(text, false);
}

/** Read a sentence and show it for a few seconds, for an act whose result is not in view. */
export function toast(text: string): void {
  publish(text, true);
}

/** Take the shown note away, if it is still the one with this serial. */
export function dismiss(serial: number): void {
  if (current.serial === serial && current.shown) publish("", false);
}

export function watchAnnouncement(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function currentAnnouncement(): Announcement {
  return current;
}
