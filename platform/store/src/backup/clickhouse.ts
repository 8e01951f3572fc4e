/** ClickHouse into records and back: every table's rows as blocks of Native format, of one moment. */
import type { Engine } from "../clickhouse/engine.ts";
import { quoteName } from "../clickhouse/literals.ts";
import type { BackupRecord, RecordHead } from "./records.ts";
import { record } from "./records.ts";

const LEDGER = "yagura_migration";
/** Bytes in one record, about: pieces that come are small. */
const RECORD_BYTES = 1_000_000;

interface OpenTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** Null when the number changed while the reading began. */
  readonly rows: number | null;
  /** Begun: the engine holds this moment's parts until it is read to the end. */
  readonly pieces: AsyncIterator<Uint8Array>;
  readonly first: IteratorResult<Uint8Array>;
}

/** Begins to read every table. While this runs, nobody may insert; afterwards inserts go on. */
export async function beginTelemetry(engine: Engine): Promise<OpenTable[]> {
  const tables = await ask<{ table: string; columns: string[] }>(
    engine,
    `SELECT table, groupArray(name) AS columns
     FROM (SELECT table, name FROM system.columns WHERE database = currentDatabase() AND default_kind NOT IN ('ALIAS', 'MATERIALIZED') ORDER BY table, position)
     WHERE table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree') AND table != '${LEDGER}'
     GROUP BY table ORDER BY table`,
  );
  const open: OpenTable[] = [];
  try {
    for (const { table, columns } of tables) {
      const before = await count(engine, table);
      const pieces = engine.dump(table, columns)[Symbol.asyncIterator]();
      const first = await pieces.next();
      // A merge or a deletion in between: then nobody knows how many rows this moment had.
      const rows = (await count(engine, table)) === before ? before : null;
      open.push({ table, columns, rows, pieces, first });
    }
    return open;
  } catch (error) {
    await endTelemetry(open);
    throw error;
  }
}

/** Lets go of what was not read. */
export async function endTelemetry(open: readonly OpenTable[]): Promise<void> {
  for (const one of open) await one.pieces.return?.();
}

export async function* dumpTelemetry(open: readonly OpenTable[]): AsyncGenerator<BackupRecord> {
  for (const { table, columns, rows, pieces, first } of open) {
    yield record({ kind: "telemetry", table, columns, rows });
    let parts: Uint8Array[] = [];
    let bytes = 0;
    for (let one = first; one.done !== true; one = await pieces.next()) {
      parts.push(one.value);
      bytes += one.value.length;
      if (bytes < RECORD_BYTES) continue;
      yield record({ kind: "native" }, Buffer.concat(parts));
      parts = [];
      bytes = 0;
    }
    if (bytes > 0) yield record({ kind: "native" }, Buffer.concat(parts));
  }
}

/** Fills the tables that the migrations have made. Views are detached meanwhile: their targets are in the backup themselves. */
export async function loadTelemetry(
  engine: Engine,
  records: AsyncIterator<BackupRecord>,
  first: BackupRecord,
): Promise<void> {
  const views = await ask<{ name: string }>(
    engine,
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView' ORDER BY name",
  );
  for (const { name } of views) await engine.command(`DETACH TABLE ${quoteName(name)}`);
  try {
    let next: BackupRecord | undefined = first;
    while (next !== undefined) next = await loadTable(engine, records, next.head);
  } finally {
    for (const { name } of views) await engine.command(`ATTACH TABLE ${quoteName(name)}`);
  }
}

/** Loads one table; gives the first record after it. */
async function loadTable(
  engine: Engine,
  records: AsyncIterator<BackupRecord>,
  head: RecordHead,
): Promise<BackupRecord | undefined> {
  if (head.kind !== "telemetry") throw new Error(`a record of kind ${head.kind} where a table was expected`);
  let after: BackupRecord | undefined;
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      const one = await records.next();
      after = one.done === true ? undefined : one.value;
      if (after?.head.kind !== "native") return;
      yield after.body;
    }
  };
  await engine.command(`TRUNCATE TABLE ${quoteName(head.table)}`);
  const bytes = pieces();
  const start = await bytes.next();
  if (start.done !== true) {
    const all = async function* (): AsyncGenerator<Uint8Array> {
      yield start.value;
      yield* bytes;
    };
    const rows = await engine.load(head.table, head.columns, all());
    if (rows !== head.rows)
      throw new Error(`table ${head.table} has ${head.rows} rows in the backup, but ${rows} arrived`);
  }
  return after;
}

async function count(engine: Engine, table: string): Promise<number> {
  const [row] = await ask<{ rows: number }>(engine, `SELECT count() AS rows FROM ${quoteName(table)}`);
  return row?.rows ?? 0;
}

async function ask<Row>(engine: Engine, sql: string): Promise<Row[]> {
  const text = Buffer.from(await engine.rows(sql, {}, 60_000)).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}
