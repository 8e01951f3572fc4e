/** Contracts as a table, of one customer or over all. */
import { useMemo, type ReactNode } from "react";
import type { ContractItem, ListedContract } from "@yagura/commerce/contracts/shapes.ts";
import { useWords } from "../../language.tsx";
import { DataTable, type Column, type RowAction } from "../../parts/table.tsx";
import type { AllResult } from "../../queries.ts";
import { officePath, useServiceName } from "../data.ts";
import { usePlanName } from "../offers.ts";
import { dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { contractWords } from "../words/contracts.ts";
import { contractMarks } from "./states.ts";

/** Over all customers with their names. */
export type ShownContract = ContractItem & Partial<Pick<ListedContract, "organisationName">>;
interface Props {
  readonly list: AllResult<ShownContract>;
  readonly id: string;
  readonly ofAll?: boolean;
  readonly empty: ReactNode;
  readonly tools?: ReactNode;
  readonly rowActions?: (row: ShownContract) => readonly RowAction[];
}

export function ContractTable({ list, id, ofAll = false, empty, tools, rowActions }: Props): ReactNode {
  const t = useWords(contractWords);
  const columns = useColumns(ofAll);
  return (
    <DataTable<ShownContract>
      id={id}
      label={t("col.number")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      columns={columns}
      rowKey={(row) => row.id}
      rowName={(row) => row.number}
      rowHref={(row) => officePath(row.organisationId, `contracts/${row.id}`)}
      sort="state"
      total={list.total}
      cut={list.cut}
      empty={empty}
      {...(tools === undefined ? {} : { tools })}
      {...(rowActions === undefined ? {} : { rowActions })}
    />
  );
}

function useColumns(ofAll: boolean): readonly Column<ShownContract>[] {
  const t = useWords(contractWords);
  const nameOf = useServiceName();
  const planOf = usePlanName();
  return useMemo(
    () => [
      textColumn<ShownContract>("number", t("col.number"), (row) => row.number),
      ...(ofAll ? [textColumn<ShownContract>("customer", t("col.customer"), (row) => row.organisationName ?? "")] : []),
      textColumn<ShownContract>("service", t("col.service"), (row) => nameOf(row.service)),
      textColumn<ShownContract>("plan", t("col.plan"), (row) => planOf(row.service, row.plan)),
      stateColumn<ShownContract>("state", t("col.state"), (row) => ({
        ...contractMarks[row.state],
        label: t(`state.${row.state}`),
      })),
      dayColumn<ShownContract>("startedOn", t("col.started"), (row) => row.startedOn),
      dayColumn<ShownContract>("cancelledOn", t("col.cancelled"), (row) => row.cancelledOn),
      dayColumn<ShownContract>("endedOn", t("col.ended"), (row) => row.endedOn, { hidden: true }),
      whenColumn<ShownContract>("createdAt", t("col.made"), (row) => row.createdAt, { hidden: true }),
    ],
    [t, nameOf, planOf, ofAll],
  );
}
