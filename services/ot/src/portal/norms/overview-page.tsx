/** The provider's view of the norms: how many organisations take part, and what is published (OT-N9). */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { countColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Page as Frame, Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { NORM_K } from "../../analysis/norms/sums.ts";
import type { NormOverview, NormSubject } from "../../wire/api-norms.ts";
import { useAttributeValue } from "../parts/role.ts";
import { normWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(normWords);
  return (
    <Frame title={t("overview")} lead={t("overviewLead")}>
      <Loaded query={useGet<NormOverview>("/api/v1/provider/ot/norms")} rows={8}>
        {(overview) => <Shown overview={overview} />}
      </Loaded>
    </Frame>
  );
}

function Shown({
  overview: { sums, members, giving, sites, subjects },
}: {
  readonly overview: NormOverview;
}): ReactNode {
  const t = useWords(normWords);
  const format = useFormat();
  const told = useAttributeValue();
  return (
    <>
      <Facts
        wide
        facts={[
          { name: t("members"), value: format.number(members) },
          { name: t("giving"), value: format.number(giving) },
          { name: t("countedSites"), value: format.number(sites) },
          { name: t("sums"), value: sums === null ? t("noSums") : format.instant(sums.at) },
        ]}
      />
      <Section title={t("subjects")}>
        <DataTable<NormSubject>
          id="ot-norms"
          label={t("subjects")}
          rows={subjects}
          rowKey={({ level, vendor, name }) => `${level} ${vendor} ${name}`}
          rowName={({ vendor, name }) => `${vendor} ${name}`}
          sort="vendor"
          empty={<Empty title={t("noSubjects")}>{t("noSubjectsText", { k: format.number(NORM_K) })}</Empty>}
          columns={[
            textColumn("vendor", t("vendor"), (row) => row.vendor),
            textColumn("level", t("level"), (row) => t(`level.${row.level}`)),
            textColumn("name", t("name"), (row) => (row.level === "role" ? told("role", row.name) : row.name), {
              fill: true,
            }),
            countColumn("organisations", t("organisations"), (row) => row.of.organisations),
            countColumn("sites", t("sites"), (row) => row.of.sites),
          ]}
        />
      </Section>
    </>
  );
}
