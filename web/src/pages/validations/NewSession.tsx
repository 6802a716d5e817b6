import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useMember } from "../../api/queries";
import { useSnapshot } from "../../api/snapshot";
import { scheduleSession } from "../../api/validations";
import { Page } from "../../app/Page";
import { useSubmit } from "../../app/useSubmit";
import type { ValidationState } from "../../live/state";
import { Button } from "../../ui/Button";
import { Checkbox, Choices, Select } from "../../ui/inputs";
import { Loaded } from "../../ui/Loaded";
import { ProblemAlert } from "../../ui/Problem";
import { sessionTimeOf } from "./sessionTime";
import { TimeFields } from "./TimeFields";

export default function NewSession() {
  const { t } = useLingui();
  const { validationId = "" } = useParams();
  const snapshot = useSnapshot(validationId);
  return (
    <Page
      title={t`Schedule a session`}
      trail={<Link to={`/validations/${validationId}`}>{snapshot.data?.validation?.number ?? t`Validation`}</Link>}
      lead={<Trans>Choose the time on the clock of the site. You see at once what it is on yours.</Trans>}
    >
      <Loaded query={snapshot}>{({ validation }) => validation && <SessionForm validation={validation} />}</Loaded>
    </Page>
  );
}

function SessionForm({ validation }: { validation: ValidationState }) {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const [siteId, setSiteId] = useState(validation.site_id);
  const sites = useMember(validation.member_id).data?.sites ?? [];
  const zone = sites.find((site) => site.id === siteId)?.time_zone ?? validation.time_zone;
  const { onSubmit, busy, error } = useSubmit(
    (form) =>
      scheduleSession(validation.id, {
        ...sessionTimeOf(form),
        site_id: siteId,
        recording: form.get("recording") === "on",
      }),
    ({ id }) => navigate(`/validations/${validation.id}/sessions/${id}`),
  );
  return (
    <form className="card form" onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <Select
        label={t`Site`}
        name="site_id"
        value={siteId}
        onChange={(event) => setSiteId(event.target.value)}
        options={
          sites.length > 0
            ? sites.map((site) => ({ value: site.id, label: site.name }))
            : [{ value: validation.site_id, label: validation.site_name }]
        }
      />
      <TimeFields zone={zone} />
      <Choices legend={<Trans>Recording</Trans>}>
        <Checkbox
          name="recording"
          defaultChecked
          label={<Trans>Record this session</Trans>}
          hint={
            <Trans>Everybody is told and asked on joining. Who refuses is seen and heard live, but not recorded.</Trans>
          }
        />
      </Choices>
      <div className="actions">
        <Button type="submit" busy={busy}>
          <Trans>Schedule session</Trans>
        </Button>
      </div>
    </form>
  );
}
