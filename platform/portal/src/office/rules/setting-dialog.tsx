/** One setting from a day: a choice where the rule names choices, else fields by the shape of its value. */
import type { ReactNode } from "react";
import type { SettingItem } from "@yagura/commerce/terms/shapes.ts";
import type { Text } from "@yagura/commerce/charging/shapes.ts";
import { useSay, useWords } from "../../language.tsx";
import { NumberField, SelectField, TextField, type FormState, type Values } from "../../parts/form.tsx";
import { ruleWords } from "../words/rules.ts";
import { valueWords } from "../words/values.ts";
import { DatedDialog } from "./dated-dialog.tsx";
import { OFFERING, SETTINGS } from "./paths.ts";
import { entryOf, fieldsOf, partOf, partsOf, rulesOf, valueOf, type Entry, type Fields } from "./setting-fields.ts";
import { partName, unitOf } from "./tell-value.ts";

export interface Asked {
  readonly service: string | null;
  readonly key: string;
  readonly name: Text | null;
  readonly hint: Text | null;
  readonly choices: SettingItem["choices"];
  readonly value: unknown;
}

export function SettingDialog({ asked, close }: { readonly asked: Asked; readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const { service, key, choices } = asked;
  const entry = entryOf(key, asked.value, choices.length);
  const title = asked.name === null ? key : say(asked.name);
  return (
    <DatedDialog<Fields>
      title={title}
      path={SETTINGS}
      initial={fieldsOf(entry, asked.value)}
      rules={rulesOf(entry, asked.value)}
      check={({ value }) => (entry !== "json" || isJson(value ?? "") ? {} : { value: t("settings.jsonBad") })}
      body={(fields) => ({
        ...(service === null ? {} : { service }),
        key,
        value: valueOf(entry, fields, asked.value),
      })}
      telling={key}
      choices={choices}
      refresh={[SETTINGS, OFFERING]}
      close={close}
    >
      {(form) => <ValueFields form={form} entry={entry} asked={asked} title={title} />}
    </DatedDialog>
  );
}

/** Any form that holds the fields of a value. */
type Holder = Pick<FormState, "errorOf" | "ruleOf" | "touch"> & { readonly values: Values; readonly set: unknown };
interface FieldsProps {
  readonly form: Holder;
  readonly entry: Entry;
  readonly asked: Asked;
  readonly title: string;
}
function ValueFields({ form, entry, asked, title }: FieldsProps): ReactNode {
  const t = useWords(ruleWords);
  const v = useWords(valueWords);
  const say = useSay();
  const hint = asked.hint === null ? {} : { hint: say(asked.hint) };
  const unit = unitOf(asked.key);
  const common = { form, name: "value", label: title, ...hint };
  switch (entry) {
    case "choice":
      return (
        <SelectField
          {...common}
          options={asked.choices.map((choice) => ({ value: choice.value, label: say(choice.text) }))}
        />
      );
    case "yes-no":
      return (
        <SelectField
          {...common}
          options={[
            { value: "true", label: v("yes") },
            { value: "false", label: v("no") },
          ]}
        />
      );
    case "number":
      return <NumberField {...common} {...(unit === undefined ? {} : { unit: v(`unit.${unit}`) })} />;
    case "due":
      return <DueFields form={form} hint={hint} />;
    case "lines":
      return (
        <>
          {asked.hint === null ? null : <p>{say(asked.hint)}</p>}
          <TextField form={form} name="value" label={title} hint={v("list.hint")} multiline />
        </>
      );
    case "parts":
      return <PartFields form={form} asked={asked} />;
    case "text":
      return <TextField {...common} />;
    case "json":
      return <TextField {...common} label={t("settings.json")} multiline mono />;
  }
}

function DueFields({ form, hint }: { readonly form: Holder; readonly hint: { readonly hint?: string } }): ReactNode {
  const v = useWords(valueWords);
  const days = Array.from({ length: 31 }, (_, at) => at + 1);
  return (
    <>
      <NumberField form={form} name="months" label={v("due.months")} unit={v("unit.months")} {...hint} />
      <SelectField
        form={form}
        name="day"
        label={v("due.day")}
        options={[
          { value: "last", label: v("due.last") },
          ...days.map((n) => ({ value: String(n), label: v("due.dayOf", { n }) })),
        ]}
      />
      <SelectField
        form={form}
        name="shift"
        label={v("due.shift")}
        options={(["none", "next", "previous"] as const).map((each) => ({ value: each, label: v(`shift.${each}`) }))}
      />
    </>
  );
}

function PartFields({ form, asked }: { readonly form: Holder; readonly asked: Asked }): ReactNode {
  const v = useWords(valueWords);
  const say = useSay();
  const unit = unitOf(asked.key);
  const old = asked.value as Readonly<Record<string, unknown>>;
  return (
    <>
      {asked.hint === null ? null : <p>{say(asked.hint)}</p>}
      {partsOf(form.values as Fields).map((name) => {
        const part = partOf(name);
        const own = { form, name, label: partName(v, part) };
        if (typeof old[part] !== "number") return <TextField key={name} {...own} />;
        return <NumberField key={name} {...own} {...(unit === undefined ? {} : { unit: v(`unit.${unit}`) })} />;
      })}
    </>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
