/** The Store over a pool of connections: scoped transactions, tried again when the database asks for it or went away. */
import type { DatabaseConnection, Driver } from "kysely";
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { QueryResult } from "kysely";
import { statfsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { CustomTypesConfig, PoolClient, QueryResult as PgResult } from "pg";
import { escapeIdentifier, Pool, types as pgTypes } from "pg";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { isUuid } from "@yagura/core/ids.ts";
import { raise } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Store, Tx } from "../store.ts";
import { Listener } from "./listener.ts";

export interface StoreOptions {
  readonly connectionString: string;
  readonly log: Log;
  /** Connections at most; 10 unless told. */
  readonly connections?: number;
  /** Milliseconds a statement may take; 30 s unless told. */
  readonly statementTimeout?: number;
  /** Milliseconds to wait for a server that is away (restarting) before a transaction fails; 10 s unless told. */
  readonly patience?: number;
  /** Folder of an embedded server: a server that cannot even start because its disk is full is told apart by it. */
  readonly folder?: string;
}

const MAX_ATTEMPTS = 5;
/** Milliseconds that closing waits for transactions under way. */
const CLOSE_WITHIN = 5_000;

const DATE: number = pgTypes.builtins.DATE;

/** Days stay text (`2026-04-01`): a JavaScript Date would move them by the host's time zone. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === DATE
      ? (text: string) => text
      : (pgTypes.getTypeParser as (oid: number, format?: string) => unknown)(oid, format)) as never,
};

/** Opens the store. Nothing is connected until the first use. */
export function openPostgres(options: StoreOptions): Store {
  const { connectionString, log } = options;
  const patience = options.patience ?? 10_000;
  const pool = new Pool({
    connectionString,
    types,
    max: options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: patience,
    statement_timeout: options.statementTimeout ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: "yagura",
    keepAlive: true,
  });
  let closing = false;
  pool.on("error", (error) => closing || log("warn", "a database connection was lost", { reason: error.message }));
  // For good: the server's last words may arrive when nobody holds the connection any more.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const listener = new Listener({ connectionString, log });
  const scoped = <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    transact(pool, begin, work, { patience, folder: options.folder });
  return {
    connectionString,
    organisation: async (organisation, work) => await scoped(beginAsOrganisation(organisation), work),
    provider: (work) => scoped("begin; set local role yagura_provider", work),
    listen: (channel, onEvent, onReconnect) => listener.listen(channel, onEvent, onReconnect),
    ready: () => isReady(pool),
    close: async () => {
      // From now on a lost connection is no news.
      closing = true;
      await listener.close();
      // A transaction that hangs must not hold up the end: the server rolls it back.
      await Promise.race([pool.end(), sleep(CLOSE_WITHIN, undefined, { ref: false })]);
    },
  };
}

/** One round trip: begin, role and organisation together. The id is checked, so it cannot carry SQL. */
function beginAsOrganisation(organisation: OrganisationId): string {
  if (!isUuid(organisation)) throw new TypeError(`not an organisation id: ${JSON.stringify(organisation)}`);
  return `begin; set local role yagura_app; set local yagura.organisation = '${organisation}'`;
}

async function isReady(pool: Pool): Promise<boolean> {
  try {
    await Promise.race([
      pool.query("select 1"),
      sleep(2_000, undefined, { ref: false }).then(() => Promise.reject(new Error("no answer"))),
    ]);
    return true;
  } catch {
    return false;
  }
}

async function transact<T>(pool: Pool, begin: string, work: (tx: Tx) => Promise<T>, limits: Limits): Promise<T> {
  const deadline = performance.now() + limits.patience;
  for (let attempt = 1; ; attempt++) {
    const state: Attempt = { committing: false };
    try {
      return await once(pool, begin, work, state);
    } catch (error) {
      const kind = classify(error);
      if (kind === "other") throw error;
      if (kind === "full") throw raise("DISK_FULL", { place: "PostgreSQL" }, { cause: error });
      const reason = (error as Error).message;
      if (kind === "lost" && state.committing) throw raise("STORE_OUTCOME_UNKNOWN", {}, { cause: error });
      const again = kind === "conflict" ? attempt < MAX_ATTEMPTS : performance.now() < deadline;
      if (!again && kind === "conflict") throw error;
      if (!again) throw unavailable(reason, limits.folder, error);
      await sleep(backoff(kind, attempt));
    }
  }
}

/** A server whose disk is full may end, and cannot start again before there is space. */
function unavailable(reason: string, folder: string | undefined, cause: unknown): Error {
  if (folder !== undefined && isFull(folder)) return raise("DISK_FULL", { place: folder }, { cause });
  return raise("STORE_UNAVAILABLE", { reason }, { cause });
}

/** Less than the server needs for its next piece of write-ahead log (16 MB). */
const FULL_BELOW = 20_000_000;

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL_BELOW;
  } catch {
    return false;
  }
}

/** Milliseconds. Conflicts are over in moments; a server that restarts needs some tenths of a second. */
const backoff = (kind: "conflict" | "lost", attempt: number): number =>
  Math.random() * (kind === "conflict" ? 5 * 2 ** attempt : Math.min(500, 50 * 2 ** attempt));

interface Limits {
  readonly patience: number;
  readonly folder: string | undefined;
}

interface Attempt {
  /** Set when COMMIT was sent: from then on, a lost connection leaves the outcome unknown. */
  committing: boolean;
}

async function once<T>(pool: Pool, begin: string, work: (tx: Tx) => Promise<T>, state: Attempt): Promise<T> {
  const driver = new ScopedDriver(pool, begin, state);
  const db = new Kysely<Record<string, never>>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return await db.transaction().execute(work);
}

/** A Kysely driver of one transaction, whose BEGIN carries the scope. */
class ScopedDriver implements Driver {
  readonly #pool: Pool;
  readonly #begin: string;
  readonly #state: Attempt;
  constructor(pool: Pool, begin: string, state: Attempt) {
    this.#pool = pool;
    this.#begin = begin;
    this.#state = state;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(await this.#pool.connect());
  }
  async beginTransaction(connection: PooledConnection): Promise<void> {
    await connection.run(this.#begin);
  }
  async commitTransaction(connection: PooledConnection): Promise<void> {
    this.#state.committing = true;
    await connection.run("commit");
    this.#state.committing = false;
  }
  async rollbackTransaction(connection: PooledConnection): Promise<void> {
    if (connection.broken === undefined) await connection.run("rollback");
  }
  async savepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.run(`savepoint ${escapeIdentifier(name)}`);
  }
  async rollbackToSavepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.run(`rollback to ${escapeIdentifier(name)}`);
  }
  async releaseSavepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.run(`release ${escapeIdentifier(name)}`);
  }
  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release();
  }
  async destroy(): Promise<void> {}
}

class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #onError = (error: Error): void => void (this.broken = error);
  /** Why the connection can no longer be used. */
  broken: Error | undefined;
  constructor(client: PoolClient) {
    this.#client = client;
    client.on("error", this.#onError);
  }
  async run(sql: string): Promise<void> {
    await this.#query(sql, []);
  }
  async executeQuery<R>(query: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
    const result = await this.#query(query.sql, query.parameters);
    const changed = result.command === "SELECT" ? undefined : BigInt(result.rowCount ?? 0);
    return changed === undefined
      ? { rows: result.rows as R[] }
      : { rows: result.rows as R[], numAffectedRows: changed };
  }
  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not offered: use a cursor by FETCH inside the transaction");
  }
  async #query(sql: string, parameters: readonly unknown[]): Promise<PgResult> {
    try {
      return parameters.length === 0 ? await this.#client.query(sql) : await this.#client.query(sql, [...parameters]);
    } catch (error) {
      if (classify(error) === "lost") this.broken = error as Error;
      throw error;
    }
  }
  release(): void {
    this.#client.off("error", this.#onError);
    this.#client.release(this.broken ?? false);
  }
}

/** Codes of PostgreSQL's appendix A that say: the same transaction may well succeed if it is tried again. */
const conflicts = new Set(["40001", "40P01"]);
const losses = new Set(["57P01", "57P02", "57P03", "08000", "08001", "08003", "08006", "08P01"]);
const networkLosses = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH"]);

type Trouble = "conflict" | "lost" | "full" | "other";

/** What kind of trouble an error of the driver is. */
export function classify(error: unknown): Trouble {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined) {
    if (conflicts.has(code)) return "conflict";
    if (code === "53100") return "full";
    if (losses.has(code) || networkLosses.has(code)) return "lost";
    return "other";
  }
  return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(message ?? "")
    ? "lost"
    : "other";
}
