/** Between server and enforcer: what is tokens outside is in clear inside, and the other way round (OT-31, OT-N1). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { EdgeHost } from "@yagura/edge/service.ts";
import { systemTime } from "@yagura/edge/time.ts";
import { until } from "@yagura/testkit/until.ts";
import { Value } from "typebox/value";
import { EnforcementBody, type Block, type Means } from "../../wire/enforcement.ts";
import { readMac, writeMac } from "../../wire/addresses.ts";
import { openTokens, type Tokens } from "../../wire/tokens.ts";
import { nodeTokenCrypto } from "../token-crypto.ts";
import { Enforcement, type EnforcerProcess } from "./link.ts";
import { Seen } from "./seen.ts";
import type { ToEnforcer } from "./run-enforcer.ts";

const plc = "00:1b:1b:00:00:01";
const order = "0192aaaa-0000-7000-8000-000000000001";
const means: Means = { nacs: 0, switches: 1, unencrypted: 0, devices: 3, hours: 24, learned: 1, never: 0 };

/** An enforcer that says what it was told, then what the test wants it to say. */
function echo(): {
  process: EnforcerProcess;
  told: ToEnforcer[];
  say: (line: object) => void;
  end: () => Promise<unknown>;
} {
  const child = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
  const told: ToEnforcer[] = [];
  async function* lines(): AsyncGenerator<string> {
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(JSON.parse(line) as ToEnforcer);
      yield line;
    }
  }
  return {
    process: { means, child, lines: lines() },
    told,
    say: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    end: () => once(child, "exit"),
  };
}
function hostOf(): { host: EdgeHost; bodies: EnforcementBody[] } {
  const bodies: EnforcementBody[] = [];
  const quiet = (): void => undefined;
  const host: EdgeHost = {
    time: systemTime,
    log: { info: quiet, warn: quiet, error: quiet },
    folder: "",
    clockOffset: () => null,
    waiting: () => ({ batches: 0, bytes: 0 }),
    submit(kind, body, urgent) {
      expect([kind, urgent]).toEqual(["ot.enforcement", true]);
      expect(Value.Check(EnforcementBody, body)).toBe(true);
      return bodies.push(body as EnforcementBody);
    },
  };
  return { host, bodies };
}
const blockOf = (mac: string, addresses: string[] = []): Block => ({ order, mac, addresses, asked: 1, until: 2 });
const seenOf = (mac: string, address: string): Seen => {
  const seen = new Seen();
  const endpoints = { mac: [readMac(mac) as number], vlan: [0], address: [0] };
  seen.add({ from: 0, to: 0, urgent: false, texts: [address], tables: { endpoints } });
  return seen;
};

test("without means every order is refused, and said once", async () => {
  const { host, bodies } = hostOf();
  const enforcement = new Enforcement({ enforcer: null, tokens: null, seen: new Seen(), ended: () => undefined });
  enforcement.start(host);
  await enforcement.want([]);
  await enforcement.want([blockOf(plc)]);
  await enforcement.want([blockOf(plc)]);
  expect(bodies).toMatchObject([
    { means: null, orders: [] },
    { means: null, orders: [{ order, state: "refused", code: "no-means" }] },
  ]);
  expect(enforcement.told()).toMatch(/^off/);
  await enforcement.stop();
});

test("tokens are opened for the enforcer, with the addresses that the sensor saw; names are closed again for the server", async () => {
  const tokens: Tokens = await openTokens(new Uint8Array(32).fill(7), nodeTokenCrypto);
  const token = writeMac(await tokens.mac(readMac(plc) as number));
  expect(token).not.toBe(plc);
  const { host, bodies } = hostOf();
  const enforcer = echo();
  const enforcement = new Enforcement({ enforcer: enforcer.process, tokens, seen: seenOf(plc, "192.0.2.77"), ended: () => undefined }); // prettier-ignore
  enforcement.start(host);
  await enforcement.want([blockOf(token, [await tokens.address("192.0.2.10")])]);
  await until(() => enforcer.told.length > 0);
  expect(enforcer.told[0]).toMatchObject({
    say: "want",
    tokens: true,
    wanted: [{ order, mac: readMac(plc), addresses: ["192.0.2.10", "192.0.2.77"], seen: true }],
  });
  enforcer.say({
    say: "reports",
    reports: [{ order, state: "done", code: "", where: "cell 1 p1", learned: 1, at: 5 }],
  });
  const last = await until(() => bodies.find(({ orders }) => orders.length > 0));
  expect(last.orders[0]?.where).toMatch(/^yt1\./);
  expect(await tokens.openText(last.orders[0]?.where ?? "")).toBe("cell 1 p1");
  const gone = enforcer.end();
  await enforcement.stop();
  await gone;
});

test("an enforcer that ends by itself ends the sensor, so that a supervisor starts both with their rights", async () => {
  const enforcer = echo();
  const ended = new Promise<Error>((resolve) => {
    const enforcement = new Enforcement({ enforcer: enforcer.process, tokens: null, seen: new Seen(), ended: resolve });
    enforcement.start(hostOf().host);
  });
  enforcer.process.child.kill("SIGKILL");
  expect(await ended).toMatchObject({ code: "ENFORCER_FAILED" });
});
