/** Telework insurance: who is covered until when, and on which conditions (SEC-58, SEC-59). */
import { useState, type ReactNode } from "react";
import type { InsuranceShown, InsuredDevice } from "@yagura/commerce/entitlements/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayColumn, stateColumn, textColumn } from "../../parts/columns.tsx";
import { rightWords } from "../words/rights.ts";
import { useSaved, type DialogProps, type PartProps } from "./rights-parts.ts";

const covers = { covered: "good", "to-come": "notice", over: "unknown", "not-covered": "unknown" } as const;
export function Insurance({ shown, path }: PartProps<InsuranceShown>): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<InsuredDevice | null>(null);
  const may = here.can("application.write");
  return (
    <Section
      title={t("insurance")}
      actions={
        here.can("application.write") ? <Button onClick={() => setAdding(true)}>{t("insurance.add")}</Button> : null
      }
    >
      <div className="stack-wide">
        {shown.offers.map((offer) => (
          <div key={offer.rule}>
            <h3>
              {say(offer.name)} <span className="tag">{offer.rule}</span>
            </h3>
            <ul className="plain-list">
              {offer.conditions.map((condition) => (
                <li key={condition.what.ja}>
                  {condition.met ? "✓" : "–"} {say(condition.what)}
                </li>
              ))}
            </ul>
            {offer.cover === null ? null : (
              <p>{t("insurance.cover", { from: format.day(offer.cover.from), to: format.day(offer.cover.to) })}</p>
            )}
          </div>
        ))}
        <DataTable<InsuredDevice>
          id="insured"
          label={t("insurance")}
          urlKey="i"
          rows={shown.devices}
          rowKey={(row) => row.id}
          rowName={(row) => row.mac}
          sort="mac"
          rowActions={(row) => [
            ...(row.cover === null
              ? []
              : [
                  {
                    label: t("insurance.certificate"),
                    run: () =>
                      void api.download(`${path}/insurance/${row.id}/certificate`, {
                        name: `insurance-${row.mac}.pdf`,
                      }),
                  },
                ]),
            ...(may && row.removedOn === null
              ? [{ label: t("insurance.remove"), danger: true, run: () => setRemoving(row) }]
              : []),
          ]}
          empty={<Empty title={t("insurance.none")} />}
          columns={[
            textColumn("mac", t("insurance.mac"), (row) => row.mac),
            textColumn("device", t("insurance.device"), (row) => row.device, { fill: true }),
            stateColumn("state", t("insurance.state"), (row) => ({
              state: covers[row.state],
              label: t(`cover.${row.state}`),
            })),
            dayColumn("until", t("until"), (row) => row.cover?.to ?? null),
          ]}
        />
      </div>
      {adding ? <MacDialog path={path} close={() => setAdding(false)} /> : null}
      {removing === null ? null : (
        <ConfirmDialog
          title={t("insurance.remove")}
          consequences={[t("insurance.removeText", { mac: removing.mac })]}
          action={t("insurance.remove")}
          close={() => setRemoving(null)}
          run={async () => {
            await api.post(`${path}/insurance/${removing.id}/remove`, {});
            refresh([path]);
          }}
        />
      )}
    </Section>
  );
}

function MacDialog(props: DialogProps): ReactNode {
  const t = useWords(rightWords);
  const done = useSaved(props);
  const form = useForm({
    initial: { mac: "", device: "" },
    rules: { mac: { minLength: 12, maxLength: 40 }, device: { maxLength: 120, optional: true } },
    submit: ({ mac, device }) =>
      api.post(`${props.path}/insurance`, {
        mac: mac.trim(),
        ...(device.trim() === "" ? {} : { device: device.trim() }),
      }),
    done,
  });
  return (
    <Dialog title={t("insurance.add")} close={props.close}>
      <Form form={form} action={t("insurance.add")} cancel={props.close}>
        <TextField form={form} name="mac" label={t("insurance.mac")} hint="00:1A:2B:3C:4D:5E" mono />
        <TextField form={form} name="device" label={t("insurance.device")} />
      </Form>
    </Dialog>
  );
}
