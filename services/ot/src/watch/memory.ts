/**
 * What a process remembers of a site between batches, so that the steady state reads next to nothing: devices, endpoints, what is
 * learned and what is usual. It holds while the revision of the site's row in ot.watch is the one at which it was read or written.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { AssetIndex, type MemberKey } from "../analysis/assets/asset-index.ts";
import type { Conditions, Baseline } from "../analysis/detect/types.ts";
import type { Asset, Learned, Role } from "../analysis/model.ts";
import type { Vocabulary } from "../analysis/observe.ts";
import type { Facts } from "../feeds/facts.ts";
import { loadConditions } from "./conditions.ts";
import { shownOf, type Given, type Shown } from "./shown.ts";
import type { PlacedZone } from "./zones.ts";

/** Learned items and baselines kept in memory for a site; beyond it they are forgotten and read again by key. */
const MAX_KEPT = 400_000;
/**
 * What a site may come to at most: forged senders must not fill the database. What is beyond is not remembered, so it is new each
 * time; devices have a limit of their own (MAX_ASSETS). Baselines are one for each hour of the week.
 */
export const MAX_LEARNED = 500_000;
export const MAX_BASELINES = 3_000_000;
export const MAX_ENDPOINTS = 200_000;

export interface KnownAsset {
  readonly given: Given;
  readonly givenZone: Uuid | null;
  readonly shown: Shown;
  readonly zone: Uuid | null;
}
export interface Memory {
  readonly organisation: OrganisationId;
  readonly site: Uuid;
  revision: number;
  /** Something was changed in memory by a transaction that has not been committed. */
  dirty: boolean;
  readonly index: AssetIndex;
  readonly known: Map<Uuid, KnownAsset>;
  /** Asset of each endpoint by number; null: none. */
  readonly endpoints: Map<number, Uuid | null>;
  readonly zones: readonly PlacedZone[];
  /** How the site calls protocols and their functions. */
  readonly vocabulary: Vocabulary;
  readonly conditions: Omit<Conditions, "organisation" | "site" | "zoneOf">;
  /** Public facts: vendors, ends of support, advisories. */
  facts: Facts;
  /** What each device was when it was last held against them. */
  readonly held: Map<Uuid, string>;
  /** Null: asked for and not there. */
  readonly learned: Map<string, Learned | null>;
  readonly baselines: Map<string, Baseline | null>;
  /** Rows in the database: how many more there may be. */
  readonly rows: { learned: number; baselines: number };
  /** When each was last written: `last` of learned items, ms of the batch for baselines. */
  readonly written: Map<string, number>;
}

interface AssetRow {
  readonly id: Uuid;
  readonly document: Omit<Asset, "id">;
  readonly given_name: string | null;
  readonly given_role: Role | null;
  readonly given_zone: Uuid | null;
  readonly zone_id: Uuid | null;
  readonly note: string;
}

/** Reads the site; the caller holds the lock of its row in ot.watch, whose revision is given. */
export async function loadMemory(
  tx: Tx,
  from: { organisation: OrganisationId; site: Uuid; revision: number; now: number; facts: Facts },
): Promise<Memory> {
  const { organisation, site, revision, now } = from;
  const { rows } =
    await sql<AssetRow>`select id, document, given_name, given_role, given_zone, zone_id, note from ot.asset
    where site_id = ${site} and merged_into is null order by ordinal`.execute(tx);
  const pins = await sql<{ member: MemberKey; asset: Uuid }>`select member, asset_id as asset from ot.pin
    where site_id = ${site}`.execute(tx);
  const endpoints = await sql<{ id: string; asset: Uuid | null }>`select id, asset_id as asset from ot.endpoint
    where site_id = ${site}`.execute(tx);
  const assets = rows.map(({ id, document }): Asset => ({ ...document, id }));
  const known = new Map<Uuid, KnownAsset>();
  for (const [i, row] of rows.entries()) {
    const given = { name: row.given_name, role: row.given_role, note: row.note };
    known.set(row.id, {
      given,
      givenZone: row.given_zone,
      shown: shownOf(assets[i] as Asset, given),
      zone: row.zone_id,
    });
  }
  const { zones, vocabulary, ...conditions } = await loadConditions(tx, site, now);
  const memory: Memory = {
    organisation,
    site,
    revision,
    dirty: false,
    index: new AssetIndex(assets, {
      pins: new Map(pins.rows.map(({ member, asset }) => [member, asset])),
      vendorOf: (mac) => memory.facts.vendorOf(mac),
    }),
    known,
    endpoints: new Map(endpoints.rows.map(({ id, asset }) => [Number(id), asset])),
    zones,
    vocabulary,
    conditions,
    facts: from.facts,
    held: new Map(),
    learned: new Map(),
    baselines: new Map(),
    rows: { learned: await countOf(tx, "ot.learned", site), baselines: await countOf(tx, "ot.baseline", site) },
    written: new Map(),
  };
  return memory;
}
async function countOf(tx: Tx, table: string, site: Uuid): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}
    where site_id = ${site}`.execute(tx);
  return rows[0]?.n ?? 0;
}

interface LearnedRow {
  readonly key: string;
  readonly first: Date;
  readonly last: Date;
  readonly count: string;
  readonly known: boolean;
}

/** Brings the items of these keys into memory. */
export async function needLearned(tx: Tx, memory: Memory, keys: readonly string[]): Promise<void> {
  if (memory.learned.size > MAX_KEPT) {
    memory.learned.clear();
    memory.written.clear();
  }
  const missing = keys.filter((key) => !memory.learned.has(key));
  if (missing.length === 0) return;
  const { rows } = await sql<LearnedRow>`select key, first_at as first, last_at as last, count, known from ot.learned
    where site_id = ${memory.site} and key = any(${missing}::text[])`.execute(tx);
  for (const key of missing) memory.learned.set(key, null);
  for (const { key, first, last, count, known } of rows) {
    memory.learned.set(key, { key, first: first.getTime(), last: last.getTime(), count: Number(count), known });
    memory.written.set(`learned ${key}`, last.getTime());
  }
}

/** The same for baselines. */
export async function needBaselines(tx: Tx, memory: Memory, keys: readonly string[]): Promise<void> {
  if (memory.baselines.size > MAX_KEPT) {
    memory.baselines.clear();
    memory.written.clear();
  }
  const missing = keys.filter((key) => !memory.baselines.has(key));
  if (missing.length === 0) return;
  const { rows } = await sql<{ key: string; document: Baseline }>`select key, document from ot.baseline
    where site_id = ${memory.site} and key = any(${missing}::text[])`.execute(tx);
  for (const key of missing) memory.baselines.set(key, null);
  for (const { key, document } of rows) memory.baselines.set(key, document);
}

/** Those that are there, as a detection reads them. */
export const present = <T>(kept: ReadonlyMap<string, T | null>): ReadonlyMap<string, T> =>
  ({
    get: (key: string) => kept.get(key) ?? undefined,
    has: (key: string) => (kept.get(key) ?? null) !== null,
  }) as ReadonlyMap<string, T>;
