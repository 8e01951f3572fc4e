/** Everything that commerce holds of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

export async function* exportContracts(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const table of ["commerce.contract", "commerce.contract_event"]) {
    const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t
      where organisation_id = ${organisation} order by id`.execute(tx);
    for (const { row } of rows) yield { table, row };
  }
}

/** Run after the services' own erasure. Numbers stay drawn: they are never used again. */
export async function eraseContracts(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`delete from commerce.contract_event where organisation_id = ${organisation}`.execute(tx);
  await sql`delete from commerce.contract where organisation_id = ${organisation}`.execute(tx);
}
