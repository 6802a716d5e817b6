import signed from "icon:verified";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { sendCommand } from "../../api/snapshot";
import type { CaseState } from "../../live/state";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Tag } from "../../ui/Tag";
import { dayAndClockIn } from "../../ui/time";
import { standingMark } from "./Answers";

/** How many answers carry a mark on their present version, of how many. */
export function progressOf(state: CaseState): { marked: number; answers: number } {
  const rows = Object.entries(state.answers);
  const marked = rows.filter(([id, answer]) => standingMark(answer, state.reviews[id]) !== undefined).length;
  return { marked, answers: rows.length };
}

/** How far the review is, and its signature. */
export function Sign({ validationId, state, maySign }: { validationId: string; state: CaseState; maySign: boolean }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const { marked, answers } = progressOf(state);
  const zone = state.validation?.time_zone ?? "UTC";
  if (state.review_signed) {
    const { by, at, statement } = state.review_signed;
    return (
      <div className="sign">
        <Tag tone="good" icon={signed}>
          {t`Review signed by ${by}, ${dayAndClockIn(new Date(at), zone)}`}
        </Tag>
        <p className="quiet">{statement}</p>
      </div>
    );
  }
  const open = answers - marked;
  const live = Object.values(state.sessions).some((session) => session.state === "live");
  const statement = t`I have looked at every answer of this validation and marked it as what I found.`;
  return (
    <div className="sign">
      <span>{t`${marked} of ${answers} answers marked`}</span>
      <progress max={Math.max(answers, 1)} value={marked} aria-label={t`Answers marked`} />
      {maySign && (
        <Button small disabled={open > 0 || answers === 0 || live} onClick={() => setAsking(true)}>
          <Trans>Sign the review</Trans>
        </Button>
      )}
      {maySign && live && (
        <span className="quiet">
          <Trans>A session is still live.</Trans>
        </span>
      )}
      {maySign && open > 0 && <span className="quiet">{t`Mark the other ${open} before you sign.`}</span>}
      {asking && (
        <Confirm
          heading={<Trans>Sign the review</Trans>}
          verb={<Trans>Sign</Trans>}
          onConfirm={() => sendCommand(validationId, { type: "review.sign", statement })}
          onClose={() => setAsking(false)}
        >
          <p>{statement}</p>
          <Alert kind="info">
            <Trans>Signing closes the validation. Your name and this sentence go into its ledger.</Trans>
          </Alert>
        </Confirm>
      )}
    </div>
  );
}
