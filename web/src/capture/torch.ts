/** The lamp beside the camera. Few browsers offer it, so the page asks first and shows no button without it. */

export function hasTorch(track: MediaStreamTrack): boolean {
  const capabilities = track.getCapabilities?.() ?? {};
  return Reflect.get(capabilities, "torch") === true;
}

/** Switch the lamp; false when the camera would not. */
export async function setTorch(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  // `torch` is in the Image Capture draft, not in TypeScript's constraint set.
  const wish: MediaTrackConstraintSet & { torch: boolean } = { torch: on };
  try {
    await track.applyConstraints({ advanced: [wish] });
    return true;
  } catch (error) {
    if (error instanceof DOMException) {
      return false;
    }
    throw error;
  }
}
