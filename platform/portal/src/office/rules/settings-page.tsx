/** Settings by date: readings of the rules first, for they move money. */
import { useMemo, useState, type ReactNode } from "react";
import type { SettingItem } from "@yagura/commerce/terms/shapes.ts";
import { useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useList, type AllResult } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useServiceName } from "../data.ts";
import { actorColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { useName } from "../parts/name.ts";
import { ruleWords } from "../words/rules.ts";
import { SETTINGS } from "./paths.ts";
import { useRangeColumns } from "./range-columns.tsx";
import { SettingDialog } from "./setting-dialog.tsx";
import { useTellValue } from "./tell-value.ts";

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const n = useWords(navWords);
  const list = useList<SettingItem>(SETTINGS);
  const [open, setOpen] = useState<SettingItem | null>(null);
  return (
    <Frame title={n("settings")} lead={t("settings.lead")}>
      <Section title={t("settings.readings")}>
        <Settings list={list} readings open={setOpen} />
      </Section>
      <Section title={t("settings.values")}>
        <Settings list={list} readings={false} open={setOpen} />
      </Section>
      {open === null ? null : <SettingDialog asked={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

interface SettingsProps {
  readonly list: AllResult<SettingItem>;
  readonly readings: boolean;
  readonly open: (setting: SettingItem) => void;
}
function Settings({ list, readings, open }: SettingsProps): ReactNode {
  const t = useWords(ruleWords);
  const say = useName();
  const nameOf = useServiceName();
  const { can } = useProvider();
  const ranges = useRangeColumns<SettingItem>();
  const rows = useMemo(() => list.rows?.filter((row) => (row.reading !== null) === readings), [list.rows, readings]);
  const tell = useTellValue();
  const valueOf = (row: SettingItem): string => tell(row.key, row.value, row.choices);
  const may = can("terms.write");
  return (
    <DataTable<SettingItem>
      id={readings ? "readings" : "settings"}
      label={t(readings ? "settings.readings" : "settings.values")}
      urlKey={readings ? "r" : "v"}
      rows={rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => `${row.service ?? "*"} ${row.key} ${row.from ?? ""}`}
      rowName={(row) => row.key}
      sort="service"
      {...(may
        ? { onOpen: open, rowActions: (row: SettingItem) => [{ label: t("settings.change"), run: () => open(row) }] }
        : {})}
      empty={<Empty title={t("settings.none")}>{t("settings.noneText")}</Empty>}
      columns={[
        textColumn("service", t("col.service"), (row) => (row.service === null ? t("col.every") : nameOf(row.service))),
        textColumn("reading", "ID", (row) => row.reading, { hidden: !readings }),
        textColumn("name", t("settings.key"), (row) => (row.name === null ? row.key : say(row.name)), { fill: true }),
        textColumn("value", t("settings.value"), valueOf, { width: "18rem" }),
        ...ranges,
        actorColumn("by", t("settings.by"), (row) => row.setBy, { hidden: true }),
        whenColumn("at", t("settings.at"), (row) => row.setAt, { hidden: true }),
      ]}
    />
  );
}
