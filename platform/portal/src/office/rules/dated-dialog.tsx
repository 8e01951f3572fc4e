/** A change of dated data: asked about first, so that the reader sees before and after and whether billed months are touched. */
import { useState, type ReactNode } from "react";
import type { DatedChange, SettingItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, TextField, useForm, type FormState, type Values } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { Facts } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import type { Rule } from "../../form-rules.ts";
import { dayIn } from "../../zoned.ts";
import { ruleWords } from "../words/rules.ts";
import { lastDayOf } from "./in-force.ts";
import { useTellValue } from "./tell-value.ts";

type Own<V> = V & { readonly from: string; readonly reason: string; readonly confirmPast: boolean };

interface Props<V extends Values> {
  readonly title: string;
  readonly path: string;
  readonly initial: V;
  readonly rules?: { readonly [K in keyof V]?: Rule };
  readonly check?: (values: V) => Partial<Record<string, string>>;
  /** The body without what every change has. */
  readonly body: (values: V) => Readonly<Record<string, unknown>>;
  /** Key and choices of a setting, by which its value is told. */
  readonly telling?: string;
  readonly choices?: SettingItem["choices"];
  /** Paths that load again afterwards. */
  readonly refresh: readonly string[];
  readonly close: () => void;
  readonly children: (form: FormState<Own<V>>) => ReactNode;
}

export function DatedDialog<V extends Values>(props: Props<V>): ReactNode {
  const { title, path, initial, rules, check, body, telling, choices, refresh, close, children } = props;
  const tell = useTellValue();
  const t = useWords(ruleWords);
  const toast = useToast();
  const again = useRefresh();
  const [shown, setShown] = useState<{ readonly of: string; readonly change: DatedChange } | null>(null);
  const form = useForm<Own<V>>({
    initial: { ...initial, from: dayIn("Asia/Tokyo"), reason: "", confirmPast: false },
    rules: {
      ...rules,
      from: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
      reason: { maxLength: 200, optional: true },
    },
    ...(check === undefined ? {} : { check: check as (values: Own<V>) => Partial<Record<keyof Own<V>, string>> }),
    submit: async (values) => {
      const { from, reason, confirmPast } = values;
      const sent = { ...body(values), from, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
      const of = JSON.stringify(sent);
      // The first press shows what would change; the second, with nothing altered since, changes it.
      const looked = shown?.of === of;
      const change = await api.post<DatedChange>(path, {
        ...sent,
        dryRun: !looked,
        confirmPast: confirmPast || !looked,
      });
      if (!looked) return setShown({ of, change });
      toast(t("dated.done"));
      again([...refresh, "/api/v1/provider/terms-history"]);
      return close();
    },
  });
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={t(shown === null ? "dated.check" : "dated.apply")} cancel={close}>
        {children(form)}
        <TextField form={form} name="from" label={t("dated.from")} type="date" />
        <TextField form={form} name="reason" label={t("dated.reason")} />
        {shown === null ? null : <Effect change={shown.change} tell={(value) => tell(telling ?? "", value, choices)} />}
        {shown?.change.reachesBilled === true ? (
          <>
            <Banner title={t("load.past")}>{t("load.pastText")}</Banner>
            <CheckField form={form} name="confirmPast" label={t("load.confirmPast")} />
          </>
        ) : null}
      </Form>
    </Dialog>
  );
}

interface EffectProps {
  readonly change: DatedChange;
  readonly tell: (value: unknown) => string;
}
function Effect({ change, tell }: EffectProps): ReactNode {
  const t = useWords(ruleWords);
  const format = useFormat();
  if (change.effect === "same") return <p role="status">{t("dated.same")}</p>;
  const last = lastDayOf(change);
  return (
    <div role="status">
      <Facts
        facts={[
          { name: t("dated.before"), value: tell(change.before) },
          { name: t("dated.after"), value: tell(change.after) },
          {
            name: t("dated.range"),
            value: `${format.day(change.from)} – ${last === null ? t("further") : format.day(last)}`,
          },
        ]}
      />
    </div>
  );
}
