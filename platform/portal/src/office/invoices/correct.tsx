/** A corrected document or a credit note: the issued one never changes (COM-11). */
import type { ReactNode } from "react";
import type { BillLine, InvoiceDetail, NewCorrection, NewCreditNote } from "@yagura/commerce/billing/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, NumberField, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useGo } from "../../url-state.ts";
import { providerApi } from "../data.ts";
import { billingWords } from "../words/billing.ts";

const REASON = { maxLength: 200 };

function useMade(): (made: InvoiceDetail) => void {
  const here = useOrganisation();
  const refresh = useRefresh();
  const go = useGo();
  return (made) => {
    refresh([here.api("/invoices"), providerApi("/invoices")]);
    go(here.path(`office/invoices/${made.id}`));
  };
}

interface CorrectProps {
  readonly id: string;
  readonly number: string;
  readonly total: string;
  readonly close: () => void;
}
export function CorrectDialog({ id, number, total, close }: CorrectProps): ReactNode {
  const t = useWords(billingWords);
  const toast = useToast();
  const made = useMade();
  const form = useForm({
    initial: { reason: "", recompute: false },
    rules: { reason: REASON },
    submit: async ({ reason, recompute }) => {
      const body: NewCorrection = { reason: reason.trim(), recompute };
      const document = await api.post<InvoiceDetail>(`${providerApi("/invoices")}/${id}/correction`, body);
      toast(t("correct.done", { number: document.number }));
      close();
      made(document);
    },
  });
  return (
    <Dialog title={t("correct")} close={close}>
      <ul className="consequences">
        <li>{t("correct.text", { number, total })}</li>
      </ul>
      <Form form={form} action={t("correct")} cancel={close}>
        <TextField form={form} name="reason" label={t("reason")} />
        <CheckField form={form} name="recompute" label={t("correct.recompute")} />
      </Form>
    </Dialog>
  );
}

interface CreditProps {
  readonly id: string;
  readonly lines: readonly BillLine[];
  readonly close: () => void;
}
/** Name of a line's field: the last part of the pointer in a refusal is the same. */
const fieldOf = (line: BillLine): string => `p${line.position}`;

export function CreditDialog({ id, lines, close }: CreditProps): ReactNode {
  const t = useWords(billingWords);
  const say = useSay();
  const format = useFormat();
  const toast = useToast();
  const made = useMade();
  const positive = lines.filter((line) => line.amount > 0);
  const form = useForm<Record<string, string | boolean>>({
    initial: { reason: "", ...Object.fromEntries(positive.map((line) => [fieldOf(line), ""])) },
    rules: { reason: REASON },
    check: (values) => {
      const found: Record<string, string> = {};
      for (const line of positive) {
        const text = String(values[fieldOf(line)]).trim();
        if (text !== "" && !(Number.isInteger(Number(text)) && Number(text) >= 1 && Number(text) <= line.amount))
          found[fieldOf(line)] = t("credit.bad");
      }
      const first = positive[0];
      if (first !== undefined && takenOff(positive, values).length === 0) found[fieldOf(first)] = t("credit.none");
      return found;
    },
    submit: async (values) => {
      const body: NewCreditNote = { reason: String(values["reason"]).trim(), lines: takenOff(positive, values) };
      const document = await api.post<InvoiceDetail>(`${providerApi("/invoices")}/${id}/credit-notes`, body);
      toast(t("credit.done", { number: document.number }));
      close();
      made(document);
    },
  });
  const sum = takenOff(positive, form.values).reduce((total, line) => total + line.amount, 0);
  return (
    <Dialog title={t("credit")} close={close} wide>
      <p className="soft">{t("credit.lead")}</p>
      <Form form={form} action={t("credit")} kind="danger" cancel={close}>
        <TextField form={form} name="reason" label={t("reason")} />
        {positive.map((line) => (
          <NumberField
            key={line.position}
            form={form}
            name={fieldOf(line)}
            label={`${line.contract} ${say(line.description)}`}
            hint={t("credit.upTo", { amount: format.yen(line.amount) })}
          />
        ))}
        <p role="status">{t("credit.sum", { amount: format.yen(sum) })}</p>
      </Form>
    </Dialog>
  );
}

const takenOff = (
  lines: readonly BillLine[],
  values: Readonly<Record<string, string | boolean>>,
): { position: number; amount: number }[] =>
  lines
    .map((line) => ({ position: line.position, amount: Number(values[fieldOf(line)]) }))
    .filter(({ amount }) => Number.isInteger(amount) && amount > 0);
