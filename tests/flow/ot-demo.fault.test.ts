/** `npm start -- --demo` as somebody who comes new to it: within a minute there is something to look at. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Incident } from "@yagura/alerts/shapes.ts";
import type { Sensor, Site } from "@yagura/ot/wire/api.ts";
import type { AssetItem } from "@yagura/ot/wire/api-assets.ts";
import type { FindingView, Permit } from "@yagura/ot/wire/api-findings.ts";
import type { NetworkMap } from "@yagura/ot/wire/api-traffic.ts";
import type { Organisation, Page } from "@yagura/server/shapes.ts";
import { memoryOfTree, startYagura, type Running } from "../../bench/src/running.ts";
import { api, until, yagura, type Api } from "./client.ts";

const data = mkdtempSync(join(tmpdir(), "yagura-flow-demo-"));
let running: Running;
let client: Api;
let base = "";
let servedAt = 0;

async function start(...argv: string[]): Promise<void> {
  running = await startYagura(data, argv);
  servedAt = performance.now();
  client = api(running.url, await yagura("token", "create", "--data", data, "--role", "provider-admin"));
  const own = (await client.get<Page<Organisation>>("/api/v1/organisations")).items[0] as Organisation;
  base = `/api/v1/organisations/${own.id}`;
}
const get = <T>(path: string): Promise<T> => client.get<T>(`${base}${path}`);
const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
};
const programs = (): string[] =>
  memoryOfTree(running.process.pid ?? 0).pids.map(
    (pid) => /programs\/([\w-]+)\/src\/main/.exec(commandOf(pid))?.[1] ?? "",
  );
const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

beforeAll(() => start("--demo"), 180_000);
afterAll(async () => {
  await running?.stop();
  rmSync(data, { recursive: true, force: true });
});

test("devices, a map, planned work and alerts are there within a minute, and the contract is not charged", async () => {
  const assets = await until(
    60,
    "devices",
    () => get<Page<AssetItem>>("/ot/assets?limit=100"),
    ({ items }) => items.length >= 20,
  );
  expect(new Set(assets.items.map(({ role }) => role)).size).toBeGreaterThan(5);
  const alerts = await until(
    90,
    "the attack",
    () => get<Page<Incident>>("/alerts?service=ot"),
    ({ items }) => items.some(({ kind }) => kind === "ot.device.stopped"),
  );
  process.stdout.write(`the attack is shown ${((performance.now() - servedAt) / 1000).toFixed(0)} s after the start\n`);
  expect(alerts.items.length).toBeLessThan(15);
  expect((await get<NetworkMap>("/ot/map")).nodes.length).toBeGreaterThanOrEqual(20);
  const [permit, ...more] = await get<Permit[]>("/ot/permits");
  expect([permit?.state, permit?.expected, more]).toEqual(["active", expect.any(Number), []]);
  const expected = await get<Page<FindingView>>("/ot/findings?state=expected");
  expect(expected.items.map(({ kind }) => kind)).toContain("ot.program.downloaded");
  const { items } = await get<Page<{ service: string; charged: boolean }>>("/contracts");
  expect(items.filter(({ service }) => service === "ot")).toMatchObject([{ charged: false }]);
}, 240_000);

test("Ctrl-C ends all with status 0; a later start without --demo runs no sensor, with it the same one again", async () => {
  expect(programs()).toContain("sensor");
  const { pids } = memoryOfTree(running.process.pid ?? 0);
  const { status, after } = await running.stop();
  expect([status, pids.filter(isRunning)]).toEqual([0, []]);
  expect(after).toBeLessThan(10_000);

  await start();
  expect(programs()).not.toContain("sensor");
  expect((await running.stop()).status).toBe(0);

  await start("--demo");
  expect(await get<Site[]>("/ot/sites")).toHaveLength(1);
  const before = (await get<Sensor[]>("/ot/sensors")) as [Sensor];
  expect(before).toHaveLength(1);
  await until(
    60,
    "an upload",
    () => get<Sensor[]>("/ot/sensors"),
    ([sensor]) => (sensor?.lastUploadAt ?? "") > (before[0].lastUploadAt ?? ""),
  );
  expect(await get<Permit[]>("/ot/permits")).toHaveLength(1);
}, 240_000);
