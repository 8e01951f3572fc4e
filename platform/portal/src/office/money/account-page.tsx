/** What one customer owes and paid: claims with late interest, payments, statement, reminders. The staff record payments here. */
import { useState, type ReactNode } from "react";
import type {
  ClaimItem,
  CustomerReceivables,
  PaymentItem,
  ReminderItem,
  Statement,
  StatementLine,
} from "@yagura/commerce/receivables/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAll, useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { actorColumn, countColumn, dayColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { Yen } from "../parts/yen.tsx";
import { moneyWords } from "../words/money.ts";
import { navWords } from "../words/nav.ts";
import { CertificatesTab } from "./certificates-tab.tsx";
import { ClaimTable } from "./claim-table.tsx";
import { DunningDialog } from "./dunning-dialog.tsx";
import { PaymentDialog, ReverseDialog } from "./payment-dialogs.tsx";

export function Page(): ReactNode {
  const t = useWords(moneyWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const [recording, setRecording] = useState(false);
  const [pausing, setPausing] = useState(false);
  const query = useGet<CustomerReceivables>(here.api("/receivables"));
  const claims = useAll<ClaimItem>(here.api("/claims"));
  const may = here.can("payment.write");
  const save = (): void => void api.download(here.api("/statement/csv"), { name: "statement.csv" });
  return (
    <Frame
      title={may ? t("account.of", { name: here.name }) : n("account")}
      lead={t("account.lead")}
      actions={
        <>
          <Button icon="download" onClick={save}>
            {t("account.csv")}
          </Button>
          {may ? <Button onClick={() => setPausing(true)}>{t("dunning.pause")}</Button> : null}
          {may ? (
            <Button kind="primary" icon="plus" onClick={() => setRecording(true)}>
              {t("payment.record")}
            </Button>
          ) : null}
        </>
      }
    >
      <Loaded query={query} rows={3}>
        {(data) => <Head data={data} />}
      </Loaded>
      <div className="below">
        <Tabs
          label={n("account")}
          tabs={[
            { id: "claims", label: t("tab.claims"), content: <ClaimTable list={claims} id="claims" /> },
            { id: "payments", label: t("tab.payments"), content: <Payments /> },
            { id: "statement", label: t("tab.statement"), content: <StatementTab /> },
            { id: "certificates", label: t("tab.certificates"), content: <CertificatesTab /> },
            { id: "reminders", label: t("tab.reminders"), content: <Reminders /> },
          ]}
        />
      </div>
      {pausing ? <DunningDialog pausedUntil={query.data?.pausedUntil ?? null} close={() => setPausing(false)} /> : null}
      {recording ? <PaymentDialog claims={claims.rows ?? []} close={() => setRecording(false)} /> : null}
    </Frame>
  );
}

function Head({ data }: { readonly data: CustomerReceivables }): ReactNode {
  const t = useWords(moneyWords);
  return (
    <Facts
      wide
      facts={[
        { name: t("account.open"), value: <Yen amount={data.ageing.total} /> },
        { name: t("account.overdue"), value: <Yen amount={data.ageing.overdue} /> },
        { name: t("account.credit"), value: <Yen amount={data.ageing.credit} /> },
        { name: t("account.interest"), value: <Yen amount={data.interestAccruing} /> },
      ]}
    />
  );
}

function Payments(): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const here = useOrganisation();
  const list = useAll<PaymentItem>(here.api("/payments"));
  const [taking, setTaking] = useState<PaymentItem | null>(null);
  const may = here.can("payment.write");
  return (
    <>
      <DataTable<PaymentItem>
        id="payments"
        label={t("tab.payments")}
        urlKey="p"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => `${format.day(row.paidOn)} ${format.yen(row.amount)}`}
        sort="-on"
        {...(may
          ? {
              rowActions: (row: PaymentItem) =>
                row.reversedOn === null
                  ? [{ label: t("payment.reverse"), danger: true, run: () => setTaking(row) }]
                  : [],
            }
          : {})}
        empty={<Empty title={t("payments.none")} />}
        columns={[
          dayColumn("on", t("payment.on"), (row) => row.paidOn),
          yenColumn("amount", t("payment.amount"), (row) => row.amount),
          textColumn("way", t("payment.way"), (row) => t(`way.${row.way}`)),
          textColumn("reference", t("payment.reference"), (row) => row.reference, { fill: true }),
          yenColumn("allocated", t("payment.allocated"), (row) => row.allocated),
          yenColumn("left", t("payment.left"), (row) => row.left),
          dayColumn("reversed", t("payment.reversed"), (row) => row.reversedOn),
          actorColumn("by", t("payment.by"), (row) => row.recordedBy, { hidden: true }),
        ]}
      />
      {taking === null ? null : <ReverseDialog payment={taking} close={() => setTaking(null)} />}
    </>
  );
}

/** A payment's reference begins with the code of its way. */
function referenceOf(t: ReturnType<typeof useWords<typeof moneyWords>>, reference: string): string {
  const [way = "", ...rest] = reference.split(" ");
  return `way.${way}` in moneyWords ? [t(`way.${way}` as "way.transfer"), ...rest].join(" ") : reference;
}

function StatementTab(): ReactNode {
  const t = useWords(moneyWords);
  const here = useOrganisation();
  const query = useGet<Statement>(here.api("/statement"));
  return (
    <DataTable<StatementLine>
      id="statement"
      label={t("tab.statement")}
      urlKey="s"
      rows={query.data?.lines}
      error={query.error}
      rowKey={(row) => `${row.on} ${row.kind} ${row.id ?? row.reference} ${row.balance}`}
      rowName={(row) => row.reference}
      sort=""
      empty={<Empty title={t("statement.none")} />}
      columns={[
        dayColumn("on", t("statement.on"), (row) => row.on),
        textColumn("what", t("statement.what"), (row) => t(`statement.kind.${row.kind}`)),
        textColumn("reference", t("statement.reference"), (row) => referenceOf(t, row.reference), { fill: true }),
        yenColumn("debit", t("statement.debit"), (row) => (row.debit === 0 ? null : row.debit)),
        yenColumn("credit", t("statement.credit"), (row) => (row.credit === 0 ? null : row.credit)),
        yenColumn("balance", t("statement.balance"), (row) => row.balance),
      ]}
    />
  );
}

function Reminders(): ReactNode {
  const t = useWords(moneyWords);
  const here = useOrganisation();
  const query = useGet<{ readonly items: readonly ReminderItem[] }>(here.api("/reminders"));
  return (
    <DataTable<ReminderItem>
      id="reminders"
      label={t("tab.reminders")}
      urlKey="r"
      plain
      rows={query.data?.items}
      error={query.error}
      rowKey={(row) => row.id}
      rowName={(row) => row.subject}
      sort="-sent"
      empty={<Empty title={t("reminder.none")} />}
      columns={[
        whenColumn("sent", t("reminder.sent"), (row) => row.sentAt),
        countColumn("step", t("reminder.step"), (row) => row.step),
        textColumn("number", t("claim.number"), (row) => row.number),
        textColumn("subject", t("reminder.subject"), (row) => row.subject, { fill: true }),
      ]}
    />
  );
}
