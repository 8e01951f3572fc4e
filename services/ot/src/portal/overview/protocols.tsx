/** Which protocols are spoken, those of the factory first. */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { bytesColumn, countColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Overview } from "../../wire/api.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { overviewWords } from "./words.ts";

type Row = Overview["protocols"][number];

export function Protocols({ overview, site }: { readonly overview: Overview; readonly site: string }): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(overviewWords);
  const here = useOrganisation();
  return (
    <Section title={t("protocols")}>
      <DataTable<Row>
        id="ot-protocols"
        label={t("protocols")}
        rows={overview.protocols}
        plain
        rowKey={(row) => row.protocol}
        rowName={(row) => title(row.protocol)}
        rowHref={(row) => here.path(`ot/traffic?site=${site}&protocol=${row.protocol}`)}
        sort="kind"
        urlKey="protocols."
        empty={<Empty title={t("noProtocol")}>{t("noProtocolText")}</Empty>}
        columns={[
          textColumn("protocol", t("protocol"), (row) => title(row.protocol), { fill: true }),
          {
            ...textColumn<Row>("kind", t("kind"), (row) => t(row.ot ? "factory" : "office")),
            sort: (row) => (row.ot ? 0 : 1),
          },
          bytesColumn("bytes", t("bytes"), (row) => row.bytes),
          countColumn("packets", t("packets"), (row) => row.packets),
        ]}
      />
    </Section>
  );
}
