/** What the next bill will be, explained line by line: the same function makes it as makes the bill (COM-19). */
import type { ReactNode } from "react";
import type { DraftDocument, NextBill } from "@yagura/commerce/billing/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Banner, Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section } from "../../parts/page.tsx";
import { When } from "../../parts/when.tsx";
import { useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useContractLabel } from "../offers.ts";
import { LinesTable, Totals } from "../parts/lines.tsx";
import { Yen } from "../parts/yen.tsx";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";
import { DocumentNotes } from "./document.tsx";

export function Page(): ReactNode {
  const t = useWords(billingWords);
  const n = useWords(navWords);
  const format = useFormat();
  const here = useOrganisation();
  const query = useGet<NextBill>(here.api("/next-bill"));
  const lead = query.data === undefined ? undefined : t("next.lead", { month: format.month(query.data.month) });
  return (
    <Frame title={n("nextBill")} lead={lead}>
      <Loaded query={query} rows={10}>
        {(bill) => <Bill bill={bill} />}
      </Loaded>
    </Frame>
  );
}

function Bill({ bill }: { readonly bill: NextBill }): ReactNode {
  const t = useWords(billingWords);
  return (
    <div className="stack-wide">
      {bill.aside.length === 0 ? null : (
        <Banner state="bad" title={t("next.aside")}>
          <ul className="plain-list">
            {bill.aside.map((each) => (
              <li key={each.contract}>
                {each.contract}: {each.reason}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      {bill.documents.length === 0 ? (
        <Empty title={t("next.none")}>{t("next.noneText")}</Empty>
      ) : (
        <Facts
          wide
          facts={[
            { name: t("next.total"), value: <Yen amount={bill.total} /> },
            { name: t("col.net"), value: <Yen amount={bill.net} /> },
            { name: t("col.tax"), value: <Yen amount={bill.tax} /> },
            { name: t("next.asOf"), value: <When at={bill.asOf} /> },
          ]}
        />
      )}
      {bill.documents.map((draft, place) => (
        <Draft
          key={draft.content.contracts.join() || String(place)}
          draft={draft}
          place={place + 1}
          last={place === bill.documents.length - 1}
        />
      ))}
    </div>
  );
}

interface DraftProps {
  readonly draft: DraftDocument;
  readonly place: number;
  /** The remark on rounding stands once, below the last. */
  readonly last: boolean;
}
function Draft({ draft, place, last }: DraftProps): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const labelOf = useContractLabel();
  const { content } = draft;
  const title = content.contracts.length === 1 ? labelOf(content.contracts[0] ?? "") : t("next.document", { n: place });
  const due = draft.dueOn === null ? "" : ` · ${t("next.due", { day: format.day(draft.dueOn) })}`;
  return (
    <Section title={title} lead={`${t(`unit.${draft.unit}`)}${due}`}>
      <LinesTable
        id={`next-bill-${place}`}
        urlKey={`d${place}`}
        lines={draft.lines}
        plain={draft.lines.length < 12}
        ofOneContract={draft.unit === "contract"}
      />
      <Totals totals={{ subtotals: content.subtotals, tax: draft.tax, total: draft.total }} note={last} />
      <DocumentNotes content={content} />
    </Section>
  );
}
