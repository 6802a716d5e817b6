import { expect, test } from "vitest";
import { Photos } from "./photos";

const WEBP = new Uint8Array([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]).buffer;

test("the newest photo of each source is shown, with its age from when it was taken", () => {
  const photos = new Photos();
  photos.take({ source_id: "gate", travel_ms: 900, data: WEBP }, 10_000);
  photos.take({ source_id: "dock", travel_ms: 0, data: WEBP }, 11_000);
  photos.take({ source_id: "gate", travel_ms: 400, data: WEBP }, 15_000);
  const { bySource } = photos.store.view();
  expect([bySource.gate?.takenAt, bySource.dock?.takenAt]).toEqual([14_600, 11_000]);
  expect(bySource.gate?.url).toMatch(/^blob:/);
});

test("what is no photo is passed over", () => {
  const photos = new Photos();
  photos.take({ source_id: "gate", travel_ms: 0, data: new TextEncoder().encode("<svg/>").buffer });
  photos.take({ source_id: "gate", travel_ms: 0, data: "RIFF" });
  photos.take({ travel_ms: 0, data: WEBP });
  expect(photos.store.view().bySource).toEqual({});
});

test("a source that ended takes its photo along", () => {
  const photos = new Photos();
  photos.take({ source_id: "gate", travel_ms: 0, data: WEBP });
  photos.take({ source_id: "dock", travel_ms: 0, data: WEBP });
  photos.keepOnly(new Set(["dock"]));
  expect(Object.keys(photos.store.view().bySource)).toEqual(["dock"]);
});
