/** What an organisation may take away of its devices, and what is removed when it is erased. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { CHANNEL } from "./create-devices.ts";

/** Keys of tables whose rows are the organisation's own words; hashes, keys and ledgers mean nothing elsewhere. */
export async function* exportDevices(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  const queries = {
    "devices.device": sql`select id, program, version, hostname, platform, subject_service, subject_kind, subject_id,
      enrolled_at, revoked_at, revoked_reason, configuration_version from devices.device where organisation_id = ${organisation} order by id`,
    "devices.configuration": sql`select device_id, service, document from devices.configuration
      where organisation_id = ${organisation} order by device_id, service`,
    "devices.presence": sql`select device_id, online, last_seen_at, address from devices.presence
      where organisation_id = ${organisation} order by device_id`,
    "devices.health": sql`select device_id, at, health, clock from devices.health
      where organisation_id = ${organisation} order by device_id`,
    "devices.program_change": sql`select device_id, at, before, after from devices.program_change
      where organisation_id = ${organisation} order by device_id, at`,
  };
  for (const [table, query] of Object.entries(queries)) {
    const { rows } = await query.execute(tx);
    for (const row of rows) yield { table, row };
  }
}

/** Removes everything; open streams are closed and further requests find no device. */
export async function eraseDevices(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, 'revoked ' || id) from devices.device where organisation_id = ${organisation}`.execute(
    tx,
  );
  for (const table of [
    "batch_aside",
    "ledger",
    "health",
    "program_change",
    "presence",
    "configuration",
    "enrolment_key",
    "device",
  ]) {
    await sql`delete from ${sql.table(`devices.${table}`)} where organisation_id = ${organisation}`.execute(tx);
  }
}
