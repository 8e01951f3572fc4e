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
import { keys, startSwitch, type SwitchLab } from "../../../../../tests/support/switch-lab.ts"; // prettier-ignore
import { readMac } from "../../wire/addresses.ts";
import type { BlockReport } from "../../wire/enforcement.ts";
import type { Wanted } from "./guard.ts";
import { stateFile, type FromEnforcer, type ToEnforcer } from "./run-enforcer.ts";

const main = join(import.meta.dirname, "../../../../../programs/sensor/src/main.ts");
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
