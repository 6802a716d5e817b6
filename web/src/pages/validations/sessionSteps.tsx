import { Trans, useLingui } from "@lingui/react/macro";
import { cancelSession, markNoShow, rescheduleSession } from "../../api/validations";
import { textOf, useSubmit } from "../../app/useSubmit";
import type { SessionState } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/inputs";
import { Modal } from "../../ui/Modal";
import { ProblemAlert } from "../../ui/Problem";
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
  const { onSubmit, busy, error } = useSubmit(
    (form) => rescheduleSession(validationId, session.id, { ...sessionTimeOf(form), reason: textOf(form, "reason") }),
    () => {
      toast(t`The session has a new time. The invited people get a message.`);
      onClose();
    },
  );
  return (
    <Modal heading={<Trans>Reschedule the session</Trans>} onClose={onClose}>
      <form onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <TimeFields
          zone={session.time_zone}
          startsAt={new Date(session.starts_at)}
          durationMin={session.duration_min}
        />
        <TextArea label={t`Reason`} hint={t`The invited people read it.`} name="reason" rows={2} maxLength={1000} />
        <div className="actions">
          <Button type="submit" busy={busy}>
            <Trans>Reschedule</Trans>
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Go back</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Cancel a session, or state that the member did not come. Asked once, naming the session. */
export function CallOff({ validationId, session, how, onClose }: StepProps & { how: "cancel" | "no-show" }) {
  const { t } = useLingui();
  const when = dayAndClockIn(new Date(session.starts_at), session.time_zone);
  const cancel = how === "cancel";
  const { onSubmit, busy, error } = useSubmit(
    (form) => (cancel ? cancelSession : markNoShow)(validationId, session.id, textOf(form, "reason")),
    () => {
      toast(cancel ? t`The session is cancelled.` : t`The session is marked as a no-show.`);
      onClose();
    },
  );
  return (
    <Modal
      heading={
        cancel ? <Trans>Cancel the session of {when}?</Trans> : <Trans>Mark the session of {when} as a no-show?</Trans>
      }
      onClose={onClose}
    >
      <form onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <p>
          <Trans>Its join links stop working. This cannot be undone; a new date is a new session.</Trans>
        </p>
        <TextArea label={t`Reason`} name="reason" rows={2} maxLength={1000} />
        <div className="actions">
          <Button look="danger" type="submit" busy={busy}>
            {cancel ? <Trans>Cancel session</Trans> : <Trans>Mark as no-show</Trans>}
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Go back</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}
