import edit from "icon:edit";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { FindingKindTag, FindingStateTag } from "../../app/words";
import type { CaseState, FindingState } from "../../live/state";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Icon } from "../../ui/Icon";
import { calendarDay } from "../../ui/time";
import { DueDate } from "./DueDate";
import { useMayIn } from "./useMayIn";

export function Findings({ validationId, state }: { validationId: string; state: CaseState }) {
  const { t } = useLingui();
  const may = useMayIn(validationId);
  const [moving, setMoving] = useState<FindingState | null>(null);
  const findings = Object.values(state.findings).sort((one, other) => one.opened_at.localeCompare(other.opened_at));
  const movable = (finding: FindingState) =>
    may("answer") && finding.state === "open" && state.validation?.phase === "open";
  return (
    <section className="card" aria-labelledby="findings">
      <div className="card__head">
        <h2 id="findings">
          <Trans>Findings</Trans>
        </h2>
      </div>
      {findings.length === 0 ? (
        <EmptyState heading={<Trans>No finding</Trans>}>
          <Trans>A must that is not met opens one by itself, with a due date.</Trans>
        </EmptyState>
      ) : (
        <DataTable
          caption={t`Findings`}
          rows={findings}
          rowKey={(finding) => finding.id}
          columns={[
            { key: "criterion", header: t`Criterion`, cell: (finding) => finding.criterion_id },
            { key: "kind", header: t`Kind`, cell: (finding) => <FindingKindTag kind={finding.kind} /> },
            { key: "note", header: t`Note`, cell: (finding) => finding.note },
            {
              key: "due",
              header: t`Due`,
              cell: (finding) => (
                <span className="nowrap">
                  {finding.due_on ? calendarDay(finding.due_on) : "–"}
                  {movable(finding) && (
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={t`Change the due date of the finding on ${finding.criterion_id}`}
                      title={t`Change due date`}
                      onClick={() => setMoving(finding)}
                    >
                      <Icon outline={edit} />
                    </button>
                  )}
                </span>
              ),
            },
            { key: "state", header: t`State`, cell: (finding) => <FindingStateTag state={finding.state} /> },
          ]}
        />
      )}
      {moving && <DueDate validationId={validationId} finding={moving} onClose={() => setMoving(null)} />}
    </section>
  );
}
