/**
 * Applies ClickHouse migrations. ClickHouse has no transactions around definitions, so each statement of a file must be
 * repeatable (`IF NOT EXISTS`): a file is in the ledger only when all its statements were done.
 */
import type { Engine } from "../clickhouse/engine.ts";
import { quote } from "../clickhouse/literals.ts";
import { raise } from "../errors.ts";
import type { Applied, Migration } from "./read.ts";
import { pending } from "./read.ts";
import type { Migrated } from "./postgres.ts";

/** How tables are laid out; chosen by configuration, never by the SQL of a room. */
export interface ClickHouseLayout {
  /** Name of a cluster in the servers' configuration: tables are then replicated and distributed over it. */
  readonly cluster?: string;
}

const LEDGER = `CREATE TABLE IF NOT EXISTS {table:yagura_migration} (
  room String, version UInt32, name String, checksum String, applied_at DateTime('UTC') DEFAULT now()
) ENGINE = {engine:ReplacingMergeTree} ORDER BY (room, version) SETTINGS {durable};
{distributed:yagura_migration:version}`;

/** Applies what is missing; one process at a time: call inside `withMigrationLock`. */
export async function migrateClickHouse(
  engine: Engine,
  known: readonly Migration[],
  layout: ClickHouseLayout,
): Promise<Migrated> {
  await runAll(engine, render(LEDGER, layout));
  const applied = await appliedClickHouse(engine);
  const todo = pending("clickhouse", known, applied);
  for (const migration of todo) await apply(engine, migration, layout);
  return { applied: todo.map((one) => `${one.room}/${one.name}`), fresh: applied.length === 0 };
}

/** The ledger of ClickHouse. */
export async function appliedClickHouse(engine: Engine): Promise<Applied[]> {
  const sql = "SELECT room, version, name, checksum FROM yagura_migration FINAL ORDER BY room, version";
  const text = Buffer.from(await engine.rows(sql, {}, 30_000)).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Applied);
}

async function apply(engine: Engine, migration: Migration, layout: ClickHouseLayout): Promise<void> {
  const { room, version, name, checksum, sql } = migration;
  try {
    await runAll(engine, render(sql, layout));
    await engine.command(
      `INSERT INTO yagura_migration (room, version, name, checksum) VALUES (${quote(room)}, ${version}, ${quote(name)}, ${quote(checksum)})`,
    );
  } catch (cause) {
    throw raise("MIGRATION_FAILED", { room, name, engine: "ClickHouse", reason: (cause as Error).message }, { cause });
  }
}

async function runAll(engine: Engine, sql: string): Promise<void> {
  for (const statement of statements(sql)) await engine.command(statement);
}

/** Statements end with a semicolon at the end of a line; `--` comments are dropped. */
export const statements = (sql: string): string[] =>
  sql
    .split("\n")
    .filter((line) => !/^\s*--/.test(line))
    .join("\n")
    .split(/;[ \t]*(?:\n|$)/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

/**
 * Fills the placeholders of a migration:
 * - `{table:x}` after CREATE TABLE or ALTER TABLE: `x`, or on a cluster `x_local ON CLUSTER c`
 * - `{local:x}` where a materialized view reads or writes: `x`, or `x_local`
 * - `{view:x}` after CREATE MATERIALIZED VIEW: `x`, or `x ON CLUSTER c`
 * - `{engine:MergeTree}` (or another of the family): itself, or `ReplicatedMergeTree`; arguments may follow as in `{engine:ReplacingMergeTree(version)}`
 * - `{durable}` in SETTINGS: fsync on insert, and a window in which repeated blocks are dropped
 * - `{distributed:x:sharding key}` as a statement of its own: nothing, or the Distributed table `x` over `x_local`
 */
export function render(sql: string, layout: ClickHouseLayout): string {
  const { cluster } = layout;
  return sql.replace(
    /\{(table|local|view|engine|durable|distributed)(?::([^:{}]+))?(?::([^{}]+))?\}/g,
    (_all, kind, name, key) => {
      const table = String(name ?? "");
      switch (kind as string) {
        case "table":
          return cluster === undefined ? table : `${table}_local ON CLUSTER ${quote(cluster)}`;
        case "local":
          return cluster === undefined ? table : `${table}_local`;
        case "view":
          return cluster === undefined ? table : `${table} ON CLUSTER ${quote(cluster)}`;
        case "engine":
          return cluster === undefined ? table : `Replicated${table}`;
        case "durable":
          return durable(cluster !== undefined);
        default:
          return cluster === undefined ? "" : distributed(cluster, table, String(key ?? "rand()"));
      }
    },
  );
}

/** Blocks whose tokens are remembered, per table and in memory: an hour of moves, where a move is repeated within seconds. */
const DEDUPLICATION_WINDOW = 10_000;

const durable = (replicated: boolean): string =>
  `fsync_after_insert = 1, fsync_part_directory = 1, ${
    replicated ? "replicated_deduplication_window" : "non_replicated_deduplication_window"
  } = ${DEDUPLICATION_WINDOW}`;

const distributed = (cluster: string, table: string, key: string): string =>
  `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER ${quote(cluster)} AS ${table}_local ` +
  `ENGINE = Distributed(${quote(cluster)}, currentDatabase(), ${table}_local, ${key});`;
