/** Row-level security as the migrations make it, and the finder of tables without it. */
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { testStores } from "@yagura/testkit/database.ts";
import { findUnprotectedTables } from "./unprotected.ts";

const stores = await testStores({ migrations: [] });
const owner = new Client({ connectionString: stores.connectionString });
beforeAll(async () => {
  await owner.connect();
  await owner.query(`
    create schema room;
    create table room.thing (id serial primary key, organisation_id uuid not null, text text);
    create table room.secret (id int primary key);
    create table room.price (id int primary key);
    insert into room.price values (1);
    select yagura.tenant_table('room.thing'), yagura.provider_table('room.secret'), yagura.shared_table('room.price');`);
});
afterAll(async () => {
  await owner.end();
  await stores.stop();
});

const first = newId();
const second = newId();

describe("a tenant table", () => {
  test("shows and changes rows of the organisation that is set, and no other", async () => {
    const add = (text: string) => sql`insert into room.thing (organisation_id, text) values (${first}, ${text})`;
    const read = sql<{ text: string }>`select text from room.thing`;
    await stores.store.organisation(first, (tx) => add("mine").execute(tx));
    expect((await stores.store.organisation(first, (tx) => read.execute(tx))).rows).toEqual([{ text: "mine" }]);
    expect((await stores.store.organisation(second, (tx) => read.execute(tx))).rows).toEqual([]);
    await expect(stores.store.organisation(second, (tx) => add("foreign").execute(tx))).rejects.toThrow(
      "row-level security",
    );
    const changed = await stores.store.organisation(second, (tx) => sql`update room.thing set text = 'x'`.execute(tx));
    expect(changed.numAffectedRows).toBe(0n);
    expect((await stores.store.provider((tx) => read.execute(tx))).rows).toEqual([{ text: "mine" }]);
  });

  test("shows nothing to its owner without a role, and nothing where no organisation is set", async () => {
    expect((await owner.query("select * from room.thing")).rows).toEqual([]);
    await owner.query("begin; set local role yagura_app");
    expect((await owner.query("select * from room.thing")).rows).toEqual([]);
    await owner.query("rollback");
  });
});

test("a provider table is closed to organisations, a shared one can only be read", async () => {
  const asFirst = (text: string) => stores.store.organisation(first, (tx) => sql.raw(text).execute(tx));
  await expect(asFirst("select * from room.secret")).rejects.toThrow("permission denied");
  expect((await asFirst("select * from room.price")).rows).toEqual([{ id: 1 }]);
  await expect(asFirst("insert into room.price values (2)")).rejects.toThrow(/permission denied/);
});

test("yagura.tenant_table refuses a table whose organisation may be missing", async () => {
  await owner.query("create table room.loose (organisation_id uuid)");
  await expect(owner.query("select yagura.tenant_table('room.loose')")).rejects.toThrow(
    "organisation_id uuid not null",
  );
  await owner.query("drop table room.loose");
});

describe("findUnprotectedTables", () => {
  test("finds none in a database made by migrations", async () => {
    expect(await findUnprotectedTables(owner)).toEqual([]);
  });

  test.each([
    {
      name: "a table with organisation_id and no security",
      make: "create table room.bad (organisation_id uuid not null)",
      reason: "has organisation_id, but row-level security is not enabled",
    },
    {
      name: "security that spares the owner",
      make: "create table room.bad (organisation_id uuid not null); alter table room.bad enable row level security",
      reason: "has organisation_id, but row-level security is not forced on the owner",
    },
    {
      name: "security without a policy",
      make: `create table room.bad (organisation_id uuid not null);
        alter table room.bad enable row level security; alter table room.bad force row level security`,
      reason: "has organisation_id, but it has no policy",
    },
    {
      name: "a policy that lets everything through",
      make: `create table room.bad (organisation_id uuid not null); select yagura.tenant_table('room.bad');
        create policy wide on room.bad to yagura_app using (true)`,
      reason: "has organisation_id, but a policy for yagura_app does not compare organisation_id",
    },
    {
      name: "a table that refers to a protected one",
      make: "create table room.bad (thing int references room.thing)",
      reason: "refers to such a table, but row-level security is not enabled",
    },
    {
      name: "a table given to the application by hand",
      make: "create table room.bad (x int); grant select on room.bad to yagura_app",
      reason: "may be used by yagura_app, but row-level security is not enabled",
    },
    {
      name: "a materialised view",
      make: "create materialized view room.bad as select * from room.thing",
      reason: "has organisation_id, but a materialised view cannot have row-level security",
    },
  ])("finds $name", async ({ make, reason }) => {
    await owner.query("begin");
    try {
      await owner.query(make);
      expect(await findUnprotectedTables(owner)).toEqual([{ table: "room.bad", reason }]);
    } finally {
      await owner.query("rollback");
    }
  });
});
