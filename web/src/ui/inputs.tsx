import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { Field, type FieldProps } from "./Field";

type Inside<Attributes> = FieldProps & Omit<Attributes, "id" | "className" | "children"> & { name: string };

function split<P extends FieldProps>({ label, hint, error, optional, ...rest }: P) {
  const required = !optional;
  return { field: { label, hint, error, ...(optional && { optional }) }, control: { required, ...rest } };
}

/** One line of text; also e-mail, password, date, time and number by `type`. */
export function TextField(props: Inside<InputHTMLAttributes<HTMLInputElement>>) {
  const { field, control } = split(props);
  return (
    <Field {...field}>
      {(ids) => (
        <input type="text" {...control} {...ids} className={field.error ? "usa-input usa-input--error" : "usa-input"} />
      )}
    </Field>
  );
}

export function TextArea(props: Inside<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
  const { field, control } = split(props);
  return <Field {...field}>{(ids) => <textarea rows={3} {...control} {...ids} className="usa-textarea" />}</Field>;
}

export interface Option {
  value: string;
  label: string;
}

/** A native list of at most about ten options; longer ones are a ComboBox. `unset` is the line shown before a choice. */
export function Select({
  options,
  unset,
  ...props
}: Inside<SelectHTMLAttributes<HTMLSelectElement>> & { options: readonly Option[]; unset?: string }) {
  const { field, control } = split(props);
  return (
    <Field {...field}>
      {(ids) => (
        <select {...control} {...ids} className="usa-select">
          {unset !== undefined && <option value="">{unset}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type Toggle = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "className" | "type"> & {
  label: ReactNode;
  hint?: ReactNode;
};

export function Checkbox({ label, hint, ...control }: Toggle) {
  const id = useId();
  return (
    <div className="usa-checkbox">
      <input
        {...control}
        id={id}
        type="checkbox"
        className="usa-checkbox__input"
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <label className="usa-checkbox__label" htmlFor={id}>
        {label}
      </label>
      {hint && (
        <div className="usa-hint toggle-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** One answer of several. */
export function Radio({ label, hint, ...control }: Toggle) {
  const id = useId();
  return (
    <div className="usa-radio">
      <input
        {...control}
        id={id}
        type="radio"
        className="usa-radio__input"
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <label className="usa-radio__label" htmlFor={id}>
        {label}
      </label>
      {hint && (
        <div className="usa-hint toggle-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** One answer of several, as large as a thumb; its hint is part of what is pressed. */
export function RadioTile({ label, hint, ...control }: Toggle) {
  const id = useId();
  return (
    <div className="usa-radio">
      <input {...control} id={id} type="radio" className="usa-radio__input usa-radio__input--tile" />
      <label className="usa-radio__label" htmlFor={id}>
        {label}
        {hint && <span className="usa-radio__label-description">{hint}</span>}
      </label>
    </div>
  );
}

/** Radios or check boxes that answer one question. */
export function Choices({ legend, hint, children }: { legend: ReactNode; hint?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <fieldset className="usa-fieldset choices" aria-describedby={hint ? id : undefined}>
      <legend className="usa-legend">{legend}</legend>
      {hint && (
        <div className="usa-hint" id={id}>
          {hint}
        </div>
      )}
      {children}
    </fieldset>
  );
}
