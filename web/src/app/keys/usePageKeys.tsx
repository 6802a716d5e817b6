import { type ReactNode, useEffect, useRef, useState } from "react";
import { type KeyRow, KeysDialog } from "./KeysDialog";

type Bindings = Readonly<Record<string, () => unknown>>;

const STORED = "sightline.keys";
const TYPED_INTO = "input:not([type=range]), textarea, select, [contenteditable], dialog[open] *";

/** A single key must not act while a person types, chooses from a list or looks at a dialog (WCAG 2.1.4). */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return target instanceof Element && target.closest(TYPED_INTO) !== null;
}

/** Run what a single key is bound to. Keys with Ctrl, Alt or Meta belong to the browser and the screen reader. */
function useKeys(bindings: Bindings, on: boolean): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    if (!on) {
      return;
    }
    const press = (event: KeyboardEvent) => {
      const act = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event)) {
        return;
      }
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [on]);
}

/**
 * The single keys of a page. `?` and `ask` open the dialog that lists them and turns them off, for every page of this
 * browser; the page puts `dialog` somewhere.
 */
export function usePageKeys(bindings: Bindings, rows: () => readonly KeyRow[]): { ask: () => void; dialog: ReactNode } {
  const [asked, setAsked] = useState(false);
  const [on, setOn] = useState(() => localStorage.getItem(STORED) !== "off");
  const ask = () => setAsked(true);
  useKeys({ ...bindings, "?": ask }, on);
  const turn = (wanted: boolean) => {
    localStorage.setItem(STORED, wanted ? "on" : "off");
    setOn(wanted);
  };
  return {
    ask,
    dialog: asked && <KeysDialog rows={rows()} on={on} onTurn={turn} onClose={() => setAsked(false)} />,
  };
}
