/** Ordering that a device is taken off the network, taking it back, and what the sensors answer (OT-31). */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { organisationFacts } from "@yagura/commerce/organisations.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { configureSensors } from "./configuration.ts";
import { raise } from "./errors.ts";
import { assetItem } from "./store/asset-list.ts";
import { needsName, type NewBlock } from "./wire/api-enforcement.ts";
import { MAX_BLOCKS, type BlockReport, type BlockState, type EnforcementBody, type Means } from "./wire/enforcement.ts";
import { siteChanged } from "./watch/watch.ts";
import { announce, byOf, type Work } from "./work.ts";

const holding = sql`state in ('asked', 'working', 'done', 'stuck')`;

/** The site's sensor that has the means: the one that reported last, where there are several. BLOCK_NO_MEANS. */
async function sensorWithMeans({ tx, organisation }: Work, site: Uuid): Promise<{ id: Uuid; means: Means }> {
  const { rows } = await sql<{ id: Uuid; means: Means }>`select s.id, e.means
    from ot.sensor s join ot.enforcer e on e.sensor_id = s.id
    where s.organisation_id = ${organisation} and s.site_id = ${site} and s.ended_at is null and s.device_id is not null
      and e.means is not null
    order by e.reported_at desc, s.ordinal limit 1`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raise("BLOCK_NO_MEANS");
  return row;
}

/**
 * NOT_FOUND, BLOCK_MAC for one that the device does not have, BLOCK_UNCONFIRMED, BLOCK_TOO_LONG, BLOCK_LIMIT, BLOCK_TWICE,
 * BLOCK_NO_MEANS. Whether it is done the premises decide.
 */
export async function orderBlock(work: Work, id: Uuid, input: NewBlock): Promise<Uuid> {
  const { tx, organisation, now } = work;
  const asset = await assetItem(tx, organisation, id);
  if (asset === null) throw raiseServer("NOT_FOUND");
  const { name, siteId: site, addresses } = asset;
  if (!asset.macs.includes(input.mac)) throw raise("BLOCK_MAC", { name, mac: input.mac });
  if (needsName(asset.role, asset.criticality) && input.confirmName?.trim() !== name)
    throw raise("BLOCK_UNCONFIRMED", { name });
  if (input.findingId !== undefined) await needFinding(work, site, input.findingId);
  // One after the other: the limit is counted under the site's lock.
  await siteChanged(tx, organisation, site);
  const { id: sensor, means } = await sensorWithMeans(work, site);
  if (input.minutes > means.hours * 60) throw raise("BLOCK_TOO_LONG", { hours: means.hours });
  await sql`update ot.block set state = 'failed', code = 'unreachable' where site_id = ${site} and state = 'asked'
    and until_at <= ${now}`.execute(tx);
  const held = await sql<{ mac: string; by: Uuid }>`select mac, sensor_id as by from ot.block
    where site_id = ${site} and ${holding}`.execute(tx);
  if (held.rows.some(({ mac }) => mac === input.mac)) throw raise("BLOCK_TWICE", { name });
  const limit = Math.min(means.devices, MAX_BLOCKS);
  if (held.rows.filter(({ by }) => by === sensor).length >= limit) throw raise("BLOCK_LIMIT", { limit });
  const block = newId();
  const until = new Date(now.getTime() + input.minutes * 60_000);
  await sql`insert into ot.block (id, organisation_id, site_id, sensor_id, asset_id, mac, addresses, reason, finding_id, until_at,
      created_at, created_by)
    values (${block}, ${organisation}, ${site}, ${sensor}, ${id}, ${input.mac}, ${addresses.slice(0, 16)}::text[],
      ${input.reason}, ${input.findingId ?? null}, ${until}, ${now}, ${byOf(work)})`.execute(tx);
  await tellTimeline(tx, { organisation, site, asset: id, now, kind: "block-asked", by: byOf(work) }, input.reason);
  await configureSensors(tx, work.devices, organisation, { sensor });
  const { mac, minutes, reason, dependents, findingId = null } = input;
  await work.audit({
    action: "ot-block.order",
    subject: block,
    details: { asset: id, name, mac, minutes, reason, dependents, findingId, sensor },
  });
  await announce(work, "blocks", block);
  return block;
}

async function needFinding({ tx, organisation }: Work, site: Uuid, finding: Uuid): Promise<void> {
  const { rows } = await sql`select 1 from ot.finding where organisation_id = ${organisation} and site_id = ${site}
    and id = ${finding}`.execute(tx);
  if (rows.length === 0) throw raiseServer("NOT_FOUND");
}

interface BlockRow {
  readonly id: Uuid;
  readonly site: Uuid;
  readonly sensor: Uuid;
  readonly asset: Uuid;
  readonly mac: string;
  readonly state: BlockState | "asked";
  readonly reason: string;
  readonly until: Date;
  readonly ended: Date | null;
  readonly mutes: Uuid[];
}
const blockColumns = sql`id, site_id as site, sensor_id as sensor, asset_id as asset, mac, state, reason, until_at as until,
  ended_at as ended, mute_ids as mutes`;

/** The sensor puts the device on again. NOT_FOUND, BLOCK_OVER. */
export async function endBlock(work: Work, id: Uuid): Promise<void> {
  const { tx, organisation, now } = work;
  const found = await sql<{ site: Uuid }>`select site_id as site from ot.block
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const site = found.rows[0]?.site;
  if (site === undefined) throw raiseServer("NOT_FOUND");
  await siteChanged(tx, organisation, site);
  const { rows } = await sql<BlockRow>`select ${blockColumns} from ot.block where id = ${id} for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  if (row.ended !== null || !["asked", "working", "done"].includes(row.state)) throw raise("BLOCK_OVER");
  await sql`update ot.block set ended_at = ${now}, ended_by = ${byOf(work)},
      state = case when state = 'asked' and reported_at is null then 'undone' else state end,
      code = case when state = 'asked' and reported_at is null then 'ended' else code end
    where id = ${id}`.execute(tx);
  await configureSensors(tx, work.devices, organisation, { sensor: row.sensor });
  const told = { organisation, site, asset: row.asset, now, kind: "block-ended", by: byOf(work) };
  await tellTimeline(tx, told, row.reason);
  await work.audit({ action: "ot-block.undo", subject: id, details: { asset: row.asset, mac: row.mac } });
  await announce(work, "blocks", id);
}

/** The sensor's machine is cut off: it lifts what it holds by itself once it learns so, and cannot tell any more. */
export async function cutOffBlocks(
  work: Work,
  { sensor, site }: { readonly sensor: Uuid; readonly site: Uuid },
): Promise<void> {
  const { tx, organisation, now } = work;
  await siteChanged(tx, organisation, site);
  await sql`delete from ot.enforcer where sensor_id = ${sensor}`.execute(tx);
  const { rows } =
    await sql<BlockRow>`update ot.block set state = 'undone', code = 'cut-off', ended_at = coalesce(ended_at, ${now}),
      ended_by = coalesce(ended_by, ${byOf(work)}), reported_at = ${now}
    where organisation_id = ${organisation} and sensor_id = ${sensor} and ${holding} returning ${blockColumns}`.execute(
      tx,
    );
  for (const row of rows) {
    await endMutes(tx, row, now);
    await work.audit({ action: "ot-block.cut-off", subject: row.id, details: { asset: row.asset, mac: row.mac } });
    await announce(work, "blocks", row.id);
  }
}

interface Told {
  readonly organisation: OrganisationId;
  readonly site: Uuid;
  readonly asset: Uuid;
  readonly now: Date;
  readonly kind: string;
  readonly by: string | null;
}
/** The device may be gone by now. */
async function tellTimeline(tx: Tx, told: Told, reason: string, place = ""): Promise<void> {
  const { organisation, site, asset, now, kind, by } = told;
  await sql`insert into ot.asset_event (id, organisation_id, site_id, asset_id, at, kind, parameters, by_name)
    select ${newId()}, ${organisation}, ${site}, a.id, ${now}, ${kind}, ${JSON.stringify({ reason, place })}::jsonb, ${by}
    from ot.asset a where a.id = ${asset}`.execute(tx);
}

/** Findings that come of a device's silence, and for how long after it is on again. */
const silences = ["ot.cycle.silent", "ot.volume.low"] as const;
const GRACE_MS = 30 * 60_000;

const muteReason = { ja: "指示による遮断: ", en: "Off the network by order: " } as const;

/** A device that is off by order is silent by order: what comes of it is muted with that reason. */
async function mute(tx: Tx, organisation: OrganisationId, row: BlockRow, now: Date): Promise<void> {
  const ids: Uuid[] = [];
  const language = (await organisationFacts(tx, organisation))?.language ?? "ja";
  const reason = `${muteReason[language]}${row.reason}`.slice(0, 500);
  for (const kind of silences) {
    const id = newId();
    ids.push(id);
    await sql`insert into ot.mute (id, organisation_id, site_id, kind, asset_id, reason, until_at, created_at, created_by)
      values (${id}, ${organisation}, ${row.site}, ${kind}, ${row.asset}, ${reason},
        ${new Date(row.until.getTime() + GRACE_MS)}, ${now}, 'yagura')`.execute(tx);
  }
  await sql`update ot.block set mute_ids = ${ids}::uuid[] where id = ${row.id}`.execute(tx);
}
async function endMutes(tx: Tx, { mutes }: BlockRow, now: Date): Promise<void> {
  if (mutes.length === 0) return;
  await sql`update ot.mute set until_at = least(until_at, ${new Date(now.getTime() + GRACE_MS)}::timestamptz)
    where id = any(${mutes}::uuid[])`.execute(tx);
}

/** A report is believed of the sensor's own orders only; the same or an older one again changes nothing. */
export async function takeReport(
  platform: Platform,
  organisation: OrganisationId,
  owner: { readonly sensor: Uuid; readonly site: Uuid },
  body: EnforcementBody,
): Promise<void> {
  const now = new Date(platform.clock.now());
  await platform.store.organisation(organisation, async (tx) => {
    if (body.orders.length > 0) await siteChanged(tx, organisation, owner.site);
    await sql`insert into ot.enforcer (sensor_id, organisation_id, means, reported_at)
      values (${owner.sensor}, ${organisation}, ${body.means === null ? null : JSON.stringify(body.means)}::jsonb, ${new Date(body.at)})
      on conflict (sensor_id) do update set means = excluded.means, reported_at = excluded.reported_at
      where enforcer.reported_at <= excluded.reported_at`.execute(tx);
    const { rows } = await sql<
      BlockRow & { reported: Date | null }
    >`select ${blockColumns}, reported_at as reported from ot.block
      where organisation_id = ${organisation} and sensor_id = ${owner.sensor}
        and id = any(${body.orders.map(({ order }) => order)}::uuid[])
      order by ordinal for update`.execute(tx);
    for (const row of rows) {
      const report = body.orders.find(({ order }) => order === row.id);
      if (report === undefined || (row.reported !== null && row.reported.getTime() > body.at)) continue;
      await takeOne(tx, platform, organisation, row, report, { now, at: new Date(body.at) });
    }
  });
}

/** A late answer to an order that was given up, while the device is off by another one: that one holds. */
async function isOrderedAnew(tx: Tx, { id, site, mac, state: before }: BlockRow, state: BlockState): Promise<boolean> {
  const holds = (one: BlockRow["state"]): boolean => ["asked", "working", "done", "stuck"].includes(one);
  if (holds(before) || !holds(state)) return false;
  const other =
    await sql`select 1 from ot.block where site_id = ${site} and mac = ${mac} and id <> ${id} and ${holding}`.execute(
      tx,
    );
  return other.rows.length > 0;
}

async function takeOne(
  tx: Tx,
  platform: Platform,
  organisation: OrganisationId,
  row: BlockRow,
  report: BlockReport,
  { now, at }: { readonly now: Date; readonly at: Date },
): Promise<void> {
  // Whoever lost its memory says that it is too late for what it did before: the port is still shut.
  const lost = report.state === "refused" && (row.state === "done" || row.state === "stuck");
  const state: BlockState = lost ? "stuck" : report.state;
  if (await isOrderedAnew(tx, row, state)) return;
  await sql`update ot.block set state = ${state}, code = ${report.code}, reported_at = ${at}, learned = ${report.learned},
      place = case when ${report.where}::text = '' then place else ${report.where} end
    where id = ${row.id}`.execute(tx);
  if (state === row.state) return;
  if (state === "done") await mute(tx, organisation, row, now);
  if (state === "undone" || state === "failed" || state === "refused") await endMutes(tx, row, now);
  const { site, asset } = row;
  if (state !== "working")
    await tellTimeline(
      tx,
      { organisation, site, asset, now, kind: `block-${state}`, by: null },
      row.reason,
      report.where,
    );
  await platform.audit(tx, { kind: "system", name: "ot" }, organisation, {
    action: `ot-block.${state}`,
    subject: row.id,
    details: { asset, mac: row.mac, code: report.code, place: report.where },
  });
  await platform.live.publish(tx, organisation, { topic: "ot.blocks", data: { id: row.id } });
}
