/** What one device sends never keeps the batches of others from being stored, nor fills the pages that show it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { enrolTestDevice, told, type TestDevice } from "@yagura/testkit/edge-device.ts";
import { labMigrations, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { newId } from "@yagura/core/ids.ts";
import { createCommitter, type Offer } from "./commit.ts";

let stores: TestStores;
let lab: EdgeLab;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-poison-"));
  stores = await testStores({ migrations: labMigrations });
  lab = await startEdgeLab({ stores, dataFolder: folder });
});
afterAll(async () => {
  await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

const health = {
  at: 1,
  program: "agent",
  version: "0",
  cpu: 0,
  memory: 0,
  spool: { batches: 0, bytes: 0, limit: 0, dropped: 0 },
  capabilities: {},
  warnings: [] as string[],
};
const capabilities = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`c${n}`, "x".repeat(100)]));

test.each([
  { name: "a zero byte in a warning", body: { ...health, warnings: ["a\u0000b"] } },
  { name: "half a character in a warning", body: { ...health, warnings: ["a\ud800b"] } },
  { name: "a zero byte in a name", body: { ...health, capabilities: { "a\u0000": "b" } } },
  { name: "sixty kilobytes of capabilities", body: { ...health, capabilities } },
])("$name is refused, and batches of the same moment are stored", async ({ body }) => {
  const [bad, good] = [await enrolTestDevice(lab, folder), await enrolTestDevice(lab, folder)];
  const report = zstdCompressSync(bad.batch(1, [], { kind: "edge.health", body }));
  const [refused, stored] = await Promise.all([bad.send(bad.sign(report)), good.submit(1, [1])]);
  expect(told(stored)).toMatchObject({ status: 200, duplicate: false });
  expect(told(refused)).toMatchObject({ status: 400, code: "BATCH_MALFORMED" });
  expect(told(await bad.submit(2, [1]))).toMatchObject({ status: 200 });
});

test("what passes the door and not the database is refused alone", async () => {
  const [bad, good] = [await enrolTestDevice(lab, folder), await enrolTestDevice(lab, folder)];
  const failed: unknown[] = [];
  const committer = createCommitter({
    store: stores.store,
    writer: newId(),
    committed: () => undefined,
    failed: (error) => void failed.push(error),
  });
  const offer = (device: TestDevice, sequence: number, warnings: string[]): Offer => ({
    taken: {
      kind: "edge.health",
      batch: {
        device: device.id,
        organisation: device.organisation,
        epoch: "0123456789abcdef",
        sequence,
        receivedAt: 1,
        clockOffset: 0,
        body: null,
      },
      encoding: "identity",
      bytes: Buffer.alloc(1),
    },
    oldest: 1,
    health: { health: { ...health, warnings }, clock: null },
  });
  const verdicts = await Promise.allSettled([
    committer.add(offer(good, 1, [])),
    committer.add(offer(bad, 1, ["a\u0000"])),
    committer.add(offer(good, 2, [])),
  ]);
  await committer.close();
  expect(verdicts).toMatchObject([
    { status: "fulfilled", value: "fresh" },
    { status: "rejected", reason: { code: "BATCH_MALFORMED" } },
    { status: "fulfilled", value: "fresh" },
  ]);
  expect(failed).toHaveLength(1);
});

test("an enrolment whose texts no database keeps is refused, and its key stays good", async () => {
  const organisation = newId();
  const key = (await lab.key(organisation)).split(".")[1] ?? "";
  const enrol = async (hostname: string): Promise<number> => {
    const body = { wire: 1, key, publicKey: "A".repeat(43), program: "agent", version: "0", hostname, platform: "x" };
    return (await fetch(`${lab.url}/edge/v1/enrol`, { method: "POST", body: JSON.stringify(body) })).status;
  };
  expect(await enrol("a\u0000b")).toBe(400);
  expect(await enrol("a")).toBe(200);
});

test("some hundred bytes that inflate to megabytes of nonsense cost their sender the next turns, and nobody else's", async () => {
  const [bad, good] = [await enrolTestDevice(lab, folder), await enrolTestDevice(lab, folder)];
  const nonsense = zstdCompressSync(bad.batch(1, []).replace('"values":[]', `"values":[${"{},".repeat(1_000_000)}1]`));
  expect(nonsense.length).toBeLessThan(2_000);
  expect(told(await bad.send(bad.sign(nonsense)))).toMatchObject({ status: 400, code: "BATCH_MALFORMED" });
  const again = await bad.send(bad.sign(nonsense));
  expect(told(again)).toMatchObject({ status: 429, code: "DEVICE_RATE_LIMITED" });
  expect(told(await bad.submit(1, [1]))).toMatchObject({ status: 429 });
  expect(told(await good.submit(1, [1]))).toMatchObject({ status: 200 });
});
