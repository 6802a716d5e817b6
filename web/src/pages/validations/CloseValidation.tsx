import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { closeValidation } from "../../api/validations";
import { textOf, useSubmit } from "../../app/useSubmit";
import type { ValidationState } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/inputs";
import { Modal } from "../../ui/Modal";
import { ProblemAlert } from "../../ui/Problem";

/** Offers to close an open validation that will not be reviewed; a signed review closes one by itself. */
export function CloseValidation({ validation }: { validation: ValidationState }) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button look="quiet" small onClick={() => setAsked(true)}>
        <Trans>Close without a review</Trans>
      </Button>
      {asked && <Question validation={validation} onClose={() => setAsked(false)} />}
    </>
  );
}

function Question({ validation, onClose }: { validation: ValidationState; onClose: () => void }) {
  const { t } = useLingui();
  const number = validation.number;
  const { onSubmit, busy, error } = useSubmit(
    (form) => closeValidation(validation.id, textOf(form, "reason")),
    () => {
      toast(t`The validation is closed.`);
      onClose();
    },
  );
  return (
    <Modal heading={<Trans>Close {number} without a review?</Trans>} onClose={onClose}>
      <form onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <p>
          <Trans>It takes no session, answer or file any more. What is in it stays. This cannot be undone.</Trans>
        </p>
        <TextArea label={t`Reason`} name="reason" rows={2} maxLength={1000} />
        <div className="actions">
          <Button look="danger" type="submit" busy={busy}>
            <Trans>Close the validation</Trans>
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Go back</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}
