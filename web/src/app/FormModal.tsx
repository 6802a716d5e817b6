import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { Modal } from "../ui/Modal";
import { ProblemAlert } from "../ui/Problem";
import { useSubmit } from "./useSubmit";

interface FormModalProps {
  heading: ReactNode;
  /** The verb on the button: "Cancel session", never "OK". */
  verb: ReactNode;
  /** Whether it cannot be taken back. */
  danger?: boolean;
  /** Sends the fields; a rejection stays in view with the modal open. */
  send: (form: FormData) => Promise<unknown>;
  /** Runs after success, before the modal closes. */
  done?: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A few fields over the page, sent once: what failed above them, the verb and the way back below. */
export function FormModal({ heading, verb, danger = false, send, done, onClose, children }: FormModalProps) {
  const { onSubmit, busy, error } = useSubmit(send, () => {
    done?.();
    onClose();
  });
  return (
    <Modal heading={heading} onClose={onClose}>
      <form onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        {children}
        <div className="actions">
          <Button type="submit" busy={busy} {...(danger ? { look: "danger" as const } : {})}>
            {verb}
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Go back</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}
