/** From the wire's blocks to rows; refusals; hints. */
import { describe, expect, test } from "vitest";
import type { IngestBatch } from "@yagura/devices/devices.ts";
import { hintsOf, refusalOf } from "./ingest.ts";
import { toRows } from "./ingest/rows.ts";
import type { SampleBlock, SamplesBody } from "./wire/samples.ts";

const S1 = "0192b3c4-d5e6-7f01-8234-56789abcdef0";
const S2 = "0192B3C4-D5E6-7F01-8234-56789ABCDEF1";
const ORG = "0192b3c4-0000-7000-8000-00000000000a";
const now = Date.parse("2026-11-20T00:00:00Z") * 1000;
const block = (change: Partial<SampleBlock> = {}): SampleBlock => ({
  session: S1,
  method: 1,
  start: now,
  interval: 1_000_000,
  count: 3,
  slot: [1],
  delay: [0],
  rtt: [10, 20, 30],
  outcome: [0],
  flags: [0],
  bound: [12],
  ...change,
});
const batch = (
  body: Partial<SamplesBody>,
  change: Partial<IngestBatch<SamplesBody>> = {},
): IngestBatch<SamplesBody> => ({
  device: "0192b3c4-0000-7000-8000-0000000000dd",
  organisation: ORG,
  epoch: "0123456789abcdef",
  sequence: 1,
  receivedAt: now,
  clockOffset: 0,
  body: { blocks: [], gaps: [], ...body },
  ...change,
});
const columnsOf = (batches: IngestBatch<SamplesBody>[], table = "experience_sample") => {
  const found = toRows(batches).find((rows) => rows.table === table);
  if (found === undefined) throw new Error(`no rows for ${table}`);
  return Object.fromEntries(
    Object.entries(found.columns).map(([name, { values }]) => [name, [...(values as Iterable<unknown>)]]),
  );
};

describe("slots", () => {
  test.each<{ name: string; change: Partial<SampleBlock>; offset?: number; want: number[] }>([
    { name: "[1]: each after the other, the first is 0", change: {}, want: [0, 1e6, 2e6] },
    { name: "[2]: every second slot", change: { slot: [2] }, want: [0, 2e6, 4e6] },
    { name: "one sample, one column value: slot 0", change: { count: 1, rtt: [10], slot: [1] }, want: [0] },
    { name: "with jumps", change: { slot: [5, 1, 3] }, want: [5e6, 6e6, 9e6] },
    { name: "the clock's correction", change: {}, offset: -1_234_567, want: [-1_234_567, -234_567, 765_433] },
  ])("$name", ({ change, offset, want }) => {
    const { at } = columnsOf([batch({ blocks: [block(change)] }, { clockOffset: offset ?? 0 })]);
    expect(at).toEqual(want.map((t) => BigInt(now + t)));
  });
});

test("columns: single values stand for all, delays are kept in steps of 100 µs, ids in text order", () => {
  const columns = columnsOf([
    batch({
      blocks: [
        block({ delay: [149, -151, 4_000_000], outcome: [0, 1, 2], flags: [3] }),
        block({ session: S2, count: 1, rtt: [4_294_967_295], method: 9, bound: [65_535] }),
      ],
    }),
  ]);
  expect(columns["rtt"]).toEqual([10, 20, 30, 4_294_967_295]);
  expect(columns["delay"]).toEqual([1, -2, 40_000, 0]);
  expect(columns["outcome"]).toEqual([0, 1, 2, 0]);
  expect(columns["flags"]).toEqual([3, 3, 3, 0]);
  expect(columns["method"]).toEqual([1, 1, 1, 9]);
  expect(columns["bound"]).toEqual([12, 12, 12, 65_535]);
  const hex = (bytes: unknown[]) => Buffer.from(bytes as number[]).toString("hex");
  expect(hex(columns["session"] as unknown[])).toBe((S1.repeat(3) + S2).replaceAll("-", "").toLowerCase());
  expect(hex(columns["organisation"] as unknown[])).toBe(ORG.repeat(4).replaceAll("-", ""));
  expect(Object.keys(columns)).not.toContain("tls");
});

test("phases: zeros where a block has none", () => {
  const phases = { resolve: [1], connect: [2], tls: [3], firstByte: [4, 5, 6], transfer: [7], status: [200, 404, 0] };
  const columns = columnsOf([batch({ blocks: [block({ count: 1, rtt: [1] }), block({ phases })] })]);
  expect(columns["first_byte"]).toEqual([0, 4, 5, 6]);
  expect(columns["status"]).toEqual([0, 200, 404, 0]);
  expect(columns["tls"]).toEqual([0, 3, 3, 3]);
});

test("gaps have their own table, corrected by the clock's offset", () => {
  const gaps = [{ session: S1, from: now, to: now + 5, reason: 0 }];
  const columns = columnsOf([batch({ gaps }, { clockOffset: 10 })], "experience_gap");
  expect(columns["from_at"]).toEqual([BigInt(now + 10)]);
  expect(columns["to_at"]).toEqual([BigInt(now + 15)]);
  expect(toRows([batch({ gaps })]).map(({ table }) => table)).toEqual(["experience_gap"]);
});

test("batches of several organisations keep their owners; nothing gives nothing", () => {
  const other = "0192b3c4-0000-7000-8000-00000000000b";
  const columns = columnsOf([batch({ blocks: [block()] }), batch({ blocks: [block()] }, { organisation: other })]);
  expect(Buffer.from(columns["organisation"] as number[]).toString("hex")).toBe(
    (ORG.repeat(3) + other.repeat(3)).replaceAll("-", ""),
  );
  expect(toRows([])).toEqual([]);
  expect(toRows([batch({})])).toEqual([]);
});

test("very many samples are cut into several inserts, always at the same places", () => {
  const big = batch({ blocks: [block({ count: 20_000, rtt: [1] }), block({ count: 20_000, rtt: [2] })] });
  const sizes = () => toRows(Array.from({ length: 30 }, () => big)).map(({ columns }) => columns["rtt"]?.values.length);
  expect(sizes()).toEqual([520_000, 520_000, 160_000]);
  expect(sizes()).toEqual(sizes());
});

describe("refused by itself", () => {
  const day = 86_400_000_000;
  test.each<{ name: string; body: Partial<SamplesBody>; offset?: number; want: string | null }>([
    { name: "nothing wrong", body: { blocks: [block()] }, want: null },
    { name: "column too short", body: { blocks: [block({ rtt: [1, 2] })] }, want: "SAMPLES_COLUMNS" },
    { name: "column too long", body: { blocks: [block({ outcome: [0, 0, 0, 0] })] }, want: "SAMPLES_COLUMNS" },
    {
      name: "phase too short",
      body: {
        blocks: [
          block({ phases: { resolve: [1], connect: [1], tls: [1], firstByte: [1], transfer: [1, 2], status: [1] } }),
        ],
      },
      want: "SAMPLES_COLUMNS",
    },
    {
      name: "few bytes, millions of samples",
      body: { blocks: Array.from({ length: 11 }, () => block({ count: 20_000, rtt: [1] })) },
      want: "SAMPLES_TOO_MANY",
    },
    {
      name: "a gap that ends before it begins",
      body: { gaps: [{ session: S1, from: now, to: now - 1, reason: 0 }] },
      want: "SAMPLES_COLUMNS",
    },
    { name: "a day ahead", body: { blocks: [block({ start: now + day - 2e6 })] }, want: null },
    { name: "more than a day ahead", body: { blocks: [block({ start: now + day })] }, want: "SAMPLES_FUTURE" },
    {
      name: "a clock two days ahead, corrected",
      body: { blocks: [block({ start: now + 2 * day })] },
      offset: -2 * day,
      want: null,
    },
    {
      name: "far ahead by its slots",
      body: { blocks: [block({ slot: [0, 0, 4_294_967_295] })] },
      want: "SAMPLES_FUTURE",
    },
    { name: "older than 400 days", body: { blocks: [block({ start: now - 401 * day })] }, want: "SAMPLES_ANCIENT" },
    { name: "1970", body: { blocks: [block({ start: 0 })] }, want: "SAMPLES_ANCIENT" },
    {
      name: "a gap of the future",
      body: { gaps: [{ session: S1, from: now, to: now + 2 * day, reason: 0 }] },
      want: "SAMPLES_FUTURE",
    },
  ])("$name", ({ body, offset, want }) => expect(refusalOf(batch(body, { clockOffset: offset ?? 0 }))).toBe(want));
});

test("hints: one for each organisation with its sessions and the newest time", () => {
  const hints = hintsOf([
    batch({ blocks: [block(), block({ session: S2 })] }),
    batch({ blocks: [block({ start: now + 9e6 })] }),
  ]);
  expect([...hints]).toEqual([[ORG, { sessions: [S1, S2], until: "2026-11-20T00:00:11.000Z" }]]);
});
