/** The decision about an application: what it does stands before the button. */
import type { ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import type { GroundUse } from "@yagura/commerce/charging/shapes.ts";
import { api } from "../../api.ts";
import { useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { useGrounds } from "../offers.ts";
import { orderWords } from "../words/orders.ts";

export type ApplicationAct = "accept" | "refuse" | "revoke" | "rescind" | "withdraw";
interface Props {
  readonly act: ApplicationAct;
  readonly application: Application;
  readonly path: string;
  readonly close: () => void;
}
const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };

function useDecided(close: () => void): () => void {
  const t = useWords(orderWords);
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  return () => {
    toast(t("act.done"));
    refresh([here.api("/applications"), here.api("/contracts"), providerApi("/applications")]);
    close();
  };
}

export function DecisionDialog(props: Props): ReactNode {
  if (props.act === "accept") return <AcceptDialog {...props} />;
  return <OtherDialog {...props} />;
}

function AcceptDialog({ application, path, close }: Props): ReactNode {
  const t = useWords(orderWords);
  const done = useDecided(close);
  const form = useForm({
    initial: {
      acceptedOn: dayIn("Asia/Tokyo"),
      startOn: application.desiredStartOn ?? "",
      outOfTurn: "",
      priceConfirmed: false,
    },
    rules: { acceptedOn: DAY, startOn: { ...DAY, optional: true }, outOfTurn: { maxLength: 2000, optional: true } },
    submit: ({ acceptedOn, startOn, outOfTurn, priceConfirmed }) =>
      api.post(`${path}/accept`, {
        acceptedOn,
        startOn: startOn === "" ? null : startOn,
        ...(outOfTurn.trim() === "" ? {} : { outOfTurn: outOfTurn.trim() }),
        ...(priceConfirmed ? { priceConfirmed } : {}),
      }),
    done,
  });
  return (
    <Dialog title={t("act.accept")} close={close}>
      <ul className="consequences">
        <li>{t("accept.forms")}</li>
        <li>{t("accept.told")}</li>
      </ul>
      <Form form={form} action={t("act.accept")} cancel={close}>
        <TextField form={form} name="acceptedOn" label={t("accept.on")} type="date" />
        <TextField form={form} name="startOn" label={t("accept.start")} hint={t("accept.startHint")} type="date" />
        <TextField form={form} name="outOfTurn" label={t("accept.turn")} hint={t("accept.turnHint")} />
        <CheckField form={form} name="priceConfirmed" label={t("accept.price")} />
      </Form>
    </Dialog>
  );
}

const uses: Readonly<Record<Exclude<ApplicationAct, "accept" | "withdraw">, GroundUse>> = {
  refuse: "refusal",
  revoke: "revocation",
  rescind: "rescission",
};

function OtherDialog({ act, application, path, close }: Props): ReactNode {
  const t = useWords(orderWords);
  const say = useSay();
  const done = useDecided(close);
  const decides = act !== "withdraw" && act !== "accept";
  const grounds = useGrounds(application.service, decides ? uses[act] : null);
  const form = useForm({
    initial: { ground: "", reason: "" },
    rules: { ...(decides ? { ground: {} } : {}), reason: { maxLength: 2000, optional: true } },
    submit: ({ ground, reason }) =>
      api.post(`${path}/${act}`, {
        ...(decides ? { ground } : {}),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      }),
    done,
  });
  return (
    <Dialog title={t(`act.${act}`)} close={close}>
      <ul className="consequences">
        <li>{act === "accept" ? null : t(`decide.${act}`)}</li>
      </ul>
      <Form form={form} action={t(`act.${act}`)} kind="danger" cancel={close}>
        {decides ? (
          <SelectField
            form={form}
            name="ground"
            label={t("decide.ground")}
            options={[
              { value: "", label: "–" },
              ...grounds.map((each) => ({ value: each.code, label: `${say(each.text)}（${each.article}）` })),
            ]}
          />
        ) : null}
        <TextField form={form} name="reason" label={t("decide.reason")} multiline />
      </Form>
    </Dialog>
  );
}
