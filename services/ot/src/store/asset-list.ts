/** The list of devices: filters, order, pages; the same rows as a CSV file. */
import { sql, type RawBuilder } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Asset, Role } from "../analysis/model.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { raise } from "../errors.ts";
import type { AssetRef } from "../wire/api.ts";
import type { AssetItem, AssetQuery } from "../wire/api-assets.ts";

/** Milliseconds before the site's newest upload within which a device counts as present. */
const PRESENT_MS = 300_000;
export const DEFAULT_LIMIT = 100;

/** Condition on `ot.asset a`: still a device of its own, and in use. */
export const living = sql<boolean>`(a.merged_into is null and a.retired_at is null)`;

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly shown_name: string;
  readonly given_name: string | null;
  readonly shown_role: Role;
  readonly given_role: Role | null;
  readonly role_confidence: number;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly os: string | null;
  readonly serial: string | null;
  readonly macs: string[];
  readonly addresses: string[];
  readonly vlans: number[];
  readonly protocols: Asset["protocols"][number][];
  readonly zone: Uuid | null;
  readonly zone_name: string | null;
  readonly level: string | null;
  readonly criticality: AssetItem["criticality"];
  readonly learning: AssetItem["learning"];
  readonly first_at: Date;
  readonly last_at: Date;
  readonly present: boolean;
  readonly findings: number;
  readonly worst: number;
  readonly conflicts: number;
  readonly registered: boolean | null;
}

const severities = ["info", "notice", "bad", "critical"] as const;
const rank = sql`case f.severity when 'critical' then 4 when 'bad' then 3 when 'notice' then 2 else 1 end`;

const zoneJoin = sql`left join ot.zone z on z.id = coalesce(a.given_zone, a.zone_id)`;
/** Open findings of every device. */
const findingsJoin = (organisation: OrganisationId) => sql`left join (
  select asset, count(*)::int as findings, max(${rank})::int as worst from ot.finding f, unnest(f.asset_ids) as asset
  where f.organisation_id = ${organisation} and f.state = 'open' group by asset) o on o.asset = a.id`;
/** Open findings of a few devices. */
const findingsLateral = sql`left join lateral (
  select count(*)::int as findings, max(${rank})::int as worst from ot.finding f
  where f.state = 'open' and f.asset_ids @> array[a.id]) o on true`;
/** Whether the site has a list of its own devices. */
const registerJoin = (organisation: OrganisationId) => sql`left join (select distinct site_id from ot.register_entry
  where organisation_id = ${organisation}) r on r.site_id = a.site_id`;
/** All that columns are read from; `few`: for some devices by id. */
const source = (organisation: OrganisationId, few: boolean) => sql`ot.asset a ${zoneJoin}
  left join ot.watch w on w.site_id = a.site_id ${few ? findingsLateral : findingsJoin(organisation)} ${registerJoin(organisation)}`;
/** Only what the filters and the order of a question look at. */
function asked(
  organisation: OrganisationId,
  query: Omit<AssetQuery, "sort"> & { sort?: AssetQuery["sort"] | undefined },
): RawBuilder<unknown> {
  const zone = query.zone !== undefined || query.level !== undefined || query.sort === "zone";
  const findings = query.findings !== undefined || query.sort === "findings";
  return sql`ot.asset a ${zone ? zoneJoin : sql``} ${findings ? findingsJoin(organisation) : sql``}
    ${query.registered === undefined ? sql`` : registerJoin(organisation)}`;
}
const registered = sql<boolean | null>`case when r.site_id is null then null else exists (
  select from ot.register_entry e where e.site_id = a.site_id
    and (e.macs && a.macs or e.addresses && a.addresses or (e.serial is not null and e.serial = a.serial))) end`;
const columns = sql`a.id, a.site_id, a.shown_name, a.given_name, a.shown_role, a.given_role, a.role_confidence, a.vendor, a.model,
  a.firmware, a.os, a.serial, a.macs, a.addresses, a.vlans, a.protocols, z.id as zone, z.name as zone_name,
  coalesce(a.given_level, z.level, a.level) as level, a.criticality, a.learning, a.first_at, a.last_at,
  coalesce(a.last_at >= w.last_at - make_interval(secs => ${PRESENT_MS / 1000}), false) as present,
  coalesce(o.findings, 0) as findings, coalesce(o.worst, 0) as worst, a.conflicts, ${registered} as registered`;

const orders: Readonly<Record<NonNullable<AssetQuery["sort"]>, RawBuilder<unknown>>> = {
  name: sql`lower(a.shown_name)`,
  role: sql`a.shown_role`,
  vendor: sql`coalesce(lower(a.vendor), '~')`,
  model: sql`coalesce(lower(a.model), '~')`,
  address: sql`lpad(coalesce(a.address_order, 9999999999)::text, 12, '0') || coalesce(a.addresses[1], a.macs[1], '')`,
  zone: sql`coalesce(lower(z.name), '~')`,
  criticality: sql`case a.criticality when 'critical' then '3' when 'high' then '2' when 'normal' then '1' else '0' end`,
  firstAt: sql`to_char(a.first_at at time zone 'UTC', 'YYYYMMDDHH24MISS.US')`,
  lastAt: sql`to_char(a.last_at at time zone 'UTC', 'YYYYMMDDHH24MISS.US')`,
  findings: sql`coalesce(o.worst, 0)::text || lpad(coalesce(o.findings, 0)::text, 9, '0')`,
};

const text = (value: string): string => `%${value.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** Conditions of a question, joined by AND. */
function filters(organisation: OrganisationId, query: AssetQuery): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`a.organisation_id = ${organisation}`, living];
  const add = <T>(value: T | undefined, part: (value: T) => RawBuilder<unknown>): void => {
    if (value !== undefined) parts.push(part(value));
  };
  add(query.site, (site) => sql`a.site_id = ${site}`);
  add(query.q?.trim() || undefined, (q) => sql`(a.search like ${text(q)} or lower(a.note) like ${text(q)})`);
  add(query.role, (role) => sql`a.shown_role = ${role}`);
  add(query.vendor, (vendor) => sql`a.vendor = ${vendor}`);
  add(query.protocol, (protocol) => sql`a.protocols @> array[${protocol}]::text[]`);
  add(query.zone, (zone) => sql`z.id = ${zone}`);
  add(query.level, (level) => sql`coalesce(a.given_level, z.level, a.level) = ${level}`);
  add(query.criticality, (criticality) => sql`a.criticality = ${criticality}`);
  add(query.learning, (learning) => sql`a.learning = ${learning}`);
  add(query.registered, (wanted) => sql`${registered} = ${wanted}`);
  add(query.conflicts, (wanted) => sql`(a.conflicts > 0) = ${wanted}`);
  add(query.findings, (wanted) => sql`(coalesce(o.findings, 0) > 0) = ${wanted}`);
  add(query.firstFrom, (from) => sql`a.first_at >= ${from}::timestamptz`);
  add(query.seenFrom, (from) => sql`a.last_at >= ${from}::timestamptz`);
  add(query.seenTo, (to) => sql`a.first_at < ${to}::timestamptz`);
  return sql.join(parts, sql` and `);
}

/** A place in an order: the key of the last row and its id. */
function readCursor(cursor: string): { key: string; id: Uuid } {
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as [unknown, unknown];
    if (typeof key === "string" && typeof id === "string" && /^[0-9a-f-]{36}$/.test(id)) return { key, id };
  } catch {
    // Said below.
  }
  throw raise("CURSOR_INVALID");
}
const writeCursor = (row: { readonly key: string; readonly id: Uuid }): string =>
  Buffer.from(JSON.stringify([row.key, row.id])).toString("base64url");

/** CURSOR_INVALID. */
export async function pageOfAssets(
  tx: Tx,
  organisation: OrganisationId,
  query: AssetQuery,
): Promise<{ items: AssetItem[]; next: string | null; total: number }> {
  const [from, where] = [asked(organisation, query), filters(organisation, query)];
  const order = orders[query.sort ?? "name"];
  const down = query.order === "desc";
  const limit = query.limit ?? DEFAULT_LIMIT;
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const place = sql`(${order} collate "C", a.id)`;
  const beyond =
    after === null
      ? sql`true`
      : down
        ? sql`${place} < (${after.key}, ${after.id}::uuid)`
        : sql`${place} > (${after.key}, ${after.id}::uuid)`;
  const way = down ? sql`desc` : sql`asc`;
  const found = await sql<{
    id: Uuid;
    key: string;
  }>`select a.id, ${order} as key from ${from} where ${where} and ${beyond}
    order by ${order} collate "C" ${way}, a.id ${way} limit ${limit + 1}`.execute(tx);
  const counted = asked(organisation, { ...query, sort: undefined });
  const total = await sql<{ count: number }>`select count(*)::int as count from ${counted} where ${where}`.execute(tx);
  const shown = found.rows.slice(0, limit);
  const items = await itemsById(
    tx,
    organisation,
    shown.map(({ id }) => id),
  );
  const last = shown.at(-1);
  return {
    items: shown.flatMap(({ id }) => items.get(id) ?? []),
    next: found.rows.length > limit && last !== undefined ? writeCursor(last) : null,
    total: total.rows[0]?.count ?? 0,
  };
}

async function itemsById(tx: Tx, organisation: OrganisationId, ids: readonly Uuid[]): Promise<Map<Uuid, AssetItem>> {
  const { rows } = await sql<Row>`select ${columns} from ${source(organisation, true)}
    where a.organisation_id = ${organisation} and a.id = any(${[...ids]}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, itemOf(row)]));
}

/** All that the filters let through, in the order of the names; for files and reconciliation. At most 20,000. */
export async function allAssets(tx: Tx, organisation: OrganisationId, query: AssetQuery): Promise<AssetItem[]> {
  const { rows } = await sql<Row>`select ${columns} from ${source(organisation, false)}
    where ${filters(organisation, query)} order by lower(a.shown_name) collate "C", a.id limit 20000`.execute(tx);
  return rows.map(itemOf);
}

/** One device, also one that is out of use; null when it is not of the organisation. */
export async function assetItem(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<AssetItem | null> {
  const item = (await itemsById(tx, organisation, [id])).get(id);
  const { rows } = await sql`select 1 from ot.asset where id = ${id} and merged_into is not null`.execute(tx);
  return item === undefined || rows.length > 0 ? null : item;
}

function itemOf(row: Row): AssetItem {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.shown_name,
    named: row.given_name !== null,
    role: row.shown_role,
    roleByHand: row.given_role !== null,
    roleConfidence: row.given_role === null ? row.role_confidence : 1,
    vendor: row.vendor,
    model: row.model,
    firmware: row.firmware,
    os: row.os,
    serial: row.serial,
    macs: row.macs,
    addresses: row.addresses,
    vlans: row.vlans,
    protocols: row.protocols,
    zoneId: row.zone,
    zoneName: row.zone_name,
    level: row.level === null ? null : Number(row.level),
    criticality: row.criticality,
    learning: row.learning,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    present: row.present,
    worst: severities[row.worst - 1] ?? null,
    findings: row.findings,
    conflicts: row.conflicts,
    registered: row.registered,
  };
}

/** What the filters can be set to, the most frequent first. */
export async function facetsOf(tx: Tx, organisation: OrganisationId, site: Uuid | undefined) {
  const facet = async (value: RawBuilder<unknown>, extra = sql``) => {
    const { rows } = await sql<{ value: string; count: number }>`select ${value} as value, count(*)::int as count
      from ot.asset a left join ot.zone z on z.id = coalesce(a.given_zone, a.zone_id) ${extra}
      where a.organisation_id = ${organisation} and ${living} and (${site ?? null}::uuid is null or a.site_id = ${site ?? null}::uuid)
        and ${value} is not null
      group by 1 order by 2 desc, 1 limit 200`.execute(tx);
    return rows;
  };
  return {
    roles: await facet(sql`a.shown_role`),
    vendors: await facet(sql`a.vendor`),
    protocols: await facet(sql`p.protocol`, sql`cross join lateral unnest(a.protocols) as p(protocol)`),
    zones: await facet(sql`z.id::text`),
  };
}

/** Devices as others name them, by id; joined ones under the id of what they became part of too. */
export async function assetRefs(
  tx: Tx,
  organisation: OrganisationId,
  ids: Iterable<Uuid>,
): Promise<Map<Uuid, AssetRef>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { rows } =
    await sql<AssetRef>`select a.id, a.shown_name as name, a.shown_role as role, a.addresses[1] as address
    from ot.asset a where a.organisation_id = ${organisation} and a.id = any(${wanted}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}
/** NOT_FOUND unless all of them are devices of the site. */
export async function needAssets(
  tx: Tx,
  organisation: OrganisationId,
  site: Uuid,
  ids: readonly Uuid[],
): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ot.asset
    where organisation_id = ${organisation} and site_id = ${site} and id = any(${wanted}::uuid[])`.execute(tx);
  if (rows[0]?.count !== wanted.length) throw raiseServer("NOT_FOUND");
}

/** What a map draws of a device. Times in ms. */
export interface MapAsset extends Pick<
  AssetItem,
  "id" | "name" | "role" | "zoneId" | "level" | "learning" | "worst" | "findings"
> {
  readonly address: string | null;
  readonly first: number;
  readonly last: number;
}
/** All devices of a site, light: a map has thousands. */
export async function mapAssets(tx: Tx, organisation: OrganisationId, site: Uuid): Promise<MapAsset[]> {
  interface Light extends Omit<MapAsset, "level" | "worst"> {
    readonly level: number | null;
    readonly worst: number;
  }
  const { rows } = await sql<Light>`select a.id, a.shown_name as name, a.shown_role as role, z.id as "zoneId",
      coalesce(a.given_level, z.level, a.level)::float8 as level, a.learning, coalesce(o.worst, 0) as worst,
      coalesce(o.findings, 0) as findings, a.addresses[1] as address,
      (extract(epoch from a.first_at) * 1000)::float8 as first, (extract(epoch from a.last_at) * 1000)::float8 as last
    from ot.asset a ${zoneJoin} ${findingsJoin(organisation)}
    where a.organisation_id = ${organisation} and a.site_id = ${site} and ${living}`.execute(tx);
  return rows.map((row) => ({ ...row, worst: severities[row.worst - 1] ?? null }));
}
