/** What the detections found, with what people decide about it. */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useLanguage, useWords } from "@yagura/portal/language.tsx";
import { agoColumn, countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, Loading } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { useAll } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { FindingView } from "../../wire/api-findings.ts";
import { SiteSwitch, useSite } from "../site.tsx";
import { words } from "../words.ts";
import { FindingDialog } from "./finding-dialog.tsx";
import { sentencesOf } from "./sentences.ts";
import { findingWords } from "./words.ts";
import "../ot.css";

const order = { critical: 0, bad: 1, notice: 2, info: 3 } as const;
const mark: Readonly<Record<FindingView["severity"], State>> = {
  critical: "bad",
  bad: "bad",
  notice: "notice",
  info: "good",
};

export function Page(): ReactNode {
  const t = useWords(findingWords);
  const w = useWords(words);
  const sites = useSite();
  const tab = (id: "open" | "all") => ({
    id,
    label: t(`tab.${id}`),
    content: <List site={sites.site?.id ?? ""} open={id === "open"} />,
  });
  return (
    <Frame title={w("nav.findings")} lead={t("lead")} actions={<SiteSwitch {...sites} />}>
      {sites.sites === undefined ? (
        <Loading rows={10} />
      ) : sites.site === null ? (
        <Empty title={t("none")}>{t("noneText")}</Empty>
      ) : (
        <Tabs label={t("tabs")} tabs={[tab("open"), tab("all")]} />
      )}
    </Frame>
  );
}

function List({ site, open }: { readonly site: string; readonly open: boolean }): ReactNode {
  const t = useWords(findingWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { language } = useLanguage();
  const [asset] = useUrlState("asset");
  const path = here.api("/ot/findings");
  useLive(["ot.findings"], { refresh: [path] });
  const list = useAll<FindingView>(path, {
    site,
    ...(open ? { state: "open" } : {}),
    ...(asset === "" ? {} : { asset }),
  });
  const [chosen, setChosen] = useState<FindingView | null>(null);
  return (
    <>
      <DataTable<FindingView>
        id="ot-findings"
        label={w("nav.findings")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        total={list.total}
        cut={list.cut}
        rowKey={(row) => row.id}
        rowName={(row) => sentencesOf(row, language).title}
        onOpen={setChosen}
        sort={open ? "severity" : "-last"}
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        columns={[
          stateColumn("severity", t("severity"), (row) => ({
            state: row.state === "open" ? mark[row.severity] : "unknown",
            label: t(`severity.${row.severity}`),
            order: order[row.severity],
          })),
          textColumn("what", t("what"), (row) => sentencesOf(row, language).title, { fill: true }),
          textColumn("devices", t("devices"), (row) => row.assets.map(({ name }) => name).join(", "), {
            width: "16rem",
          }),
          textColumn("state", t("state"), (row) => t(`state.${row.state}`), { hidden: open }),
          whenColumn("since", t("since"), (row) => row.since),
          agoColumn("last", t("last"), (row) => row.lastAt),
          countColumn("count", t("count"), (row) => row.count),
        ]}
      />
      {chosen === null ? null : <FindingDialog finding={chosen} close={() => setChosen(null)} />}
    </>
  );
}
