import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox } from "../../../ui/inputs";
import { Modal } from "../../../ui/Modal";

interface KeysDialogProps {
  on: boolean;
  onTurn: (on: boolean) => void;
  onClose: () => void;
}

/** Every single key of the room, and the switch that turns them off. */
export function KeysDialog({ on, onTurn, onClose }: KeysDialogProps) {
  const { t } = useLingui();
  const rows: readonly [string, string][] = [
    ["1", t`Met`],
    ["2", t`Partly met`],
    ["3", t`Not met`],
    ["4", t`Not applicable`],
    ["5", t`Not remotely`],
    ["E", t`Write the note`],
    ["L", t`Link the newest evidence to this criterion`],
    ["↓ J", t`Next criterion`],
    ["↑ K", t`Previous criterion`],
    ["/", t`Search the checklist`],
    ["S", t`Take a still`],
    ["M", t`Mark this moment`],
    ["N", t`Next stop of the tour`],
    ["P", t`Show, do not store – on and off`],
    ["U", t`Microphone on and off`],
    ["?", t`Show these keys`],
  ];
  return (
    <Modal heading={<Trans>Keys</Trans>} onClose={onClose}>
      <Checkbox
        name="keys"
        label={<Trans>Single keys are on</Trans>}
        hint={<Trans>They never act while you type. Ctrl and Enter together save a note.</Trans>}
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
