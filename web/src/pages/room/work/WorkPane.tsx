import { useLingui } from "@lingui/react/macro";
import type { ReactNode, RefObject } from "react";
import { TabList } from "../../../ui/TabList";
import { useCase, useParticipants, useSeat } from "../context";
import type { PanelHandle } from "./AnswerPanel";
import { Checklist } from "./Checklist";
import { People } from "./People";
import { Requests } from "./Requests";
import type { useChecklist } from "./useChecklist";
import "./checklist.css";

export type Tab = "checklist" | "requests" | "people";

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
  const tabs: readonly (readonly [Tab, ReactNode])[] = [
    ["checklist", t`Checklist`],
    ["requests", <Counted key="requests" count={asked} word={t`Requests`} />],
    ["people", <Counted key="people" count={waiting} word={t`People`} urgent />],
  ];
  return (
    <section className="work" aria-label={t`Work`}>
      <TabList label={t`Work`} tabs={tabs} chosen={tab} panel="work-panel" onChoose={onTab} />
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
