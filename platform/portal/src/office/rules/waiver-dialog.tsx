/** A new waiver for a disaster: first whom it concerns, then it is published (COM-29, UTM-52). */
import { useState, type ReactNode } from "react";
import type { NewWaiver, WaiverDone } from "@yagura/commerce/notices/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { useServices } from "../data.ts";
import { useServiceItems } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { reliefWords } from "../words/relief.ts";
import { WAIVERS } from "./paths.ts";

const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
const areasOf = (text: string): string[] =>
  [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");

interface Values {
  readonly service: string;
  readonly item: string;
  readonly percent: string;
  readonly areas: string;
  readonly from: string;
  readonly lastDay: string;
  readonly reference: string;
  readonly ja: string;
  readonly en: string;
  readonly [name: string]: string;
}
const bodyOf = (values: Values): NewWaiver => ({
  service: values.service,
  ...(values.item === "" ? {} : { item: values.item }),
  percent: Number(values.percent),
  areas: areasOf(values.areas),
  from: values.from,
  lastDay: values.lastDay,
  reference: values.reference.trim(),
  reason: { ja: values.ja.trim(), en: values.en.trim() },
});

export function WaiverDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(reliefWords);
  const say = useName();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const services = useServices();
  const [shown, setShown] = useState<{ readonly of: string; readonly found: WaiverDone } | null>(null);
  const form = useForm<Values>({
    initial: {
      service: services[0]?.id ?? "",
      item: "",
      percent: "100",
      areas: "",
      from: dayIn("Asia/Tokyo"),
      lastDay: "",
      reference: "",
      ja: "",
      en: "",
    },
    rules: {
      service: {},
      percent: { type: "integer", minimum: 1, maximum: 100 },
      from: DAY,
      lastDay: DAY,
      reference: { maxLength: 200 },
      ja: { maxLength: 2000 },
      en: { maxLength: 2000 },
      areas: { optional: true },
    },
    check: ({ from, lastDay, areas }) => {
      const list = areasOf(areas);
      const long = list.length > 200 || list.some((area) => [...area].length > 200);
      return {
        ...(lastDay !== "" && lastDay < from ? { lastDay: t("order") } : {}),
        ...(long ? { areas: t("areasBad") } : {}),
      };
    },
    submit: async (values) => {
      const body = bodyOf(values);
      const of = JSON.stringify(body);
      if (shown?.of !== of || shown.found.contracts === 0) {
        setShown({ of, found: await api.post<WaiverDone>(WAIVERS, { ...body, dryRun: true }) });
        return;
      }
      const { contracts } = await api.post<WaiverDone>(WAIVERS, body);
      toast(t("done", { n: format.number(contracts) }));
      refresh([WAIVERS]);
      close();
    },
  });
  const items = useServiceItems(form.values.service);
  // What was found is about what was asked; another question asks again.
  const found = shown !== null && shown.of === JSON.stringify(bodyOf(form.values)) ? shown.found : null;
  const ready = found !== null && found.contracts > 0;
  return (
    <Dialog title={t("new")} close={close} wide>
      <Form form={form} action={t(ready ? "new" : "look")} cancel={close}>
        <SelectField
          form={form}
          name="service"
          label={t("service")}
          options={services.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <SelectField
          form={form}
          name="item"
          label={t("item")}
          options={[
            { value: "", label: t("everyItem") },
            ...items.map((each) => ({ value: each.item, label: say(each.name) })),
          ]}
        />
        <NumberField form={form} name="percent" label={t("percent")} unit="%" />
        <TextField form={form} name="areas" label={t("areas")} hint={t("areasHint")} multiline />
        <TextField form={form} name="from" label={t("from")} type="date" />
        <TextField form={form} name="lastDay" label={t("lastDay")} type="date" />
        <TextField form={form} name="reference" label={t("reference")} />
        <TextField form={form} name="ja" label={t("reasonJa")} multiline />
        <TextField form={form} name="en" label={t("reasonEn")} multiline />
        <div role="status">{found === null ? null : <Found found={found} />}</div>
      </Form>
    </Dialog>
  );
}

function Found({ found }: { readonly found: WaiverDone }): ReactNode {
  const t = useWords(reliefWords);
  if (found.contracts === 0) return <Banner>{t("nobody")}</Banner>;
  return (
    <Banner title={t("concerned", { n: found.contracts, customers: found.customers })}>
      <p>{t("change")}</p>
      <p className="soft small">
        {found.numbers.join(" ")}
        {found.numbers.length < found.contracts ? " …" : ""}
      </p>
    </Banner>
  );
}
