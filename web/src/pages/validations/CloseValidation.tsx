import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { closeValidation } from "../../api/validations";
import { FormModal } from "../../app/FormModal";
import { textOf } from "../../app/useSubmit";
import type { ValidationState } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/inputs";

/** Offers to close an open validation that will not be reviewed; a signed review closes one by itself. */
export function CloseValidation({ validation }: { validation: ValidationState }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const number = <span className="whole">{validation.number}</span>;
  return (
    <div>
      <Button look="quiet" small onClick={() => setAsked(true)}>
        <Trans>Close without a review</Trans>
      </Button>
      {asked && (
        <FormModal
          heading={<Trans>Close {number} without a review?</Trans>}
          verb={<Trans>Close the validation</Trans>}
          danger
          send={(form) => closeValidation(validation.id, textOf(form, "reason"))}
          done={() => toast(t`The validation is closed.`)}
          onClose={() => setAsked(false)}
        >
          <p>
            <Trans>
              Sessions still to come are called off and the invited people are told. It takes no answer or file any
              more; what is in it stays. This cannot be undone.
            </Trans>
          </p>
          <TextArea label={t`Reason`} name="reason" rows={2} maxLength={1000} />
        </FormModal>
      )}
    </div>
  );
}
