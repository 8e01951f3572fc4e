/** Sensors as pages show them: state, ledger, how well they see. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Telemetry, Tx } from "@yagura/store/store.ts";
import { diagnose, sumCaptures, type CaptureSum, type Diagnosis } from "../decode/doctor.ts";
import { sayDiagnosis, saySetting, switchMakers, switchTitles } from "../decode/doctor-words.ts";
import { layouts, snake } from "../ingest/layouts.ts";
import { spanView, type Range } from "../range.ts";
import type { CaptureQuality, LedgerEntry, Sensor, SensorDetail } from "../wire/api.ts";
import { ofPlace } from "./place.ts";

const HOUR = 3_600_000;
/** A sensor that is there and has uploaded nothing for so many of its intervals is silent. */
const SILENT_INTERVALS = 6;

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly site: string;
  readonly label: string;
  readonly place: string;
  readonly type: "n" | "d" | null;
  readonly contract_id: Uuid;
  readonly contract_number: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly device: Uuid | null;
  readonly version: string | null;
  readonly revoked: boolean;
  readonly online: boolean;
  readonly seen: Date | null;
  readonly first_upload_at: Date | null;
  readonly last_upload_at: Date | null;
  readonly clock: number | null;
  readonly tokens: string | null;
  readonly interfaces: string[];
  readonly upload: number;
  readonly key: Uuid | null;
  readonly key_expires_at: Date | null;
  readonly ended_at: Date | null;
  readonly created_at: Date;
  readonly devices: Uuid[];
}

export interface SensorFacts {
  readonly sensor: Sensor;
  /** All machines that it ever was. */
  readonly devices: readonly Uuid[];
}

/** In the order in which they were made; without how well they see. */
export async function sensorFacts(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  only: { readonly site?: Uuid | undefined; readonly id?: Uuid | undefined } = {},
): Promise<SensorFacts[]> {
  const { rows } =
    await sql<Row>`select s.id, s.site_id, t.name as site, s.label, s.place, s.type, s.contract_id, s.contract_number,
      c.started_on::text as started, c.ended_on::text as ended, s.device_id as device, d.version,
      coalesce(d.revoked_at is not null, false) as revoked, coalesce(p.online, false) as online, p.last_seen_at as seen,
      s.first_upload_at, s.last_upload_at, s.clock_offset_ms as clock, s.tokens, s.interfaces, s.upload_ms as upload,
      s.key_id as key, s.key_expires_at, s.ended_at, s.created_at,
      array(select device_id from ot.sensor_device where sensor_id = s.id order by ordinal) as devices
    from ot.sensor s join ot.site t on t.id = s.site_id
    join commerce.contract c on c.id = s.contract_id
    left join devices.device d on d.id = s.device_id
    left join devices.presence p on p.device_id = s.device_id
    where s.organisation_id = ${organisation}
      and (${only.site ?? null}::uuid is null or s.site_id = ${only.site ?? null}::uuid)
      and (${only.id ?? null}::uuid is null or s.id = ${only.id ?? null}::uuid)
    order by s.ordinal`.execute(tx);
  return rows.map((row) => ({ devices: row.devices, sensor: sensorView(row, now) }));
}

function stateOf(row: Row, now: Date): Sensor["state"] {
  if (row.ended_at !== null) return "ended";
  if (row.device === null) return row.first_upload_at === null ? "waiting" : "revoked";
  if (row.revoked) return "revoked";
  if (!row.online) return "offline";
  const patience = Math.max(60_000, SILENT_INTERVALS * row.upload);
  const last = row.last_upload_at?.getTime() ?? row.created_at.getTime();
  return now.getTime() - last > patience ? "silent" : "online";
}

function sensorView(row: Row, now: Date): Sensor {
  const open = row.key !== null && row.key_expires_at !== null && row.key_expires_at > now;
  return {
    id: row.id,
    siteId: row.site_id,
    siteName: row.site,
    label: row.label,
    place: row.place,
    type: row.type,
    contractId: row.contract_id,
    contractNumber: row.contract_number,
    startedOn: row.started,
    endedOn: row.ended,
    state: stateOf(row, now),
    deviceId: row.device,
    version: row.version,
    lastSeenAt: row.seen?.toISOString() ?? null,
    firstUploadAt: row.first_upload_at?.toISOString() ?? null,
    lastUploadAt: row.last_upload_at?.toISOString() ?? null,
    clockOffsetMs: row.clock,
    tokens: row.tokens,
    interfaces: row.interfaces,
    uploadMs: row.upload,
    key: open ? { id: row.key, expiresAt: row.key_expires_at.toISOString() } : null,
    quality: "unknown",
    createdAt: row.created_at.toISOString(),
  };
}

const captureColumns = (layouts.find(({ table }) => table === "ot_capture") as (typeof layouts)[number]).columns
  .map(({ column }) => column)
  .filter((column) => column !== "name");

interface CaptureRow extends Record<string, string | number> {
  readonly device_: Uuid;
  readonly name_: string;
}
/** Counters of a time by device and interface. */
export async function readCaptures(
  telemetry: Telemetry,
  organisation: OrganisationId,
  devices: readonly Uuid[],
  range: Range,
): Promise<{ readonly device: Uuid; readonly sum: CaptureSum }[]> {
  if (devices.length === 0) return [];
  const sums = captureColumns.map((column) => `sum(${snake(column)}) as s_${snake(column)}`).join(", ");
  const rows = await telemetry.query<CaptureRow>(
    organisation,
    `select toString(device) as device_, toString(name) as name_, ${sums} from ot_capture where ${ofPlace}
      and at >= fromUnixTimestamp64Milli({from:Int64}) and at < fromUnixTimestamp64Milli({to:Int64})
     group by device, name order by device, name`,
    { devices: [...devices], from: Math.floor(range.from), to: Math.ceil(range.to) },
  );
  return rows.map((row) => {
    const counters = Object.fromEntries(captureColumns.map((column) => [column, Number(row[`s_${snake(column)}`])]));
    const known = { networks: 0, sent: null };
    return { device: row.device_, sum: sumCaptures(row.name_, [counters as never], known) };
  });
}

export function qualityView(sum: CaptureSum, range: Range): CaptureQuality {
  return {
    name: sum.name,
    span: spanView(range),
    packets: sum.packets,
    bytes: sum.bytes,
    dropped: sum.dropped,
    duplicates: sum.duplicates,
    tagged: sum.tagged,
    malformed: sum.malformed,
    undissected: sum.payloads === 0 ? null : sum.undissected / sum.payloads,
    checks: diagnose(sum).map(checkView),
  };
}
const checkView = (diagnosis: Diagnosis): CaptureQuality["checks"][number] => ({
  check: diagnosis.complaint,
  state: diagnosis.severity,
  figures: { ...diagnosis.figures },
  said: { en: sayDiagnosis(diagnosis, "en"), ja: sayDiagnosis(diagnosis, "ja") },
  settings: switchMakers.map((maker) => ({
    maker: switchTitles[maker],
    text: { en: saySetting(diagnosis, maker, "en"), ja: saySetting(diagnosis, maker, "ja") },
  })),
});

const worstOf = (captures: readonly CaptureQuality[]): Sensor["quality"] => {
  if (captures.length === 0) return "unknown";
  const states = new Set(captures.flatMap(({ checks }) => checks.map(({ state }) => state)));
  return states.has("bad") ? "bad" : states.has("notice") ? "notice" : "good";
};

/** The same sensors with the worst that the doctor says of their last hour. */
export async function withQuality(
  telemetry: Telemetry,
  organisation: OrganisationId,
  facts: readonly SensorFacts[],
  now: Date,
): Promise<Sensor[]> {
  const range = { from: now.getTime() - HOUR, to: now.getTime() };
  const all = await readCaptures(
    telemetry,
    organisation,
    facts.flatMap(({ devices }) => devices),
    range,
  );
  return facts.map(({ sensor, devices }) => {
    const own = all.filter(({ device }) => devices.includes(device)).map(({ sum }) => qualityView(sum, range));
    return { ...sensor, quality: worstOf(own) };
  });
}

export async function sensorDetail(
  telemetry: Telemetry,
  organisation: OrganisationId,
  { sensor, devices }: SensorFacts,
  ledger: SensorDetail["ledger"],
  now: Date,
): Promise<SensorDetail> {
  const range = { from: now.getTime() - HOUR, to: now.getTime() };
  const captures = (await readCaptures(telemetry, organisation, devices, range)).map(({ sum }) =>
    qualityView(sum, range),
  );
  const hours =
    devices.length === 0
      ? []
      : await telemetry.query<{ hour: number; packets: number; bytes: number; dropped: number }>(
          organisation,
          `select toUnixTimestamp(toStartOfHour(at)) as hour, sum(packets) as packets, sum(bytes) as bytes, sum(dropped) as dropped
           from ot_capture where ${ofPlace} and at >= fromUnixTimestamp64Milli({from:Int64}) group by hour order by hour`,
          { devices: [...devices], from: now.getTime() - 24 * HOUR },
        );
  return {
    sensor: { ...sensor, quality: worstOf(captures) },
    captures,
    ledger,
    hours: hours.map(({ hour, ...row }) => ({ ...row, at: new Date(hour * 1000).toISOString() })),
  };
}

/** Machine that uploaded last: each machine of a sensor has a chain of its own, which begins with 1. */
const newestMachine = (sensor: Uuid) =>
  sql`(select device_id from ot.upload where sensor_id = ${sensor} order by ordinal desc limit 1)`;

/** The chain of the newest machine as it came in. An upload that overtook another is `missing` until that one is there. */
export async function ledgerState(tx: Tx, sensor: Uuid): Promise<SensorDetail["ledger"]> {
  const { rows } = await sql<{ uploads: number; breaks: number; number: string | null; hash: string | null }>`
    with chain as (
      select number, hash, previous, lag(number) over w as before, lag(hash) over w as hash_before
      from ot.upload where sensor_id = ${sensor} and device_id = ${newestMachine(sensor)} window w as (order by number, ordinal)
    )
    select count(*)::int as uploads,
      count(*) filter (where before is not null and (before <> number - 1 or hash_before <> previous))::int as breaks,
      (select number from chain order by number desc limit 1) as number,
      (select hash from chain order by number desc limit 1) as hash
    from chain`.execute(tx);
  const { uploads = 0, breaks = 0, number = null, hash = null } = rows[0] ?? {};
  const state = uploads === 0 ? "empty" : breaks === 0 ? "unbroken" : "broken";
  return { uploads, breaks, number: number === null ? null : Number(number), hash, state };
}

/** Newest first; `before`: a number. */
export async function ledgerEntries(
  tx: Tx,
  sensor: Uuid,
  before: number | null,
  limit: number,
): Promise<LedgerEntry[]> {
  interface Entry {
    readonly number: string;
    readonly hash: string;
    readonly previous: string;
    readonly from_at: Date;
    readonly to_at: Date;
    readonly received_at: Date;
    readonly rows: number;
    readonly texts: number;
    readonly urgent: boolean;
    readonly known: string | null;
  }
  const { rows } =
    await sql<Entry>`select u.number, u.hash, u.previous, u.from_at, u.to_at, u.received_at, u.row_count as rows,
      u.text_count as texts, u.urgent,
      (select hash from ot.upload p where p.sensor_id = u.sensor_id and p.device_id = u.device_id and p.number = u.number - 1 order by ordinal limit 1) as known
    from ot.upload u where u.sensor_id = ${sensor} and u.device_id = ${newestMachine(sensor)} and (${before}::bigint is null or u.number < ${before}::bigint)
    order by u.number desc, u.ordinal desc limit ${limit}`.execute(tx);
  return rows.map(({ number, from_at, to_at, received_at, known, ...row }) => ({
    ...row,
    number: Number(number),
    link: Number(number) === 1 ? "first" : known === null ? "missing" : known === row.previous ? "unbroken" : "forked",
    from: from_at.toISOString(),
    to: to_at.toISOString(),
    receivedAt: received_at.toISOString(),
  }));
}

export function need<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw raiseServer("NOT_FOUND");
  return first;
}
