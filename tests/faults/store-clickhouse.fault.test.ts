/** The embedded ClickHouse is killed at random moments under load: nothing acknowledged is lost, nothing is stored twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { startEmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { openTelemetry } from "@yagura/store/clickhouse/telemetry.ts";
import { silent } from "@yagura/store/log.ts";
import { render, statements } from "@yagura/store/migrations/clickhouse.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { everyOrganisation } from "@yagura/store/store.ts";
import { randomFrom, seedOf } from "@yagura/testkit/random.ts";
import { until } from "@yagura/testkit/until.ts";

const KILLS = 30;
const ROWS = 2_000;
const DAY = 86_400_000_000n;

/** Two partitions a batch, a rollup, and a rollup of the rollup: each part of each is committed by itself. */
const tables = `
CREATE TABLE IF NOT EXISTS {table:sample} (batch UInt32, at DateTime64(6, 'UTC'), value UInt32)
  ENGINE = {engine:MergeTree} PARTITION BY toYYYYMMDD(at) ORDER BY (batch, at) SETTINGS {durable};
CREATE TABLE IF NOT EXISTS {table:hour} (batch UInt32, hour DateTime('UTC'), rows SimpleAggregateFunction(sum, UInt64))
  ENGINE = {engine:AggregatingMergeTree} PARTITION BY toYYYYMMDD(hour) ORDER BY (batch, hour) SETTINGS {durable};
CREATE TABLE IF NOT EXISTS {table:day} (batch UInt32, day Date, rows SimpleAggregateFunction(sum, UInt64))
  ENGINE = {engine:AggregatingMergeTree} ORDER BY (batch, day) SETTINGS {durable};
CREATE MATERIALIZED VIEW IF NOT EXISTS {view:hour_of_sample} TO {local:hour} AS
  SELECT batch, toStartOfHour(at) AS hour, count() AS rows FROM {local:sample} GROUP BY batch, hour;
CREATE MATERIALIZED VIEW IF NOT EXISTS {view:day_of_hour} TO {local:day} AS
  SELECT batch, toDate(hour) AS day, sum(rows) AS rows FROM {local:hour} GROUP BY batch, day;
`;

const folder = mkdtempSync(join(tmpdir(), "yagura-fault-"));
let engine: EmbeddedClickHouse;
let telemetry: Telemetry;
beforeAll(async () => {
  engine = await startEmbeddedClickHouse({ folder, database: "yagura", log: silent, memory: 1e9, patience: 60_000 });
  for (const statement of statements(render(tables, {}))) await engine.command(statement);
  telemetry = openTelemetry(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (batch: number): Promise<void> =>
  telemetry.insert(
    "sample",
    {
      batch: { type: "UInt32", values: new Uint32Array(ROWS).fill(batch) },
      // From before midnight to after it.
      at: {
        type: "Int64",
        values: BigInt64Array.from({ length: ROWS }, (_, i) => 20_000n * DAY + BigInt(i - ROWS / 2) * 10_000_000n),
      },
      value: { type: "UInt32", values: Uint32Array.from({ length: ROWS }, (_, i) => i) },
    },
    `batch ${batch}`,
  );

test(`${KILLS} kills of the ClickHouse child: every batch is there once, in the table and in both rollups`, async () => {
  const seed = seedOf("YAGURA_SEED");
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const ended = new AbortController();
  let next = 0;
  const acknowledged: number[] = [];
  const load = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const batch = next++;
      await insert(batch);
      acknowledged.push(batch);
      // Some are sent again, as the mover does when it did not hear the answer.
      if (random() < 0.2) await insert(batch);
    }
  };
  const loads = [load(), load()];
  let last = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const pid = await runningPid(last);
    // Often just after a batch went through, so that a busy machine gets on as well; else at any moment, the start included.
    const had = acknowledged.length;
    if (random() < 0.7) await until(() => acknowledged.length !== had, 2);
    await sleep(random() * 100);
    process.kill(pid, "SIGKILL");
    last = pid;
  }
  ended.abort();
  await Promise.all(loads);
  const stored = async (sql: string) =>
    (await telemetry.query<{ batch: number; rows: number }>(everyOrganisation, sql)).map((row) => [
      row.batch,
      row.rows,
    ]);
  const expected = acknowledged.sort((a, b) => a - b).map((batch) => [batch, ROWS]);
  expect(await stored("SELECT batch, count() AS rows FROM sample GROUP BY batch ORDER BY batch")).toEqual(expected);
  expect(await stored("SELECT batch, sum(rows) AS rows FROM hour GROUP BY batch ORDER BY batch")).toEqual(expected);
  expect(await stored("SELECT batch, sum(rows) AS rows FROM day GROUP BY batch ORDER BY batch")).toEqual(expected);
  console.log(`${KILLS} kills, ${acknowledged.length} batches of ${ROWS} rows`);
}, 240_000);

/** Waits until another child than the one just killed is up. */
const runningPid = (last: number): Promise<number> =>
  until(() => {
    const pid = engine.pid();
    return pid !== last && pid;
  }, 5);
