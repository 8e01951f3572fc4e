/** What commerce holds of an organisation: how each folder's tables are exported, and erased. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";

/** A table with rows of organisations, and what their export shows of it. */
export interface TenantTable {
  readonly name: string;
  /** Columns that order the export; `id` unless told. */
  readonly order?: string;
  /** SQL condition on `t` of what is the customer's; all unless told. */
  readonly shown?: string;
  /** Rows fetched at once. */
  readonly page?: number;
}
export interface ExportedRow {
  readonly table: string;
  readonly row: unknown;
}

const PAGE = 1_000;

/** The rows of the tables, in their order; sealed values stay behind. */
export async function* exportTables(
  tx: Tx,
  organisation: OrganisationId,
  tables: readonly TenantTable[],
): AsyncIterable<ExportedRow> {
  for (const { name: table, order = "id", shown = "true", page = PAGE } of tables) {
    const cursor = sql.ref(`export_${table.replace(".", "_")}`);
    await sql`declare ${cursor} no scroll cursor for select to_jsonb(t) - 'sealed' as row from ${sql.table(table)} t
      where organisation_id = ${sql.lit(organisation)} and ${sql.raw(shown)} order by ${sql.raw(order)}`.execute(tx);
    for (;;) {
      const { rows } = await sql<{ row: unknown }>`fetch ${sql.lit(page)} from ${cursor}`.execute(tx);
      for (const { row } of rows) yield { table, row };
      if (rows.length < page) break;
    }
    await sql`close ${cursor}`.execute(tx);
  }
}

/**
 * Until the end of the transaction the database lets rows of this organisation go: those that prove something are deleted with
 * their organisation only (migration 0010).
 */
export async function beginErasure(tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`select set_config('yagura.erasing', ${organisation}, true)`.execute(tx);
}

/** Deletes the organisation's rows of the tables, in their order; `beginErasure` comes before. */
export async function eraseTables(tx: Tx, organisation: OrganisationId, tables: readonly TenantTable[]): Promise<void> {
  for (const { name } of tables) {
    await sql`delete from ${sql.table(name)} where organisation_id = ${organisation}`.execute(tx);
  }
}
