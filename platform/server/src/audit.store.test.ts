/** The audit log against tampering: a changed row, a deleted row, a cut tail, a rewritten history. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import { auditHash, createAuditWalk, verifyAudit, type AuditRow } from "./audit.ts";

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
  for (const name of ["One", "Two", "Three", "Four"]) await server.organisation(name);
});
afterEach(() => server.stop());

const verify = () => verifyAudit(server.platform.store, server.dataFolder);

/** What somebody can do who owns the database server itself. */
async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: server.stores.adminConnectionString });
  await client.connect();
  try {
    await client.query("alter table server.audit_entry disable trigger all");
    for (const statement of statements) await client.query(statement);
    await client.query("alter table server.audit_entry enable trigger all");
  } finally {
    await client.end();
  }
}

async function length(): Promise<number> {
  const verdict = await verify();
  return verdict.ok ? verdict.entries : -1;
}

describe("append-only", () => {
  test.each([
    "update server.audit_entry set actor = 'x'",
    "delete from server.audit_entry",
    "truncate server.audit_entry",
    "insert into server.audit_entry select * from server.audit_entry limit 1",
    "update server.audit_head set sequence = 0",
  ])("the roles of requests and the owner cannot: %s", async (statement) => {
    const before = await length();
    const client = new Client({ connectionString: server.stores.connectionString });
    await client.connect();
    try {
      for (const role of ["yagura_app", "yagura_provider"]) {
        await client.query(`begin; set local role ${role}`);
        await expect(client.query(statement)).rejects.toThrow(/permission denied|append-only/);
        await client.query("rollback");
      }
      if (!statement.includes("audit_head")) await client.query(statement).catch(() => undefined);
    } finally {
      await client.end();
    }
    expect(await length()).toBe(before);
  });

  test("a superuser meets the trigger before anything else", async () => {
    const client = new Client({ connectionString: server.stores.adminConnectionString });
    await client.connect();
    try {
      await expect(client.query("update server.audit_entry set actor = 'x'")).rejects.toThrow("append-only");
      await expect(client.query("delete from server.audit_entry")).rejects.toThrow("append-only");
    } finally {
      await client.end();
    }
  });
});

describe("verify", () => {
  test("a log as it was written is whole", async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({ ok: true });
    expect(await length()).toBeGreaterThanOrEqual(7);
  });

  test("entries of many processes at once form one chain", async () => {
    const before = await length();
    await Promise.all(Array.from({ length: 20 }, (_, i) => server.organisation(`Parallel ${i}`)));
    expect(await length()).toBe(before + 20);
  });

  test.each([
    {
      name: "a changed detail",
      statement: `update server.audit_entry set details = '{"name":"Other"}' where sequence = 4`,
      sequence: 4,
      reason: "changed",
    },
    {
      name: "another actor",
      statement: "update server.audit_entry set actor = 'Mallory' where sequence = 3",
      sequence: 3,
      reason: "changed",
    },
    {
      name: "another time",
      statement: "update server.audit_entry set at = at + interval '1 second' where sequence = 2",
      sequence: 2,
      reason: "changed",
    },
    {
      name: "a row moved to another organisation",
      statement: "update server.audit_entry set organisation_id = null where sequence = 1",
      sequence: 1,
      reason: "changed",
    },
    {
      name: "a deleted row in the middle",
      statement: "delete from server.audit_entry where sequence = 5",
      sequence: 5,
      reason: "missing",
    },
    {
      name: "a deleted first row",
      statement: "delete from server.audit_entry where sequence = 1",
      sequence: 1,
      reason: "missing",
    },
  ])("$name is named", async ({ statement, sequence, reason }) => {
    await asSuperuser(statement);
    expect(await verify()).toEqual({ ok: false, sequence, reason });
  });

  test("a cut tail is found by the head, and by the checkpoint when the head was turned back too", async () => {
    await server.platform.checkpoints.write();
    const entries = await length();
    await asSuperuser(`delete from server.audit_entry where sequence > ${entries - 2}`);
    expect(await verify()).toEqual({ ok: false, sequence: entries - 1, reason: "cut" });
    await asSuperuser(
      `update server.audit_head set sequence = ${entries - 2},
         hash = (select hash from server.audit_entry where sequence = ${entries - 2})`,
    );
    expect(await verify()).toEqual({ ok: false, sequence: entries - 1, reason: "cut" });
  });

  test("a history written anew, with right hashes, does not fit the checkpoints", async () => {
    await server.platform.checkpoints.write();
    const rows = await everyRow();
    let previous = "0".repeat(64);
    const forged = rows.map((row) => {
      const changed = { ...row, actor: row.sequence === 2 ? "Somebody" : row.actor, previous };
      previous = auditHash(changed);
      return { ...changed, hash: previous };
    });
    const statements = forged.map(
      (row) =>
        `update server.audit_entry set actor = '${row.actor}', previous = '${row.previous}', hash = '${row.hash}' where sequence = ${row.sequence}`,
    );
    await asSuperuser(...statements, `update server.audit_head set hash = '${previous}'`);
    expect(await verify()).toEqual({ ok: false, sequence: rows.length, reason: "rewritten" });
  });

  test("a checkpoint half written by a power failure does no harm; the others count", async () => {
    await server.platform.checkpoints.write();
    await appendFile(join(server.dataFolder, "audit-checkpoints.jsonl"), '{"at":"2026');
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 1 });
  });

  test("checkpoints are written when the chain moved, and at the stop", async () => {
    await server.platform.checkpoints.write();
    await server.platform.checkpoints.write();
    await server.organisation("Another");
    await server.platform.checkpoints.write();
    const lines = (await readFile(join(server.dataFolder, "audit-checkpoints.jsonl"), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ sequence: await length() });
  });
});

async function everyRow(): Promise<AuditRow[]> {
  const client = new Client({ connectionString: server.stores.adminConnectionString });
  await client.connect();
  try {
    const found = await client.query<Omit<AuditRow, "sequence"> & { sequence: string }>(
      "select * from server.audit_entry order by sequence",
    );
    return found.rows.map((row) => Object.assign(row, { sequence: Number(row.sequence) }));
  } finally {
    await client.end();
  }
}

test("the walk over an empty log is whole, and over one that should not be empty is cut", () => {
  expect(createAuditWalk([]).end({ sequence: 0, hash: "0".repeat(64) })).toMatchObject({ ok: true, entries: 0 });
  const walk = createAuditWalk([{ at: "", sequence: 3, hash: "a" }]);
  expect(walk.end({ sequence: 0, hash: "0".repeat(64) })).toEqual({ ok: false, sequence: 1, reason: "cut" });
});
