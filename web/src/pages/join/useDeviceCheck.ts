import { useCallback, useEffect, useRef, useState } from "react";
import {
  type DeviceTrouble,
  deviceTrouble,
  type Facing,
  flipCamera,
  hasDevices,
  openCamera,
  openMicrophone,
} from "../../live/devices";
import type { Role } from "../../live/state";

/** What a participant sends: picture and sound, sound alone, or nothing. */
export type DeviceNeed = "camera" | "voice" | "none";

const NEEDS: Partial<Record<Role, DeviceNeed>> = { partner: "none", observer: "none", interpreter: "voice" };

export function needOf(role: Role): DeviceNeed {
  return NEEDS[role] ?? "camera";
}

type Check =
  | { state: "none" }
  | { state: "opening" }
  | { state: "open"; stream: MediaStream }
  | { state: "trouble"; trouble: DeviceTrouble };

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function open(need: DeviceNeed): Promise<MediaStream> {
  if (!hasDevices()) throw new DOMException("no devices on a plain address", "SecurityError");
  return need === "voice" ? openMicrophone() : openCamera("environment");
}

/** Open what the participant will send, for a look at it; everything is released when the step is left. */
export function useDeviceCheck(need: DeviceNeed) {
  const [check, setCheck] = useState<Check>({ state: need === "none" ? "none" : "opening" });
  const [attempt, setAttempt] = useState(0);
  const held = useRef<MediaStream | null>(null);
  const facing = useRef<Facing>("environment");

  // biome-ignore lint/correctness/useExhaustiveDependencies: a further attempt opens the devices anew.
  useEffect(() => {
    if (need === "none") return;
    let left = false;
    setCheck({ state: "opening" });
    open(need).then(
      (stream) => {
        if (left) return stop(stream);
        held.current = stream;
        setCheck({ state: "open", stream });
      },
      (error: unknown) => {
        if (!left) setCheck({ state: "trouble", trouble: deviceTrouble(error) });
      },
    );
    return () => {
      left = true;
      stop(held.current);
      held.current = null;
    };
  }, [need, attempt]);

  const flip = useCallback(async () => {
    const stream = held.current;
    const present = stream?.getVideoTracks()[0];
    if (!stream || !present) return;
    try {
      const flipped = await flipCamera(present, facing.current);
      facing.current = flipped.facing;
      const renewed = new MediaStream([flipped.track, ...stream.getAudioTracks()]);
      held.current = renewed;
      setCheck({ state: "open", stream: renewed });
    } catch (error) {
      setCheck({ state: "trouble", trouble: deviceTrouble(error) });
    }
  }, []);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...check, retry, flip };
}
