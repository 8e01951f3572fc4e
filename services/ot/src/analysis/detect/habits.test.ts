import { describe, expect, test } from "vitest";
import { kinds, OtSite, START } from "../../../../../tests/support/ot-site.ts";
import { detect } from "./detect.ts";
import { DAY, HOUR } from "./settings.ts";

const quiet = {
  conversations: [{ client: "hmi", server: "plc" }],
  commands: [{ client: "hmi", server: "plc" }],
};
const LATER = START + 10 * DAY;
/** Ten days in which an HMI reads a PLC. */
function learnedSite(): OtSite {
  const site = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
  expect(site.live(START, LATER, HOUR, quiet)).toEqual([]);
  return site;
}

describe("OT-16 new device", () => {
  test("a device that comes after learning is told, with what it does in one incident", () => {
    const site = learnedSite().device("laptop", "pc", "192.168.0.99");
    const found = site.see(LATER, { conversations: [{ client: "laptop", server: "plc" }] });
    expect(kinds(found)).toEqual(["ot.device.new", "ot.conversation.new"]);
    expect(new Set(found.map(({ group }) => group)).size).toBe(1);
    expect(found[0]?.parameters).toMatchObject({ device: "192.168.0.99", watchedDays: 10 });
    expect(site.see(LATER + 10_000, { conversations: [{ client: "laptop", server: "plc" }] })).toEqual([]);
  });
  test("a segment that comes up at once is one incident, and a second sensor learns first", () => {
    const site = learnedSite();
    for (let i = 0; i < 8; i++) site.device(`new${i}`, "io", `192.168.0.${100 + i}`);
    const rows = Array.from({ length: 8 }, (_, i) => ({ client: `new${i}`, server: "192.168.0.255" }));
    const batch = { conversations: rows };
    const found = site.see(LATER, batch).filter(({ kind }) => kind === "ot.device.new");
    expect(found).toHaveLength(8);
    expect(new Set(found.map(({ group }) => group)).size).toBe(1);
    const other = learnedSite();
    for (let i = 0; i < 8; i++) other.device(`new${i}`, "io", `192.168.0.${100 + i}`);
    const seen = { ...other.observation(LATER, batch), sensor: "second" };
    expect(
      detect({ ...other.conditions, ...other, observation: seen, assetOf: other.assetOf(seen), now: LATER }).findings,
    ).toEqual([]);
  });
  test("a device that was taken for the router before it is no new one, nor is what it does", () => {
    const site = new OtSite().device("plc", "plc", "192.168.0.10").device("router", "router", "10.0.0.5");
    const asks = (client: string) => ({
      conversations: [{ client, server: "plc" }],
      commands: [{ client, server: "plc" }],
    });
    expect(site.live(START, LATER, HOUR, asks("router"))).toEqual([]);
    // A second address shows up behind the MAC: it routes, and the far device has a name of its own.
    site.device("scada", "scada", "10.0.0.5", { macs: [], heirOf: "router" });
    expect(site.see(LATER, asks("scada"))).toEqual([]);
    const found = site.see(LATER + HOUR, { commands: [{ client: "scada", server: "plc", class: "stop", code: 0x29 }] });
    expect(kinds(found)).toEqual(["ot.device.stopped"]);
    const other = site.device("laptop", "pc", "10.0.0.6", { macs: [] }).see(LATER + DAY, asks("laptop"));
    expect(kinds(other)).toContain("ot.device.new");
  });
  test("while the site is learned nothing is told", () => {
    const site = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    expect(site.see(START, quiet)).toEqual([]);
  });
});

describe("OT-17 new conversation", () => {
  test("two known devices that never spoke before", () => {
    const site = learnedSite();
    const found = site.see(LATER, { conversations: [{ client: "plc", server: "hmi", protocol: "http", port: 80 }] });
    expect(kinds(found)).toEqual(["ot.conversation.new"]);
    expect(found[0]?.parameters).toMatchObject({ protocol: "HTTP", watchedDays: 10 });
  });
  test("a conversation that is taken up in the middle, the other way round, is none", () => {
    const site = learnedSite();
    const turned = { client: "plc", server: "hmi", connections: 0 } as const;
    expect(site.see(LATER, { conversations: [turned] })).toEqual([]);
    expect(
      kinds(
        site.see(LATER, {
          conversations: [{ client: "plc", server: "hmi", connections: 1, port: 9_999, protocol: "http" }],
        }),
      ),
    ).toEqual(["ot.conversation.new"]);
  });
  test("a service without a name that takes another port each time is known after three", () => {
    const port = (at: number) =>
      ({ conversations: [{ client: "hmi", server: "plc", protocol: "unknown", port: 2_000 + at }] }) as const;
    const site = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    for (let i = 0; i < 240; i++) expect(site.see(START + i * HOUR, port(i % 5))).toEqual([]);
    expect(site.see(LATER, port(50))).toEqual([]);
    const other = learnedSite();
    expect(kinds(other.see(LATER, port(50)))).toEqual(["ot.conversation.new"]);
  });
  test("an attempt without an answer is none", () => {
    const site = learnedSite();
    const attempt = {
      client: "plc",
      server: "hmi",
      protocol: "http",
      port: 80,
      bytesIn: 0,
      unanswered: 1,
      packetsOut: 3,
    } as const;
    expect(site.see(LATER, { conversations: [attempt] })).toEqual([]);
  });
});

describe("OT-19 new command", () => {
  test("a new kind of task is told as such, a new code of a known kind as a command", () => {
    const site = learnedSite();
    const write = { client: "hmi", server: "plc", code: 16, class: "write", name: "Write Multiple Registers" } as const;
    expect(kinds(site.see(LATER, { commands: [write] }))).toEqual(["ot.command.class-new"]);
    expect(kinds(site.see(LATER + 10_000, { commands: [{ ...write, code: 6 }] }))).toEqual(["ot.command.new"]);
    expect(site.see(LATER + 20_000, { commands: [{ ...write, code: 6 }] })).toEqual([]);
  });
});

describe("OT-22 program and mode", () => {
  test.each([
    { class: "download", kind: "ot.program.downloaded", technique: "T0843" },
    { class: "upload", kind: "ot.program.uploaded", technique: "T0845" },
    { class: "mode", kind: "ot.mode.changed", technique: "T0858" },
    { class: "stop", kind: "ot.device.stopped", technique: "T0858" },
    { class: "restart", kind: "ot.device.restarted", technique: "T0816" },
    { class: "firmware", kind: "ot.firmware.written", technique: "T1693.001" },
    { class: "force", kind: "ot.output.forced", technique: "T0835" },
    { class: "time-set", kind: "ot.clock.set", technique: "T0836" },
    { class: "configure", kind: "ot.device.configured", technique: "T0836" },
  ] as const)("$class is told as $kind, also while all is learned (OT-33)", ({ class: name, kind, technique }) => {
    const site = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    const command = { client: "hmi", server: "plc", code: 90, class: name, name: "Unity" } as const;
    const found = site.see(START, { commands: [command] });
    expect(kinds(found)).toEqual([kind]);
    expect(found[0]?.parameters).toMatchObject({ technique, times: 0 });
    const again = kinds(site.see(START + DAY, { commands: [command] }));
    expect(again).toEqual(["time-set", "configure"].includes(name) ? [] : [kind]);
  });
});
