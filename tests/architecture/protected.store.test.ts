/** The whole composition's database: every table that holds an organisation's data is protected, and none is missing in a backup. */
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { beginSnapshot, dumpPostgres } from "@yagura/store/backup/postgres.ts";
import { findUnprotectedTables } from "@yagura/store/postgres/unprotected.ts";
import { testStores } from "@yagura/testkit/database.ts";
import { services } from "../../programs/control-plane/src/compose.ts";
import { rooms } from "../../programs/control-plane/src/rooms.ts";

const stores = await testStores({ migrations: rooms(services), prepare: [prepareJobs] });
const owner = new Client({ connectionString: stores.connectionString });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await stores.stop();
});

test("no table with an organisation, or that refers to one, is without forced row-level security", async () => {
  const { rows } = await owner.query<{ n: number }>(
    "select count(distinct attrelid)::int as n from pg_attribute where attname = 'organisation_id' and not attisdropped",
  );
  expect(rows[0]?.n).toBeGreaterThan(10);
  expect(await findUnprotectedTables(owner)).toEqual([]);
});

test("a backup reads every table", async () => {
  await beginSnapshot(owner);
  const tables: string[] = [];
  for await (const { head } of dumpPostgres(owner)) if (head.kind === "table") tables.push(head.table);
  await owner.query("rollback");
  const { rows } = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname !~ '^(pg_|information_schema)' and (schemaname, tablename) not in (('yagura', 'migration'), ('graphile_worker', 'migrations'))
     order by 1`,
  );
  expect(tables).toEqual(rows.map((row) => row.name));
});

test("the login itself sees no protected row: nobody gets round the two roles by accident (appending to a log excepted)", async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c where c.relforcerowsecurity and exists (
       select from pg_policy p, unnest(p.polroles) r where p.polrelid = c.oid and p.polcmd <> 'a' and (r = 0 or pg_has_role(current_user, r, 'usage')))`,
  );
  expect(rows).toEqual([]);
});
