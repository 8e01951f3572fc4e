/** The device list: what stands in the network, what it is, and what is wrong with it. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { agoColumn, countColumn, stateColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { api, type Query } from "@yagura/portal/api.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { AssetItem } from "../../wire/api-assets.ts";
import { Choice } from "../parts/choice.tsx";
import { useProtocolTitle } from "../parts/protocol.ts";
import { Sited } from "../parts/sited.tsx";
import { useAll } from "../queries.ts";
import { roleColumn } from "../role-column.tsx";
import { severityOrder, severityState } from "../severity.ts";
import { words } from "../words.ts";
import { assetWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(assetWords);
  return (
    <Sited title={t("list")} lead={t("lead")}>
      {({ id }) => <List site={id} />}
    </Sited>
  );
}

/** Which devices are listed; what is not named here is all. */
const shows = ["all", "new", "findings", "conflicts", "learning", "unregistered", "absent"] as const;
type Show = (typeof shows)[number];
const HOUR = 3_600_000;
/** Whole hours, so that the same question is asked for a while. */
const dayAgo = (): string => new Date(Math.floor(Date.now() / HOUR - 24) * HOUR).toISOString();
const filters: Readonly<Record<Show, () => Query>> = {
  all: () => ({}),
  new: () => ({ firstFrom: dayAgo() }),
  findings: () => ({ findings: true }),
  conflicts: () => ({ conflicts: true }),
  learning: () => ({ learning: "learning" }),
  unregistered: () => ({ registered: false }),
  absent: () => ({ seenTo: dayAgo() }),
};

function List({ site }: { readonly site: string }): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const path = here.api("/ot/assets");
  useLive(["ot.assets", "ot.findings"], { refresh: [path], gather: 10_000 });
  const [chosen, choose] = useUrlState("show", "all");
  const show = shows.find((one) => one === chosen) ?? "all";
  const query = { site, ...filters[show]() };
  const list = useAll<AssetItem>(path, query);
  const columns = useColumns();
  const picker = <Choice label={t("show")} value={show} set={choose} options={shows} say={(one) => t(`show.${one}`)} />;
  return (
    <DataTable<AssetItem>
      id="ot-assets"
      label={t("list")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      total={list.total}
      cut={list.cut}
      rowKey={(row) => row.id}
      rowName={(row) => row.name}
      rowHref={(row) => here.path(`ot/assets/${row.id}`)}
      sort="worst"
      empty={
        show === "all" ? (
          <Empty title={t("none")}>{t("noneText")}</Empty>
        ) : (
          <Empty title={t("noneLike")} action={<Button onClick={() => choose("all")}>{t("showAll")}</Button>}>
            {t(`show.${show}`)}
          </Empty>
        )
      }
      tools={
        <>
          {picker}
          {list.cut ? (
            <Button
              kind="quiet"
              icon="download"
              onClick={() => void api.download(`${path}.csv`, { query, name: "assets.csv" })}
            >
              {t("csv")}
            </Button>
          ) : null}
        </>
      }
      columns={columns}
    />
  );
}

function useColumns(): Column<AssetItem>[] {
  const t = useWords(assetWords);
  const title = useProtocolTitle();
  const w = useWords(words);
  const format = useFormat();
  return [
    stateColumn("worst", t("severity"), ({ worst, findings }) => ({
      state: worst === null ? "good" : severityState[worst],
      order: severityOrder(worst),
      label: worst === null ? t("severity.none") : `${w(`severity.${worst}`)} (${format.number(findings)})`,
    })),
    textColumn("name", t("name"), (row) => row.name, { fill: true }),
    roleColumn(
      "role",
      t("role"),
      (row) => row.role,
      (role) => w(`role.${role}`),
    ),
    textColumn("vendor", t("vendor"), (row) => row.vendor),
    textColumn("model", t("model"), (row) => row.model),
    textColumn("firmware", t("firmware"), (row) => row.firmware),
    textColumn("address", t("address"), (row) => row.addresses.join(" ") || null, { width: "12rem" }),
    textColumn("mac", t("mac"), (row) => row.macs.join(" "), hidden),
    textColumn("zone", t("zone"), (row) => row.zoneName),
    textColumn("level", t("level"), (row) => (row.level === null ? null : String(row.level)), hidden),
    textColumn("os", t("os"), (row) => row.os, hidden),
    textColumn("serial", t("serial"), (row) => row.serial, hidden),
    textColumn("vlan", t("vlan"), (row) => row.vlans.join(" "), hidden),
    textColumn("protocols", t("protocols"), (row) => row.protocols.map((one) => title(one)).join(", "), hidden),
    textColumn("criticality", t("criticality"), (row) => t(`criticality.${row.criticality}`), hidden),
    textColumn("learning", t("learning"), (row) => t(`learning.${row.learning}`)),
    countColumn("conflicts", t("conflicts"), (row) => row.conflicts, hidden),
    textColumn(
      "registered",
      t("registered"),
      (row) => (row.registered === null ? null : t(row.registered ? "registered.yes" : "registered.no")),
      hidden,
    ),
    agoColumn("first", t("first"), (row) => row.firstAt, hidden),
    agoColumn("last", t("last"), (row) => row.lastAt),
  ];
}
const hidden = { hidden: true } as const;
