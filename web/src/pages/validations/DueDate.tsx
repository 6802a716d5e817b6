import { Trans, useLingui } from "@lingui/react/macro";
import { sendCommand } from "../../api/snapshot";
import { textOf, useSubmit } from "../../app/useSubmit";
import type { FindingState } from "../../live/state";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/inputs";
import { Modal } from "../../ui/Modal";
import { ProblemAlert } from "../../ui/Problem";

interface DueDateProps {
  validationId: string;
  finding: FindingState;
  onClose: () => void;
}

export function DueDate({ validationId, finding, onClose }: DueDateProps) {
  const { t } = useLingui();
  const { criterion_id: criterion } = finding;
  const { onSubmit, busy, error } = useSubmit(
    (form) =>
      sendCommand(validationId, {
        type: "finding.set_due",
        finding_id: finding.id,
        due_on: textOf(form, "due_on"),
        base_version: finding.version,
      }),
    onClose,
  );
  return (
    <Modal heading={<Trans>Due date of the finding on {criterion}</Trans>} onClose={onClose}>
      <form onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <TextField label={t`Due on`} name="due_on" type="date" defaultValue={finding.due_on ?? ""} />
        <div className="actions">
          <Button type="submit" busy={busy}>
            <Trans>Save due date</Trans>
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Go back</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}
