import { Trans, useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from "react";
import { useCase, useParticipants, useSeat } from "../context";
import type { PanelHandle } from "./AnswerPanel";
import { Checklist } from "./Checklist";
import { People } from "./People";
import { Requests } from "./Requests";
import type { useChecklist } from "./useChecklist";
import "./checklist.css";

const TABS = ["checklist", "requests", "people"] as const;
export type Tab = (typeof TABS)[number];

interface WorkPaneProps {
  tab: Tab;
  onTab: (tab: Tab) => void;
  list: ReturnType<typeof useChecklist>;
  searchField: RefObject<HTMLInputElement | null>;
  onHandle: (handle: PanelHandle | null) => void;
}

/** The work beside the picture, one of three at a time. */
export function WorkPane({ tab, onTab, list, searchField, onHandle }: WorkPaneProps) {
  const { t } = useLingui();
  const [waiting, asked] = [useWaiting(), useAsked()];
  const buttons = useRef<Partial<Record<Tab, HTMLButtonElement | null>>>({});
  const faces: Record<Tab, ReactNode> = {
    checklist: <Trans>Checklist</Trans>,
    requests: <Counted count={asked} word={t`Requests`} />,
    people: <Counted count={waiting} word={t`People`} urgent />,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: TABS.length - 1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const next = TABS[(TABS.indexOf(tab) + by) % TABS.length] ?? tab;
      onTab(next);
      buttons.current[next]?.focus();
    }
  };
  return (
    <section className="work" aria-label={t`Work`}>
      <div className="tabs" role="tablist" aria-label={t`Work`} onKeyDown={onKeyDown}>
        {TABS.map((one) => (
          <button
            key={one}
            ref={(element) => {
              buttons.current[one] = element;
            }}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="work-panel"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => onTab(one)}
          >
            {faces[one]}
          </button>
        ))}
      </div>
      <div className="work__panel" role="tabpanel" id="work-panel" aria-labelledby={`tab-${tab}`}>
        {tab === "checklist" && <Checklist list={list} searchField={searchField} onHandle={onHandle} />}
        {tab === "requests" && <Requests />}
        {tab === "people" && <People />}
      </div>
    </section>
  );
}

function Counted({ count, word, urgent = false }: { count: number; word: string; urgent?: boolean }) {
  return (
    <>
      {word}
      {count > 0 && <span className={urgent ? "count count--urgent" : "count"}>{count}</span>}
    </>
  );
}

function useWaiting(): number {
  const { plan } = useSeat();
  return Object.values(useParticipants()).filter(
    (one) => one.standing === "lobby" && one.validation_session_id === plan.validationSessionId,
  ).length;
}

function useAsked(): number {
  return Object.values(useCase((state) => state.requests)).filter((one) => one.open).length;
}
