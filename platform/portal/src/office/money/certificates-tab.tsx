/** Payment certificates and qualified invoices on request: issued once, with their fee on the next bill (UTM-56, UTM-57). */
import { useState, type ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { CertificateItem, NewCertificate } from "@yagura/commerce/receivables/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll, useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { dayColumn, textColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { moneyWords } from "../words/money.ts";

export function CertificatesTab(): ReactNode {
  const t = useWords(moneyWords);
  const here = useOrganisation();
  const path = here.api("/certificates");
  const query = useGet<{ readonly items: readonly CertificateItem[] }>(path);
  const [making, setMaking] = useState(false);
  const make = here.can("payment.write") ? (
    <Button onClick={() => setMaking(true)}>{t("certificate.new")}</Button>
  ) : null;
  const save = (row: CertificateItem): void =>
    void api.download(`${path}/${row.id}/pdf`, { name: `${row.number}.pdf` });
  return (
    <>
      <DataTable<CertificateItem>
        id="certificates"
        label={t("tab.certificates")}
        urlKey="d"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.id}
        rowName={(row) => row.number}
        onOpen={save}
        sort="-on"
        tools={make}
        empty={
          <Empty title={t("certificate.none")} action={make}>
            {t("certificate.noneText")}
          </Empty>
        }
        columns={[
          textColumn("number", t("claim.number"), (row) => row.number),
          textColumn("kind", t("file.kind"), (row) => t(`certificate.${row.kind}`)),
          dayColumn("on", t("certificate.on"), (row) => row.issuedOn),
          yenColumn("total", t("file.total"), (row) => row.content.total),
          textColumn("consent", t("certificate.consent"), (row) => row.consent, { fill: true }),
        ]}
      />
      {making ? <NewDialog path={path} close={() => setMaking(false)} /> : null}
    </>
  );
}

function NewDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(moneyWords);
  const refresh = useRefresh();
  const here = useOrganisation();
  const contracts = useAll<ContractItem>(here.api("/contracts"));
  const today = dayIn("Asia/Tokyo");
  const form = useForm({
    initial: {
      kind: "payment-certificate",
      contractId: "",
      from: `${today.slice(0, 4)}-01-01`,
      to: today,
      postage: "0",
      consent: "",
    },
    rules: {
      contractId: {},
      postage: { type: "integer", minimum: 0, maximum: 1_000_000 },
      consent: { maxLength: 200 },
    },
    submit: ({ kind, contractId, from, to, postage, consent }) => {
      const body: Static<typeof NewCertificate> = {
        kind: kind as CertificateItem["kind"],
        contractId,
        from,
        to,
        postage: Number(postage),
        consent: consent.trim(),
      };
      return api.post(path, body);
    },
    done: () => {
      refresh([path, here.api("/next-bill")]);
      close();
    },
  });
  const kinds = ["payment-certificate", "qualified-invoice"] as const;
  return (
    <Dialog title={t("certificate.new")} close={close}>
      <ul className="consequences">
        <li>{t("certificate.fee")}</li>
      </ul>
      <Form form={form} action={t("certificate.new")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("file.kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`certificate.${kind}`) }))}
        />
        <SelectField
          form={form}
          name="contractId"
          label={t("certificate.contract")}
          options={[
            { value: "", label: "–" },
            ...(contracts.rows ?? []).map((each) => ({ value: each.id, label: each.number })),
          ]}
        />
        <TextField form={form} name="from" label={t("certificate.from")} type="date" />
        <TextField form={form} name="to" label={t("certificate.to")} type="date" />
        <NumberField form={form} name="postage" label={t("certificate.postage")} />
        <TextField form={form} name="consent" label={t("certificate.consent")} hint={t("certificate.consentHint")} />
      </Form>
    </Dialog>
  );
}
