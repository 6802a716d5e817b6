import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import type { DeviceTrouble } from "../../../live/devices";
import { Button } from "../../../ui/Button";
import { DeviceTroubleWords } from "../../join/DeviceTroubleWords";
import { usePhotoMode, useRoom, useSeat, useSender, useSession, useStore } from "../context";
import { PhotoAge } from "../PhotoInstead";

const SHOWN_MS = 4000;

/** One sentence about what is wrong and what happens by itself; nothing when all is well. */
export function PhoneNotes() {
  const sender = useSender();
  const session = useSession();
  const line = useRoom((view) => view.line);
  const photos = usePhotoMode();
  if (sender?.trouble) {
    return <Trouble trouble={sender.trouble} />;
  }
  const lost = line === "reconnecting" || sender?.peer === "reconnecting";
  return (
    <div className="phone__notes" role="status">
      {session.state === "planned" && (
        <p>
          <Trans>The specialist has not started yet. Nothing is sent.</Trans>
        </p>
      )}
      {lost && (
        <p>
          <Trans>The line is broken. Reconnecting by itself; keep this page open.</Trans>
        </p>
      )}
      {!lost && photos && <PhotoNote lastAt={photos.lastAt} />}
      {!lost && photos === null && sender?.reading && sender.reading.quality !== "good" && session.state === "live" && (
        <p>
          <Trans>The line is weak. Walk slowly and keep talking.</Trans>
        </p>
      )}
      {sender?.interrupted && (
        <p>
          <Trans>Another app has taken the camera. It comes back by itself; if not, press the camera sign.</Trans>
        </p>
      )}
      {sender?.paused && (
        <p>
          <Trans>Your picture is paused. Your voice goes on.</Trans>
        </p>
      )}
      {session.privacy && (
        <p className="phone__private">
          <Trans>Shown, not stored. Nothing of this is recorded.</Trans>
        </p>
      )}
      <Taken />
    </div>
  );
}

function PhotoNote({ lastAt }: { lastAt: number | null }) {
  return (
    <p>
      <Trans>Photo and voice: slow line</Trans> · <PhotoAge takenAt={lastAt} />
    </p>
  );
}

function Trouble({ trouble }: { trouble: DeviceTrouble }) {
  const seat = useSeat();
  return (
    <div className="phone__trouble">
      <DeviceTroubleWords trouble={trouble} need="camera" />
      <Button onClick={() => seat.retryDevices()}>
        <Trans>Try again</Trans>
      </Button>
    </div>
  );
}

/** Says for a moment how good the picture was that was just taken. */
function Taken() {
  const { t } = useLingui();
  const { stills } = useSeat();
  const last = useStore(stills.store, (view) => view.last);
  const [shown, setShown] = useState<typeof last>(null);
  useEffect(() => {
    setShown(last);
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [last]);
  if (shown === null) {
    return null;
  }
  const size = `${shown.width} × ${shown.height}`;
  return <p>{shown.camera === "full" ? t`Photo taken, ${size}` : t`Photo taken from the video, ${size}`}</p>;
}
