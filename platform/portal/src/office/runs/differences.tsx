/** What a bill run changes against last month, customer by customer, and what it could not compute. */
import type { ReactNode } from "react";
import type { Reason, RunAside, RunCustomer } from "@yagura/commerce/billing/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll } from "../../queries.ts";
import { officePath } from "../data.ts";
import { countColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { changeColumn, yenColumn } from "../parts/columns.tsx";
import { billingWords } from "../words/billing.ts";

/** Reasons that a cell shows; the largest come first. */
const SHOWN = 3;

export function CustomerTable({ path }: { readonly path: string }): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const list = useAll<RunCustomer>(`${path}/customers`);
  const tell = (reason: Reason): string =>
    [reason.contract, t(`reason.${reason.code}`), format.change(reason.delta)]
      .filter((each) => each !== null)
      .join(" ");
  const tellAll = (row: RunCustomer): string => row.reasons.slice(0, SHOWN).map(tell).join(" / ");
  return (
    <DataTable<RunCustomer>
      id="bill-run-customers"
      label={t("tab.customers")}
      urlKey="c"
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.organisationId}
      rowName={(row) => row.organisation}
      rowHref={(row) => officePath(row.organisationId, "next-bill")}
      sort="-size"
      total={list.total}
      cut={list.cut}
      empty={<Empty title={t("diff.none")}>{t("diff.noneText")}</Empty>}
      columns={[
        textColumn("name", t("col.customer"), (row) => row.organisation),
        yenColumn("last", t("diff.last"), (row) => row.last),
        yenColumn("current", t("diff.current"), (row) => row.current),
        changeColumn("size", t("diff.delta"), (row) => row.delta),
        textColumn("why", t("diff.why"), tellAll, { fill: true }),
        countColumn("aside", t("run.aside"), (row) => row.aside),
        countColumn("documents", t("run.documents"), (row) => row.documents, { hidden: true }),
      ]}
    />
  );
}

export function AsideTable({ path }: { readonly path: string }): ReactNode {
  const t = useWords(billingWords);
  const list = useAll<RunAside>(`${path}/aside`);
  return (
    <DataTable<RunAside>
      id="bill-run-aside"
      label={t("run.aside")}
      urlKey="a"
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.contractId}
      rowName={(row) => row.contract}
      rowHref={(row) => officePath(row.organisationId, `contracts/${row.contractId}`)}
      sort="state"
      empty={<Empty title={t("aside.none")}>{t("aside.noneText")}</Empty>}
      columns={[
        textColumn("contract", t("aside.contract"), (row) => row.contract),
        textColumn("customer", t("col.customer"), (row) => row.organisation),
        stateColumn("state", t("col.state"), (row) => ({
          state: row.resolvedAt === null ? "bad" : "good",
          label: t(row.resolvedAt === null ? "aside.open" : "aside.solved"),
          order: row.resolvedAt === null ? 0 : 1,
        })),
        textColumn("why", t("aside.why"), (row) => row.reason, { fill: true }),
        textColumn("code", "ID", (row) => row.code, { hidden: true }),
        whenColumn("at", t("aside.at"), (row) => row.at),
      ]}
    />
  );
}
