/** Answers to requests about a contract: each says what it does before the button. */
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { contractWords } from "../words/contracts.ts";

export type Decision =
  | { readonly of: "change"; readonly id: string; readonly act: "accept" | "refuse" | "withdraw" }
  | { readonly of: "cancellation"; readonly id: string; readonly act: "confirm" | "refuse" | "withdraw" }
  | { readonly of: "transfer"; readonly id: string; readonly act: "approve" | "refuse" }
  | { readonly of: "task"; readonly id: string; readonly act: "done" | "dropped" };

interface Props {
  readonly decision: Decision;
  /** API path of the contract. */
  readonly path: string;
  readonly close: () => void;
}
/** Where the answer goes and what it holds. */
function requestOf(decision: Decision, values: Values): { readonly to: string; readonly body: unknown } {
  const reason = values.reason.trim();
  const withReason = reason === "" ? {} : { reason };
  switch (decision.of) {
    case "change":
      return { to: `/change-orders/${decision.id}/${decision.act}`, body: withReason };
    case "cancellation":
      return {
        to: `/cancellations/${decision.id}/${decision.act}`,
        body: decision.act === "confirm" ? { checkedOn: values.on } : withReason,
      };
    case "transfer":
      return {
        to: `/transfers/${decision.id}/decide`,
        body: {
          approve: decision.act === "approve",
          ...withReason,
          ...(decision.act === "approve"
            ? {
                checks: {
                  togetherWithLine: values.together,
                  assigneeHoldsLine: values.holdsLine,
                  noArrears: values.noArrears,
                },
              }
            : {}),
        },
      };
    case "task":
      return {
        to: `/tasks/${decision.id}/close`,
        body: { state: decision.act, ...(reason === "" ? {} : { note: reason }) },
      };
  }
}
type Values = {
  readonly reason: string;
  readonly on: string;
  readonly together: boolean;
  readonly holdsLine: boolean;
  readonly noArrears: boolean;
};
const initial = (): Values => ({
  reason: "",
  on: dayIn("Asia/Tokyo"),
  together: false,
  holdsLine: false,
  noArrears: false,
});

export function Decide({ decision, path, close }: Props): ReactNode {
  const t = useWords(contractWords);
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  const { act } = decision;
  const form = useForm<Values>({
    initial: initial(),
    rules: {
      reason: {
        maxLength: 2000,
        optional: act !== "refuse" && !(decision.of === "cancellation" && act === "withdraw"),
      },
    },
    submit: async (values) => {
      const { to, body } = requestOf(decision, values);
      // Tasks are the staff's, everything else hangs on the contract.
      await api.post(decision.of === "task" ? providerApi(to) : `${path}${to}`, body);
      toast(t("act.done"));
      refresh([here.api("/contracts"), "/api/v1/provider"]);
      close();
    },
  });
  const title = act === "done" || act === "dropped" ? t(`taskState.${act}`) : t(`act.${act}`);
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={title} kind={act === "refuse" ? "danger" : "primary"} cancel={close}>
        {decision.of === "cancellation" && act === "confirm" ? (
          <TextField form={form} name="on" label={t("on")} type="date" />
        ) : (
          <TextField form={form} name="reason" label={t(decision.of === "task" ? "note" : "reason")} multiline />
        )}
        {decision.of === "transfer" && act === "approve" ? (
          <>
            <CheckField form={form} name="together" label={t("transfer.together")} />
            <CheckField form={form} name="holdsLine" label={t("transfer.holdsLine")} />
            <CheckField form={form} name="noArrears" label={t("transfer.noArrears")} />
          </>
        ) : null}
      </Form>
    </Dialog>
  );
}
