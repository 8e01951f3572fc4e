/**
 * From the wire to the asset list (OST-T01, OST-T02, OST-T04): a mirror port, a sensor and a control plane as three machines; what
 * the sensor's ledger says beside what the server says.
 */
import { execFile, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Static } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerPage, Sensor, SensorDetail } from "@yagura/ot/wire/api.ts";
import type { FindingView } from "@yagura/ot/wire/api-findings.ts";
import { arp, udp } from "@yagura/packets/build/frames.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { api, bootstrap, until, yagura, type Api } from "./client.ts";

const SERVER = "10.87.0.1";
const SENSOR = "10.87.0.2";
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-sensor-"));
const data = join(folder, "data");
const state = join(folder, "state");

let lab: Lab;
let server: Namespace;
let plant: Namespace;
let box: Namespace;
let plane: ChildProcess;
let client: Api;
let port = 0;

beforeAll(async () => {
  // The sensor becomes another user, who must reach its state.
  chmodSync(folder, 0o755);
  lab = await openLab();
  [server, plant, box] = [await lab.namespace(), await lab.namespace(), await lab.namespace()];
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: box, name: "out", addresses: [`${SENSOR}/24`] },
  );
  await plant.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
  await lab.link({ in: plant, name: "mirror", addresses: [] }, { in: box, name: "tap", addresses: [] });
  plane = server.node(
    bootstrap,
    ["start", "--data", data, "--port", "0", "--host", "0.0.0.0", "--local-agent", "off"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  port = await new Promise<number>((done, failed) => {
    plane.once("exit", (code) => failed(new Error(`the control plane ended with status ${code}`)));
    createInterface({ input: plane.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line.startsWith("ready ")) done(Number(new URL(line.slice(6)).port));
    });
  });
  const socket = join(folder, "api.sock");
  server.node(new URL("relay.ts", import.meta.url).pathname, [socket, String(port)], { stdio: "ignore" });
  await until(10, "the relay", async () => existsSync(socket), Boolean);
  client = api(
    `http://localhost:${port}`,
    await yagura("token", "create", "--data", data, "--role", "provider-admin"),
    socket,
  );
}, 180_000);

afterAll(async () => {
  if (plane?.exitCode === null && plane.signalCode === null) {
    const ended = new Promise((done) => plane.once("exit", done));
    plane.kill("SIGINT");
    await ended;
  }
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `npx yagura sensor …` on the sensor's machine, to its end. */
function sensorCommand(...parameters: string[]): Promise<{ code: number; out: string }> {
  const [command, all] = box.enter(process.execPath, [bootstrap, "yagura", "sensor", ...parameters]);
  return new Promise((resolve) => {
    execFile(command, all, { env: { ...process.env, LC_ALL: "C" } }, (error, out, told) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out: out + told }),
    );
  });
}

test("OST-T01 OST-T02 packets on a mirror port become assets and alerts, and both ledgers agree (OT-N1)", async () => {
  const organisation = await client.post<Organisation>("/api/v1/organisations", { name: "株式会社工場" });
  const base = `/api/v1/organisations/${organisation.id}`;
  const contract = await client.post<{ number: string }>(`${base}/contracts`, { service: "ot" });
  const [sensor] = await client.get<Sensor[]>(`${base}/ot/sensors`);
  if (sensor === undefined) throw new Error("a contract has no sensor");
  expect(sensor.contractNumber).toBe(contract.number);
  const { key } = await client.post<{ key: string }>(`${base}/ot/sensors/${sensor.id}/key`);

  expect((await sensorCommand("--prepare", "--interface", "tap")).out).toContain("tap: silent and up");
  const running = box.node(
    bootstrap,
    ["yagura", "sensor", "--interface", "tap", "--server", `https://${SERVER}:${port}`, "--key", key, "--state", state],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve) => running.on("exit", resolve));
  // It captures as soon as it is enrolled.
  const enrolled = (one: SensorDetail): boolean => one.sensor.state === "silent" || one.sensor.state === "online";
  const detail = (): Promise<SensorDetail> => client.get(`${base}/ot/sensors/${sensor.id}`);
  await until(60, "enrolment", detail, enrolled);

  const plc = { mac: "00:1b:1b:00:00:01", address: "192.168.10.10" };
  const hmi = { mac: "00:0c:29:00:00:02", address: "192.168.10.20" };
  const ask = Uint8Array.of(0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2);
  const answer = Uint8Array.of(0, 1, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2);
  const frames = [
    arp(1, hmi, plc),
    arp(2, plc, hmi),
    udp(hmi, plc, { from: 40_000, to: 502 }, ask),
    udp(plc, hmi, { from: 502, to: 40_000 }, answer),
  ];
  await generate(plant, { device: "mirror", frames, packets: 4_000, rate: 500 });
  const assets = await until(
    60,
    "assets",
    () => client.get<{ items: unknown[] }>(`${base}/ot/assets`),
    ({ items }) => items.length >= 2,
  );
  const text = JSON.stringify(assets.items);
  for (const { mac, address } of [plc, hmi]) {
    expect(text).toContain(mac);
    expect(text).toContain(address);
  }
  const seen = await until(60, "the first upload", detail, (one) => one.sensor.firstUploadAt !== null);
  expect(seen.sensor.interfaces).toEqual([]);

  // Somebody stops the PLC: FINS (UDP 9600), command 04 02; told although everything is still being learned.
  const fins = (icf: number, ...rest: number[]): Uint8Array =>
    Uint8Array.of(icf, 0, 2, 0, 10, 0, 0, 20, 0, 1, 4, 2, ...rest);
  const stopped = [
    udp(hmi, plc, { from: 9_600, to: 9_600 }, fins(0x80, 0xff, 0xff)),
    udp(plc, hmi, { from: 9_600, to: 9_600 }, fins(0xc0, 0, 0)),
  ];
  const began = performance.now();
  await generate(plant, { device: "mirror", frames: stopped, packets: 2, rate: 100 });
  const aboutStop = ({ kind, assets: about }: FindingView): boolean =>
    /stop|mode/.test(kind) && JSON.stringify(about).includes("192.168.10.10");
  const { items } = await until(
    30,
    "the finding",
    () => client.get<{ items: FindingView[] }>(`${base}/ot/findings`),
    (page) => page.items.some(aboutStop),
  );
  process.stdout.write(`from the packet to the finding: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  const finding = items.find(aboutStop);
  expect(finding?.techniques.length).toBeGreaterThan(0);
  const alerts = await client.get<{ items: unknown[] }>(`${base}/alerts`);
  expect(JSON.stringify(alerts.items)).toContain(finding?.kind);

  running.kill("SIGTERM");
  expect(await ended).toBe(0);
  const page = await until(
    60,
    "the ledger",
    () => client.get<Static<typeof LedgerPage>>(`${base}/ot/sensors/${sensor.id}/ledger`),
    ({ state: chain }) => chain.uploads > 0,
  );
  expect(page.state.state).toBe("unbroken");
  const exported = join(folder, "ledger.json");
  writeFileSync(exported, JSON.stringify(page));
  const verified = await sensorCommand("ledger", "verify", exported, "--state", state);
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.out).toContain("the server has nothing that this sensor did not send");
  expect(verified.out).toMatch(new RegExp(`with the server: ${page.items.length} the same`));
}, 240_000);
