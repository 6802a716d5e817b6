import { Trans } from "@lingui/react/macro";
import type { DeviceTrouble } from "../../live/devices";
import { Alert } from "../../ui/Alert";
import type { DeviceNeed } from "./useDeviceCheck";

/** Why the camera or microphone did not open, and what the person can do about it. */
export function DeviceTroubleWords({ trouble, need }: { trouble: DeviceTrouble; need: DeviceNeed }) {
  return (
    <Alert kind="error" heading={<Heading trouble={trouble} need={need} />} announced>
      <Remedy trouble={trouble} />
    </Alert>
  );
}

function Heading({ trouble, need }: { trouble: DeviceTrouble; need: DeviceNeed }) {
  const microphone = need === "voice";
  switch (trouble) {
    case "denied":
      return microphone ? <Trans>The microphone is not allowed</Trans> : <Trans>The camera is not allowed</Trans>;
    case "none":
      return microphone ? <Trans>No microphone was found</Trans> : <Trans>No camera was found</Trans>;
    case "busy":
      return <Trans>Another app is using the camera or microphone</Trans>;
    case "insecure":
      return <Trans>This address is not secure</Trans>;
    case "other":
      return <Trans>The camera did not start</Trans>;
  }
}

function Remedy({ trouble }: { trouble: DeviceTrouble }) {
  switch (trouble) {
    case "denied":
      return (
        <>
          <p>
            <Trans>Chrome: press the sign to the left of the address, then Permissions, and allow both.</Trans>
          </p>
          <p>
            <Trans>iPhone: press “aA” beside the address, then Website Settings, and allow both.</Trans>
          </p>
          <p>
            <Trans>Then press “Try again”.</Trans>
          </p>
        </>
      );
    case "none":
      return <Trans>Open the link on a phone, or plug a camera in, and press “Try again”.</Trans>;
    case "busy":
      return <Trans>Close the other app or call, then press “Try again”.</Trans>;
    case "insecure":
      return (
        <Trans>
          A browser gives the camera only to addresses that start with https. Open the link exactly as it was sent.
        </Trans>
      );
    case "other":
      return (
        <Trans>
          Close other apps, or restart the phone, and press “Try again”. You can also go on and send photos.
        </Trans>
      );
  }
}
