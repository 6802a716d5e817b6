/** The newest photo of each camera that sends no video now. They are seen and not kept: a newer one, or the end, frees it. */

import { Store } from "./store";

const TYPES: readonly (readonly [string, readonly number[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
];

export interface Photo {
  readonly url: string;
  /** When it was taken, as far as this page can know, in ms since 1970. */
  readonly takenAt: number;
}

export interface PhotosView {
  readonly bySource: Readonly<Record<string, Photo>>;
}

export class Photos {
  readonly store = new Store<PhotosView>({ bySource: {} });

  take(message: Readonly<Record<string, unknown>>, nowMs: number = Date.now()): void {
    const { source_id: sourceId, travel_ms: travelMs, data } = message;
    if (typeof sourceId !== "string" || typeof travelMs !== "number" || !(data instanceof ArrayBuffer)) {
      return;
    }
    const head = new Uint8Array(data);
    const type = TYPES.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))?.[0];
    if (type === undefined) {
      return;
    }
    const photo = { url: URL.createObjectURL(new Blob([data], { type })), takenAt: nowMs - travelMs };
    const { bySource } = this.store.view();
    this.#free(bySource[sourceId]);
    this.store.change({ bySource: { ...bySource, [sourceId]: photo } });
  }

  /** Let go of the photos of all other sources. */
  keepOnly(sourceIds: ReadonlySet<string>): void {
    const { bySource } = this.store.view();
    const gone = Object.keys(bySource).filter((one) => !sourceIds.has(one));
    for (const one of gone) {
      this.#free(bySource[one]);
    }
    if (gone.length > 0) {
      const kept = Object.entries(bySource).filter(([one]) => sourceIds.has(one));
      this.store.change({ bySource: Object.fromEntries(kept) });
    }
  }

  #free(photo: Photo | undefined): void {
    if (photo !== undefined) {
      URL.revokeObjectURL(photo.url);
    }
  }
}
