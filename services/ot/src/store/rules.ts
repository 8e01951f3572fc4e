/** Mutes, allow rules, permits, settings, learning: as pages show them. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Telemetry, Tx } from "@yagura/store/store.ts";
import { findingKinds } from "../analysis/findings.ts";
import { settingsOf, thresholdsOf } from "../settings.ts";
import { readRules } from "../signatures.ts";
import type { AssetRef } from "../wire/api.ts";
import type { AllowRule, Mute, Permit, PermitReport } from "../wire/api-findings.ts";
import type { Learning, SettingChange, Settings, Signatures } from "../wire/api-rules.ts";
import { commandClasses, type CommandClass } from "../wire/vocabulary.ts";
import { commandViews, endpointsIn, namesOf } from "./asset-detail.ts";
import { assetRefs, living } from "./asset-list.ts";
import { pageOfFindings } from "./findings.ts";
import { endpointsOfAssets, placeOf } from "./place.ts";
import { readCommands } from "./commands.ts";

interface Only {
  readonly site?: Uuid | undefined;
  readonly id?: Uuid | undefined;
}
const only = ({ site, id }: Only) => sql`(${site ?? null}::uuid is null or x.site_id = ${site ?? null}::uuid)
  and (${id ?? null}::uuid is null or x.id = ${id ?? null}::uuid)`;

/** Newest first. */
export async function listMutes(tx: Tx, organisation: OrganisationId, now: Date, which: Only = {}): Promise<Mute[]> {
  interface Row {
    readonly id: Uuid;
    readonly site_id: Uuid;
    readonly kind: string | null;
    readonly asset_id: Uuid | null;
    readonly dedupe_key: string | null;
    readonly reason: string;
    readonly until_at: Date;
    readonly hits: string;
    readonly last_hit_at: Date | null;
    readonly created_at: Date;
    readonly created_by: string;
    readonly ended_at: Date | null;
  }
  const { rows } = await sql<Row>`select x.* from ot.mute x where x.organisation_id = ${organisation} and ${only(which)}
    order by x.ordinal desc limit 1000`.execute(tx);
  const refs = await assetRefs(
    tx,
    organisation,
    rows.flatMap(({ asset_id }) => asset_id ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    kind: row.kind,
    asset: refs.get(row.asset_id ?? "") ?? null,
    dedupeKey: row.dedupe_key,
    reason: row.reason,
    until: (row.ended_at ?? row.until_at).toISOString(),
    state: row.ended_at === null && row.until_at > now ? "active" : "over",
    hits: Number(row.hits),
    lastHitAt: row.last_hit_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  }));
}

export async function listAllowRules(tx: Tx, organisation: OrganisationId, which: Only = {}): Promise<AllowRule[]> {
  interface Row extends Pick<AllowRule, "id" | "client" | "server" | "protocol" | "class" | "kinds" | "reason"> {
    readonly site_id: Uuid;
    readonly hits: string;
    readonly last_hit_at: Date | null;
    readonly created_at: Date;
    readonly created_by: string;
  }
  const { rows } =
    await sql<Row>`select x.id, x.site_id, x.client, x.server, x.protocol, x.class, x.kinds, x.reason, x.hits,
      x.last_hit_at, x.created_at, x.created_by
    from ot.allow_rule x where x.organisation_id = ${organisation} and ${only(which)} order by x.ordinal desc`.execute(
      tx,
    );
  return rows.map(({ site_id, hits, last_hit_at, created_at, created_by, ...row }) => ({
    ...row,
    siteId: site_id,
    hits: Number(hits),
    lastHitAt: last_hit_at?.toISOString() ?? null,
    createdAt: created_at.toISOString(),
    createdBy: created_by,
  }));
}

/** Latest first. */
export async function listPermits(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  which: Only = {},
): Promise<Permit[]> {
  interface Row {
    readonly id: Uuid;
    readonly site_id: Uuid;
    readonly title: string;
    readonly who: string;
    readonly from_at: Date;
    readonly to_at: Date;
    readonly asset_ids: Uuid[];
    readonly client_ids: Uuid[];
    readonly classes: CommandClass[];
    readonly note: string;
    readonly expected: number;
    readonly created_at: Date;
    readonly created_by: string;
    readonly cancelled_at: Date | null;
  }
  const { rows } = await sql<Row>`select x.*, (select count(*)::int from ot.finding f where f.site_id = x.site_id
      and f.permit_id = x.id) as expected
    from ot.permit x where x.organisation_id = ${organisation} and ${only(which)}
    order by x.from_at desc, x.ordinal desc limit 1000`.execute(tx);
  const refs = await assetRefs(
    tx,
    organisation,
    rows.flatMap(({ asset_ids, client_ids }) => [...asset_ids, ...client_ids]),
  );
  const known = (ids: readonly Uuid[]): AssetRef[] => ids.flatMap((id) => refs.get(id) ?? []);
  const stateOf = (row: Row): Permit["state"] =>
    row.cancelled_at !== null ? "cancelled" : row.to_at <= now ? "over" : row.from_at <= now ? "active" : "planned";
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    title: row.title,
    who: row.who,
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    assetIds: row.asset_ids,
    clientIds: row.client_ids,
    classes: row.classes,
    assets: known(row.asset_ids),
    clients: known(row.client_ids),
    note: row.note,
    state: stateOf(row),
    expected: row.expected,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    cancelledAt: row.cancelled_at?.toISOString() ?? null,
  }));
}

/** Findings and names that the report of a permit is made of; its telemetry is read outside the transaction. */
export async function permitFacts(tx: Tx, telemetry: Telemetry, organisation: OrganisationId, permit: Permit) {
  const place = await placeOf(tx, telemetry, organisation, permit.siteId);
  const endpoints = await endpointsOfAssets(tx, permit.assetIds);
  const clients = await endpointsOfAssets(tx, permit.clientIds);
  const expected = await pageOfFindings(tx, organisation, { permit: permit.id, limit: 500 });
  return { place, endpoints, clients, findings: expected.items };
}

/** Classes from which on a command beyond the permit is told: it changes the device. */
const changesFrom = commandClasses.indexOf("configure");

/** Permit against what was seen (OT-N4). Times are whole hours: commands are summed so. */
export async function permitReport(
  facts: Awaited<ReturnType<typeof permitFacts>>,
  permit: Permit,
  within: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  now: Date,
): Promise<PermitReport> {
  const { place, endpoints, clients } = facts;
  const to = Math.min(Date.parse(permit.to), Date.parse(permit.cancelledAt ?? permit.to), now.getTime());
  const range = { from: Date.parse(permit.from), to };
  const sums =
    range.to <= range.from || endpoints.size === 0
      ? []
      : await readCommands(place, range, { endpoints: [...endpoints.keys()] });
  const names = await within((tx) => namesOf(tx, place, endpointsIn(sums)));
  const views = commandViews(sums, names, place.vocabulary).filter(
    ({ server }) => server !== null && permit.assetIds.includes(server.id),
  );
  const allowed = (view: (typeof views)[number]): boolean =>
    (permit.classes.length === 0 || permit.classes.includes(view.class)) &&
    (clients.size === 0 || (view.client !== null && permit.clientIds.includes(view.client.id)));
  const inside = views.filter((view) => allowed(view));
  const seen = new Set(inside.flatMap(({ server }) => server?.id ?? []));
  const classes = new Set(inside.map((view) => view.class));
  return {
    permit,
    within: inside,
    beyond: views.filter((view) => !allowed(view) && commandClasses.indexOf(view.class) >= changesFrom),
    findings: facts.findings,
    unseenAssets: permit.assets.filter(({ id }) => !seen.has(id)),
    unseenClasses: permit.classes.filter((one) => !classes.has(one)),
  };
}

export async function readSettings(tx: Tx, site: Uuid): Promise<Settings> {
  const { rows } = await sql<{
    change: SettingChange;
    at: Date;
    by: string;
  }>`select change, changed_at as at, changed_by as by
    from ot.setting where site_id = ${site}`.execute(tx);
  const [row] = rows;
  const settings = settingsOf(row?.change ?? {});
  return {
    siteId: site,
    thresholds: thresholdsOf(settings),
    kinds: Object.keys(findingKinds).map((kind) => ({ kind, enabled: !settings.off.includes(kind) })),
    servers: {
      dhcp: [...settings.servers.dhcp],
      dns: [...settings.servers.dns],
      gateway: [...settings.servers.gateway],
    },
    changedAt: row?.at.toISOString() ?? null,
    changedBy: row?.by ?? null,
  };
}

export async function readSignatures(tx: Tx, site: Uuid): Promise<Signatures> {
  const { rows } = await sql<{ text: string; at: Date; by: string }>`select text, changed_at as at, changed_by as by
    from ot.signature_rules where site_id = ${site}`.execute(tx);
  const [row] = rows;
  return {
    siteId: site,
    text: row?.text ?? "",
    ...readRules(row?.text ?? ""),
    changedAt: row?.at.toISOString() ?? null,
    changedBy: row?.by ?? null,
  };
}

/** Devices told as restless. */
const RESTLESS = 20;

export async function readLearning(tx: Tx, organisation: OrganisationId, site: Uuid, now: Date): Promise<Learning> {
  const counts = await sql<{ learning: "learning" | "watching" | "noisy"; count: number }>`
    select a.learning, count(*)::int as count from ot.asset a where a.site_id = ${site} and ${living} group by 1`.execute(
    tx,
  );
  const of = (state: string): number => counts.rows.find(({ learning }) => learning === state)?.count ?? 0;
  const items = await sql<{ items: number; started: Date | null }>`select
    (select count(*)::int from ot.learned where site_id = ${site}) as items,
    (select min(first_upload_at) from ot.sensor where site_id = ${site}) as started`.execute(tx);
  const from = new Date(now.getTime() - 29 * 86_400_000);
  const days = await sql<{ day: string; items: number }>`select d::date::text as day, count(l.key)::int as items
    from generate_series((${from}::timestamptz at time zone 'Asia/Tokyo')::date, (${now}::timestamptz at time zone 'Asia/Tokyo')::date,
      interval '1 day') d
    left join ot.learned l on l.site_id = ${site} and (l.first_at at time zone 'Asia/Tokyo')::date = d::date
    group by d order by d`.execute(tx);
  const restless = await sql<{ asset: Uuid; state: "learning" | "watching" | "noisy"; since: string; items: number }>`
    select substr(key, 7) as asset, document->>'state' as state, document->>'since' as since,
      coalesce((select sum((d->>1)::int) from jsonb_array_elements(document->'days') d
        where (d->>0)::bigint >= ${Math.floor(now.getTime() / 86_400_000) - 1}), 0)::int as items
    from ot.baseline where site_id = ${site} and kind = 'asset' order by 4 desc limit ${RESTLESS}`.execute(tx);
  const refs = await assetRefs(
    tx,
    organisation,
    restless.rows.map(({ asset }) => asset),
  );
  return {
    siteId: site,
    startedAt: items.rows[0]?.started?.toISOString() ?? null,
    assets: { learning: of("learning"), watching: of("watching"), noisy: of("noisy") },
    items: items.rows[0]?.items ?? 0,
    days: days.rows,
    restless: restless.rows.flatMap(({ asset, state, since, items: count }) => {
      const ref = refs.get(asset);
      if (ref === undefined || count === 0) return [];
      return { asset: ref, state, newItems: count, since: new Date(Number(since)).toISOString() };
    }),
  };
}
