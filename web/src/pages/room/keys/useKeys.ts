import { useEffect, useRef } from "react";

type Bindings = Readonly<Record<string, () => unknown>>;

const STORED = "sightline.keys";

export function keysAreOn(): boolean {
  return localStorage.getItem(STORED) !== "off";
}

export function turnKeys(on: boolean): void {
  localStorage.setItem(STORED, on ? "on" : "off");
}

const TYPED_INTO = "input, textarea, select, [contenteditable], dialog[open] *";

/** A single key must not act while a person types, chooses from a list or looks at a dialog (WCAG 2.1.4). */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return target instanceof Element && target.closest(TYPED_INTO) !== null;
}

/** Run what a single key is bound to. Keys with Ctrl, Alt or Meta belong to the browser and the screen reader. */
export function useKeys(bindings: Bindings, on: boolean): void {
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
