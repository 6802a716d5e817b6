import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useParams } from "wouter";
import { useLiveSnapshot } from "../../api/snapshot";
import { Page } from "../../app/Page";
import { entityWord, methodWord, PhaseTag } from "../../app/words";
import type { CaseState, ValidationState } from "../../live/state";
import { LinkButton } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { dayIn, myZone } from "../../ui/time";
import { CloseValidation } from "./CloseValidation";
import { Downloads } from "./Downloads";
import { Findings } from "./Findings";
import { Participants } from "./Participants";
import { ChecklistProgress } from "./Progress";
import { Sessions } from "./Sessions";
import { useMayIn } from "./useMayIn";

export default function Overview() {
  const { t } = useLingui();
  const { validationId = "" } = useParams();
  const snapshot = useLiveSnapshot(validationId);
  const may = useMayIn(validationId);
  const validation = snapshot.data?.validation;
  return (
    <Page
      title={validation ? `${validation.number} · ${validation.member_name}` : t`Validation`}
      trail={
        <Link to="/validations">
          <Trans>Validations</Trans>
        </Link>
      }
      lead={validation && <PhaseTag phase={validation.phase} />}
      actions={
        <>
          <LinkButton to={`/evidence/${validationId}`} look="outline">
            <Trans>Evidence</Trans>
          </LinkButton>
          {may("read_government") && (
            <LinkButton to={`/review/${validationId}`} look="outline">
              <Trans>Review</Trans>
            </LinkButton>
          )}
        </>
      }
    >
      <Loaded query={snapshot}>{(state) => <Body validationId={validationId} state={state} />}</Loaded>
    </Page>
  );
}

function Body({ validationId, state }: { validationId: string; state: CaseState }) {
  const may = useMayIn(validationId);
  return (
    <div className="columns">
      <div className="stack">
        <ChecklistProgress validationId={validationId} state={state} />
        <Sessions validationId={validationId} state={state} />
        <Findings validationId={validationId} state={state} />
      </div>
      <div className="stack">
        {state.validation && <Facts validation={state.validation} />}
        <Participants validationId={validationId} state={state} />
        <Downloads validationId={validationId} />
        {may("close") && state.validation?.phase === "open" && <CloseValidation validation={state.validation} />}
      </div>
    </div>
  );
}

function Facts({ validation }: { validation: ValidationState }) {
  const day = dayIn(new Date(validation.opened_at), myZone());
  return (
    <section className="card">
      <dl className="facts">
        <div>
          <dt>
            <Trans>Site</Trans>
          </dt>
          <dd>
            {validation.site_name}
            <div className="quiet">{validation.time_zone}</div>
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Method</Trans>
          </dt>
          <dd>{methodWord(validation.method)}</dd>
        </div>
        <div>
          <dt>
            <Trans>Entity types</Trans>
          </dt>
          <dd>{validation.entity_types.map(entityWord).join(", ")}</dd>
        </div>
        <div>
          <dt>
            <Trans>Criteria</Trans>
          </dt>
          <dd>{validation.edition_id}</dd>
        </div>
        <div>
          <dt>
            <Trans context="validation">Opened</Trans>
          </dt>
          <dd>{day}</dd>
        </div>
      </dl>
    </section>
  );
}
