/** Migrations against real engines: applied once, by one process at a time, and drift is refused. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestStores } from "@yagura/testkit/database.ts";
import { testStores } from "@yagura/testkit/database.ts";
import { storeMigrations } from "../open.ts";
import { migrateClickHouse } from "./clickhouse.ts";
import { migratePostgres, withMigrationLock } from "./postgres.ts";
import { migrationsOf } from "./read.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-migrate-"));
const lab = [
  storeMigrations,
  { room: "lab", postgres: pathToFileURL(folder), clickhouse: pathToFileURL(join(folder, "ch")) },
];
let stores: TestStores;
beforeAll(async () => {
  cpSync(new URL("../../testdata/postgres/", import.meta.url), folder, { recursive: true });
  cpSync(new URL("../../testdata/clickhouse/", import.meta.url), join(folder, "ch"), { recursive: true });
  stores = await testStores({ migrations: [] });
});
afterAll(async () => {
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

const migrate = (): Promise<{ applied: readonly string[] }> =>
  withMigrationLock(stores.connectionString, (client) => migratePostgres(client, migrationsOf("postgres", lab)));

describe("PostgreSQL", () => {
  test("processes that start at once apply each file once", async () => {
    const done = await Promise.all([migrate(), migrate(), migrate()]);
    expect(done.flatMap((one) => one.applied)).toEqual(["lab/0001-lab.sql"]);
  });

  test("a file that fails is told, and leaves nothing behind", async () => {
    writeFileSync(join(folder, "0002-broken.sql"), "create table lab.half (x int); select nonsense;");
    await expect(migrate()).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      parameters: { name: "0002-broken.sql" },
    });
    const client = new Client({ connectionString: stores.connectionString });
    await client.connect();
    const { rows } = await client.query(
      "select to_regclass('lab.half') as half, max(version) as version from yagura.migration where room = 'lab'",
    );
    await client.end();
    expect(rows).toEqual([{ half: null, version: 1 }]);
    writeFileSync(join(folder, "0002-broken.sql"), "create table lab.whole (x int)");
    expect((await migrate()).applied).toEqual(["lab/0002-broken.sql"]);
  });

  test("a file that was changed or is gone is refused", async () => {
    writeFileSync(join(folder, "0002-broken.sql"), "create table lab.other (x int)");
    await expect(migrate()).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
    rmSync(join(folder, "0002-broken.sql"));
    await expect(migrate()).rejects.toMatchObject({ code: "MIGRATION_NEWER" });
  });
});

describe("ClickHouse", () => {
  const migrateTelemetry = async () => migrateClickHouse(await stores.engine(), migrationsOf("clickhouse", lab), {});

  test("files are applied once; a failed one is done again when it is mended", async () => {
    expect((await migrateTelemetry()).applied).toEqual(["lab/0001-sample.sql"]);
    expect((await migrateTelemetry()).applied).toEqual([]);
    const second =
      "CREATE TABLE IF NOT EXISTS more (x UInt8) ENGINE = {engine:MergeTree} ORDER BY x SETTINGS {durable};\n";
    writeFileSync(join(folder, "ch/0002-more.sql"), `${second}CREATE NONSENSE;\n`);
    await expect(migrateTelemetry()).rejects.toMatchObject({ code: "MIGRATION_FAILED" });
    writeFileSync(join(folder, "ch/0002-more.sql"), second);
    expect((await migrateTelemetry()).applied).toEqual(["lab/0002-more.sql"]);
    writeFileSync(join(folder, "ch/0002-more.sql"), `${second}-- later\n`);
    await expect(migrateTelemetry()).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
  });
});
