import { type RefObject, useMemo, useRef, useState } from "react";
import { usePageKeys } from "../../../app/keys/usePageKeys";
import { ActiveContext } from "../active";
import { useMay } from "../context";
import { useStillFallback } from "../useStillFallback";
import { useTour } from "../useTour";
import { Voices } from "../Voices";
import type { PanelHandle } from "../work/AnswerPanel";
import { useChecklist } from "../work/useChecklist";
import { useLinkNewest } from "../work/useLinkNewest";
import { VERDICT_LOOK } from "../work/verdicts";
import { type Tab, WorkPane } from "../work/WorkPane";
import { EvidenceStrip } from "./EvidenceStrip";
import { RoomHeader } from "./RoomHeader";
import { RouteDialog } from "./RouteDialog";
import { roomKeys } from "./roomKeys";
import { Stage } from "./Stage";

/** The room on a laptop: picture, work and evidence in one window; only lists scroll. */
export function DesktopRoom() {
  const [id, choose] = useState<string | null>(null);
  const active = useMemo(() => ({ id, choose }), [id]);
  return (
    <ActiveContext value={active}>
      <Panes />
    </ActiveContext>
  );
}

function Panes() {
  const [tab, setTab] = useState<Tab>("checklist");
  const [route, setRoute] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const panel = useRef<PanelHandle | null>(null);
  const list = useChecklist();
  const mayRead = useMay("read_evidence");
  useStillFallback();
  const tour = useTour();
  const next = () => {
    const stop = tour.next();
    if (stop === null) {
      setRoute(true);
    } else {
      void tour.openStop(stop.id);
    }
  };
  const bindings = useBindings({
    list,
    panel,
    next,
    search: () => {
      setTab("checklist");
      // The field is there after the tab has been drawn.
      requestAnimationFrame(() => searchField.current?.focus());
    },
  });
  const keys = usePageKeys(bindings, roomKeys);
  return (
    <div className="room">
      <RoomHeader onKeys={keys.ask} />
      <main id="main" className="room__main">
        <Stage onNext={next} onRoute={() => setRoute(true)} />
        <WorkPane
          tab={tab}
          onTab={setTab}
          list={list}
          searchField={searchField}
          onHandle={(handle) => {
            panel.current = handle;
          }}
        />
        {mayRead && <EvidenceStrip />}
      </main>
      <Voices />
      {route && <RouteDialog onClose={() => setRoute(false)} />}
      {keys.dialog}
    </div>
  );
}

interface Bound {
  list: ReturnType<typeof useChecklist>;
  panel: RefObject<PanelHandle | null>;
  next: () => void;
  search: () => void;
}

/** Which keys do what, for what this role may do. */
function useBindings({ list, panel, next, search }: Bound) {
  const tour = useTour();
  const linkNewest = useLinkNewest(list.activeId);
  const [mayGuide, mayMark, mayHide, mayAnswer] = [
    useMay("guide_tour"),
    useMay("mark"),
    useMay("set_privacy"),
    useMay("answer"),
  ];
  const digits = VERDICT_LOOK.map(
    ({ verdict }, index) => [String(index + 1), () => panel.current?.choose(verdict)] as const,
  );
  return {
    "/": search,
    j: () => list.step(1),
    k: () => list.step(-1),
    ArrowDown: () => list.step(1),
    ArrowUp: () => list.step(-1),
    u: tour.toggleMute,
    ...(mayGuide && { s: tour.still, n: next }),
    ...(mayMark && { m: tour.mark }),
    ...(mayHide && { p: tour.togglePrivacy }),
    ...(mayAnswer && { ...Object.fromEntries(digits), e: () => panel.current?.focusNote(), l: linkNewest }),
  };
}
