/**
 * Stores for tests: a PostgreSQL database cloned from a migrated template (tens of milliseconds) on a server shared by the
 * whole test run, and a ClickHouse of the caller's own, started when it is first used. As root and as an ordinary user.
 */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { Client } from "pg";
import type { EmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { startEmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { openTelemetry } from "@yagura/store/clickhouse/telemetry.ts";
import type { Log } from "@yagura/store/log.ts";
import { silent } from "@yagura/store/log.ts";
import { migrateClickHouse } from "@yagura/store/migrations/clickhouse.ts";
import { migratePostgres, withMigrationLock } from "@yagura/store/migrations/postgres.ts";
import type { RoomMigrations } from "@yagura/store/migrations/read.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import { storeMigrations } from "@yagura/store/open.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import { waitFor } from "@yagura/store/processes.ts";
import type { Store, Telemetry } from "@yagura/store/store.ts";

export interface TestStoresOptions {
  /** As for `openStores`: all rooms the test needs, in their order; the store's own come first by themselves. */
  readonly migrations: readonly RoomMigrations[];
  readonly prepare?: readonly ((connectionString: string) => Promise<void>)[];
  readonly log?: Log;
}

export interface TestStores {
  readonly store: Store;
  readonly telemetry: Telemetry;
  /** The owner of the test's own database; no superuser, but allowed to create databases. */
  readonly connectionString: string;
  /** The superuser, in the same database. */
  readonly adminConnectionString: string;
  /** The engine behind `telemetry`, started and migrated. */
  engine(): Promise<EmbeddedClickHouse>;
  /** Closes everything and drops the database. Call in `afterAll`; what a crash leaves goes with the run's server. */
  stop(): Promise<void>;
}

interface Server {
  /** Of the run; it goes with the run. */
  readonly folder: string;
  readonly connectionString: string;
  readonly adminConnectionString: string;
}

/** A fresh, migrated database and (on first use) a fresh, migrated ClickHouse. */
export async function testStores(options: TestStoresOptions): Promise<TestStores> {
  const server = await sharedServer();
  const name = await cloneDatabase(server, options);
  const connectionString = inDatabase(server.connectionString, name);
  const log = options.log ?? silent;
  const store = openPostgres({ connectionString, log, patience: 5_000 });
  const engine = lazyEngine(server.folder, options, log);
  return {
    store,
    telemetry: lazyTelemetry(engine.get),
    connectionString,
    adminConnectionString: inDatabase(server.adminConnectionString, name),
    engine: engine.get,
    stop: async () => {
      await store.close();
      await engine.stop();
      await asAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** A test body with stores of its own: `test("…", withStores({ migrations }, async ({ store }) => { … }))`. */
export function withStores(
  options: TestStoresOptions,
  work: (stores: TestStores) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const stores = await testStores(options);
    try {
      await work(stores);
    } finally {
      await stores.stop();
    }
  };
}

const inDatabase = (connectionString: string, name: string): string =>
  connectionString.replace("@/yagura?", `@/${name}?`);

/** The process whose end is the end of the test run: vitest's own when we are one of its workers. */
const runOwner = (): number => (process.env["VITEST"] !== undefined && isMainThread ? process.ppid : process.pid);

const SERVER_WITHIN = 60_000;

async function sharedServer(): Promise<Server> {
  const owner = runOwner();
  const folder = join(tmpdir(), `yagura-test-${process.getuid?.() ?? 0}-${owner}-${startOf(owner)}`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const read = (): Server | undefined => {
    try {
      return { folder, ...(JSON.parse(readFileSync(join(folder, "ready.json"), "utf8")) as Omit<Server, "folder">) };
    } catch {
      return undefined;
    }
  };
  let server = read();
  if (server !== undefined) return server;
  const program = fileURLToPath(new URL("database-server.ts", import.meta.url));
  let said = "";
  const child = spawn(process.execPath, [program, folder, String(owner)], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let failed = false;
  child.once("exit", (code) => (failed = code !== 0));
  await waitFor(() => (server = read()) !== undefined || failed, SERVER_WITHIN);
  // From here on it belongs to the run, not to this file.
  child.stderr.destroy();
  child.unref();
  if (server === undefined) throw new Error(`the test server did not start: ${said}`);
  return server;
}

/** When a process started, in the kernel's ticks: a process number alone may come back. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

async function asAdmin<T>(server: Server, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: inDatabase(server.adminConnectionString, "postgres") });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function cloneDatabase(server: Server, options: TestStoresOptions): Promise<string> {
  const template = await asAdmin(server, (client) => ensureTemplate(server, client, options));
  const name = `t_${randomBytes(8).toString("hex")}`;
  await asAdmin(server, (client) => client.query(`create database ${name} template ${template} owner yagura`));
  return name;
}

/** The template of these migrations; made once a run, by whoever comes first. */
async function ensureTemplate(server: Server, client: Client, options: TestStoresOptions): Promise<string> {
  const migrations = migrationsOf("postgres", [storeMigrations, ...options.migrations]);
  const hash = createHash("sha256");
  for (const one of migrations) hash.update(`${one.room}/${one.name}/${one.checksum}\n`);
  for (const one of options.prepare ?? []) hash.update(String(one));
  const name = `template_${hash.digest("hex").slice(0, 20)}`;
  await client.query("select pg_advisory_lock(hashtext($1))", [name]);
  const found = await client.query("select 1 from pg_database where datname = $1", [name]);
  if (found.rowCount !== 0) return name;
  const building = `${name}_building`;
  await client.query(`drop database if exists ${building} with (force)`);
  await client.query(`create database ${building} owner yagura`);
  const connectionString = inDatabase(server.connectionString, building);
  await withMigrationLock(connectionString, (owner) => migratePostgres(owner, migrations));
  for (const prepare of options.prepare ?? []) await prepare(connectionString);
  await client.query(`alter database ${building} rename to ${name}`);
  return name;
}

function lazyEngine(
  runFolder: string,
  options: TestStoresOptions,
  log: Log,
): { get: () => Promise<EmbeddedClickHouse>; stop: () => Promise<void> } {
  let started: Promise<EmbeddedClickHouse> | undefined;
  let folder: string | undefined;
  const start = async (): Promise<EmbeddedClickHouse> => {
    folder = mkdtempSync(join(runFolder, "clickhouse-"));
    const engine = await startEmbeddedClickHouse({ folder, database: "yagura", log, memory: 1_500_000_000 });
    await migrateClickHouse(engine, migrationsOf("clickhouse", options.migrations), {});
    return engine;
  };
  return {
    get: () => (started ??= start()),
    stop: async () => {
      const engine = await started?.catch(() => undefined);
      await engine?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lazyTelemetry(engine: () => Promise<EmbeddedClickHouse>): Telemetry {
  let opened: Promise<Telemetry> | undefined;
  const telemetry = (): Promise<Telemetry> => (opened ??= engine().then((one) => openTelemetry(one)));
  return {
    insert: async (...given) => (await telemetry()).insert(...given),
    query: async <Row>(...given: Parameters<Telemetry["query"]>) => (await telemetry()).query<Row>(...given),
    columns: async (...given) => (await telemetry()).columns(...given),
    export: async (...given) => (await telemetry()).export(...given),
    erase: async (...given) => (await telemetry()).erase(...given),
    moving: async (work) => (await telemetry()).moving(work),
    ready: async () => (await telemetry()).ready(),
    close: async () => undefined,
  };
}
