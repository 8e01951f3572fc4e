/** Sensors of the organisation: do they run, and how well do they hear. */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { agoColumn, stateColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Sensor } from "../../wire/api.ts";
import { useList } from "../queries.ts";
import { words } from "../words.ts";
import { sensorMarks } from "./marks.ts";
import { Sites } from "./site-dialogs.tsx";
import { sensorWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(sensorWords);
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/sensors");
  useLive(["ot.assets", "ot.sensor", "ot.site", "device"], { refresh: [path, here.api("/ot/sites")] });
  const list = useList<Sensor>(path, undefined, { every: 60_000 });
  return (
    <Frame title={w("nav.sensors")} lead={t("lead")}>
      <DataTable<Sensor>
        id="ot-sensors"
        label={w("nav.sensors")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.label}
        rowHref={(row) => here.path(`ot/sensors/${row.id}`)}
        sort="state"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        columns={[
          stateColumn("state", t("state"), (row) => ({ ...sensorMarks[row.state], label: t(`state.${row.state}`) })),
          textColumn("label", t("label"), (row) => row.label, { fill: true }),
          textColumn("site", w("site"), (row) => row.siteName),
          textColumn("place", t("place"), (row) => row.place),
          textColumn("contract", t("contract"), (row) => row.contractNumber),
          stateColumn("quality", t("quality"), (row) => ({ state: row.quality, label: t(`quality.${row.quality}`) })),
          agoColumn("last", t("lastUpload"), (row) => row.lastUploadAt),
          textColumn("version", t("version"), (row) => row.version, { hidden: true }),
        ]}
      />
      <Sites />
    </Frame>
  );
}
