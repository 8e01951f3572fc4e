/** The embedded PostgreSQL is killed at random moments under load: nothing acknowledged is lost, nothing is stored twice. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silent } from "@yagura/store/log.ts";
import { migratePostgres, withMigrationLock } from "@yagura/store/migrations/postgres.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import { storeMigrations } from "@yagura/store/open.ts";
import type { EmbeddedPostgres } from "@yagura/store/postgres/embedded.ts";
import { startEmbeddedPostgres } from "@yagura/store/postgres/embedded.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import type { Store } from "@yagura/store/store.ts";
import { randomFrom, seedOf } from "@yagura/testkit/random.ts";
import { until } from "@yagura/testkit/until.ts";

const KILLS = 30;
const LOADS = 4;

const folder = mkdtempSync(join(tmpdir(), "yagura-fault-"));
let server: EmbeddedPostgres;
let store: Store;
beforeAll(async () => {
  server = await startEmbeddedPostgres({ folder: join(folder, "postgres"), log: silent });
  await withMigrationLock(server.connectionString, async (client) => {
    await migratePostgres(client, migrationsOf("postgres", [storeMigrations]));
    // No key: a row that were stored twice would be seen twice.
    await client.query("create schema lab; create table lab.row (id bigint not null)");
    await client.query("select yagura.provider_table('lab.row')");
  });
  store = openPostgres({ connectionString: server.connectionString, log: silent, patience: 60_000 });
});
afterAll(async () => {
  await store.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`${KILLS} kills of PostgreSQL: every acknowledged row is there, none twice`, async () => {
  const seed = seedOf("YAGURA_SEED");
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const ended = new AbortController();
  const acknowledged: number[] = [];
  const unknown: number[] = [];
  let next = 0;
  const load = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const id = next++;
      try {
        await store.provider((tx) => sql`insert into lab.row values (${id})`.execute(tx));
        acknowledged.push(id);
      } catch (error) {
        // The server went away after COMMIT was sent: the one outcome that nobody can know.
        expect(error).toMatchObject({ code: "STORE_OUTCOME_UNKNOWN" });
        unknown.push(id);
      }
    }
  };
  const loads = Array.from({ length: LOADS }, load);
  const heard: string[] = [];
  let reconnects = 0;
  const unlisten = await store.listen(
    "lab",
    (payload) => heard.push(payload),
    () => reconnects++,
  );
  let last = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const pid = await runningPid(last);
    await sleep(random() * 200);
    if (random() < 0.3) killBackend(pid, random);
    process.kill(pid, "SIGKILL");
    last = pid;
  }
  await runningPid(last);
  ended.abort();
  await Promise.all(loads);
  await until(async () => {
    await store.provider((tx) => sql`select pg_notify('lab', 'still here')`.execute(tx));
    return heard.length > 0;
  });
  await unlisten();

  const found = await storedIds();
  expect(new Set(found).size).toBe(found.length);
  const known = new Set(found);
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  const explained = new Set([...acknowledged, ...unknown]);
  expect(found.filter((id) => !explained.has(id))).toEqual([]);
  expect(reconnects).toBeGreaterThan(0);
  console.log(`${KILLS} kills, ${acknowledged.length} rows acknowledged, ${unknown.length} of unknown outcome`);
}, 240_000);

/** A backend alone, at the same moment: the server then recovers by itself, or dies meanwhile. */
function killBackend(server: number, random: () => number): void {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === server);
  const chosen = children[Math.floor(random() * children.length)];
  if (chosen !== undefined) process.kill(Number(chosen), "SIGKILL");
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]);
  } catch {
    return 0;
  }
}

async function storedIds(): Promise<number[]> {
  const client = new Client({ connectionString: server.adminConnectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>("select id from lab.row order by id");
    return rows.map((row) => Number(row.id));
  } finally {
    await client.end();
  }
}

const runningPid = (last: number): Promise<number> =>
  until(() => {
    const pid = server.pid();
    return pid !== last && pid;
  }, 5);
