/** Whom a device talks to. */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { agoColumn, bytesColumn, countColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useGet } from "../queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Peers } from "../../wire/api-assets.ts";
import type { Static } from "typebox";
import { useProtocolTitle } from "../parts/protocol.ts";
import { assetWords } from "./words.ts";

type Peer = Static<typeof Peers>["items"][number];
interface Row {
  readonly key: string;
  readonly peer: Peer;
  readonly service: Peer["services"][number];
}

export function PeersTab({ path }: { readonly path: string }): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(assetWords);
  const here = useOrganisation();
  const query = useGet<Static<typeof Peers>>(`${path}/peers`);
  const nameOf = ({ peer, kind, address }: Peer): string =>
    peer?.name ?? `${address ?? "?"} (${t(kind === "group" ? "peer.group" : "peer.outside")})`;
  return (
    <Loaded query={query} rows={8}>
      {({ items }) => (
        <DataTable<Row>
          id="ot-peers"
          label={t("tab.peers")}
          rows={items.flatMap((peer) =>
            peer.services.map((service) => ({
              key: `${peer.peer?.id ?? peer.address ?? ""} ${service.protocol} ${service.transport} ${service.port} ${service.side}`,
              peer,
              service,
            })),
          )}
          rowKey={(row) => row.key}
          rowName={({ peer }) => nameOf(peer)}
          rowHref={({ peer }) => (peer.peer === null ? null : here.path(`ot/assets/${peer.peer.id}`))}
          sort="-bytes"
          urlKey="peers."
          empty={<Empty title={t("noPeers")} />}
          columns={[
            textColumn("peer", t("peer"), ({ peer }) => nameOf(peer), { fill: true }),
            textColumn("side", t("direction"), ({ service }) => t(`side.${service.side}`)),
            textColumn(
              "service",
              t("service"),
              ({ service }) => `${title(service.protocol)} (${service.transport}/${service.port})`,
            ),
            bytesColumn("bytes", t("bytes"), ({ service }) => service.bytesIn + service.bytesOut),
            countColumn("packets", t("packets"), ({ service }) => service.packetsIn + service.packetsOut),
            whenColumn("first", t("first"), ({ service }) => service.firstAt, { hidden: true }),
            agoColumn("last", t("last"), ({ service }) => service.lastAt),
          ]}
        />
      )}
    </Loaded>
  );
}
