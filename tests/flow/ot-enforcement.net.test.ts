/**
 * From the order of a person to a shut port and back: control plane, sensor and switch as three machines. The switch is a Linux
 * bridge with snmpd, the sensor stands at its mirror port with its management in the switch's network. Needs root, snmpd.
 */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Static } from "typebox";
import { Agent, fetch } from "undici";
import type { Sensor, SensorKey } from "@yagura/ot/wire/api.ts";
import type { AssetItem } from "@yagura/ot/wire/api-assets.ts";
import type { Block, Enforcement } from "@yagura/ot/wire/api-enforcement.ts";
import { arp, udp } from "@yagura/packets/build/frames.ts";
import type { Organisation, Page } from "@yagura/server/shapes.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { keys, startSwitch, type SwitchLab } from "../support/switch-lab.ts";
import { api, until, yagura, type Api } from "./client.ts";
import { output, run, startPlane, type Program } from "./ot-programs.ts";

const SERVER = "10.89.0.1";
const PORT = 8481;
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-enforcement-"));
const plc = { mac: "00:1b:1b:00:00:01", address: "192.0.2.10" };
const hmi = { mac: "00:0c:29:00:00:02", address: "192.0.2.20" };

let lab: Lab;
let own: SwitchLab;
let factory: Namespace;
let plane: Program;
let client: Api;
const socket = join(folder, "api.sock");

beforeAll(async () => {
  chmodSync(folder, 0o755);
  lab = await openLab();
  own = await startSwitch(lab, join(folder, "switch"), [[plc.mac], [hmi.mac]]);
  const server = await lab.namespace();
  factory = await lab.namespace();
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: own.namespace, name: "out", addresses: ["10.89.0.2/24"] },
  );
  await factory.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true");
  await lab.link({ in: factory, name: "mirror", addresses: [] }, { in: own.namespace, name: "tap", addresses: [] });
  const data = join(folder, "data");
  plane = await startPlane(data, PORT, ["--host", "0.0.0.0"], server);
  server.node(new URL("relay.ts", import.meta.url).pathname, [socket, String(PORT)], { stdio: "ignore" });
  await until(10, "the relay", async () => existsSync(socket), Boolean);
  client = api(
    `http://localhost:${PORT}`,
    await yagura("token", "create", "--data", data, "--role", "provider-admin"),
    socket,
  );
}, 180_000);
afterAll(async () => {
  await plane?.end("SIGINT");
  await own?.stop();
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Somebody of the plant, invited and signed in: calls as the portal makes them. */
async function signIn(organisation: string): Promise<<T>(method: string, path: string, body?: object) => Promise<T>> {
  await client.post(`/api/v1/organisations/${organisation}/members`, { mail: "owner@plant.example", name: "Owner", role: "owner", language: "en" }); // prettier-ignore
  const { items } = await client.get<{ items: { to: string; text: string }[] }>("/api/v1/provider/outbox");
  const link = /#link=([\w-]+)/.exec(items.find(({ to }) => to === "owner@plant.example")?.text ?? "")?.[1];
  const dispatcher = new Agent({ connect: { socketPath: socket } });
  let [cookie, csrf] = ["", ""];
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://localhost:${PORT}${path}`, {
      method,
      dispatcher,
      headers: { "sec-fetch-site": "same-origin", origin: `http://localhost:${PORT}`, cookie, "x-yagura-csrf": csrf, ...(body === undefined ? {} : { "content-type": "application/json" }) }, // prettier-ignore
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return (text === "" ? null : JSON.parse(text)) as T;
  };
  await call("POST", `/api/v1/sign-in-links/${link}`, { name: "Owner", password: "correct horse battery staple" });
  ({ csrf } = await call<{ csrf: string }>("GET", "/api/v1/me"));
  return call;
}

/** The sensor and its enforcer, as /proc tells: the one that looks at packets has no way to the file. */
function processes(pid: number): { uids: string[]; owners: number[]; files: string[]; capabilities: string[] } {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const status = (name: string): string => {
    try {
      return readFileSync(`/proc/${name}/status`, "latin1");
    } catch {
      return "";
    }
  };
  const children = all.filter((name) => new RegExp(`^PPid:\\t${pid}$`, "m").test(status(name)));
  const told = [String(pid), ...children].map(status);
  return {
    uids: told.map((text) => /^Uid:\t(\d+)/m.exec(text)?.[1] ?? ""),
    capabilities: told.map((text) => /^CapPrm:\t(\w+)/m.exec(text)?.[1] ?? ""),
    // What of a process cannot be dumped, read or traced by its own user belongs to root.
    owners: children.map((name) => statSync(`/proc/${name}/environ`).uid),
    files: readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
  };
}

test.runIf(userInfo().uid === 0)(
  "OT-31 a person orders, the port goes down; the person takes it back, the port comes up",
  async () => {
    const organisation = await client.post<Organisation>("/api/v1/organisations", { name: "Plant" });
    const base = `/api/v1/organisations/${organisation.id}`;
    await client.post(`${base}/contracts`, { service: "ot" });
    const [slot] = (await client.get<Sensor[]>(`${base}/ot/sensors`)) as [Sensor];
    const { key } = await client.post<Static<typeof SensorKey>>(`${base}/ot/sensors/${slot.id}/key`);
    const means = join(folder, "enforcement.json");
    const snmp = { version: "3", user: keys.user, authentication: "sha256", authenticationKey: keys.authenticationKey, privacy: "aes", privacyKey: keys.privacyKey }; // prettier-ignore
    writeFileSync(means, JSON.stringify({ version: 1, switches: [{ name: "cell 1", address: "127.0.0.1", port: own.port, snmp }] }), { mode: 0o644 }); // prettier-ignore

    expect((await output("sensor", ["--prepare", "--interface", "tap"], own.namespace)).out).toContain("silent and up");
    const state = join(folder, "state");
    const argv = ["--interface", "tap", "--ring-megabytes", "4", "--server", `https://${SERVER}:${PORT}`, "--key", key, "--state", state, "--enforcement", means]; // prettier-ignore
    // Others could read the keys of the switches.
    expect((await output("sensor", argv, own.namespace)).out).toContain("ENFORCEMENT_FILE_UNSAFE");
    chmodSync(means, 0o600);
    const sensor = run("sensor", argv, own.namespace);
    const call = await signIn(organisation.id);
    const enforcement = (): Promise<Enforcement> => call("GET", `${base}/ot/enforcement`);
    const known = await until(60, "means", enforcement, ({ sensors }) => sensors[0]?.means != null);
    expect(known.sensors[0]?.means).toMatchObject({ switches: 1, nacs: 0, devices: 3, learned: 1 });

    const ask = Uint8Array.of(0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2);
    const frames = [arp(1, hmi, plc), arp(2, plc, hmi), udp(hmi, plc, { from: 40_000, to: 502 }, ask)];
    await generate(factory, { device: "mirror", frames, packets: 300, rate: 300 });
    const assets = (): Promise<Page<AssetItem>> => call("GET", `${base}/ot/assets?limit=100`);
    const seen = await until(60, "the controller", assets, ({ items }) =>
      items.some(({ macs }) => macs.includes(plc.mac)),
    );
    const device = seen.items.find(({ macs }) => macs.includes(plc.mac)) as AssetItem;

    const wish = { mac: plc.mac, minutes: 30, reason: "it scans", dependents: 1, confirmName: device.name };
    await expect(client.post(`${base}/ot/assets/${device.id}/blocks`, wish)).rejects.toThrow(/403/);
    const { id } = await call<Block>("POST", `${base}/ot/assets/${device.id}/blocks`, wish);
    const block = async (): Promise<Block | undefined> => (await enforcement()).blocks.find((one) => one.id === id);
    const done = await until(60, "the block", block, (one) => one?.state === "done");
    expect(done).toMatchObject({ place: "cell 1 p1", learned: 1 });
    expect(await own.isUp("p1")).toBe(false);
    expect(await own.isUp("p2")).toBe(true);

    const told = processes(sensor.process.pid as number);
    expect(told.uids).toEqual(["65534", "65534"]);
    expect(told.capabilities).toEqual(["0000000000000000", "0000000000000000"]);
    expect(told.owners).toEqual([0]);
    expect(told.files.join(" ")).not.toContain("enforcement.json");

    await call("POST", `${base}/ot/blocks/${id}/undo`);
    expect(await until(60, "the end", block, (one) => one?.state === "undone")).toMatchObject({ code: "ended" });
    expect(await own.isUp("p1")).toBe(true);
    // The server cuts the sensor off while a device is off: it comes on again before the sensor ends.
    const again = await call<Block>("POST", `${base}/ot/assets/${device.id}/blocks`, wish);
    await until(60, "the second block", enforcement, ({ blocks }) => blocks.some((one) => one.id === again.id && one.state === "done")); // prettier-ignore
    expect(await own.isUp("p1")).toBe(false);
    await client.raw("DELETE", `${base}/ot/sensors/${slot.id}/device`);
    expect(await sensor.ended, sensor.said()).toBe(3);
    expect(await own.isUp("p1")).toBe(true);
    expect(sensor.said()).not.toMatch(/authentication 1|privacy key/);
  },
  240_000,
);
