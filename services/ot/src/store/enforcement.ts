/** Devices off the network, and which sensors have the means: as pages and sensors read them. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Block, Enforcement } from "../wire/api-enforcement.ts";
import { MAX_BLOCKS, type Block as Ordered, type BlockCode, type BlockState, type Means } from "../wire/enforcement.ts";
import { assetRefs } from "./asset-list.ts";

/** Orders shown of a site. */
const SHOWN = 200;

/** What a sensor should keep off: given and not taken back. It knows the end of each by itself. */
export async function blocksOf(tx: Tx, sensor: Uuid): Promise<Ordered[]> {
  const { rows } = await sql<{ id: Uuid; mac: string; addresses: string[]; asked: Date; until: Date }>`
    select id, mac, addresses, created_at as asked, until_at as until from ot.block
    where sensor_id = ${sensor} and ended_at is null and state in ('asked', 'working', 'done')
    order by ordinal limit ${MAX_BLOCKS}`.execute(tx);
  return rows.map(({ id, mac, addresses, asked, until }) => ({
    order: id,
    mac,
    addresses,
    asked: asked.getTime(),
    until: until.getTime(),
  }));
}

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly sensor_id: Uuid;
  readonly label: string;
  readonly asset_id: Uuid;
  readonly mac: string;
  readonly reason: string;
  readonly finding_id: Uuid | null;
  readonly until_at: Date;
  readonly created_at: Date;
  readonly created_by: string;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
  readonly state: BlockState | "asked";
  readonly code: BlockCode;
  readonly place: string;
  readonly learned: number;
  readonly reported_at: Date | null;
}

/** Nobody answered in its time. */
const isOverdue = ({ state, until_at }: Pick<Row, "state" | "until_at">, now: Date): boolean =>
  state === "asked" && until_at <= now;

/** An order that nobody answered is over with its time; one that was taken back lifts until the sensor says so. */
export function shownState(row: Pick<Row, "state" | "ended_at" | "until_at">, now: Date): Block["state"] {
  if (isOverdue(row, now)) return "failed";
  const { state, ended_at } = row;
  const lifts = state === "asked" || state === "working" || state === "done";
  return ended_at !== null && lifts ? "lifting" : state;
}

export async function listBlocks(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  which: { readonly site?: Uuid | undefined; readonly id?: Uuid | undefined },
): Promise<Block[]> {
  const { site = null, id = null } = which;
  const { rows } = await sql<Row>`select b.*, s.label from ot.block b join ot.sensor s on s.id = b.sensor_id
    where b.organisation_id = ${organisation} and (${site}::uuid is null or b.site_id = ${site}::uuid)
      and (${id}::uuid is null or b.id = ${id}::uuid)
    order by b.state in ('asked', 'working', 'done', 'stuck') desc, b.ordinal desc limit ${SHOWN}`.execute(tx);
  const refs = await assetRefs(
    tx,
    organisation,
    rows.map(({ asset_id }) => asset_id),
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    sensor: { id: row.sensor_id, label: row.label },
    asset: refs.get(row.asset_id) ?? null,
    mac: row.mac,
    reason: row.reason,
    findingId: row.finding_id,
    until: row.until_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    state: shownState(row, now),
    code: isOverdue(row, now) ? "unreachable" : row.code,
    place: row.place,
    learned: row.learned,
    reportedAt: row.reported_at?.toISOString() ?? null,
  }));
}

export async function readEnforcement(
  tx: Tx,
  organisation: OrganisationId,
  site: Uuid,
  now: Date,
): Promise<Enforcement> {
  const { rows } = await sql<{ id: Uuid; label: string; means: Means | null; at: Date | null }>`
    select s.id, s.label, e.means, e.reported_at as at from ot.sensor s left join ot.enforcer e on e.sensor_id = s.id
    where s.organisation_id = ${organisation} and s.site_id = ${site} and s.ended_at is null order by s.ordinal`.execute(
    tx,
  );
  return {
    siteId: site,
    sensors: rows.map(({ id, label, means, at }) => ({ id, label, means, reportedAt: at?.toISOString() ?? null })),
    blocks: await listBlocks(tx, organisation, now, { site }),
  };
}
