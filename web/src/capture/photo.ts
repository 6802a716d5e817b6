/** A photo out of the running camera that fits so many bytes: sharp enough to read a seal, small enough for a thin line. */

import { playing } from "./still";

/** Width and quality, the best first; a smaller picture is sharper than a large one of the same bytes. */
const STEPS: readonly (readonly [number, number])[] = [
  [1280, 0.8],
  [1280, 0.6],
  [1280, 0.4],
  [1280, 0.25],
  [960, 0.35],
  [640, 0.4],
  [480, 0.3],
];

async function encoded(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/webp", quality);
  });
  if (blob?.type === "image/webp") {
    return blob;
  }
  // Where the browser writes no WebP it gives a PNG, which is far too large.
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", quality);
  });
}

function drawn(video: HTMLVideoElement, width: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, width / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Take a photo of at most so many bytes, or the smallest there is; null when the camera gives no picture now. */
export async function takePhoto(track: MediaStreamTrack, limitBytes: number): Promise<Blob | null> {
  if (track.readyState !== "live" || track.muted || !track.enabled) {
    return null;
  }
  const video = await playing(track);
  try {
    if (video.videoWidth === 0) {
      return null;
    }
    let photo: Blob | null = null;
    for (const [width, quality] of STEPS) {
      photo = await encoded(drawn(video, width), quality);
      if (photo === null || photo.size <= limitBytes) {
        break;
      }
    }
    return photo;
  } finally {
    video.srcObject = null;
  }
}
