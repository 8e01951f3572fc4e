/** An edge program over stops, a server that is away, configurations that it refuses, and new keys. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { EXIT_REVOKED, runEdge } from "@yagura/edge/run.ts";
import { describeStatus, readStatus } from "@yagura/edge/status.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { labMigrations, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { until } from "@yagura/testkit/until.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let stores: TestStores;
let folder: string;
let lab: EdgeLab;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-program-"));
  stores = await testStores({ migrations: labMigrations });
  lab = await startEdgeLab({ stores, dataFolder: folder });
});
afterAll(async () => {
  await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(
  state: string,
  options: { server?: string; key?: string; refuse?: (document: unknown) => boolean } = {},
) {
  const { refuse, ...rest } = options;
  const stop = new AbortController();
  const configured: unknown[] = [];
  const ended = runEdge({
    ...rest,
    folder: state,
    program: "agent",
    version: "0",
    log: quiet,
    signal: stop.signal,
    services: [
      () => ({
        id: "lab",
        configure(document) {
          if (refuse?.(document) === true) throw new Error("an interval of zero");
          configured.push(document);
        },
        stop: () => undefined,
      }),
    ],
  });
  ended.catch(() => undefined);
  return { configured, ended, stop: () => (stop.abort(), ended) };
}
const devicesOf = async (organisation: string): Promise<{ id: string; public_key: Buffer }[]> => {
  const { rows } = await stores.store.organisation(organisation, (tx) =>
    sql<{ id: string; public_key: Buffer }>`select id, public_key from devices.device order by id`.execute(tx),
  );
  return rows;
};
const configure = (organisation: string, device: string, document: unknown): Promise<void> =>
  stores.store.organisation(organisation, (tx) => lab.devices.configure(tx, organisation, device, "lab", document));

test("the last configuration is kept and used when the server is away", async () => {
  const [state, organisation] = [join(folder, newId()), newId()];
  const first = start(state, { server: lab.url, key: await lab.key(organisation) });
  await until(async () => (await devicesOf(organisation)).length === 1);
  await configure(organisation, (await devicesOf(organisation))[0]?.id ?? "", { interval: 7 });
  await until(() => first.configured.some((one) => JSON.stringify(one) === '{"interval":7}'));
  expect(await first.stop()).toBe(0);
  const again = start(state, { server: "http://127.0.0.1:9" });
  await until(() => again.configured.length > 0);
  expect(again.configured).toEqual([{ interval: 7 }]);
  expect(await again.stop()).toBe(0);
});

test("a configuration that a service refuses is not acknowledged and is told in the health report", async () => {
  const [state, organisation] = [join(folder, newId()), newId()];
  const refuse = (document: unknown): boolean => JSON.stringify(document) === '{"interval":0}';
  const program = start(state, { server: lab.url, key: await lab.key(organisation), refuse });
  await until(async () => (await devicesOf(organisation)).length === 1);
  const device = (await devicesOf(organisation))[0]?.id ?? "";
  const told = async () => {
    await lab.door.flush();
    const { rows } = await stores.store.organisation(organisation, (tx) =>
      sql<{ acknowledged: number | null; warnings: string[] | null }>`
        select p.configuration_acknowledged as acknowledged, h.health -> 'warnings' as warnings
        from devices.presence p left join devices.health h using (device_id) where p.device_id = ${device}`.execute(tx),
    );
    return rows[0] ?? { acknowledged: null, warnings: null };
  };
  await configure(organisation, device, { interval: 0 });
  await until(async () => (await told()).warnings?.some((text) => text.includes("an interval of zero")) === true);
  expect((await told()).acknowledged ?? 0).toBe(0);
  await configure(organisation, device, { interval: 5 });
  await until(async () => (await told()).acknowledged === 2);
  expect((await told()).warnings).toEqual([]);
  expect(await program.stop()).toBe(0);
});

test("after a revocation a new key makes a new device with a new key pair; the old key given again changes nothing", async () => {
  const [state, organisation] = [join(folder, newId()), newId()];
  const key = await lab.key(organisation);
  const first = start(state, { server: lab.url, key });
  await until(async () => (await devicesOf(organisation)).length === 1);
  const old = (await devicesOf(organisation))[0]?.id ?? "";
  await stores.store.organisation(organisation, (tx) => lab.devices.revokeDevice(tx, organisation, old, "Sold."));
  expect(await first.ended).toBe(EXIT_REVOKED);
  expect(readStatus(state)).toMatchObject({ state: "revoked", device: old });
  expect(describeStatus(readStatus(state) as never, Date.now())).toContain("Sold.");
  expect(await start(state, { server: lab.url, key }).ended).toBe(EXIT_REVOKED);
  const again = start(state, { server: lab.url, key: await lab.key(organisation) });
  await until(async () => (await devicesOf(organisation)).length === 2);
  await until(() => readStatus(state)?.connected === true && readStatus(state)?.state === "running");
  const both = await devicesOf(organisation);
  expect(both[0]?.public_key.equals(both[1]?.public_key ?? Buffer.alloc(0))).toBe(false);
  expect(await again.stop()).toBe(0);
});

test.each([
  { name: "no key on the first start", options: {}, code: "NOT_ENROLLED" },
  { name: "half a key", options: { server: "http://127.0.0.1:1", key: "yk1.half" }, code: "ENROLMENT_KEY_MALFORMED" },
  {
    name: "an address that is none",
    options: { server: "yagura", key: `yk1.${"a".repeat(43)}.-` },
    code: "SERVER_ADDRESS_INVALID",
  },
  {
    name: "nobody there",
    options: { server: "http://127.0.0.1:9", key: `yk1.${"a".repeat(43)}.-` },
    code: "SERVER_UNREACHABLE",
  },
])("refused with a sentence: $name", async ({ options, code }) => {
  await expect(start(join(folder, newId()), options).ended).rejects.toMatchObject({ code });
});

test("an enrolment that the server refuses says the server's reason; a damaged identity is not replaced", async () => {
  const unknown = start(join(folder, newId()), { server: lab.url, key: `yk1.${"b".repeat(43)}.-` });
  await expect(unknown.ended).rejects.toThrow(/not known here/);
  const state = join(folder, newId());
  const organisation = newId();
  const first = start(state, { server: lab.url, key: await lab.key(organisation) });
  await until(() => readStatus(state) !== null);
  expect(await first.stop()).toBe(0);
  const file = join(state, "identity.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 40));
  await expect(start(state).ended).rejects.toThrow();
});

test("a second program on the same state folder is refused; a lock that a dead one left is taken over", async () => {
  const state = join(folder, newId());
  const first = start(state, { server: lab.url, key: await lab.key(newId()) });
  await until(() => readStatus(state) !== null);
  await expect(start(state).ended).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  expect(await first.stop()).toBe(0);
  // A process that is gone, and one that has the number of one that is gone.
  for (const left of ["4194304 1", `${process.ppid} 1`]) {
    writeFileSync(join(state, "lock"), left);
    const again = start(state);
    await until(() => readStatus(state)?.state === "running");
    expect(await again.stop()).toBe(0);
  }
});
