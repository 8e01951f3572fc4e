/** One setting from a day: a choice where the rule names choices, else the value as JSON. */
import type { ReactNode } from "react";
import type { SettingItem } from "@yagura/commerce/terms/shapes.ts";
import type { Text } from "@yagura/commerce/charging/shapes.ts";
import { useSay, useWords } from "../../language.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { ruleWords } from "../words/rules.ts";
import { DatedDialog } from "./dated-dialog.tsx";
import { OFFERING, SETTINGS } from "./paths.ts";

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
  const chosen = choices.length > 0;
  const hint = asked.hint === null ? undefined : say(asked.hint);
  const title = asked.name === null ? key : say(asked.name);
  return (
    <DatedDialog
      title={title}
      path={SETTINGS}
      initial={{ value: chosen ? String(asked.value ?? "") : JSON.stringify(asked.value ?? null) }}
      rules={{ value: { maxLength: 60_000 } }}
      check={({ value }) => (chosen || isJson(value) ? {} : { value: t("settings.jsonBad") })}
      body={({ value }) => ({
        ...(service === null ? {} : { service }),
        key,
        value: chosen ? value : (JSON.parse(value) as unknown),
      })}
      refresh={[SETTINGS, OFFERING]}
      close={close}
    >
      {(form) =>
        chosen ? (
          <SelectField
            form={form}
            name="value"
            label={title}
            {...(hint === undefined ? {} : { hint })}
            options={choices.map((choice) => ({ value: choice.value, label: say(choice.text) }))}
          />
        ) : (
          <TextField
            form={form}
            name="value"
            label={t("settings.json")}
            {...(hint === undefined ? {} : { hint })}
            multiline
            mono
          />
        )
      }
    </DatedDialog>
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
