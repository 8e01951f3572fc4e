/** What a contract will cost, month by month, each line with its reason; also what follows from the terms. */
import { useState, type ReactNode } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Forecast } from "@yagura/commerce/contracts/shapes.ts";
import type { DerivedFact } from "@yagura/commerce/charging/shapes.ts";
import type { ApiError } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { countColumn, textColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { LinesTable, Totals } from "../parts/lines.tsx";
import { contractWords } from "../words/contracts.ts";

export type Month = Forecast["months"][number];

interface CostsProps {
  readonly query: UseQueryResult<Forecast, ApiError>;
  readonly id: string;
}
export function CostsTab({ query, id }: CostsProps): ReactNode {
  const t = useWords(contractWords);
  return (
    <Loaded query={query} rows={12}>
      {(forecast) => (
        <div className="stack-wide">
          <p className="soft">{t("costs.lead")}</p>
          <MonthsTable months={forecast.months} id={`${id}-costs`} />
          <Derived facts={forecast.derived} />
        </div>
      )}
    </Loaded>
  );
}

/** Months and their totals; a row opens the lines. */
export function MonthsTable({ months, id }: { readonly months: readonly Month[]; readonly id: string }): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const [open, setOpen] = useState<Month | null>(null);
  return (
    <>
      <DataTable<Month>
        id={id}
        label={t("tab.costs")}
        urlKey="m"
        plain
        rows={months}
        rowKey={(month) => month.month}
        rowName={(month) => format.month(month.month)}
        onOpen={setOpen}
        sort="month"
        empty={<Empty title={t("costs.none")}>{t("costs.noneText")}</Empty>}
        columns={[
          textColumn("month", t("costs.month"), (month) => format.month(month.month), { sort: (month) => month.month }),
          countColumn("lines", t("costs.lines"), (month) => month.lines.length),
          yenColumn("net", t("costs.net"), (month) => month.totals.net),
          yenColumn("tax", t("costs.tax"), (month) => month.totals.tax),
          yenColumn("total", t("costs.total"), (month) => month.totals.total),
        ]}
      />
      {open === null ? null : (
        <Dialog title={t("costs.of", { month: format.month(open.month) })} close={() => setOpen(null)} wide>
          <LinesTable id={`${id}-${open.month}`} urlKey="l" lines={open.lines} plain ofOneContract />
          <Totals totals={open.totals} />
        </Dialog>
      )}
    </>
  );
}

/** Days and numbers that the terms decide: end of the minimum term, last day to give notice. */
export function Derived({ facts }: { readonly facts: readonly DerivedFact[] }): ReactNode {
  const t = useWords(contractWords);
  const say = useSay();
  if (facts.length === 0) return null;
  return (
    <Section title={t("costs.rules")}>
      <ul className="rule-list">
        {facts.map((fact) => (
          <li key={`${fact.rule} ${fact.what} ${String(fact.value)}`}>
            <span>{say(fact.sentence)}</span>
            <span className="tag">{fact.rule}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
