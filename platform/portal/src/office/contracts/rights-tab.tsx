/** What a contract entitles to: seats, tickets, insured devices, and the terms that bind. */
import { useState, type ReactNode } from "react";
import type {
  InsuranceShown,
  InsuredDevice,
  SeatItem,
  SeatsShown,
  TermsShown,
  TicketMovement,
  WalletsShown,
} from "@yagura/commerce/entitlements/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, Meter, NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Empty } from "../../parts/notice.tsx";
import { Card, Columns, Facts, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { countColumn, dayColumn, stateColumn, textColumn } from "../parts/columns.tsx";
import { Yen } from "../parts/yen.tsx";
import { contractWords } from "../words/contracts.ts";
import { rightWords } from "../words/rights.ts";

export function RightsTab({ path }: { readonly path: string }): ReactNode {
  const t = useWords(rightWords);
  const seats = useGet<SeatsShown>(`${path}/seats`);
  const wallets = useGet<WalletsShown>(`${path}/wallets`);
  const insurance = useGet<InsuranceShown>(`${path}/insurance`);
  const term = useGet<TermsShown>(`${path}/term`);
  const ready = [seats, wallets, insurance, term].every(({ isPending }) => !isPending);
  const counted = seats.data?.counted === true;
  const some =
    counted || (wallets.data?.wallets.length ?? 0) > 0 || (insurance.data?.offers.length ?? 0) > 0 || binds(term.data);
  if (ready && !some) return <Empty title={t("none")}>{t("noneText")}</Empty>;
  return (
    <div className="stack-wide">
      {counted && seats.data !== undefined ? <Seats shown={seats.data} path={path} /> : null}
      {(wallets.data?.wallets.length ?? 0) > 0 && wallets.data !== undefined ? (
        <Wallets shown={wallets.data} path={path} />
      ) : null}
      {(insurance.data?.offers.length ?? 0) > 0 && insurance.data !== undefined ? (
        <Insurance shown={insurance.data} path={path} />
      ) : null}
      {term.data !== undefined && binds(term.data) ? <Term shown={term.data} /> : null}
    </div>
  );
}

const binds = (term: TermsShown | undefined): boolean =>
  term !== undefined && (term.minimum !== null || term.longestUse !== null || term.ancillary.length > 0);

interface PartProps<T> {
  readonly shown: T;
  readonly path: string;
}
function Seats({ shown, path }: PartProps<SeatsShown>): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const [adding, setAdding] = useState(false);
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
    </Section>
  );
}

interface DialogProps {
  readonly path: string;
  readonly close: () => void;
}
function useSaved({ path, close }: DialogProps): () => void {
  const c = useWords(contractWords);
  const toast = useToast();
  const refresh = useRefresh();
  return () => {
    toast(c("act.done"));
    refresh([path]);
    close();
  };
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

function Wallets({ shown, path }: PartProps<WalletsShown>): ReactNode {
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

const covers = { covered: "good", "to-come": "notice", over: "unknown", "not-covered": "unknown" } as const;
function Insurance({ shown, path }: PartProps<InsuranceShown>): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const [adding, setAdding] = useState(false);
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

function Term({ shown }: { readonly shown: TermsShown }): ReactNode {
  const t = useWords(rightWords);
  const say = useSay();
  const format = useFormat();
  const { minimum, longestUse, ancillary } = shown;
  return (
    <Section title={t("term")}>
      <Facts
        facts={[
          ...(minimum === null
            ? []
            : [
                {
                  name: t("term.minimum"),
                  value: t("term.range", { from: format.day(minimum.from), to: format.day(minimum.to) }),
                  note:
                    minimum.endingToday === null
                      ? t("term.free")
                      : `${say(minimum.endingToday.sentence)} ${format.yen(minimum.endingToday.amount)}`,
                },
              ]),
          ...(longestUse === null
            ? []
            : [{ name: t("term.longest"), value: format.day(longestUse.lastDay), note: longestUse.rule }]),
          ...ancillary.map((each) => ({
            name: say(each.name),
            value: t("term.range", { from: format.day(each.from), to: format.day(each.to) }),
            note: <Yen amount={each.fee} />,
          })),
        ]}
      />
    </Section>
  );
}
