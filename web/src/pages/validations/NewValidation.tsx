import { t } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useMe } from "../../api/me";
import { useAccounts, useMember, useMembers } from "../../api/queries";
import type { ValidationMethod } from "../../api/types";
import { openValidation } from "../../api/validations";
import { Page } from "../../app/Page";
import { textOf, useSubmit } from "../../app/useSubmit";
import { entityWord, methodWord, VALIDATION_METHODS } from "../../app/words";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/ComboBox";
import { Choices, Radio, Select } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

const EDITION = "msc-2020";

export default function NewValidation() {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const [memberId, setMemberId] = useState(search.get("member") ?? "");
  const [leadId, setLeadId] = useState<string | null>(null);
  const members = useMembers();
  const member = useMember(memberId);
  const me = useMe().data;
  const specialists = (useAccounts().data ?? []).filter((account) => account.office_role === "scss");
  const { onSubmit, busy, error } = useSubmit(
    (form) =>
      openValidation({
        member_id: memberId,
        site_id: textOf(form, "site_id"),
        method: VALIDATION_METHODS.find((method) => method === form.get("method")) ?? "virtual",
        lead_account_id: textOf(form, "lead_account_id") || null,
        edition_id: EDITION,
      }),
    ({ id }) => navigate(`/validations/${id}`),
  );
  const sites = member.data?.sites ?? [];
  return (
    <Page
      title={t`New validation`}
      lead={<Trans>The case of one member. People and sessions follow.</Trans>}
      trail={
        <Link to="/validations">
          <Trans>Validations</Trans>
        </Link>
      }
    >
      <form className="card form" onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <ComboBox
          label={t`Member`}
          hint={member.data?.entity_types.map(entityWord).join(", ") ?? t`Type part of the name.`}
          name="member_id"
          options={(members.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={memberId}
          onChange={setMemberId}
        />
        {member.data && sites.length === 0 && (
          <Alert kind="warning">
            <Trans>This member has no site yet.</Trans>{" "}
            <Link to={`/members/${memberId}`}>
              <Trans>Add a site first</Trans>
            </Link>
          </Alert>
        )}
        <Select
          label={t`Site`}
          hint={t`Further sites can get sessions of their own.`}
          name="site_id"
          disabled={sites.length === 0}
          options={sites.map((site) => ({ value: site.id, label: `${site.name} · ${site.time_zone}` }))}
        />
        <Select
          label={t`Lead specialist`}
          name="lead_account_id"
          value={leadId ?? (specialists.some((one) => one.id === me?.account_id) ? (me?.account_id ?? "") : "")}
          unset={t`Choose a specialist`}
          required
          onChange={(event) => setLeadId(event.target.value)}
          options={specialists.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Choices legend={<Trans>Method</Trans>}>
          {VALIDATION_METHODS.map((method) => (
            <Radio
              key={method}
              name="method"
              value={method}
              label={methodWord(method)}
              hint={methodHint(method)}
              defaultChecked={method === "virtual"}
            />
          ))}
        </Choices>
        <div className="actions">
          <Button type="submit" busy={busy} disabled={sites.length === 0}>
            <Trans>Open validation</Trans>
          </Button>
        </div>
      </form>
    </Page>
  );
}

function methodHint(method: ValidationMethod): string {
  return {
    virtual: t`All of it remotely, by livestream, documents and interviews.`,
    hybrid: t`Part of it on site; each answer says which.`,
    in_person: t`All of it on site; the checklist and the evidence locker are used there.`,
  }[method];
}
