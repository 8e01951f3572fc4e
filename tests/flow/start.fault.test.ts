import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session, Summary } from "@yagura/experience/wire/api.ts";
import type { Organisation, Page } from "@yagura/server/shapes.ts";
import { startYagura, memoryOfTree, type Running } from "../../bench/src/running.ts";
import { api, until, yagura, type Api } from "./client.ts";

const data = mkdtempSync(join(tmpdir(), "yagura-flow-start-"));
const copies = mkdtempSync(join(tmpdir(), "yagura-flow-copies-"));
let running: Running;
let client: Api;
let own: Organisation;

beforeAll(async () => {
  running = await startYagura(data);
  const token = await yagura("token", "create", "--data", data, "--role", "provider-admin");
  client = api(running.url, token);
  own = (await client.get<Page<Organisation>>("/api/v1/organisations")).items[0] as Organisation;
}, 180_000);

afterAll(async () => {
  await running?.stop();
  for (const folder of [data, copies]) rmSync(folder, { recursive: true, force: true });
});

describe("npm start on an empty data folder", () => {
  test("prints where it is ready and one sign-in link", () => {
    expect(running.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(running.signIn).toMatch(/^http:\/\/localhost:\d+\/sign-in#link=/);
  });

  test("the first organisation is the provider's own: internal, not charged", () => {
    expect(own.internal).toBe(true);
  });

  test("EXP-T01 this machine is an agent with at least five sessions, and each is measured", async () => {
    const base = `/api/v1/organisations/${own.id}/experience`;
    const sessions = await until(
      30,
      "five sessions",
      () => client.get<Session[]>(`${base}/sessions`),
      (list) => list.length >= 5,
    );
    for (const session of sessions) {
      const summary = await until(
        30,
        `samples of ${session.targetName}`,
        () => client.get<Summary>(`${base}/sessions/${session.id}/summary?from=${ago(300)}&to=${ago(-60)}`),
        ({ samples }) => samples >= 3,
      );
      expect(summary.methods.length).toBeGreaterThan(0);
    }
  }, 180_000);

  test("serves a valid OpenAPI 3.1 description of itself", async () => {
    const description = await client.get<Record<string, unknown>>("/openapi.json");
    const result = await new Validator().validate(structuredClone(description));
    expect(result.valid, JSON.stringify(result.errors)).toBe(true);
    expect(String(description["openapi"])).toMatch(/^3\.1/);
  });

  test("a second Yagura on the same data folder is refused, and says so", async () => {
    await expect(startYagura(data)).rejects.toThrow(/data folder|already/i);
  }, 60_000);

  test("a port in use is refused with what to do", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    const { port } = taken.address() as { port: number };
    const other = mkdtempSync(join(tmpdir(), "yagura-flow-port-"));
    await expect(startYagura(other, ["--port", String(port)])).rejects.toThrow(/PORT_IN_USE/);
    taken.close();
    rmSync(other, { recursive: true, force: true });
  }, 60_000);

  test("a backup taken while running fills an empty folder, and the copy answers the same", async () => {
    const file = join(copies, "yagura.backup");
    const path = `/api/v1/organisations/${own.id}/experience`;
    const [session] = await client.get<Session[]>(`${path}/sessions`);
    const range = `from=${ago(3600)}&to=${ago(0)}`;
    const ask = (): Promise<Summary> => client.get<Summary>(`${path}/sessions/${session?.id}/summary?${range}`);
    // What is on its way arrives within seconds; then the answer stands still.
    let before = await ask();
    await until(
      60,
      "an answer that stands still",
      () => stillAfter(3_000, ask, before),
      (same) => {
        before = same.now;
        return same.still && before.samples >= 3;
      },
    );
    expect(await yagura("backup", file, "--data", data)).toMatch(/records/);
    await expect(yagura("restore", file, "--data", data)).rejects.toThrow();
    const copy = join(copies, "data");
    expect(await yagura("restore", file, "--data", copy)).toMatch(/restored/);
    const restored = await startYagura(copy, ["--local-agent", "off"]);
    try {
      const there = api(restored.url, await yagura("token", "create", "--data", copy, "--role", "provider-admin"));
      const after = await there.get<Summary>(`${path}/sessions/${session?.id}/summary?${range}`);
      expect(after).toEqual(before);
      expect(await there.get(`${path}/tenants`)).toEqual(await client.get(`${path}/tenants`));
      expect(await yagura("audit", "verify", "--data", copy)).toMatch(/is whole/);
    } finally {
      await restored.stop();
    }
  }, 180_000);

  test("Ctrl-C stops everything with status 0 and leaves no process; a later start finds everything again", async () => {
    const before = memoryOfTree(running.process.pid ?? 0);
    expect(before.processes).toBeGreaterThan(4);
    const { status } = await running.stop();
    expect(status).toBe(0);
    running = await startYagura(data);
    expect(running.signIn).toBeNull();
    client = api(running.url, await yagura("token", "create", "--data", data, "--role", "provider-admin"));
    const list = await client.get<Page<Organisation>>("/api/v1/organisations");
    expect(list.items.map(({ id }) => id)).toContain(own.id);
    expect(await yagura("audit", "verify", "--data", data)).toMatch(/is whole/);
  }, 120_000);
});

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** The answer once more after a while, and whether it is the one of before. */
async function stillAfter(
  milliseconds: number,
  ask: () => Promise<Summary>,
  before: Summary,
): Promise<{ now: Summary; still: boolean }> {
  await new Promise((done) => setTimeout(done, milliseconds));
  const now = await ask();
  return { now, still: JSON.stringify(now) === JSON.stringify(before) };
}
