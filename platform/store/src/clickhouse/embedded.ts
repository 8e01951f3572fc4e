/** The embedded ClickHouse (chDB in a child process) as an engine. */
import { mkdirSync } from "node:fs";
import { raise } from "../errors.ts";
import type { QueryParameters } from "../store.ts";
import { DUMP_WITHIN, insertSettings, intoOf, loadSettings, querySettings, type Engine } from "./engine.ts";
import { Keeper, type KeeperOptions } from "./keeper.ts";
import { quote, quoteName } from "./literals.ts";

/** The folder is made when absent. */
export interface EmbeddedClickHouseOptions extends KeeperOptions {
  readonly database: string;
}

export interface EmbeddedClickHouse extends Engine {
  /** Process number of the child; undefined while it is down. */
  pid(): number | undefined;
  /** An insert whose front and settings are given as text; gives the rows that arrived. */
  insertBlock(into: string, settings: string, block: Uint8Array): Promise<number>;
}

/** Throws EMBEDDED_UNSUPPORTED, DATA_FOLDER_NOT_WRITABLE, TELEMETRY_UNAVAILABLE and DISK_FULL. */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  if (!["linux", "darwin"].includes(process.platform)) {
    throw raise("EMBEDDED_UNSUPPORTED", {
      engine: "ClickHouse",
      platform: process.platform,
      variable: "CLICKHOUSE_URL",
    });
  }
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw raise("DATA_FOLDER_NOT_WRITABLE", { folder: options.folder, reason: (cause as Error).message }, { cause });
  }
  const keeper = new Keeper(options);
  await keeper.start();
  await keeper.ask({
    op: "command",
    database: "default",
    parameters: {},
    sql: `CREATE DATABASE IF NOT EXISTS ${quoteName(options.database)}`,
  });
  return engineOver(keeper, options.database);
}

function engineOver(keeper: Keeper, database: string): EmbeddedClickHouse {
  const selecting = `SET ${settingsText(querySettings)}`;
  const select = async (
    sql: string,
    parameters: QueryParameters,
    timeout: number,
    format: "JSONEachRow" | "Native",
  ): Promise<Uint8Array> => {
    // The settings are set for the session, before the statement: a statement may bring settings of its own.
    const request = { op: "rows", database, sql: `${selecting};\n${sql}`, parameters, timeout, format } as const;
    return (await keeper.askAgain(request)).body;
  };
  const insertBlock = async (into: string, settings: string, block: Uint8Array): Promise<number> => {
    const { reply } = await keeper.askAgain({ op: "insert", database, into, settings }, block);
    return reply.rows ?? 0;
  };
  return {
    kind: "embedded",
    database,
    pid: () => keeper.pid(),
    command: async (sql, parameters = {}) => void (await keeper.ask({ op: "command", database, sql, parameters })),
    rows: (sql, parameters, timeout) => select(sql, parameters, timeout, "JSONEachRow"),
    blocks: (sql, parameters, timeout) => select(sql, parameters, timeout, "Native"),
    insert: (insert) => insertBlock(intoOf(insert), settingsText(insertSettings(insert.token)), insert.block),
    insertBlock,
    stream: (sql, parameters, format, timeout) =>
      keeper.stream({ op: "export", database, sql, parameters, format, timeout, alone: false }),
    dump: (table, columns) => {
      const sql = `SELECT ${columns.map(quoteName).join(", ")} FROM ${quoteName(table)}`;
      const timeout = DUMP_WITHIN;
      return keeper.stream({ op: "export", database, sql, parameters: {}, format: "Native", timeout, alone: true });
    },
    load: (table, columns, bytes) =>
      keeper.load(
        { op: "import", database, into: intoOf({ table, columns }), settings: settingsText(loadSettings) },
        bytes,
      ),
    ready: () => keeper.ready(),
    close: () => keeper.stop(),
  };
}

const settingsText = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? value : quote(value)}`)
    .join(", ");
