/** Conversations: who asked whom by which protocol, how much, and what went wrong. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { agoColumn, bytesColumn, countColumn, figures, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import type { ConversationView } from "../../wire/api-traffic.ts";
import { AssetLink } from "../parts/asset-link.tsx";
import { useProtocolTitle } from "../parts/protocol.ts";
import { trafficWords } from "./words.ts";

type End = ConversationView["client"];
const nameOf = ({ asset, address, mac }: End): string => asset?.name ?? address ?? mac ?? "?";
const endColumn = (id: string, head: string, of: (row: ConversationView) => End): Column<ConversationView> => ({
  id,
  head,
  text: (row) => nameOf(of(row)),
  cell: (row) => {
    const end = of(row);
    return end.asset === null ? nameOf(end) : <AssetLink asset={end.asset} />;
  },
});

export function ConversationTable({ rows }: { readonly rows: readonly ConversationView[] }): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(trafficWords);
  const format = useFormat();
  return (
    <DataTable<ConversationView>
      id="ot-conversations"
      label={t("tab.conversations")}
      rows={rows}
      rowKey={({ client, server, protocol, transport, port }) =>
        [client, server].map((end) => end.asset?.id ?? `${end.address} ${end.mac}`).join(" ") +
        ` ${protocol} ${transport} ${port}`
      }
      rowName={({ client, server }) => `${nameOf(client)} → ${nameOf(server)}`}
      sort="-bytes"
      urlKey="talk."
      empty={<Empty title={t("noTalk")}>{t("noTalkText")}</Empty>}
      columns={[
        endColumn("client", t("client"), (row) => row.client),
        endColumn("server", t("server"), (row) => row.server),
        textColumn("protocol", t("protocol"), (row) => title(row.protocol), { fill: true }),
        textColumn("port", t("port"), (row) => (row.port === 0 ? row.transport : `${row.transport}/${row.port}`)),
        bytesColumn("bytes", t("bytes"), (row) => row.bytesIn + row.bytesOut),
        countColumn("packets", t("packets"), (row) => row.packetsIn + row.packetsOut),
        countColumn("connections", t("connections"), (row) => row.connections, { hidden: true }),
        countColumn("refused", t("refused"), (row) => row.refused),
        countColumn("unanswered", t("unanswered"), (row) => row.unanswered),
        countColumn("retransmissions", t("retransmissions"), (row) => row.retransmissions, { hidden: true }),
        countColumn("missing", t("missing"), (row) => row.missing, { hidden: true }),
        {
          id: "rtt",
          head: t("rtt"),
          ...figures,
          hidden: true,
          text: (row) => row.rttUs,
          cell: (row) => format.duration(row.rttUs),
        },
        whenColumn("first", t("first"), (row) => row.firstAt, { hidden: true }),
        agoColumn("last", t("last"), (row) => row.lastAt),
      ]}
    />
  );
}
