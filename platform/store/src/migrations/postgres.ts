/** Applies PostgreSQL migrations: each file in one transaction with its line in the ledger, one process at a time. */
import { Client } from "pg";
import { raise } from "../errors.ts";
import type { Applied, Migration } from "./read.ts";
import { pending } from "./read.ts";

/** Key of the advisory lock that lets one process migrate at a time ("yagura" in ASCII, shortened to 6 bytes). */
const LOCK = "0x796167757261";

/** The oldest PostgreSQL that is supported. */
export const OLDEST_POSTGRES = 15;

const FIRST = `
create schema if not exists yagura;
create table if not exists yagura.migration (
  engine text not null,
  room text not null,
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now(),
  primary key (engine, room, version)
);
do $$
declare role text;
begin
  foreach role in array array['yagura_app', 'yagura_provider'] loop
    -- Roles belong to the whole server: another database of it may be doing the same right now.
    begin
      if not exists (select from pg_roles where rolname = role) then execute format('create role %I nologin', role); end if;
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      -- The login may take the roles, but does not have their rights by itself.
      if not pg_has_role(current_user, role, '{set}') then execute format('grant %I to %I{how}', role, current_user); end if;
    exception when unique_violation then null;
    end;
  end loop;
end $$;
`;

/** Holds the advisory lock during `work`, so that two processes that start at once migrate one after the other. */
export async function withMigrationLock<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw raise("STORE_UNAVAILABLE", { reason: (cause as Error).message }, { cause });
  }
  try {
    await client.query(`select pg_advisory_lock(${LOCK}::bigint)`.replace(LOCK, String(Number(LOCK))));
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What a migration did. `fresh`: nothing had been applied before. */
export interface Migrated {
  /** Names, e.g. `devices/0002-licences.sql`. */
  readonly applied: readonly string[];
  readonly fresh: boolean;
}

/** Applies what is missing. Call inside `withMigrationLock`. */
export async function migratePostgres(client: Client, known: readonly Migration[]): Promise<Migrated> {
  await checkVersion(client);
  await client.query(ledgerAndRoles(await versionOf(client)));
  const applied = await appliedPostgres(client);
  const todo = pending("postgres", known, applied);
  for (const migration of todo) await apply(client, migration);
  return { applied: todo.map((one) => `${one.room}/${one.name}`), fresh: applied.length === 0 };
}

/** The ledger of PostgreSQL. */
export async function appliedPostgres(client: Client): Promise<Applied[]> {
  const found = await client.query<Applied>(
    "select room, version, name, checksum from yagura.migration where engine = 'postgres' order by room, version",
  );
  return found.rows;
}

async function apply(client: Client, migration: Migration): Promise<void> {
  try {
    await client.query("begin");
    await client.query(migration.sql);
    await client.query(
      "insert into yagura.migration (engine, room, version, name, checksum) values ('postgres', $1, $2, $3, $4)",
      [migration.room, migration.version, migration.name, migration.checksum],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => undefined);
    const { room, name } = migration;
    throw raise("MIGRATION_FAILED", { room, name, engine: "PostgreSQL", reason: (cause as Error).message }, { cause });
  }
}

async function versionOf(client: Client): Promise<number> {
  const found = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
  return Math.floor(Number(found.rows[0]?.version ?? 0) / 10_000);
}

async function checkVersion(client: Client): Promise<void> {
  const version = await versionOf(client);
  if (version < OLDEST_POSTGRES) throw raise("POSTGRES_VERSION", { version, needed: OLDEST_POSTGRES });
}

/**
 * Since PostgreSQL 16 each membership says whether it may be taken (SET) and whether it is inherited. Before, a member may
 * take the role, and the login itself says whether it inherits (which it may not be allowed to change).
 */
function ledgerAndRoles(version: number): string {
  if (version >= 16) return FIRST.replace("{set}", "SET").replace("{how}", " with inherit false, set true");
  return `${FIRST.replace("{set}", "MEMBER").replace("{how}", "")}
do $$ begin execute format('alter role %I noinherit', current_user); exception when insufficient_privilege then null; end $$;`;
}
