/** Seats of a contract: how many are allowed and used, and a cheaper combination where there is one (SEC-52, SEC-53). */
import { useState, type ReactNode } from "react";
import type { SeatItem, SeatsShown } from "@yagura/commerce/entitlements/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, Meter, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Empty } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayColumn, textColumn } from "../../parts/columns.tsx";
import { rightWords } from "../words/rights.ts";
import { useSaved, type DialogProps, type PartProps } from "./rights-parts.ts";

export function Seats({ shown, path }: PartProps<SeatsShown>): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  const [adding, setAdding] = useState(false);
  const [freeing, setFreeing] = useState<SeatItem | null>(null);
  const { cheaper } = shown;
  const may = here.can("application.write");
  return (
    <Section
      title={t("seats")}
      actions={may ? <Button onClick={() => setAdding(true)}>{t("seats.add")}</Button> : null}
    >
      <div className="stack-wide">
        <Meter
          used={shown.used}
          limit={shown.allowed}
          label={t("seats.used", { used: format.number(shown.used), limit: format.number(shown.allowed) })}
        />
        {shown.excess > 0 ? <Banner state="bad">{t("seats.excess", { n: format.number(shown.excess) })}</Banner> : null}
        {cheaper === null ? null : (
          <Banner title={t("seats.cheaper")}>
            {t("seats.cheaperText", {
              packs: cheaper.packs.map((pack) => `${say(pack.name)} × ${pack.quantity}`).join(" + "),
              sum: format.yen(cheaper.monthly),
            })}
          </Banner>
        )}
        <DataTable<SeatItem>
          id="seats"
          label={t("seats")}
          urlKey="s"
          rows={shown.seats}
          rowKey={(row) => row.id}
          rowName={(row) => row.name}
          sort="identifier"
          {...(may
            ? {
                rowActions: (row: SeatItem) =>
                  row.until === null ? [{ label: t("seats.free"), run: () => setFreeing(row) }] : [],
              }
            : {})}
          empty={<Empty title={t("seats.none")} />}
          columns={[
            textColumn("identifier", t("seats.identifier"), (row) => row.identifier, { fill: true }),
            textColumn("name", t("seats.name"), (row) => row.name),
            dayColumn("from", t("from"), (row) => row.from),
            dayColumn("until", t("until"), (row) => row.until),
          ]}
        />
      </div>
      {adding ? <SeatDialog path={path} close={() => setAdding(false)} /> : null}
      {freeing === null ? null : (
        <ConfirmDialog
          title={t("seats.free")}
          consequences={[
            t("seats.freeText", {
              name: freeing.name === "" ? freeing.identifier : freeing.name,
              left: format.number(Math.max(0, shown.allowed - shown.used + 1)),
            }),
          ]}
          action={t("seats.free")}
          close={() => setFreeing(null)}
          run={async () => {
            await api.post(`${path}/seats/${freeing.id}/free`, {});
            refresh([path]);
          }}
        />
      )}
    </Section>
  );
}

function SeatDialog(props: DialogProps): ReactNode {
  const t = useWords(rightWords);
  const done = useSaved(props);
  const form = useForm({
    initial: { identifier: "", name: "" },
    rules: { identifier: { maxLength: 200 }, name: { maxLength: 120, optional: true } },
    submit: ({ identifier, name }) =>
      api.post(`${props.path}/seats`, {
        identifier: identifier.trim(),
        ...(name.trim() === "" ? {} : { name: name.trim() }),
      }),
    done,
  });
  return (
    <Dialog title={t("seats.add")} close={props.close}>
      <Form form={form} action={t("seats.add")} cancel={props.close}>
        <TextField form={form} name="identifier" label={t("seats.identifier")} hint={t("seats.identifierHint")} />
        <TextField form={form} name="name" label={t("seats.name")} />
      </Form>
    </Dialog>
  );
}
