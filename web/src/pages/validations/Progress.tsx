import { Trans, useLingui } from "@lingui/react/macro";
import { useCriteria } from "../../api/criteria";
import type { CaseState } from "../../live/state";
import { ProblemAlert } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";
import { tallyOf } from "./tally";

/** How far the checklist is. Musts stand apart: one unmet must outweighs any score. */
export function ChecklistProgress({ validationId, state }: { validationId: string; state: CaseState }) {
  const { t } = useLingui();
  const criteria = useCriteria(validationId);
  return (
    <section className="card" aria-labelledby="progress">
      <div className="card__head">
        <h2 id="progress">
          <Trans>Checklist</Trans>
        </h2>
      </div>
      {criteria.error && <ProblemAlert error={criteria.error} />}
      {criteria.isPending && <Waiting />}
      {criteria.data && (
        <div className="columns--even">
          <Level name={t`Musts`} tally={tallyOf(criteria.data, state.answers, "must")} />
          <Level name={t`Shoulds`} tally={tallyOf(criteria.data, state.answers, "should")} />
        </div>
      )}
    </section>
  );
}

function Level({ name, tally }: { name: string; tally: ReturnType<typeof tallyOf> }) {
  const { t } = useLingui();
  const { total, answered, met, gap } = tally;
  return (
    <div className="level-row">
      <h3>{name}</h3>
      <dl className="tally">
        <div>
          <dt>
            <Trans>met</Trans>
          </dt>
          <dd>{met}</dd>
        </div>
        <div className={gap > 0 ? "tally__gap" : undefined}>
          <dt>
            <Trans>with a gap</Trans>
          </dt>
          <dd>{gap}</dd>
        </div>
        <div>
          <dt>
            <Trans context="tally">open</Trans>
          </dt>
          <dd>{total - answered}</dd>
        </div>
      </dl>
      <progress
        className="level-row__bar"
        aria-label={t`${answered} of ${total} answered`}
        max={total || 1}
        value={answered}
      />
    </div>
  );
}
