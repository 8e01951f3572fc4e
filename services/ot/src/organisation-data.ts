/** Everything that the service holds of an organisation: for its export, its retention and its erasure. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { removeCaptures } from "./captures.ts";
import { siteChanged } from "./watch/watch.ts";
import { slotName } from "./wire/declared.ts";
import { eraseTelemetry, retainTelemetry } from "./store/retention.ts";

/** Parents before children. */
const tables = [
  "site",
  "sensor",
  "sensor_device",
  "enforcer",
  "block",
  "inbox",
  "upload",
  "watch",
  "zone",
  "asset",
  "endpoint",
  "pin",
  "asset_event",
  "learned",
  "baseline",
  "permit",
  "mute",
  "allow_rule",
  "finding",
  "setting",
  "signature_rules",
  "declared_parser",
  "what_if",
  "register_import",
  "register_entry",
  "capture",
  "norm_member",
] as const;
/** Rows read at once. */
const CHUNK = 2_000;

export async function* exportRows(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const name of tables) {
    const table = `ot.${name}`;
    for (let after = "0"; ;) {
      const { rows } = await sql<{ row: unknown; ordinal: string }>`select to_jsonb(t) as row, t.ordinal
        from ${sql.table(table)} t where organisation_id = ${organisation} and ordinal > ${after}
        order by ordinal limit ${CHUNK}`.execute(tx);
      for (const { row } of rows) yield { table, row };
      if (rows.length < CHUNK) break;
      after = rows.at(-1)?.ordinal ?? after;
    }
  }
}

/** Findings and time lines are kept at least this long, days, whatever the retention of raw telemetry. */
const KEPT_DAYS = 400;

/** Devices, or learned items, of a site from which on those of a flood are forgotten, and when: seen for an hour at most, days ago. */
const CROWDED = 5_000;
const CROWDED_ITEMS = 250_000;
const FLOOD_HOURS = 1;
const FLOOD_DAYS = 7;
/** Milliseconds for one statement over all that a site has learned. */
const WITHIN = 600_000;

/**
 * Somebody who forges MACs or asks for all addresses fills the list of devices and what is learned, and nothing new would find room
 * (MAX_ASSETS, MAX_LEARNED, MAX_BASELINES). What came and went and nobody ever touched is taken off again.
 */
async function forgetFlood(tx: Tx, organisation: OrganisationId, now: Date): Promise<void> {
  const { rows } = await sql<{ site: Uuid }>`select id as site from ot.site s where organisation_id = ${organisation}
    and ((select count(*) from ot.asset a where a.site_id = s.id) > ${CROWDED}
      or (select count(*) from ot.learned l where l.site_id = s.id) > ${CROWDED_ITEMS}) order by 1`.execute(tx);
  if (rows.length > 0) await sql`select set_config('statement_timeout', ${String(WITHIN)}, true)`.execute(tx);
  for (const { site } of rows) {
    // The order of the watch: the site first.
    await siteChanged(tx, organisation, site);
    const brief = sql`make_interval(hours => ${FLOOD_HOURS})`;
    const before = sql`${now}::timestamptz - make_interval(days => ${FLOOD_DAYS})`;
    const gone = await sql<{ id: Uuid }>`delete from ot.asset a where a.site_id = ${site} and a.merged_into is null
        and a.last_at - a.first_at < ${brief} and a.last_at < ${before}
        and a.given_name is null and a.given_role is null and a.given_zone is null and a.given_level is null
        and a.note = '' and a.criticality = 'normal' and not exists (select from ot.pin p where p.asset_id = a.id)
        and not exists (select from ot.asset m where m.merged_into = a.id)
      returning a.id`.execute(tx);
    const ids = gone.rows.map(({ id }) => id);
    await sql`delete from ot.endpoint where asset_id = any(${ids}::uuid[])`.execute(tx);
    await sql`delete from ot.learned where site_id = ${site} and last_at - first_at < ${brief} and last_at < ${before}`.execute(
      tx,
    );
    // Of devices that are gone, and of places that are no device: those that stay come again by themselves.
    await sql`delete from ot.baseline b where site_id = ${site} and (b.key like '%|at:%' or exists (
      select from regexp_matches(b.key, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as part
      where part[1] = any(${ids}::text[])))`.execute(tx);
  }
}

/** Nothing is kept any more of what was declared there: the slot is free again, and what was learned of it is of nothing now. */
async function freeSlots(tx: Tx, organisation: OrganisationId, before: Date): Promise<void> {
  const { rows } = await sql<{ site: Uuid; slot: number }>`select site_id as site, slot from ot.declared_parser
    where organisation_id = ${organisation} and ended_at < ${before} order by site_id, slot`.execute(tx);
  for (const { site, slot } of rows) {
    await siteChanged(tx, organisation, site);
    const named = `(^|\\|)${slotName(slot)}(\\||$)`;
    await sql`delete from ot.learned where site_id = ${site} and key ~ ${named}`.execute(tx);
    await sql`delete from ot.baseline where site_id = ${site} and key ~ ${named}`.execute(tx);
    await sql`delete from ot.allow_rule where site_id = ${site} and protocol = ${slotName(slot)}`.execute(tx);
    await sql`update ot.asset set protocols = array_remove(protocols, ${slotName(slot)}::text),
        document = jsonb_set(document, '{protocols}', (document->'protocols') - ${slotName(slot)}::text)
      where site_id = ${site} and (${slotName(slot)}::text = any(protocols) or document->'protocols' ? ${slotName(slot)}::text)`.execute(
      tx,
    );
    await sql`delete from ot.declared_parser where site_id = ${site} and slot = ${slot}`.execute(tx);
  }
}

/** Deletes telemetry, uploads and decided findings older than the organisation keeps. What was learned stays. */
export async function retain(
  platform: Platform,
  organisation: OrganisationId,
  keepDays: number,
  now: Date,
): Promise<void> {
  await retainTelemetry(platform.telemetry, organisation, keepDays, now);
  const before = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  const long = before(Math.max(keepDays, KEPT_DAYS));
  await platform.store.organisation(organisation, async (tx) => {
    await forgetFlood(tx, organisation, now);
    await sql`delete from ot.upload where organisation_id = ${organisation} and received_at < ${before(keepDays)}`.execute(
      tx,
    );
    // Set aside long ago.
    await sql`delete from ot.inbox where organisation_id = ${organisation}
      and received_at < ${before(keepDays).getTime() * 1000}`.execute(tx);
    await sql`delete from ot.asset_event where organisation_id = ${organisation} and at < ${long}`.execute(tx);
    await sql`delete from ot.finding where organisation_id = ${organisation} and state <> 'open' and last_at < ${long}`.execute(
      tx,
    );
    await sql`delete from ot.what_if where organisation_id = ${organisation} and created_at < ${before(keepDays)}`.execute(
      tx,
    );
    // Telemetry goes by whole days: a slot is free when the last of them is gone.
    await freeSlots(tx, organisation, new Date(Math.floor(long.getTime() / 86_400_000) * 86_400_000));
    await sql`delete from ot.capture where organisation_id = ${organisation} and created_at < ${before(keepDays)}`.execute(
      tx,
    );
  });
}

export async function erase(platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  for (const name of [...tables].reverse()) {
    await sql`delete from ${sql.table(`ot.${name}`)} where organisation_id = ${organisation}`.execute(tx);
  }
  await removeCaptures(platform, organisation);
  await eraseTelemetry(platform.telemetry, organisation);
}
