/** PostgreSQL into records and back: the rows of every table as text, through one snapshot. */
import type { Client, CustomTypesConfig } from "pg";
import { escapeIdentifier } from "pg";
import { raise } from "../errors.ts";
import type { BackupRecord, RecordHead } from "./records.ts";
import { record } from "./records.ts";

/** Ledgers of what was applied: a restore writes them by applying it again. */
const ledgers = new Set(["yagura.migration", "graphile_worker.migrations"]);
/** Rows fetched at a time; journal rows may be megabytes each. */
const FETCH = 200;
/** Bytes of rows in one record, about. */
const RECORD_BYTES = 1_000_000;

/** Every value as the server's own text: exact for every type, and cast back on the way in. */
const asText: CustomTypesConfig = { getTypeParser: () => ((text: unknown) => text) as never };

interface Table {
  readonly oid: string;
  readonly name: string;
  /** Forced row-level security: read as the provider, whose policy must let everything through. */
  readonly forced: boolean;
  readonly open: boolean;
  readonly columns: readonly string[];
  readonly types: readonly string[];
}

const TABLES = `
select c.oid::text, format('%I.%I', n.nspname, c.relname) as name, c.relforcerowsecurity as forced,
  has_table_privilege('yagura_provider', c.oid, 'select') and exists (
    select from pg_policy where polrelid = c.oid and polpermissive and polcmd in ('*', 'r')
      and 'yagura_provider'::regrole = any (polroles) and pg_get_expr(polqual, polrelid) = 'true'
  ) and not exists (select from pg_policy where polrelid = c.oid and not polpermissive) as open,
  array(select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
  array(select format_type(a.atttypid, a.atttypmod) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as types
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by 2`;

const tablesOf = async (client: Client): Promise<Table[]> =>
  (await client.query<Table>(TABLES)).rows.filter((table) => !ledgers.has(table.name.replaceAll('"', "")));

/** Opens the snapshot that `dumpPostgres` reads. */
export async function beginSnapshot(client: Client): Promise<void> {
  await client.query("begin isolation level repeatable read, read only");
  await client.query(
    "set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; " +
      "set local extra_float_digits = 1; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; " +
      "select count(*) from yagura.migration",
  );
}

/** All rows and sequences. Throws BACKUP_UNREADABLE_TABLE rather than leave rows out. */
export async function* dumpPostgres(client: Client): AsyncGenerator<BackupRecord> {
  for (const table of await tablesOf(client)) {
    if (table.forced && !table.open) {
      throw raise("BACKUP_UNREADABLE_TABLE", {
        table: table.name,
        reason: "the provider's policy does not show every row",
      });
    }
    yield record({ kind: "table", table: table.name, columns: table.columns, types: table.types });
    yield* dumpRows(client, table);
  }
  const sequences = await client.query<{ name: string }>(
    "select format('%I.%I', schemaname, sequencename) as name from pg_sequences where schemaname !~ '^pg_' order by 1",
  );
  for (const { name } of sequences.rows) {
    const { rows } = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${name}`,
    );
    const [row] = rows;
    if (row !== undefined) yield record({ kind: "sequence", sequence: name, value: row.value, called: row.called });
  }
}

async function* dumpRows(client: Client, table: Table): AsyncGenerator<BackupRecord> {
  if (table.columns.length === 0) return;
  if (table.forced) await client.query("set local role yagura_provider");
  const list = table.columns.map((name) => `${escapeIdentifier(name)}::text`).join(", ");
  await client.query(`declare dump no scroll cursor for select ${list} from only ${table.name}`);
  let rows: unknown[][] = [];
  let bytes = 0;
  for (;;) {
    const got = await client.query<unknown[]>({ text: `fetch ${FETCH} from dump`, rowMode: "array", types: asText });
    for (const row of got.rows) {
      rows.push(row);
      for (const value of row) bytes += typeof value === "string" ? value.length : 4;
    }
    if (rows.length > 0 && (bytes > RECORD_BYTES || got.rows.length === 0)) {
      yield record({ kind: "rows" }, Buffer.from(JSON.stringify(rows)));
      rows = [];
      bytes = 0;
    }
    if (got.rows.length === 0) break;
  }
  await client.query("close dump");
  await client.query("reset role");
}

/** Fills the tables that the migrations have made, in one transaction; the caller commits. */
export class PostgresLoader {
  readonly #client: Client;
  #tables: Table[] = [];
  #constraints: { name: string; table: string }[] = [];
  #current: (RecordHead & { kind: "table" }) | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Empties all tables and puts rules that look across rows off until the end. */
  async begin(): Promise<void> {
    const client = this.#client;
    await client.query("begin");
    await client.query(
      "set local timezone = 'UTC'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0",
    );
    this.#tables = await tablesOf(client);
    const { rows } = await client.query<{ name: string; table: string }>(
      `select quote_ident(conname) as name, conrelid::regclass::text as table from pg_constraint
       where contype = 'f' and not condeferred and connamespace::regnamespace::text !~ '^(pg_|information_schema)' and conparentid = 0`,
    );
    this.#constraints = rows;
    for (const { name, table } of rows) {
      await client.query(`alter table ${table} alter constraint ${name} deferrable initially deferred`);
    }
    for (const table of this.#tables) {
      await client.query(`alter table ${table.name} no force row level security, disable trigger user`);
    }
    if (this.#tables.length > 0) await client.query(`truncate ${this.#tables.map((table) => table.name).join(", ")}`);
  }

  async take(one: BackupRecord): Promise<void> {
    const { head } = one;
    if (head.kind === "table") {
      this.#current = head;
      if (!this.#tables.some((table) => table.name === head.table))
        throw new Error(`there is no table ${head.table} here`);
    } else if (head.kind === "rows") {
      await this.#insert(JSON.parse(Buffer.from(one.body).toString("utf8")) as (string | null)[][]);
    } else if (head.kind === "sequence") {
      await this.#client.query("select setval($1::regclass, $2::bigint, $3)", [head.sequence, head.value, head.called]);
    }
  }

  async #insert(rows: (string | null)[][]): Promise<void> {
    const table = this.#current;
    if (table === undefined) throw new Error("rows without a table");
    const columns = table.columns.map(escapeIdentifier).join(", ");
    const casts = table.types.map((type, i) => `c${i}::${type}`).join(", ");
    const arrays = table.types.map((_, i) => `$${i + 1}::text[]`).join(", ");
    const names = table.types.map((_, i) => `c${i}`).join(", ");
    await this.#client.query(
      `insert into ${table.table} (${columns}) overriding system value select ${casts} from unnest(${arrays}) as given (${names})`,
      table.columns.map((_, i) => rows.map((row) => row[i] ?? null)),
    );
  }

  /** Checks every deferred rule and puts everything back as the migrations had made it. */
  async end(): Promise<void> {
    const client = this.#client;
    await client.query("set constraints all immediate");
    for (const { name, table } of this.#constraints) {
      await client.query(`alter table ${table} alter constraint ${name} not deferrable`);
    }
    for (const table of this.#tables) {
      const force = table.forced ? "force row level security, " : "";
      await client.query(`alter table ${table.name} ${force}enable trigger user`);
    }
    await client.query("commit");
  }
}
