/**
 * The two stores as the rest of the platform sees them. PostgreSQL holds state, ClickHouse holds telemetry; each is embedded
 * or external by configuration, behind these same types.
 */
import type { Transaction } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";

/** A transaction. Rooms see their own tables by `tx.withTables<Tables>()`. */
export type Tx = Transaction<Record<string, never>>;

export interface Store {
  /**
   * One transaction as the role `yagura_app` with `yagura.organisation` set: row-level security shows only rows of this
   * organisation. Serialisation failures and deadlocks are tried again (at most 5 times).
   */
  organisation<T>(organisation: OrganisationId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction as the role `yagura_provider`, which sees every organisation. For provider staff and the system. */
  provider<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** LISTEN on a channel until the returned function is called. Reconnects by itself; `onReconnect` says that events may have been missed. */
  listen(channel: string, onEvent: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>>;
  /** Connection string for libraries that keep their own pool (graphile-worker). */
  readonly connectionString: string;
  /** Whether the server answers. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** A column of an insert. All columns of one insert have the same length. */
export type Column =
  | { readonly type: "UInt8"; readonly values: Uint8Array }
  | { readonly type: "UInt16"; readonly values: Uint16Array }
  | { readonly type: "UInt32"; readonly values: Uint32Array }
  | { readonly type: "Int32"; readonly values: Int32Array }
  | { readonly type: "Int64" | "UInt64"; readonly values: BigInt64Array | BigUint64Array }
  | { readonly type: "Float64"; readonly values: Float64Array }
  /** 16 bytes a value, in the text order of the UUID. */
  | { readonly type: "UUID"; readonly values: Uint8Array }
  | { readonly type: "String"; readonly values: readonly string[] };

/** A result by column; all columns have `rows` values. */
export interface NumberColumns {
  readonly rows: number;
  /** The column of a name. Throws TypeError where the result has none. */
  readonly column: (name: string) => Float64Array;
}

export type QueryParameters = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly number[]>
>;
export type ExportFormat = "csv" | "jsonl" | "parquet";

export interface Telemetry {
  /**
   * Durable insert. `columns` are named as in the table; the table's Int64 columns may be DateTime64 (same integer).
   * Two inserts with the same token and rows are stored once (also by materialized views). Resolves when fsynced.
   */
  insert(table: string, columns: Readonly<Record<string, Column>>, token: string): Promise<void>;
  /**
   * Rows of a query that is bound to one organisation: the SQL must contain `{organisation:UUID}`, else TELEMETRY_UNSCOPED is
   * thrown. `everyOrganisation` runs a query over all of them (SQL must then never come from a customer request).
   */
  query<Row>(
    organisation: OrganisationId,
    sql: string,
    parameters?: QueryParameters,
    options?: QueryOptions,
  ): Promise<Row[]>;
  /**
   * The same as `query` for thousands of rows, whose reading as JSON would take longer than the question: every column of the
   * result must be a number that is never null (else TypeError); integers are exact to 2^53, a DateTime is seconds.
   */
  columns(
    organisation: OrganisationId,
    sql: string,
    parameters?: QueryParameters,
    options?: QueryOptions,
  ): Promise<NumberColumns>;
  /** The same as `query`, as a stream of bytes in a file format. */
  export(
    organisation: OrganisationId,
    sql: string,
    parameters: QueryParameters,
    format: ExportFormat,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Delete rows (retention, erasure). SQL must contain `{organisation:UUID}`. */
  erase(organisation: OrganisationId, sql: string, parameters?: QueryParameters): Promise<void>;
  /**
   * Runs a move of rows from PostgreSQL (insert here, then forget there) so that a backup never falls between the two.
   * Moves run beside each other; a backup waits for them and holds them up for a moment.
   */
  moving<T>(work: () => Promise<T>): Promise<T>;
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface QueryOptions {
  /** Milliseconds after which the query is given up with TELEMETRY_TIMEOUT; 10 s unless told. */
  readonly timeout?: number;
}

/** Given as the organisation of a telemetry query: all of them. For the provider's own pages and the platform's jobs. */
export const everyOrganisation = "every-organisation";
