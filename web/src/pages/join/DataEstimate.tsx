import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { bytesFor, TYPICAL_BPS } from "../../live/usage";

/** How much mobile data the session will take, and from which rate that is reckoned. */
export function DataEstimate({ minutes }: { minutes: number }) {
  const [all, hour, rate] = [roughly(bytesFor(minutes)), roughly(bytesFor(60)), TYPICAL_BPS / 1_000_000];
  return (
    <p className="quiet">
      <Trans>
        Data: about {all} for the {minutes} minutes planned, reckoned at {rate} Mb/s (about {hour} an hour). A weak line
        uses less. Wi-Fi saves your mobile data.
      </Trans>
    </p>
  );
}

/** Bytes to two digits that count, because more would promise too much. */
function roughly(bytes: number): string {
  const [amount, word] = bytes < 1e9 ? [bytes / 1e6, t`MB`] : [bytes / 1e9, t`GB`];
  return `${Number(amount.toPrecision(2))} ${word}`;
}
