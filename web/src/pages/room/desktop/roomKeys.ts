import { t } from "@lingui/core/macro";
import type { KeyRow } from "../../../app/keys/KeysDialog";

/** Every single key of the room and what it does, for the dialog that lists them. */
export function roomKeys(): readonly KeyRow[] {
  return [
    ["1", t`Met`],
    ["2", t`Partly met`],
    ["3", t`Not met`],
    ["4", t`Not applicable`],
    ["5", t`Not remotely`],
    ["E", t`Write the note`],
    ["Ctrl+Enter", t`Save the answer with its note`],
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
}
