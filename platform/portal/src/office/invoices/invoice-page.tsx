/** One issued document: its lines with their reasons, its taxes, its files, and what may be done about it. */
import { useState, type ReactNode } from "react";
import type { BillLine, InvoiceDetail } from "@yagura/commerce/billing/shapes.ts";
import { api, saveFile } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Banner, Loaded } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { Day, When } from "../../parts/when.tsx";
import { useAll, useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useParams } from "../../url-state.ts";
import { LinesTable, Totals } from "../parts/lines.tsx";
import { Yen } from "../parts/yen.tsx";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";
import { partWords } from "../words/parts.ts";
import { CorrectDialog, CreditDialog } from "./correct.tsx";
import { DocumentHead, DocumentNotes } from "./document.tsx";

export function Page(): ReactNode {
  const n = useWords(navWords);
  const here = useOrganisation();
  const { invoice = "" } = useParams();
  const path = here.api(`/invoices/${invoice}`);
  const query = useGet<InvoiceDetail>(path);
  const lines = useAll<BillLine>(`${path}/lines`);
  const up = { label: n("invoices"), href: here.path("office/invoices") };
  if (query.data === undefined) {
    return (
      <Frame title={n("invoice")} up={up}>
        <Loaded query={query} rows={12}>
          {() => null}
        </Loaded>
      </Frame>
    );
  }
  return <Document invoice={query.data} lines={lines.rows} path={path} up={up} />;
}

interface DocumentProps {
  readonly invoice: InvoiceDetail;
  readonly lines: readonly BillLine[] | undefined;
  readonly path: string;
  readonly up: { readonly label: string; readonly href: string };
}
function Document({ invoice, lines, path, up }: DocumentProps): ReactNode {
  const t = useWords(billingWords);
  const p = useWords(partWords);
  const here = useOrganisation();
  const { content } = invoice;
  return (
    <Frame
      title={`${t(`kind.${invoice.kind}`)} ${invoice.number}`}
      up={up}
      actions={<Acts invoice={invoice} lines={lines} path={path} />}
    >
      <div className="stack-wide">
        <Relations invoice={invoice} />
        <div className="paper">
          <p className="paper-sum">
            <span className="soft">{p("totals.total")}</span> <Yen amount={invoice.total} />
          </p>
          <DocumentHead
            content={content}
            more={[
              { name: t("col.issued"), value: <Day day={invoice.issuedOn} /> },
              {
                name: t("mailed"),
                value: invoice.mailedAt === null ? t("mailed.not") : <When at={invoice.mailedAt} />,
              },
            ]}
          />
        </div>
        <LinesTable id={invoice.number} lines={lines} ofOneContract={content.unit === "contract"} />
        <Totals totals={{ subtotals: content.subtotals, tax: invoice.tax, total: invoice.total }} />
        <DocumentNotes content={content} />
        {invoice.creditNotes.length === 0 ? null : (
          <Section title={t("creditNotes")}>
            <ul className="plain-list">
              {invoice.creditNotes.map((note) => (
                <li key={note.id}>
                  <Link href={here.path(`office/invoices/${note.id}`)}>{note.number}</Link> <Yen amount={note.total} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </Frame>
  );
}

function Relations({ invoice }: { readonly invoice: InvoiceDetail }): ReactNode {
  const t = useWords(billingWords);
  const here = useOrganisation();
  const { content } = invoice;
  return (
    <>
      {invoice.replacedById === null ? null : (
        <Banner>
          {t("replaced")} <Link href={here.path(`office/invoices/${invoice.replacedById}`)}>{t("replaced.open")}</Link>
        </Banner>
      )}
      {invoice.correctsId === null ? null : (
        <Banner state="unknown">
          {t("corrects", { number: content.corrects ?? "" })} {content.reason ?? ""}{" "}
          <Link href={here.path(`office/invoices/${invoice.correctsId}`)}>{t("corrects.open")}</Link>
        </Banner>
      )}
    </>
  );
}

function Acts({ invoice, lines, path }: Omit<DocumentProps, "up">): ReactNode {
  const t = useWords(billingWords);
  const p = useWords(partWords);
  const here = useOrganisation();
  const format = useFormat();
  const [open, setOpen] = useState<"correct" | "credit" | null>(null);
  const may = here.can("billing.write") && invoice.kind !== "credit-note" && invoice.replacedById === null;
  const close = (): void => setOpen(null);
  const saveJson = (): void =>
    saveFile(
      new Blob([JSON.stringify({ ...invoice, lines }, null, 2)], { type: "application/json" }),
      `${invoice.number}.json`,
    );
  return (
    <>
      <Button
        icon="download"
        kind="primary"
        onClick={() => void api.download(`${path}/pdf`, { name: `${invoice.number}.pdf` })}
      >
        {t("pdf")}
      </Button>
      <Button icon="download" onClick={() => void api.download(`${path}/csv`, { name: `${invoice.number}.csv` })}>
        {t("csv")}
      </Button>
      <Button icon="download" disabled={lines === undefined} onClick={saveJson}>
        {t("json")}
      </Button>
      <Button icon="print" onClick={() => print()}>
        {p("print")}
      </Button>
      {may ? <Button onClick={() => setOpen("correct")}>{t("correct")}</Button> : null}
      {may ? <Button onClick={() => setOpen("credit")}>{t("credit")}</Button> : null}
      {open === "correct" ? (
        <CorrectDialog id={invoice.id} number={invoice.number} total={format.yen(invoice.total)} close={close} />
      ) : null}
      {open === "credit" && lines !== undefined ? <CreditDialog id={invoice.id} lines={lines} close={close} /> : null}
    </>
  );
}
