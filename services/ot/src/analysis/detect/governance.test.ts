import { describe, expect, test } from "vitest";
import type { Finding } from "@yagura/core/finding.ts";
import { kinds, OtSite, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import { approve, keysToApprove } from "./approve.ts";
import { DAY, HOUR, MINUTE } from "./settings.ts";
import type { AllowRule, Mute, Permit } from "./types.ts";

const LATER = START + 10 * DAY;
const talk: Batch = { conversations: [{ client: "hmi", server: "plc" }], commands: [{ client: "hmi", server: "plc" }] };
function learned(): OtSite {
  const site = new OtSite()
    .device("plc", "plc", "192.168.0.10")
    .device("plc2", "plc", "192.168.0.11")
    .device("hmi", "hmi", "192.168.0.20")
    .device("laptop", "engineering-station", "192.168.0.30");
  const all = {
    conversations: [
      ...(talk.conversations ?? []),
      { client: "hmi", server: "plc2" },
      { client: "laptop", server: "hmi" },
    ],
  };
  expect(site.live(START, LATER, HOUR, { ...talk, ...all })).toEqual([]);
  return site;
}
const download = { client: "laptop", server: "plc", class: "download", name: "Download Block", code: 0x1b } as const;
const permit = (more: Partial<Permit> = {}): Permit => ({
  id: "permit-1",
  name: "Line 1, spring service",
  clients: ["laptop"],
  devices: ["plc"],
  classes: ["download", "mode"],
  from: LATER,
  to: LATER + 8 * HOUR,
  ...more,
});

describe("OT-28 OT-N4 planned work", () => {
  test("inside: logged as expected, nobody is alerted, and nothing is learned of it", () => {
    const site = learned();
    site.conditions = { ...site.conditions, permits: [permit()] };
    const batch = { commands: [download], conversations: [{ client: "laptop", server: "plc" }] };
    expect(site.see(LATER + HOUR, batch)).toEqual([]);
    expect(kinds(site.logged.map(({ finding }) => finding))).toEqual(["ot.program.downloaded", "ot.conversation.new"]);
    expect(site.logged.map(({ because, id }) => `${because} ${id}`)).toEqual(["permit permit-1", "permit permit-1"]);
    // A week later, without a permit, both are told.
    expect(kinds(site.see(LATER + 7 * DAY, batch))).toEqual(["ot.program.downloaded", "ot.conversation.new"]);
  });
  test("OT-12 the way between zones that planned work takes is no news either", () => {
    const site = learned();
    const zones = { laptop: { name: "office", level: 4 }, plc: { name: "cell", level: 1 } };
    site.conditions = {
      ...site.conditions,
      permits: [permit()],
      zoneOf: (asset) => zones[asset as keyof typeof zones] ?? null,
    };
    const batch = { commands: [download], conversations: [{ client: "laptop", server: "plc" }] };
    expect(site.see(LATER + HOUR, batch)).toEqual([]);
    expect(kinds(site.logged.map(({ finding }) => finding))).toContain("ot.zone.crossed");
  });
  test.each([
    { beyond: "the time", at: LATER + 9 * HOUR, command: download, words: "outside the permitted time" },
    { beyond: "the device", at: LATER + HOUR, command: { ...download, server: "plc2" }, words: "another device" },
    {
      beyond: "the kind of command",
      at: LATER + HOUR,
      command: { ...download, class: "firmware" },
      words: "not in the permit",
    },
    { beyond: "the person", at: LATER + HOUR, command: { ...download, client: "hmi" }, words: "another device did it" },
  ] as const)("beyond $beyond: told with the permit's name", ({ at, command, words }) => {
    const site = learned();
    site.conditions = { ...site.conditions, permits: [permit()] };
    const [found] = site.see(at, { commands: [command] });
    expect(found).toMatchObject({ kind: "ot.permit.exceeded", severity: "critical" });
    expect(found?.parameters).toMatchObject({ permit: "Line 1, spring service", base: expect.any(String) as string });
    expect(found?.parameters["beyondEn"]).toContain(words);
  });
  test("a permit for another device two days ago has nothing to say", () => {
    const site = learned();
    site.conditions = { ...site.conditions, permits: [permit({ clients: ["nobody"], devices: ["plc2"] })] };
    expect(kinds(site.see(LATER + HOUR, { commands: [download] }))).toEqual(["ot.program.downloaded"]);
    const late = learned();
    late.conditions = { ...late.conditions, permits: [permit()] };
    expect(kinds(late.see(LATER + 3 * DAY, { commands: [download] }))).toEqual(["ot.program.downloaded"]);
  });
  test("a permit for anybody on one device", () => {
    const site = learned();
    site.conditions = { ...site.conditions, permits: [permit({ clients: null, classes: null })] };
    expect(site.see(LATER + HOUR, { commands: [{ ...download, class: "stop" }] })).toEqual([]);
    expect(kinds(site.see(LATER + HOUR, { commands: [{ ...download, server: "plc2" }] }))).toEqual([
      "ot.program.downloaded",
    ]);
  });
});

describe("OT-27 mutes, allow rules, what is switched off", () => {
  const mute = (more: Partial<Mute>): Mute => ({
    id: "m",
    kind: null,
    asset: null,
    dedupeKey: null,
    reason: "known",
    until: null,
    ...more,
  });
  const batch: Batch = { commands: [download] };
  test.each([
    { name: "by kind", mute: mute({ kind: "ot.program.downloaded" }), told: 0 },
    { name: "by device", mute: mute({ asset: "plc" }), told: 0 },
    { name: "by its peer", mute: mute({ asset: "laptop" }), told: 0 },
    { name: "another kind", mute: mute({ kind: "ot.device.stopped" }), told: 1 },
    { name: "another device", mute: mute({ asset: "plc2" }), told: 1 },
    { name: "ended", mute: mute({ until: LATER }), told: 1 },
    { name: "not yet ended", mute: mute({ until: LATER + DAY }), told: 0 },
  ])("a mute $name", ({ mute: one, told }) => {
    const site = learned();
    site.conditions = { ...site.conditions, mutes: [one] };
    expect(site.see(LATER + HOUR, batch)).toHaveLength(told);
    expect(site.logged).toHaveLength(1 - told);
  });
  const allow = (more: Partial<AllowRule>): AllowRule => ({ id: "a", note: "backup of programs", ...more });
  test.each([
    { rule: allow({ client: "laptop", server: "role:plc", class: "download" }), told: 0 },
    { rule: allow({ client: "192.168.0.0/24", protocol: "modbus" }), told: 0 },
    { rule: allow({ client: "192.168.0.30", server: "*" }), told: 0 },
    { rule: allow({ client: "10.0.0.0/8" }), told: 1 },
    { rule: allow({ class: "upload" }), told: 1 },
    { rule: allow({ server: "role:drive" }), told: 1 },
    { rule: allow({ kinds: ["ot.device.new"] }), told: 1 },
    { rule: allow({ server: "zone:cell" }), told: 0 },
  ])("an allow rule $rule", ({ rule, told }) => {
    const site = learned();
    const zoneOf = (asset: string) => (asset === "plc" ? { name: "cell", level: 1 } : null);
    site.conditions = { ...site.conditions, allowed: [rule], zoneOf };
    expect(site.see(LATER + HOUR, batch)).toHaveLength(told);
  });
  test("a rule about conversations does not swallow a new device", () => {
    const site = learned().device("guest", "pc", "192.168.0.99");
    site.conditions = { ...site.conditions, allowed: [allow({ client: "*" })] };
    expect(kinds(site.see(LATER, { conversations: [{ client: "guest", server: "plc" }] }))).toEqual(["ot.device.new"]);
  });
  test("a kind that is off is kept in the log", () => {
    const site = learned();
    const settings = { ...site.conditions.settings, off: ["ot.program.downloaded"] };
    site.conditions = { ...site.conditions, settings };
    expect(site.see(LATER, batch)).toEqual([]);
    expect(site.logged.map(({ because }) => because)).toEqual(["off"]);
  });
});

describe("OT-27 approval", () => {
  function approveIn(site: OtSite, finding: Finding): void {
    const keys = keysToApprove(finding);
    for (const key of keys.learned) expect(site.learned.has(key) || keys.baselines.length > 0).toBe(true);
    const done = approve(finding, site);
    for (const item of done.learned) site.learned.set(item.key, item);
    for (const item of done.baselines) site.baselines.set(item.key, item);
  }
  test("an approved device may do new things while it is learned; an unapproved one is told in one incident", () => {
    const site = learned().device("guest", "pc", "192.168.0.99");
    const [found] = site.see(LATER, {
      conversations: [{ client: "guest", server: "plc", protocol: "http", port: 80 }],
    });
    approveIn(site, found as Finding);
    // Its partner is watched: what the two do with each other is still told.
    const next = site.see(LATER + HOUR, {
      conversations: [{ client: "guest", server: "plc2", protocol: "http", port: 80 }],
    });
    expect(kinds(next)).toEqual(["ot.conversation.new"]);
    expect(next[0]?.group).not.toContain("device|guest");
  });
  test("an approved write range is not told again, the next one is", () => {
    const site = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    const write = (low: number, high: number): Batch => ({
      commands: [
        { client: "hmi", server: "plc", code: 16, class: "write", name: "Write Multiple Registers", low, high },
      ],
    });
    expect(site.live(START, LATER, HOUR, write(100, 120))).toEqual([]);
    expect(site.see(LATER, write(105, 110))).toEqual([]);
    const [found] = site.see(LATER + MINUTE, write(400, 410));
    // What slides on through the same block of addresses is one trouble.
    expect(site.live(LATER + 2 * MINUTE, LATER + 20 * MINUTE, MINUTE, write(411, 415))).toEqual([]);
    expect(found).toMatchObject({ kind: "ot.write.outside-range" });
    expect(found?.parameters).toMatchObject({ low: 400, high: 410, usual: "100–120" });
    approveIn(site, found as Finding);
    expect(site.see(LATER + HOUR, write(401, 402))).toEqual([]);
    expect(kinds(site.see(LATER + HOUR, write(711, 712)))).toEqual(["ot.write.outside-range"]);
  });
});

describe("OT-27 learning with saturation", () => {
  const web = (i: number): Batch => ({
    conversations: [{ client: "pc", server: `10.0.${i >> 8}.${i & 255}`, protocol: "tls", port: 443 }],
  });
  test("an office machine that never comes to rest becomes noisy: told by protocol, not by partner", () => {
    const site = learned().device("pc", "pc", "192.168.0.50");
    const found: Finding[] = [];
    for (let day = 0; day < 25; day++) {
      for (let i = 0; i < 8; i++) found.push(...site.see(LATER + day * DAY + i * HOUR, web(day * 8 + i)));
    }
    const state = site.baselines.get("asset|pc");
    expect(state?.kind === "asset" && state.state).toBe("noisy");
    const told = site.findings.length;
    for (let i = 0; i < 20; i++) site.see(LATER + 26 * DAY + i * HOUR, web(1_000 + i));
    expect(site.findings.length).toBe(told);
    const ssh = { client: "pc", server: "10.9.9.9", protocol: "ssh", port: 22 } as const;
    expect(kinds(site.see(LATER + 28 * DAY, { conversations: [ssh] }))).toEqual(["ot.conversation.new"]);
    // Towards a controller it is still watched to the pair.
    expect(kinds(site.see(LATER + 28 * DAY, { conversations: [{ client: "pc", server: "plc" }] }))).toEqual([
      "ot.conversation.new",
    ]);
  });
  test("a controller is watched after the learning time, whatever it does", () => {
    const site = learned();
    const state = site.baselines.get("asset|plc");
    expect(state?.kind === "asset" && state.state).toBe("watching");
  });
  test("what is forgotten for long is told again, when that is wanted", () => {
    const site = learned();
    expect(site.see(LATER + 60 * DAY, talk)).toEqual([]);
    const other = learned();
    const { settings } = other.conditions;
    other.conditions = {
      ...other.conditions,
      settings: { ...settings, learning: { ...settings.learning, forgetDays: 30 } },
    };
    expect(kinds(other.see(LATER + 60 * DAY, talk))).toContain("ot.conversation.new");
  });
});
