/** Where a question about a site is asked: the devices of its sensors, and whose each endpoint is. */
import { sql } from "kysely";
import type { DeviceId, OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Telemetry, Tx } from "@yagura/store/store.ts";
import type { QueryParameters } from "@yagura/store/store.ts";
import type { Vocabulary } from "../analysis/observe.ts";
import { readVocabulary } from "./declared.ts";

/** Work in a transaction of the organisation. */
export type Within = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export interface Place {
  readonly telemetry: Telemetry;
  readonly organisation: OrganisationId;
  readonly site: Uuid;
  readonly devices: readonly DeviceId[];
  /** For each device the number of its sensor: machines that followed each other are one. */
  readonly sensors: readonly number[];
  /** How the site calls protocols, functions and objects. */
  readonly vocabulary: Vocabulary;
}
export async function placeOf(tx: Tx, telemetry: Telemetry, organisation: OrganisationId, site: Uuid): Promise<Place> {
  const { rows } = await sql<{ device: DeviceId; sensor: Uuid }>`select device_id as device, sensor_id as sensor
    from ot.sensor_device where site_id = ${site} order by ordinal`.execute(tx);
  const sensors = [...new Set(rows.map(({ sensor }) => sensor))];
  return {
    telemetry,
    organisation,
    site,
    devices: rows.map(({ device }) => device),
    sensors: rows.map(({ sensor }) => sensors.indexOf(sensor)),
    vocabulary: await readVocabulary(tx, site),
  };
}

/** Condition on `organisation` and `device`, with the parameters of `placeParameters`. */
export const ofPlace = "organisation = {organisation:UUID} and device in {devices:Array(UUID)}";
export const placeParameters = ({ devices }: Place): QueryParameters => ({ devices: [...devices] });

/** What an endpoint is. */
export interface Endpoint {
  readonly asset: Uuid | null;
  readonly kind: "asset" | "group" | "outside";
  readonly mac: string | null;
  readonly address: string | null;
}

interface EndpointRow extends Endpoint {
  readonly id: string;
}
const byId = (rows: readonly EndpointRow[]): Map<number, Endpoint> =>
  new Map(rows.map(({ id, ...endpoint }) => [Number(id), endpoint]));

/** All endpoints of the site, by number. */
export async function endpointsOf(tx: Tx, site: Uuid): Promise<Map<number, Endpoint>> {
  const { rows } = await sql<EndpointRow>`select id, asset_id as asset, kind, mac, address from ot.endpoint
    where site_id = ${site}`.execute(tx);
  return byId(rows);
}
/** Whose an endpoint is. */
export type Owner = Pick<Endpoint, "asset" | "kind">;
/** Of all endpoints of the site, by number. One text for each column: thousands of rows take longer to read than to find. */
export async function ownersOf(tx: Tx, site: Uuid): Promise<Map<number, Owner>> {
  const { rows } = await sql<{
    ids: string | null;
    assets: string;
    kinds: string;
  }>`select string_agg(id::text, ',') as ids,
      string_agg(coalesce(asset_id::text, ''), ',') as assets, string_agg(kind, ',') as kinds
    from ot.endpoint where site_id = ${site}`.execute(tx);
  const [row] = rows;
  if (row === undefined || row.ids === null) return new Map();
  const [assets, kinds] = [row.assets.split(","), row.kinds.split(",") as Owner["kind"][]];
  return new Map(
    row.ids.split(",").map((id, i) => [Number(id), { asset: assets[i] || null, kind: kinds[i] as Owner["kind"] }]),
  );
}
/** Some of them. */
export async function endpointsById(tx: Tx, site: Uuid, ids: readonly number[]): Promise<Map<number, Endpoint>> {
  const { rows } = await sql<EndpointRow>`select id, asset_id as asset, kind, mac, address from ot.endpoint
    where site_id = ${site} and id = any(${[...ids]}::bigint[])`.execute(tx);
  return byId(rows);
}
/** Numbers of the endpoints of some devices. */
export async function endpointsOfAssets(tx: Tx, assets: readonly Uuid[]): Promise<Map<number, Uuid>> {
  const { rows } = await sql<{ id: string; asset: Uuid }>`select id, asset_id as asset from ot.endpoint
    where asset_id = any(${[...assets]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, asset }) => [Number(id), asset]));
}
