import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import { useMe } from "../../api/me";
import { useValidations } from "../../api/validations";
import { Page } from "../../app/Page";
import { methodWord, PhaseTag } from "../../app/words";
import { LinkButton } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { calendarDay } from "../../ui/time";

export default function Validations() {
  const { t } = useLingui();
  const validations = useValidations();
  const mayOpen = useMe().data?.office_role === "scss";
  return (
    <Page
      title={t`Validations`}
      lead={<Trans>Every case you take part in, the newest first.</Trans>}
      actions={
        mayOpen && (
          <LinkButton to="/validations/new">
            <Trans>New validation</Trans>
          </LinkButton>
        )
      }
    >
      <Loaded query={validations}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState heading={<Trans>No validation yet</Trans>}>
              {mayOpen ? (
                <Trans>Open one for a member and a site; then add people and schedule the first session.</Trans>
              ) : (
                <Trans>You will find a validation here as soon as somebody adds you to it.</Trans>
              )}
            </EmptyState>
          ) : (
            <div className="card">
              <DataTable
                caption={t`Validations`}
                rows={rows}
                rowKey={(row) => row.id}
                columns={[
                  {
                    key: "number",
                    header: t`Number`,
                    cell: (row) => <Link to={`/validations/${row.id}`}>{row.number}</Link>,
                  },
                  { key: "member", header: t`Member`, cell: (row) => row.member_name },
                  { key: "site", header: t`Site`, cell: (row) => row.site_name },
                  { key: "method", header: t`Method`, cell: (row) => methodWord(row.method) },
                  { key: "lead", header: t`Lead`, cell: (row) => row.lead_name },
                  { key: "answered", header: t`Answered`, numeric: true, cell: (row) => row.answered },
                  {
                    key: "findings",
                    header: t`Open findings`,
                    numeric: true,
                    cell: (row) => <OpenFindings count={row.open_findings} dueOn={row.next_due_on} />,
                  },
                  { key: "phase", header: t`State`, cell: (row) => <PhaseTag phase={row.phase} /> },
                ]}
              />
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function OpenFindings({ count, dueOn }: { count: number; dueOn: string | null }) {
  const due = dueOn && calendarDay(dueOn);
  return (
    <>
      {count}
      {due && (
        <div className="quiet">
          <Trans>next due {due}</Trans>
        </div>
      )}
    </>
  );
}
