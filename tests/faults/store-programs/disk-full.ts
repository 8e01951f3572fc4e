/**
 * Run inside a mount namespace of its own: stores on a small file system that is filled up under load and emptied again.
 * `node disk-full.ts FOLDER`; prints one line of JSON.
 */
import { execFileSync } from "node:child_process";
import { randomBytes, randomFillSync } from "node:crypto";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { YaguraError } from "@yagura/core/errors.ts";
import type { Stores } from "@yagura/store/open.ts";
import { openStores } from "@yagura/store/open.ts";
import { waitFor } from "@yagura/store/processes.ts";
import { everyOrganisation } from "@yagura/store/store.ts";

const folder = process.argv[2] ?? "";
mkdirSync(folder, { recursive: true });
execFileSync("mount", ["-t", "tmpfs", "-o", "size=320m,mode=0755", "tmpfs", folder]);
const filler = join(folder, "filler");

const lab = new URL("../../../platform/store/testdata/", import.meta.url);
const migrations = [{ room: "lab", postgres: new URL("postgres/", lab), clickhouse: new URL("clickhouse/", lab) }];
const stores = await openStores({ dataFolder: join(folder, "data"), migrations, clickhouseMemory: 1e9 });

const ROWS = 5_000;
/** A block that does not compress well. */
const insert = ({ telemetry }: Stores, batch: number): Promise<void> =>
  telemetry.insert(
    "sample",
    {
      organisation: { type: "UUID", values: randomBytes(16 * ROWS) },
      at: { type: "Int64", values: new BigInt64Array(ROWS).fill(1_760_000_000_000_000n) },
      value: { type: "UInt32", values: new Uint32Array(ROWS).fill(batch) },
      delay: { type: "Int32", values: randomFillSync(new Int32Array(ROWS)) },
      kind: { type: "String", values: Array.from({ length: ROWS }, () => "x") },
    },
    `batch ${batch}`,
  );
const write = ({ store }: Stores, id: number): Promise<unknown> =>
  store.provider((tx) =>
    sql`insert into lab.organisation select gen_random_uuid(), ${String(id)} from generate_series(1, 500)`.execute(tx),
  );

const acknowledged = { samples: [] as number[], rows: [] as number[] };
const refusals = new Set<string>();
let next = 0;

/** Stores until something refuses; gives whether all went well. */
async function load(times: number): Promise<{ samples: boolean; rows: boolean }> {
  const went = { samples: true, rows: true };
  for (let i = 0; i < times && (went.samples || went.rows); i++) {
    const id = next++;
    went.samples &&= await tried(insert(stores, id), () => acknowledged.samples.push(id));
    went.rows &&= await tried(write(stores, id), () => acknowledged.rows.push(id));
  }
  return went;
}

async function tried(work: Promise<unknown>, done: () => void): Promise<boolean> {
  try {
    await work;
    done();
    return true;
  } catch (error) {
    refusals.add((error as YaguraError).code);
    return false;
  }
}

/** Takes all the space that is left. */
function fill(): void {
  const fd = openSync(filler, "a");
  try {
    for (const piece of [1_000_000, 4_096]) {
      const bytes = Buffer.alloc(piece, 1);
      try {
        for (;;) writeSync(fd, bytes);
      } catch {
        // Full for pieces of this size.
      }
    }
  } finally {
    closeSync(fd);
  }
}

async function scenario(): Promise<unknown> {
  const before = await load(5);
  fill();
  const during = await load(200);
  rmSync(filler);
  const recovered = await waitFor(
    async () => (await stores.store.ready()) && (await stores.telemetry.ready()),
    60_000,
    200,
  );
  const after = await load(5);

  const samples = await stores.telemetry.query<{ value: number; n: number }>(
    everyOrganisation,
    "SELECT value, count() AS n FROM sample GROUP BY value ORDER BY value",
  );
  const rollup = await stores.telemetry.query<{ n: number }>(
    everyOrganisation,
    "SELECT sum(rows) AS n FROM sample_hour",
  );
  const rows = await stores.store.provider(
    async (tx) =>
      (
        await sql<{
          name: string;
          n: number;
        }>`select name, count(*)::int as n from lab.organisation group by name`.execute(tx)
      ).rows,
  );
  const storedSamples = new Map(samples.map((row) => [row.value, row.n]));
  const storedRows = new Map(rows.map((row) => [Number(row.name), row.n]));
  return {
    before,
    during,
    recovered,
    after,
    refusals: [...refusals].sort(),
    lostSamples: acknowledged.samples.filter((id) => storedSamples.get(id) !== ROWS),
    lostRows: acknowledged.rows.filter((id) => storedRows.get(id) !== 500),
    twice: samples.filter((row) => row.n > ROWS).length + rows.filter((row) => row.n > 500).length,
    rollup: (rollup[0]?.n ?? 0) >= acknowledged.samples.length * ROWS,
  };
}

try {
  process.stdout.write(`${JSON.stringify(await scenario())}\n`);
} finally {
  await stores.stop();
}
