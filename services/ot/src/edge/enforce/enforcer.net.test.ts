/** The enforcer against a real agent (snmpd on a bridge) and a real RADIUS server (freeradius), in namespaces (OT-31). */
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { until } from "@yagura/testkit/until.ts";
import { community, keys, radiusSecret, startNac, startSwitch, type SwitchLab } from "../../../../../tests/support/switch-lab.ts"; // prettier-ignore
import { readMac } from "../../wire/addresses.ts";
import type { BlockReport } from "../../wire/enforcement.ts";
import type { Wanted } from "./guard.ts";
import { stateFile, type FromEnforcer, type ToEnforcer } from "./run-enforcer.ts";

const main = join(import.meta.dirname, "../../../../../tests/support/enforcer.ts");
const plc = "00:1b:1b:00:00:01";
const pc = "00:0c:29:00:00:02";
const shared = "00:0c:29:00:00:03";

let lab: Lab;
let folder: string;
let own: SwitchLab;
const ports = { plc: "p1", pc: "p2", shared: "p3" } as const;
beforeAll(async () => {
  lab = await openLab();
  folder = mkdtempSync(join(tmpdir(), "enforcer-"));
  own = await startSwitch(lab, join(folder, "switch"), [
    [plc],
    [pc],
    [shared, "00:0c:29:00:00:04", "00:0c:29:00:00:05"],
  ]);
});
afterAll(async () => {
  await own.stop();
  await lab.close();
  rmSync(folder, { recursive: true });
});

const v3 = { version: "3", user: keys.user, authentication: "sha256", authenticationKey: keys.authenticationKey, privacy: "aes", privacyKey: keys.privacyKey }; // prettier-ignore
const cell = (more: object = {}): object => ({
  name: "cell 1",
  address: "127.0.0.1",
  port: own.port,
  snmp: v3,
  ...more,
});
const hour = 3_600_000;
const wanted = (mac: string, more: Partial<Wanted> = {}): Wanted => ({
  order: newId(),
  mac: readMac(mac) as number,
  addresses: ["192.0.2.10"],
  asked: Date.now(),
  until: Date.now() + hour,
  seen: true,
  ...more,
});

const over: ReadonlySet<string> = new Set(["refused", "failed", "undone"]);
let starts = 0;
/** Starts it as the sensor does, with the file as a descriptor. */
function start(namespace: Namespace, document: object, state = join(folder, `state-${++starts}`)) {
  const file = join(folder, `file-${starts}.json`);
  writeFileSync(file, JSON.stringify({ version: 1, ...document }), { mode: 0o600 });
  const descriptor = openSync(file, "r");
  const child = namespace.node(main, ["--enforcer", state], { stdio: ["pipe", "pipe", "pipe", descriptor] });
  closeSync(descriptor);
  const said: FromEnforcer[] = [];
  let told = "";
  child.stderr?.on("data", (piece: Buffer) => (told += piece.toString()));
  if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", (line) => said.push(JSON.parse(line) as FromEnforcer)); // prettier-ignore
  const last = (): readonly BlockReport[] => said.findLast((line) => line.say === "reports")?.reports ?? [];
  return {
    state,
    said,
    told: () => told,
    say: (line: ToEnforcer) => child.stdin?.write(`${JSON.stringify(line)}\n`),
    want: (...all: readonly Wanted[]) =>
      child.stdin?.write(`${JSON.stringify({ say: "want", wanted: all, tokens: false, offset: 0 } satisfies ToEnforcer)}\n`), // prettier-ignore
    /** Waits until the order is in the state. */
    comes: (order: string, state: BlockReport["state"]) =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`the enforcer ended: ${told}`);
        const found = last().find((one) => one.order === order);
        if (found !== undefined && found.state !== state && over.has(found.state))
          throw new Error(`${found.state} ${found.code}: ${told}`);
        return found?.state === state ? found : null;
      }),
    async stop() {
      const gone = once(child, "exit");
      child.stdin?.end();
      await gone;
    },
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

test("OT-31 a device's port is found by its MAC, shut, and opened again when the order is taken back", async () => {
  const enforcer = start(own.namespace, { switches: [cell()] });
  const order = wanted(plc);
  enforcer.want(order);
  expect(await enforcer.comes(order.order, "done")).toMatchObject({
    where: `cell 1 ${ports.plc}`,
    learned: 1,
    code: "",
  });
  expect(await own.isUp(ports.plc)).toBe(false);
  expect(await own.isUp(ports.pc)).toBe(true);
  enforcer.want();
  expect(await enforcer.comes(order.order, "undone")).toMatchObject({ code: "ended" });
  expect(await own.isUp(ports.plc)).toBe(true);
  await enforcer.stop();
  expect(`${enforcer.told()}${readFileSync(stateFile(enforcer.state), "utf8")}`).not.toMatch(
    /authentication 1|privacy key/,
  );
  expect(JSON.stringify(enforcer.said)).not.toMatch(/authentication 1|privacy key|127\.0\.0\.1/);
});

test("OT-31 the premises' veto and limits hold: each refusal has its reason, and nothing is shut", async () => {
  const limits = { devices: 1, hours: 2, learned: 1 };
  const never = ["192.0.2.128/25", pc.replaceAll(":", "-")];
  const enforcer = start(own.namespace, { limits, never, switches: [cell({ protected: [ports.plc] })] });
  const orders = {
    "never-block": wanted(pc),
    "port-shared": wanted(shared),
    "port-protected": wanted(plc),
    "not-found": wanted("00:0c:29:00:00:99"),
    "too-long": wanted(plc, { until: Date.now() + 5 * hour }),
    "too-late": wanted(plc, { asked: Date.now() - hour }),
    "address-unknown": wanted(plc, { addresses: [] }),
  };
  const network = wanted(plc, { addresses: ["192.0.2.10", "192.0.2.200"] });
  const itself = wanted(await own.ownMac());
  enforcer.want(...Object.values(orders), network, itself);
  for (const [code, { order }] of Object.entries(orders))
    expect(await enforcer.comes(order, "refused"), code).toMatchObject({ code, where: "" });
  expect(await enforcer.comes(orders["port-shared"].order, "refused")).toMatchObject({ learned: 3 });
  expect(await enforcer.comes(network.order, "refused")).toMatchObject({ code: "never-block" });
  expect(await enforcer.comes(itself.order, "refused")).toMatchObject({ code: "own-address" });
  for (const port of Object.values(ports)) expect(await own.isUp(port), port).toBe(true);
  await enforcer.stop();
});

test("OT-31 not more devices than the premises allow, whatever the server asks", async () => {
  const enforcer = start(own.namespace, { limits: { devices: 1 }, switches: [cell()] });
  const [first, second] = [wanted(plc), wanted(pc)];
  enforcer.want(first, second);
  await enforcer.comes(first.order, "done");
  expect(await enforcer.comes(second.order, "refused")).toMatchObject({ code: "limit" });
  enforcer.say({ say: "release" });
  await until(() => enforcer.said.some(({ say }) => say === "released"));
  expect(await own.isUp(ports.plc)).toBe(true);
  await enforcer.stop();
});

test("OT-31 after a crash, and its time over meanwhile, the port opens without a word of the server", async () => {
  const first = start(own.namespace, { switches: [cell()] });
  const order = wanted(pc, { until: Date.now() + 6_000 });
  first.want(order);
  await first.comes(order.order, "done");
  await first.kill();
  expect(await own.isUp(ports.pc)).toBe(false);
  await until(() => Date.now() > order.until);
  const second = start(own.namespace, { switches: [cell()] }, first.state);
  expect(await second.comes(order.order, "undone")).toMatchObject({ code: "expired", where: `cell 1 ${ports.pc}` });
  expect(await own.isUp(ports.pc)).toBe(true);
  await second.stop();
});

test("OT-31 a port that was shut by others stays theirs", async () => {
  await own.setUp(ports.pc, false);
  const enforcer = start(own.namespace, { switches: [cell({ ports: { [pc]: ports.pc } })] });
  const order = wanted(pc);
  enforcer.want(order);
  expect(await enforcer.comes(order.order, "refused")).toMatchObject({ code: "port-already-down" });
  await own.setUp(ports.pc, true);
  await enforcer.stop();
});

test("OT-31 an SNMP user that may not write, a switch that is not there: failed, and no port is shut", async () => {
  const enforcer = start(own.namespace, {
    switches: [cell({ snmp: { ...v3, user: "reader" } })],
  });
  const order = wanted(plc);
  enforcer.want(order);
  expect(await enforcer.comes(order.order, "failed")).toMatchObject({ code: "switch-refuses" });
  await enforcer.stop();
  const away = start(own.namespace, { switches: [cell({ port: 9 })] });
  const other = wanted(plc);
  away.want(other);
  await until(() => away.said.some((line) => line.say === "reports" && line.reports[0]?.code === "unreachable"));
  expect(await own.isUp(ports.plc)).toBe(true);
  await away.stop();
});

test("OT-31 a switch with BRIDGE-MIB alone, by SNMPv2c, is spoken to as well, and the file's warning is told", async () => {
  const old = await startSwitch(lab, join(folder, "old"), [[plc], [pc]], { tables: "d" });
  const enforcer = start(old.namespace, {
    switches: [{ name: "old", address: "127.0.0.1", port: old.port, snmp: { version: "2c", community } }],
  });
  const order = wanted(pc);
  enforcer.want(order);
  expect(await enforcer.comes(order.order, "done")).toMatchObject({ where: "old p2", learned: 1 });
  expect(await old.isUp("p2")).toBe(false);
  expect(enforcer.said[0]).toMatchObject({ say: "means", means: { unencrypted: 1, switches: 1 } });
  enforcer.want();
  await enforcer.comes(order.order, "undone");
  await enforcer.stop();
  await old.stop();
});

const nacOf = (port: number, more: object = {}): object => ({
  name: "nac",
  address: "127.0.0.1",
  port,
  secret: radiusSecret,
  block: { kind: "attributes", filter: "quarantine", vlan: "99" },
  ...more,
});

test("OT-31 a NAC puts a session into quarantine by CoA and throws it off to let it in anew (freeradius)", async () => {
  const nac = await startNac(own.namespace, join(folder, "nac"), ["00-1B-1B-00-00-01"]);
  const enforcer = start(own.namespace, { nacs: [nacOf(nac.port, { nas: "192.0.2.1" })] });
  const order = wanted(plc);
  enforcer.want(order);
  expect(await enforcer.comes(order.order, "done")).toMatchObject({ where: "nac", learned: 0 });
  expect(nac.requests()).toEqual(["CoA-Request 00-1B-1B-00-00-01 quarantine 99"]);
  enforcer.want();
  await enforcer.comes(order.order, "undone");
  expect(nac.requests().at(-1)).toMatch(/^Disconnect-Request 00-1B-1B-00-00-01/);
  // Its session is not there: a switch may know the device.
  const both = start(own.namespace, { nacs: [nacOf(nac.port)], switches: [cell()] });
  const other = wanted(pc);
  both.want(other);
  expect(await both.comes(other.order, "done")).toMatchObject({ where: `cell 1 ${ports.pc}` });
  both.want();
  await both.comes(other.order, "undone");
  // A wrong secret: the NAC does not answer, and nothing is done.
  const wrong = start(own.namespace, { nacs: [nacOf(nac.port, { secret: "another secret" })] });
  const third = wanted(plc);
  wrong.want(third);
  await until(() => wrong.said.some((line) => line.say === "reports" && line.reports[0]?.code === "unreachable"));
  for (const each of [enforcer, both, wrong]) await each.stop();
  await nac.stop();
});

test("OT-31 a NAC whose answers prove nothing is not believed, unless the file says so", async () => {
  const nac = await startNac(own.namespace, join(folder, "old-nac"), ["00-1B-1B-00-00-01"], {
    port: 3_800,
    proof: false,
  });
  const strict = start(own.namespace, { nacs: [nacOf(nac.port)] });
  const order = wanted(plc);
  strict.want(order);
  await until(() => strict.said.some((line) => line.say === "reports" && line.reports[0]?.code === "answer-unproven"));
  await strict.stop();
  const lax = start(own.namespace, { nacs: [nacOf(nac.port, { plainAnswers: true })] });
  lax.want(wanted(plc, { order: order.order }));
  await lax.comes(order.order, "done");
  lax.want();
  await lax.comes(order.order, "undone");
  await lax.stop();
  await nac.stop();
});
