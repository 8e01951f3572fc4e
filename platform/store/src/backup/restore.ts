/** A restore of both stores from one file, into a place that is empty. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import { Client } from "pg";
import { explain } from "../clickhouse/trouble.ts";
import { raise } from "../errors.ts";
import type { Stores, StoresOptions } from "../open.ts";
import { openStoresAt, storeMigrations } from "../open.ts";
import { migrationsOf, pending } from "../migrations/read.ts";
import { loadTelemetry } from "./clickhouse.ts";
import { PostgresLoader } from "./postgres.ts";
import type { BackupRecord } from "./records.ts";
import { readHeader, readRecords } from "./records.ts";

export interface RestoreReport {
  /** When the backup was made (ISO 8601). */
  readonly createdAt: string;
  readonly records: number;
}

/**
 * Reads the whole file first, so that a damaged one changes nothing. The schema is made by the migrations that the backup
 * names, filled, and then brought to the newest. The stores are closed afterwards: start as usual.
 * Throws BACKUP_FILE_INVALID, RESTORE_NOT_EMPTY, MIGRATION_*.
 */
export async function restore(options: StoresOptions, file: string): Promise<RestoreReport> {
  const { header, offset } = await readHeader(file);
  let records = 0;
  for await (const _ of readRecords(file, offset)) records++;
  const dataFolder = resolve(options.dataFolder);
  const made = ["postgres", "clickhouse"].filter((name) => !isFilled(join(dataFolder, name)));
  refuseFilled(dataFolder, options);
  let stores: Stores | undefined;
  try {
    stores = await openStoresAt(options, { postgres: header.postgres, clickhouse: header.clickhouse });
    await load(stores, dataFolder, readRecords(file, offset));
    await stores.stop();
  } catch (error) {
    await stores?.stop();
    // What is half restored must not look like an installation.
    for (const name of made) rmSync(join(dataFolder, name), { recursive: true, force: true });
    throw explain(error);
  }
  // Once more, as every start does, where this program brings newer migrations.
  const rooms = [storeMigrations, ...options.migrations];
  const newer = (["postgres", "clickhouse"] as const).some(
    (engine) => pending(engine, migrationsOf(engine, rooms), header[engine]).length > 0,
  );
  if (newer) await (await openStoresAt(options)).stop();
  return { createdAt: header.createdAt, records };
}

function isFilled(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

function refuseFilled(dataFolder: string, options: StoresOptions): void {
  const places = [
    ...(options.databaseUrl === undefined ? [join(dataFolder, "postgres")] : []),
    ...(options.clickhouseUrl === undefined ? [join(dataFolder, "clickhouse")] : []),
  ];
  for (const place of places) if (isFilled(place)) throw raise("RESTORE_NOT_EMPTY", { place });
}

async function load(stores: Stores, dataFolder: string, records: AsyncGenerator<BackupRecord>): Promise<void> {
  const { connectionString, engine, fresh } = stores.inside;
  if (!fresh.postgres) throw raise("RESTORE_NOT_EMPTY", { place: "PostgreSQL" });
  if (!fresh.clickhouse) throw raise("RESTORE_NOT_EMPTY", { place: "ClickHouse" });
  const client = new Client({ connectionString, application_name: "yagura restore", statement_timeout: 0 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const loader = new PostgresLoader(client);
    await loader.begin();
    const files: BackupRecord[] = [];
    let next = await records.next();
    for (; next.done !== true && next.value.head.kind !== "telemetry"; next = await records.next()) {
      if (next.value.head.kind === "file") files.push(next.value);
      else await loader.take(next.value);
    }
    if (next.done !== true) await loadTelemetry(engine, records, next.value);
    await loader.end();
    for (const one of files) writeFileOf(dataFolder, one);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function writeFileOf(dataFolder: string, { head, body }: BackupRecord): void {
  if (head.kind !== "file") return;
  const path = normalize(head.path);
  if (path.startsWith("..") || path.startsWith("/")) throw new Error(`a file outside of the data folder: ${head.path}`);
  const full = join(dataFolder, path);
  mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
  writeFileSync(full, body, { mode: head.mode, flag: "wx", flush: true });
}
