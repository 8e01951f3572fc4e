/** What an application lacks is written in here; complete, it gets its place in the queue (RNS-04). */
import type { ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import type { OrderForm } from "@yagura/commerce/charging/shapes.ts";
import type { OfferedPlan } from "@yagura/commerce/offers/shapes.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, useForm, type Value } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { providerApi } from "../data.ts";
import { useName } from "../parts/name.ts";
import { OrderFields, useComplaints } from "../parts/order-form.tsx";
import { emptyOrder, orderAnswer, orderRules, type OrderValues } from "../parts/order-rules.ts";
import { orderWords } from "../words/orders.ts";

interface Props {
  readonly application: Application;
  readonly path: string;
  readonly plan: OfferedPlan;
  readonly close: () => void;
}

/** What was answered so far. A secret is sealed and has to be written again. */
function answeredSoFar(form: OrderForm, application: Application): OrderValues {
  const values: Record<string, Value> = { ...emptyOrder(form) };
  for (const field of form.sections.flatMap((section) => section.fields)) {
    const value = application.fields[field.name];
    if (value === undefined || field.type === "secret") continue;
    values[field.name] = typeof value === "number" ? String(value) : value;
  }
  for (const [item, count] of Object.entries(application.items)) values[item] = String(count);
  return values;
}

export function CompleteDialog({ application, path, plan, close }: Props): ReactNode {
  const t = useWords(orderWords);
  const name = useName();
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  const of = plan.form;
  const complaints = useComplaints(of);
  const form = useForm<OrderValues>({
    initial: answeredSoFar(of, application),
    rules: (values) => orderRules(of, values),
    check: complaints,
    submit: (values) => api.put(path, orderAnswer(of, values)),
    done: () => {
      toast(t("complete.done"));
      refresh([here.api("/applications"), providerApi("/applications")]);
      close();
    },
  });
  const secret = of.sections.some(({ fields }) => fields.some(({ type }) => type === "secret"));
  const itemText = (item: string): { name: string; note: string } => {
    const found = plan.items.find((each) => each.item === item);
    return found === undefined ? { name: item, note: "" } : { name: name(found.name), note: "" };
  };
  return (
    <Dialog title={t("act.complete")} close={close} wide>
      <Form form={form} action={t("act.complete")} cancel={close}>
        {secret ? <p className="soft">{t("complete.secret")}</p> : null}
        <OrderFields of={of} form={form} itemText={itemText} />
      </Form>
    </Dialog>
  );
}
