/** Registered details (COM-32): who holds the contracts, who is billed, and every change of them. */
import type { ReactNode } from "react";
import type { Customer, CustomerChange, CustomerInput } from "@yagura/commerce/applications/shapes.ts";
import type { Static } from "typebox";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { shell } from "../../messages/shell.ts";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Empty, ErrorBox, Loading } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useList, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { BillingChoice } from "./billing-choice.tsx";
import { actorColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { letterWords } from "../words/letters.ts";
import { navWords } from "../words/nav.ts";
import { partWords } from "../words/parts.ts";

type Change = Static<typeof CustomerChange>;
const holder = ["holder", "address", "contact", "phone", "mail"] as const;
const billing = ["billingAddressee", "billingAddress", "billingContact", "billingMail"] as const;

export function Page(): ReactNode {
  const t = useWords(letterWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const query = useGet<Customer>(here.api("/customer"));
  // Nothing registered yet is the beginning, not an error.
  const none = query.error?.status === 404;
  const may = here.can("application.write");
  const shown =
    query.data === undefined && !none ? (
      query.error === null ? (
        <Loading rows={10} />
      ) : (
        <ErrorBox error={query.error} />
      )
    ) : may ? (
      <DetailsForm key={query.data?.updatedAt ?? ""} customer={query.data} />
    ) : query.data === undefined ? (
      <Empty title={t("details.none")}>{t("details.noneText")}</Empty>
    ) : (
      <Details customer={query.data} />
    );
  return (
    <Frame title={n("details")} lead={t("details.lead")} narrow>
      <Bounced customer={query.data} />
      {none && may ? <Banner>{t("details.noneText")}</Banner> : null}
      {shown}
      {here.can("invoice.read") ? <BillingChoice /> : null}
      {query.data === undefined ? null : <History />}
    </Frame>
  );
}

function Bounced({ customer }: { readonly customer: Customer | undefined }): ReactNode {
  const t = useWords(letterWords);
  const format = useFormat();
  if (customer === undefined || customer.bounced.length === 0) return null;
  return (
    <Banner state="bad" title={t("details.bounced")}>
      <ul className="plain-list">
        {customer.bounced.map((each) => (
          <li key={`${each.channel} ${each.on}`}>
            {t("details.bouncedText", { channel: t(`bounce.${each.channel}`), day: format.day(each.on) })}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Details({ customer }: { readonly customer: Customer }): ReactNode {
  const t = useWords(letterWords);
  const { details } = customer;
  const facts = (names: readonly (typeof holder | typeof billing)[number][]) =>
    names.map((name) => ({ name: t(`d.${name}`), value: details[name] ?? "–" }));
  return (
    <>
      <Section title={t("d.holderPart")}>
        <Facts
          facts={[
            { name: t("d.kind"), value: t(`kind.${customer.kind}`) },
            { name: t("d.corporateNumber"), value: customer.corporateNumber ?? "–" },
            ...facts(holder),
          ]}
        />
      </Section>
      <Section title={t("d.billingPart")}>
        <Facts facts={facts(billing)} />
      </Section>
    </>
  );
}

function DetailsForm({ customer }: { readonly customer: Customer | undefined }): ReactNode {
  const t = useWords(letterWords);
  const p = useWords(partWords);
  const say = useWords(shell);
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const details = customer?.details;
  const names = [...holder, ...billing];
  const form = useForm<Record<string, string>>({
    initial: {
      kind: customer?.kind ?? "corporation",
      corporateNumber: customer?.corporateNumber ?? "",
      ...Object.fromEntries(names.map((name) => [name, details?.[name] ?? ""])),
    },
    rules: {
      corporateNumber: { pattern: /^\d{13}$/, maxLength: 13, optional: true },
      holder: { maxLength: 120 },
      address: { maxLength: 300 },
      contact: { maxLength: 120 },
      phone: { maxLength: 30, optional: true },
      mail: { format: "email", maxLength: 254 },
      billingAddressee: { maxLength: 120 },
      billingAddress: { maxLength: 300 },
      billingContact: { maxLength: 120 },
      billingMail: { format: "email", maxLength: 254, optional: true },
    },
    check: ({ corporateNumber = "" }) =>
      corporateNumber === "" || isCorporateNumber(corporateNumber.trim())
        ? {}
        : { corporateNumber: p("form.corporate") },
    submit: (values) => {
      const given = names.filter((name) => (values[name] ?? "").trim() !== "");
      const body = {
        kind: values["kind"] as CustomerInput["kind"],
        ...(values["corporateNumber"] === "" ? {} : { corporateNumber: (values["corporateNumber"] ?? "").trim() }),
        details: {
          ...(details?.country === undefined ? {} : { country: details.country }),
          ...Object.fromEntries(given.map((name) => [name, (values[name] ?? "").trim()])),
        },
      };
      return api.put(here.api("/customer"), body);
    },
    done: () => {
      toast(t("details.saved"));
      refresh([here.api("/customer")]);
    },
  });
  const kinds = ["corporation", "sole-trader"] as const;
  return (
    <Form form={form} action={say("save")} label={t("d.holderPart")}>
      <fieldset className="order-section">
        <legend>{t("d.holderPart")}</legend>
        <SelectField
          form={form}
          name="kind"
          label={t("d.kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <TextField form={form} name="corporateNumber" label={t("d.corporateNumber")} inputMode="numeric" mono />
        {holder.map((name) => (
          <TextField
            key={name}
            form={form}
            name={name}
            label={t(`d.${name}`)}
            type={name === "mail" ? "email" : "text"}
          />
        ))}
      </fieldset>
      <fieldset className="order-section">
        <legend>{t("d.billingPart")}</legend>
        {billing.map((name) => (
          <TextField
            key={name}
            form={form}
            name={name}
            label={t(`d.${name}`)}
            type={name === "billingMail" ? "email" : "text"}
          />
        ))}
      </fieldset>
    </Form>
  );
}

const kinds = ["registered", "changed", "declared", "bounced", "bounce-cleared"] as const;
function History(): ReactNode {
  const t = useWords(letterWords);
  const here = useOrganisation();
  const list = useList<Change>(here.api("/customer/history"));
  const tell = (kind: string): string => {
    const known = kinds.find((each) => each === kind);
    return known === undefined ? kind : t(`history.${known}`);
  };
  return (
    <Section title={t("details.history")}>
      <DataTable<Change>
        id="customer-history"
        label={t("details.history")}
        plain
        rows={list.rows}
        error={list.error}
        rowKey={(row) => `${row.at} ${row.kind}`}
        rowName={(row) => row.at}
        sort="-at"
        empty={<Empty title={t("history.none")} />}
        columns={[
          whenColumn("at", t("history.at"), (row) => row.at),
          textColumn("kind", t("history.kind"), (row) => tell(row.kind)),
          actorColumn("by", t("history.by"), (row) => row.actor),
        ]}
      />
    </Section>
  );
}
