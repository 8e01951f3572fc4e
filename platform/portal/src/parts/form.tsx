/** Forms in one column, checked while typing, with the limits shown before they are hit. */
import { useCallback, useState, type ReactNode } from "react";
import { ApiError } from "../api.ts";
import { checkValue, toldAtOnce, type Refusal, type Rule } from "../form-rules.ts";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Button } from "./button.tsx";
import { ErrorBox } from "./notice.tsx";

export { CheckField, CheckGroup, LanguageField, Meter, NumberField, SelectField, TextField } from "./fields.tsx";

export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

type Rules<V> = { readonly [K in keyof V]?: Rule };
interface FormOptions<V extends Values> {
  readonly initial: V;
  /** Rules of text fields: API schemas or plain rules. Fields without one are not checked here; a function where they depend on values. */
  readonly rules?: Rules<V> | ((values: V) => Rules<V>);
  /** Checks over several fields: sentences by field name. */
  readonly check?: (values: V) => Partial<Record<keyof V, string>>;
  readonly submit: (values: V) => Promise<unknown>;
  readonly done?: () => void;
}

export interface FormState<V extends Values = Values> {
  readonly values: V;
  readonly set: <K extends keyof V & string>(name: K, value: V[K]) => void;
  readonly touch: (name: string) => void;
  /** The sentence to show at a field, if it is time to tell. */
  readonly errorOf: (name: string) => string | undefined;
  readonly ruleOf: (name: string) => Rule | undefined;
  readonly submit: () => Promise<void>;
  readonly busy: boolean;
  readonly problem: ApiError | null;
  readonly dirty: boolean;
  readonly reset: (values?: V) => void;
}

/** State of one form. `submit` gets the values only when every rule holds. */
export function useForm<V extends Values>(options: FormOptions<V>): FormState<V> {
  const t = useWords(shell);
  const [values, setValues] = useState<V>(options.initial);
  const [start, setStart] = useState<V>(options.initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const rules = typeof options.rules === "function" ? options.rules(values) : options.rules;
  const refusals = refusalsOf(rules, values);
  const crossed: Partial<Record<string, string>> = options.check?.(values) ?? {};

  const errorOf = (name: string): string | undefined => {
    const refusal = refusals[name];
    const tell = tried || touched.has(name);
    if (refusal !== undefined && (tell || toldAtOnce(refusal))) return sentenceOf(t, refusal);
    if (tell && crossed[name] !== undefined) return crossed[name];
    return problem?.fields.find((field) => field.pointer.split("/").at(-1) === name)?.message;
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    setProblem(null);
    if (Object.keys(refusals).length > 0 || Object.values(crossed).some((each) => each !== undefined)) return;
    setBusy(true);
    try {
      await options.submit(values);
      setStart(values);
      setTried(false);
      options.done?.();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return {
    values,
    set: useCallback((name, value) => {
      setProblem(null);
      setValues((before) => ({ ...before, [name]: value }));
    }, []),
    touch: useCallback((name) => setTouched((before) => new Set(before).add(name)), []),
    errorOf,
    ruleOf: (name) => rules?.[name],
    submit,
    busy,
    problem,
    dirty: JSON.stringify(values) !== JSON.stringify(start),
    reset: (next) => {
      setValues(next ?? start);
      if (next !== undefined) setStart(next);
      setTouched(new Set());
      setTried(false);
      setProblem(null);
    },
  };
}

function refusalsOf<V extends Values>(rules: Rules<V> | undefined, values: V): Record<string, Refusal> {
  const found: Record<string, Refusal> = {};
  for (const [name, rule] of Object.entries<Rule | undefined>(rules ?? {})) {
    const value = values[name];
    const refusal = typeof value === "string" && rule !== undefined ? checkValue(rule, value) : null;
    if (refusal !== null) found[name] = refusal;
  }
  return found;
}

type ShellSay = ReturnType<typeof useWords<typeof shell>>;
function sentenceOf(t: ShellSay, refusal: Refusal): string {
  switch (refusal.key) {
    case "form.maxLength":
      return t(refusal.key, refusal);
    case "form.minLength":
      return t(refusal.key, refusal);
    case "form.between":
      return t(refusal.key, refusal);
    default:
      return t(refusal.key);
  }
}

interface FormProps<V extends Values> {
  readonly form: FormState<V>;
  /** Label of the button that sends. */
  readonly action: string;
  readonly kind?: "primary" | "danger";
  readonly cancel?: () => void;
  /** Beside the buttons. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly label?: string;
}

/** Fields, then the refusal if there was one, then the buttons. */
export function Form<V extends Values>({
  form,
  action,
  kind = "primary",
  cancel,
  extra,
  children,
  label,
}: FormProps<V>): ReactNode {
  const t = useWords(shell);
  return (
    <form
      className="form"
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const element = event.currentTarget;
        // After the check the first refused field is where the reader must look.
        void form
          .submit()
          .then(() => requestAnimationFrame(() => element.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()));
      }}
    >
      {children}
      {form.problem === null ? null : <ErrorBox error={form.problem} title={t("form.refused")} />}
      <div className="form-actions">
        {cancel === undefined ? null : <Button onClick={cancel}>{t("cancel")}</Button>}
        <Button type="submit" kind={kind} busy={form.busy}>
          {action}
        </Button>
        {extra}
      </div>
    </form>
  );
}
