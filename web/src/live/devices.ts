/** Camera and microphone of this device: opened once, changed in place, and watched for what takes them away. */

export type Facing = "environment" | "user";

/** Asked for at once and high: a Chromium track that was opened small cannot grow later. */
const VIDEO_SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export type DeviceTrouble = "denied" | "none" | "busy" | "insecure" | "other";

/** Say in one word why a device did not open; the words for people live in the page. */
export function deviceTrouble(error: unknown): DeviceTrouble {
  if (!(error instanceof DOMException)) {
    return "other";
  }
  switch (error.name) {
    case "NotAllowedError":
      return "denied";
    case "SecurityError":
      return "insecure";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "other";
  }
}

/** Whether the page may ask for devices at all: browsers hide them on a plain http address. */
export function hasDevices(): boolean {
  return "mediaDevices" in navigator;
}

export function openMicrophone(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: VOICE, video: false });
}

export function openCamera(facing: Facing): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: VOICE, video: videoWish(facing) });
}

function videoWish(facing: Facing, deviceId?: string): MediaTrackConstraints {
  return deviceId === undefined
    ? { ...VIDEO_SIZE, facingMode: { ideal: facing } }
    : { ...VIDEO_SIZE, deviceId: { exact: deviceId } };
}

async function openVideo(facing: Facing, deviceId?: string): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: videoWish(facing, deviceId) });
  const [track] = stream.getVideoTracks();
  if (track === undefined) {
    throw new DOMException("no video track", "NotFoundError");
  }
  return track;
}

async function listCameras(): Promise<readonly MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput" && device.deviceId !== "");
}

function opposite(facing: Facing): Facing {
  return facing === "environment" ? "user" : "environment";
}

interface Flipped {
  readonly track: MediaStreamTrack;
  readonly facing: Facing;
}

/**
 * Open the other camera. The present one is stopped first, because most phones cannot hold two at once.
 * A device whose cameras do not say where they face (a laptop's) goes to the next one in its list.
 */
export async function flipCamera(present: MediaStreamTrack, facing: Facing): Promise<Flipped> {
  const presentId = present.getSettings().deviceId;
  present.stop();
  const wanted = opposite(facing);
  const track = await openVideo(wanted);
  if (track.getSettings().deviceId !== presentId) {
    return { track, facing: wanted };
  }
  const cameras = await listCameras();
  const at = cameras.findIndex((camera) => camera.deviceId === presentId);
  const next = cameras[(at + 1) % cameras.length];
  if (cameras.length < 2 || next === undefined) {
    return { track, facing };
  }
  track.stop();
  return { track: await openVideo(wanted, next.deviceId), facing: wanted };
}

export interface Taken {
  /** The system took it: a phone call, a locked screen, another app. Frames stop, the connection stays. */
  readonly interrupted: (now: boolean) => void;
  /** It is gone for good and has to be opened again. */
  readonly ended: () => void;
}

/** Watch a track for what the device does to it. Returns the way to stop watching. */
export function watchTrack(track: MediaStreamTrack, taken: Taken): () => void {
  const mute = () => taken.interrupted(true);
  const unmute = () => taken.interrupted(false);
  track.addEventListener("mute", mute);
  track.addEventListener("unmute", unmute);
  track.addEventListener("ended", taken.ended);
  return () => {
    track.removeEventListener("mute", mute);
    track.removeEventListener("unmute", unmute);
    track.removeEventListener("ended", taken.ended);
  };
}
