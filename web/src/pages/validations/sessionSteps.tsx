import { Trans, useLingui } from "@lingui/react/macro";
import { cancelSession, markNoShow, rescheduleSession } from "../../api/validations";
import { FormModal } from "../../app/FormModal";
import { textOf } from "../../app/useSubmit";
import type { SessionState } from "../../live/state";
import { toast } from "../../ui/announce";
import { TextArea } from "../../ui/inputs";
import { dayAndClockIn } from "../../ui/time";
import { sessionTimeOf } from "./sessionTime";
import { TimeFields } from "./TimeFields";

interface StepProps {
  validationId: string;
  session: SessionState;
  onClose: () => void;
}

export function Reschedule({ validationId, session, onClose }: StepProps) {
  const { t } = useLingui();
  return (
    <FormModal
      heading={<Trans>Reschedule the session</Trans>}
      verb={<Trans>Reschedule</Trans>}
      send={(form) =>
        rescheduleSession(validationId, session.id, { ...sessionTimeOf(form), reason: textOf(form, "reason") })
      }
      done={() => toast(t`The session has a new time. The invited people get a message.`)}
      onClose={onClose}
    >
      <TimeFields zone={session.time_zone} startsAt={new Date(session.starts_at)} durationMin={session.duration_min} />
      <TextArea label={t`Reason`} hint={t`The invited people read it.`} name="reason" rows={2} maxLength={1000} />
    </FormModal>
  );
}

/** Cancel a session, or state that the member did not come. Asked once, naming the session. */
export function CallOff({ validationId, session, how, onClose }: StepProps & { how: "cancel" | "no-show" }) {
  const { t } = useLingui();
  const when = dayAndClockIn(new Date(session.starts_at), session.time_zone);
  const cancel = how === "cancel";
  return (
    <FormModal
      heading={
        cancel ? <Trans>Cancel the session of {when}?</Trans> : <Trans>Mark the session of {when} as a no-show?</Trans>
      }
      verb={cancel ? <Trans>Cancel session</Trans> : <Trans>Mark as no-show</Trans>}
      danger
      send={(form) => (cancel ? cancelSession : markNoShow)(validationId, session.id, textOf(form, "reason"))}
      done={() => toast(cancel ? t`The session is cancelled.` : t`The session is marked as a no-show.`)}
      onClose={onClose}
    >
      <p>
        <Trans>Its join links stop working. This cannot be undone; a new date is a new session.</Trans>
      </p>
      <TextArea label={t`Reason`} name="reason" rows={2} maxLength={1000} />
    </FormModal>
  );
}
