/** Zones by hand: one changed by hand is given from then on. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Asset } from "./analysis/model.ts";
import { raise } from "./errors.ts";
import { readNetwork } from "./wire/addresses.ts";
import { siteChanged } from "./watch/watch.ts";
import { zoneOf, type PlacedZone } from "./watch/zones.ts";
import { announce, type Work } from "./work.ts";

export interface ZoneFields {
  readonly name?: string | undefined;
  readonly level?: number | null | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly vlans?: readonly number[] | undefined;
  readonly position?: number | undefined;
}
const checkSubnets = (subnets: readonly string[] | undefined): void => {
  for (const network of subnets ?? []) if (readNetwork(network) === null) throw raise("NETWORK_INVALID", { network });
};

/** NETWORK_INVALID. */
export async function createZone(work: Work, site: Uuid, input: ZoneFields & { readonly name: string }): Promise<Uuid> {
  checkSubnets(input.subnets);
  const id = newId();
  await sql`insert into ot.zone (id, organisation_id, site_id, name, level, subnets, vlans, origin, position, created_at)
    values (${id}, ${work.organisation}, ${site}, ${input.name}, ${input.level ?? null}, ${[...(input.subnets ?? [])]}::text[],
      ${[...(input.vlans ?? [])]}::integer[], 'given', ${input.position ?? 100}, ${work.now})`.execute(work.tx);
  await placeAssets(work, site);
  await work.audit({ action: "ot-zone.create", subject: id, details: { site, ...input } });
  await announce(work, "zone", id);
  return id;
}

async function siteOfZone(work: Work, id: Uuid): Promise<{ site: Uuid; name: string }> {
  const { rows } = await sql<{ site: Uuid; name: string }>`select site_id as site, name from ot.zone
    where organisation_id = ${work.organisation} and id = ${id} for update`.execute(work.tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  return row;
}

/** NETWORK_INVALID, NOT_FOUND. */
export async function changeZone(work: Work, id: Uuid, change: ZoneFields): Promise<void> {
  checkSubnets(change.subnets);
  const { site, name } = await siteOfZone(work, id);
  const array = <T>(list: readonly T[] | undefined): T[] | null => (list === undefined ? null : [...list]);
  await sql`update ot.zone set name = ${change.name ?? name}, origin = 'given',
      level = case when ${change.level !== undefined} then ${change.level ?? null}::numeric else level end,
      subnets = coalesce(${array(change.subnets)}::text[], subnets), vlans = coalesce(${array(change.vlans)}::integer[], vlans),
      position = coalesce(${change.position ?? null}::integer, position)
    where id = ${id}`.execute(work.tx);
  await placeAssets(work, site);
  await work.audit({ action: "ot-zone.change", subject: id, details: { before: name, ...change } });
  await announce(work, "zone", id);
}

/** Its devices go to the next zone that has them. NOT_FOUND. */
export async function removeZone(work: Work, id: Uuid): Promise<void> {
  const { site, name } = await siteOfZone(work, id);
  await sql`delete from ot.zone where id = ${id}`.execute(work.tx);
  await placeAssets(work, site);
  await work.audit({ action: "ot-zone.remove", subject: id, details: { name } });
  await announce(work, "zone", id);
}

/** Puts every device of the site where the zones say now. */
async function placeAssets(work: Work, site: Uuid): Promise<void> {
  const { tx, organisation } = work;
  await siteChanged(tx, organisation, site);
  const zones = await sql<Omit<PlacedZone, "level">>`select id, name, subnets, vlans, origin from ot.zone
    where site_id = ${site} order by position, ordinal`.execute(tx);
  const placed = zones.rows.map((zone): PlacedZone => ({ ...zone, level: null }));
  const { rows } = await sql<Pick<Asset, "id" | "addresses" | "vlans">>`select id, addresses, vlans from ot.asset
    where site_id = ${site} and merged_into is null`.execute(tx);
  const places = rows.map((asset) => ({ id: asset.id, zone: zoneOf(asset, placed) }));
  await sql`update ot.asset a set zone_id = x.zone
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as x (id uuid, zone uuid)
    where a.id = x.id and a.site_id = ${site} and a.zone_id is distinct from x.zone`.execute(tx);
}
