/** The test stores themselves. */
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { everyOrganisation } from "@yagura/store/store.ts";
import { testStores, withStores } from "./database.ts";

const shared = await testStores({ migrations: [] });
afterAll(() => shared.stop());

test("a database of one's own, with the roles and functions of the store room", async () => {
  const { rows } = await shared.store.provider((tx) =>
    sql<{
      role: string;
      rooms: string;
    }>`select current_user as role, to_regclass('yagura.migration')::text as rooms`.execute(tx),
  );
  expect(rows).toEqual([{ role: "yagura_provider", rooms: "yagura.migration" }]);
});

test(
  "two databases do not see each other",
  withStores({ migrations: [] }, async ({ store, connectionString }) => {
    const name = sql<{ name: string }>`select current_database() as name`;
    const mine = await store.provider((tx) => name.execute(tx));
    const other = await shared.store.provider((tx) => name.execute(tx));
    expect(mine.rows).not.toEqual(other.rows);
    expect(connectionString).toContain(mine.rows[0]?.name ?? "?");
  }),
);

test("a ClickHouse of one's own", async () => {
  expect(await shared.telemetry.query(everyOrganisation, "SELECT currentDatabase() AS name")).toEqual([
    { name: "yagura" },
  ]);
});
