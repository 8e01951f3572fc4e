/** Withdrawal of a service or of one plan: told in time, then every contract of it ends on the day (SEC-20, RNS-19, UTM-25). */
import type { ReactNode } from "react";
import type { ListedContract, Withdrawn } from "@yagura/commerce/contracts/shapes.ts";
import type { OfferingItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { ErrorBox } from "../../parts/notice.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { isOver } from "../contracts/states.ts";
import { providerApi } from "../data.ts";
import { usePlans } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { reliefWords } from "../words/relief.ts";
import { OFFERING } from "./paths.ts";

const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
const CONTRACTS = providerApi("/contracts");

interface Props {
  readonly offering: OfferingItem;
  readonly close: () => void;
}
export function WithdrawDialog({ offering, close }: Props): ReactNode {
  const t = useWords(reliefWords);
  const say = useName();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const { service } = offering;
  const name = say(offering.name);
  const plans = usePlans(service);
  const list = useAll<ListedContract>(CONTRACTS, { service });
  const form = useForm({
    initial: { plan: "", noticeOn: dayIn("Asia/Tokyo"), on: "", reason: "", typed: "" },
    rules: { noticeOn: DAY, on: DAY, reason: { maxLength: 2000 }, typed: {} },
    check: ({ noticeOn, on, typed }) => ({
      ...(on !== "" && on <= noticeOn ? { on: t("withdraw.order") } : {}),
      ...(typed !== "" && typed.trim() !== name ? { typed: t("withdraw.notSame") } : {}),
    }),
    submit: async ({ plan, noticeOn, on, reason }) => {
      const { contracts } = await api.post<Withdrawn>(providerApi("/withdrawals"), {
        service,
        ...(plan === "" ? {} : { plan }),
        noticeOn,
        on,
        reason: reason.trim(),
      });
      toast(t("withdraw.done", { n: format.number(contracts.length) }));
      refresh([OFFERING, CONTRACTS]);
      close();
    },
  });
  const { plan } = form.values;
  const running = list.rows?.filter((row) => !isOver(row.state) && (plan === "" || row.plan === plan)).length;
  return (
    <Dialog title={t("withdrawTitle", { service: name })} close={close}>
      <ul className="consequences">
        <li>{running === undefined ? t("withdraw.counting") : t("withdraw.count", { n: running })}</li>
        <li>{t("withdraw.lead")}</li>
        <li>{t("withdraw.final")}</li>
      </ul>
      {list.error === null ? null : <ErrorBox error={list.error} retry={list.refetch} />}
      <Form form={form} action={t("withdraw")} kind="danger" cancel={close}>
        <SelectField
          form={form}
          name="plan"
          label={t("plan")}
          options={[
            { value: "", label: t("everyPlan") },
            ...plans.map((each) => ({ value: each.plan, label: say(each.name) })),
          ]}
        />
        <TextField form={form} name="noticeOn" label={t("noticeOn")} type="date" />
        <TextField form={form} name="on" label={t("on")} type="date" />
        <TextField form={form} name="reason" label={t("reason")} multiline />
        <TextField form={form} name="typed" label={t("withdraw.typed", { name })} />
      </Form>
    </Dialog>
  );
}
