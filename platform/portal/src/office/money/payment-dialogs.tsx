/** Recording a payment and taking one back. */
import type { ReactNode } from "react";
import type { ClaimItem, NewPayment, PaymentItem } from "@yagura/commerce/receivables/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { moneyWords } from "../words/money.ts";

const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
const ways = ["transfer", "direct-debit", "operator", "cheque", "bill", "cash", "other"] as const;

/** Everything that a payment moves loads again. */
function useMoved(close: () => void): () => void {
  const here = useOrganisation();
  const refresh = useRefresh();
  return () => {
    refresh([
      ...["/claims", "/payments", "/receivables", "/statement", "/contracts"].map((path) => here.api(path)),
      providerApi("/receivables"),
      providerApi("/collection-tasks"),
    ]);
    close();
  };
}

export function PaymentDialog({
  claims,
  close,
}: {
  readonly claims: readonly ClaimItem[];
  readonly close: () => void;
}): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const toast = useToast();
  const here = useOrganisation();
  const moved = useMoved(close);
  // The oldest due date first: so they are settled when no claim is named.
  const open = claims
    .filter((claim) => claim.state === "open" && claim.left > 0)
    .toSorted((a, b) => a.dueOn.localeCompare(b.dueOn) || a.number.localeCompare(b.number));
  const form = useForm({
    initial: {
      paidOn: dayIn("Asia/Tokyo"),
      amount: open[0] === undefined ? "" : String(open[0].left),
      way: "transfer",
      reference: "",
      claimId: "",
    },
    rules: {
      paidOn: DAY,
      amount: { type: "integer", minimum: 1, maximum: 1_000_000_000_000 },
      reference: { maxLength: 200, optional: true },
    },
    submit: async ({ paidOn, amount, way, reference, claimId }) => {
      const body: NewPayment = {
        paidOn,
        amount: Number(amount),
        way: way as NewPayment["way"],
        ...(reference.trim() === "" ? {} : { reference: reference.trim() }),
        ...(claimId === "" ? {} : { claimId }),
      };
      await api.post(here.api("/payments"), body);
      toast(t("payment.done", { amount: format.yen(Number(amount)) }));
      moved();
    },
  });
  return (
    <Dialog title={t("payment.record")} close={close}>
      <Form form={form} action={t("payment.record")} cancel={close}>
        <TextField form={form} name="paidOn" label={t("payment.on")} type="date" />
        <NumberField form={form} name="amount" label={t("payment.amount")} />
        <SelectField
          form={form}
          name="way"
          label={t("payment.way")}
          options={ways.map((way) => ({ value: way, label: t(`way.${way}`) }))}
        />
        <TextField form={form} name="reference" label={t("payment.reference")} />
        <SelectField
          form={form}
          name="claimId"
          label={t("payment.claim")}
          options={[
            { value: "", label: t("payment.oldest") },
            ...open.map((claim) => ({
              value: claim.id,
              label: t("payment.claimOf", {
                number: claim.number,
                left: format.yen(claim.left),
                day: format.day(claim.dueOn),
              }),
            })),
          ]}
        />
      </Form>
    </Dialog>
  );
}

export function ReverseDialog({
  payment,
  close,
}: {
  readonly payment: PaymentItem;
  readonly close: () => void;
}): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const here = useOrganisation();
  const moved = useMoved(close);
  const form = useForm({
    initial: { on: dayIn("Asia/Tokyo"), reason: "" },
    rules: { on: DAY, reason: { maxLength: 200 } },
    submit: ({ on, reason }) => api.post(here.api(`/payments/${payment.id}/reversal`), { on, reason: reason.trim() }),
    done: moved,
  });
  return (
    <Dialog title={t("payment.reverse")} close={close}>
      <ul className="consequences">
        <li>{t("payment.reverseText", { amount: format.yen(payment.amount) })}</li>
      </ul>
      <Form form={form} action={t("payment.reverse")} kind="danger" cancel={close}>
        <TextField form={form} name="on" label={t("statement.on")} type="date" />
        <TextField form={form} name="reason" label={t("payment.reason")} />
      </Form>
    </Dialog>
  );
}
