/** A backup of both stores into one file, while they are in use. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { explain } from "../clickhouse/trouble.ts";
import { raise } from "../errors.ts";
import { appliedClickHouse } from "../migrations/clickhouse.ts";
import { appliedPostgres } from "../migrations/postgres.ts";
import type { Stores } from "../open.ts";
import { beginTelemetry, dumpTelemetry, endTelemetry } from "./clickhouse.ts";
import { beginSnapshot, dumpPostgres } from "./postgres.ts";
import type { BackupRecord } from "./records.ts";
import { BACKUP_VERSION, record, writeRecords } from "./records.ts";

export interface BackupOptions {
  /** Files and folders below the data folder that belong to it as well (keys, certificates), e.g. `["seal.key", "authority"]`. */
  readonly files?: readonly string[];
  /** Now, in milliseconds since the epoch. */
  readonly now?: number;
}

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly records: number;
}

/**
 * Writes `file` (mode 0600; it holds secrets), which must not exist. Both stores are of one moment: every row that was moved
 * from PostgreSQL to ClickHouse is in exactly one of them. Throws BACKUP_FILE_EXISTS, BACKUP_UNREADABLE_TABLE, DISK_FULL.
 */
export async function backup(stores: Stores, file: string, options: BackupOptions = {}): Promise<BackupReport> {
  if (existsSync(file)) throw raise("BACKUP_FILE_EXISTS", { file });
  const partial = `${file}.partial`;
  const { engine, connectionString, gate, dataFolder } = stores.inside;
  const client = new Client({ connectionString, application_name: "yagura backup", statement_timeout: 0 });
  client.on("error", () => undefined);
  let tables: Awaited<ReturnType<typeof beginTelemetry>> = [];
  try {
    rmSync(partial, { force: true });
    await client.connect();
    const postgres = await appliedPostgres(client);
    const clickhouse = await appliedClickHouse(engine);
    // Before the snapshots: what the files know (checkpoints of a log) is then in the tables too.
    const files = [...filesOf(dataFolder, options.files ?? [])];
    // Nobody moves rows from one store to the other between the two snapshots.
    tables = await gate.alone(async () => {
      await beginSnapshot(client);
      return await beginTelemetry(engine);
    });
    const createdAt = new Date(options.now ?? Date.now()).toISOString();
    const all = async function* (): AsyncGenerator<BackupRecord> {
      yield* files;
      yield* dumpPostgres(client);
      yield* dumpTelemetry(tables);
    };
    const header = { format: "yagura-backup", version: BACKUP_VERSION, createdAt, postgres, clickhouse } as const;
    const records = await writeRecords(partial, header, all());
    renameSync(partial, file);
    return { file, bytes: statSync(file).size, records };
  } catch (error) {
    rmSync(partial, { force: true });
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw raise("DISK_FULL", { place: file }, { cause: error });
    throw explain(error);
  } finally {
    await endTelemetry(tables);
    await client.end().catch(() => undefined);
  }
}

function* filesOf(dataFolder: string, paths: readonly string[]): Generator<BackupRecord> {
  for (const path of paths) {
    const full = join(dataFolder, path);
    if (!existsSync(full)) continue;
    const found = statSync(full);
    if (found.isDirectory()) {
      yield* filesOf(
        dataFolder,
        readdirSync(full).map((name) => join(path, name)),
      );
    } else if (found.isFile()) {
      yield record({ kind: "file", path, mode: found.mode & 0o777 }, readFileSync(full));
    }
  }
}
