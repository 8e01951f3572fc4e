/** Files to and from the bank, matching of incoming transfers, and the accounting journal. */
import { useState, type ReactNode } from "react";
import type { BankFileItem, DepositItem } from "@yagura/commerce/banking/shapes.ts";
import type { JournalItem } from "@yagura/commerce/receivables/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { providerApi } from "../data.ts";
import { dayColumn, countColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { MonthChoice, recentMonths } from "../parts/month.tsx";
import { moneyWords } from "../words/money.ts";
import { navWords } from "../words/nav.ts";
import { DebitDialog, DebitResultDialog } from "./debit-dialogs.tsx";
import { DepositDialog, UploadDialog } from "./deposit-dialogs.tsx";
import { TransfersTab } from "./transfers-tab.tsx";

const FILES = providerApi("/zengin/files");
const DEPOSITS = providerApi("/deposits");
const JOURNAL = providerApi("/journal");

export function Page(): ReactNode {
  const t = useWords(moneyWords);
  const n = useWords(navWords);
  return (
    <Frame title={n("bank")} lead={t("bank.lead")}>
      <Tabs
        label={n("bank")}
        tabs={[
          { id: "deposits", label: t("bank.deposits"), content: <Deposits /> },
          { id: "files", label: t("bank.files"), content: <Files /> },
          { id: "transfers", label: t("bank.transfers"), content: <TransfersTab /> },
          { id: "journal", label: t("bank.journal"), content: <Journal /> },
        ]}
      />
    </Frame>
  );
}

const depositMarks = {
  unmatched: { state: "bad", order: 0 },
  matched: { state: "good", order: 1 },
  ignored: { state: "unknown", order: 2 },
  cancelled: { state: "unknown", order: 3 },
} as const;

function Deposits(): ReactNode {
  const t = useWords(moneyWords);
  const { can } = useProvider();
  const query = useGet<{ readonly items: readonly DepositItem[]; readonly total: number }>(DEPOSITS, { limit: 100 });
  const [open, setOpen] = useState<"file" | DepositItem | null>(null);
  const may = can("payment.write");
  const best = (row: DepositItem): string => {
    const found = row.proposals[0];
    return found === undefined ? "" : t("deposit.score", { name: found.name, score: found.score });
  };
  const upload = may ? <Button onClick={() => setOpen("file")}>{t("deposit.upload")}</Button> : null;
  return (
    <>
      <DataTable<DepositItem>
        id="deposits"
        label={t("bank.deposits")}
        urlKey="d"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.id}
        rowName={(row) => row.payer}
        sort="state"
        tools={upload}
        total={query.data?.total ?? 0}
        cut={query.data !== undefined && query.data.items.length < query.data.total}
        {...(may
          ? {
              onOpen: (row: DepositItem) => (row.state === "unmatched" ? setOpen(row) : undefined),
              rowActions: (row: DepositItem) =>
                row.state === "unmatched" ? [{ label: t("deposit.match"), run: () => setOpen(row) }] : [],
            }
          : {})}
        empty={
          <Empty title={t("deposit.none")} action={upload}>
            {t("deposit.noneText")}
          </Empty>
        }
        columns={[
          dayColumn("on", t("deposit.day"), (row) => row.onDay),
          textColumn("payer", t("deposit.payer"), (row) => row.payer),
          yenColumn("amount", t("payment.amount"), (row) => row.amount),
          stateColumn("state", t("deposit.state"), (row) => ({
            ...depositMarks[row.state],
            label: t(`depositState.${row.state}`),
          })),
          textColumn("best", t("deposit.best"), best, { fill: true }),
        ]}
      />
      {open === "file" ? <UploadDialog close={() => setOpen(null)} /> : null}
      {open === null || open === "file" ? null : <DepositDialog deposit={open} close={() => setOpen(null)} />}
    </>
  );
}

function Files(): ReactNode {
  const t = useWords(moneyWords);
  const query = useGet<{ readonly items: readonly BankFileItem[] }>(FILES);
  const [open, setOpen] = useState<"debit" | "result" | null>(null);
  const tools = (
    <>
      <Button onClick={() => setOpen("debit")}>{t("debit.new")}</Button>
      <Button onClick={() => setOpen("result")}>{t("debit.result")}</Button>
    </>
  );
  return (
    <>
      <DataTable<BankFileItem>
        id="bank-files"
        label={t("bank.files")}
        urlKey="f"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        sort="-at"
        rowActions={(row) => [
          {
            label: t("journal.csv"),
            run: () => void api.download(`${FILES}/${row.id}/content`, { name: row.name }),
          },
        ]}
        tools={tools}
        empty={<Empty title={t("file.none")} action={<div className="page-actions">{tools}</div>} />}
        columns={[
          textColumn("kind", t("file.kind"), (row) => t(`fileKind.${row.kind}`)),
          textColumn("name", t("file.name"), (row) => row.name, { fill: true }),
          countColumn("records", t("file.records"), (row) => row.records),
          yenColumn("total", t("file.total"), (row) => row.total),
          whenColumn("at", t("file.at"), (row) => row.at),
        ]}
      />
      {open === "debit" ? <DebitDialog close={() => setOpen(null)} /> : null}
      {open === "result" ? <DebitResultDialog close={() => setOpen(null)} /> : null}
    </>
  );
}

function Journal(): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const refresh = useRefresh();
  const { can } = useProvider();
  const query = useGet<{ readonly items: readonly JournalItem[] }>(JOURNAL);
  const [month, setMonth] = useState(recentMonths(2)[1] ?? "");
  const [asking, setAsking] = useState(false);
  const tools = can("payment.write") ? (
    <>
      <MonthChoice label={t("journal.month")} month={month} choose={setMonth} />
      <Button disabled={month === ""} onClick={() => setAsking(true)}>
        {t("journal.export")}
      </Button>
    </>
  ) : null;
  return (
    <>
      <DataTable<JournalItem>
        id="journal"
        label={t("bank.journal")}
        urlKey="j"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.month}
        rowName={(row) => format.month(row.month)}
        sort="-month"
        tools={tools}
        rowActions={(row) => [
          {
            label: t("journal.csv"),
            run: () => void api.download(`${JOURNAL}/${row.month}/csv`, { name: `journal-${row.month}.csv` }),
          },
        ]}
        empty={<Empty title={t("journal.none")} action={<div className="inline-tools">{tools}</div>} />}
        columns={[
          textColumn("month", t("journal.month"), (row) => format.month(row.month), { sort: (row) => row.month }),
          countColumn("entries", t("journal.entries"), (row) => row.entries),
          yenColumn("total", t("file.total"), (row) => row.total),
          whenColumn("at", t("journal.at"), (row) => row.at),
        ]}
      />
      {asking ? (
        <ConfirmDialog
          title={t("journal.export")}
          consequences={[t("journal.exportText", { month: format.month(month) })]}
          action={t("journal.export")}
          danger={false}
          close={() => setAsking(false)}
          run={async () => {
            await api.post(JOURNAL, { month });
            refresh([JOURNAL]);
          }}
        />
      ) : null}
    </>
  );
}
