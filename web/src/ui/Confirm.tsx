import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Modal } from "./Modal";
import { ProblemAlert } from "./Problem";

interface ConfirmProps {
  /** The question, naming the thing: "Cancel the session of Nov 24?" */
  heading: ReactNode;
  /** What follows from it. */
  children?: ReactNode;
  /** The verb on the button: "Cancel session", never "OK". */
  verb: ReactNode;
  /** Resolves when it happened; a rejection stays in view with the modal open. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks once before an act that cannot be taken back. */
export function Confirm({ heading, children, verb, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function act() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
      setBusy(false);
      return;
    }
    onClose();
  }

  return (
    <Modal heading={heading} onClose={onClose}>
      {children}
      {error && <ProblemAlert error={error} />}
      <div className="actions">
        <Button look="danger" busy={busy} onClick={act}>
          {verb}
        </Button>
        <Button look="quiet" onClick={onClose}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </Modal>
  );
}
