/** Migration files, what is pending, and what is drift. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render, statements } from "./clickhouse.ts";
import type { Applied } from "./read.ts";
import { appliedOf, checksumOf, migrationsOf, pending, readMigrations } from "./read.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "yagura-migrations-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): URL {
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return pathToFileURL(folder);
}

test("files are read in order; others are no migrations", () => {
  const url = write({ "0002-b.sql": "two", "0001-a-b.sql": "one", "README.md": "" });
  expect(readMigrations("room", url).map((one) => [one.version, one.name, one.sql])).toEqual([
    [1, "0001-a-b.sql", "one"],
    [2, "0002-b.sql", "two"],
  ]);
});

test.each([
  { name: "a hole", files: { "0001-a.sql": "", "0003-c.sql": "" }, bad: "0003-c.sql" },
  { name: "a number twice", files: { "0001-a.sql": "", "0001-b.sql": "" }, bad: "0001-b.sql" },
  { name: "a start at 2", files: { "0002-a.sql": "" }, bad: "0002-a.sql" },
  { name: "another form of name", files: { "1-a.sql": "" }, bad: "1-a.sql" },
  { name: "an upper-case name", files: { "0001-A.sql": "" }, bad: "0001-A.sql" },
])("$name is refused", ({ files, bad }) => {
  const url = write(files);
  expect(() => readMigrations("room", url)).toThrow(bad);
});

test("rooms come in the order that was given, each by its own folder", () => {
  const url = write({ "0001-a.sql": "x" });
  const all = migrationsOf("postgres", [{ room: "b", postgres: url }, { room: "none" }, { room: "a", postgres: url }]);
  expect(all.map((one) => one.room)).toEqual(["b", "a"]);
});

describe("against a ledger", () => {
  const known = ["one", "two", "three"].map((sql, i) => ({
    room: "room",
    version: i + 1,
    name: `000${i + 1}-x.sql`,
    sql,
    checksum: checksumOf(sql),
  }));
  const ledger = (...versions: number[]): Applied[] => known.filter((one) => versions.includes(one.version));

  test("what is missing is pending, and what was applied can be told", () => {
    expect(pending("postgres", known, []).map((one) => one.version)).toEqual([1, 2, 3]);
    expect(pending("postgres", known, ledger(1)).map((one) => one.version)).toEqual([2, 3]);
    expect(appliedOf("postgres", known, ledger(1, 2)).map((one) => one.version)).toEqual([1, 2]);
  });
  test("a file that was changed is drift", () => {
    const changed = [{ ...(known[0] as Applied), checksum: "0" }];
    expect(() => pending("postgres", known, changed)).toThrow("0001-x.sql of room room (postgres) was changed");
  });
  test("other line ends are no change", () => {
    expect(checksumOf("a\r\nb")).toBe(checksumOf("a\nb"));
  });
  test("a newer data folder is told apart from a missing file", () => {
    const newer = { room: "room", version: 4, name: "0004-x.sql", checksum: "" };
    const gone = { room: "gone", version: 1, name: "0001-x.sql", checksum: "" };
    expect(() => pending("postgres", known, [newer])).toThrow(
      expect.objectContaining({ code: "MIGRATION_NEWER" }) as Error,
    );
    expect(() => pending("postgres", known, [gone])).toThrow(
      expect.objectContaining({ code: "MIGRATION_MISSING" }) as Error,
    );
  });
});

describe("ClickHouse migrations", () => {
  const sql = [
    "-- a comment; with a semicolon",
    "CREATE TABLE {table:x} (a String DEFAULT ';') ENGINE = {engine:ReplacingMergeTree(v)} ORDER BY a SETTINGS {durable};",
    "{distributed:x:cityHash64(a)}",
    "CREATE MATERIALIZED VIEW {view:w} TO {local:y} AS SELECT a FROM {local:x} WHERE b = {organisation:UUID};",
    "",
  ].join("\n");

  test("on one server", () => {
    expect(statements(render(sql, {}))).toEqual([
      "CREATE TABLE x (a String DEFAULT ';') ENGINE = ReplacingMergeTree(v) ORDER BY a SETTINGS fsync_after_insert = 1, " +
        "fsync_part_directory = 1, non_replicated_deduplication_window = 10000",
      "CREATE MATERIALIZED VIEW w TO y AS SELECT a FROM x WHERE b = {organisation:UUID}",
    ]);
  });

  test("on a cluster: replicated under a local name, distributed under its own", () => {
    expect(statements(render(sql, { cluster: "main" }))).toEqual([
      "CREATE TABLE x_local ON CLUSTER 'main' (a String DEFAULT ';') ENGINE = ReplicatedReplacingMergeTree(v) ORDER BY a " +
        "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, replicated_deduplication_window = 10000",
      "CREATE TABLE IF NOT EXISTS x ON CLUSTER 'main' AS x_local ENGINE = Distributed('main', currentDatabase(), x_local, cityHash64(a))",
      "CREATE MATERIALIZED VIEW w ON CLUSTER 'main' TO y_local AS SELECT a FROM x_local WHERE b = {organisation:UUID}",
    ]);
  });
});
