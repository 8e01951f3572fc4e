/** Receivables over all customers: by age, reminders, proposals to stop a service, tasks of the staff. */
import { useState, type ReactNode } from "react";
import type {
  CollectionTask,
  CustomerReceivables,
  ReceivablesPage,
  ReminderRunResult,
} from "@yagura/commerce/receivables/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { officePath, providerApi, useServiceName } from "../data.ts";
import { dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { Yen } from "../parts/yen.tsx";
import { moneyWords } from "../words/money.ts";
import { navWords } from "../words/nav.ts";

const RECEIVABLES = providerApi("/receivables");
const PROPOSALS = providerApi("/collection-tasks");
type Run = Static<typeof ReminderRunResult>;

export function Page(): ReactNode {
  const t = useWords(moneyWords);
  const n = useWords(navWords);
  const format = useFormat();
  const { can } = useProvider();
  const [run, setRun] = useState<Run | null>(null);
  const query = useGet<ReceivablesPage>(RECEIVABLES, { limit: 500 });
  const day = query.data?.asOf ?? dayIn("Asia/Tokyo");
  const look = async (): Promise<void> => setRun(await api.post<Run>(providerApi("/reminders/run"), { dryRun: true }));
  return (
    <Frame
      title={n("receivables")}
      lead={t("ageing.lead", { day: format.day(day) })}
      actions={can("payment.write") ? <Button onClick={() => void look()}>{t("reminders.run")}</Button> : null}
    >
      {query.data === undefined ? null : <Sums page={query.data} />}
      <div className="below">
        <Tabs
          label={n("receivables")}
          tabs={[
            { id: "ageing", label: t("tab.ageing"), content: <AgeTable query={query} /> },
            { id: "proposals", label: t("tab.proposals"), content: <Proposals /> },
          ]}
        />
      </div>
      {run === null ? null : <RunDialog run={run} close={() => setRun(null)} />}
    </Frame>
  );
}

function Sums({ page }: { readonly page: ReceivablesPage }): ReactNode {
  const t = useWords(moneyWords);
  const { totals } = page;
  const buckets = ["total", "overdue", "notDue", "d1to30", "d31to60", "d61to90", "over90"] as const;
  return (
    <Facts
      wide
      facts={buckets.map((bucket) => ({ name: t(`age.${bucket}`), value: <Yen amount={totals[bucket]} /> }))}
    />
  );
}

const dunningMarks = {
  none: { state: "good", order: 4 },
  reminded: { state: "notice", order: 2 },
  "last-step": { state: "bad", order: 1 },
  proposed: { state: "bad", order: 0 },
  paused: { state: "unknown", order: 3 },
} as const;

function AgeTable({ query }: { readonly query: ReturnType<typeof useGet<ReceivablesPage>> }): ReactNode {
  const t = useWords(moneyWords);
  const bucket = (name: "notDue" | "d1to30" | "d31to60" | "d61to90" | "over90" | "total" | "overdue") =>
    yenColumn<CustomerReceivables>(name, t(`age.${name}`), (row) => (row.ageing[name] === 0 ? null : row.ageing[name]));
  return (
    <DataTable<CustomerReceivables>
      id="receivables"
      label={t("tab.ageing")}
      urlKey="a"
      rows={query.data?.items}
      error={query.error}
      retry={() => void query.refetch()}
      rowKey={(row) => row.organisationId}
      rowName={(row) => row.name}
      rowHref={(row) => officePath(row.organisationId, "account")}
      sort="-overdue"
      total={query.data?.total ?? 0}
      cut={query.data !== undefined && query.data.next !== null}
      empty={<Empty title={t("age.none")}>{t("age.noneText")}</Empty>}
      columns={[
        textColumn("name", t("age.customer"), (row) => row.name),
        bucket("overdue"),
        bucket("notDue"),
        bucket("d1to30"),
        bucket("d31to60"),
        bucket("d61to90"),
        bucket("over90"),
        bucket("total"),
        dayColumn("oldest", t("age.oldest"), (row) => row.oldestDueOn),
        stateColumn("dunning", t("age.dunning"), (row) => ({
          ...dunningMarks[row.dunning],
          label: t(`dunning.${row.dunning}`),
        })),
        yenColumn("interest", t("account.interest"), (row) => row.interestAccruing, { hidden: true }),
      ]}
    />
  );
}

function RunDialog({ run, close }: { readonly run: Run; readonly close: () => void }): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const some = run.reminders + run.proposals > 0;
  return (
    <ConfirmDialog
      title={t("reminders.run")}
      consequences={[
        some
          ? t("reminders.runText", {
              customers: format.number(run.customers),
              reminders: format.number(run.reminders),
              proposals: format.number(run.proposals),
            })
          : t("reminders.none"),
      ]}
      action={t("reminders.run")}
      danger={false}
      close={close}
      run={async () => {
        await api.post(providerApi("/reminders/run"), { dryRun: false });
        toast(t("reminders.sent"));
        refresh([RECEIVABLES, PROPOSALS]);
      }}
    />
  );
}

const proposalMarks = {
  open: { state: "bad", order: 0 },
  accepted: { state: "notice", order: 1 },
  dismissed: { state: "unknown", order: 2 },
  settled: { state: "good", order: 3 },
} as const;

function Proposals(): ReactNode {
  const t = useWords(moneyWords);
  const nameOf = useServiceName();
  const { can } = useProvider();
  const query = useGet<{ readonly items: readonly CollectionTask[] }>(PROPOSALS);
  const refresh = useRefresh();
  const [open, setOpen] = useState<{
    readonly task: CollectionTask;
    readonly decision: "accepted" | "dismissed";
  } | null>(null);
  const may = can("contract.write");
  return (
    <>
      <DataTable<CollectionTask>
        id="proposals"
        label={t("tab.proposals")}
        urlKey="p"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.id}
        rowName={(row) => row.contractNumber}
        rowHref={(row) => officePath(row.organisationId, `contracts/${row.contractId}`)}
        sort="state"
        {...(may
          ? {
              rowActions: (task: CollectionTask) =>
                task.state === "open"
                  ? [
                      { label: t("proposal.accept"), run: () => setOpen({ task, decision: "accepted" }) },
                      { label: t("proposal.dismiss"), run: () => setOpen({ task, decision: "dismissed" }) },
                    ]
                  : [],
            }
          : {})}
        empty={<Empty title={t("proposal.none")}>{t("proposal.noneText")}</Empty>}
        columns={[
          textColumn("contract", t("proposal.contract"), (row) => row.contractNumber),
          textColumn("customer", t("age.customer"), (row) => row.organisationName),
          textColumn("service", t("claim.service"), (row) => nameOf(row.service)),
          textColumn("kind", t("proposal.kind"), (row) => t(`proposal.${row.kind}`)),
          yenColumn("owed", t("proposal.owed"), (row) => row.claims.reduce((sum, claim) => sum + claim.left, 0)),
          textColumn("ground", t("proposal.ground"), (row) => `${row.rule} ${row.ground}`),
          stateColumn("state", t("proposal.state"), (row) => ({
            ...proposalMarks[row.state],
            label: t(`proposalState.${row.state}`),
          })),
          whenColumn("at", t("file.at"), (row) => row.createdAt),
        ]}
      />
      {open === null ? null : (
        <ConfirmDialog
          title={t(open.decision === "accepted" ? "proposal.accept" : "proposal.dismiss")}
          consequences={[t(open.decision === "accepted" ? "proposal.acceptText" : "proposal.dismissText")]}
          action={t(open.decision === "accepted" ? "proposal.accept" : "proposal.dismiss")}
          danger={open.decision === "accepted"}
          close={() => setOpen(null)}
          run={async () => {
            await api.post(`${PROPOSALS}/${open.task.id}/decision`, { decision: open.decision, note: "" });
            refresh([PROPOSALS, RECEIVABLES]);
          }}
        />
      )}
    </>
  );
}
