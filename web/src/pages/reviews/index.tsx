import done from "icon:check_circle";
import lock from "icon:lock";
import waiting from "icon:schedule";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import type { ValidationLine } from "../../api/types";
import { useValidations } from "../../api/validations";
import { Page } from "../../app/Page";
import { PhaseTag } from "../../app/words";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { Tag } from "../../ui/Tag";
import { calendarDay } from "../../ui/time";

/** How far the review of every validation is. */
export default function Reviews() {
  const { t } = useLingui();
  const validations = useValidations();
  return (
    <Page
      title={t`Reviews`}
      lead={<Trans>Every validation with the state of its review; those that wait come first.</Trans>}
    >
      <Loaded query={validations}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState heading={<Trans>No validation yet</Trans>} />
          ) : (
            <div className="card">
              <DataTable
                caption={t`Reviews`}
                rows={[...rows].sort((one, other) => Number(isSettled(one)) - Number(isSettled(other)))}
                rowKey={(row) => row.id}
                columns={[
                  {
                    key: "number",
                    header: t`Number`,
                    cell: (row) => <Link to={`/review/${row.id}`}>{row.number}</Link>,
                  },
                  { key: "member", header: t`Member`, cell: (row) => row.member_name },
                  { key: "lead", header: t`Lead`, cell: (row) => row.lead_name },
                  { key: "answered", header: t`Answered`, numeric: true, cell: (row) => row.answered },
                  { key: "findings", header: t`Open findings`, numeric: true, cell: (row) => row.open_findings },
                  {
                    key: "due",
                    header: t`Next due`,
                    cell: (row) => (row.next_due_on ? calendarDay(row.next_due_on) : "–"),
                  },
                  { key: "review", header: t`Review`, cell: (row) => <ReviewTag row={row} /> },
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

function isSettled(row: ValidationLine): boolean {
  return row.review_signed === true || row.phase === "closed";
}

function ReviewTag({ row }: { row: ValidationLine }) {
  if (row.review_signed) {
    return (
      <Tag tone="good" icon={done}>
        <Trans>Signed</Trans>
      </Tag>
    );
  }
  return row.phase === "closed" ? (
    <Tag tone="calm" icon={lock}>
      <Trans>Closed without review</Trans>
    </Tag>
  ) : (
    <Tag tone="warn" icon={waiting}>
      <Trans>Not signed</Trans>
    </Tag>
  );
}
