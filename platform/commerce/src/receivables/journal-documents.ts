/** The documents that accounting has to know of, with what it was told of each before. Read in pieces: a month may have 100,000. */
import { sql, type RawBuilder } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import {
  assignmentPostings,
  invoicePostings,
  operatorPaidPostings,
  paymentPostings,
  refundPostings,
  type InvoiceSums,
  type Postings,
} from "./journal-postings.ts";

export interface JournalDocument {
  /** e.g. `invoice:…`: the same document always has the same. */
  readonly key: string;
  readonly organisation: OrganisationId;
  readonly customer: string;
  readonly on: Day;
  readonly kind: string;
  readonly number: string;
  readonly memo: string;
  readonly wanted: Postings;
  readonly posted: Postings;
}

const PIECE = 2000;

/** Everything dated until the last day of a month, in pieces. */
export async function* journalDocuments(tx: Tx, last: Day): AsyncGenerator<JournalDocument[]> {
  for (const source of [invoices, payments, refunds, assignments, operatorPayments]) {
    let after: Uuid | null = null;
    for (;;) {
      const piece: { after: Uuid | null; documents: JournalDocument[] } = await source(tx, last, after);
      if (piece.documents.length > 0) yield piece.documents;
      if (piece.after === null) break;
      after = piece.after;
    }
  }
}

interface Head {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly customer: string | null;
  readonly on: Day;
  readonly number: string;
  readonly posted: Postings | null;
}

/** One piece of a source: rows with an id above `after`. */
async function read<T extends object>(
  tx: Tx,
  kind: string,
  after: Uuid | null,
  select: RawBuilder<unknown>,
  wanted: (row: T & Head) => { postings: Postings; kind: string; memo: string },
  // What stands on such a document never changes, but for its being replaced.
  once = false,
): Promise<{ after: Uuid | null; documents: JournalDocument[] }> {
  const { rows } = await sql<T & Head>`select d.*, s.name as customer, j.posted from (${select}) d
    left join server.organisation s on s.id = d.organisation
    left join commerce.journal_position j on j.document = ${`${kind}:`} || d.id
    where (${after}::uuid is null or d.id > ${after}::uuid) and ${once ? sql`(j.posted is null or d.replaced)` : sql`true`}
    order by d.id limit ${PIECE}`.execute(tx);
  return {
    after: rows.length < PIECE ? null : (rows.at(-1)?.id ?? null),
    documents: rows.map((row) => {
      const { postings, kind: label, memo } = wanted(row);
      return {
        key: `${kind}:${row.id}`,
        organisation: row.organisation,
        customer: row.customer ?? "",
        on: row.on,
        kind: label,
        number: row.number,
        memo,
        wanted: postings,
        posted: row.posted ?? {},
      };
    }),
  };
}

const labels: Readonly<Record<string, string>> = {
  invoice: "請求書",
  corrected: "修正請求書",
  "credit-note": "返還請求書",
};

/** A document that a corrected one replaced by then counts for nothing any more. */
const invoices = (tx: Tx, last: Day, after: Uuid | null) =>
  read<{
    kind: string;
    content: { subtotals: InvoiceSums["subtotals"] };
    interest: Record<string, number> | null;
    total: string;
    replaced: boolean;
  }>(
    tx,
    "invoice",
    after,
    sql`select i.id, i.organisation_id as organisation, i.issued_on::text as "on", i.number, i.kind, i.content, i.total,
        (select jsonb_object_agg(l.tax_class, l.amount) from (select l.tax_class, sum(l.amount) as amount
          from commerce.invoice_line l where l.invoice_id = i.id and l.kind = 'late-interest' group by l.tax_class) l) as interest,
        exists (select 1 from commerce.invoice r where r.corrects_id = i.id and r.kind = 'corrected'
          and r.issued_on <= ${last}::date) as replaced
      from commerce.invoice i where i.issued_on <= ${last}::date`,
    ({ kind, content, interest, total, replaced }) => ({
      kind: labels[kind] ?? kind,
      memo: replaced ? "修正請求書により取消" : (labels[kind] ?? kind),
      postings: replaced
        ? {}
        : invoicePostings({
            subtotals: content.subtotals,
            interest: interest ?? {},
            sign: kind === "credit-note" && Number(total) > 0 ? -1 : 1,
          }),
    }),
    true,
  );

/** What was paid on claims that came into being later is on account until then. */
const payments = (tx: Tx, last: Day, after: Uuid | null) =>
  read<{ way: string; amount: string; allocated: string; reversed: boolean }>(
    tx,
    "payment",
    after,
    sql`select p.id, p.organisation_id as organisation, p.counts_on::text as "on", p.reference as number, p.way, p.amount,
        coalesce((select sum(a.amount) from commerce.allocation a join commerce.claim c on c.id = a.claim_id
          where a.payment_id = p.id and (c.created_at at time zone 'Asia/Tokyo')::date <= ${last}::date), 0) as allocated,
        (p.reversed_on <= ${last}::date) is true as reversed
      from commerce.payment p where p.counts_on <= ${last}::date`,
    ({ way, amount, allocated, reversed }) => ({
      kind: "入金",
      memo: reversed ? "入金取消" : way === "credit-note" ? "返還請求の充当" : "入金",
      postings: reversed ? {} : paymentPostings({ way, amount: Number(amount), allocated: Number(allocated) }),
    }),
  );

const refunds = (tx: Tx, last: Day, after: Uuid | null) =>
  read<{ amount: string }>(
    tx,
    "refund",
    after,
    sql`select r.id, r.organisation_id as organisation, r.on_day::text as "on", r.reason as number, r.amount
      from commerce.refund r where r.on_day <= ${last}::date and r.state = 'paid'`,
    ({ amount }) => ({ kind: "返金", memo: "過入金の返金", postings: refundPostings(Number(amount)) }),
  );

const assignments = (tx: Tx, last: Day, after: Uuid | null) =>
  read<{ amount: string; returned: boolean }>(
    tx,
    "assignment",
    after,
    sql`select i.id, i.organisation_id as organisation, (i.assigned_at at time zone 'Asia/Tokyo')::date::text as "on",
        c.number, i.amount, (i.state = 'returned' and i.state_on <= ${last}::date) as returned
      from commerce.claim_transfer_item i join commerce.claim c on c.id = i.claim_id
      where (i.assigned_at at time zone 'Asia/Tokyo')::date <= ${last}::date`,
    ({ amount, returned }) => ({
      kind: "債権譲渡",
      memo: returned ? "債権譲渡の取消" : "請求事業者への債権譲渡",
      postings: returned ? {} : assignmentPostings(Number(amount)),
    }),
  );

const operatorPayments = (tx: Tx, last: Day, after: Uuid | null) =>
  read<{ amount: string }>(
    tx,
    "operator-payment",
    after,
    sql`select i.id, i.organisation_id as organisation, i.state_on::text as "on", c.number, i.amount
      from commerce.claim_transfer_item i join commerce.claim c on c.id = i.claim_id
      where i.state = 'paid' and i.state_on <= ${last}::date`,
    ({ amount }) => ({
      kind: "請求事業者入金",
      memo: "譲渡債権の入金",
      postings: operatorPaidPostings(Number(amount)),
    }),
  );
