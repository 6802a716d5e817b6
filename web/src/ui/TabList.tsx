import type { KeyboardEvent, ReactNode } from "react";
import "./TabList.css";

interface TabListProps<Name extends string> {
  label: string;
  tabs: readonly (readonly [Name, ReactNode])[];
  chosen: Name;
  /** Id of the element that shows what is chosen; it is labelled by `tab-` and the name of the tab. */
  panel: string;
  onChoose: (name: Name) => void;
}

/** One of several views at a time (ARIA tabs): Tab stops once, the arrows go from tab to tab. */
export function TabList<Name extends string>({ label, tabs, chosen, panel, onChoose }: TabListProps<Name>) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: tabs.length - 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = (tabs.findIndex(([name]) => name === chosen) + by) % tabs.length;
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]");
    buttons[next]?.focus();
    buttons[next]?.click();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(([name, face]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === chosen}
          aria-controls={panel}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {face}
        </button>
      ))}
    </div>
  );
}
