import warning from "icon:warning";
import { Trans } from "@lingui/react/macro";
import type { CriterionView } from "../../../api/criteria";
import { Tag } from "../../../ui/Tag";
import { fitWord, levelWord, verifyWord } from "../words";

/** What a criterion asks in full: parts, how to verify, what usually shows it, and how sure the wording is. */
export function CriterionFacts({ criterion }: { criterion: CriterionView }) {
  const verify = criterion.verify_by.map(verifyWord).join(", ");
  return (
    <div className="criterion-facts">
      {criterion.check_booklet && (
        <p>
          <Tag tone="warn" icon={warning}>
            <Trans>Check against the official booklet</Trans>
          </Tag>
        </p>
      )}
      {criterion.official_text !== null && <blockquote lang="en">{criterion.official_text}</blockquote>}
      {criterion.sub_items.length > 0 && (
        <ul>
          {criterion.sub_items.map((part) => (
            <li key={part.gist}>
              {part.gist} <span className="quiet">{levelWord(part.level)}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="criterion-facts__line">
        {verify !== "" && (
          <span>
            <Trans>Verify by {verify}.</Trans>
          </span>
        )}{" "}
        <span>{fitWord(criterion.remote_fit)}.</span>
      </p>
      {criterion.typical_evidence.length > 0 && (
        <p className="criterion-facts__line">
          <Trans>Usually shown by:</Trans> <span>{criterion.typical_evidence.join(", ")}</span>
        </p>
      )}
    </div>
  );
}
