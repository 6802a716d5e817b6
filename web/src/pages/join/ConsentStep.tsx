import folder from "icon:folder";
import lock from "icon:lock";
import pause from "icon:pause";
import people from "icon:people";
import videocam from "icon:videocam";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { sendCommand } from "../../api/snapshot";
import { isLanguage } from "../../app/language";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Choices, RadioTile } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";
import type { StepProps } from "./JoinSteps";
import { StepFrame } from "./StepFrame";

/** Names the wording below in the ledger; a changed wording gets a new name. */
const TEXT_ID = "consent-2026-11";

/** What is recorded and kept, who sees it, and the participant's decision. Nothing is sent before it. */
export function ConsentStep({ place, session }: StepProps) {
  const { t, i18n } = useLingui();
  const [choice, setChoice] = useState<"record" | "refuse" | null>(session.recording ? null : "refuse");
  const [declined, setDeclined] = useState(false);
  const giving = useMutation({
    mutationFn: () =>
      sendCommand(place.validationId, {
        type: "consent.give",
        validation_session_id: place.sessionId,
        recording: choice === "record",
        language: isLanguage(i18n.locale) ? i18n.locale : "en",
        text_id: TEXT_ID,
      }),
  });
  if (declined) return <Declined onBack={() => setDeclined(false)} />;
  return (
    <StepFrame
      step={2}
      title={t`What is recorded and kept`}
      foot={
        <>
          {giving.error && <ProblemAlert error={giving.error} />}
          {!choice && (
            <p className="quiet" id="choose-first">
              <Trans>Read on to the end and choose there whether you may be recorded.</Trans>
            </p>
          )}
          <Button
            disabled={!choice}
            aria-describedby={choice ? undefined : "choose-first"}
            busy={giving.isPending}
            onClick={() => giving.mutate()}
          >
            <Trans>I agree and continue</Trans>
          </Button>
          <Button look="quiet" onClick={() => setDeclined(true)}>
            <Trans>I do not want to take part</Trans>
          </Button>
        </>
      }
    >
      <ul className="card points">
        {session.recording ? <RecordedPoints /> : <UnrecordedPoints />}
        <Point icon={folder} heading={<Trans>What else is kept</Trans>}>
          <Trans>
            Stills, photos and documents that you send, with the time and, if your phone allows it, the place. Also a
            log of who joined, who left and what was answered. Nobody can change that log afterwards.
          </Trans>
        </Point>
        <Point icon={people} heading={<Trans>Who sees it</Trans>}>
          <Trans>
            Live: the specialists and the people of your company in this session. Later: the specialists, supervisors
            and reviewers of the program office. It is kept as long as the office must keep it.
          </Trans>
        </Point>
        <Point icon={lock} heading={<Trans>Before you start</Trans>}>
          <Trans>
            Tell people around you that they may be in the picture. Keep papers and screens you may not show out of it.
          </Trans>
        </Point>
      </ul>
      {session.recording && (
        <Choices legend={<Trans>May your picture and sound be recorded?</Trans>}>
          <RadioTile
            name="recording"
            label={<Trans>Yes, record it</Trans>}
            checked={choice === "record"}
            onChange={() => setChoice("record")}
          />
          <RadioTile
            name="recording"
            label={<Trans>No, do not record me</Trans>}
            hint={
              <Trans>
                Your picture and sound are seen and heard live and not stored. The specialist may ask for more photos or
                documents.
              </Trans>
            }
            checked={choice === "refuse"}
            onChange={() => setChoice("refuse")}
          />
        </Choices>
      )}
    </StepFrame>
  );
}

function RecordedPoints() {
  return (
    <>
      <Point icon={videocam} heading={<Trans>What is recorded</Trans>}>
        <Trans>
          If you agree: the picture and sound that you send, from your entry until the session ends. The specialists are
          recorded too.
        </Trans>
      </Point>
      <Point icon={pause} heading={<Trans>You can pause it</Trans>}>
        <Trans>
          Press “Show, do not store” at any time, for instance for an identity card. The specialist still sees it, but
          nothing of it is recorded.
        </Trans>
      </Point>
    </>
  );
}

function UnrecordedPoints() {
  return (
    <Point icon={videocam} heading={<Trans>This session is not recorded</Trans>}>
      <Trans>Your picture and sound go live to the people in the session and are not stored.</Trans>
    </Point>
  );
}

function Point({ icon, heading, children }: { icon: string; heading: ReactNode; children: ReactNode }) {
  return (
    <li className="point">
      <Icon outline={icon} size="1.5rem" />
      <div>
        <strong>{heading}</strong>
        <p>{children}</p>
      </div>
    </li>
  );
}

function Declined({ onBack }: { onBack: () => void }) {
  const { t } = useLingui();
  return (
    <StepFrame
      step={2}
      title={t`You do not take part`}
      foot={
        <Button look="outline" onClick={onBack}>
          <Trans>Read it again</Trans>
        </Button>
      }
    >
      <Alert kind="info">
        <Trans>
          Nothing was sent and nothing is kept of you. You can close this page; tell the specialist who will come
          instead.
        </Trans>
      </Alert>
    </StepFrame>
  );
}
