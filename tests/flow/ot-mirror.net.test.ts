/**
 * A mirror port, a sensor and a control plane as three machines: the synthetic factory is sent into one end of a cable, the sensor
 * reads the other by its packet ring, and devices and alerts appear. Needs root or user namespaces, and tcpdump.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Static } from "typebox";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { Factory } from "@yagura/ot/demo/factory.ts";
import { plant as hosts } from "@yagura/ot/demo/plant.ts";
import type { Sensor, SensorDetail, SensorKey } from "@yagura/ot/wire/api.ts";
import type { AssetItem } from "@yagura/ot/wire/api-assets.ts";
import type { Organisation, Page } from "@yagura/server/shapes.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { api, until, yagura, type Api } from "./client.ts";
import { output, run, startPlane, type Program } from "./ot-programs.ts";

const SERVER = "10.88.0.1";
const SENSOR = "10.88.0.2";
const PORT = 8480;
/** Seconds of the factory; it is sent in half the time. */
const SECONDS = 60;
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-mirror-"));
const state = join(folder, "state");

let lab: Lab;
let server: Namespace;
let factory: Namespace;
let box: Namespace;
let plane: Program;
let client: Api;

beforeAll(async () => {
  // The sensor becomes another user, who must reach its state.
  chmodSync(folder, 0o755);
  lab = await openLab();
  [server, factory, box] = [await lab.namespace(), await lab.namespace(), await lab.namespace()];
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: box, name: "out", addresses: [`${SENSOR}/24`] },
  );
  await factory.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true");
  await lab.link({ in: factory, name: "mirror", addresses: [] }, { in: box, name: "tap", addresses: [] });
  const data = join(folder, "data");
  plane = await startPlane(data, PORT, ["--host", "0.0.0.0"], server);
  const socket = join(folder, "api.sock");
  server.node(new URL("relay.ts", import.meta.url).pathname, [socket, String(PORT)], { stdio: "ignore" });
  await until(10, "the relay", async () => existsSync(socket), Boolean);
  const token = await yagura("token", "create", "--data", data, "--role", "provider-admin");
  client = api(`http://localhost:${PORT}`, token, socket);
}, 180_000);

afterAll(async () => {
  await plane?.end("SIGINT");
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Listens at the factory's end for what comes out of the sensor's. */
async function listenToSensor(): Promise<{ packets: () => Promise<string> }> {
  // In a user namespace there is nobody else that it could become.
  const argv = ["-i", "mirror", "-nn", "-e", "-l", "-Q", "in", "-Z", "root"];
  const child = factory.spawn("tcpdump", argv, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, told] = ["", ""];
  child.stdout?.on("data", (piece: Buffer) => (out += piece.toString()));
  await new Promise<void>((done, failed) => {
    child.on("error", () => failed(new Error("tcpdump is not installed: this test needs it")));
    child.on("exit", () => failed(new Error(`tcpdump ended: ${told}`)));
    child.stderr?.on("data", (piece: Buffer) => {
      told += piece.toString();
      if (told.includes("listening on")) done();
    });
  });
  return {
    packets: async () => {
      const ended = once(child, "close");
      child.kill("SIGINT");
      await ended;
      return out.trim();
    },
  };
}

/** Packets that came out of the sensor's end of the cable, by the kernel's own count. */
async function arrived(): Promise<number> {
  const { out } = await factory.run("ip", "-j", "-s", "link", "show", "mirror");
  const [counters] = JSON.parse(out) as [{ stats64: { rx: { packets: number } } }];
  return counters.stats64.rx.packets;
}

test("OST-T01 OST-T02 OST-T05 devices and alerts of a factory on a mirror port, and not one packet into it", async () => {
  const organisation = await client.post<Organisation>("/api/v1/organisations", { name: "株式会社架空工業" });
  const base = `/api/v1/organisations/${organisation.id}`;
  const get = <T>(path: string): Promise<T> => client.get<T>(`${base}${path}`);
  await client.post(`${base}/contracts`, { service: "ot" });
  const [slot] = (await get<Sensor[]>("/ot/sensors")) as [Sensor];
  const { key } = await client.post<Static<typeof SensorKey>>(`${base}/ot/sensors/${slot.id}/key`);

  const prepared = await output("sensor", ["--prepare", "--interface", "tap"], box);
  expect(prepared.out).toContain("tap: silent and up");
  // Before it was silent its own system said a few things when the cable came up.
  const before = await arrived();
  const listening = await listenToSensor();
  const argv = ["--interface", "tap", "--server", `https://${SERVER}:${PORT}`, "--key", key, "--state", state];
  const sensor = run("sensor", argv, box);
  const detail = (): Promise<SensorDetail> => get(`/ot/sensors/${slot.id}`);
  await until(60, "enrolment", detail, ({ sensor: one }) => one.state === "silent" || one.state === "online");

  const start = Date.now() * 1000;
  const frames = new Factory({ start, attack: SECONDS - 15 }).first(SECONDS).map(({ frame }) => frame);
  const rate = Math.round(frames.length / (SECONDS / 2));
  const sent = await generate(factory, { device: "mirror", frames, packets: frames.length, rate });
  expect(sent).toMatchObject({ sent: frames.length, refused: 0 });

  const alerts = await until(
    60,
    "an alert about the stopped controller",
    () => get<Page<Incident>>("/alerts?service=ot"),
    ({ items }) => items.some(({ kind }) => kind === "ot.device.stopped"),
  );
  expect(alerts.items.find(({ kind }) => kind === "ot.device.stopped")?.severity).toBe("critical");
  const assets = await until(
    60,
    "devices",
    () => get<Page<AssetItem>>("/ot/assets?limit=100"),
    ({ items }) => items.length >= 20,
  );
  for (const { address, mac, vlan } of [hosts.pressPlc, hosts.packingPlc, hosts.robot, hosts.stranger]) {
    const one = assets.items.find(({ addresses }) => addresses.includes(address));
    expect(one?.macs, address).toContain(mac);
    expect(one?.vlans, address).toContain(vlan);
  }

  expect(await sensor.end("SIGTERM"), sensor.said()).toBe(0);
  const seen = await until(
    60,
    "the last upload",
    detail,
    ({ captures }) => captures.reduce((sum, { packets }) => sum + packets, 0) >= frames.length,
  );
  const [capture] = seen.captures;
  expect(capture).toMatchObject({ name: "tap", packets: frames.length, dropped: 0 });
  expect(await listening.packets()).toBe("");
  expect(await arrived()).toBe(before);
}, 240_000);
