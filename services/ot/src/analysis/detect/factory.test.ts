import { describe, expect, test } from "vitest";
import type { Finding } from "@yagura/core/finding.ts";
import { FactoryClock, mondays, quietFactory, STEP } from "../../../../../tests/support/ot-factory.ts";
import { kinds, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import { DAY, HOUR } from "./settings.ts";

const WEEK = 7 * DAY;
const short = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ kind, since, parameters }) => `${new Date(since).toISOString()} ${kind} ${JSON.stringify(parameters)}`,
  );

/** Four weeks of a quiet factory: lived once, then looked at by each test. */
const clock = new FactoryClock(quietFactory());
clock.site.conditions = { ...clock.site.conditions, permits: mondays(6) };
const learning = clock.live(START, START + WEEK);
const quiet = clock.live(START + WEEK, START + 4 * WEEK);

describe("OT-27 false alerts of a quiet factory", () => {
  test("while it is learned only what is never a habit is told", () => {
    expect(kinds(learning)).toEqual(["ot.clock.set"]);
    expect(learning).toHaveLength(1);
  });
  test("in the three weeks after learning at most a couple of alerts come", () => {
    expect(short(quiet).length, short(quiet).join("\n")).toBeLessThanOrEqual(2);
  });
  test("OT-20 orders of functions are learned, and nobody hears of one", () => {
    expect([...clock.site.baselines.values()].filter(({ kind }) => kind === "order").length).toBeGreaterThan(3);
    expect(kinds([...learning, ...quiet])).not.toContain("ot.command.order");
  });
  test("OT-N4 each Monday was expected", () => {
    const expected = clock.site.logged.filter(({ because }) => because === "permit");
    expect(new Set(expected.map(({ id }) => id))).toEqual(new Set(["permit-0", "permit-1", "permit-2", "permit-3"]));
  });
});

describe("an attack scene", () => {
  const at = START + 4 * WEEK + 10 * HOUR;
  clock.live(START + 4 * WEEK, at);
  clock.site.device("intruder", "pc", "192.168.1.99", { first: at });
  const knock = (server: string, port: number) =>
    ({
      client: "intruder",
      server,
      port,
      protocol: "unknown",
      connections: 1,
      unanswered: 1,
      packetsIn: 0,
      bytesIn: 0,
      packetsOut: 1,
    }) as const;
  const steps: readonly Batch[] = [
    // Looks around, asks every port of a controller, and finds what is open.
    {
      conversations: [
        ...Array.from({ length: 40 }, (_, i) => knock(`192.168.1.${100 + i}`, 502)),
        ...Array.from({ length: 30 }, (_, i) => knock("plc2", 1_000 + i)),
        { client: "intruder", server: "plc2" },
      ],
      commands: [
        {
          client: "intruder",
          server: "ff:ff:ff:ff:ff:ff",
          protocol: "arp",
          code: 1,
          class: "identify",
          name: "request",
          low: 0xc0a80101,
          high: 0xc0a801fe,
          requests: 254,
        },
      ],
    },
    // Gets between the panel and its controller, and hands out addresses.
    {
      conversations: [{ client: "pc", server: "intruder", protocol: "dhcp", port: 67, transport: "udp" }],
      bindings: [
        { mac: clock.site.mac("intruder"), address: "192.168.1.99" },
        { mac: clock.site.mac("plc2"), address: "192.168.1.12" },
        { mac: clock.site.mac("intruder"), address: "192.168.1.12" },
      ],
    },
    {
      bindings: [
        { mac: clock.site.mac("plc2"), address: "192.168.1.12" },
        { mac: clock.site.mac("intruder"), address: "192.168.1.12" },
      ],
      weirds: [{ source: "intruder", destination: "plc2", kind: "bad-length", count: 400 }],
      signatures: [{ source: "intruder", destination: "plc2", rule: 1_111_001 }],
      weaknesses: [{ client: "intruder", server: "plc2" }],
    },
    // Changes the program, stops the machine; the panel writes where it never wrote.
    {
      conversations: [{ client: "plc2", server: "93.184.216.34", protocol: "tls", port: 443 }],
      commands: [
        { client: "intruder", server: "plc2", code: 90, class: "download", name: "Unity: download" },
        { client: "intruder", server: "plc2", code: 90, class: "stop", name: "Unity: stop" },
        {
          client: "hmi2",
          server: "plc2",
          code: 16,
          class: "write",
          name: "Write Multiple Registers",
          low: 4_000,
          high: 4_100,
        },
        { client: "hmi2", server: "plc2", code: 21, class: "file", name: "Write File Record" },
      ],
      identities: [{ endpoint: "plc2", attribute: "firmware", value: "9.9.9", protocol: "s7comm" }],
    },
  ];
  let step = 0;
  const found = [...clock.live(at, at + steps.length * STEP, () => steps[step++] ?? null)];
  clock.still.add("plc2");
  found.push(...clock.live(at + steps.length * STEP, at + (steps.length + 3) * STEP));

  test.each([
    "ot.device.new",
    "ot.conversation.new",
    "ot.scan.hosts",
    "ot.scan.ports",
    "ot.scan.arp",
    "ot.arp.spoofing",
    "ot.dhcp.unexpected",
    "ot.traffic.malformed",
    "ot.signature.hit",
    "ot.login.cleartext",
    "ot.program.downloaded",
    "ot.device.stopped",
    "ot.command.class-new",
    "ot.write.outside-range",
    "ot.identity.firmware-changed",
    "ot.internet.access",
    "ot.cycle.silent",
  ])("%s is told", (kind) => {
    expect(kinds(found)).toContain(kind);
  });
  test("the storm is readable: a dozen incidents, the intruder's first steps in one", () => {
    expect(new Set(found.map(({ group }) => group)).size).toBeLessThanOrEqual(14);
    const first = found.filter(
      ({ kind }) => kind === "ot.device.new" || kind.startsWith("ot.scan.") || kind === "ot.conversation.new",
    );
    expect(new Set(first.filter(({ subject }) => subject.id === "intruder").map(({ group }) => group)).size).toBe(1);
  });
  test("OT-N12 no sentence has a hole", async () => {
    const { findingKinds } = await import("../findings.ts");
    for (const { kind, parameters } of [...found, ...learning]) {
      const words = findingKinds[kind];
      for (const text of [words?.title, words?.normal, words?.changed, words?.advice]) {
        for (const sentence of [text?.en ?? "", text?.ja ?? ""]) {
          const holes = [...sentence.matchAll(/\{(\w+)\}/g)]
            .map((match) => match[1] ?? "")
            .filter((name) => !(name in parameters));
          expect(holes, `${kind}: ${sentence}`).toEqual([]);
        }
      }
    }
  });
});
