/** The paper of a document: rendered once from its stored content, then kept with the hash of its bytes. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Language } from "@yagura/core/errors.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import type { CreditNoteContent, InvoiceContent } from "@yagura/reports/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { jaMonth } from "../charging/explain.ts";
import type { Text } from "../charging/tables.ts";
import { partiesOf } from "../papers/parties.ts";
import { groupsOf, rateName } from "./paper-lines.ts";
import type { InvoiceDetail } from "./shapes.ts";
import { linesOf, type StoredLine } from "./stored-lines.ts";

export interface Paper {
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** As it was first rendered in this language; rendered now when nobody asked for it before. */
export async function paperOf(tx: Tx, invoice: InvoiceDetail, language: Language, now: Date): Promise<Paper> {
  const kept = await storedPaper(tx, invoice.id, language);
  if (kept !== null) return kept;
  const bytes = Buffer.from(await rendered(tx, invoice, language));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await sql`insert into commerce.invoice_pdf (invoice_id, language, organisation_id, bytes, sha256, rendered_at)
    values (${invoice.id}, ${language}, ${invoice.organisationId}, ${bytes}, ${sha256}, ${now})
    on conflict (invoice_id, language) do nothing`.execute(tx);
  // Somebody may have been faster: what is kept is what everybody gets.
  return (await storedPaper(tx, invoice.id, language)) ?? { bytes, sha256 };
}

async function storedPaper(tx: Tx, invoice: Uuid, language: Language): Promise<Paper | null> {
  const { rows } = await sql<Paper>`select bytes, sha256 from commerce.invoice_pdf
    where invoice_id = ${invoice} and language = ${language}`.execute(tx);
  return rows[0] ?? null;
}

async function rendered(tx: Tx, invoice: InvoiceDetail, language: Language): Promise<Uint8Array> {
  const lines = await linesOf(tx, invoice.id);
  const { kind, content, correctsId } = invoice;
  const corrects = correctsId === null ? null : await referenceOf(tx, correctsId);
  if (kind === "credit-note") return renderDocument("credit-note", creditContent(invoice, lines, corrects), language);
  if (corrects === null) return renderDocument("invoice", invoiceContent(invoice, lines), language);
  const corrected = { ...invoiceContent(invoice, lines), corrects, reason: content.reason ?? "" };
  return renderDocument("corrected-invoice", corrected, language);
}

async function referenceOf(tx: Tx, invoice: Uuid): Promise<{ number: string; issuedOn: string }> {
  const { rows } = await sql<{ number: string; issuedOn: string }>`select number, issued_on as "issuedOn"
    from commerce.invoice where id = ${invoice}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw new Error(`the document ${invoice} that another one corrects is not there`);
  return found;
}

/** COM-08: why the tax may differ by a yen from the price list. */
const taxNote: Text = {
  ja: "消費税は、税率ごとの合計に一度だけ計算し、1円未満を切り捨てています。価格表の税込価格の合計とは、1円単位で異なることがあります。",
  en: "Consumption tax is computed once per rate on the sum and cut down to whole yen. It may differ by a yen from the sum of the prices with tax in the price list.",
};

type Head = Pick<InvoiceContent, "number" | "issuedOn" | "issuer" | "recipient" | "subject" | "notes">;

function head({ number, issuedOn: on, month, content }: InvoiceDetail): Head {
  const { notes, unqualifiedBecause } = content;
  return {
    number,
    issuedOn: on,
    ...partiesOf(content),
    subject: { ja: `${jaMonth(month)}分 ご利用料金`, en: `Charges of ${month}` },
    notes: [
      ...notes,
      ...(unqualifiedBecause === null ? [] : [unqualifiedBecause]),
      ...(content.subtotals.some(({ rate }) => rate !== null) ? [taxNote] : []),
    ],
  };
}

function amounts({ net, tax, total, content }: InvoiceDetail, lines: readonly StoredLine[], sign: 1 | -1) {
  return {
    groups: groupsOf(lines, content.plans, sign),
    subtotals: content.subtotals.map((one) => ({ rate: rateName(one), base: sign * one.base, tax: sign * one.tax })),
    net: sign * net,
    tax: sign * tax,
    total: sign * total,
  };
}

const invoiceContent = (invoice: InvoiceDetail, lines: readonly StoredLine[]): InvoiceContent => ({
  ...head(invoice),
  ...amounts(invoice, lines, 1),
  period: invoice.content.supply,
  dueOn: invoice.dueOn,
  bank: invoice.content.issuer.contact?.bank ?? null,
});

/** Why a bill fell below zero by itself. */
const settled: Text = { ja: "料金の精算", en: "charges were settled" };

/** 適格返還請求書: what is given back, as positive numbers. */
const creditContent = (
  invoice: InvoiceDetail,
  lines: readonly StoredLine[],
  credits: CreditNoteContent["credits"],
): CreditNoteContent => ({
  ...head(invoice),
  ...amounts(invoice, lines, -1),
  credits,
  reason: invoice.content.reason ?? settled,
  returnedOn: invoice.issuedOn,
});
