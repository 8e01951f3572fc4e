/** How a customer is billed: unit of the documents (COM-28), their form, and whom to tell. The staff set it. */
import type { ReactNode } from "react";
import type { BillingChoice as Choice } from "@yagura/commerce/billing/shapes.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { shell } from "../../messages/shell.ts";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { Facts, Section } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { letterWords } from "../words/letters.ts";

export function BillingChoice(): ReactNode {
  const t = useWords(letterWords);
  const here = useOrganisation();
  const query = useGet<Choice>(here.api("/billing-choice"));
  return (
    <Section title={t("billing")}>
      <Loaded query={query} rows={3}>
        {(choice) =>
          here.can("billing.write") ? (
            <ChoiceForm choice={choice} />
          ) : (
            <Facts
              facts={[
                { name: t("billing.unit"), value: t(`unit.${choice.unit}`) },
                { name: t("billing.form"), value: t(`form.${choice.form}`) },
                { name: t("billing.mail"), value: choice.mail ?? t("billing.mailHint") },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

const units = ["service", "contract", "consolidated"] as const;
const forms = ["electronic", "paper", "debit-notice"] as const;

function ChoiceForm({ choice }: { readonly choice: Choice }): ReactNode {
  const t = useWords(letterWords);
  const say = useWords(shell);
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { unit: choice.unit, form: choice.form, mail: choice.mail ?? "" },
    rules: { mail: { format: "email", maxLength: 254, optional: true } },
    submit: ({ unit, form: shape, mail }) =>
      api.put(here.api("/billing-choice"), {
        unit,
        form: shape,
        mail: mail.trim() === "" ? null : mail.trim(),
        language: choice.language,
      }),
    done: () => {
      toast(t("billing.saved"));
      refresh([here.api("/billing-choice"), here.api("/next-bill")]);
    },
  });
  return (
    <Form form={form} action={say("save")} label={t("billing")}>
      <SelectField
        form={form}
        name="unit"
        label={t("billing.unit")}
        options={units.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
      />
      <SelectField
        form={form}
        name="form"
        label={t("billing.form")}
        hint={t("billing.formHint")}
        options={forms.map((each) => ({ value: each, label: t(`form.${each}`) }))}
      />
      <TextField form={form} name="mail" label={t("billing.mail")} hint={t("billing.mailHint")} type="email" />
    </Form>
  );
}
