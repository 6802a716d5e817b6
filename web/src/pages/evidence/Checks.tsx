import check from "icon:check_circle";
import report from "icon:report";
import schedule from "icon:schedule";
import warning from "icon:warning";
import { Trans, useLingui } from "@lingui/react/macro";
import { type CheckResult, type Scan, useItem } from "../../api/items";
import { isApart } from "../../live/reading";
import type { ItemState } from "../../live/state";
import { Tag, type TagTone } from "../../ui/Tag";
import { checkName, checkReason, outcomeWord, scanSentence, verdictWord } from "./checkWords";

const OUTCOMES: Readonly<Record<string, readonly [TagTone, string]>> = {
  pass: ["good", check],
  warn: ["warn", warning],
  fail: ["bad", report],
  clean: ["good", check],
  infected: ["bad", report],
};
const OPEN: readonly [TagTone, string] = ["calm", schedule];

/** What scanner and checks found out about an item. The server tells it to government roles alone. */
export function Checks({ item }: { item: ItemState }) {
  const { data } = useItem(item.id, item.state);
  if (!data?.scan) return null;
  return (
    <section className="checks">
      <h3 className="overline">
        <Trans>Checks of the original</Trans>
      </h3>
      <p className="quiet">
        <Trans>Hints for a person; they decide nothing by themselves.</Trans>
      </p>
      <ul className="checks__list">
        <ScanRow scan={data.scan} />
        {data.checks.map((one) => (
          <CheckRow key={one.name} result={one} />
        ))}
      </ul>
      {data.checks.length === 0 && !isApart(data) && (
        <p className="quiet">
          <Trans>Not examined yet.</Trans>
        </p>
      )}
    </section>
  );
}

function ScanRow({ scan }: { scan: Scan }) {
  const { t } = useLingui();
  const [tone, icon] = OUTCOMES[scan.verdict] ?? OPEN;
  return (
    <li>
      <span className="checks__name">{t`Malware`}</span>
      <Tag tone={tone} icon={icon}>
        {verdictWord(scan.verdict)}
      </Tag>
      <span>{scanSentence(scan)}</span>
    </li>
  );
}

function CheckRow({ result }: { result: CheckResult }) {
  const [tone, icon] = OUTCOMES[result.outcome] ?? OPEN;
  return (
    <li>
      <span className="checks__name">{checkName(result.name)}</span>
      <Tag tone={tone} icon={icon}>
        {outcomeWord(result.outcome)}
      </Tag>
      <span>{checkReason(result)}</span>
    </li>
  );
}
