/** The page of one device: evidence, decisions, time line, peers, commands, who depends on it. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Telemetry, Tx } from "@yagura/store/store.ts";
import { conflictsOf, shownOf } from "../analysis/assets/evidence.ts";
import type { Vocabulary } from "../analysis/observe.ts";
import type { Asset, AssetAttribute, Evidence } from "../analysis/model.ts";
import { spanView, type Range } from "../range.ts";
import type { AssetRef } from "../wire/api.ts";
import type { AssetDetail, AttributeView, CommandView, Peer, Timeline } from "../wire/api-assets.ts";
import { isCritical } from "../wire/vocabulary.ts";
import { assetItem, assetRefs } from "./asset-list.ts";
import { endpointsById, endpointsOfAssets, placeOf, type Endpoint, type Place } from "./place.ts";
import { readCommands, type CommandSum } from "./commands.ts";
import { readTalk, type Talk } from "./traffic.ts";

const iso = (time: number): string => new Date(time).toISOString();

const evidenceView = ({ value, source, confidence, count, first, last }: Evidence) => ({
  value,
  source,
  confidence,
  count,
  firstAt: iso(first),
  lastAt: iso(last),
});

/** Every attribute with its evidence, and where two sources contradict each other (OT-N5). */
export function attributeViews(asset: Asset): AttributeView[] {
  const conflicts = new Set(conflictsOf(asset).map(({ attribute }) => attribute));
  return (Object.entries(asset.attributes) as [AssetAttribute, readonly Evidence[]][])
    .flatMap(([attribute, evidence]) => {
      const shown = shownOf(asset, attribute);
      if (shown === null) return [];
      const { value, confidence } = shown;
      return { attribute, value, confidence, conflict: conflicts.has(attribute), evidence: evidence.map(evidenceView) };
    })
    .toSorted((a, b) => (a.attribute < b.attribute ? -1 : 1));
}

interface DetailRow {
  readonly site_id: Uuid;
  readonly document: Omit<Asset, "id">;
  readonly note: string;
  readonly learning_since: string | null;
  readonly items: number;
  readonly new_items: number;
  readonly register: Record<string, string> | null;
}

/** NOT_FOUND. */
export async function assetDetail(tx: Tx, organisation: OrganisationId, id: Uuid, now: Date): Promise<AssetDetail> {
  const asset = await assetItem(tx, organisation, id);
  if (asset === null) throw raiseServer("NOT_FOUND");
  const yesterday = Math.floor(now.getTime() / 86_400_000) - 1;
  const { rows } = await sql<DetailRow>`select a.site_id, a.document, a.note,
      b.document->>'since' as learning_since, coalesce((b.document->>'items')::int, 0) as items,
      coalesce((select sum((d->>1)::int) from jsonb_array_elements(b.document->'days') d where (d->>0)::bigint >= ${yesterday}),
        0)::int as new_items,
      (select e.fields from ot.register_entry e where e.site_id = a.site_id
        and (e.macs && a.macs or e.addresses && a.addresses or (e.serial is not null and e.serial = a.serial))
        order by e.ordinal limit 1) as register
    from ot.asset a left join ot.baseline b on b.site_id = a.site_id and b.key = 'asset|' || a.id
    where a.id = ${id}`.execute(tx);
  const row = rows[0] as DetailRow;
  const decided = await sql<{ kind: "merge" | "split"; other: Uuid; name: string; at: Date; by: string | null }>`
    select kind, parameters->>'asset' as other, parameters->>'name' as name, at, by_name as by from ot.asset_event
    where asset_id = ${id} and kind in ('merge', 'split') order by ordinal`.execute(tx);
  const of = (kind: "merge" | "split") =>
    decided.rows
      .filter((one) => one.kind === kind)
      .map(({ other, name, at, by }) => ({ id: other, name, at: at.toISOString(), by: by ?? "" }));
  const sensors = await sql<{ id: Uuid; label: string }>`select id, label from ot.sensor
    where site_id = ${row.site_id} and first_upload_at is not null order by ordinal`.execute(tx);
  return {
    asset,
    attributes: attributeViews({ ...row.document, id }),
    note: row.note,
    routes: row.document.routes,
    sensors: sensors.rows,
    learning: {
      state: asset.learning,
      since: row.learning_since === null ? asset.firstAt : iso(Number(row.learning_since)),
      items: row.items,
      newItems: row.new_items,
    },
    merged: of("merge"),
    split: of("split"),
    register: row.register,
  };
}

/** Entries of a time line at most. */
const MOST_ENTRIES = 500;

export async function timelineOf(tx: Tx, organisation: OrganisationId, id: Uuid, range: Range): Promise<Timeline> {
  const [from, to] = [new Date(range.from), new Date(range.to)];
  interface Row {
    readonly at: Date;
    readonly kind: string;
    readonly parameters: Record<string, string | number>;
    readonly by: string | null;
    readonly finding: Uuid | null;
    readonly severity: "info" | "notice" | "bad" | "critical" | null;
  }
  const { rows } = await sql<Row>`
    select at, kind, parameters, by_name as by, null::uuid as finding, null as severity from ot.asset_event
      where organisation_id = ${organisation} and asset_id = ${id} and at >= ${from} and at < ${to}
    union all
    select since, 'finding', parameters || jsonb_build_object('kind', kind, 'state', state), decided_by, id, severity
      from ot.finding where organisation_id = ${organisation} and asset_ids @> array[${id}::uuid] and since >= ${from} and since < ${to}
    union all
    select from_at, 'permit', jsonb_build_object('title', title, 'who', who, 'until', to_at), created_by, null, null
      from ot.permit where organisation_id = ${organisation} and asset_ids @> array[${id}::uuid] and cancelled_at is null
        and from_at >= ${from} and from_at < ${to}
    order by 1 desc limit ${MOST_ENTRIES}`.execute(tx);
  const items = rows.map(({ at, finding, ...row }) => ({ ...row, at: at.toISOString(), findingId: finding }));
  return { span: spanView(range), items };
}

/** Everything that questions about one device share. */
export interface AssetPlace {
  readonly place: Place;
  readonly asset: AssetRef;
  readonly endpoints: readonly number[];
}
/** NOT_FOUND. */
export async function assetPlace(
  tx: Tx,
  telemetry: Telemetry,
  organisation: OrganisationId,
  id: Uuid,
): Promise<AssetPlace> {
  const { rows } = await sql<{ site: Uuid }>`select site_id as site from ot.asset
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const site = rows[0]?.site;
  const asset = (await assetRefs(tx, organisation, [id])).get(id);
  if (site === undefined || asset === undefined) throw raiseServer("NOT_FOUND");
  const place = await placeOf(tx, telemetry, organisation, site);
  return { place, asset, endpoints: [...(await endpointsOfAssets(tx, [id])).keys()] };
}

/** Whose some endpoints are, and how those devices are called. */
export interface Names {
  readonly endpoints: ReadonlyMap<number, Endpoint>;
  readonly assets: ReadonlyMap<Uuid, AssetRef>;
}
export async function namesOf(
  tx: Tx,
  { organisation, site }: Pick<Place, "organisation" | "site">,
  ids: Iterable<number>,
): Promise<Names> {
  const endpoints = await endpointsById(tx, site, [...new Set(ids)]);
  const assets = await assetRefs(
    tx,
    organisation,
    [...endpoints.values()].flatMap(({ asset }) => asset ?? []),
  );
  return { endpoints, assets };
}
export const refOf = ({ endpoints, assets }: Names, endpoint: number): AssetRef | null =>
  assets.get(endpoints.get(endpoint)?.asset ?? "") ?? null;

/** With whom the device talks; the greatest first. */
export function peersOf(talk: readonly Talk[], own: readonly number[], names: Names): Peer[] {
  const mine = new Set(own);
  const peers = new Map<string, { kind: Peer["kind"]; address: string | null; ref: AssetRef | null; talk: Talk[] }>();
  for (const one of talk) {
    const other = mine.has(one.client) ? one.server : one.client;
    const endpoint = names.endpoints.get(other);
    const ref = refOf(names, other);
    const kind = ref === null ? (endpoint?.kind === "group" ? "group" : "outside") : "asset";
    const address = endpoint?.address ?? endpoint?.mac ?? null;
    const key = ref?.id ?? `${kind} ${address ?? ""}`;
    const known = peers.get(key);
    if (known === undefined) peers.set(key, { kind, address: ref === null ? address : null, ref, talk: [one] });
    else known.talk.push(one);
  }
  return [...peers.values()]
    .map(({ kind, address, ref, talk: list }): Peer => ({
      peer: ref,
      kind,
      address,
      services: list.map((one) => serviceOf(one, mine)),
      packets: list.reduce((sum, one) => sum + one.packetsIn + one.packetsOut, 0),
      bytes: list.reduce((sum, one) => sum + one.bytesIn + one.bytesOut, 0),
      firstAt: iso(Math.min(...list.map(({ first }) => first))),
      lastAt: iso(Math.max(...list.map(({ last }) => last))),
    }))
    .toSorted((a, b) => b.bytes - a.bytes);
}

const serviceOf = (
  { client, server: _server, first, last, rtt, missing: _missing, ...rest }: Talk,
  own: ReadonlySet<number>,
) => ({
  ...rest,
  side: own.has(client) ? ("client" as const) : ("server" as const),
  rttUs: rtt,
  firstAt: iso(first),
  lastAt: iso(last),
});

/** Sums by command between two devices, whatever the object: critical ones first, then the most frequent. */
export function commandViews(sums: readonly CommandSum[], names: Names, vocabulary: Vocabulary): CommandView[] {
  const groups = new Map<string, CommandSum[]>();
  for (const sum of sums) {
    const [client, server] = [refOf(names, sum.client)?.id ?? sum.client, refOf(names, sum.server)?.id ?? sum.server];
    const key = `${client} ${server} ${sum.protocol} ${sum.port} ${sum.code}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [sum]);
    else known.push(sum);
  }
  return [...groups.values()]
    .map((list) => commandView(list, names, vocabulary))
    .toSorted((a, b) => Number(b.critical) - Number(a.critical) || b.requests + b.events - a.requests - a.events);
}
/** Objects and labels told of a command. */
const MOST_WORDS = 20;

function commandView(list: readonly CommandSum[], names: Names, vocabulary: Vocabulary): CommandView {
  const { client, server, protocol, port, code } = list[0] as CommandSum;
  const { name, class: kind } = vocabulary.functionOf(protocol, code);
  const words = (values: readonly (string | null)[]): string[] =>
    [...new Set(values.filter((value) => value !== null))].slice(0, MOST_WORDS);
  const sum = (of: (one: CommandSum) => number): number => list.reduce((total, one) => total + of(one), 0);
  const [lows, highs] = [list.flatMap(({ low }) => low ?? []), list.flatMap(({ high }) => high ?? [])];
  return {
    client: refOf(names, client),
    server: refOf(names, server),
    protocol,
    port,
    code,
    name,
    class: kind,
    critical: isCritical(kind),
    objects: words(list.map(({ object }) => vocabulary.objectName(protocol, object))),
    labels: words(list.flatMap(({ labels }) => labels)),
    low: lows.length === 0 ? null : Math.min(...lows),
    high: highs.length === 0 ? null : Math.max(...highs),
    requests: sum(({ requests }) => requests),
    responses: sum(({ responses }) => responses),
    errors: sum(({ errors }) => errors),
    events: sum(({ events }) => events),
    firstAt: iso(Math.min(...list.map(({ first }) => first))),
    lastAt: iso(Math.max(...list.map(({ last }) => last))),
  };
}

export const endpointsIn = (list: readonly { readonly client: number; readonly server: number }[]): Set<number> =>
  new Set(list.flatMap(({ client, server }) => [client, server]));

export async function readPeers(
  { place, endpoints }: AssetPlace,
  range: Range,
  names: (ids: Iterable<number>) => Promise<Names>,
): Promise<Peer[]> {
  const { items: talk } = await readTalk(place, range, { endpoints });
  return peersOf(talk, endpoints, await names(endpointsIn(talk)));
}
export async function readAssetCommands(
  { place, endpoints }: AssetPlace,
  range: Range,
  names: (ids: Iterable<number>) => Promise<Names>,
): Promise<CommandView[]> {
  const sums = await readCommands(place, range, { endpoints });
  return commandViews(sums, await names(endpointsIn(sums)), place.vocabulary);
}
