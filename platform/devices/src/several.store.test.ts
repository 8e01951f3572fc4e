/** Several control planes over one database; telemetry that fails; limits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, request } from "undici";
import { signedHeaders } from "@yagura/edge/http.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { enrolTestDevice, testDevice, told, type TestDevice } from "@yagura/testkit/edge-device.ts";
import { labMigrations, labValues, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { until } from "@yagura/testkit/until.ts";

let stores: TestStores;
let folder: string;
const open: EdgeLab[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-several-"));
  stores = await testStores({ migrations: labMigrations });
});
afterAll(async () => {
  for (const lab of open) await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});
async function start(options: Partial<Parameters<typeof startEdgeLab>[0]> = {}): Promise<EdgeLab> {
  const lab = await startEdgeLab({ stores, dataFolder: folder, ...options });
  open.push(lab);
  return lab;
}
/** Lines of an open configuration stream, as they come. */
async function stream(lab: EdgeLab, device: TestDevice): Promise<string[]> {
  const ask = { method: "GET", path: "/edge/v1/stream", headers: {} };
  const { statusCode, body } = await request(`${lab.url}${ask.path}`, {
    dispatcher: new Agent(),
    headers: signedHeaders(device.identity, ask, Date.now()),
  });
  expect(statusCode).toBe(200);
  const lines: string[] = [];
  body.on("data", (chunk: Buffer) => lines.push(...chunk.toString().split("\n").filter(Boolean)));
  body.on("end", () => lines.push("end"));
  body.on("error", () => lines.push("end"));
  return lines;
}

describe("two control planes over one database", () => {
  test("a batch sent to both at the same time is stored once", async () => {
    const [one, other] = [await start(), await start()];
    const device = await enrolTestDevice(one, folder);
    const there = testDevice(other, device.identity, device.organisation);
    const sent = Array.from({ length: 40 }, (_, i) => [device.submit(i + 1, [i]), there.submit(i + 1, [i])]).flat();
    const answers = (await Promise.all(sent)).map(told);
    expect(answers.filter(({ duplicate }) => duplicate === false)).toHaveLength(40);
    expect(answers.filter(({ duplicate }) => duplicate === true)).toHaveLength(40);
    await Promise.all([one.door.drain(), other.door.drain()]);
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual([...Array(40).keys()]);
  });

  test("a configuration and a revocation made anywhere reach the stream wherever it is", async () => {
    const [one, other] = [await start(), await start()];
    const device = await enrolTestDevice(one, folder);
    const { organisation } = device;
    const lines = await stream(other, device);
    await until(() => lines.some((line) => line.includes('"configuration","version":0')));
    await stores.store.organisation(organisation, (tx) =>
      one.devices.configure(tx, organisation, device.id, "lab", { a: 1 }),
    );
    await until(() => lines.some((line) => line.includes('"lab":{"a":1}')));
    await stores.store.organisation(organisation, (tx) =>
      one.devices.revokeDevice(tx, organisation, device.id, "Gone."),
    );
    await until(() => lines.includes("end"));
    expect(lines.at(-2)).toBe('{"type":"revoked","reason":"Gone."}');
    expect(told(await testDevice(other, device.identity, organisation).submit(1, [1])).code).toBe("DEVICE_REVOKED");
  });

  test("a stream request that is replayed is refused", async () => {
    const lab = await start();
    const device = await enrolTestDevice(lab, folder);
    const ask = { method: "GET", path: "/edge/v1/stream", headers: {} };
    const headers = signedHeaders(device.identity, ask, Date.now());
    const first = await request(`${lab.url}${ask.path}`, { headers });
    const again = await request(`${lab.url}${ask.path}`, { headers });
    expect([first.statusCode, again.statusCode]).toEqual([200, 401]);
    expect(await again.body.text()).toContain("SIGNATURE_REPLAYED");
    first.body.destroy();
  });
});

describe("telemetry that fails", () => {
  /** The real telemetry behind a line that breaks: `after` the insert was done, or before. */
  function breaking(times: number, after: boolean): Telemetry {
    let left = times;
    return {
      ...stores.telemetry,
      async insert(table, columns, token) {
        const breaks = left-- > 0;
        if (breaks && !after) throw new Error("the line broke before the insert");
        await stores.telemetry.insert(table, columns, token);
        if (breaks) throw new Error("the line broke after the insert");
      },
    };
  }
  test.each([
    { name: "before the insert", after: false },
    { name: "after the insert: the answer was lost", after: true },
  ])("broken $name: batches are acknowledged all the while and stored once", async ({ after }) => {
    const lab = await start({ stores: { store: stores.store, telemetry: breaking(3, after) } });
    const device = await enrolTestDevice(lab, folder);
    for (let i = 0; i < 10; i++) expect(told(await device.submit(i + 1, [i])).status).toBe(200);
    await until(async () => {
      await lab.door.drain().catch(() => undefined);
      return (await labValues(stores.telemetry, device.organisation, device.id)).length >= 10;
    });
    await until(async () => (await journal()) === 0);
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual([...Array(10).keys()]);
  });
  test("a group that telemetry refuses for good does not hold up the others, and is set aside while they pass", async () => {
    let poison: string | null = null;
    const picky: Telemetry = {
      ...stores.telemetry,
      insert(table, columns, token) {
        poison ??= token;
        if (token === poison) return Promise.reject(new Error("refused for good"));
        return stores.telemetry.insert(table, columns, token);
      },
    };
    const lab = await start({ stores: { store: stores.store, telemetry: picky } });
    const device = await enrolTestDevice(lab, folder);
    const aside = async (): Promise<number> => {
      const { rows } = await stores.store.organisation(device.organisation, (tx) =>
        sql<{ n: string }>`select count(*) as n from devices.batch_aside`.execute(tx),
      );
      return Number(rows[0]?.n);
    };
    let sequence = 0;
    await until(async () => {
      await device.submit(++sequence, [sequence]);
      await lab.door.drain().catch(() => undefined);
      return (await aside()) === 1;
    });
    await lab.door.drain();
    const stored = await labValues(stores.telemetry, device.organisation, device.id);
    expect(stored).toEqual([...Array(sequence - 1).keys()].map((i) => i + 2));
  });
  const journal = async (): Promise<number> => {
    const { rows } = await stores.store.provider((tx) =>
      sql<{ n: string }>`select count(*) as n from devices.journal`.execute(tx),
    );
    return Number(rows[0]?.n);
  };

  test("while the journal is too long, batches are turned away with 503 and Retry-After", async () => {
    const lab = await start({
      stores: { store: stores.store, telemetry: breaking(20, false) },
      limits: { journalBytes: 1 },
    });
    const device = await enrolTestDevice(lab, folder);
    let sequence = 0;
    await until(async () => {
      const answer = await device.submit(++sequence, [1]);
      if (answer.status === 200) return false;
      expect(told(answer)).toMatchObject({ status: 503, code: "DOOR_BUSY" });
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      return true;
    });
  });
});

describe("limits", () => {
  test("a device that asks too often gets 429 with Retry-After; another device does not", async () => {
    const lab = await start({ limits: { devicePerSecond: 0.01, deviceBurst: 5 } });
    const [greedy, modest] = [await enrolTestDevice(lab, folder), await enrolTestDevice(lab, folder)];
    const answers = [];
    for (let i = 1; i <= 6; i++) answers.push(await greedy.submit(i, [i]));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(answers.at(-1)?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await modest.submit(1, [1])).status).toBe(200);
  });

  test("a device that begins a new epoch with each batch is slowed down, because each is a row for ever", async () => {
    const lab = await start();
    const device = await enrolTestDevice(lab, folder);
    const statuses = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const batch = device.batch(1, [i], { epoch: i.toString(16).padStart(16, "0") });
      statuses.add((await device.send(device.sign(Buffer.from(batch), { encoding: null }))).status);
    }
    expect(statuses).toEqual(new Set([200, 429]));
  });

  test("an address that fails to prove itself is turned away; a device that is known there still gets in", async () => {
    const lab = await start({ limits: { failuresPerMinute: 5 } });
    const device = await enrolTestDevice(lab, folder);
    expect((await device.submit(1, [1])).status).toBe(200);
    const key = {
      wire: 1,
      key: "k".repeat(43),
      publicKey: device.identity.publicKey,
      program: "agent",
      version: "0",
      hostname: "h",
      platform: "p",
    };
    const guess = () =>
      fetch(`${lab.url}/edge/v1/enrol`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(key),
      });
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await guess()).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
    expect((await device.submit(2, [2])).status).toBe(200);
  });
});
