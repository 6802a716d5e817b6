import search from "icon:search";
import { Trans, useLingui } from "@lingui/react/macro";
import type { RefObject } from "react";
import type { CriterionView } from "../../../api/criteria";
import { Icon } from "../../../ui/Icon";
import { useSession } from "../context";
import type { Filters } from "../criteria";

interface ChecklistFiltersProps {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
  criteria: readonly CriterionView[];
  searchField: RefObject<HTMLInputElement | null>;
}

/** Search and the four filters of the checklist. */
export function ChecklistFilters({ filters, onChange, criteria, searchField }: ChecklistFiltersProps) {
  const { t } = useLingui();
  const hasStop = useSession().open_stop_id !== null;
  const categories = [...new Map(criteria.map((one) => [one.category, one.category_name]))];
  return (
    <search className="filters">
      <span className="filters__search">
        <Icon outline={search} />
        <input
          ref={searchField}
          type="search"
          className="usa-input"
          aria-label={t`Search the checklist`}
          placeholder={t`Search (/)`}
          value={filters.search}
          onChange={(event) => onChange({ search: event.target.value })}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
      </span>
      <Segment
        label={t`Level`}
        options={[
          ["all", t`All`],
          ["must", t`Must`],
          ["should", t`Should`],
        ]}
        value={filters.level}
        onChoose={(level) => onChange({ level })}
      />
      <Toggle pressed={filters.open} onPress={() => onChange({ open: !filters.open })}>
        <Trans>Open only</Trans>
      </Toggle>
      {hasStop && (
        <Toggle pressed={filters.thisStop} onPress={() => onChange({ thisStop: !filters.thisStop })}>
          <Trans>This stop</Trans>
        </Toggle>
      )}
      <select
        className="usa-select filters__category"
        aria-label={t`Category`}
        value={filters.category}
        onChange={(event) => onChange({ category: event.target.value })}
      >
        <option value="">{t`All categories`}</option>
        {categories.map(([number, name]) => (
          <option key={number} value={String(number)}>
            {number} {name}
          </option>
        ))}
      </select>
    </search>
  );
}

interface SegmentProps<Value extends string> {
  label: string;
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChoose: (value: Value) => void;
}

function Segment<Value extends string>({ label, options, value, onChoose }: SegmentProps<Value>) {
  return (
    <fieldset className="segment" aria-label={label}>
      {options.map(([one, word]) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => onChoose(one)}>
          {word}
        </button>
      ))}
    </fieldset>
  );
}

function Toggle({ pressed, onPress, children }: { pressed: boolean; onPress: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="toggle" aria-pressed={pressed} onClick={onPress}>
      {children}
    </button>
  );
}
