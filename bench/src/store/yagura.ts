/** Our own store for the bench: the embedded ClickHouse with the service's own migrations, inserts and queries. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { openTelemetry } from "@yagura/store/clickhouse/telemetry.ts";
import { silent } from "@yagura/store/log.ts";
import { migrateClickHouse } from "@yagura/store/migrations/clickhouse.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import { everyOrganisation, type Column, type Telemetry } from "@yagura/store/store.ts";
import { DELAY_STEP, SAMPLE_TABLE } from "@yagura/experience/ingest/rows.ts";
import { readWorst } from "@yagura/experience/store/health.ts";
import { readSeries } from "@yagura/experience/store/series.ts";
import { readSummary } from "@yagura/experience/store/summary.ts";
import { generate, ORGANISATION, places, type Session } from "./samples.ts";

const BATCH = 500_000;
const DAY = 86_400;
/** 2025-10-20, a Monday, in seconds. */
export const START = 1_760_918_400;

export interface Opened {
  readonly telemetry: Telemetry;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

export async function openOwn(folder: string): Promise<Opened> {
  mkdirSync(folder, { recursive: true });
  const engine = await startEmbeddedClickHouse({ folder: join(folder, "clickhouse"), database: "yagura", log: silent });
  const clickhouse = new URL("../../../services/experience/migrations/clickhouse/", import.meta.url);
  await migrateClickHouse(engine, migrationsOf("clickhouse", [{ room: "experience", clickhouse }]), {});
  return { telemetry: openTelemetry(engine), command: (sql) => engine.command(sql), close: () => engine.close() };
}

/** Loads [from, to) through the same insert as the mover's; gives samples and the seconds spent in inserts alone. */
export async function load(
  { telemetry }: Opened,
  sessions: readonly Session[],
  from: number,
  to: number,
  delayStep: number = DELAY_STEP,
): Promise<{ samples: number; seconds: number }> {
  const ids = sessions.map(({ id }) => Buffer.from(id.replaceAll("-", ""), "hex"));
  const owner = Buffer.from(ORGANISATION.replaceAll("-", ""), "hex");
  const make = () => ({
    organisation: new Uint8Array(16 * BATCH),
    session: new Uint8Array(16 * BATCH),
    at: new BigInt64Array(BATCH),
    delay: new Int32Array(BATCH),
    rtt: new Uint32Array(BATCH),
    outcome: new Uint8Array(BATCH),
    flags: new Uint8Array(BATCH),
    method: new Uint8Array(BATCH),
    bound: new Uint16Array(BATCH).fill(12),
  });
  const full = make();
  for (let i = 0; i < BATCH; i++) full.organisation.set(owner, 16 * i);
  let n = 0;
  let samples = 0;
  let seconds = 0;
  const flush = async (): Promise<void> => {
    const began = performance.now();
    const part = <T extends { subarray(from: number, to: number): T }>(values: T, each = 1): T =>
      values.subarray(0, n * each);
    const columns: Record<string, Column> = {
      organisation: { type: "UUID", values: part(full.organisation, 16) },
      session: { type: "UUID", values: part(full.session, 16) },
      at: { type: "Int64", values: part(full.at) },
      delay: { type: "Int32", values: part(full.delay) },
      rtt: { type: "UInt32", values: part(full.rtt) },
      outcome: { type: "UInt8", values: part(full.outcome) },
      flags: { type: "UInt8", values: part(full.flags) },
      method: { type: "UInt8", values: part(full.method) },
      bound: { type: "UInt16", values: part(full.bound) },
    };
    await telemetry.insert(SAMPLE_TABLE, columns, `bench-${samples}`);
    seconds += (performance.now() - began) / 1000;
    samples += n;
    n = 0;
  };
  // The generator runs an hour at a time, so that inserts can wait for the disk.
  for (let hour = from; hour < to; hour += 3600) {
    const rows: [number, number, number, number][] = [];
    generate(sessions, hour, Math.min(to, hour + 3600), (s) => rows.push([s.session, s.second, s.rtt, s.delay]));
    for (const [session, second, rtt, delay] of rows) {
      full.session.set(ids[session] as Buffer, 16 * n);
      full.at[n] = BigInt(second) * 1_000_000n + BigInt((sessions[session] as Session).phase);
      full.rtt[n] = rtt;
      full.outcome[n] = rtt === 0 ? 1 : 0;
      full.delay[n] = Math.round(delay / delayStep);
      if (++n === BATCH) await flush();
    }
  }
  if (n > 0) await flush();
  return { samples, seconds };
}

export interface Sizes {
  /** Bytes a sample of the sample table, merged. */ readonly samples: number;
  /** The same with the hourly sketches. */ readonly all: number;
}
export async function sizes(own: Opened): Promise<Sizes> {
  for (const table of ["experience_sample", "experience_hour"]) await own.command(`optimize table ${table} final`);
  const rows = await own.telemetry.query<{ table: string; bytes: number; rows: number }>(
    everyOrganisation,
    "select table, sum(bytes_on_disk) as bytes, sum(rows) as rows from system.parts where active and database = 'yagura' and table like 'experience%' group by table",
  );
  const sample = rows.find(({ table }) => table === SAMPLE_TABLE);
  if (sample === undefined) throw new Error("nothing was stored");
  return { samples: sample.bytes / sample.rows, all: rows.reduce((sum, row) => sum + row.bytes, 0) / sample.rows };
}

export interface PlaceSizes {
  /** Bytes a sample, all columns. */ readonly all: number;
  /** Of these, the round trip, lossless to 1 µs. */ readonly rtt: number;
  /** All columns if the send delay were kept to 1 µs. */ readonly exact: number;
}

/** Bytes a sample of ten sessions over a day, place by place. */
export async function sizesByPlace(folder: string): Promise<Map<(typeof places)[number], PlaceSizes>> {
  const own = await openOwn(folder);
  const measure = async (place: (typeof places)[number], delayStep: number) => {
    await own.command("truncate table experience_sample");
    await load(own, sessionsOfPlace(place), START, START + DAY, delayStep);
    await own.command("optimize table experience_sample final");
    const [row] = await own.telemetry.query<{ all: number; rtt: number; rows: number }>(
      everyOrganisation,
      `select sum(bytes_on_disk) as all, sum(rows) as rows,
        (select data_compressed_bytes from system.columns where database = 'yagura' and table = 'experience_sample' and name = 'rtt') as rtt
      from system.parts where active and database = 'yagura' and table = 'experience_sample'`,
    );
    if (row === undefined) throw new Error("nothing was stored");
    return { all: row.all / row.rows, rtt: row.rtt / row.rows };
  };
  try {
    const out = new Map<(typeof places)[number], PlaceSizes>();
    for (const place of places) {
      const shipped = await measure(place, DELAY_STEP);
      out.set(place, { ...shipped, exact: (await measure(place, 1)).all });
    }
    return out;
  } finally {
    await own.close();
  }
}
const sessionsOfPlace = (place: (typeof places)[number]): Session[] =>
  Array.from({ length: 10 }, (_, i) => ({
    id: `01890000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    place,
    interval: 1,
    phase: i * 99_991,
  }));

const placeOf = (own: Opened, session: Session) => ({
  telemetry: own.telemetry,
  organisation: ORGANISATION,
  session: session.id,
});
const micros = (second: number): number => second * 1_000_000;

/** Milliseconds of the session page's series over 24 h. */
export async function seriesTime(own: Opened, session: Session, from: number): Promise<number> {
  const began = performance.now();
  const series = await readSeries(placeOf(own, session), {
    from: micros(from),
    to: micros(from + DAY),
    points: 300,
    interval: micros(session.interval),
    probe: "icmp",
  });
  if (series.sent.every((value) => value === null)) throw new Error("the series is empty");
  return performance.now() - began;
}
/** Milliseconds of the session page's summary over 24 h. */
export async function summaryTime(own: Opened, session: Session, from: number): Promise<number> {
  const began = performance.now();
  const range = {
    from: micros(from),
    to: micros(from + DAY),
    interval: micros(session.interval),
    probe: "icmp" as const,
  };
  const summary = await readSummary(placeOf(own, session), range);
  if (summary.samples === 0) throw new Error("the summary is empty");
  return performance.now() - began;
}
/** Milliseconds of the 20 worst sessions over the whole time, with loss and percentiles. */
export async function worstTime(own: Opened, from: number, to: number): Promise<number> {
  const began = performance.now();
  const worst = await readWorst(own.telemetry, ORGANISATION, micros(from), micros(to), 20);
  if (worst.length < 20) throw new Error("fewer than 20 sessions");
  return performance.now() - began;
}
