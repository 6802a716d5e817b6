/** Where the device says it is. A claim of the device, never a fact; asked for at the moment of a capture, from the page and not from EXIF. */

const WITHIN_MS = 4000;
const NOT_OLDER_THAN_MS = 60_000;

export interface Position {
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
  /** Radius in metres that holds the true place with 95 % confidence, as the device believes. */
  readonly accuracy_m: number;
}

/** Return the position, or null when the person or the device does not give it in time. */
export function readPosition(): Promise<Position | null> {
  if (!("geolocation" in navigator)) {
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: WITHIN_MS, maximumAge: NOT_OLDER_THAN_MS },
    );
  });
}
