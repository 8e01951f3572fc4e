/**
 * External servers by DATABASE_URL and CLICKHOUSE_URL: the oldest PostgreSQL we support where the machine has it (Debian's 15),
 * else the bundled one as a stranger's; ClickHouse through its HTTP interface.
 */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { startClickHouseFront } from "@yagura/testkit/clickhouse-front.ts";
import { startEmbeddedClickHouse } from "./clickhouse/embedded.ts";
import { backup } from "./backup/backup.ts";
import { restore } from "./backup/restore.ts";
import { silent } from "./log.ts";
import type { StoresOptions } from "./open.ts";
import { openStores } from "./open.ts";
import { findPostgresBinaries, libraryEnvironment } from "./postgres/binaries.ts";
import { chooseIdentity, commandAs, spawnIdentity } from "./postgres/identity.ts";
import { findUnprotectedTables } from "./postgres/unprotected.ts";
import { isAlive, waitFor } from "./processes.ts";

const debian = "/usr/lib/postgresql/15/bin";
const place = mkdtempSync(join(tmpdir(), "yagura-external-"));
chmodSync(place, 0o711);
const folder = join(place, "server");
let server: ChildProcess;
let engine: Awaited<ReturnType<typeof startEmbeddedClickHouse>>;
let front: Awaited<ReturnType<typeof startClickHouseFront>>;

const urlFor = (user: string, database: string): string =>
  `postgresql://${user}:secret@/${database}?host=${encodeURIComponent(folder)}`;

async function asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: urlFor("root", "postgres") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  mkdirSync(folder, { mode: 0o700 });
  const bundled = findPostgresBinaries();
  const bin = existsSync(debian) ? debian : join(bundled.initdb, "..");
  const identity = chooseIdentity(folder, [join(bin, "postgres")]);
  if (identity.kind === "user") chownSync(folder, identity.uid, identity.gid);
  const env = existsSync(debian) ? {} : libraryEnvironment(bundled, join(place, "library"));
  const data = join(folder, "data");
  const [initdb, initArgs] = commandAs(identity, join(bin, "initdb"), [
    "-D",
    data,
    "-U",
    "root",
    "-A",
    "trust",
    "--no-sync",
  ]);
  const made = spawnSync(initdb, initArgs, { ...spawnIdentity(identity), cwd: "/", env, encoding: "utf8" });
  expect(made.stderr).toBe("");
  const args = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"];
  const [program, full] = commandAs(identity, join(bin, "postgres"), args);
  server = spawn(program, full, { ...spawnIdentity(identity), cwd: "/", env, stdio: "ignore" });
  const answers = async (): Promise<boolean> => {
    const client = new Client({ connectionString: urlFor("root", "postgres") });
    client.on("error", () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  expect(await waitFor(answers, 60_000, 50)).toBe(true);
  engine = await startEmbeddedClickHouse({
    folder: join(place, "clickhouse"),
    database: "yagura",
    log: silent,
    memory: 1e9,
  });
  front = await startClickHouseFront(engine);
});
afterAll(async () => {
  await front.close();
  await engine.close();
  server.kill("SIGINT");
  if (isAlive(server.pid ?? 0)) await once(server, "exit");
  rmSync(place, { recursive: true, force: true });
});

const migrations = [
  {
    room: "lab",
    postgres: new URL("../testdata/postgres/", import.meta.url),
    clickhouse: new URL("../testdata/clickhouse/", import.meta.url),
  },
];
const optionsFor = (user: string, database: string): StoresOptions => ({
  dataFolder: join(place, "data", database),
  databaseUrl: urlFor(user, database),
  clickhouseUrl: front.url,
  migrations,
});

describe.each([
  {
    name: "a login that may make roles",
    user: "maker",
    make: "create role maker login createrole; create database maker owner maker",
  },
  {
    name: "a login that may not, where the roles are there already",
    user: "plain",
    make: "create role plain login; create database plain owner plain; grant yagura_app, yagura_provider to plain",
  },
  { name: "a superuser", user: "root", make: "create database root" },
])("PostgreSQL by DATABASE_URL as $name", ({ user, make }) => {
  test("migrates, scopes transactions, and every table is protected", async () => {
    await asSuperuser(async (client) => {
      for (const statement of make.split("; ")) await client.query(statement);
    });
    const stores = await openStores(optionsFor(user, user));
    try {
      expect(stores.applied).toContain("store/0001-roles-and-rules.sql");
      expect(stores.pids()).toEqual({});
      const [first, second] = [newId(), newId()];
      const add = sql`insert into lab.record (organisation_id, text) values (${first}, 'x')`;
      const read = sql<{ text: string }>`select text from lab.record`;
      await stores.store.organisation(first, (tx) => add.execute(tx));
      expect((await stores.store.organisation(first, (tx) => read.execute(tx))).rows).toEqual([{ text: "x" }]);
      expect((await stores.store.organisation(second, (tx) => read.execute(tx))).rows).toEqual([]);
      const client = new Client({ connectionString: stores.inside.connectionString });
      await client.connect();
      expect(await findUnprotectedTables(client)).toEqual([]);
      await client.end();
    } finally {
      await stores.stop();
    }
    const again = await openStores(optionsFor(user, user));
    expect(again.applied).toEqual([]);
    await again.stop();
  });
});

test("a backup of embedded stores is restored into external ones", async () => {
  const organisation = newId();
  const original = await openStores({ dataFolder: join(place, "original"), migrations, clickhouseMemory: 1e9 });
  const file = join(place, "backup.yagura");
  try {
    const add = sql`insert into lab.record (organisation_id, text) values (${organisation}, 'carried over')`;
    await original.store.organisation(organisation, (tx) => add.execute(tx));
    await original.telemetry.insert(
      "sample",
      {
        organisation: { type: "UUID", values: Buffer.from(organisation.replaceAll("-", ""), "hex") },
        at: { type: "Int64", values: BigInt64Array.of(1_760_000_000_000_000n) },
        value: { type: "UInt32", values: Uint32Array.of(42) },
        delay: { type: "Int32", values: Int32Array.of(0) },
        kind: { type: "String", values: ["x"] },
      },
      "one",
    );
    await backup(original, file);
  } finally {
    await original.stop();
  }
  // The ClickHouse behind the front holds the tables of the tests above.
  await expect(restore(optionsFor("root", "root"), file)).rejects.toMatchObject({ code: "RESTORE_NOT_EMPTY" });
  await asSuperuser((client) => client.query("create database fresh"));
  await engine.command("DROP DATABASE yagura");
  await engine.command("CREATE DATABASE yagura");
  await restore(optionsFor("root", "fresh"), file);
  const copy = await openStores(optionsFor("root", "fresh"));
  try {
    const read = sql<{ text: string }>`select text from lab.record`;
    expect((await copy.store.organisation(organisation, (tx) => read.execute(tx))).rows).toEqual([
      { text: "carried over" },
    ]);
    const value = "SELECT value FROM sample WHERE organisation = {organisation:UUID}";
    expect(await copy.telemetry.query(organisation, value)).toEqual([{ value: 42 }]);
  } finally {
    await copy.stop();
  }
});

test("an external server that is away is told in a sentence", async () => {
  const options = { ...optionsFor("root", "root"), databaseUrl: "postgresql://root@/root?host=%2Fnowhere" };
  await expect(openStores(options)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  const noClickHouse = { ...optionsFor("root", "root"), clickhouseUrl: "http://127.0.0.1:1/yagura" };
  await expect(openStores(noClickHouse)).rejects.toMatchObject({ code: "TELEMETRY_UNAVAILABLE" });
});
