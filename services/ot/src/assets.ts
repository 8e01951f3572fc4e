/** What people decide about devices: names, roles, zones, which belong together. Each decision is remembered and told. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { mergeByHand, splitByHand, type Decision } from "./analysis/assets/by-hand.ts";
import { Draft } from "./analysis/assets/draft.ts";
import type { Asset, AssetAttribute, Role } from "./analysis/model.ts";
import { raise } from "./errors.ts";
import type { ChangeAsset } from "./wire/api-assets.ts";
import type { Criticality } from "./wire/api.ts";
import { nothingGiven, shownOf, type Given } from "./watch/shown.ts";
import { siteChanged } from "./watch/watch.ts";
import { renameKeys, writeEvents } from "./watch/write-assets.ts";
import { byOf, type Work } from "./work.ts";

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly document: Omit<Asset, "id">;
  readonly shown_name: string;
  readonly given_name: string | null;
  readonly given_role: Role | null;
  readonly note: string;
  readonly merged_into: Uuid | null;
}

/** The device, kept from changing; the watch of its site waits. NOT_FOUND, ASSET_MERGED. */
async function lockAsset(work: Work, id: Uuid): Promise<Row> {
  const { tx, organisation } = work;
  const found = await sql<{ site: Uuid }>`select site_id as site from ot.asset
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const site = found.rows[0]?.site;
  if (site === undefined) throw raiseServer("NOT_FOUND");
  // The order of the watch: the site first.
  await siteChanged(tx, organisation, site);
  const { rows } = await sql<Row>`select id, site_id, document, shown_name, given_name, given_role, note, merged_into
    from ot.asset where id = ${id} for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  if (row.merged_into !== null) throw raise("ASSET_MERGED", { name: row.shown_name });
  return row;
}

const assetOf = ({ id, document }: Row): Asset => ({ ...document, id });
const givenOf = (row: Row): Given => ({ name: row.given_name, role: row.given_role, note: row.note });

/** Evidence of people, which outweighs all other; null takes it back. */
function withHand(asset: Asset, attribute: AssetAttribute, value: string | null, at: number): Asset {
  const rest = (asset.attributes[attribute] ?? []).filter(({ source }) => source !== "hand");
  const attributes = { ...asset.attributes, [attribute]: rest };
  const draft = new Draft(asset.id, { ...asset, attributes }, asset);
  if (value !== null) draft.say(attribute, { value, source: "hand", confidence: 1, count: 1, first: at, last: at });
  return draft.finish();
}

/** Writes the evidence of a device with what follows from it. */
async function writeAsset(work: Work, asset: Asset, given: Given): Promise<void> {
  const { id, ...document } = asset;
  const shown = shownOf(asset, given);
  await sql`update ot.asset set macs = ${[...asset.macs]}::text[], addresses = ${[...asset.addresses]}::text[],
      vlans = ${[...asset.vlans]}::integer[], protocols = ${[...asset.protocols]}::text[], role = ${asset.role},
      role_confidence = ${asset.roleConfidence}, routes = ${asset.routes}, document = ${JSON.stringify(document)}::jsonb,
      first_at = ${new Date(asset.first)}, last_at = ${new Date(asset.last)}, shown_name = ${shown.name},
      shown_role = ${shown.role}, vendor = ${shown.vendor}, model = ${shown.model}, firmware = ${shown.firmware},
      os = ${shown.os}, serial = ${shown.serial}, search = ${shown.search}, conflicts = ${shown.conflicts},
      address_order = ${shown.addressOrder}, given_name = ${given.name}, given_role = ${given.role}, note = ${given.note}
    where id = ${id}`.execute(work.tx);
}

async function tell(
  work: Work,
  site: Uuid,
  asset: Uuid,
  kind: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const { tx, organisation, now } = work;
  await sql`insert into ot.asset_event (id, organisation_id, site_id, asset_id, at, kind, parameters, by_name)
    values (${newId()}, ${organisation}, ${site}, ${asset}, ${now}, ${kind}, ${JSON.stringify(parameters)}::jsonb,
      ${byOf(work)})`.execute(tx);
  await work.platform.live.publish(tx, organisation, { topic: "ot.assets", data: { site, ids: [asset] } });
}

/** NOT_FOUND for the device or a zone of another site. */
export async function changeAsset(work: Work, id: Uuid, change: ChangeAsset): Promise<void> {
  const row = await lockAsset(work, id);
  let asset = assetOf(row);
  const at = work.now.getTime();
  if (change.name !== undefined) asset = withHand(asset, "name", change.name, at);
  if (change.role !== undefined) asset = withHand(asset, "role", change.role, at);
  const before = givenOf(row);
  const given: Given = {
    name: change.name === undefined ? before.name : change.name,
    role: change.role === undefined ? before.role : change.role,
    note: change.note ?? before.note,
  };
  await writeAsset(work, asset, given);
  await setStanding(work, row, change);
  const told = Object.entries(change).map(([name, value]): [string, string] => [
    name,
    value === null ? "" : String(value),
  ]);
  await tell(work, row.site_id, id, "edit", Object.fromEntries(told.filter(([name]) => name !== "note")));
  await work.audit({ action: "ot-asset.change", subject: id, details: { name: row.shown_name, ...change } });
}

async function setStanding(work: Work, row: Row, change: ChangeAsset): Promise<void> {
  const { tx } = work;
  const { zoneId, level } = change;
  const criticality: Criticality | undefined = change.criticality;
  if (zoneId !== undefined) {
    if (zoneId !== null) {
      const { rows } = await sql`select 1 from ot.zone where id = ${zoneId} and site_id = ${row.site_id}`.execute(tx);
      if (rows.length === 0) throw raiseServer("NOT_FOUND");
    }
    await sql`update ot.asset set given_zone = ${zoneId} where id = ${row.id}`.execute(tx);
  }
  if (level !== undefined) await sql`update ot.asset set given_level = ${level} where id = ${row.id}`.execute(tx);
  if (criticality !== undefined)
    await sql`update ot.asset set criticality = ${criticality} where id = ${row.id}`.execute(tx);
}

async function pin(work: Work, site: Uuid, pins: Decision["pins"]): Promise<void> {
  for (const [member, asset] of pins) {
    await sql`insert into ot.pin (site_id, member, organisation_id, asset_id, decided_at, decided_by)
      values (${site}, ${member}, ${work.organisation}, ${asset}, ${work.now}, ${byOf(work)})
      on conflict (site_id, member) do update set asset_id = excluded.asset_id, decided_at = excluded.decided_at,
        decided_by = excluded.decided_by`.execute(work.tx);
  }
}

/** The others become part of the device, for good. MERGE_SELF, NOT_FOUND, ASSET_MERGED. */
export async function mergeAssets(work: Work, id: Uuid, others: readonly Uuid[]): Promise<void> {
  const into = await lockAsset(work, id);
  const { tx } = work;
  const rows: Row[] = [];
  for (const other of others) {
    if (other === id) throw raise("MERGE_SELF");
    const row = await lockAsset(work, other);
    if (row.site_id !== into.site_id) throw raise("MERGE_SELF");
    rows.push(row);
  }
  const { assets, pins } = mergeByHand(assetOf(into), rows.map(assetOf));
  await writeAsset(work, assets[0] as Asset, givenOf(into));
  for (const row of rows) {
    await sql`update ot.asset set merged_into = ${id} where id = ${row.id}`.execute(tx);
    await sql`update ot.endpoint set asset_id = ${id} where asset_id = ${row.id}`.execute(tx);
    await sql`update ot.finding set asset_ids = array_replace(asset_ids, ${row.id}::uuid, ${id}::uuid)
      where site_id = ${into.site_id} and asset_ids @> array[${row.id}::uuid]`.execute(tx);
    await renameKeys({ tx, site: into.site_id }, row.id, id);
    await tell(work, into.site_id, id, "merge", { asset: row.id, name: row.shown_name });
  }
  await pin(work, into.site_id, pins);
  const names = rows.map((row) => row.shown_name);
  await work.audit({
    action: "ot-asset.merge",
    subject: id,
    details: { into: into.shown_name, others: names, ids: [...others] },
  });
}

/** What is named becomes a device of its own; gives its id. SPLIT_NOTHING. */
export async function splitAsset(
  work: Work,
  id: Uuid,
  taken: { readonly macs: readonly string[]; readonly addresses: readonly string[] },
): Promise<Uuid> {
  const row = await lockAsset(work, id);
  const { tx, organisation } = work;
  const asset = assetOf(row);
  const known =
    taken.macs.every((mac) => asset.macs.includes(mac)) &&
    taken.addresses.every((one) => asset.addresses.includes(one));
  const count = taken.macs.length + taken.addresses.length;
  const rest = asset.macs.length + asset.addresses.length - count;
  const split = newId();
  if (!known || count === 0 || rest === 0) throw raise("SPLIT_NOTHING", { name: row.shown_name });
  const { assets, pins } = splitByHand(asset, taken, split);
  for (const part of assets) {
    if (part.id !== id) await insertAsset(work, row.site_id, part);
    await writeAsset(work, part, part.id === id ? givenOf(row) : nothingGiven);
  }
  await sql`update ot.endpoint set asset_id = ${split} where asset_id = ${id}
    and (mac = any(${[...taken.macs]}::text[]) or (mac is null and address = any(${[...taken.addresses]}::text[])))`.execute(
    tx,
  );
  await pin(work, row.site_id, pins);
  await tell(work, row.site_id, id, "split", { asset: split, name: [...taken.macs, ...taken.addresses].join(" ") });
  await writeEvents(tx, { organisation, site: row.site_id }, [
    { asset: split, at: work.now.getTime(), kind: "seen", parameters: { name: row.shown_name } },
  ]);
  await work.audit({ action: "ot-asset.split", subject: id, details: { name: row.shown_name, split, ...taken } });
  return split;
}

async function insertAsset(work: Work, site: Uuid, asset: Asset): Promise<void> {
  const at = new Date(asset.first);
  await sql`insert into ot.asset (id, organisation_id, site_id, macs, addresses, vlans, protocols, role, role_confidence, routes,
      document, first_at, last_at, shown_name, shown_role, search, conflicts)
    values (${asset.id}, ${work.organisation}, ${site}, '{}', '{}', '{}', '{}', ${asset.role}, 0, false, '{}'::jsonb, ${at}, ${at},
      '', ${asset.role}, '', 0)`.execute(work.tx);
}

/** Out of use: off the lists until it is seen again. */
export async function retireAsset(work: Work, id: Uuid): Promise<void> {
  const row = await lockAsset(work, id);
  await sql`update ot.asset set retired_at = ${work.now} where id = ${id}`.execute(work.tx);
  await tell(work, row.site_id, id, "edit", { retired: "true" });
  await work.audit({ action: "ot-asset.retire", subject: id, details: { name: row.shown_name } });
}

/** Names in one entry of the audit log, and ids in one hint. */
const NAMED = 100;

/**
 * learning: from now on anew. watching: what it did until now is normal, and new things are told. All of one site; a whole site is
 * a few statements and one entry of the audit log. NOT_FOUND, ASSET_MERGED.
 */
export async function setLearning(work: Work, ids: readonly Uuid[], state: "learning" | "watching"): Promise<void> {
  const [one] = ids;
  if (one === undefined) return;
  const { tx, organisation, now } = work;
  const { site_id: site } = await lockAsset(work, one);
  const { rows } = await sql<{ id: Uuid; name: string; first: number }>`select id, shown_name as name,
      (document->>'first')::float8 as first
    from ot.asset where site_id = ${site} and id = any(${[...ids]}::uuid[]) and merged_into is null order by id for update`.execute(
    tx,
  );
  const known = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) {
    await lockAsset(work, missing);
    throw raiseServer("NOT_FOUND");
  }
  await writeLearning(work, site, rows, state);
  await sql`update ot.asset set learning = ${state} where site_id = ${site} and id = any(${[...known]}::uuid[])`.execute(
    tx,
  );
  // Keys name devices by their ids: each is read once, however many devices there are.
  await sql`update ot.learned l set known = true where site_id = ${site} and not known and exists (
    select from regexp_matches(l.key, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as part
    where part[1] = any(${[...known]}::text[]))`.execute(tx);
  const events = rows.map(({ id }) => ({ id: newId(), asset: id }));
  await sql`insert into ot.asset_event (id, organisation_id, site_id, asset_id, at, kind, parameters, by_name)
    select x.id, ${organisation}, ${site}, x.asset, ${now}, 'learning', ${JSON.stringify({ state })}::jsonb, ${byOf(work)}
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as x (id uuid, asset uuid)`.execute(tx);
  const news = { topic: "ot.assets", data: { site, ids: [...known].slice(0, NAMED) } };
  await work.platform.live.publish(tx, organisation, news);
  const names = rows.slice(0, NAMED).map(({ name }) => name);
  await work.audit(
    rows.length === 1
      ? { action: "ot-asset.learning", subject: one, details: { name: names[0] ?? "", state } }
      : { action: "ot-asset.learning", subject: site, details: { devices: rows.length, names, state } },
  );
}

async function writeLearning(
  { tx, organisation, now }: Work,
  site: Uuid,
  assets: readonly { readonly id: Uuid; readonly first: number }[],
  state: "learning" | "watching",
): Promise<void> {
  const rows = assets.map(({ id, first }) => ({
    key: `asset|${id}`,
    document: {
      kind: "asset",
      key: `asset|${id}`,
      due: null,
      since: state === "learning" ? now.getTime() : first,
      state,
      approved: true,
      items: 0,
      days: [],
    },
  }));
  await sql`insert into ot.baseline as b (site_id, key, organisation_id, kind, document)
    select ${site}, x.key, ${organisation}, 'asset', x.document
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (key text, document jsonb)
    on conflict (site_id, key) do update set document = b.document || jsonb_build_object('state', ${state}::text,
      'approved', true, 'since', case when ${state} = 'learning' then to_jsonb(${now.getTime()}::bigint)
        else b.document->'since' end, 'days', case when ${state} = 'learning' then '[]'::jsonb else b.document->'days' end)`.execute(
    tx,
  );
}
