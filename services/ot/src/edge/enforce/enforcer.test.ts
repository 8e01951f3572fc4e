/** What the enforcer does when, over deeds that only say what was done: times, limits, crashes, line breaks (OT-31). */
import { expect, test, vi } from "vitest";
import type { Deed, Deeds, Done } from "./deeds.ts";
import { Enforcer, type Kept } from "./enforcer.ts";
import { readEnforcement } from "./file.ts";
import type { Wanted } from "./guard.ts";
import { Trouble } from "./trouble.ts";

const MINUTE = 60_000;
const enforcement = readEnforcement(
  JSON.stringify({
    version: 1,
    switches: [{ name: "s", address: "192.0.2.1", snmp: { version: "2c", community: "c" } }],
  }),
);
const deedAt = (mac: number): Deed => ({
  done: { kind: "port", switch: "s", index: mac, name: `p${mac}` },
  where: `s p${mac}`,
  learned: 1,
});

/** A network that remembers which devices are off. `fail` is asked before each act. */
function network() {
  const off = new Set<number>();
  let now = 1_000_000_000;
  let disk: readonly Kept[] = [];
  const state = { fail: null as Trouble | null, failDisk: false, acts: [] as string[] };
  const try_ = (act: string): void => {
    state.acts.push(act);
    if (state.fail !== null) throw state.fail;
  };
  const deeds: Deeds = {
    async block(mac, intend) {
      const deed = deedAt(mac);
      intend(deed);
      try_(`off ${mac}`);
      off.add(mac);
      return deed;
    },
    async release(_: Done, mac) {
      try_(`on ${mac}`);
      off.delete(mac);
    },
    async holds(_, mac) {
      try_(`look ${mac}`);
      return off.has(mac);
    },
  };
  const start = (): Enforcer =>
    new Enforcer({
      enforcement,
      deeds,
      kept: disk,
      keep(all) {
        if (state.failDisk) throw new Error("no space");
        disk = structuredClone(all) as Kept[];
      },
      now: () => now,
      own: () => new Set([99]),
      log: () => undefined,
    });
  const wanted = (mac: number, more: Partial<Wanted> = {}): Wanted => ({ order: `order ${mac}`, mac, addresses: [], asked: now, until: now + 60 * MINUTE, seen: true, ...more }); // prettier-ignore
  return { off, state, deeds, start, wanted, disk: () => disk, pass: (ms: number) => (now += ms) };
}
const stateOf = (enforcer: Enforcer, order = "order 1"): string => {
  const found = enforcer.reports().find((one) => one.order === order);
  return `${found?.state} ${found?.code}`.trim();
};

test("an order is done once, held, and lifted at its end though the server is away", async () => {
  const net = network();
  const enforcer = net.start();
  enforcer.want([net.wanted(1)], false);
  for (let i = 0; i < 3; i++) await enforcer.pass();
  expect(net.state.acts).toEqual(["off 1"]);
  net.pass(61 * MINUTE);
  await enforcer.pass();
  expect(net.off.size).toBe(0);
  expect(stateOf(enforcer)).toBe("undone expired");
  await enforcer.pass();
  expect(net.state.acts).toEqual(["off 1", "on 1"]);
});

test("nothing is lifted after a start before the server's wish is known, but for what is over", async () => {
  const net = network();
  const first = net.start();
  first.want([net.wanted(1), net.wanted(2, { until: 1_000_000_000 + MINUTE })], false);
  await first.pass();
  net.pass(2 * MINUTE);
  const second = net.start();
  await second.pass();
  expect([...net.off]).toEqual([1]);
  second.want([], false);
  await second.pass();
  expect(net.off.size).toBe(0);
});

test("a crash between the word and the deed: what was done is found done, what was not is done", async () => {
  const net = network();
  const first = net.start();
  net.state.fail = new Trouble("unreachable", "the line broke", { passing: true });
  first.want([net.wanted(1)], false);
  await first.pass();
  expect(net.disk()).toMatchObject([{ state: "working", done: { kind: "port" } }]);
  net.state.fail = null;
  // The switch had heard it.
  net.off.add(1);
  const second = net.start();
  second.want([net.wanted(1)], false);
  await second.pass();
  expect(stateOf(second)).toBe("done");
  expect(net.state.acts).toEqual(["off 1", "look 1"]);
});

test("while nobody can say whether a port was shut, it stays remembered, and is opened in the end", async () => {
  const net = network();
  const enforcer = net.start();
  net.state.fail = new Trouble("unreachable", "the answer was lost", { passing: true });
  enforcer.want([net.wanted(1)], false);
  await enforcer.pass();
  // The switch had heard it, and goes on being away.
  net.off.add(1);
  net.pass(MINUTE);
  await enforcer.pass();
  expect(net.disk()).toMatchObject([{ state: "working", done: { kind: "port", name: "p1" } }]);
  net.state.fail = null;
  enforcer.want([], false);
  await enforcer.pass();
  expect([net.off.size, stateOf(enforcer)]).toEqual([0, "undone ended"]);
});

test("an order that is taken back, or over, before anything was done ends, and counts no more", async () => {
  const net = network();
  const enforcer = net.start();
  const block = vi.spyOn(net.deeds, "block").mockRejectedValue(new Trouble("unreachable", "away", { passing: true }));
  enforcer.want([net.wanted(1), net.wanted(2, { until: 1_000_000_000 + 5 * MINUTE })], false);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("working unreachable");
  net.pass(6 * MINUTE);
  enforcer.want([], false);
  await enforcer.pass();
  expect([stateOf(enforcer), stateOf(enforcer, "order 2")]).toEqual(["undone ended", "undone expired"]);
  block.mockRestore();
  enforcer.want(
    [3, 4, 5].map((mac) => net.wanted(mac)),
    false,
  );
  await enforcer.pass();
  expect(net.off.size).toBe(3);
});

test("what cannot be done for ten minutes is given up, and what it may have done is undone", async () => {
  const net = network();
  const enforcer = net.start();
  net.state.fail = new Trouble("unreachable", "away", { passing: true });
  enforcer.want([net.wanted(1)], false);
  for (let i = 0; i < 60; i++) {
    await enforcer.pass();
    net.pass(15_000);
  }
  expect(stateOf(enforcer)).toBe("stuck unreachable");
  net.state.fail = null;
  net.off.add(1);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("failed unreachable");
  expect(net.off.size).toBe(0);
});

test("a port that cannot be opened goes on being tried, and counts against the limit", async () => {
  const net = network();
  const enforcer = net.start();
  const all = [1, 2, 3].map((mac) => net.wanted(mac));
  enforcer.want(all, false);
  await enforcer.pass();
  net.state.fail = new Trouble("unreachable", "away", { passing: true });
  enforcer.want(all.slice(1), false);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("stuck unreachable");
  enforcer.want([...all.slice(1), net.wanted(4)], false);
  await enforcer.pass();
  expect(stateOf(enforcer, "order 4")).toBe("refused limit");
  net.state.fail = null;
  net.pass(MINUTE);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("undone ended");
});

test("whoever opens the port at the switch has the last word", async () => {
  const net = network();
  const enforcer = net.start();
  enforcer.want([net.wanted(1)], false);
  await enforcer.pass();
  net.off.clear();
  net.pass(2 * MINUTE);
  for (let i = 0; i < 3; i++) await enforcer.pass();
  expect(stateOf(enforcer)).toBe("undone lifted-on-site");
  expect(net.off.size).toBe(0);
});

test("a clear no of the switch fails at once; a full disk lets nothing be done", async () => {
  const net = network();
  const enforcer = net.start();
  net.state.fail = new Trouble("switch-refuses", "noAccess", { certain: true });
  enforcer.want([net.wanted(1)], false);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("failed switch-refuses");
  net.state.fail = null;
  net.state.failDisk = true;
  const acts = net.state.acts.length;
  enforcer.want([net.wanted(2)], false);
  await expect(enforcer.pass()).rejects.toThrow("no space");
  expect(net.state.acts.length).toBe(acts);
  expect(net.off.size).toBe(0);
});

test.each([
  ["its own machine", { mac: 99 }, "own-address"],
  ["a group", { mac: 0x01005e000001 }, "never-block"],
  ["an order that comes late", { asked: 1_000_000_000 - 16 * MINUTE }, "too-late"],
  ["one that is over", { until: 1_000_000_000 - 1 }, "too-late"],
  ["one of more than a day", { until: 1_000_000_000 + 26 * 60 * MINUTE }, "too-long"],
] as const)("refused: %s", async (_, more, code) => {
  const net = network();
  const enforcer = net.start();
  enforcer.want([net.wanted(1, { ...more, order: "order 1" })], false);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe(`refused ${code}`);
  expect(net.state.acts).toEqual([]);
});

test("under tokens only what this sensor has seen is blocked: another key would name another device", async () => {
  const net = network();
  const enforcer = net.start();
  enforcer.want([net.wanted(1, { seen: false })], true);
  await enforcer.pass();
  expect(stateOf(enforcer)).toBe("refused not-seen");
});
