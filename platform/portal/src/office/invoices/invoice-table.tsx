/** Issued documents as a table, for a customer and for the provider's list over all customers. */
import { useMemo, type ReactNode } from "react";
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import type { AllResult } from "../../queries.ts";
import { officePath, organisationApi } from "../data.ts";
import { dayColumn, textColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { billingWords } from "../words/billing.ts";

interface Props {
  readonly list: AllResult<InvoiceItem>;
  readonly id: string;
  /** Over several customers: their names are a column. */
  readonly ofAll?: boolean;
  readonly empty: ReactNode;
  readonly tools?: ReactNode;
  readonly urlKey?: string;
}

export function InvoiceTable({ list, id, ofAll = false, empty, tools, urlKey }: Props): ReactNode {
  const t = useWords(billingWords);
  const columns = useColumns(ofAll);
  return (
    <DataTable<InvoiceItem>
      id={id}
      label={t("kind.invoice")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      columns={columns}
      rowKey={(row) => row.id}
      rowName={(row) => row.number}
      rowHref={(row) => officePath(row.organisationId, `invoices/${row.id}`)}
      rowActions={(row) => [
        {
          label: t("pdf"),
          run: () =>
            void api.download(organisationApi(row.organisationId, `/invoices/${row.id}/pdf`), {
              name: `${row.number}.pdf`,
            }),
        },
      ]}
      sort="-issuedOn"
      total={list.total}
      cut={list.cut}
      empty={empty}
      {...(tools === undefined ? {} : { tools })}
      {...(urlKey === undefined ? {} : { urlKey })}
    />
  );
}

function useColumns(ofAll: boolean): readonly Column<InvoiceItem>[] {
  const t = useWords(billingWords);
  const format = useFormat();
  return useMemo(() => {
    const yen = (name: "net" | "tax" | "total"): Column<InvoiceItem> =>
      yenColumn(name, t(`col.${name}`), (row) => row[name], { hidden: name !== "total" });
    return [
      textColumn("number", t("col.number"), (row) => row.number),
      ...(ofAll ? [textColumn<InvoiceItem>("customer", t("col.customer"), (row) => row.organisation)] : []),
      textColumn("kind", t("col.kind"), (row) => t(`kind.${row.kind}`)),
      textColumn("month", t("col.month"), (row) => format.month(row.month), {
        sort: (row) => row.month,
        descending: true,
      }),
      // Documents of one day by their numbers.
      dayColumn("issuedOn", t("col.issued"), (row) => row.issuedOn, { sort: (row) => `${row.issuedOn} ${row.number}` }),
      dayColumn("dueOn", t("col.due"), (row) => row.dueOn),
      yen("net"),
      yen("tax"),
      yen("total"),
      textColumn("state", t("col.state"), (row) => t(row.replacedById === null ? "state.valid" : "state.replaced")),
    ];
  }, [t, format, ofAll]);
}
