import cancel from "icon:cancel";
import check from "icon:check_circle";
import remove from "icon:remove_circle";
import half from "icon:star_half";
import off from "icon:visibility_off";
import type { Verdict } from "../../../live/state";
import { Tag, type TagTone } from "../../../ui/Tag";
import { verdictWord } from "../words";

/** The order of the verdicts is the order of their keys, 1 to 5. */
export const VERDICT_LOOK: readonly { verdict: Verdict; icon: string; tone: TagTone }[] = [
  { verdict: "met", icon: check, tone: "good" },
  { verdict: "partly_met", icon: half, tone: "warn" },
  { verdict: "not_met", icon: cancel, tone: "bad" },
  { verdict: "not_applicable", icon: remove, tone: "calm" },
  { verdict: "not_verifiable_remotely", icon: off, tone: "info" },
];

export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const look = VERDICT_LOOK.find((one) => one.verdict === verdict);
  return (
    <Tag tone={look?.tone ?? "calm"} icon={look?.icon ?? check}>
      {verdictWord(verdict)}
    </Tag>
  );
}
