import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { browserName } from "../../app/browserName";
import { DoorFrame } from "../../app/frame";
import { isLanguage } from "../../app/language";
import { Page } from "../../app/Page";
import { RecordingTag } from "../../app/words";
import { measureCodecs } from "../../live/codecs";
import { hasDevices } from "../../live/devices";
import { may } from "../../live/permissions";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Choices, Radio } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";
import { TimeInZones } from "../../ui/TimeInZones";
import { useCase, useSeat, useSession } from "./context";

/** Names the wording below in the ledger; a changed wording gets a new name. */
const TEXT_ID = "consent-office-2026-11";

/** The door for the office: what is kept of one's own voice, said once, and in. */
export function Gate() {
  const { t } = useLingui();
  const { plan } = useSeat();
  const session = useSession();
  const mine = useCase((state) => state.participants[plan.participantId]);
  const here = mine?.validation_session_id === session.id ? mine : undefined;
  const [agreed, setAgreed] = useState<boolean | null>(here?.consent?.recording ?? null);
  const entering = useEntering();
  const chosen = !session.recording || agreed !== null;
  return (
    <DoorFrame>
      <Page title={t`Enter the room`}>
        <WhatIsKept agreed={agreed} onChoose={setAgreed} />
        {here?.standing === "removed" && (
          <Alert kind="warning">
            <Trans>You were taken out of this session. Ask the lead specialist to let you in again.</Trans>
          </Alert>
        )}
        {entering.error && <ProblemAlert error={entering.error} />}
        {here?.standing === "lobby" ? (
          <Alert kind="info" announced>
            <Trans>You are in the lobby. The lead specialist will let you in.</Trans>
          </Alert>
        ) : (
          <p className="gate__act">
            <Button
              busy={entering.isPending}
              disabled={!chosen}
              onClick={() => entering.mutate(session.recording && agreed === true)}
            >
              <Trans>Enter the room</Trans>
            </Button>
          </p>
        )}
      </Page>
    </DoorFrame>
  );
}

/** Give the consent and come to the door; who holds it goes straight in. */
function useEntering() {
  const { i18n } = useLingui();
  const { room, plan } = useSeat();
  const where = { validation_session_id: plan.validationSessionId };
  return useMutation({
    mutationFn: async (recording: boolean) => {
      const language = isLanguage(i18n.locale) ? i18n.locale : "en";
      await room.send({ type: "consent.give", ...where, recording, language, text_id: TEXT_ID });
      await room.send({
        type: "lobby.enter",
        ...where,
        camera: false,
        microphone: may(plan.role, "speak") && hasDevices(),
        user_agent_label: browserName(navigator.userAgent),
        ...(await measureCodecs()),
      });
    },
  });
}

interface WhatIsKeptProps {
  agreed: boolean | null;
  onChoose: (agreed: boolean) => void;
}

function WhatIsKept({ agreed, onChoose }: WhatIsKeptProps) {
  const session = useSession();
  const number = useCase((state) => state.validation?.number ?? "");
  return (
    <div className="card stack">
      <p>
        <strong>
          {number} · {session.site_name}
        </strong>
      </p>
      <p>
        <TimeInZones at={session.starts_at} zone={session.time_zone} />
      </p>
      <p>
        <RecordingTag recording={session.recording} />
      </p>
      <p>
        <Trans>
          What you say and show goes live to the people in this session. Your answers, marks and stills go into the
          ledger under your name.
        </Trans>
      </p>
      {session.recording && (
        <Choices legend={<Trans>May your voice be recorded?</Trans>}>
          <Radio
            name="recording"
            label={<Trans>Yes, record it</Trans>}
            checked={agreed === true}
            onChange={() => onChoose(true)}
          />
          <Radio
            name="recording"
            label={<Trans>No, only the others</Trans>}
            checked={agreed === false}
            onChange={() => onChoose(false)}
          />
        </Choices>
      )}
    </div>
  );
}
