import flip from "icon:flip_camera";
import { t } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { sendCommand } from "../../api/snapshot";
import { browserName } from "../../app/browserName";
import { measureCodecs } from "../../live/codecs";
import { Button } from "../../ui/Button";
import { ProblemAlert } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";
import { LineCheck } from "../connection/LineCheck";
import { DataEstimate } from "./DataEstimate";
import { DeviceTroubleWords } from "./DeviceTroubleWords";
import type { StepProps } from "./JoinSteps";
import { LevelMeter } from "./LevelMeter";
import { StepFrame } from "./StepFrame";
import { type DeviceNeed, needOf, useDeviceCheck } from "./useDeviceCheck";

/** See and hear yourself before anybody else does. */
export function DeviceStep({ place, session, participant }: StepProps) {
  const need = needOf(participant.role);
  const check = useDeviceCheck(need);
  const stream = check.state === "open" ? check.stream : null;
  const entering = useMutation({
    mutationFn: async () =>
      sendCommand(place.validationId, {
        type: "lobby.enter",
        validation_session_id: place.sessionId,
        camera: (stream?.getVideoTracks().length ?? 0) > 0,
        microphone: (stream?.getAudioTracks().length ?? 0) > 0,
        user_agent_label: browserName(navigator.userAgent),
        ...(await measureCodecs()),
      }),
  });
  const blocked = check.state === "trouble";
  return (
    <StepFrame
      step={3}
      title={titleFor(need)}
      foot={
        <>
          {entering.error && <ProblemAlert error={entering.error} />}
          {blocked && (
            <Button onClick={check.retry}>
              <Trans>Try again</Trans>
            </Button>
          )}
          <Button
            look={blocked ? "outline" : "primary"}
            busy={entering.isPending}
            disabled={check.state === "opening"}
            onClick={() => entering.mutate()}
          >
            {blocked ? <Trans>Go on without it</Trans> : <Trans>Go to the lobby</Trans>}
          </Button>
        </>
      }
    >
      {check.state === "opening" && (
        <Waiting>
          <Trans>Your browser asks whether this page may use the camera and microphone. Press “Allow”.</Trans>
        </Waiting>
      )}
      {check.state === "trouble" && <DeviceTroubleWords trouble={check.trouble} need={need} />}
      {check.state === "none" && (
        <p>
          <Trans>You watch and listen; your camera and microphone stay off.</Trans>
        </p>
      )}
      {stream && need === "camera" && (
        <div className="preview">
          <Preview stream={stream} />
          <Button look="outline" small icon={flip} onClick={check.flip}>
            <Trans>Other camera</Trans>
          </Button>
        </div>
      )}
      {stream && <LevelMeter stream={stream} />}
      <LineCheck sessionId={place.sessionId} />
      {need === "camera" && <DataEstimate minutes={session.duration_min} />}
    </StepFrame>
  );
}

function titleFor(need: DeviceNeed): string {
  return { camera: t`Camera and microphone`, voice: t`Microphone`, none: t`Ready to watch` }[need];
}

function Preview({ stream }: { stream: MediaStream }) {
  const { t } = useLingui();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <video ref={video} className="preview__picture" aria-label={t`What your camera sees`} autoPlay playsInline muted />
  );
}
