/** Everything that commerce holds of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure } from "../erasure.ts";

/** In the order in which rows refer to each other: the erasure goes backwards. */
const tables = [
  "commerce.customer",
  "commerce.customer_change",
  "commerce.evidence",
  "commerce.quote",
  "commerce.application",
  "commerce.application_consent",
  "commerce.contract",
  "commerce.contract_event",
  "commerce.contract_fact",
  "commerce.cancellation",
  "commerce.change_order",
  "commerce.contract_transfer",
  "commerce.contract_holder",
  "commerce.task",
] as const;

/** What the staff have to do is theirs. */
const shownOnly: Partial<Record<(typeof tables)[number], string>> = { "commerce.task": "audience = 'customer'" };
/** Rows fetched at once; files of evidence (10 MB each, in hexadecimal) one by one. */
const PAGE = 500;

export async function* exportContracts(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const table of tables) {
    const cursor = sql.ref(`export_${table.replace(".", "_")}`);
    const page = table === "commerce.evidence" ? 1 : PAGE;
    await sql`declare ${cursor} no scroll cursor for select to_jsonb(t) - 'sealed' as row from ${sql.table(table)} t
      where organisation_id = ${sql.lit(organisation)} and ${sql.raw(shownOnly[table] ?? "true")}
      order by ${sql.ref(table === "commerce.customer" ? "organisation_id" : "id")}`.execute(tx);
    for (;;) {
      const { rows } = await sql<{ row: unknown }>`fetch ${sql.lit(page)} from ${cursor}`.execute(tx);
      for (const { row } of rows) yield { table, row };
      if (rows.length < page) break;
    }
    await sql`close ${cursor}`.execute(tx);
  }
}

/** Run after the services' own erasure. Numbers stay drawn: they are never used again. */
export async function eraseContracts(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  // Values that only one living contract may have are set free; the queue keeps its numbers, without a customer's data.
  await sql`select commerce.release_values(id) from (select id from commerce.contract where organisation_id = ${organisation}
    union all select id from commerce.application where organisation_id = ${organisation}) held`.execute(tx);
  for (const table of tables.toReversed()) {
    await sql`delete from ${sql.table(table)} where organisation_id = ${organisation}`.execute(tx);
  }
}
