/** Captures handed in for a one-off analysis (OT-32). */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { actorColumn, bytesColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo } from "@yagura/portal/url-state.ts";
import type { CaptureUpload } from "../../wire/api-register.ts";
import { useList } from "../queries.ts";
import { useSite } from "../site.tsx";
import { words } from "../words.ts";
import { captureMarks } from "./marks.ts";
import { Upload } from "./upload.tsx";
import { captureWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const go = useGo();
  const { site } = useSite();
  const path = here.api("/ot/captures");
  useLive(["ot.capture"], { refresh: [path] });
  const list = useList<CaptureUpload>(path, undefined, { every: 60_000 });
  return (
    <Frame title={w("nav.captures")} lead={t("lead")}>
      {here.can("ot.write") ? (
        <Upload path={path} site={site?.id} done={({ id }) => go(here.path(`ot/captures/${id}`))} />
      ) : null}
      <DataTable<CaptureUpload>
        id="ot-captures"
        label={w("nav.captures")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => here.path(`ot/captures/${row.id}`)}
        sort="-created"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        columns={[
          stateColumn("state", t("state"), ({ state }) => ({ ...captureMarks[state], label: t(`state.${state}`) })),
          textColumn("name", t("name"), (row) => row.name, { fill: true }),
          bytesColumn("size", t("size"), (row) => row.bytes),
          {
            id: "packets",
            head: t("packets"),
            align: "end",
            descending: true,
            text: (row) => row.packets,
            cell: (row) => format.number(row.packets),
          },
          whenColumn("created", t("created"), (row) => row.createdAt),
          actorColumn("by", t("by"), (row) => row.createdBy),
        ]}
      />
    </Frame>
  );
}
