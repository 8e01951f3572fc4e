/** Devices, endpoints and zones as a batch left them, into the database. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Resolution } from "../analysis/assets/resolve.ts";
import { levelOf } from "../analysis/assets/zones.ts";
import { isGroup } from "../analysis/detect/addresses.ts";
import type { Asset, Observation } from "../analysis/model.ts";
import { MAX_ENDPOINTS, type KnownAsset, type Memory } from "./memory.ts";
import { nothingGiven, shownOf, toldAttributes, type Shown } from "./shown.ts";
import { foundNetwork, zoneOf, type PlacedZone } from "./zones.ts";

/** What a batch is written with. */
export interface Writing {
  readonly tx: Tx;
  readonly memory: Memory;
  readonly now: Date;
}
interface AssetEvent {
  readonly asset: Uuid;
  readonly at: number;
  readonly kind: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Those that were found to be one with another give it all that was theirs. */
export async function writeMerged({ tx, memory }: Writing, merged: Resolution["merged"]): Promise<void> {
  const { site } = memory;
  for (const { from, into } of merged) {
    memory.known.delete(from);
    for (const [id, asset] of memory.endpoints) if (asset === from) memory.endpoints.set(id, into);
    await sql`update ot.endpoint set asset_id = ${into} where site_id = ${site} and asset_id = ${from}`.execute(tx);
    await sql`update ot.finding set asset_ids = array_replace(asset_ids, ${from}::uuid, ${into}::uuid)
      where site_id = ${site} and asset_ids @> array[${from}::uuid]`.execute(tx);
    await renameKeys({ tx, site }, from, into);
    await sql`delete from ot.asset where site_id = ${site} and id = ${from}`.execute(tx);
  }
  if (merged.length === 0) return;
  memory.learned.clear();
  memory.baselines.clear();
  memory.written.clear();
}

/** Keys of what is learned and usual name devices by their id: those of `from` become those of `into`, which keeps what it has. */
export async function renameKeys({ tx, site }: { tx: Tx; site: Uuid }, from: Uuid, into: Uuid): Promise<void> {
  const part = `%${from}%`;
  for (const table of ["ot.learned", "ot.baseline"]) {
    await sql`delete from ${sql.table(table)} a where site_id = ${site} and key like ${part} and exists (
      select from ${sql.table(table)} b where b.site_id = ${site} and b.key = replace(a.key, ${from}, ${into}))`.execute(
      tx,
    );
    await sql`update ${sql.table(table)} set key = replace(key, ${from}, ${into})
      where site_id = ${site} and key like ${part}`.execute(tx);
  }
  await sql`update ot.baseline set document = replace(document::text, ${from}, ${into})::jsonb
    where site_id = ${site} and key like ${`%${into}%`} and document::text like ${part}`.execute(tx);
}

/** New and changed devices, and what about them is told on their time line. */
export async function writeAssets(writing: Writing, changed: readonly Asset[]): Promise<void> {
  if (changed.length === 0) return;
  const { tx, memory } = writing;
  await findZones(writing, changed);
  const events: AssetEvent[] = [];
  const rows = changed.map((asset) => {
    const before = memory.known.get(asset.id);
    const given = before?.given ?? nothingGiven;
    const shown = shownOf(asset, given);
    const zone = before?.givenZone ?? zoneOf(asset, memory.zones);
    memory.known.set(asset.id, { given, givenZone: before?.givenZone ?? null, shown, zone });
    events.push(...eventsOf(asset, before, shown));
    return rowOf(asset, shown, zone);
  });
  await upsertAssets(tx, memory, rows);
  await writeEvents(tx, memory, events);
}

const rowOf = (asset: Asset, shown: Shown, zone: Uuid | null) => ({
  id: asset.id,
  macs: asset.macs,
  addresses: asset.addresses,
  vlans: asset.vlans,
  protocols: asset.protocols,
  role: asset.role,
  role_confidence: asset.roleConfidence,
  routes: asset.routes,
  document: { ...asset, id: undefined },
  first_at: new Date(asset.first).toISOString(),
  last_at: new Date(asset.last).toISOString(),
  shown_name: shown.name,
  shown_role: shown.role,
  vendor: shown.vendor,
  model: shown.model,
  firmware: shown.firmware,
  os: shown.os,
  serial: shown.serial,
  search: shown.search,
  conflicts: shown.conflicts,
  address_order: shown.addressOrder,
  zone_id: zone,
  level: levelOf(asset),
});
type Row = ReturnType<typeof rowOf>;

async function upsertAssets(tx: Tx, { organisation, site }: Memory, rows: readonly Row[]): Promise<void> {
  await sql`insert into ot.asset as a (id, organisation_id, site_id, macs, addresses, vlans, protocols, role, role_confidence,
      routes, document, first_at, last_at, shown_name, shown_role, vendor, model, firmware, os, serial, search, conflicts,
      address_order, zone_id, level)
    select x.id, ${organisation}, ${site}, x.macs, x.addresses, x.vlans, x.protocols, x.role, x.role_confidence, x.routes,
      x.document, x.first_at, x.last_at, x.shown_name, x.shown_role, x.vendor, x.model, x.firmware, x.os, x.serial, x.search,
      x.conflicts, x.address_order, x.zone_id, x.level
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id uuid, macs text[], addresses text[], vlans integer[],
      protocols text[], role text, role_confidence real, routes boolean, document jsonb, first_at timestamptz,
      last_at timestamptz, shown_name text, shown_role text, vendor text, model text, firmware text, os text, serial text,
      search text, conflicts integer, address_order numeric, zone_id uuid,
      level numeric)
    on conflict (id) do update set macs = excluded.macs, addresses = excluded.addresses, vlans = excluded.vlans,
      protocols = excluded.protocols, role = excluded.role, role_confidence = excluded.role_confidence,
      routes = excluded.routes, document = excluded.document, first_at = excluded.first_at, last_at = excluded.last_at,
      shown_name = excluded.shown_name, shown_role = excluded.shown_role, vendor = excluded.vendor, model = excluded.model,
      firmware = excluded.firmware, os = excluded.os, serial = excluded.serial, search = excluded.search,
      conflicts = excluded.conflicts, address_order = excluded.address_order, zone_id = excluded.zone_id,
      level = excluded.level, retired_at = case when excluded.last_at > a.retired_at then null else a.retired_at end`.execute(
    tx,
  );
}

function eventsOf(asset: Asset, before: KnownAsset | undefined, shown: Shown): AssetEvent[] {
  if (before === undefined)
    return [{ asset: asset.id, at: asset.first, kind: "seen", parameters: { name: shown.name } }];
  return toldAttributes.flatMap((attribute) => {
    const [was, is] = [before.shown[attribute], shown[attribute]];
    if (was === is || is === null || is === "unknown") return [];
    const parameters = { attribute, before: was ?? "", after: is };
    return [{ asset: asset.id, at: asset.last, kind: "attribute", parameters }];
  });
}

export async function writeEvents(
  tx: Tx,
  { organisation, site }: Pick<Memory, "organisation" | "site">,
  events: readonly AssetEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, id: newId(), at: new Date(event.at).toISOString() }));
  await sql`insert into ot.asset_event (id, organisation_id, site_id, asset_id, at, kind, parameters)
    select x.id, ${organisation}, ${site}, x.asset, x.at, x.kind, x.parameters
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (id uuid, asset uuid, at timestamptz, kind text, parameters jsonb)`.execute(tx);
}

/** Zones found by themselves at a site at most: an address scan must not make thousands. */
const MAX_FOUND = 256;

/** A network or VLAN that no zone has becomes one. */
async function findZones({ tx, memory, now }: Writing, assets: readonly Asset[]): Promise<void> {
  const zones = memory.zones as PlacedZone[];
  for (const asset of assets) {
    if (zoneOf(asset, zones) !== null || zones.length >= MAX_FOUND) continue;
    const network = foundNetwork(asset);
    if (network === null) continue;
    const zone: PlacedZone = { id: newId(), ...network, level: null, origin: "found" };
    zones.push(zone);
    await sql`insert into ot.zone (id, organisation_id, site_id, name, subnets, vlans, origin, position, created_at)
      values (${zone.id}, ${memory.organisation}, ${memory.site}, ${network.name}, ${network.subnets}::text[],
        ${network.vlans}::integer[], 'found', 1000, ${now})`.execute(tx);
  }
}

/** Endpoints that are new, or that another device has now. `ids` in the order of the observation. */
export async function writeEndpoints(
  { tx, memory }: Writing,
  observation: Observation,
  ids: Float64Array,
  assetOf: (endpoint: number) => string | null,
): Promise<void> {
  const rows = new Map<number, object>();
  for (const [i, { mac, vlan, address }] of observation.endpoints.entries()) {
    const id = ids[i] as number;
    const asset = assetOf(i);
    const known = memory.endpoints.get(id);
    // A place that has a device keeps it while a batch cannot tell.
    if (known === asset || (asset === null && known !== undefined)) continue;
    if (known === undefined && memory.endpoints.size >= MAX_ENDPOINTS) continue;
    memory.endpoints.set(id, asset);
    const kind = asset !== null ? "asset" : isGroup(mac, address) ? "group" : "outside";
    rows.set(id, { id, mac, vlan, address, asset, kind });
  }
  if (rows.size === 0) return;
  await sql`insert into ot.endpoint (site_id, id, organisation_id, mac, vlan, address, asset_id, kind, seen_at)
    select ${memory.site}, x.id, ${memory.organisation}, x.mac, x.vlan, x.address, x.asset, x.kind,
      ${new Date(observation.to)}::timestamptz
    from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb)
      as x (id bigint, mac text, vlan integer, address text, asset uuid, kind text)
    on conflict (site_id, id) do update set asset_id = excluded.asset_id, kind = excluded.kind,
      seen_at = excluded.seen_at`.execute(tx);
}
