/** The agent's measuring in network namespaces, against a reflector that logs what it truly did. Needs root or user namespaces. */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { dropEvery, dropped } from "@yagura/testkit/lab/nft.ts";
import { startReflector, type ReflectorRule, type Truth } from "@yagura/testkit/lab/reflect.ts";
import { until } from "@yagura/testkit/until.ts";
import type { Probe } from "../wire/configuration.ts";
import { flags } from "../wire/samples.ts";
import { KERNEL_BOUND } from "./icmp-prober.ts";
import { gapsOf, samplesOf, type PlainSample, type Standalone, type StandaloneResult } from "./standalone.ts";
import { reasonIndex } from "./track.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
type Settings = { interval?: number; timeout?: number } & Pick<Standalone, "native" | "icmp">;

/**
 * Starts the agent's measuring inside, for a time or (null) until `finish`; session n measures probe n. `answer` gives what it
 * found, `more` waits until as many more samples of a session are final.
 */
function start(namespace: Namespace, probes: readonly Probe[], milliseconds: number | null, settings: Settings = {}) {
  const { interval = 200, timeout = 1000, ...rest } = settings;
  const sessions = probes.map((probe, i) => ({ session: id(i), probe, interval, timeout }));
  const run: Standalone = { configuration: { sessions, upload: 300 }, milliseconds, ...rest };
  const child = namespace.node(join(import.meta.dirname, "standalone.ts"), [JSON.stringify(run)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let told = "";
  child.stdout?.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr?.on("data", (part: Buffer) => (told += part.toString()));
  const sealed = (n: number): number =>
    [...told.matchAll(/^sealed (\S+) (\d+)$/gm)].reduce(
      (sum, [, session, count]) => sum + (session === id(n) ? Number(count) : 0),
      0,
    );
  const more = (n: number, count: number): Promise<true> => {
    const before = sealed(n);
    return until(() => sealed(n) >= before + count);
  };
  const answer = once(child, "close").then(() => {
    if (out === "") throw new Error(`the agent said nothing: ${told}`);
    return JSON.parse(out) as StandaloneResult;
  });
  return { child, more, finish: () => child.stdin?.end(), answer };
}

const icmp = (host: string): Probe => ({ kind: "icmp", host });
const outcomesOf = (samples: readonly PlainSample[]) => samples.map(({ outcome }) => outcome);

/** One reflector, one agent: what each rule's network (10.77.N.1, or fd77::N:1) was reported as, beside the truth. */
async function reflected(
  rules: Record<number, ReflectorRule>,
  hosts: readonly string[],
  settings: Settings & { milliseconds?: number } = {},
) {
  const namespace = await lab.namespace();
  const reflector = await startReflector(namespace, { rules });
  const { milliseconds = 4000, ...rest } = settings;
  const { capabilities, bodies } = await start(namespace, hosts.map(icmp), milliseconds, rest).answer;
  const truth = await reflector.stop();
  return {
    capabilities,
    bodies,
    of: (n: number): { samples: PlainSample[]; truth: Truth[] } => ({
      samples: samplesOf(bodies, id(n)),
      truth: truth.filter((entry) => entry.network === networkOf(hosts[n] as string)),
    }),
  };
}
const networkOf = (host: string): number =>
  host.includes(":") ? Number.parseInt(host.split(":").at(-2) as string, 16) : Number(host.split(".")[2]);

test("delays, losses, duplicates, reordering and lateness are told apart, as they truly were", async () => {
  const { capabilities, of } = await reflected(
    {
      1: { delay: 10_037 },
      2: { delay: 2_000, dropEvery: 5 },
      3: { delay: 2_000, duplicateEvery: 3 },
      // The fourth comes after the fifth to eighth.
      4: { delay: 2_000, holdEvery: 4, hold: 850_000 },
      5: { delay: 2_000, holdEvery: 3, hold: 1_300_000 },
      6: { delay: 2_000, otherSource: true },
      7: { delay: 5_000 },
      8: { delay: 2_000, otherSource: true },
    },
    ["10.77.1.1", "10.77.2.1", "10.77.3.1", "10.77.4.1", "10.77.5.1", "10.77.6.1", "fd77::7:1", "fd77::8:1"],
  );
  expect(capabilities).toMatchObject({
    icmp4: "raw socket, kernel time stamps",
    icmp6: "raw socket, kernel time stamps",
  });
  for (const n of [0, 6]) {
    const { samples, truth } = of(n);
    expect(samples.length).toBeGreaterThan(10);
    expect(outcomesOf(samples)).toEqual(truth.map(() => "ok"));
    // The kernel's stamps lie outside of the reflector's.
    samples.forEach(({ rtt, bound, method }, i) => {
      expect(rtt).toBeGreaterThanOrEqual((truth[i]?.delay ?? 0) - 1);
      expect(bound).toBe(KERNEL_BOUND);
      expect(method).toBe("icmp-raw-kernel");
    });
  }
  const lost = of(1);
  expect(outcomesOf(lost.samples)).toEqual(lost.truth.map(({ delay }) => (delay === null ? "lost" : "ok")));
  const doubled = of(2);
  expect(doubled.samples.map((sample) => sample.flags & flags.duplicate)).toEqual(
    doubled.truth.map(({ copies }) => (copies === 2 ? flags.duplicate : 0)),
  );
  const overtaken = of(3);
  // The last ones may have had none behind them.
  const held = overtaken.truth.map((_, i) => (i % 4 === 3 ? flags.reordered : 0)).slice(0, -5);
  expect(overtaken.samples.map((sample) => sample.flags & flags.reordered).slice(0, -5)).toEqual(held);
  const late = of(4);
  expect(outcomesOf(late.samples)).toEqual(late.truth.map((_, i) => (i % 3 === 2 ? "late" : "ok")));
  for (const n of [5, 7]) {
    const { samples, truth } = of(n);
    expect(truth.length).toBeGreaterThan(10);
    expect(outcomesOf(samples)).toEqual(truth.map(() => "lost"));
  }
});

test("unprivileged ICMP sockets where the group is allowed", async () => {
  const namespace = await lab.namespace();
  await namespace.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 0");
  const probes = [icmp("127.0.0.1"), icmp("::1")];
  const { capabilities, bodies } = await start(namespace, probes, 1500, { icmp: ["dgram"] }).answer;
  expect(capabilities["icmp4"]).toBe("unprivileged socket, kernel time stamps");
  for (const n of [0, 1])
    for (const sample of samplesOf(bodies, id(n)))
      expect(sample).toMatchObject({ outcome: "ok", method: "icmp-dgram-kernel", bound: KERNEL_BOUND });
});

test("no ICMP socket, and no koffi: the agent says so and goes on with what is left", async () => {
  const namespace = await lab.namespace();
  const shut = await start(namespace, [icmp("127.0.0.1")], 1000, { icmp: ["dgram"] }).answer;
  expect(shut.capabilities["icmp4"]).toBe("the system's ping command (no ICMP socket: errno 13)");
  expect(samplesOf(shut.bodies, id(0))[0]?.method).toBe("icmp-command");
  const probes: Probe[] = [icmp("127.0.0.1"), { kind: "tcp", host: "127.0.0.1", port: 9 }];
  const bare = await start(namespace, probes, 1000, { native: false }).answer;
  expect(bare.capabilities["tcp"]).toContain("program's clock");
  for (const sample of samplesOf(bare.bodies, id(1)))
    expect(sample).toMatchObject({ outcome: "refused", method: "tcp-connect-user" });
});

test("nft drops one in four: the loss is that, to the packet", async () => {
  const namespace = await lab.namespace();
  await dropEvery(namespace, "icmp type echo-request", 4);
  const { bodies } = await start(namespace, [icmp("127.0.0.1"), icmp("127.0.0.2")], 3000).answer;
  const all = [...samplesOf(bodies, id(0)), ...samplesOf(bodies, id(1))];
  expect(all.filter(({ outcome }) => outcome === "lost")).toHaveLength(await dropped(namespace));
  expect(await dropped(namespace)).toBe(Math.ceil(all.length / 4));
});

test("a router that says no is neither loss nor refusal", async () => {
  const [near, far] = [await lab.namespace(), await lab.namespace()];
  await lab.link(
    { in: near, name: "v0", addresses: ["10.9.0.1/24", "fd09::1/64"] },
    { in: far, name: "v1", addresses: ["10.9.0.2/24", "fd09::2/64"] },
  );
  await near.shell("ip route add default via 10.9.0.2; ip -6 route add default via fd09::2");
  await far.shell(
    "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0",
  );
  const probes: Probe[] = [icmp("10.9.0.2"), icmp("10.10.0.1"), icmp("fd10::1"), icmp("fd09::2")];
  // Kernels limit their errors to one a second and address.
  const { bodies } = await start(near, probes, 3000, { interval: 1000 }).answer;
  const want = ["ok", "unreachable", "unreachable", "ok"];
  want.forEach((outcome, n) => expect(new Set(outcomesOf(samplesOf(bodies, id(n))))).toEqual(new Set([outcome])));
});

test("the wire is pulled and put back: not observed, never lost", async () => {
  const [near, far] = [await lab.namespace(), await lab.namespace()];
  await lab.link(
    { in: near, name: "v0", addresses: ["10.8.0.1/24"] },
    { in: far, name: "v1", addresses: ["10.8.0.2/24"] },
  );
  const agent = start(near, [icmp("10.8.0.2"), icmp("127.0.0.1")], null);
  await agent.more(0, 5);
  await near.run("ip", "link", "set", "v0", "down");
  // Loopback, at five a second, is the clock.
  await agent.more(1, 13);
  await near.run("ip", "link", "set", "v0", "up");
  await agent.more(0, 5);
  agent.finish();
  const { bodies } = await agent.answer;
  const samples = samplesOf(bodies, id(0));
  expect(new Set(outcomesOf(samples))).toEqual(new Set(["ok"]));
  expect(gapsOf(bodies, id(0)).map(({ reason }) => reason)).toContain(reasonIndex("no-network"));
  expect(samples[0]?.at).toBeLessThan(gapsOf(bodies, id(0))[0]?.from ?? 0);
  expect(samples.at(-1)?.at).toBeGreaterThan(gapsOf(bodies, id(0)).at(-1)?.to ?? Number.POSITIVE_INFINITY);
  // Loopback was there all the time.
  expect(gapsOf(bodies, id(1)).filter(({ reason }) => reason !== reasonIndex("agent-overloaded"))).toEqual([]);
});

test("an agent that was stopped for a while observed nothing in it, and lost nothing", async () => {
  const namespace = await lab.namespace();
  const agent = start(namespace, [icmp("127.0.0.1")], null);
  await agent.more(0, 5);
  agent.child.kill("SIGSTOP");
  // The time for which it is stopped is what is tested: there is no sign to wait for.
  await sleep(1600);
  agent.child.kill("SIGCONT");
  await agent.more(0, 5);
  agent.finish();
  const { bodies } = await agent.answer;
  expect(new Set(outcomesOf(samplesOf(bodies, id(0))))).toEqual(new Set(["ok"]));
  const stopped = gapsOf(bodies, id(0)).filter(({ reason }) => reason === reasonIndex("agent-overloaded"));
  expect(stopped.reduce((sum, { from, to }) => sum + to - from, 0)).toBeGreaterThanOrEqual(1_200_000);
});
