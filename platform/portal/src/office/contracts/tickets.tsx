/** Wallets of support tickets: bought, included, used, left (SEC-61, SEC-71). */
import { useState, type ReactNode } from "react";
import type { TicketMovement, WalletsShown } from "@yagura/commerce/entitlements/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, NumberField, SelectField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Card, Columns, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useOrganisation } from "../../session.tsx";
import { countColumn, dayColumn, textColumn } from "../../parts/columns.tsx";
import { rightWords } from "../words/rights.ts";
import { useSaved, type DialogProps, type PartProps } from "./rights-parts.ts";

export function Wallets({ shown, path }: PartProps<WalletsShown>): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const [buying, setBuying] = useState(false);
  const nameOf = (item: string): string => {
    const wallet = shown.wallets.find((each) => each.item === item);
    return wallet === undefined ? item : say(wallet.name);
  };
  return (
    <Section
      title={t("tickets")}
      actions={
        here.can("application.write") ? <Button onClick={() => setBuying(true)}>{t("tickets.buy")}</Button> : null
      }
    >
      <div className="stack-wide">
        <Columns least={15}>
          {shown.wallets.map((wallet) => (
            <Card key={wallet.item}>
              <h3>{say(wallet.name)}</h3>
              <p className="wallet-left">{t("tickets.left", { n: format.number(wallet.remaining) })}</p>
              <p className="soft small">
                {t("tickets.bought", { n: format.number(wallet.boughtLeft), of: format.number(wallet.bought) })}
              </p>
              {wallet.expiresOn === null || wallet.included === 0 ? null : (
                <p className="soft small">
                  {t("tickets.included", {
                    n: format.number(wallet.included - wallet.usedOfIncluded),
                    day: format.day(wallet.expiresOn),
                  })}
                </p>
              )}
            </Card>
          ))}
        </Columns>
        <DataTable<TicketMovement>
          id="tickets"
          label={t("tickets")}
          urlKey="w"
          plain
          rows={shown.movements}
          rowKey={(row) => row.id}
          rowName={(row) => row.item}
          sort="-on"
          empty={<Empty title={t("tickets.none")} />}
          columns={[
            dayColumn("on", t("tickets.on"), (row) => row.on),
            textColumn("item", t("tickets.item"), (row) => nameOf(row.item)),
            textColumn("kind", t("tickets.kind"), (row) => t(`tickets.kind.${row.kind}`)),
            countColumn("quantity", t("tickets.quantity"), (row) => row.quantity),
            textColumn("ticket", t("tickets.ticket"), (row) => row.ticket),
          ]}
        />
      </div>
      {buying ? <BuyDialog shown={shown} path={path} close={() => setBuying(false)} /> : null}
    </Section>
  );
}

function BuyDialog({ shown, path, close }: PartProps<WalletsShown> & DialogProps): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const done = useSaved({ path, close });
  const form = useForm({
    initial: { item: shown.wallets[0]?.item ?? "", quantity: "1" },
    rules: { quantity: { type: "integer", minimum: 1, maximum: 10_000 } },
    submit: ({ item, quantity }) => api.post(`${path}/wallets/purchases`, { item, quantity: Number(quantity) }),
    done,
  });
  const unit = shown.wallets.find(({ item }) => item === form.values.item)?.unitPrice ?? null;
  const sum = unit === null ? null : unit * Number(form.values.quantity);
  return (
    <Dialog title={t("tickets.buy")} close={close}>
      <Form form={form} action={t("tickets.buy")} cancel={close}>
        <SelectField
          form={form}
          name="item"
          label={t("tickets.item")}
          options={shown.wallets.map((wallet) => ({ value: wallet.item, label: say(wallet.name) }))}
        />
        <NumberField form={form} name="quantity" label={t("tickets.quantity")} />
        {sum === null || Number.isNaN(sum) ? null : <p>{t("tickets.sum", { sum: format.yen(sum) })}</p>}
      </Form>
    </Dialog>
  );
}
