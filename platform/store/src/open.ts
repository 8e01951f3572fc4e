/** Opens both stores, embedded or external by configuration, and brings them to the newest migration. */
import { EventEmitter } from "node:events";
import { join, resolve } from "node:path";
import type { EmbeddedClickHouse } from "./clickhouse/embedded.ts";
import { startEmbeddedClickHouse } from "./clickhouse/embedded.ts";
import type { Engine } from "./clickhouse/engine.ts";
import { openExternalClickHouse } from "./clickhouse/external.ts";
import { explain } from "./clickhouse/trouble.ts";
import { openTelemetry } from "./clickhouse/telemetry.ts";
import { Gate } from "./gate.ts";
import type { FolderLock } from "./lock.ts";
import { lockFolder } from "./lock.ts";
import type { Log } from "./log.ts";
import { silent } from "./log.ts";
import type { ClickHouseLayout } from "./migrations/clickhouse.ts";
import { migrateClickHouse } from "./migrations/clickhouse.ts";
import { migratePostgres, withMigrationLock } from "./migrations/postgres.ts";
import type { Applied, Migration, RoomMigrations } from "./migrations/read.ts";
import { appliedOf, migrationsOf } from "./migrations/read.ts";
import type { EmbeddedPostgres } from "./postgres/embedded.ts";
import { startEmbeddedPostgres } from "./postgres/embedded.ts";
import { openPostgres } from "./postgres/pool.ts";
import type { Store, Telemetry } from "./store.ts";

export interface StoresOptions {
  /** Folder of this installation; made when absent. Embedded engines keep their data in `postgres/` and `clickhouse/` below it. */
  readonly dataFolder: string;
  /** External PostgreSQL 15 or later (`postgresql://…`); the login owns the database. Embedded when absent. */
  readonly databaseUrl?: string;
  /** External ClickHouse (`http(s)://user:password@host:8123/database`). Embedded when absent. */
  readonly clickhouseUrl?: string;
  /** Cluster of the external ClickHouse over which tables are replicated and distributed. */
  readonly clickhouseCluster?: string;
  /** Migrations of all other rooms, in the order of the rooms. The store's own come first by themselves. */
  readonly migrations: readonly RoomMigrations[];
  readonly log?: Log;
  /** Work on the fresh or migrated database by libraries with tables of their own (jobs), before anybody uses it. */
  readonly prepare?: readonly ((connectionString: string) => Promise<void>)[];
  /** Bytes the embedded ClickHouse may use. */
  readonly clickhouseMemory?: number;
}

export interface Stores {
  readonly store: Store;
  readonly telemetry: Telemetry;
  /** `restarted` (with "PostgreSQL" or "ClickHouse") after an embedded engine died and answers again. */
  readonly events: EventEmitter<{ restarted: ["PostgreSQL" | "ClickHouse"] }>;
  /** Names of the migrations that this start applied, e.g. `devices/0002-licences.sql`. */
  readonly applied: readonly string[];
  /** Process numbers of embedded engines, for health pages and tests. */
  pids(): { readonly postgres?: number; readonly clickhouse?: number };
  /** The engine behind the telemetry and the options, for backup and restore. */
  readonly inside: StoresInside;
  /** Closes connections, stops embedded engines in order, releases the folder. */
  stop(): Promise<void>;
}

export interface StoresInside {
  readonly engine: Engine;
  /** Closed by a backup while it takes its snapshots. */
  readonly gate: Gate;
  /** Absolute. */
  readonly dataFolder: string;
  /** Whether nothing had been applied before this start. */
  readonly fresh: { readonly postgres: boolean; readonly clickhouse: boolean };
  readonly connectionString: string;
  readonly adminConnectionString: string | undefined;
}

/** The migrations of this room; `openStores` applies them first. */
export const storeMigrations: RoomMigrations = {
  room: "store",
  postgres: new URL("../migrations/postgres/", import.meta.url),
};

/** Throws errors of errors.ts: a folder in use or not writable, a full disk, a migration that does not fit. */
export const openStores = (options: StoresOptions): Promise<Stores> => openStoresAt(options);

/** What a ledger remembers, per engine: `openStoresAt` goes no further. */
export interface Ledgers {
  readonly postgres: readonly Applied[];
  readonly clickhouse: readonly Applied[];
}

/** As `openStores`, but applies only the migrations that `upTo` names (of the same files), where given: for a restore. */
export async function openStoresAt(options: StoresOptions, upTo?: Ledgers): Promise<Stores> {
  const log = options.log ?? silent;
  const dataFolder = resolve(options.dataFolder);
  const events: Stores["events"] = new EventEmitter();
  const closing: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  };
  try {
    const lock: FolderLock = lockFolder(dataFolder);
    closing.push(() => lock.release());
    const [postgres, engine] = await settled([
      openPostgresServer(options, dataFolder, log, events, closing),
      openEngine(options, dataFolder, log, events, closing),
    ]);
    const { applied, fresh } = await migrate(options, postgres.connectionString, engine, upTo);
    const gate = new Gate();
    const { connectionString } = postgres;
    const embedded = postgres.server === undefined ? {} : { folder: dataFolder };
    const store = openPostgres({ connectionString, log, ...embedded });
    closing.push(() => store.close());
    return {
      store,
      telemetry: openTelemetry(engine, gate),
      events,
      applied,
      pids: () => pidsOf(postgres.server, engine),
      inside: {
        engine,
        gate,
        dataFolder,
        fresh,
        connectionString: postgres.connectionString,
        adminConnectionString: postgres.server?.adminConnectionString,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw explain(error);
  }
}

interface PostgresServer {
  readonly connectionString: string;
  readonly server?: EmbeddedPostgres;
}

type Closing = (() => Promise<void> | void)[];

async function openPostgresServer(
  options: StoresOptions,
  dataFolder: string,
  log: Log,
  events: Stores["events"],
  closing: Closing,
): Promise<PostgresServer> {
  if (options.databaseUrl !== undefined) return { connectionString: options.databaseUrl };
  const server = await startEmbeddedPostgres({
    folder: join(dataFolder, "postgres"),
    log,
    onRestart: () => void events.emit("restarted", "PostgreSQL"),
  });
  closing.push(() => server.stop());
  return { connectionString: server.connectionString, server };
}

async function openEngine(
  options: StoresOptions,
  dataFolder: string,
  log: Log,
  events: Stores["events"],
  closing: Closing,
): Promise<Engine> {
  const cluster = options.clickhouseCluster === undefined ? {} : { cluster: options.clickhouseCluster };
  const engine =
    options.clickhouseUrl === undefined
      ? await startEmbeddedClickHouse({
          folder: join(dataFolder, "clickhouse"),
          database: "yagura",
          log,
          onRestart: () => void events.emit("restarted", "ClickHouse"),
          ...(options.clickhouseMemory === undefined ? {} : { memory: options.clickhouseMemory }),
        })
      : await openExternalClickHouse({ url: options.clickhouseUrl, ...cluster });
  closing.push(() => engine.close());
  return engine;
}

/** Waits for both even when one fails, so that what did start is known to `closing`. */
async function settled<A, B>(both: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(both);
  return [await both[0], await both[1]];
}

interface Migrated {
  readonly applied: readonly string[];
  readonly fresh: StoresInside["fresh"];
}

function migrate(options: StoresOptions, connectionString: string, engine: Engine, upTo?: Ledgers): Promise<Migrated> {
  const rooms = [storeMigrations, ...options.migrations];
  const layout: ClickHouseLayout =
    options.clickhouseCluster === undefined ? {} : { cluster: options.clickhouseCluster };
  const files = (kind: "postgres" | "clickhouse"): Migration[] => {
    const known = migrationsOf(kind, rooms);
    return upTo === undefined ? known : appliedOf(kind, known, upTo[kind]);
  };
  return withMigrationLock(connectionString, async (client) => {
    const state = await migratePostgres(client, files("postgres"));
    const telemetry = await migrateClickHouse(engine, files("clickhouse"), layout);
    for (const prepare of options.prepare ?? []) await prepare(connectionString);
    return {
      applied: [...state.applied, ...telemetry.applied],
      fresh: { postgres: state.fresh, clickhouse: telemetry.fresh },
    };
  });
}

function pidsOf(server: EmbeddedPostgres | undefined, engine: Engine): ReturnType<Stores["pids"]> {
  const postgres = server?.pid();
  const clickhouse = engine.kind === "embedded" ? (engine as EmbeddedClickHouse).pid() : undefined;
  return { ...(postgres === undefined ? {} : { postgres }), ...(clickhouse === undefined ? {} : { clickhouse }) };
}
