import { Trans, useLingui } from "@lingui/react/macro";
import { type RefObject, useCallback, useMemo } from "react";
import type { CriterionView } from "../../../api/criteria";
import { pendingAnswer } from "../../../live/room";
import { EmptyState } from "../../../ui/EmptyState";
import { useCase, useMay, useRoom } from "../context";
import { useAct } from "../useAct";
import { AnswerPanel, type PanelHandle } from "./AnswerPanel";
import { ChecklistFilters } from "./ChecklistFilters";
import { CriterionRow } from "./CriterionRow";
import type { useChecklist } from "./useChecklist";

interface ChecklistProps {
  list: ReturnType<typeof useChecklist>;
  searchField: RefObject<HTMLInputElement | null>;
  onHandle: (handle: PanelHandle | null) => void;
}

/** Every criterion of this validation, by category; the open line is answered in place. */
export function Checklist({ list, searchField, onHandle }: ChecklistProps) {
  const answers = useCase((state) => state.answers);
  const done = list.criteria.filter((one) => answers[one.id] !== undefined).length;
  const total = list.criteria.length;
  const groups = useMemo(() => grouped(list.shown), [list.shown]);
  return (
    <div className="checklist">
      <ChecklistFilters
        filters={list.filters}
        onChange={list.change}
        criteria={list.criteria}
        searchField={searchField}
      />
      <p className="checklist__count" role="status">
        <Trans>
          {done} of {total} answered
        </Trans>
        <progress aria-hidden="true" max={total} value={done} />
      </p>
      <div className="checklist__list">
        {groups.map(([category, name, rows]) => (
          <section key={category}>
            <h2>
              {category} {name}
            </h2>
            <Rows rows={rows} list={list} onHandle={onHandle} />
          </section>
        ))}
        {list.shown.length === 0 && (
          <EmptyState heading={<Trans>No criterion fits these filters.</Trans>}>
            <Trans>Clear the search or show answered ones too.</Trans>
          </EmptyState>
        )}
      </div>
    </div>
  );
}

type Group = readonly [number, string, readonly CriterionView[]];

function grouped(shown: readonly CriterionView[]): readonly Group[] {
  const groups = Map.groupBy(shown, (one) => one.category);
  return [...groups].map(([category, rows]) => [category, rows[0]?.category_name ?? "", rows]);
}

function Rows({
  rows,
  list,
  onHandle,
}: { rows: readonly CriterionView[] } & Pick<ChecklistProps, "list" | "onHandle">) {
  const { t } = useLingui();
  const answers = useCase((state) => state.answers);
  const { pending, refused, changes } = useRoomParts();
  const mayAnswer = useMay("answer");
  const act = useAct();
  const onDropItem = useCallback(
    (item_id: string, criterion_id: string) => void act({ type: "item.link", item_id, criterion_id }),
    [act],
  );
  return (
    <ol aria-label={t`Criteria`}>
      {rows.map((criterion) => (
        <CriterionRow
          key={criterion.id}
          criterion={criterion}
          answer={answers[criterion.id]}
          sending={pendingAnswer(pending, criterion.id)?.verdict ?? null}
          change={changes[criterion.id]}
          refused={refused[criterion.id] !== undefined}
          expanded={criterion.id === list.activeId}
          tabbable={criterion.id === list.tabStopId}
          onToggle={list.toggle}
          onStep={list.stepFrom}
          onDropItem={mayAnswer ? onDropItem : null}
        >
          {criterion.id === list.activeId && (
            <AnswerPanel criterion={criterion} onHandle={onHandle} onSaved={list.saved} />
          )}
        </CriterionRow>
      ))}
    </ol>
  );
}

function useRoomParts() {
  const pending = useRoom((view) => view.pending);
  const refused = useRoom((view) => view.refused);
  const changes = useRoom((view) => view.changes);
  return { pending, refused, changes };
}
