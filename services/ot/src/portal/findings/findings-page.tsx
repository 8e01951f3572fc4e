/** What the detections found, with what people decide about it. */
import type { ReactNode } from "react";
import { useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { agoColumn, countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Banner, Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useSetSearch, useUrlState } from "@yagura/portal/url-state.ts";
import type { FindingView } from "../../wire/api-findings.ts";
import { Choice } from "../parts/choice.tsx";
import { Sited } from "../parts/sited.tsx";
import { useAll, useGet } from "../queries.ts";
import { isSeverity, severities, severityOrder, severityState } from "../severity.ts";
import { words } from "../words.ts";
import { FindingDialog } from "./finding-dialog.tsx";
import { sentencesOf } from "./sentences.ts";
import { findingWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(findingWords);
  const w = useWords(words);
  const tab = (id: "open" | "all", site: string) => ({
    id,
    label: t(`tab.${id}`),
    content: <List site={site} open={id === "open"} />,
  });
  return (
    <Sited title={w("nav.findings")} lead={t("lead")}>
      {({ id }) => (
        <>
          <Tabs label={t("tabs")} tabs={[tab("open", id), tab("all", id)]} />
          <Chosen />
        </>
      )}
    </Sited>
  );
}

/** The finding that the address names, wherever it stands in the lists. */
function Chosen(): ReactNode {
  const here = useOrganisation();
  const [chosen, choose] = useUrlState("finding");
  const { data } = useGet<FindingView>(here.api(`/ot/findings/${chosen}`), undefined, { enabled: chosen !== "" });
  return chosen === "" || data === undefined || data.id !== chosen ? null : (
    <FindingDialog finding={data} close={() => choose("")} />
  );
}

function List({ site, open }: { readonly site: string; readonly open: boolean }): ReactNode {
  const t = useWords(findingWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { language } = useLanguage();
  const [asset] = useUrlState("asset");
  const [severity, setSeverity] = useUrlState("severity", "any");
  const [, choose] = useUrlState("finding");
  const reset = useSetSearch();
  const path = here.api("/ot/findings");
  useLive(["ot.findings"], { refresh: [path], gather: 1_000 });
  const narrow = { ...(isSeverity(severity) ? { severity } : {}), ...(asset === "" ? {} : { asset }) };
  const list = useAll<FindingView>(path, { site, ...(open ? { state: "open" } : {}), ...narrow });
  const all = Object.keys(narrow).length === 0;
  return (
    <>
      {asset === "" ? null : <OfDevice asset={asset} rows={list.rows ?? []} />}
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
        onOpen={(row) => choose(row.id)}
        sort={open ? "severity" : "-last"}
        tools={<SeverityChoice value={severity} set={setSeverity} />}
        empty={
          all ? (
            <Empty title={t("none")}>{t("noneText")}</Empty>
          ) : (
            <Empty
              title={t("noneLike")}
              action={<Button onClick={() => reset({ severity: "", asset: "" })}>{t("showAll")}</Button>}
            />
          )
        }
        columns={[
          stateColumn("severity", t("severity"), (row) => ({
            state: row.state === "open" ? severityState[row.severity] : "unknown",
            label: w(`severity.${row.severity}`),
            order: severityOrder(row.severity),
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
    </>
  );
}

function SeverityChoice({ value, set }: { readonly value: string; readonly set: (value: string) => void }): ReactNode {
  const t = useWords(findingWords);
  const w = useWords(words);
  return (
    <Choice
      label={t("severity")}
      value={value}
      set={set}
      options={["any", ...severities]}
      say={(one) => (isSeverity(one) ? w(`severity.${one}`) : t("anySeverity"))}
    />
  );
}

function OfDevice({ asset, rows }: { readonly asset: string; readonly rows: readonly FindingView[] }): ReactNode {
  const t = useWords(findingWords);
  const [, choose] = useUrlState("asset");
  const name = rows.flatMap(({ assets }) => assets).find(({ id }) => id === asset)?.name;
  return (
    <Banner state="unknown">
      {name === undefined ? t("ofOneDevice") : t("ofDevice", { name })}{" "}
      <Button kind="quiet" onClick={() => choose("")}>
        {t("showAll")}
      </Button>
    </Banner>
  );
}
