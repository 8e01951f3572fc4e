/** Queries of samples on a real ClickHouse, beside brute force over the same samples. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import type { IngestBatch } from "@yagura/devices/devices.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { meanDeviation, meanDifference, rfc3550 } from "../analysis/jitter.ts";
import { lossRuns } from "../analysis/loss.ts";
import { levels, percentile } from "../analysis/percentiles.ts";
import { toRows } from "../ingest/rows.ts";
import { outcomes, type SampleBlock, type SamplesBody } from "../wire/samples.ts";
import type { Series } from "../wire/api.ts";
import { exportColumns, exportSamples } from "./export.ts";
import { readHealth, readLastSeen, readMinutes, readWorst } from "./health.ts";
import { readRecent } from "./recent.ts";
import { eraseTelemetry, retainTelemetry, sweepRemoved } from "./retention.ts";
import { readSeries } from "./series.ts";
import { isBeyondRaw } from "./sql.ts";
import { readSummary } from "./summary.ts";
import type { Place } from "./sql.ts";

const S = 1_000_000;
const HOUR = 3600 * S;
/** A Monday in UTC, so that the week's partitions are met, and 30 minutes before: inserts span two of them. */
const start = Date.parse("2026-11-15T23:30:00Z") * 1000;
const ORG = newId();
const OTHER = newId();
const ICMP = newId();
const HTTP = newId();

let seed = 20_261_120;
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 4_294_967_296;
};

interface Sample {
  at: number;
  rtt: number;
  outcome: number;
  flags: number;
  delay: number;
}
/** Two hours at 1 Hz with bursts of loss, late and refused answers, and a pause of 10 minutes in the second hour. */
function make(): Sample[] {
  const samples: Sample[] = [];
  let burst = 0;
  for (let i = 0; i < 7200; i++) {
    if (i >= 4000 && i < 4600) continue;
    if (burst > 0) burst--;
    else if (random() < 0.01) burst = 1 + Math.floor(random() * 4);
    const outcome = burst > 0 ? 1 : random() < 0.005 ? 2 : random() < 0.005 ? 3 : random() < 0.002 ? 5 : 0;
    const answered = outcome === 0 || outcome === 2 || outcome === 3;
    samples.push({
      at: start + i * S,
      rtt: answered ? Math.round(10_000 + 300 * Math.sin(i / 500) - 500 * Math.log(1 - random())) : 0,
      outcome,
      flags: random() < 0.01 ? 1 : random() < 0.01 ? 2 : 0,
      delay: Math.floor(random() * 10) * 100,
    });
  }
  return samples;
}
const icmp = make();
const isLost = (s: Sample): boolean => s.outcome === 1;
const answersOf = (samples: readonly Sample[]): Sample[] => samples.filter((s) => s.rtt > 0);

/** Blocks of at most `size` samples, as an agent would send them. */
function blocksOf(
  session: string,
  samples: readonly Sample[],
  size: number,
  change: Partial<SampleBlock> = {},
): SampleBlock[] {
  const blocks: SampleBlock[] = [];
  for (let i = 0; i < samples.length; i += size) {
    const part = samples.slice(i, i + size);
    const first = part[0] as Sample;
    const slot = part.map((s, n) => (n === 0 ? 0 : (s.at - (part[n - 1] as Sample).at) / S));
    blocks.push({
      session,
      method: 1,
      start: first.at,
      interval: S,
      count: part.length,
      slot: part.length === 1 ? [1] : slot,
      delay: part.map((s) => s.delay),
      rtt: part.map((s) => s.rtt),
      outcome: part.map((s) => s.outcome),
      flags: part.map((s) => s.flags),
      bound: [12],
      ...change,
    });
  }
  return blocks;
}
const batchOf = (body: Partial<SamplesBody>, organisation = ORG): IngestBatch<SamplesBody> => ({
  device: newId(),
  organisation,
  epoch: "0123456789abcdef",
  sequence: 1,
  receivedAt: start,
  clockOffset: 0,
  body: { blocks: [], gaps: [], ...body },
});

let stores: TestStores;
const place = (session = ICMP, organisation = ORG): Place => ({ telemetry: stores.telemetry, organisation, session });
async function insert(batches: IngestBatch<SamplesBody>[], token: string): Promise<void> {
  for (const { table, columns } of toRows(batches)) await stores.telemetry.insert(table, columns, `${token}:${table}`);
}

beforeAll(async () => {
  stores = await testStores({
    migrations: [{ room: "experience", clickhouse: new URL("../../migrations/clickhouse/", import.meta.url) }],
  });
  const blocks = blocksOf(ICMP, icmp, 600);
  // Small and large inserts, each sent twice under its token: a mover that died after the first.
  for (const [i, block] of blocks.entries()) {
    const batch = batchOf({
      blocks: [block],
      gaps: i === 0 ? [{ session: ICMP, from: start + 4000 * S, to: start + 4600 * S, reason: 0 }] : [],
    });
    await insert([batch], `a${i}`);
    await insert([batch], `a${i}`);
  }
  const pages = icmp
    .slice(0, 600)
    .map(({ at, rtt, flags, delay }) => ({ at, rtt: rtt * 10, outcome: 0, flags, delay }));
  const phases = {
    resolve: [1000],
    connect: [2000],
    tls: [0],
    firstByte: pages.map((s) => Math.max(0, s.rtt - 3000)),
    transfer: [500],
    status: [200],
  };
  await insert([batchOf({ blocks: blocksOf(HTTP, pages, 600, { method: 9, phases }) })], "h");
  await insert([batchOf({ blocks: blocksOf(newId(), icmp.slice(0, 60), 60) }, OTHER)], "o");
}, 120_000);
afterAll(() => stores.stop());

const range = { from: start, to: start + 7200 * S, interval: S, probe: "icmp" } as const;
const near = (got: number | null | undefined, want: number, relative: number): void => {
  expect(got).not.toBeNull();
  expect(Math.abs((got as number) - want) / Math.max(1, Math.abs(want))).toBeLessThanOrEqual(relative);
};

test("a repeated insert is stored once, in the table and in the hours", async () => {
  const [rows] = await stores.telemetry.query<{ raw: number; hours: number; gaps: number }>(
    ORG,
    `select (select count() from experience_sample where organisation = {organisation:UUID} and session = {session:UUID}) as raw,
      (select sum(samples) from experience_hour where organisation = {organisation:UUID} and session = {session:UUID}) as hours,
      (select count() from experience_gap where organisation = {organisation:UUID}) as gaps`,
    { session: ICMP },
  );
  expect(rows).toEqual({ raw: icmp.length, hours: icmp.length, gaps: 1 });
});

/** Brute force of one bucket. */
function truth(samples: readonly Sample[]) {
  const rtt = answersOf(samples).map((s) => s.rtt);
  const sorted = [...rtt].sort((a, b) => a - b);
  return {
    sent: samples.filter((s) => s.outcome !== 5).length,
    lost: samples.filter(isLost).length,
    late: samples.filter((s) => s.outcome === 2).length,
    refused: samples.filter((s) => s.outcome === 3).length,
    duplicate: samples.filter((s) => s.flags === 1).length,
    reordered: samples.filter((s) => s.flags === 2).length,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    percentiles: levels.map((level) => percentile(sorted, level)),
    jitter: meanDifference(rtt),
  };
}
const percentilesOf = (series: Series, i: number) =>
  (["p5", "p25", "p50", "p75", "p95", "p99"] as const).map((name) => series[name][i] ?? null);

describe("series", () => {
  test("raw buckets equal brute force, and the pause is null, never zero", async () => {
    const series = await readSeries(place(), { ...range, points: 100 });
    expect(series).toMatchObject({ source: "raw", step: 120, error: 0 });
    expect(series.phases).toBeUndefined();
    for (const [i, t] of series.t.entries()) {
      const inside = icmp.filter((s) => s.at >= t * S && s.at < (t + 120) * S);
      if (inside.length === 0) {
        for (const name of ["sent", "lost", "p50", "min", "jitter"] as const) expect(series[name][i]).toBeNull();
        continue;
      }
      const want = truth(inside);
      for (const name of ["sent", "lost", "late", "refused", "duplicate", "reordered", "min", "max"] as const) {
        expect([name, t, series[name][i]]).toEqual([name, t, want[name]]);
      }
      for (const [n, value] of percentilesOf(series, i).entries()) near(value, want.percentiles[n] as number, 1e-9);
      near(series.jitter[i], want.jitter as number, 1e-9);
    }
    expect(series.sent.filter((value) => value === null)).toHaveLength(4);
    expect(series.gaps).toEqual([
      {
        from: new Date((start + 4000 * S) / 1000).toISOString(),
        to: new Date((start + 4600 * S) / 1000).toISOString(),
        reason: "sleep",
      },
    ]);
  });

  test("zoomed in, every sample is an entry", async () => {
    const series = await readSeries(place(), { ...range, to: start + 100 * S, points: 500 });
    expect(series.step).toBe(0);
    expect(series.t).toEqual(icmp.slice(0, 100).map((s) => s.at / S));
    expect(series.lost).toEqual(icmp.slice(0, 100).map((s) => Number(isLost(s))));
    expect(series.p95).toEqual(icmp.slice(0, 100).map((s) => (s.rtt > 0 ? s.rtt : null)));
  });

  test("an interval that was shorter in the past: buckets instead of too many samples", async () => {
    const series = await readSeries(place(), { ...range, interval: 60 * S, points: 130 });
    expect(series.step).toBeGreaterThan(0);
    expect(series.t.length).toBeLessThan(150);
  });

  test("hourly sketches are within 1 % of the truth, counts exact", async () => {
    const series = await readSeries(place(), { ...range, from: range.from - 4 * 24 * HOUR, points: 500 });
    expect(series).toMatchObject({ source: "hourly", step: 3600, error: 0.01 });
    const seen = series.t.map((t, i) => [t, i] as const).filter(([, i]) => series.sent[i] !== null);
    expect(seen).toHaveLength(3);
    for (const [t, i] of seen) {
      const want = truth(icmp.filter((s) => s.at >= t * S && s.at < (t + 3600) * S));
      for (const name of ["sent", "lost", "late", "refused", "duplicate", "reordered", "min", "max"] as const) {
        expect([name, series[name][i]]).toEqual([name, want[name]]);
      }
      for (const [n, value] of percentilesOf(series, i).entries()) near(value, want.percentiles[n] as number, 0.011);
      near(series.jitter[i], want.jitter as number, 1e-6);
    }
  });

  test("phases are medians of their own, raw and hourly", async () => {
    const first = icmp.slice(0, 600).map((s) => s.rtt * 10 - 3000);
    const request = { ...range, probe: "http" as const };
    const raw = await readSeries(place(HTTP), { ...request, to: start + 600 * S, points: 1 });
    const sorted = first.filter((value) => value > 0).sort((a, b) => a - b);
    expect(raw.phases?.resolve[0]).toBe(1000);
    expect(raw.phases?.tls[0]).toBeNull();
    near(raw.phases?.firstByte[0], percentile(sorted, 0.5) as number, 1e-9);
    const hourly = await readSeries(place(HTTP), { ...request, from: range.from - 4 * 24 * HOUR, points: 500 });
    const i = hourly.sent.findIndex((value) => value !== null);
    near(hourly.phases?.firstByte[i], percentile(sorted, 0.5) as number, 0.011);
    near(hourly.phases?.connect[i], 2000, 0.011);
    expect(hourly.phases?.tls[i]).toBeNull();
  });
});

describe("summary", () => {
  test("raw: exact in every figure", async () => {
    const summary = await readSummary(place(), range);
    const want = truth(icmp);
    const rtt = answersOf(icmp).map((s) => s.rtt);
    expect(summary).toMatchObject({
      source: "raw",
      error: 0,
      samples: icmp.length,
      duplicate: want.duplicate,
      reordered: want.reordered,
    });
    near(summary.loss, want.lost / want.sent, 1e-12);
    near(summary.late, want.late / want.sent, 1e-12);
    expect(summary.lossRuns).toEqual(
      lossRuns(
        icmp.map(isLost),
        icmp.map((s) => Number(s.at >= start + 4600 * S)),
      ),
    );
    const { min, p5, p50, p99, max, mean } = summary.rttUs ?? { min: 0, p5: 0, p50: 0, p99: 0, max: 0, mean: 0 };
    expect([min, max]).toEqual([want.min, want.max]);
    near(p5, want.percentiles[0] as number, 1e-9);
    near(p50, want.percentiles[2] as number, 1e-9);
    near(p99, want.percentiles[5] as number, 1e-9);
    near(mean, rtt.reduce((a, b) => a + b, 0) / rtt.length, 1e-9);
    near(summary.jitterUs?.rfc3550, rfc3550(rtt) as number, 1e-9);
    near(summary.jitterUs?.meanDeviation, meanDeviation(rtt) as number, 1e-9);
    expect(summary.burstRatio).toBeGreaterThan(1.5);
    expect(summary.voice?.mos).toBeGreaterThan(3);
    near(summary.observed, icmp.length / 7200, 1e-9);
    expect(summary.fidelity?.sent).toBe(1);
    near(summary.fidelity?.p50Us, 450, 0.2);
    expect(summary.methods).toEqual([{ method: "icmp-dgram-kernel", samples: icmp.length, boundUs: 12 }]);
    expect(summary.score.reasons[0]?.kind).toBe("loss");
  });

  test("the time before the session was made, and the time to come, do not count against it", async () => {
    const wide = { ...range, from: range.from - 24 * HOUR, to: range.to + 24 * HOUR };
    expect((await readSummary(place(), wide)).observed).toBeLessThan(0.05);
    const summary = await readSummary(place(), { ...wide, alive: { from: range.from, to: range.to } });
    near(summary.observed, icmp.length / 7200, 1e-9);
  });

  test("a time in which nothing was measured is empty, though its hour holds samples; what the retention took is told by hours", async () => {
    const silent = { ...range, from: start + 7200 * S, to: start + 7260 * S };
    expect(await readSummary(place(), silent)).toMatchObject({ source: "raw", samples: 0 });
    const series = await readSeries(place(), { ...silent, points: 60 });
    expect(series.source).toBe("raw");
    expect(series.sent.every((value) => value === null)).toBe(true);
    expect(await isBeyondRaw(place(), start)).toBe(true);
    expect(await isBeyondRaw(place(), start + S)).toBe(false);
  });

  test("hourly: says its error and stays within it", async () => {
    const summary = await readSummary(place(), { ...range, from: range.from - 4 * 24 * HOUR });
    const exact = await readSummary(place(), range);
    expect(summary).toMatchObject({
      source: "hourly",
      error: 0.01,
      samples: icmp.length,
      loss: exact.loss,
      lossRuns: [],
    });
    near(summary.rttUs?.p95, exact.rttUs?.p95 as number, 0.011);
    near(summary.rttUs?.mean, exact.rttUs?.mean as number, 1e-9);
    near(summary.burstRatio, exact.burstRatio as number, 0.05);
    near(summary.jitterUs?.meanDeviation, exact.jitterUs?.meanDeviation as number, 0.05);
    expect(summary.jitterUs?.rfc3550).toBe(exact.jitterUs?.rfc3550);
  });

  test("nothing observed: nulls and unknown", async () => {
    const summary = await readSummary(place(newId()), range);
    expect(summary).toMatchObject({
      samples: 0,
      loss: null,
      rttUs: null,
      jitterUs: null,
      voice: null,
      fidelity: null,
      observed: 0,
    });
    expect(summary.score).toMatchObject({ value: null, state: "unknown" });
  });
});

describe("health of the organisation", () => {
  const end = start + 7200 * S;
  test.each([
    { name: "from raw samples", expected: 7200, relative: 1e-9, from: end - HOUR },
    {
      name: "of very many sessions, from the hours",
      expected: 1e9,
      relative: 0.011,
      from: Date.parse("2026-11-16T00:00:00Z") * 1000,
    },
  ])("$name", async ({ expected, relative, from }) => {
    const health = await readHealth(stores.telemetry, ORG, end, expected);
    const inside = icmp.filter((s) => s.at >= from);
    const want = truth(inside);
    const got = health.get(ICMP);
    expect(got).toMatchObject({ sent: want.sent, lost: want.lost, last: (inside.at(-1) as Sample).at });
    near(got?.p95, want.percentiles[4] as number, relative);
    near(got?.jitter, want.jitter as number, 0.01);
    expect(health.has(HTTP)).toBe(false);
  });
  test("medians by minute, null where nothing answered", async () => {
    const spark = (await readMinutes(stores.telemetry, ORG, [ICMP], end)).get(ICMP)?.medians ?? [];
    expect(spark).toHaveLength(60);
    for (const [minute, median] of spark.entries()) {
      const from = end - HOUR + minute * 60 * S;
      const rtt = answersOf(icmp.filter((s) => s.at >= from && s.at < from + 60 * S)).map((s) => s.rtt);
      expect(median).toBe(
        percentile(
          [...rtt].sort((a, b) => a - b),
          0.5,
        ),
      );
    }
    expect(spark).toContain(null);
  });
  test("when silent sessions were last heard of", async () => {
    const seen = await readLastSeen(stores.telemetry, ORG, [HTTP, newId()], end);
    expect([...seen]).toEqual([[HTTP, start + 599 * S]]);
    const many = await readLastSeen(stores.telemetry, ORG, [HTTP, ...Array.from({ length: 10_000 }, newId)], end);
    expect([...many]).toEqual([...seen]);
  });
  test("worst first", async () => {
    const worst = await readWorst(stores.telemetry, ORG, start - 24 * HOUR, end, 20);
    expect(worst.map(({ session }) => session)).toEqual([ICMP, HTTP]);
  });
  test("EXP-T06: another organisation sees nothing of it", async () => {
    expect((await readHealth(stores.telemetry, OTHER, end, 1)).has(ICMP)).toBe(false);
    expect((await readSummary(place(ICMP, OTHER), range)).samples).toBe(0);
    expect((await readRecent(place(ICMP, OTHER), 0)).t).toEqual([]);
    expect((await readSeries(place(ICMP, OTHER), { ...range, points: 100 })).gaps).toEqual([]);
  });
});

test("recent: the newest samples after a time, oldest first", async () => {
  const recent = await readRecent(place(), start + 7190 * S);
  expect(recent.t).toEqual(icmp.slice(-9).map((s) => s.at));
  expect(recent.rtt).toEqual(icmp.slice(-9).map((s) => s.rtt));
  expect((await readRecent(place(), 0)).t).toEqual(icmp.slice(-1000).map((s) => s.at));
});

describe("EXP-T10: export", () => {
  const read = async (format: "csv" | "jsonl" | "parquet"): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of await exportSamples(place(), range.from, range.to, format)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const sample = icmp.find((s) => s.rtt > 0 && s.delay > 0) as Sample;
  test("CSV holds every sample under named columns", async () => {
    const lines = (await read("csv")).toString().trim().split("\n");
    expect(lines[0]?.replaceAll('"', "").split(",")).toEqual(exportColumns.map(({ name }) => name));
    expect(lines).toHaveLength(icmp.length + 1);
    const line = lines[1 + icmp.indexOf(sample)]?.replaceAll('"', "").split(",") ?? [];
    expect(line.slice(0, 5)).toEqual([
      new Date(sample.at / 1000).toISOString().replace("Z", "000Z"),
      ICMP,
      outcomes[sample.outcome],
      String(sample.rtt),
      String(sample.delay),
    ]);
  });
  test("JSON lines: numbers are numbers, what was not measured is null", async () => {
    const lines = (await read("jsonl")).toString().trim().split("\n");
    expect(lines).toHaveLength(icmp.length);
    const gone = icmp.findIndex(isLost);
    expect(JSON.parse(lines[gone] as string)).toMatchObject({
      outcome: "lost",
      rtt_us: null,
      method: "icmp-dgram-kernel",
      http_status: null,
    });
  });
  test("Parquet begins and ends as one", async () => {
    const file = await read("parquet");
    expect(file.subarray(0, 4).toString()).toBe("PAR1");
    expect(file.subarray(-4).toString()).toBe("PAR1");
    expect(createHash("sha256").update(file).digest("hex")).toHaveLength(64);
  });
});

describe("what has to go", () => {
  const now = new Date((start + 7200 * S) / 1000 + 30 * 86_400_000);
  const count = async (table: string, organisation = ORG): Promise<number> => {
    const [row] = await stores.telemetry.query<{ n: number }>(
      organisation,
      `select count() as n from ${table} where organisation = {organisation:UUID}`,
    );
    return row?.n ?? -1;
  };
  test("samples of removed sessions, a day old", async () => {
    await sweepRemoved(stores.telemetry, ORG, [ICMP], new Date((start + 7200 * S) / 1000));
    expect((await readSummary(place(HTTP), range)).samples).toBe(600);
    await sweepRemoved(stores.telemetry, ORG, [ICMP], now);
    expect((await readSummary(place(HTTP), range)).samples).toBe(0);
    expect((await readSummary(place(), range)).samples).toBe(icmp.length);
  });
  test("raw samples beyond the retention; the hours stay and still answer", async () => {
    await retainTelemetry(stores.telemetry, ORG, 90, now);
    expect(await count("experience_sample")).toBe(icmp.length);
    await retainTelemetry(stores.telemetry, ORG, 30, now);
    const left = icmp.filter((s) => s.at >= now.getTime() * 1000 - 30 * 24 * HOUR).length;
    expect(await count("experience_sample")).toBe(left);
    await retainTelemetry(stores.telemetry, ORG, 7, now);
    expect(await count("experience_sample")).toBe(0);
    expect(await count("experience_hour")).toBeGreaterThan(0);
    const series = await readSeries(place(), { ...range, points: 100 });
    expect(series).toMatchObject({ source: "hourly", error: 0.01 });
    expect(await count("experience_sample", OTHER)).toBe(60);
  });
  test("everything of an erased organisation, nothing of another", async () => {
    await eraseTelemetry(stores.telemetry, ORG);
    for (const table of ["experience_sample", "experience_hour", "experience_phase_hour", "experience_gap"]) {
      expect(await count(table)).toBe(0);
    }
    expect(await count("experience_sample", OTHER)).toBe(60);
  });
});
