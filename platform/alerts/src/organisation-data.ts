/** What alerts hold of an organisation: exported, and erased with it. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

/** Children before parents. */
const tables = ["delivery", "entry", "finding", "incident", "channel", "policy"] as const;
const PAGE = 1_000;

export async function* exportAlerts(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const name of tables) {
    const table = `alerts.${name}`;
    const order = name === "policy" ? "organisation_id" : "id";
    for (let offset = 0; ; offset += PAGE) {
      const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) - 'sealed' as row from ${sql.table(table)} t
        where organisation_id = ${organisation} order by ${sql.ref(order)} limit ${PAGE} offset ${offset}`.execute(tx);
      for (const { row } of rows) yield { table, row };
      if (rows.length < PAGE) break;
    }
  }
}

export async function eraseAlerts(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  for (const name of tables)
    await sql`delete from ${sql.table(`alerts.${name}`)} where organisation_id = ${organisation}`.execute(tx);
}
