/** The preview of a run: for each customer the bill beside the one of the month before, and why it differs. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { nextMonth, type YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { LineKind } from "../charging/lines.ts";
import type { CustomerBills } from "./chunk.ts";
import { first } from "./contracts.ts";
import { reasonsFor, type Compared, type Side } from "./differences.ts";

/** What was billed to customers for the month before: documents that a corrected one replaced do not count. */
async function lastBills(
  tx: Tx,
  organisations: readonly OrganisationId[],
  month: YearMonth,
): Promise<Map<OrganisationId, Side & { lines: Compared[] }>> {
  const before = nextMonth(month, -1);
  const sides = new Map<OrganisationId, Side & { lines: Compared[]; total: number }>(
    organisations.map((id) => [id, { lines: [], total: 0 }]),
  );
  const documents = await sql<{ organisation: OrganisationId; id: Uuid; total: string }>`
    select organisation_id as organisation, id, total from commerce.invoice i
    where organisation_id = any(${organisations}::uuid[]) and month = ${first(before)}::date
      and not exists (select from commerce.invoice c where c.corrects_id = i.id and c.kind = 'corrected')`.execute(tx);
  if (documents.rows.length === 0) return sides;
  for (const { organisation, total } of documents.rows) {
    const side = sides.get(organisation);
    if (side !== undefined) side.total += Number(total);
  }
  const { rows } = await sql<{
    organisation: OrganisationId;
    contract: string;
    kind: LineKind;
    item: string;
    amount: string;
    month: string;
  }>`select organisation_id as organisation, line ->> 0 as contract, kind, item, amount, to_char(bill_month, 'YYYY-MM') as month
    from commerce.invoice_line where invoice_id = any(${documents.rows.map(({ id }) => id)}::uuid[])`.execute(tx);
  for (const { organisation, amount, month: billMonth, ...line } of rows) {
    sides.get(organisation)?.lines.push({ ...line, billMonth, amount: Number(amount) });
  }
  return sides;
}

/** Writes what the preview says of a chunk's customers; a customer's later chunk adds to the earlier. */
export async function writePreview(
  tx: Tx,
  run: Uuid,
  month: YearMonth,
  customers: readonly CustomerBills[],
): Promise<void> {
  const ids = customers.map(({ customer }) => customer.organisation);
  const known = await sql<{ id: OrganisationId }>`select organisation_id as id from commerce.bill_run_customer
    where run_id = ${run} and organisation_id = any(${ids}::uuid[])`.execute(tx);
  const seen = new Set(known.rows.map(({ id }) => id));
  const last = await lastBills(tx, ids, month);
  const rows = customers.map(({ customer, bills, drafts }) => {
    const before = seen.has(customer.organisation) ? nothing : (last.get(customer.organisation) ?? nothing);
    const current = drafts.reduce((sum, { totals }) => sum + totals.total, 0);
    const lines = drafts.flatMap((draft) => draft.lines.map(({ line }) => line));
    return {
      organisation: customer.organisation,
      contracts: bills.filter((bill) => bill.lines.length > 0).length,
      documents: drafts.length,
      last: before.total,
      current,
      reasons: JSON.stringify(reasonsFor(before, { lines, total: current }, month)),
    };
  });
  const column = <T>(get: (one: (typeof rows)[number]) => T): T[] => rows.map(get);
  await sql`insert into commerce.bill_run_customer as c (run_id, organisation_id, contracts, documents, last, current, reasons)
    select ${run}, o, n, d, l, t, r::json from unnest(${column(({ organisation }) => organisation)}::uuid[],
      ${column(({ contracts }) => contracts)}::int[], ${column(({ documents }) => documents)}::int[],
      ${column((one) => one.last)}::bigint[], ${column(({ current }) => current)}::bigint[],
      ${column(({ reasons }) => reasons)}::text[]) as t (o, n, d, l, t, r)
    on conflict (run_id, organisation_id) do update set contracts = c.contracts + excluded.contracts,
      documents = c.documents + excluded.documents, last = c.last + excluded.last, current = c.current + excluded.current`.execute(
    tx,
  );
}

const nothing: Side = { lines: [], total: 0 };

/** Remembers contracts that could not be billed, with the reason. */
export async function writeAsides(tx: Tx, run: Uuid, customers: readonly CustomerBills[], now: Date): Promise<number> {
  const asides = customers.flatMap((one) => one.asides);
  if (asides.length === 0) return 0;
  await sql`insert into commerce.bill_aside as a (run_id, contract_id, organisation_id, contract, code, ja, en, at)
    select ${run}, c, o, n, k, j, e, ${now} from unnest(${asides.map(({ contract }) => contract.id)}::uuid[],
      ${asides.map(({ contract }) => contract.organisation)}::uuid[], ${asides.map(({ contract }) => contract.number)}::text[],
      ${asides.map(({ code }) => code)}::text[], ${asides.map(({ text }) => text.ja)}::text[],
      ${asides.map(({ text }) => text.en)}::text[]) as t (c, o, n, k, j, e)
    on conflict (run_id, contract_id) do update set code = excluded.code, ja = excluded.ja, en = excluded.en, at = excluded.at`.execute(
    tx,
  );
  return asides.length;
}
