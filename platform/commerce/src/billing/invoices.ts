/** Issued documents as they are read: lists, one of them, its lines. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { countRows, pageById } from "../paging.ts";
import { first } from "./contracts.ts";
import type { BillLine, DocumentContent, InvoiceDetail, InvoiceItem } from "./shapes.ts";
import type { StoredLine } from "./stored-lines.ts";
import { type Page } from "@yagura/server/shapes.ts";

interface InvoiceRow extends Omit<InvoiceItem, "net" | "tax" | "total"> {
  readonly net: string;
  readonly tax: string;
  readonly total: string;
}

const columns = sql`i.id, i.organisation_id as "organisationId", o.name as organisation, i.number, i.kind,
  to_char(i.month, 'YYYY-MM') as month, i.issued_on as "issuedOn", i.due_on as "dueOn", i.net, i.tax, i.total, i.run_id as "runId",
  i.corrects_id as "correctsId",
  (select c.id from commerce.invoice c where c.corrects_id = i.id and c.kind = 'corrected') as "replacedById"`;

const shown = (row: InvoiceRow): InvoiceItem => ({
  ...row,
  net: Number(row.net),
  tax: Number(row.tax),
  total: Number(row.total),
});

export interface InvoiceFilter {
  readonly organisation?: OrganisationId | undefined;
  readonly month?: YearMonth | undefined;
  readonly kind?: string | undefined;
  readonly run?: Uuid | undefined;
  readonly contract?: Uuid | undefined;
  /** Part of the number or of the customer's name. */
  readonly text?: string | undefined;
}

const matching = (filter: InvoiceFilter) => sql`
  (${filter.organisation ?? null}::uuid is null or i.organisation_id = ${filter.organisation ?? null}::uuid)
  and (${filter.month ?? null}::text is null or i.month = ${filter.month === undefined ? null : first(filter.month)}::date)
  and (${filter.kind ?? null}::text is null or i.kind = ${filter.kind ?? null})
  and (${filter.run ?? null}::uuid is null or i.run_id = ${filter.run ?? null}::uuid)
  and ${
    // As an array: found by the lines' index and then by number, never by walking through all documents.
    filter.contract === undefined
      ? sql`true`
      : sql`i.id = any(array(select l.invoice_id from commerce.invoice_line l where l.contract_id = ${filter.contract}::uuid))`
  }
  and (${filter.text ?? null}::text is null or strpos(lower(i.number || ' ' || o.name), lower(${filter.text ?? null}::text)) > 0)`;

/** Newest first; `after` is the last id of the page before. */
export async function listInvoices(
  tx: Tx,
  filter: InvoiceFilter,
  { limit, after }: { limit: number; after: Uuid | null },
): Promise<Page<InvoiceItem>> {
  const { rows } = await sql<InvoiceRow>`select ${columns} from commerce.invoice i
    join server.organisation o on o.id = i.organisation_id
    where ${matching(filter)} and (${after}::uuid is null or i.id < ${after}::uuid)
    order by i.id desc limit ${limit + 1}`.execute(tx);
  const total = await countRows(
    tx,
    sql`commerce.invoice i join server.organisation o on o.id = i.organisation_id where ${matching(filter)}`,
  );
  return pageById(rows, limit, total, shown);
}

/** Null when the organisation has no such document. */
export async function invoiceById(tx: Tx, id: Uuid, organisation?: OrganisationId): Promise<InvoiceDetail | null> {
  const { rows } = await sql<InvoiceRow & { content: DocumentContent; issuedAt: Date; mailedAt: Date | null }>`
    select ${columns}, i.content, i.issued_at as "issuedAt", m.mailed_at as "mailedAt" from commerce.invoice i
    join server.organisation o on o.id = i.organisation_id
    left join commerce.invoice_mail m on m.invoice_id = i.id
    where i.id = ${id} and (${organisation ?? null}::uuid is null or i.organisation_id = ${organisation ?? null}::uuid)`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const credits = await sql<{ id: Uuid; number: string; total: string }>`select id, number, total from commerce.invoice
    where corrects_id = ${id} and kind = 'credit-note' order by id`.execute(tx);
  const { content, issuedAt, mailedAt, ...item } = row;
  return {
    ...shown(item),
    content,
    issuedAt: issuedAt.toISOString(),
    mailedAt: mailedAt?.toISOString() ?? null,
    creditNotes: credits.rows.map((one) => ({ ...one, total: Number(one.total) })),
  };
}

/** A line as the API shows it. */
export const shownLine = ({ billMonth: _month, ...line }: StoredLine): BillLine => ({
  ...line,
  period: { ...line.period },
  description: { ...line.description },
  why: { ...line.why, basis: [...line.why.basis], inputs: { ...line.why.inputs }, sentence: { ...line.why.sentence } },
});
