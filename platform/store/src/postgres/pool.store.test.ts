/** Transactions that are tried again, that wait, and that end; events that come back. */
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { testStores } from "@yagura/testkit/database.ts";
import { waitFor } from "../processes.ts";
import { classify, openPostgres } from "./pool.ts";
import { silent } from "../log.ts";

const stores = await testStores({ migrations: [] });
const { store } = stores;
const admin = new Client({ connectionString: stores.adminConnectionString });
beforeAll(async () => {
  await admin.connect();
  await admin.query(
    "set role yagura; create schema lab; create table lab.count (id int primary key, n int not null, day date, big bigint); " +
      "insert into lab.count values (1, 0, '2026-04-01', 9007199254740993), (2, 0, null, null); select yagura.provider_table('lab.count'); reset role",
  );
});
afterAll(async () => {
  await admin.end();
  await stores.stop();
});

const value = async (id: number): Promise<number | undefined> =>
  (await admin.query<{ n: number }>("select n from lab.count where id = $1", [id])).rows[0]?.n;

describe("a transaction", () => {
  test("is one: what fails in the middle leaves nothing", async () => {
    const failing = store.provider(async (tx) => {
      await sql`update lab.count set n = 99 where id = 1`.execute(tx);
      throw new Error("in the middle");
    });
    await expect(failing).rejects.toThrow("in the middle");
    expect(await value(1)).toBe(0);
  });

  test("that conflicts with others is tried again until it holds", async () => {
    const add = () =>
      store.provider(async (tx) => {
        await sql`set transaction isolation level serializable`.execute(tx);
        const { rows } = await sql<{ n: number }>`select n from lab.count where id = 2`.execute(tx);
        await sql`update lab.count set n = ${(rows[0]?.n ?? 0) + 1} where id = 2`.execute(tx);
      });
    await Promise.all([add(), add(), add()]);
    expect(await value(2)).toBe(3);
  });

  test("that locks itself up with another one is tried again", async () => {
    const both = (first: number, second: number) =>
      store.provider(async (tx) => {
        await sql`update lab.count set n = n + 10 where id = ${first}`.execute(tx);
        await sql`select pg_sleep(0.1)`.execute(tx);
        await sql`update lab.count set n = n + 10 where id = ${second}`.execute(tx);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect([await value(1), await value(2)]).toEqual([20, 23]);
  });

  test("finds a new connection when the server ended all of them", async () => {
    await Promise.all(Array.from({ length: 5 }, () => store.provider((tx) => sql`select 1`.execute(tx))));
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    const { rows } = await store.provider((tx) => sql<{ n: number }>`select 1 as n`.execute(tx));
    expect(rows).toEqual([{ n: 1 }]);
  });

  test("whose connection is cut in the middle is done again, once", async () => {
    let times = 0;
    const before = (await value(1)) ?? 0;
    await store.provider(async (tx) => {
      const { rows } = await sql<{
        pid: number;
      }>`update lab.count set n = n + 1 where id = 1 returning pg_backend_pid() as pid`.execute(tx);
      if (times++ === 0) await admin.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await sql`select 1`.execute(tx);
    });
    expect([times, await value(1)]).toEqual([2, before + 1]);
  });

  test("refuses an organisation that is no id, before anything is asked", async () => {
    await expect(store.organisation("x'; drop schema lab --", (tx) => sql`select 1`.execute(tx))).rejects.toThrow(
      TypeError,
    );
  });

  test("takes its role and organisation with it", async () => {
    const organisation = newId();
    const who = sql<{
      role: string;
      scope: string | null;
    }>`select current_user as role, yagura.organisation() as scope`;
    const inside = await store.organisation(organisation, (tx) => who.execute(tx));
    expect(inside.rows).toEqual([{ role: "yagura_app", scope: organisation }]);
    const provider = await store.provider((tx) => who.execute(tx));
    expect(provider.rows).toEqual([{ role: "yagura_provider", scope: null }]);
  });

  test("gives days and large numbers as text", async () => {
    const { rows } = await store.provider((tx) => sql`select day, big from lab.count where id = 1`.execute(tx));
    expect(rows).toEqual([{ day: "2026-04-01", big: "9007199254740993" }]);
  });

  test("that takes too long is ended by the server", async () => {
    const hasty = openPostgres({ connectionString: stores.connectionString, log: silent, statementTimeout: 100 });
    await expect(hasty.provider((tx) => sql`select pg_sleep(30)`.execute(tx))).rejects.toThrow("statement timeout");
    await hasty.close();
  });

  test("fails in a sentence when there is no server", async () => {
    const nowhere = openPostgres({ connectionString: "postgresql://x@/x?host=%2Fnowhere", log: silent, patience: 100 });
    expect(await nowhere.ready()).toBe(false);
    await expect(nowhere.provider((tx) => sql`select 1`.execute(tx))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    await nowhere.close();
  });
});

test("events are heard on their channel, again after the connection was lost, and no more after leaving", async () => {
  const heard: string[] = [];
  let reconnects = 0;
  const leave = await store.listen(
    "Some Channel",
    (payload) => heard.push(payload),
    () => reconnects++,
  );
  const other = await store.listen("other", () => heard.push("other"));
  const tell = (payload: string) =>
    store.provider((tx) => sql`select pg_notify('Some Channel', ${payload})`.execute(tx));
  await tell("one");
  expect(await waitFor(() => heard.length === 1, 5_000)).toBe(true);
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'yagura listener' and datname = current_database()",
  );
  expect(await waitFor(() => reconnects === 1, 5_000)).toBe(true);
  await tell("two");
  expect(await waitFor(() => heard.length === 2, 5_000)).toBe(true);
  await leave();
  await tell("three");
  await store.provider((tx) => sql`select pg_notify('other', '')`.execute(tx));
  expect(await waitFor(() => heard.length === 3, 5_000)).toBe(true);
  await other();
  expect(heard).toEqual(["one", "two", "other"]);
});

test.each([
  { error: { code: "40001" }, kind: "conflict" },
  { error: { code: "40P01" }, kind: "conflict" },
  { error: { code: "53100" }, kind: "full" },
  { error: { code: "57P01" }, kind: "lost" },
  { error: { code: "ECONNREFUSED" }, kind: "lost" },
  { error: { message: "Connection terminated unexpectedly" }, kind: "lost" },
  { error: { code: "23505" }, kind: "other" },
  { error: { message: "anything else" }, kind: "other" },
])("an error $error is $kind", ({ error, kind }) => {
  expect(classify(error)).toBe(kind);
});
