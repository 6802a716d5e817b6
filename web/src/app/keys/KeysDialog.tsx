import { Trans } from "@lingui/react/macro";
import { Checkbox } from "../../ui/inputs";
import { Modal } from "../../ui/Modal";
import "./keys.css";

/** Keys, apart by a space where several do the same, and what they do. */
export type KeyRow = readonly [string, string];

interface KeysDialogProps {
  rows: readonly KeyRow[];
  on: boolean;
  onTurn: (on: boolean) => void;
  onClose: () => void;
}

/** The single keys of a page, and the switch that turns them off (WCAG 2.1.4). */
export function KeysDialog({ rows, on, onTurn, onClose }: KeysDialogProps) {
  return (
    <Modal heading={<Trans>Keys</Trans>} onClose={onClose}>
      <Checkbox
        name="keys"
        label={<Trans>Single keys are on</Trans>}
        hint={<Trans>They never act while you type.</Trans>}
        checked={on}
        onChange={(event) => onTurn(event.target.checked)}
      />
      <dl className="keys">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
