/** Bill runs: the months that were billed, and the start of a new one. */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import type { BillRunItem, NewBillRun, RunKind, RunState } from "@yagura/commerce/billing/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useGo } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { actorColumn, countColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { recentMonths } from "../parts/month.tsx";
import { addMonth } from "../parts/timeline-order.ts";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";

export const RUNS = providerApi("/bill-runs");
export const runStates: Readonly<Record<RunState, State>> = {
  computing: "notice",
  ready: "notice",
  issuing: "notice",
  done: "good",
  discarded: "unknown",
};
const order: Readonly<Record<RunState, number>> = { ready: 0, issuing: 1, computing: 2, done: 3, discarded: 4 };

export function Page(): ReactNode {
  const t = useWords(billingWords);
  const n = useWords(navWords);
  const format = useFormat();
  const { can } = useProvider();
  const list = useAll<BillRunItem>(RUNS);
  const [making, setMaking] = useState(false);
  const make = can("billing.write") ? (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      {t("runs.new")}
    </Button>
  ) : null;
  return (
    <Frame title={n("billRuns")} lead={t("runs.lead")} actions={make}>
      <DataTable<BillRunItem>
        id="bill-runs"
        label={n("billRuns")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => format.month(row.month)}
        rowHref={(row) => `/provider/office/bill-runs/${row.id}`}
        sort="-started"
        empty={
          <Empty title={t("runs.none")} action={make}>
            {t("runs.noneText")}
          </Empty>
        }
        columns={[
          textColumn("month", t("col.month"), (row) => format.month(row.month), {
            sort: (row) => row.month,
            descending: true,
          }),
          stateColumn("state", t("col.state"), (row) => ({
            state: runStates[row.state],
            label: t(`runState.${row.state}`),
            order: order[row.state],
          })),
          textColumn("kind", t("runs.kind"), (row) => t(`runKind.${row.kind}`)),
          countColumn("documents", t("run.documents"), (row) => counted(row).documents),
          countColumn("aside", t("run.aside"), (row) => row.preview.aside),
          yenColumn("total", t("run.total"), (row) => counted(row).total),
          whenColumn("started", t("runs.started"), (row) => row.startedAt),
          actorColumn("by", t("runs.by"), (row) => row.startedBy, { hidden: true }),
        ]}
      />
      {making ? <NewRunDialog close={() => setMaking(false)} /> : null}
    </Frame>
  );
}

/** What was issued once it is, else what would be. */
export const counted = (run: BillRunItem): BillRunItem["preview"] => (run.state === "done" ? run.issued : run.preview);

function NewRunDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const refresh = useRefresh();
  const go = useGo();
  const customers = useAll<Organisation>("/api/v1/organisations");
  const months = recentMonths(24);
  const last = months[1] ?? months[0] ?? "";
  const form = useForm({
    initial: {
      kind: "regular",
      month: last,
      since: addMonth(last, -1),
      issueOn: dayIn("Asia/Tokyo"),
      organisationId: "",
    },
    rules: { issueOn: { pattern: /^\d{4}-\d{2}-\d{2}$/ } },
    check: ({ kind, organisationId }) =>
      kind === "ad-hoc" && organisationId === "" ? { organisationId: t("runs.needsCustomer") } : {},
    submit: async ({ kind, month, since, issueOn, organisationId }) => {
      const body: NewBillRun = {
        month,
        kind: kind as RunKind,
        issueOn,
        ...(organisationId === "" ? {} : { organisationId }),
        ...(kind === "re-rating" ? { since } : {}),
      };
      const made = await api.post<BillRunItem>(RUNS, body);
      refresh([RUNS]);
      close();
      go(`/provider/office/bill-runs/${made.id}`);
    },
  });
  const choices = months.map((month) => ({ value: month, label: format.month(month) }));
  const kinds = ["regular", "ad-hoc", "re-rating"] as const;
  const living = (customers.rows ?? []).filter((each) => each.state === "active" && !each.internal);
  return (
    <Dialog title={t("runs.new")} close={close}>
      <Form form={form} action={t("runs.new")} cancel={close}>
        <SelectField form={form} name="month" label={t("col.month")} options={choices} />
        <SelectField
          form={form}
          name="kind"
          label={t("runs.kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`runKind.${kind}`) }))}
        />
        {form.values.kind === "re-rating" ? (
          <SelectField form={form} name="since" label={t("runs.since")} options={choices} />
        ) : null}
        <TextField form={form} name="issueOn" label={t("runs.issueOn")} type="date" />
        <SelectField
          form={form}
          name="organisationId"
          label={t("runs.customer")}
          options={[
            { value: "", label: t("runs.everybody") },
            ...living.map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
      </Form>
    </Dialog>
  );
}
