/** The device list: what stands in the network, what it is, and what is wrong with it. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Empty, Loading } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { agoColumn, countColumn, stateColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { api } from "@yagura/portal/api.ts";
import { useAll } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetItem } from "../../wire/api-assets.ts";
import { protocols } from "../../wire/vocabulary.ts";
import { roleColumn } from "../role-column.tsx";
import { SiteSwitch, useSite } from "../site.tsx";
import { words } from "../words.ts";
import { assetWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(assetWords);
  const sites = useSite();
  return (
    <Frame title={t("list")} lead={t("lead")} actions={<SiteSwitch {...sites} />}>
      {sites.sites === undefined ? (
        <Loading rows={12} />
      ) : sites.site === null ? (
        <Empty title={t("none")}>{t("noneText")}</Empty>
      ) : (
        <List site={sites.site.id} />
      )}
    </Frame>
  );
}

const worstOf = (worst: AssetItem["worst"]): { state: State; order: number } =>
  worst === null
    ? { state: "good", order: 9 }
    : {
        state: worst === "critical" || worst === "bad" ? "bad" : worst === "notice" ? "notice" : "good",
        order: { critical: 0, bad: 1, notice: 2, info: 3 }[worst],
      };

function List({ site }: { readonly site: string }): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const path = here.api("/ot/assets");
  useLive(["ot.assets", "ot.findings"], { refresh: [path] });
  const list = useAll<AssetItem>(path, { site });
  const columns = useColumns();
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
      empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
      tools={
        list.cut ? (
          <Button
            kind="quiet"
            icon="download"
            onClick={() => void api.download(`${path}.csv`, { query: { site }, name: "assets.csv" })}
          >
            {t("csv")}
          </Button>
        ) : null
      }
      columns={columns}
    />
  );
}

function useColumns(): Column<AssetItem>[] {
  const t = useWords(assetWords);
  const w = useWords(words);
  const format = useFormat();
  return [
    stateColumn("worst", t("severity"), ({ worst, findings }) => ({
      ...worstOf(worst),
      label: worst === null ? t("severity.none") : `${t(`severity.${worst}`)} (${format.number(findings)})`,
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
    textColumn("address", t("address"), (row) => row.addresses.join(" ")),
    textColumn("mac", t("mac"), (row) => row.macs.join(" "), hidden),
    textColumn("zone", t("zone"), (row) => row.zoneName),
    textColumn("level", t("level"), (row) => (row.level === null ? null : String(row.level)), hidden),
    textColumn("os", t("os"), (row) => row.os, hidden),
    textColumn("serial", t("serial"), (row) => row.serial, hidden),
    textColumn("vlan", t("vlan"), (row) => row.vlans.join(" "), hidden),
    textColumn(
      "protocols",
      t("protocols"),
      (row) => row.protocols.map((one) => protocols[one].title).join(", "),
      hidden,
    ),
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
