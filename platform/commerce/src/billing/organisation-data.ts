/** Everything that billing holds of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure } from "../erasure.ts";

/** Previews of bill runs, and what could not be billed in them, are the provider's: erased, not exported. */
const tables = [
  ["commerce.billing_choice", "organisation_id"],
  ["commerce.billed", "contract_id, month"],
  ["commerce.invoice", "id"],
  ["commerce.invoice_line", "invoice_id, position"],
  ["commerce.invoice_mail", "invoice_id"],
  ["commerce.invoice_pdf", "invoice_id, language"],
] as const;

/** Rows fetched at once. */
const PAGE = 1_000;

export async function* exportBilling(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const [table, order] of tables) {
    const cursor = `export_${table.replace(".", "_")}`;
    await sql`declare ${sql.ref(cursor)} no scroll cursor for select to_jsonb(t) as row from ${sql.table(table)} t
      where organisation_id = ${sql.lit(organisation)} order by ${sql.raw(order)}`.execute(tx);
    for (;;) {
      const { rows } = await sql<{ row: unknown }>`fetch ${sql.lit(PAGE)} from ${sql.ref(cursor)}`.execute(tx);
      for (const { row } of rows) yield { table, row };
      if (rows.length < PAGE) break;
    }
    await sql`close ${sql.ref(cursor)}`.execute(tx);
  }
}

/**
 * Issued documents stay for seven years (COM-11; the law asks it of issuer and recipient), readable by the provider alone, since
 * nobody of an erased organisation can sign in; older ones go. Everything else of billing goes at once.
 */
export async function eraseBilling(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  // One that a younger document corrects stays with it.
  const old = sql`select i.id from commerce.invoice i where i.organisation_id = ${organisation}
    and i.issued_on <= (now() at time zone 'Asia/Tokyo')::date - interval '7 years'
    and not exists (select from commerce.invoice c where c.corrects_id = i.id
      and c.issued_on > (now() at time zone 'Asia/Tokyo')::date - interval '7 years')`;
  await sql`delete from commerce.invoice_pdf where invoice_id in (${old})`.execute(tx);
  await sql`delete from commerce.invoice_mail where organisation_id = ${organisation}`.execute(tx);
  await sql`delete from commerce.invoice_line where invoice_id in (${old})`.execute(tx);
  await sql`delete from commerce.invoice where id in (${old})`.execute(tx);
  for (const table of [
    "commerce.billed",
    "commerce.bill_aside",
    "commerce.bill_run_customer",
    "commerce.billing_choice",
  ]) {
    await sql`delete from ${sql.table(table)} where organisation_id = ${organisation}`.execute(tx);
  }
}
