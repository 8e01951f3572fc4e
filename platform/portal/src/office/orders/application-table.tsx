/** Applications as a table: the provider's queue and the customer's own. */
import { useMemo, type ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import type { AllResult } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { officePath, useServiceName } from "../data.ts";
import { usePlanName } from "../offers.ts";
import { dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { daysTo } from "../parts/timeline-order.ts";
import { orderWords } from "../words/orders.ts";
import { applicationMarks } from "./states.ts";

interface Props {
  readonly list: AllResult<Application>;
  readonly id: string;
  readonly ofAll?: boolean;
  readonly sort: string;
  readonly empty: ReactNode;
  readonly tools?: ReactNode;
}
export function ApplicationTable({ list, id, ofAll = false, sort, empty, tools }: Props): ReactNode {
  const t = useWords(orderWords);
  const columns = useColumns(ofAll);
  return (
    <DataTable<Application>
      id={id}
      label={t("app.answers")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      columns={columns}
      rowKey={(row) => row.id}
      rowName={(row) => `${row.organisationName} ${row.plan}`}
      rowHref={(row) => officePath(row.organisationId, `applications/${row.id}`)}
      sort={sort}
      total={list.total}
      cut={list.cut}
      empty={empty}
      {...(tools === undefined ? {} : { tools })}
    />
  );
}

type A = Application;
function useColumns(ofAll: boolean): readonly Column<A>[] {
  const t = useWords(orderWords);
  const format = useFormat();
  const nameOf = useServiceName();
  const planOf = usePlanName();
  return useMemo(() => {
    const today = dayIn("Asia/Tokyo");
    const missing = (row: A): string => {
      const needed = row.remarks.filter(({ kind }) => kind === "missing").length;
      const hints = row.remarks.length - needed;
      return [
        needed === 0 ? "" : t("missing.n", { n: needed }),
        hints === 0 ? "" : t("missing.hints", { n: hints }),
      ].join(" ");
    };
    const age: Column<A> = {
      id: "age",
      head: t("col.age"),
      align: "end",
      descending: true,
      text: (row) => daysTo(row.orderedOn, today),
      cell: (row) => t("age.days", { n: format.number(daysTo(row.orderedOn, today)) }),
    };
    return [
      textColumn<A>("sequence", t("col.sequence"), (row) => (row.sequence === null ? null : String(row.sequence))),
      ...(ofAll ? [textColumn<A>("customer", t("col.customer"), (row) => row.organisationName)] : []),
      textColumn<A>("service", t("col.service"), (row) => nameOf(row.service)),
      textColumn<A>("plan", t("col.plan"), (row) => planOf(row.service, row.plan)),
      stateColumn<A>("state", t("col.state"), (row) => ({
        ...applicationMarks[row.state],
        label: t(`state.${row.state}`),
      })),
      textColumn<A>("missing", t("col.missing"), missing),
      dayColumn<A>("orderedOn", t("col.ordered"), (row) => row.orderedOn),
      whenColumn<A>("receivedAt", t("col.received"), (row) => row.receivedAt, { hidden: true }),
      age,
      dayColumn<A>("start", t("col.start"), (row) => row.desiredStartOn, { hidden: true }),
      textColumn<A>("channel", t("col.channel"), (row) => row.channel, { hidden: true }),
      textColumn<A>("contract", t("col.contract"), (row) => row.contractNumber),
    ];
  }, [t, format, nameOf, planOf, ofAll]);
}
