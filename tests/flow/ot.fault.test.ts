/**
 * OT security from the packet to the person: a sensor watches the synthetic factory, both programs are killed in between, and
 * devices, planned work, alerts, report and ledger are asked for as a customer would.
 */
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Static } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Incident, IncidentDetail, MadeChannel } from "@yagura/alerts/shapes.ts";
import type { Fact } from "@yagura/commerce/charging/facts.ts";
import { plant } from "@yagura/ot/demo/plant.ts";
import type { LedgerPage, Sensor, SensorDetail, SensorKey } from "@yagura/ot/wire/api.ts";
import type { AssetItem } from "@yagura/ot/wire/api-assets.ts";
import type { FindingView, Permit, PermitReport } from "@yagura/ot/wire/api-findings.ts";
import type { Assessment } from "@yagura/ot/wire/api-register.ts";
import type { NetworkMap } from "@yagura/ot/wire/api-traffic.ts";
import type { Organisation, Page } from "@yagura/server/shapes.ts";
import { api, until, yagura, type Api } from "./client.ts";
import { freePort, output, run, startPlane, type Program } from "./ot-programs.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-flow-ot-"));
const data = join(folder, "data");
const state = join(folder, "sensor");
const DAY_SECONDS = 86_400;
/** Seconds that are learned; the attack comes 40 s after a start of the sensor. */
const LEARNING = 20;

let port = 0;
let plane: Program;
let sensor: Program;
let client: Api;
let base = "";
let contract = "";
let slot: Sensor;
let hooks: Server;
let channel: MadeChannel;
const posted: { body: string; signature: string }[] = [];

const startSensor = (...more: string[]): Program =>
  run("sensor", ["--demo", "--server", `http://127.0.0.1:${port}`, "--state", state, ...more]);
const get = <T>(path: string): Promise<T> => client.get<T>(`${base}${path}`);
const findings = async (query = ""): Promise<FindingView[]> =>
  (await get<Page<FindingView>>(`/ot/findings?limit=500${query}`)).items;
const assetsNow = async (): Promise<AssetItem[]> => (await get<Page<AssetItem>>("/ot/assets?limit=500")).items;
const ledger = () => get<Static<typeof LedgerPage>>(`/ot/sensors/${slot.id}/ledger?limit=10000`);

beforeAll(async () => {
  port = await freePort();
  plane = await startPlane(data, port, ["--alert-reach", "any"]);
  client = api(`http://localhost:${port}`, await yagura("token", "create", "--data", data, "--role", "provider-admin"));
  hooks = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      posted.push({ body, signature: String(request.headers["yagura-signature"]) });
      response.end();
    });
  });
  await new Promise<void>((done) => hooks.listen(0, "127.0.0.1", done));
}, 180_000);

afterAll(async () => {
  await sensor?.end("SIGKILL");
  await plane?.end("SIGINT");
  hooks?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("OST-T01 OST-T02 a sensor enrols by its key; within seconds there are devices with roles and makers, and a map (OT-6, OT-11)", async () => {
  const organisation = await client.post<Organisation>("/api/v1/organisations", { name: "株式会社架空工業" });
  base = `/api/v1/organisations/${organisation.id}`;
  contract = (await client.post<{ id: string }>(`${base}/contracts`, { service: "ot" })).id;
  slot = (await get<Sensor[]>("/ot/sensors"))[0] as Sensor;
  const change = { thresholds: { "learning.minimumDays": LEARNING / DAY_SECONDS } };
  const set = await client.raw("PUT", `${base}/ot/settings`, { siteId: slot.siteId, change });
  const sooner = await client.raw("PATCH", `${base}/ot/sensors/${slot.id}`, { uploadMs: 2_000 });
  expect([set.status, sooner.status]).toEqual([200, 200]);
  const { key } = await client.post<Static<typeof SensorKey>>(`${base}/ot/sensors/${slot.id}/key`);
  const { port: hookPort } = hooks.address() as AddressInfo;
  channel = await client.post<MadeChannel>(`${base}/alert-channels`, {
    kind: "webhook",
    name: "SOC",
    settings: { url: `http://127.0.0.1:${hookPort}/yagura` },
    minimumSeverity: "bad",
    services: ["ot"],
    language: "en",
    enabled: true,
  });
  sensor = startSensor("--key", key);
  const seen = await until(60, "devices", assetsNow, (list) => list.length >= 20);
  const at = (address: string): AssetItem | undefined => seen.find(({ addresses }) => addresses.includes(address));
  expect(at(plant.packingPlc.address)).toMatchObject({ role: "plc", vendor: "Siemens" });
  expect(at(plant.pressPlc.address)).toMatchObject({ role: "plc", vendor: "Mitsubishi Electric" });
  expect(at(plant.drive.address)).toMatchObject({ role: "drive", vendor: "Schneider Electric" });
  expect(at(plant.robot.address)).toMatchObject({ role: "robot", vendor: "FANUC" });
  const map = await get<NetworkMap>("/ot/map");
  expect(map.nodes.length).toBeGreaterThanOrEqual(20);
  expect(map.edges.filter(({ ot }) => ot).length).toBeGreaterThanOrEqual(5);
}, 120_000);

test("OT-28 the engineering session is expected under its permit, and the permit's report shows it (OT-N4)", async () => {
  // Killed while it is connected; its factory begins anew.
  await sensor.end("SIGKILL");
  sensor = startSensor();
  const known = await until(30, "the engineering station", assetsNow, (list) =>
    list.some(({ addresses }) => addresses.includes(plant.engineer.address)),
  );
  const idOf = (address: string): string => known.find(({ addresses }) => addresses.includes(address))?.id ?? "";
  const permit = await client.post<Permit>(`${base}/ot/permits`, {
    siteId: slot.siteId,
    title: "Packing line: change of the program",
    who: "Maintenance",
    from: new Date(Date.now() - 60_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
    assetIds: [idOf(plant.packingPlc.address)],
    clientIds: [idOf(plant.engineer.address)],
    classes: ["upload", "download", "mode"],
  });
  const expected = await until(
    60,
    "the session",
    () => findings("&state=expected"),
    (list) => list.some(({ kind }) => kind === "ot.program.downloaded"),
  );
  expect(expected.map(({ permitId }) => permitId)).toEqual(expected.map(() => permit.id));
  const report = await get<PermitReport>(`/ot/permits/${permit.id}/report`);
  expect(report.within.map(({ class: kind }) => kind)).toContain("download");
  expect((await get<Page<Incident>>("/alerts")).items.filter(({ severity }) => severity === "critical")).toEqual([]);
}, 120_000);

test("kill -9 of the control plane, then of the sensor while it keeps what it cannot send: both go on where they were", async () => {
  const before = (await ledger()).items.length;
  await plane.end("SIGKILL");
  await new Promise((done) => setTimeout(done, 5_000));
  await sensor.end("SIGKILL");
  plane = await startPlane(data, port, ["--alert-reach", "any"]);
  sensor = startSensor();
  // Two uploads at least were made while nobody took them.
  const after = await until(60, "uploads after that", ledger, ({ items }) => items.length > before + 3);
  expect(after.state.breaks).toBe(0);
}, 180_000);

test("OT-18 OT-19 the attack becomes incidents with technique and four sentences, and is told by a signed webhook within seconds", async () => {
  const shown = await until(
    90,
    "an incident about the stopped controller",
    () => get<Page<Incident>>("/alerts?service=ot"),
    ({ items }) => items.some(({ kind }) => kind === "ot.device.stopped"),
  );
  const shownAt = Date.now();
  const stopped = shown.items.find(({ kind }) => kind === "ot.device.stopped") as Incident;
  const detail = await get<IncidentDetail>(`/alerts/${stopped.id}`);
  const packet = Date.parse(detail.worst[0]?.since ?? "");
  process.stdout.write(`from the packet to the alert: ${((shownAt - packet) / 1000).toFixed(1)} s\n`);
  expect(detail.worst[0]?.techniques).toContain("T0858");

  const wanted = [
    "ot.device.new",
    "ot.scan.arp",
    "ot.scan.ports",
    "ot.login.cleartext",
    "ot.command.class-new",
    "ot.device.stopped",
    "ot.permit.exceeded",
  ];
  const missing = async (): Promise<string[]> => {
    const open = new Set((await findings("&state=open")).map(({ kind }) => kind));
    return wanted.filter((kind) => !open.has(kind));
  };
  await until(60, "every finding of the attack", missing, (kinds) => kinds.length === 0);
  const { items } = await get<Page<Incident>>("/alerts?service=ot");
  const told = (await Promise.all(items.map(({ id }) => get<IncidentDetail>(`/alerts/${id}`)))).flatMap(
    ({ worst }) => worst,
  );
  expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(wanted));
  for (const { kind, title, normal, changed, advice, techniques } of told) {
    expect(
      [title, normal, changed, advice].filter((sentence) => sentence.trim() === ""),
      kind,
    ).toEqual([]);
    expect(techniques.length, kind).toBeGreaterThan(0);
  }
  // Related findings stand together: far fewer incidents than findings.
  expect(items.length).toBeLessThan((await findings()).length);

  await until(
    60,
    "the webhook",
    async () => posted,
    (list) => list.some(({ body }) => body.includes(stopped.id)),
  );
  for (const { body, signature } of posted) {
    const [, seconds = "", sum = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(
      createHmac("sha256", channel.key ?? "")
        .update(`${seconds}.${body}`)
        .digest("hex"),
    ).toBe(sum);
  }
}, 240_000);

test("OT-30 the assessment report gives its figures, as JSON and as PDF", async () => {
  const report = await get<Assessment>(`/ot/reports/assessment?site=${slot.siteId}`);
  expect(report.assets.total).toBeGreaterThanOrEqual(20);
  expect(report.tally.critical).toBeGreaterThan(0);
  expect(report.score).toBeLessThan(100);
  expect(report.findings.length).toBeGreaterThan(5);
  const pdf = await client.raw("GET", `${base}/ot/reports/assessment.pdf?site=${slot.siteId}`);
  const bytes = Buffer.from(await pdf.arrayBuffer());
  expect([pdf.status, bytes.subarray(0, 5).toString()]).toEqual([200, "%PDF-"]);
}, 60_000);

test("OST-T04 OT-N1 through all of this: one fact of installation, an unbroken ledger that is the same on both sides", async () => {
  expect(await sensor.end("SIGTERM")).toBe(0);
  const detail = await get<SensorDetail>(`/ot/sensors/${slot.id}`);
  expect(detail.sensor.firstUploadAt).not.toBeNull();
  const facts = await get<readonly { fact: Fact; source: string }[]>(`/contracts/${contract}/facts`);
  const installed = facts.filter(({ fact }) => fact.kind === "installed");
  expect(installed.map(({ source }) => source)).toEqual(["ot"]);

  // What was stored last is looked at within moments.
  const own = JSON.parse((await output("sensor", ["ledger", "--state", state, "--json"])).out) as { lines: unknown[] };
  const page = await until(30, "all uploads", ledger, ({ items }) => items.length === own.lines.length);
  expect(page.state).toMatchObject({ state: "unbroken", breaks: 0 });
  const numbers = page.items.map(({ number }) => number).toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
  const file = join(folder, "ledger.json");
  writeFileSync(file, JSON.stringify(page));
  const { status, out } = await output("sensor", ["ledger", "verify", file, "--state", state, "--json"]);
  expect(status, out).toBe(0);
  const { comparison, faults } = JSON.parse(out) as {
    faults: unknown[];
    comparison: { same: number; waiting: number; missing: unknown[]; different: unknown[]; unknown: unknown[] };
  };
  expect(faults).toEqual([]);
  expect(comparison).toMatchObject({ same: numbers.length, waiting: 0, missing: [], different: [], unknown: [] });
  process.stdout.write(`${numbers.length} uploads, the same on both sides\n`);
}, 60_000);
