/** In which order functions are asked for between this device and others; nothing where there is no order. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { agoColumn, countColumn, figures, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import type { OrderView, Orders as Answer } from "../../wire/api-orders.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { useGet } from "../queries.ts";
import { orderWords } from "./order-words.ts";
import { assetWords } from "./words.ts";

export function Orders({ path }: { readonly path: string }): ReactNode {
  const w = useWords(orderWords);
  const t = useWords(assetWords);
  const format = useFormat();
  const title = useProtocolTitle();
  const { data, error } = useGet<Answer>(`${path}/orders`);
  if (data === undefined ? error === null : data.items.length === 0) return null;
  return (
    <Section title={w("title")} lead={w("lead")}>
      <DataTable<OrderView>
        id="ot-asset-orders"
        label={w("title")}
        rows={data?.items}
        error={error}
        {...(data === undefined ? {} : { total: data.total, cut: data.total > data.items.length })}
        rowKey={({ client, server, protocol, before, after }) =>
          `${client?.id ?? ""} ${server?.id ?? ""} ${protocol} ${before.code} ${after.code}`
        }
        rowName={({ before, after }) => `${before.name} → ${after.name}`}
        sort="-count"
        urlKey="orders."
        empty={<Empty title={t("noCommands")} />}
        columns={[
          textColumn("from", t("from"), (row) => row.client?.name ?? null),
          textColumn("to", t("to"), (row) => row.server?.name ?? null),
          textColumn("protocol", t("protocols"), (row) => title(row.protocol)),
          textColumn("before", w("before"), (row) => row.before.name),
          textColumn("after", w("after"), (row) => row.after.name, { fill: true }),
          countColumn("count", t("count"), (row) => row.count),
          {
            id: "share",
            head: w("share"),
            ...figures,
            text: (row) => row.share,
            cell: (row) => format.percent(row.share),
          },
          whenColumn("first", t("first"), (row) => row.firstAt, { hidden: true }),
          agoColumn("last", t("last"), (row) => row.lastAt, { hidden: true }),
        ]}
      />
    </Section>
  );
}
