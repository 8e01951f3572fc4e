import { describe, expect, test } from "vitest";
import type { CommandClass } from "../../wire/vocabulary.ts";
import { kinds, OtSite, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import { randomOf } from "../../../../../tests/support/ot-factory.ts";
import { approve, keysToApprove } from "./approve.ts";
import { DAY, HOUR } from "./settings.ts";

const LATER = START + 10 * DAY;
type Rows = NonNullable<Batch["transitions"]>;
const functions: Readonly<Record<number, { readonly name: string; readonly class: CommandClass }>> = {
  1: { name: "Read Coils", class: "read" },
  3: { name: "Read Holding Registers", class: "read" },
  4: { name: "Read Input Registers", class: "read" },
  5: { name: "Write Single Coil", class: "write" },
  8: { name: "Diagnostics", class: "diagnose" },
  16: { name: "Write Multiple Registers", class: "write" },
};
const step = (code: number) => ({ code, ...(functions[code] ?? { name: `0x${code}`, class: "other" as const }) });
/** `3>4`, so many times. */
const rows = (orders: readonly string[], count = 100): Rows =>
  orders.map((text) => {
    const [from = 0, to = 0] = text.split(">").map(Number);
    return { client: "hmi", server: "plc", from: step(from), to: step(to), count };
  });
const commands = (codes: readonly number[]): Batch["commands"] =>
  codes.map((code) => ({ client: "hmi", server: "plc", ...step(code) }));
const site = (): OtSite =>
  new OtSite()
    .device("plc", "plc", "192.168.0.10")
    .device("hmi", "hmi", "192.168.0.20")
    .device("eng", "pc", "192.168.0.30");
const program = ["3>4", "4>16", "16>3"];
/** What a panel does all day: reads two areas, then writes. */
const cyclic: Batch = {
  conversations: [{ client: "hmi", server: "plc" }],
  commands: commands([3, 4, 16]) ?? [],
  transitions: rows(program),
};
/** Ten days of it. */
function learned(batch: Batch = cyclic): OtSite {
  const one = site();
  expect(one.live(START, LATER, HOUR, batch)).toEqual([]);
  return one;
}

describe("OT-20 order of functions", () => {
  test("an order that the program never had is told, once, with what was usual", () => {
    const one = learned();
    const found = one.see(LATER, { ...cyclic, transitions: rows(["3>16"], 1) });
    expect(kinds(found)).toEqual(["ot.command.order"]);
    expect(found[0]).toMatchObject({
      severity: "notice",
      subject: { id: "plc" },
      group: "site|pair|hmi|plc",
      parameters: {
        before: "Read Holding Registers",
        command: "Write Multiple Registers",
        followers: "Read Input Registers (100 %)",
        predecessors: "Read Input Registers (100 %)",
        count: 1,
        orders: 3,
        times: 72_000,
        since: "2026-09-01",
        technique: "T1692.001",
        sure: 84,
      },
    });
    expect(one.see(LATER + HOUR, { ...cyclic, transitions: rows(["3>16"]) })).toEqual([]);
  });
  test("reading in another order is worth a look, operating switchgear an alarm", () => {
    const read = { ...cyclic, commands: commands([1, 3, 4]) ?? [], transitions: rows(["1>3", "3>4", "4>1"]) };
    expect(learned(read).see(LATER, { ...read, transitions: rows(["3>1"]) })[0]?.severity).toBe("info");
    const dnp3 = (code: number, name: string, kind: CommandClass) => ({ code, name, class: kind });
    const [poll, select, operate] = [
      dnp3(1, "Read", "read"),
      dnp3(3, "Select", "control"),
      dnp3(4, "Operate", "control"),
    ];
    const talk = (...pairs: readonly (readonly [typeof poll, typeof poll])[]): Batch => ({
      conversations: [{ client: "hmi", server: "plc", protocol: "dnp3" }],
      transitions: pairs.map(([from, to]) => ({ client: "hmi", server: "plc", protocol: "dnp3", from, to, count: 20 })),
    });
    const outstation = learned(talk([poll, select], [select, operate], [operate, poll]));
    // Select before operate was the rule; now it operates at once.
    const [told] = outstation.see(LATER, talk([poll, operate]));
    expect(told).toMatchObject({
      kind: "ot.command.order",
      severity: "bad",
      parameters: { classEn: "operating switchgear" },
    });
  });
  test("nothing is told while the two are learned, nor of a function that is itself new: that is a new command", () => {
    const one = site();
    one.live(START, START + 2 * DAY, HOUR, cyclic);
    expect(one.see(START + 2 * DAY, { ...cyclic, transitions: rows(["3>16"]) })).toEqual([]);
    const new5 = { ...cyclic, commands: commands([3, 4, 5]) ?? [], transitions: rows(["4>5", "5>3", "5>4"]) };
    const two = learned();
    expect(kinds(two.see(LATER, new5))).toEqual(["ot.command.new"]);
    // In the days after it finds its place, as often as it comes.
    expect(
      two.live(LATER + HOUR, LATER + 3 * DAY, HOUR, { ...new5, transitions: rows(["4>5", "5>3", "3>5"]) }),
    ).toEqual([]);
  });
  test("an operator who writes when he wants to has no order: what came rarely surprises nobody", () => {
    const one = site();
    const random = randomOf(5);
    const reads = ["1>3", "3>4", "4>1"];
    const day = (at: number): Batch => {
      const [before = 1, after = 3] =
        [
          [1, 3],
          [3, 4],
          [4, 1],
        ][Math.floor(random() * 3)] ?? [];
      const written = Math.floor(at / HOUR) % 24 === 9 ? rows([`${before}>16`, `16>${after}`], 1) : [];
      return { ...cyclic, commands: commands([1, 3, 4, 16]) ?? [], transitions: [...rows(reads, 9_000), ...written] };
    };
    for (let at = START; at < START + 30 * DAY; at += HOUR) expect(one.see(at, day(at))).toEqual([]);
  });
  test("a pair of many orders is saturated: only what changes something is told", () => {
    const codes = [1, 3, 4, 8, 16];
    const reading = codes.flatMap((a) => codes.flatMap((b) => (a === b ? [] : [`${a}>${b}`])));
    const busy = {
      ...cyclic,
      commands: commands(codes) ?? [],
      transitions: rows(
        reading.filter((text) => text !== "8>1" && text !== "8>16"),
        500,
      ),
    };
    const one = learned(busy);
    expect(one.see(LATER, { ...busy, transitions: rows(["8>1"]) })).toEqual([]);
    expect(kinds(one.see(LATER + HOUR, { ...busy, transitions: rows(["8>16"]) }))).toEqual(["ot.command.order"]);
  });
  test("new orders again and again: it goes by no program", () => {
    const codes = [1, 3, 4, 8];
    const ring = { ...cyclic, commands: commands(codes) ?? [], transitions: rows(["1>3", "3>4", "4>8", "8>1"]) };
    const one = learned(ring);
    const told = ["1>4", "3>8", "4>1", "8>3", "1>8"].map(
      (order, i) => one.see(LATER + i * DAY, { ...ring, transitions: rows([order], 1) }).length,
    );
    expect(told).toEqual([1, 1, 1, 0, 0]);
  });
  test("where packets are missing nobody knows what came between", () => {
    const one = learned();
    const counters = { packets: 100, dropped: 3 };
    expect(one.see(LATER, { ...cyclic, transitions: rows(["3>16"]), captures: [{ name: "eth0", counters }] })).toEqual(
      [],
    );
    const holes = [{ client: "hmi", server: "plc", missing: 500 }];
    expect(one.see(LATER + HOUR, { ...cyclic, conversations: holes, transitions: rows(["3>16"]) })).toEqual([]);
    // And it was not learned from that either.
    expect(kinds(one.see(LATER + 2 * HOUR, { ...cyclic, transitions: rows(["3>16"]) }))).toEqual(["ot.command.order"]);
  });
  test("a stop is told by itself, not again as an order", () => {
    const stop = { code: 90, name: "UMAS: stop", class: "stop" } as const;
    const one = learned();
    const batch = {
      ...cyclic,
      commands: [{ client: "hmi", server: "plc", ...stop }],
      transitions: [{ client: "hmi", server: "plc", from: step(3), to: stop, count: 1 }],
    };
    expect(kinds(one.see(LATER, batch))).toEqual(["ot.device.stopped"]);
  });
});

describe("OT-20 decisions of people hold for it as for its siblings", () => {
  const odd: Batch = { ...cyclic, transitions: rows(["3>16"], 1) };
  test("allow rules, mutes and what is switched off", () => {
    const one = learned();
    const rule = { id: "rule", client: "hmi", server: "plc", protocol: "modbus", class: "write", note: "" } as const;
    expect(one.see(LATER, odd, { allowed: [rule] })).toEqual([]);
    expect(one.logged.at(-1)).toMatchObject({ because: "allow", id: "rule" });
    const two = learned();
    const mute = { id: "mute", kind: "ot.command.order", asset: "plc", dedupeKey: null, reason: "", until: null };
    expect(two.see(LATER, odd, { mutes: [mute] })).toEqual([]);
    expect(two.logged.at(-1)).toMatchObject({ because: "mute" });
    const three = learned();
    const settings = { ...three.conditions.settings, off: ["ot.command.order"] };
    expect(three.see(LATER, odd, { settings })).toEqual([]);
    expect(three.logged.at(-1)).toMatchObject({ because: "off" });
  });
  test("inside a permit nothing is told and nothing learned; beyond it, it is told with the permit's name", () => {
    const one = learned();
    const permit = {
      id: "p",
      name: "service",
      clients: ["hmi"],
      devices: ["plc"],
      classes: ["write" as const],
      from: LATER,
      to: LATER + HOUR,
    };
    const permits = [permit];
    expect(one.see(LATER, odd, { permits })).toEqual([]);
    expect(one.logged.at(-1)).toMatchObject({ because: "permit", id: "p" });
    expect(kinds(one.see(LATER + 2 * HOUR, odd, { permits }))).toEqual(["ot.permit.exceeded"]);
    expect(kinds(learned().see(LATER + 2 * DAY, odd, { permits }))).toEqual(["ot.command.order"]);
  });
  test("what is approved is learned", () => {
    const one = learned();
    const [finding] = one.see(LATER, odd);
    if (finding === undefined) throw new Error("not told");
    expect(keysToApprove(finding)).toEqual({ learned: ["order|hmi|plc|modbus|3|16"], baselines: [] });
    const { learned: items } = approve(finding, one);
    expect(items).toMatchObject([{ key: "order|hmi|plc|modbus|3|16", known: true }]);
  });
});
