import { Trans, useLingui } from "@lingui/react/macro";
import { sendCommand } from "../../api/snapshot";
import { FormModal } from "../../app/FormModal";
import { textOf } from "../../app/useSubmit";
import type { FindingState } from "../../live/state";
import { TextField } from "../../ui/inputs";

interface DueDateProps {
  validationId: string;
  finding: FindingState;
  onClose: () => void;
}

export function DueDate({ validationId, finding, onClose }: DueDateProps) {
  const { t } = useLingui();
  const { criterion_id: criterion } = finding;
  return (
    <FormModal
      heading={<Trans>Due date of the finding on {criterion}</Trans>}
      verb={<Trans>Save due date</Trans>}
      send={(form) =>
        sendCommand(validationId, {
          type: "finding.set_due",
          finding_id: finding.id,
          due_on: textOf(form, "due_on"),
          base_version: finding.version,
        })
      }
      onClose={onClose}
    >
      <TextField label={t`Due on`} name="due_on" type="date" defaultValue={finding.due_on ?? ""} />
    </FormModal>
  );
}
