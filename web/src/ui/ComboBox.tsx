import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { announce } from "./announce";
import { Field, type FieldProps } from "./Field";
import type { Option } from "./inputs";

interface ComboBoxProps extends FieldProps {
  name: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A text field that filters a long list (ARIA 1.2 combobox). Accents and case do not matter when searching. */
export function ComboBox({ name, options, value, onChange, ...field }: ComboBoxProps) {
  const { t } = useLingui();
  const listId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const open = typed !== null;
  const found = options.filter((option) => fold(option.label).includes(fold(typed ?? "")));
  const chosen = options.find((option) => option.value === value)?.label ?? "";

  function search(text: string) {
    const count = options.filter((option) => fold(option.label).includes(fold(text))).length;
    setTyped(text);
    setActive(0);
    announce(plural(count, { one: "# choice", other: "# choices" }));
  }

  function choose(option: Option | undefined) {
    if (option) onChange(option.value);
    setTyped(null);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) setTyped("");
      else setActive((at) => (at + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape" && open) {
      // Closes the list alone, not the modal that the field is in.
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    }
  }

  return (
    <Field {...field}>
      {(ids) => (
        <div className="combo">
          <input
            {...ids}
            ref={input}
            className="usa-input"
            type="text"
            role="combobox"
            autoComplete="off"
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={open && found[active] ? `${listId}-${active}` : undefined}
            required={!field.optional}
            value={typed ?? chosen}
            onChange={(event) => search(event.target.value)}
            onClick={() => !open && setTyped("")}
            onKeyDown={onKeyDown}
            onBlur={() => setTyped(null)}
          />
          <input type="hidden" name={name} value={value} />
          <div id={listId} role="listbox" aria-label={t`Choices`} className="combo__list" hidden={!open}>
            {found.map((option, at) => (
              // The pointer must not take the focus from the field, or its blur would close the list first.
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard acts on the field, which holds the focus.
              // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant marks the active option.
              <div
                key={option.value}
                id={`${listId}-${at}`}
                role="option"
                aria-selected={at === active}
                className="combo__option"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(option)}
                ref={at === active ? scrollIntoList : undefined}
              >
                {option.label}
              </div>
            ))}
            {found.length === 0 && <div className="combo__none">{t`Nothing matches. Try fewer letters.`}</div>}
          </div>
        </div>
      )}
    </Field>
  );
}

function scrollIntoList(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: "nearest" });
}
