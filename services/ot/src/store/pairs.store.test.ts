/** Sums by pair: the same as adding up what was uploaded, whatever the span, however late or often it came (OT-11, OT-13, OT-14). */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type DeviceId, type OrganisationId } from "@yagura/core/ids.ts";
import { migrateClickHouse } from "@yagura/store/migrations/clickhouse.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import type { Column } from "@yagura/store/store.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { vocabularyOf } from "../analysis/observe.ts";
import { wholeHours, type Range } from "../range.ts";
import { readCourses, readTotals } from "./amounts.ts";
import type { Place } from "./place.ts";
import { eraseTelemetry, retainTelemetry, SUM_DAYS } from "./retention.ts";
import { spread } from "./ranking.ts";
import { readEdges, readProtocols } from "./traffic.ts";

const all = new URL("../../migrations/clickhouse/", import.meta.url);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.parse("2026-10-29T00:00:00.000Z");
const DAYS = 9;
const INSERTS = 16;

/** The same numbers in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

interface Row {
  readonly at: number;
  readonly client: number;
  readonly server: number;
  readonly transport: number;
  readonly port: number;
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly amounts: readonly number[];
}
const amountNames = ["packets_out", "bytes_out", "packets_in", "bytes_in", "connections"] as const;
const others = ["refused", "unanswered", "retransmissions", "missing"] as const;

/** An upload's rows: mostly of now, sometimes of long before. */
function rowsOf(next: (below: number) => number, now: number, count: number): Row[] {
  const at = next(5) === 0 ? start + next(now - start + 1) : now;
  return Array.from({ length: count }, () => {
    const first = next(10_000);
    const amounts = [next(100), next(100_000), next(100), next(1_000_000), next(3)];
    const port = [502, 44_818, 102][next(3)] as number;
    const ends = {
      client: 1 + next(6),
      server: 2 ** 50 + next(4),
      transport: next(2) + 3,
      port,
      protocol: 1 + next(3),
    };
    return { at, ...ends, first, last: next(first + 1), amounts };
  });
}

function columnsOf(organisation: string, device: string, rows: readonly Row[]): Record<string, Column> {
  const uuid = (id: string): Column => {
    const one = Buffer.from(id.replaceAll("-", ""), "hex");
    return { type: "UUID", values: Buffer.concat(rows.map(() => one)) };
  };
  const wide = (of: (row: Row) => number): Column => ({
    type: "UInt64",
    values: BigUint64Array.from(rows, (row) => BigInt(of(row))),
  });
  const u32 = (of: (row: Row) => number): Column => ({ type: "UInt32", values: Uint32Array.from(rows, of) });
  return {
    organisation: uuid(organisation),
    device: uuid(device),
    at: { type: "Int64", values: BigInt64Array.from(rows, ({ at }) => BigInt(at)) },
    client: wide(({ client }) => client),
    server: wide(({ server }) => server),
    transport: { type: "UInt8", values: Uint8Array.from(rows, ({ transport }) => transport) },
    port: { type: "UInt16", values: Uint16Array.from(rows, ({ port }) => port) },
    protocol: { type: "UInt8", values: Uint8Array.from(rows, ({ protocol }) => protocol) },
    first: u32(({ first }) => first),
    last: u32(({ last }) => last),
    ...Object.fromEntries(amountNames.map((name, i) => [name, wide(({ amounts }) => amounts[i] as number)])),
    ...Object.fromEntries(others.map((name) => [name, wide(() => 0)])),
    rtt: u32(() => 900),
  };
}

/** Fills nine days with uploads, four to an insert; every third insert is sent twice. */
async function fill(stores: TestStores, organisation: string, device: string, seed: number): Promise<Row[]> {
  const [next, stored] = [random(seed), [] as Row[]];
  for (let insert = 0; insert < INSERTS; insert++) {
    const rows = [1, 2, 3, 4].flatMap((upload) => {
      const now = start + Math.floor(((insert * 4 + upload) * DAYS * DAY) / (4 * INSERTS)) - next(1_000) - 1;
      return rowsOf(next, now, 20);
    });
    stored.push(...rows);
    for (let time = 0; time < (insert % 3 === 0 ? 2 : 1); time++) {
      const token = `${device} ${insert} ot_conversation`;
      await stores.telemetry.insert("ot_conversation", columnsOf(organisation, device, rows), token);
    }
  }
  return stored;
}

/** What adding up the rows themselves gives. */
function added(rows: readonly Row[], range: Range, key: (row: Row) => string): Map<string, number[]> {
  const { from, to } = wholeHours(range);
  const out = new Map<string, number[]>();
  for (const row of rows) {
    if (row.at < from || row.at >= to) continue;
    const known = out.get(key(row)) ?? [0, 0, Infinity, 0];
    const [packetsOut = 0, bytesOut = 0, packetsIn = 0, bytesIn = 0] = row.amounts;
    out.set(key(row), [
      (known[0] as number) + bytesOut + bytesIn,
      (known[1] as number) + packetsOut + packetsIn,
      Math.min(known[2] as number, row.at - row.first),
      Math.max(known[3] as number, row.at - row.last),
    ]);
  }
  return out;
}

const placeFor = (stores: TestStores, organisation: OrganisationId, device: DeviceId): Place => ({
  telemetry: stores.telemetry,
  organisation,
  site: newId(),
  devices: [device],
  sensors: [0],
  vocabulary: vocabularyOf([]),
});
const spans = (next: (below: number) => number): Range[] => [
  { from: start, to: start + DAYS * DAY },
  { from: start + 2 * DAY, to: start + 3 * DAY },
  { from: start + DAY + HOUR, to: start + DAY + 2 * HOUR },
  ...Array.from({ length: 25 }, () => {
    const from = start - DAY + next((DAYS + 1) * DAY);
    return { from, to: from + 1 + next(next(2) === 0 ? DAY : DAYS * DAY) };
  }),
];

async function expectSums(place: Place, rows: readonly Row[], next: (below: number) => number): Promise<void> {
  for (const range of spans(next)) {
    const told = `${new Date(range.from).toISOString()} ${new Date(range.to).toISOString()}`;
    const edges = await readEdges(place, range);
    const found = new Map(
      Array.from(edges.client, (client, i) => [
        `${client} ${edges.server[i]} ${edges.protocol[i]}`,
        [edges.bytes[i], edges.packets[i], edges.first[i], edges.last[i]],
      ]),
    );
    expect(found.size, told).toBe(edges.client.length);
    expect(found, told).toEqual(added(rows, range, (row) => `${row.client} ${row.server} ${row.protocol}`));
    const totals = await readTotals(place, range, "bytes");
    const byPort = new Map(
      Array.from({ length: totals.rows }, (_, i) => [
        `${totals.client[i]} ${totals.server[i]} ${totals.protocol[i]} ${totals.port[i]}`,
        [totals.value[i], totals.bytes[i], totals.packets[i]],
      ]),
    );
    const wanted = added(rows, range, (row) => `${row.client} ${row.server} ${row.protocol} ${row.port}`);
    expect(byPort, told).toEqual(
      new Map(Array.from(wanted, ([key, [bytes, packets]]) => [key, [bytes, bytes, packets]])),
    );
    expect(totals.rows, told).toBe(byPort.size);
  }
}

describe("sums of what sensors upload", () => {
  let stores: TestStores;
  const [organisation, device] = [newId(), newId()];
  const other = { organisation: newId(), device: newId() };
  let rows: Row[];
  beforeAll(async () => {
    stores = await testStores({ migrations: [{ room: "ot", clickhouse: all }] });
    rows = await fill(stores, organisation, device, 1);
    await fill(stores, other.organisation, other.device, 2);
  });
  afterAll(() => stores.stop());

  test("spans of any length, late uploads, uploads that came twice", async () => {
    await expectSums(placeFor(stores, organisation, device), rows, random(3));
  });

  test("so also when the engine has joined its parts", async () => {
    await (await stores.engine()).command("optimize table ot_pair final");
    await expectSums(placeFor(stores, organisation, device), rows, random(4));
  });

  test("the course of a line has all that the line has, in pieces short enough for it", async () => {
    const place = placeFor(stores, organisation, device);
    for (const longest of [1, 6, 24] as const) {
      const range = { from: start + 5 * HOUR, to: start + 8 * DAY + 3 * HOUR };
      const courses = await readCourses(place, range, "bytes", { by: "endpoint", ids: [1, 2] }, longest);
      expect(Math.max(...Array.from(courses.step))).toBe(longest);
      const parts = Array.from({ length: 24 }, () => 0);
      for (let i = 0; i < courses.value.length; i++) {
        if (courses.a[i] !== 1) continue;
        const from = (courses.moment[i] as number) * 1000 - range.from;
        const piece = { from, to: from + (courses.step[i] as number) * HOUR };
        spread(parts, piece, (range.to - range.from) / 24, courses.value[i] as number);
      }
      const wanted = [...added(rows, range, ({ client }) => String(client)).entries()].find(([key]) => key === "1");
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(wanted?.[1][0] as number, 3);
    }
    const services = await readCourses(
      place,
      { from: start, to: start + DAY },
      "packets",
      {
        by: "service",
        services: [[1, 502]],
      },
      24,
    );
    expect([...new Set(Array.from(services.b))]).toEqual([502]);
  });

  test("nobody else's: neither another organisation's nor another device's", async () => {
    const range = { from: start, to: start + DAYS * DAY };
    expect(await readProtocols(placeFor(stores, other.organisation, device), range)).toEqual([]);
    expect(await readProtocols(placeFor(stores, organisation, other.device), range)).toEqual([]);
    expect((await readEdges(placeFor(stores, organisation, other.device), range)).client).toHaveLength(0);
  });

  test("sums go by whole days when they are older than is kept, and all of them with their organisation", async () => {
    const kept = (days: number): Row[] => rows.filter(({ at }) => at >= start + days * DAY);
    const place = placeFor(stores, organisation, device);
    await retainTelemetry(stores.telemetry, organisation, 90, new Date(start + (2 + SUM_DAYS) * DAY + 5 * HOUR));
    await expectSums(place, kept(2), random(5));
    await eraseTelemetry(stores.telemetry, organisation);
    expect((await readEdges(place, { from: start, to: start + DAYS * DAY })).client).toHaveLength(0);
    const rest = await readEdges(placeFor(stores, other.organisation, other.device), {
      from: start,
      to: start + DAYS * DAY,
    });
    expect(rest.client.length).toBeGreaterThan(0);
  });
});

test("what was stored before there were sums by pair is carried into them, once, also when the migration is repeated", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yagura-pairs-"));
  cpSync(new URL("0001-telemetry.sql", all), join(folder, "0001-telemetry.sql"));
  const stores = await testStores({ migrations: [{ room: "ot", clickhouse: pathToFileURL(`${folder}/`) }] });
  try {
    const [organisation, device] = [newId(), newId()];
    const rows = await fill(stores, organisation, device, 6);
    const engine = await stores.engine();
    const known = migrationsOf("clickhouse", [{ room: "ot", clickhouse: all }]);
    await migrateClickHouse(engine, known, {});
    await expectSums(placeFor(stores, organisation, device), rows, random(7));
    // As after a crash before it was in the ledger.
    await engine.command("alter table yagura_migration delete where version = 2 settings mutations_sync = 1");
    await migrateClickHouse(engine, known, {});
    await expectSums(placeFor(stores, organisation, device), rows, random(8));
    const late = rowsOf(random(9), start + DAYS * DAY - 1, 50);
    for (let time = 0; time < 2; time++)
      await stores.telemetry.insert("ot_conversation", columnsOf(organisation, device, late), "late ot_conversation");
    await expectSums(placeFor(stores, organisation, device), [...rows, ...late], random(10));
  } finally {
    await stores.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
