/** Fields of forms: label, control, hint, count towards the limit, refusal. */
import { useId, type ReactNode } from "react";
import { lengthLimit, lengthOf } from "../form-rules.ts";
import { useFormat, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import type { FormState, Values } from "./form.tsx";

/** Fields get any form that has the named value. */
type AnyForm = Pick<FormState, "errorOf" | "ruleOf" | "touch"> & { readonly values: Values; readonly set: unknown };
const put = (form: AnyForm, name: string, value: Values[string]): void =>
  (form.set as (name: string, value: Values[string]) => void)(name, value);

interface FieldProps {
  readonly form: AnyForm;
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

interface ShellOf {
  readonly id: string;
  readonly error: string | undefined;
  readonly describedBy: string;
}
function useField({ form, name }: FieldProps): ShellOf {
  const id = useId();
  const error = form.errorOf(name);
  return { id, error, describedBy: `${id}-hint ${id}-error` };
}

function Around({
  field,
  props,
  count,
  children,
}: {
  field: ShellOf;
  props: FieldProps;
  count?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const t = useWords(shell);
  const optional = props.form.ruleOf(props.name)?.optional === true;
  return (
    <div className={field.error === undefined ? "field" : "field field-bad"}>
      <label htmlFor={field.id}>
        {props.label}
        {optional ? <span className="field-optional">{t("optional")}</span> : null}
      </label>
      {children}
      <div className="field-below">
        <span id={`${field.id}-hint`} className="field-hint">
          {props.hint}
        </span>
        {count}
      </div>
      <p id={`${field.id}-error`} className="field-error" aria-live="polite">
        {field.error}
      </p>
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  readonly type?: "text" | "email" | "password" | "url" | "date" | "datetime-local";
  readonly autoComplete?: string;
  readonly placeholder?: string;
  readonly multiline?: boolean;
  readonly inputMode?: "numeric" | "text";
  readonly mono?: boolean;
}
export function TextField(props: TextFieldProps): ReactNode {
  const {
    form,
    name,
    type = "text",
    autoComplete = "off",
    placeholder,
    multiline = false,
    inputMode,
    mono = false,
    disabled,
  } = props;
  const field = useField(props);
  const value = String(form.values[name] ?? "");
  const shared = {
    id: field.id,
    className: mono ? "input mono" : "input",
    name,
    value,
    placeholder,
    disabled,
    "aria-invalid": field.error !== undefined,
    "aria-describedby": field.describedBy,
    onBlur: () => form.touch(name),
  };
  return (
    <Around field={field} props={props} count={<Count form={form} name={name} value={value} />}>
      {multiline ? (
        <textarea {...shared} rows={4} onChange={(event) => put(form, name, event.target.value)} />
      ) : (
        <input
          {...shared}
          type={type}
          autoComplete={autoComplete}
          inputMode={inputMode}
          spellCheck={false}
          onChange={(event) => put(form, name, event.target.value)}
        />
      )}
    </Around>
  );
}

/** Towards the limit: always for short texts, else from three quarters on. */
function Count({
  form,
  name,
  value,
}: {
  readonly form: AnyForm;
  readonly name: string;
  readonly value: string;
}): ReactNode {
  const t = useWords(shell);
  const rule = form.ruleOf(name);
  const limit = rule === undefined ? null : lengthLimit(rule);
  if (rule === undefined || limit === null || rule.format === "email") return null;
  const n = lengthOf(rule, value.trim());
  if (limit > 40 && n < limit * 0.75) return null;
  return <span className={n > limit ? "field-count field-over" : "field-count"}>{t("form.count", { n, limit })}</span>;
}

interface NumberFieldProps extends FieldProps {
  /** Beside the number. */
  readonly unit?: string;
  readonly step?: number;
}
/** The value stays a text until the form is sent: an emptied field is not zero. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { form, name, unit, step, disabled } = props;
  const field = useField(props);
  return (
    <Around field={field} props={props}>
      <div className="input-unit">
        <input
          id={field.id}
          className="input input-number"
          name={name}
          type="number"
          step={step}
          value={String(form.values[name] ?? "")}
          disabled={disabled}
          aria-invalid={field.error !== undefined}
          aria-describedby={field.describedBy}
          onBlur={() => form.touch(name)}
          onChange={(event) => put(form, name, event.target.value)}
        />
        {unit === undefined ? null : <span className="soft">{unit}</span>}
      </div>
    </Around>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly hint?: string;
}
export function SelectField(props: FieldProps & { readonly options: readonly Choice[] }): ReactNode {
  const { form, name, options, disabled } = props;
  const field = useField(props);
  return (
    <Around field={field} props={props}>
      <select
        id={field.id}
        className="input"
        name={name}
        value={String(form.values[name] ?? "")}
        disabled={disabled}
        aria-invalid={field.error !== undefined}
        aria-describedby={field.describedBy}
        onBlur={() => form.touch(name)}
        onChange={(event) => put(form, name, event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </Around>
  );
}

/** In which language somebody reads, each named in itself. */
export function LanguageField({ form, label }: Pick<FieldProps, "form" | "label">): ReactNode {
  const options = [
    { value: "ja", label: "日本語" },
    { value: "en", label: "English" },
  ];
  return <SelectField form={form} name="language" label={label} options={options} />;
}

export function CheckField({ form, name, label, hint, disabled }: FieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field check">
      <input
        id={id}
        type="checkbox"
        name={name}
        checked={form.values[name] === true}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={(event) => put(form, name, event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      <span id={`${id}-hint`} className="field-hint">
        {hint}
      </span>
    </div>
  );
}

/** Several of a list; the value is a list of the chosen. */
export function CheckGroup(props: FieldProps & { readonly options: readonly Choice[] }): ReactNode {
  const { form, name, label, hint, options } = props;
  const id = useId();
  const chosen = (form.values[name] ?? []) as readonly string[];
  const error = form.errorOf(name);
  return (
    <fieldset className={error === undefined ? "field" : "field field-bad"}>
      <legend>{label}</legend>
      {hint === undefined ? null : <p className="field-hint">{hint}</p>}
      <div className="check-grid">
        {options.map((option) => (
          <div key={option.value} className="check">
            <input
              id={`${id}${option.value}`}
              type="checkbox"
              checked={chosen.includes(option.value)}
              disabled={option.disabled}
              onChange={(event) =>
                put(
                  form,
                  name,
                  event.target.checked ? [...chosen, option.value] : chosen.filter((each) => each !== option.value),
                )
              }
            />
            <label htmlFor={`${id}${option.value}`}>
              {option.label}
              {option.hint === undefined ? null : <span className="field-hint">{option.hint}</span>}
            </label>
          </div>
        ))}
      </div>
      <p className="field-error" aria-live="polite">
        {error}
      </p>
    </fieldset>
  );
}

interface MeterProps {
  readonly used: number;
  readonly limit: number;
  /** Says what is counted: `7 of 10 sessions used`. */
  readonly label: string;
}
/** Use against a limit; from nine tenths on it is marked, and the text says the rest. */
export function Meter({ used, limit, label }: MeterProps): ReactNode {
  const format = useFormat();
  const share = limit === 0 ? (used > 0 ? 1 : 0) : Math.min(1, used / limit);
  const level = used > limit ? "bad" : used >= limit * 0.9 && used > 0 ? "notice" : "plain";
  return (
    <div className={`meter meter-${level}`}>
      <span className="meter-label">{label}</span>
      <span className="meter-figure" aria-hidden="true">
        {format.number(used)} / {format.number(limit)}
      </span>
      <span className="meter-track" aria-hidden="true">
        <span className="meter-fill" style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </div>
  );
}
