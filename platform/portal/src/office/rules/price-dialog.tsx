/** One price from a day: what it changes is shown before it is changed. */
import { useState, type ReactNode } from "react";
import type { PriceItem, PriceLoadResult, SetPrice } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, NumberField, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { useName } from "../parts/name.ts";
import { ruleWords } from "../words/rules.ts";
import { Result } from "./load-dialog.tsx";
import { BOOKS, PRICES } from "./paths.ts";

type Priced = Pick<PriceItem, "service" | "plan" | "item" | "planName" | "itemName"> & {
  readonly amount: number | null;
};

export function PriceDialog({ price, close }: { readonly price: Priced; readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const say = useName();
  const toast = useToast();
  const refresh = useRefresh();
  const [shown, setShown] = useState<{ readonly of: string; readonly result: PriceLoadResult } | null>(null);
  const form = useForm({
    initial: { amount: String(price.amount ?? ""), from: dayIn("Asia/Tokyo"), reason: "", confirmPast: false },
    rules: {
      amount: { type: "integer", minimum: 0, maximum: 1_000_000_000_000 },
      from: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
      reason: { maxLength: 200, optional: true },
    },
    submit: async ({ amount, from, reason, confirmPast }) => {
      const sent: SetPrice = {
        service: price.service,
        plan: price.plan,
        item: price.item,
        amount: Number(amount),
        from,
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      };
      const of = JSON.stringify(sent);
      const looked = shown?.of === of;
      const result = await api.post<PriceLoadResult>(PRICES, {
        ...sent,
        dryRun: !looked,
        confirmPast: confirmPast || !looked,
      });
      if (!looked) return setShown({ of, result });
      toast(t("dated.done"));
      refresh([PRICES, BOOKS, providerApi("/offering")]);
      return close();
    },
  });
  const name = [price.planName, price.itemName].map((each) => (each === null ? null : say(each)));
  return (
    <Dialog title={`${name[0] ?? price.plan} ${name[1] ?? price.item}`} close={close} wide>
      <Form form={form} action={t(shown === null ? "dated.check" : "dated.apply")} cancel={close}>
        <NumberField form={form} name="amount" label={t("col.amount")} />
        <TextField form={form} name="from" label={t("dated.from")} type="date" />
        <TextField form={form} name="reason" label={t("dated.reason")} />
        {shown === null ? null : <Result result={shown.result} />}
        {shown?.result.rows.some((row) => row.reachesBilled) === true ? (
          <>
            <Banner title={t("load.past")}>{t("load.pastText")}</Banner>
            <CheckField form={form} name="confirmPast" label={t("load.confirmPast")} />
          </>
        ) : null}
      </Form>
    </Dialog>
  );
}
