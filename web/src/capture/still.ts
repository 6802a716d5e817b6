/**
 * A still from the running camera, as large as the device gives it, and an honest word on which way it was got.
 * `full` is camera resolution; `frame` is a picture out of the stream.
 */

const PHOTO_WITHIN_MS = 5000;
const PLAY_WITHIN_MS = 3000;
const GROW_WITHIN_MS = 1500;
const JPEG_QUALITY = 0.92;

export interface Still {
  readonly blob: Blob;
  readonly camera: "full" | "frame";
  readonly width: number;
  readonly height: number;
}

/** No picture could be got at all; `reason` is one of a few words that travel in `still.decline`. */
export class NoStill extends Error {
  readonly reason: "camera_off" | "no_frame" | "private";

  constructor(reason: "camera_off" | "no_frame" | "private") {
    super(reason);
    this.name = "NoStill";
    this.reason = reason;
  }
}

function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), ms);
  });
  return Promise.race([promise, late]);
}

async function measured(blob: Blob, camera: Still["camera"]): Promise<Still> {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  bitmap.close();
  return { blob, camera, width, height };
}

/** The sensor's own photo; null where the browser has none, or the camera refused or was too slow. */
async function sensorPhoto(track: MediaStreamTrack): Promise<Still | null> {
  if (typeof ImageCapture === "undefined") {
    return null;
  }
  try {
    const blob = await within(PHOTO_WITHIN_MS, new ImageCapture(track).takePhoto());
    return blob === null || blob.size === 0 ? null : await measured(blob, "full");
  } catch (error) {
    // Cameras refuse with a DOMException of many names; the next way is tried whichever it was.
    if (error instanceof DOMException) {
      return null;
    }
    throw error;
  }
}

async function nextFrame(video: HTMLVideoElement, wanted: (width: number) => boolean): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    const look = () => {
      if (wanted(video.videoWidth)) {
        resolve();
      } else {
        video.requestVideoFrameCallback(look);
      }
    };
    video.requestVideoFrameCallback(look);
  });
  await within(GROW_WITHIN_MS, arrived);
}

async function drawn(video: HTMLVideoElement, camera: Still["camera"]): Promise<Still> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) {
    throw new NoStill("no_frame");
  }
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(video, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY);
  });
  if (blob === null) {
    throw new NoStill("no_frame");
  }
  return { blob, camera, width, height };
}

/** Play a track out of sight; after three seconds without a picture it is returned as it is, with no width. */
export async function playing(track: MediaStreamTrack): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await within(PLAY_WITHIN_MS, video.play());
  } catch (error) {
    // Taken away, or not allowed: there is no picture then, and whoever asked sees that.
    if (!(error instanceof DOMException)) {
      throw error;
    }
  }
  return video;
}

/** Raise the running track to its largest size, take one frame of it, and put the size back. */
async function raisedFrame(track: MediaStreamTrack, video: HTMLVideoElement): Promise<Still | null> {
  const most = track.getCapabilities?.().width?.max ?? 0;
  const before = track.getSettings();
  if (most <= (before.width ?? 0)) {
    return null;
  }
  try {
    await track.applyConstraints({ width: { ideal: most }, height: { ideal: Math.round((most * 3) / 4) } });
    await nextFrame(video, (width) => width > (before.width ?? 0));
    const grew = video.videoWidth > (before.width ?? 0);
    return grew ? await drawn(video, "full") : null;
  } catch (error) {
    if (error instanceof DOMException) {
      return null;
    }
    throw error;
  } finally {
    const size = { width: { ideal: before.width ?? 1280 }, height: { ideal: before.height ?? 720 } };
    await track.applyConstraints({ ...size, frameRate: { ideal: before.frameRate ?? 30 } });
  }
}

/** Take a still while streaming. Throws NoStill when the camera gives none. */
export async function takeStill(track: MediaStreamTrack): Promise<Still> {
  if (track.readyState !== "live" || track.muted) {
    throw new NoStill("camera_off");
  }
  const photo = await sensorPhoto(track);
  if (photo !== null) {
    return photo;
  }
  const video = await playing(track);
  try {
    return (await raisedFrame(track, video)) ?? (await drawn(video, "frame"));
  } finally {
    video.srcObject = null;
  }
}
