/** How many permits, mutes and allow rules a site may have: each upload is held against all of them. */
import { sql, type RawBuilder } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { raise } from "./errors.ts";
import type { Work } from "./work.ts";

/** Planned or under way. */
export const MAX_PERMITS = 200;
/** Not over. */
export const MAX_MUTES = 500;
export const MAX_ALLOW_RULES = 500;

interface Room {
  readonly table: "ot.permit" | "ot.mute" | "ot.allow_rule";
  readonly site: Uuid;
  /** Which rows count. */
  readonly of: RawBuilder<unknown>;
  readonly limit: number;
  readonly full: "PERMITS_FULL" | "MUTES_FULL" | "ALLOW_RULES_FULL";
}
/** PERMITS_FULL, MUTES_FULL, ALLOW_RULES_FULL. Two that come at once wait for each other. */
export async function needRoom({ tx }: Pick<Work, "tx">, { table, site, of, limit, full }: Room): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${table} ${site}`}, 0))`.execute(tx);
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}
    where site_id = ${site} and ${of}`.execute(tx);
  if ((rows[0]?.n ?? 0) >= limit) throw raise(full, { limit });
}
