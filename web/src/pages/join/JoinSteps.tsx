import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Redirect } from "wouter";
import { useLiveSnapshot } from "../../api/snapshot";
import { Page } from "../../app/Page";
import type { CaseState, ParticipantState, SessionState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Loaded } from "../../ui/Loaded";
import { ConsentStep } from "./ConsentStep";
import { DeviceStep } from "./DeviceStep";
import { LanguageStep } from "./LanguageStep";
import { LobbyStep } from "./LobbyStep";
import { NotNow } from "./NotNow";

export interface Place {
  validationId: string;
  sessionId: string;
  participantId: string;
}

/** Where the participant is on the way to the room, as the server knows it. */
export type Step = "language" | "consent" | "device" | "lobby" | "room" | "closed";

export function stepOf(session: SessionState, participant: ParticipantState, languageChosen: boolean): Step {
  if (session.state !== "planned" && session.state !== "live") return "closed";
  const here = participant.validation_session_id === session.id;
  if (!here || !participant.consent) return languageChosen ? "consent" : "language";
  if (participant.standing === "admitted") return "room";
  // Who was taken out waits at the door; only the specialist opens it again.
  return participant.standing === "lobby" || participant.standing === "removed" ? "lobby" : "device";
}

export function JoinSteps({ place }: { place: Place }) {
  const { t } = useLingui();
  const snapshot = useLiveSnapshot(place.validationId);
  const [languageChosen, setLanguageChosen] = useState(false);
  return (
    <Loaded query={snapshot}>
      {(state: CaseState) => {
        const session = state.sessions[place.sessionId];
        const participant = state.participants[place.participantId];
        if (!session || !participant) {
          return (
            <Page title={t`Join the session`}>
              <Alert kind="error">
                <Trans>This invitation does not belong to a session any more. Ask the specialist for a new one.</Trans>
              </Alert>
            </Page>
          );
        }
        const where = { place, state, session, participant };
        switch (stepOf(session, participant, languageChosen)) {
          case "language":
            return <LanguageStep {...where} onDone={() => setLanguageChosen(true)} />;
          case "consent":
            return <ConsentStep {...where} />;
          case "device":
            return <DeviceStep {...where} />;
          case "lobby":
            return <LobbyStep {...where} />;
          case "room":
            return <Redirect to={`/room/${place.validationId}/${place.sessionId}`} replace />;
          case "closed":
            return <NotNow {...where} />;
        }
      }}
    </Loaded>
  );
}

export interface StepProps {
  place: Place;
  state: CaseState;
  session: SessionState;
  participant: ParticipantState;
}
