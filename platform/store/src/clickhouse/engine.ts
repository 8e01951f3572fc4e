/** What telemetry needs of a ClickHouse, embedded or external. */
import type { QueryParameters } from "../store.ts";
import { quoteName } from "./literals.ts";

export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  /** One block in Native format. */
  readonly block: Uint8Array;
  readonly rows: number;
  readonly token: string;
}

export interface Engine {
  readonly kind: "embedded" | "external";
  readonly database: string;
  /** One statement without a result (definition, deletion), without a limit of time. */
  command(sql: string, parameters?: QueryParameters): Promise<void>;
  /** Rows as JSON, one a line. Timeout in milliseconds. */
  rows(sql: string, parameters: QueryParameters, timeout: number): Promise<Uint8Array>;
  /** The same as blocks of Native format. */
  blocks(sql: string, parameters: QueryParameters, timeout: number): Promise<Uint8Array>;
  /** Durable when it resolves; gives the rows that arrived. */
  insert(insert: Insert): Promise<number>;
  /** The result in a format of ClickHouse. */
  stream(sql: string, parameters: QueryParameters, format: string, timeout: number): AsyncIterable<Uint8Array>;
  /** All rows of a table in Native format, of the moment when the first bytes come; beside all other work. */
  dump(table: string, columns: readonly string[]): AsyncIterable<Uint8Array>;
  /** Stores what `dump` gave; gives the rows that arrived. Fires materialized views, unless they are detached. */
  load(table: string, columns: readonly string[], bytes: AsyncIterable<Uint8Array>): Promise<number>;
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Settings of every insert: repeated blocks are dropped in the table and, each by itself, in its materialized views. */
export const insertSettings = (token: string): Readonly<Record<string, string | number>> => ({
  async_insert: 0,
  insert_deduplicate: 1,
  insert_deduplication_token: token,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // One block in, one part out: a block that is cut in several would not be recognised when it is sent again.
  max_insert_threads: 1,
  parallel_view_processing: 0,
});

/** Settings of every query. 64-bit integers come as JSON numbers: exact up to 2^53, which holds microseconds until the year 2255. */
export const querySettings: Readonly<Record<string, string | number>> = {
  output_format_json_quote_64bit_integers: 0,
  date_time_output_format: "simple",
};

/** Milliseconds that one table of a backup may take. */
export const DUMP_WITHIN = 24 * 3_600_000;

/** Settings of a restore: every block is stored, whatever was stored before. */
export const loadSettings: Readonly<Record<string, string | number>> = { async_insert: 0, insert_deduplicate: 0 };

/** The front of an insert. */
export const intoOf = (insert: Pick<Insert, "table" | "columns">): string =>
  `INSERT INTO ${quoteName(insert.table)} (${insert.columns.map(quoteName).join(", ")})`;
