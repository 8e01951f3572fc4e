/** Everything that the service holds of an organisation: for its export, its retention and its erasure. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { eraseTelemetry, retainTelemetry, sweepRemoved } from "./store/retention.ts";

/** Parents before children. */
const tables = ["tenant", "target", "agent", "session", "invitation", "event"] as const;

export async function* exportRows(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const name of tables) {
    const table = `experience.${name}`;
    const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t
      where organisation_id = ${organisation} order by ordinal`.execute(tx);
    for (const { row } of rows) yield { table, row };
  }
}

/** Deletes samples and events older than the organisation keeps, and samples of sessions that were removed. */
export async function retain(
  platform: Platform,
  organisation: OrganisationId,
  keepDays: number,
  now: Date,
): Promise<void> {
  await retainTelemetry(platform.telemetry, organisation, keepDays, now);
  const sessions = await platform.store.organisation(organisation, async (tx) => {
    const first = new Date(now.getTime() - keepDays * 86_400_000);
    await sql`delete from experience.event where organisation_id = ${organisation} and at < ${first}`.execute(tx);
    const { rows } = await sql<{ id: Uuid }>`select id from experience.session
      where organisation_id = ${organisation}`.execute(tx);
    return rows.map(({ id }) => id);
  });
  await sweepRemoved(platform.telemetry, organisation, sessions, now);
}

export async function erase(platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  for (const name of [...tables].reverse()) {
    await sql`delete from ${sql.table(`experience.${name}`)} where organisation_id = ${organisation}`.execute(tx);
  }
  await eraseTelemetry(platform.telemetry, organisation);
}
