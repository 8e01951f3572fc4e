/** A new notice: lead time, required statements and recipients are checked before anything goes out. */
import { useState, type ReactNode } from "react";
import type { NewNotice, NoticeCheck } from "@yagura/commerce/notices/shapes.ts";
import type { NoticeRuleItem } from "@yagura/commerce/offers/shapes.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAll, useList, useRefresh } from "../../queries.ts";
import { providerApi, useServices } from "../data.ts";
import { useName } from "../parts/name.ts";
import { letterWords } from "../words/letters.ts";

type Check = Static<typeof NoticeCheck>;
type Body = Static<typeof NewNotice>;
const channels = ["web", "mail", "post", "other"] as const;
const TEXT = { maxLength: 20_000 };

export function NewNoticeDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(letterWords);
  const say = useName();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const services = useServices();
  const customers = useAll<Organisation>("/api/v1/organisations");
  const [shown, setShown] = useState<{ readonly of: string; readonly check: Check } | null>(null);
  const form = useForm({
    initial: {
      service: services[0]?.id ?? "",
      kind: "other",
      organisation: "",
      channel: "web",
      subjectJa: "",
      subjectEn: "",
      bodyJa: "",
      bodyEn: "",
      announcesOn: "",
      reason: "",
      period: "",
      emergency: false,
    },
    rules: {
      subjectJa: { maxLength: 200 },
      subjectEn: { maxLength: 200 },
      bodyJa: TEXT,
      bodyEn: TEXT,
      reason: { maxLength: 2000, optional: true },
      period: { maxLength: 200, optional: true },
    },
    submit: async (values) => {
      const body = bodyOf(values);
      const of = JSON.stringify(body);
      const looked = shown?.of === of;
      const check = await api.post<Check>(path, { ...body, dryRun: !looked });
      if (!looked) return setShown({ of, check });
      toast(t("new.done", { n: format.number(check.given) }));
      refresh([path]);
      return close();
    },
  });
  const rules = useList<NoticeRuleItem>(providerApi("/notice-rules"), { service: form.values.service });
  const kinds = [...new Map((rules.rows ?? []).map((rule) => [rule.kind, rule])).values()];
  const rule = kinds.find(({ kind }) => kind === form.values.kind);
  const living = (customers.rows ?? []).filter((each) => each.state === "active");
  return (
    <Dialog title={t("new.title")} close={close} wide>
      <Form
        form={form}
        action={shown === null ? t("new.check") : t("new.send", { n: shown.check.recipients })}
        cancel={close}
      >
        <SelectField
          form={form}
          name="service"
          label={t("col.service")}
          options={services.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <SelectField
          form={form}
          name="kind"
          label={t("new.kind")}
          {...(rule === undefined ? {} : { hint: leadOf(t, rule) })}
          options={kinds.map(({ kind, name }) => ({ value: kind, label: say(name) }))}
        />
        <SelectField
          form={form}
          name="organisation"
          label={t("col.customer")}
          options={[
            { value: "", label: t("new.everybody") },
            ...living.map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
        <SelectField
          form={form}
          name="channel"
          label={t("col.channel")}
          options={channels.map((each) => ({ value: each, label: t(`channel.${each}`) }))}
        />
        <TextField form={form} name="subjectJa" label={t("new.subjectJa")} />
        <TextField form={form} name="subjectEn" label={t("new.subjectEn")} />
        <TextField form={form} name="bodyJa" label={t("new.bodyJa")} multiline />
        <TextField form={form} name="bodyEn" label={t("new.bodyEn")} multiline />
        <TextField form={form} name="announcesOn" label={t("new.on")} type="date" />
        <TextField form={form} name="reason" label={t("new.reason")} />
        <TextField form={form} name="period" label={t("new.period")} />
        <CheckField form={form} name="emergency" label={t("new.emergency")} />
        {shown === null ? null : (
          <Banner state="good">
            <p>
              {t("new.rule", {
                rule: shown.check.rule,
                name: say(shown.check.ruleName),
                n: format.number(shown.check.recipients),
              })}
            </p>
            {shown.check.earliestOn === null ? null : (
              <p>{t("new.earliest", { day: format.day(shown.check.earliestOn) })}</p>
            )}
          </Banner>
        )}
      </Form>
    </Dialog>
  );
}

/** How long before the rule asks to be told, and what it must state. */
function leadOf(t: ReturnType<typeof useWords<typeof letterWords>>, { rule, lead, states }: NoticeRuleItem): string {
  const { unit, count } = lead;
  const counted = unit === "day" || unit === "month" || unit === "business-day";
  const told = counted ? t(`lead.${unit}`, { n: count }) : t(`lead.${unit}`);
  const needed = states.map((each) =>
    `states.${each}` in letterWords ? t(`states.${each}` as "states.reason") : each,
  );
  return [`${rule}: ${told}`, ...(needed.length === 0 ? [] : [t("new.states", { list: needed.join(" / ") })])].join(
    " ",
  );
}

interface Filled {
  readonly service: string;
  readonly kind: string;
  readonly organisation: string;
  readonly channel: string;
  readonly subjectJa: string;
  readonly subjectEn: string;
  readonly bodyJa: string;
  readonly bodyEn: string;
  readonly announcesOn: string;
  readonly reason: string;
  readonly period: string;
  readonly emergency: boolean;
}
const bodyOf = (values: Filled): Body => ({
  service: values.service,
  kind: values.kind,
  channel: values.channel as Body["channel"],
  subject: { ja: values.subjectJa.trim(), en: values.subjectEn.trim() },
  body: { ja: values.bodyJa, en: values.bodyEn },
  emergency: values.emergency,
  statements: {
    ...(values.reason.trim() === "" ? {} : { reason: values.reason.trim() }),
    ...(values.period.trim() === "" ? {} : { period: values.period.trim() }),
    ...(values.announcesOn === "" ? {} : { date: values.announcesOn }),
  },
  ...(values.organisation === "" ? {} : { organisation: values.organisation }),
  ...(values.announcesOn === "" ? {} : { announcesOn: values.announcesOn }),
});
