/** Telemetry over the embedded engine and over an external one (its HTTP interface): the same facts hold for both. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import type { ClickHouseFront } from "@yagura/testkit/clickhouse-front.ts";
import { startClickHouseFront } from "@yagura/testkit/clickhouse-front.ts";
import type { TestStores } from "@yagura/testkit/database.ts";
import { testStores } from "@yagura/testkit/database.ts";
import type { Column, Telemetry } from "../store.ts";
import { everyOrganisation } from "../store.ts";
import { openExternalClickHouse } from "./external.ts";
import { openTelemetry } from "./telemetry.ts";

const migrations = [{ room: "sample", clickhouse: new URL("../../testdata/clickhouse/", import.meta.url) }];
let stores: TestStores;
let front: ClickHouseFront;
const both: Record<string, Telemetry> = {};
beforeAll(async () => {
  stores = await testStores({ migrations });
  both["embedded"] = stores.telemetry;
  front = await startClickHouseFront(await stores.engine());
  both["external"] = openTelemetry(await openExternalClickHouse({ url: front.url }));
});
afterAll(async () => {
  await both["external"]?.close();
  await front.close();
  await stores.stop();
});

const uuidBytes = (id: string, rows: number): Uint8Array => {
  const one = Buffer.from(id.replaceAll("-", ""), "hex");
  return Buffer.concat(Array.from({ length: rows }, () => one));
};
const sampleColumns = (organisation: string, rows: number, shift = 0): Record<string, Column> => ({
  organisation: { type: "UUID", values: uuidBytes(organisation, rows) },
  at: {
    type: "Int64",
    values: BigInt64Array.from({ length: rows }, (_, i) => 1_760_000_000_123_456n + BigInt(shift + i) * 1_000_000n),
  },
  value: { type: "UInt32", values: Uint32Array.from({ length: rows }, (_, i) => i) },
  delay: { type: "Int32", values: Int32Array.from({ length: rows }, (_, i) => -i) },
  kind: { type: "String", values: Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? "櫓" : "")) },
});
const count = "SELECT count() AS n FROM sample WHERE organisation = {organisation:UUID}";

describe.each(["embedded", "external"])("%s", (kind) => {
  const telemetry = (): Telemetry => both[kind] as Telemetry;

  test("values arrive as they were given", async () => {
    const organisation = newId();
    await telemetry().insert("sample", sampleColumns(organisation, 3), `values ${kind}`);
    const sql = "SELECT * FROM sample WHERE organisation = {organisation:UUID} ORDER BY at";
    expect(await telemetry().query(organisation, sql)).toEqual([
      { organisation, at: "2025-10-09 08:53:20.123456", value: 0, delay: 0, kind: "櫓" },
      { organisation, at: "2025-10-09 08:53:21.123456", value: 1, delay: -1, kind: "" },
      { organisation, at: "2025-10-09 08:53:22.123456", value: 2, delay: -2, kind: "櫓" },
    ]);
  });

  test("numbers by column, over several blocks; what is no number is refused", async () => {
    const organisation = newId();
    const sql = `SELECT number + 9007199254640992 AS id, toInt64(-number) AS less, toUInt8(number % 256) AS small,
      toDateTime(number, 'UTC') AS at FROM numbers(100000) WHERE {organisation:UUID} = {own:UUID} SETTINGS max_block_size = 30000`;
    const found = await telemetry().columns(organisation, sql, { own: organisation });
    expect(found.rows).toBe(100_000);
    const last = ["id", "less", "small", "at"].map((name) => found.column(name).at(-1));
    expect(last).toEqual([Number.MAX_SAFE_INTEGER, -99_999, 99_999 % 256, 99_999]);
    expect(found.column("id").length).toBe(100_000);
    const none = await telemetry().columns(organisation, sql, { own: newId() });
    expect([none.rows, none.column("id").length]).toEqual([0, 0]);
    await expect(telemetry().columns(organisation, "SELECT {organisation:UUID} AS id")).rejects.toThrow("no number");
    await expect(telemetry().columns(organisation, "SELECT 1")).rejects.toMatchObject({ code: "TELEMETRY_UNSCOPED" });
    await expect(
      telemetry().columns(organisation, "SELECT {organisation:UUID}, sleep(3)", {}, { timeout: 300 }),
    ).rejects.toMatchObject({ code: "TELEMETRY_TIMEOUT" });
  });

  test("an insert that is repeated with its token is stored once, in the table and in its rollup", async () => {
    const organisation = newId();
    for (const shift of [0, 0, 1000, 0]) {
      await telemetry().insert("sample", sampleColumns(organisation, 1000, shift), `once ${kind} ${shift}`);
    }
    expect(await telemetry().query(organisation, count)).toEqual([{ n: 2000 }]);
    const rollup = "SELECT sum(rows) AS n FROM sample_hour WHERE organisation = {organisation:UUID}";
    expect(await telemetry().query(organisation, rollup)).toEqual([{ n: 2000 }]);
  });

  test("the same rows with another token are other rows", async () => {
    const organisation = newId();
    await telemetry().insert("sample", sampleColumns(organisation, 10), `other ${kind} 1`);
    await telemetry().insert("sample", sampleColumns(organisation, 10), `other ${kind} 2`);
    expect(await telemetry().query(organisation, count)).toEqual([{ n: 20 }]);
  });

  test.each([
    { name: "quotes and backslashes", value: `it's "a" \\ b\\' \\n` },
    { name: "line ends and tabs", value: "a\nb\r\nc\td" },
    { name: "Japanese and emoji", value: "櫓の上👩‍👩‍👧" },
    { name: "what would close a statement", value: "'); DROP TABLE sample; --" },
    { name: "a placeholder", value: "{organisation:UUID}" },
    { name: "empty text", value: "" },
  ])("a parameter holds $name", async ({ value }) => {
    const sql = "SELECT {text:String} AS text, {list:Array(String)} AS list, {organisation:UUID} AS id";
    const organisation = newId();
    expect(await telemetry().query(organisation, sql, { text: value, list: [value, "x"] })).toEqual([
      { text: value, list: [value, "x"], id: organisation },
    ]);
  });

  test("numbers as parameters and results", async () => {
    const sql =
      "SELECT {a:UInt32} AS a, {b:Float64} AS b, {c:Bool} AS c, {d:Array(UInt32)} AS d, toUInt64(1760000000123456) AS us, nan AS none";
    expect(await telemetry().query(everyOrganisation, sql, { a: 7, b: -1.5e-7, c: true, d: [1, 2] })).toEqual([
      { a: 7, b: -1.5e-7, c: true, d: [1, 2], us: 1_760_000_000_123_456, none: null },
    ]);
  });

  test("a query that is not bound to the organisation is refused", async () => {
    await expect(telemetry().query(newId(), "SELECT count() FROM sample")).rejects.toMatchObject({
      code: "TELEMETRY_UNSCOPED",
    });
    await expect(telemetry().erase(newId(), "DELETE FROM sample WHERE 1")).rejects.toMatchObject({
      code: "TELEMETRY_UNSCOPED",
    });
    await expect(telemetry().export(newId(), "SELECT 1", {}, "csv")).rejects.toMatchObject({
      code: "TELEMETRY_UNSCOPED",
    });
  });

  test("a query over its time is given up, and the engine lives on", async () => {
    const slow =
      "SELECT sum(sipHash64(number)) FROM numbers(1000000000000) WHERE {organisation:UUID} != toUUIDOrZero('')";
    await expect(telemetry().query(newId(), slow, {}, { timeout: 200 })).rejects.toMatchObject({
      code: "TELEMETRY_TIMEOUT",
    });
    expect(await telemetry().ready()).toBe(true);
  });

  test("a mistake in a statement is told with the engine's own words", async () => {
    await expect(telemetry().query(everyOrganisation, "SELECT nothing FROM nowhere")).rejects.toMatchObject({
      code: "TELEMETRY_QUERY",
      message: expect.stringContaining("nowhere") as string,
    });
  });

  test("columns of different length, or an unknown table, are refused before anything is sent", async () => {
    const columns = { ...sampleColumns(newId(), 3), value: { type: "UInt32", values: new Uint32Array(2) } as const };
    await expect(telemetry().insert("sample", columns, "bad")).rejects.toThrow(
      "column value has 2 rows where others have 3",
    );
    await expect(telemetry().insert("nowhere", sampleColumns(newId(), 1), "bad")).rejects.toMatchObject({
      code: "TELEMETRY_QUERY",
    });
  });

  test("erase deletes the organisation's rows and no others", async () => {
    const [gone, stays] = [newId(), newId()];
    for (const one of [gone, stays]) await telemetry().insert("sample", sampleColumns(one, 5), `erase ${one}`);
    await telemetry().erase(gone, "DELETE FROM sample WHERE organisation = {organisation:UUID}");
    expect(await telemetry().query(gone, count)).toEqual([{ n: 0 }]);
    expect(await telemetry().query(stays, count)).toEqual([{ n: 5 }]);
  });
});

describe.each(["embedded", "external"])("export, %s", (kind) => {
  const telemetry = (): Telemetry => both[kind] as Telemetry;
  const organisation = newId();
  const sql =
    "SELECT at, value, kind FROM sample WHERE organisation = {organisation:UUID} AND value < {below:UInt32} ORDER BY at";
  beforeAll(() => telemetry().insert("sample", sampleColumns(organisation, 1000), `export ${kind}`));

  const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const chunk of bytes) parts.push(chunk);
    return Buffer.concat(parts);
  };

  test("as CSV", async () => {
    const bytes = await collect(await telemetry().export(organisation, sql, { below: 2 }, "csv"));
    expect(bytes.toString()).toBe(
      '"at","value","kind"\n"2025-10-09 08:53:20.123456",0,"櫓"\n"2025-10-09 08:53:21.123456",1,""\n',
    );
  });
  test("as JSON lines", async () => {
    const bytes = await collect(await telemetry().export(organisation, sql, { below: 1 }, "jsonl"));
    expect(bytes.toString()).toBe('{"at":"2025-10-09 08:53:20.123456","value":0,"kind":"櫓"}\n');
  });
  test("as Parquet", async () => {
    const bytes = await collect(await telemetry().export(organisation, sql, { below: 1000 }, "parquet"));
    expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
    expect(bytes.subarray(-4).toString()).toBe("PAR1");
  });
  test("of any length in bounded memory, however slowly it is read", async () => {
    const long = "SELECT number, repeat('x', 1000) AS text, {organisation:UUID} AS id FROM numbers(200000)";
    const before = process.memoryUsage().rss;
    let [length, most] = [0, 0];
    for await (const chunk of await telemetry().export(organisation, long, {}, "jsonl")) {
      length += chunk.length;
      most = Math.max(most, process.memoryUsage().rss - before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(length).toBeGreaterThan(200_000_000);
    expect(most).toBeLessThan(150_000_000);
  });
  test("of nothing", async () => {
    const bytes = await collect(await telemetry().export(organisation, sql, { below: 0 }, "csv"));
    expect(bytes.toString()).toBe('"at","value","kind"\n');
  });
  test("fails with the reason when the statement is wrong", async () => {
    const wrong = await telemetry().export(organisation, "SELECT {organisation:UUID} FROM nowhere", {}, "csv");
    await expect(collect(wrong)).rejects.toMatchObject({ code: "TELEMETRY_QUERY" });
  });
  test("may be broken off, and does not hold the engine", async () => {
    const endless = "SELECT number, {organisation:UUID} AS id FROM numbers(100000000000)";
    for (let i = 0; i < 5; i++) {
      let have = 0;
      for await (const chunk of await telemetry().export(organisation, endless, {}, "csv")) {
        have += chunk.length;
        if (have > 1_000_000) break;
      }
    }
    const bytes = await collect(await telemetry().export(organisation, sql, { below: 1 }, "jsonl"));
    expect(bytes.length).toBeGreaterThan(0);
  });
});

test("many at once: each query has its own parameters, beside inserts and exports", async () => {
  const telemetry = both["embedded"] as Telemetry;
  const organisations = Array.from({ length: 20 }, () => newId());
  const inserts = organisations.map((one, i) => telemetry.insert("sample", sampleColumns(one, i + 1), `many ${one}`));
  const queries = Array.from({ length: 200 }, async (_, i) => {
    const organisation = organisations[i % 20] ?? "";
    const rows = await telemetry.query(
      organisation,
      "SELECT {organisation:UUID} AS id, {n:UInt32} AS n, sleep(0.002) AS s",
      { n: i },
    );
    expect(rows).toEqual([{ id: organisation, n: i, s: 0 }]);
  });
  const exported = organisations.map(async (one) => {
    const parts: Uint8Array[] = [];
    for await (const part of await telemetry.export(one, "SELECT {organisation:UUID} AS id", {}, "jsonl"))
      parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(`{"id":"${one}"}\n`);
  });
  await Promise.all([...inserts, ...queries, ...exported]);
  const counts = await Promise.all(organisations.map((one) => telemetry.query(one, count)));
  expect(counts).toEqual(organisations.map((_, i) => [{ n: i + 1 }]));
});

test("the external engine was really asked through its door", () => {
  expect(front.asked["SELECT"]).toBeGreaterThan(10);
  expect(front.asked["INSERT"]).toBeGreaterThan(5);
});
