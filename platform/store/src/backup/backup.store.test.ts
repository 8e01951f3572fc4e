/** Backup and restore of both stores: a restored copy answers the same queries; damage and full places are refused. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import type { Stores, StoresOptions } from "../open.ts";
import { openStores } from "../open.ts";
import { findUnprotectedTables } from "../postgres/unprotected.ts";
import { everyOrganisation } from "../store.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";

const migrations = [
  {
    room: "lab",
    postgres: new URL("../../testdata/postgres/", import.meta.url),
    clickhouse: new URL("../../testdata/clickhouse/", import.meta.url),
  },
];
const place = mkdtempSync(join(tmpdir(), "yagura-backup-"));
const file = join(place, "backup.yagura");
const optionsFor = (name: string): StoresOptions => ({
  dataFolder: join(place, name),
  migrations,
  clickhouseMemory: 1e9,
});
const first = newId();
const second = newId();

let stores: Stores;
beforeAll(async () => {
  stores = await openStores(optionsFor("original"));
  await fill(stores);
  mkdirSync(join(place, "original/authority"));
  writeFileSync(join(place, "original/authority/key.pem"), "key\n", { mode: 0o600 });
});
afterAll(async () => {
  await stores.stop();
  rmSync(place, { recursive: true, force: true });
});

async function fill({ store, telemetry }: Stores): Promise<void> {
  await store.provider(async (tx) => {
    await sql`insert into lab.organisation values (${first}, '株式会社やぐら'), (${second}, '"two" \\')`.execute(tx);
    await sql`insert into lab.everything
        (organisation_id, parent, mood, exact, near, at, day, span, body, list, grid, document, address, in_force)
      values
        (${first}, null, 'good', 12345678901234567890.0123456789, 0.1, '2026-04-01 00:00:00.123456+09', '2026-04-01',
          '1 mon 2 days 03:04:05.678', '\\x00ff0a5c', array['a', null, 'quo"te', 'NULL', ''], '{{1,2},{3,4}}',
          '{"a": [1, null, "櫓"], "b": {"c": 1e30}}', '192.0.2.1/24', '[2026-04-01,2027-04-01)'),
        (${second}, 1, null, 'NaN', 'infinity', '-infinity', null, null, '', '{}', null, 'null', '2001:db8::1', 'empty')`.execute(
      tx,
    );
    await sql`update lab.everything set parent = 2 where id = 1`.execute(tx);
    await sql`insert into lab.record (organisation_id, text) select ${first}::uuid, 'line ' || n from generate_series(1, 1000) n`.execute(
      tx,
    );
    await sql`update lab.price set yen = 120`.execute(tx);
  });
  for (const [i, organisation] of [first, second].entries()) {
    const rows = 50_000;
    const id = Buffer.from(organisation.replaceAll("-", ""), "hex");
    await telemetry.insert(
      "sample",
      {
        organisation: { type: "UUID", values: Buffer.concat(Array.from({ length: rows }, () => id)) },
        at: {
          type: "Int64",
          values: BigInt64Array.from({ length: rows }, (_, n) => 1_760_000_000_000_000n + BigInt(n) * 1_000_000n),
        },
        value: { type: "UInt32", values: Uint32Array.from({ length: rows }, (_, n) => n * 7) },
        delay: { type: "Int32", values: new Int32Array(rows).fill(-5) },
        kind: { type: "String", values: Array.from({ length: rows }, (_, n) => `櫓${n % 3}`) },
      },
      `fill ${i}`,
    );
  }
}

/** Everything a customer or the provider could ask. */
async function answers({ store, telemetry }: Stores): Promise<unknown> {
  const ask = (text: string) => store.provider(async (tx) => (await sql.raw(text).execute(tx)).rows);
  const asFirst = (text: string) => store.organisation(first, async (tx) => (await sql.raw(text).execute(tx)).rows);
  return {
    organisations: await ask("select * from lab.organisation order by id"),
    everything: await ask("select e::text from lab.everything e order by id"),
    records: await ask("select count(*), min(text), max(id) from lab.record"),
    prices: await ask("select * from lab.price"),
    scoped: await asFirst("select id, in_force::text from lab.everything"),
    samples: await telemetry.query(
      everyOrganisation,
      "SELECT organisation, count() AS n, sum(value) AS v, min(at) AS a, max(at) AS b, any(delay) AS d, uniq(kind) AS k FROM sample GROUP BY organisation ORDER BY organisation",
    ),
    hours: await telemetry.query(
      everyOrganisation,
      "SELECT organisation, hour, sum(rows) AS n FROM sample_hour GROUP BY organisation, hour ORDER BY organisation, hour",
    ),
  };
}

describe("backup and restore", () => {
  test("a restored copy answers the same, and goes on from there", async () => {
    const made = await backup(stores, file, { files: ["authority", "not-there"] });
    expect(made.bytes).toBe(statSync(file).size);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = await answers(stores);

    await restore(optionsFor("copy"), file);
    expect(readFileSync(join(place, "copy/authority/key.pem"), "utf8")).toBe("key\n");
    const copy = await openStores(optionsFor("copy"));
    try {
      expect(copy.applied).toEqual([]);
      expect(await answers(copy)).toEqual(before);
      await goesOn(copy);
    } finally {
      await copy.stop();
    }
  });

  test("a backup is brought to the newest migrations of the program that restores it", async () => {
    const newer = mkdtempSync(join(place, "newer-"));
    cpSync(new URL("../../testdata/", import.meta.url), newer, { recursive: true });
    writeFileSync(
      join(newer, "postgres/0002-more.sql"),
      "alter table lab.price add column tax int not null default 10;\n",
    );
    const folder = (name: string): URL => pathToFileURL(join(newer, name));
    const room = { room: "lab", postgres: folder("postgres"), clickhouse: folder("clickhouse") };
    const options = { ...optionsFor("later"), migrations: [room] };
    await restore(options, file);
    const copy = await openStores(options);
    try {
      const prices = await copy.store.provider((tx) => sql`select * from lab.price order by id limit 1`.execute(tx));
      expect([copy.applied, prices.rows]).toEqual([[], [{ id: 1, yen: 120, tax: 10 }]]);
    } finally {
      await copy.stop();
    }
  });

  test("refuses to overwrite a file, and a folder with data", async () => {
    await expect(backup(stores, file)).rejects.toMatchObject({ code: "BACKUP_FILE_EXISTS" });
    await expect(restore(optionsFor("original"), file)).rejects.toMatchObject({ code: "RESTORE_NOT_EMPTY" });
  });

  test.each([
    { name: "cut", damage: (path: string) => truncateSync(path, statSync(path).size - 100) },
    { name: "changed", damage: (path: string) => flip(path, statSync(path).size / 2) },
    { name: "something else", damage: (path: string) => writeFileSync(path, "hello\n") },
    { name: "empty", damage: (path: string) => truncateSync(path, 0) },
  ])("a file that is $name is refused before anything is changed", async ({ name, damage }) => {
    const bad = join(place, `${name}.yagura`);
    writeFileSync(bad, readFileSync(file));
    damage(bad);
    await expect(restore(optionsFor(`from ${name}`), bad)).rejects.toMatchObject({ code: "BACKUP_FILE_INVALID" });
    expect(() => statSync(join(place, `from ${name}`))).toThrow("ENOENT");
  });

  test("a table whose rows the provider cannot see stops the backup instead of missing in it", async () => {
    const owner = new Client({ connectionString: stores.inside.connectionString });
    await owner.connect();
    await owner.query(
      "create table lab.hidden (organisation_id uuid not null); alter table lab.hidden enable row level security, force row level security",
    );
    try {
      await expect(backup(stores, join(place, "hidden.yagura"))).rejects.toMatchObject({
        code: "BACKUP_UNREADABLE_TABLE",
      });
    } finally {
      await owner.query("drop table lab.hidden");
      await owner.end();
    }
  });

  test("rows that move from one store to the other during a backup are in it exactly once", async () => {
    await movesUnderBackup();
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  const place = Math.floor(at);
  bytes[place] = (bytes[place] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

/** Sequences go on where they were, rules hold, views fill their targets, security is on. */
async function goesOn(copy: Stores): Promise<void> {
  const next = await copy.store.organisation(first, (tx) =>
    sql<{ id: number }>`insert into lab.record (organisation_id, text) values (${first}, 'new') returning id`.execute(
      tx,
    ),
  );
  expect(next.rows).toEqual([{ id: 1001 }]);
  const foreign = copy.store.organisation(second, (tx) =>
    sql`insert into lab.record (organisation_id, text) values (${first}, 'x')`.execute(tx),
  );
  await expect(foreign).rejects.toThrow("row-level security");
  const change = copy.store.organisation(first, (tx) => sql`update lab.record set text = 'x'`.execute(tx));
  await expect(change).rejects.toThrow("append only");
  const orphan = copy.store.organisation(first, (tx) =>
    sql`insert into lab.everything (organisation_id, parent) values (${first}, 99)`.execute(tx),
  );
  await expect(orphan).rejects.toThrow("foreign key");
  const owner = new Client({ connectionString: copy.inside.connectionString });
  await owner.connect();
  expect(await findUnprotectedTables(owner)).toEqual([]);
  await owner.end();
  const organisation = newId();
  const id = Buffer.from(organisation.replaceAll("-", ""), "hex");
  await copy.telemetry.insert(
    "sample",
    {
      organisation: { type: "UUID", values: id },
      at: { type: "Int64", values: BigInt64Array.of(1_760_000_000_000_000n) },
      value: { type: "UInt32", values: Uint32Array.of(1) },
      delay: { type: "Int32", values: Int32Array.of(1) },
      kind: { type: "String", values: ["x"] },
    },
    "fill 0 of the copy",
  );
  const hours = "SELECT sum(rows) AS n FROM sample_hour WHERE organisation = {organisation:UUID}";
  expect(await copy.telemetry.query(organisation, hours)).toEqual([{ n: 1 }]);
}

/** A mover takes numbered rows out of PostgreSQL into ClickHouse while a backup is made. */
async function movesUnderBackup(): Promise<void> {
  const { store, telemetry } = stores;
  const total = 120;
  const mover = newId();
  const id = Buffer.from(mover.replaceAll("-", ""), "hex");
  const yen = (n: number): number => 1000 + n;
  await store.provider((tx) =>
    sql`insert into lab.price select n, n from generate_series(${yen(0)}::int, ${yen(total - 1)}::int) n`.execute(tx),
  );
  const moveAll = async (): Promise<void> => {
    for (let n = 0; n < total; n++) {
      await telemetry.moving(async () => {
        await telemetry.insert(
          "sample",
          {
            organisation: { type: "UUID", values: id },
            at: { type: "Int64", values: BigInt64Array.of(1_760_000_000_000_000n) },
            value: { type: "UInt32", values: Uint32Array.of(yen(n)) },
            delay: { type: "Int32", values: Int32Array.of(0) },
            kind: { type: "String", values: [""] },
          },
          `move ${n}`,
        );
        await store.provider((tx) => sql`delete from lab.price where id = ${yen(n)}`.execute(tx));
      });
    }
  };
  const moves = moveAll();
  const moved = join(place, "moved.yagura");
  await backup(stores, moved);
  await moves;
  await restore(optionsFor("moved"), moved);
  const copy = await openStores(optionsFor("moved"));
  try {
    const kept = await copy.store.provider(
      async (tx) => (await sql<{ id: number }>`select id from lab.price where id >= ${yen(0)}`.execute(tx)).rows,
    );
    const there = await copy.telemetry.query<{ value: number }>(
      mover,
      "SELECT value FROM sample WHERE organisation = {organisation:UUID}",
    );
    const all = [...kept.map((row) => row.id), ...there.map((row) => row.value)].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: total }, (_, n) => yen(n)));
  } finally {
    await copy.stop();
  }
}
