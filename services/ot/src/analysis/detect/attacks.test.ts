import { describe, expect, test } from "vitest";
import { kinds, OtSite, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import type { Input } from "./types.ts";
import { DAY, HOUR, MINUTE } from "./settings.ts";

const LATER = START + 10 * DAY;
const talk = { conversations: [{ client: "hmi", server: "plc" }] };
function learned(): OtSite {
  const site = new OtSite()
    .device("plc", "plc", "192.168.0.10")
    .device("hmi", "hmi", "192.168.0.20")
    .device("pc", "pc", "192.168.0.50")
    .device("gateway", "router", "192.168.0.1");
  const batch: Batch = {
    conversations: [
      ...talk.conversations,
      { client: "pc", server: "gateway", protocol: "dns", port: 53, transport: "udp" },
      { client: "pc", server: "gateway", protocol: "dhcp", port: 67, transport: "udp" },
    ],
    bindings: [
      { mac: site.mac("plc"), address: "192.168.0.10" },
      { mac: site.mac("gateway"), address: "192.168.0.1" },
    ],
  };
  expect(site.live(START, LATER, HOUR, batch)).toEqual([]);
  return site;
}
const knock = (server: string, port: number) => ({
  client: "pc",
  server,
  port,
  protocol: "unknown" as const,
  bytesIn: 0,
  packetsIn: 0,
  packetsOut: 1,
  bytesOut: 60,
  connections: 1,
  unanswered: 1,
});

describe("OT-26 scans", () => {
  test("hosts: ten devices on one port in five minutes, one incident", () => {
    const site = learned();
    const row = (i: number) => knock(`192.168.0.${100 + i}`, 502);
    expect(site.see(LATER, { conversations: Array.from({ length: 9 }, (_, i) => row(i)) })).toEqual([]);
    const found = site.see(LATER + MINUTE, { conversations: [row(9), row(10)] });
    expect(kinds(found)).toEqual(["ot.scan.hosts"]);
    expect(found[0]?.parameters).toMatchObject({ count: 11, technique: "T0846" });
    expect(site.see(LATER + 2 * MINUTE, { conversations: [row(11)] })).toEqual([]);
  });
  test("slow knocking on a few is none", () => {
    const site = learned();
    for (let i = 0; i < 20; i++) {
      expect(site.see(LATER + i * 2 * MINUTE, { conversations: [knock(`192.168.0.${100 + i}`, 502)] })).toEqual([]);
    }
  });
  test("ports: fifteen on one device", () => {
    const site = learned();
    const found = site.see(LATER, { conversations: Array.from({ length: 15 }, (_, i) => knock("plc", 1_000 + i)) });
    expect(kinds(found)).toEqual(["ot.scan.ports"]);
    const other = learned();
    expect(other.see(LATER, { conversations: Array.from({ length: 14 }, (_, i) => knock("plc", 1_000 + i)) })).toEqual(
      [],
    );
  });
  test("ARP: many questions at once, not what a server usually asks", () => {
    const arp = (requests: number, width: number): Batch => ({
      commands: [
        {
          client: "pc",
          server: "ff:ff:ff:ff:ff:ff",
          protocol: "arp",
          class: "identify",
          code: 1,
          name: "request",
          low: 0xc0a80001,
          high: 0xc0a80000 + width,
          requests,
        },
      ],
    });
    const site = learned();
    expect(site.see(LATER, arp(30, 254))).toEqual([]);
    expect(site.see(LATER + MINUTE, arp(500, 3))).toEqual([]);
    expect(kinds(site.see(LATER + 2 * MINUTE, arp(254, 254)))).toEqual(["ot.scan.arp"]);
    // A sweep that is cut by the end of an upload is one.
    const cut = learned();
    expect(cut.see(LATER, arp(25, 254))).toEqual([]);
    expect(kinds(cut.see(LATER + 10_000, arp(25, 254)))).toEqual(["ot.scan.arp"]);
    expect(learned().see(LATER + 10_000, arp(25, 254))).toEqual([]);
    const busy = new OtSite().device("pc", "pc", "192.168.0.50");
    expect(busy.live(START, LATER, HOUR, arp(90, 254))).toEqual([]);
    expect(busy.see(LATER, arp(120, 254))).toEqual([]);
  });
  test("what a scan finds open belongs to its incident, and the rest is counted", () => {
    const site = learned();
    for (let i = 0; i < 12; i++) site.device(`io${i}`, "io", `192.168.0.${150 + i}`);
    site.see(LATER - HOUR, {
      conversations: Array.from({ length: 12 }, (_, i) => ({ client: "hmi", server: `io${i}` })),
    });
    const open = Array.from({ length: 12 }, (_, i) => ({ client: "pc", server: `io${i}`, port: 502 }));
    const found = site.see(LATER, { conversations: open });
    expect(kinds(found)).toEqual(["ot.scan.hosts", "ot.conversation.new"]);
    const news = found.filter(({ kind }) => kind === "ot.conversation.new");
    expect(news).toHaveLength(5);
    expect(news.at(-1)?.parameters.more).toBe(7);
    expect(new Set(found.map(({ group }) => group)).size).toBe(1);
  });
});

describe("OT-26 ARP", () => {
  const claim = (site: OtSite, name: string, address: string, kind: "arp-reply" | "dhcp" = "arp-reply") => ({
    mac: site.mac(name),
    address,
    kind,
  });
  test("a device with its own address that claims another's is a pretender", () => {
    const site = learned();
    const batch = {
      bindings: [
        claim(site, "pc", "192.168.0.10"),
        claim(site, "pc", "192.168.0.1"),
        claim(site, "plc", "192.168.0.10"),
      ],
    };
    site.see(LATER, batch);
    const found = site.see(LATER + 10_000, batch);
    expect(kinds([...site.findings, ...found])).toEqual(["ot.arp.spoofing"]);
    expect(site.findings[0]?.parameters).toMatchObject({ address: "192.168.0.10", technique: "T0830" });
  });
  test("a stranger that takes a silent device's address beside its own: told, less surely", () => {
    const site = learned();
    const batch = { bindings: [claim(site, "pc", "192.168.0.50"), claim(site, "pc", "192.168.0.1")] };
    const [found] = site.see(LATER + HOUR, batch);
    expect(found).toMatchObject({ kind: "ot.arp.spoofing", severity: "bad", confidence: 0.6 });
  });
  test("a router that works on without telling its address is still there", () => {
    const site = learned().device("box", "pc", "192.168.0.77");
    const router = site.assets.get("gateway");
    if (router !== undefined)
      site.assets.set("gateway", { ...router, routes: true, addresses: [], last: LATER + HOUR });
    const [found] = site.see(LATER + HOUR, {
      bindings: [{ ...claim(site, "box", "192.168.0.1"), first: LATER + HOUR - 1 }],
    });
    expect(found).toMatchObject({ kind: "ot.arp.spoofing", severity: "critical" });
  });
  test("two devices with one address are a conflict", () => {
    const site = learned().device("spare", "plc", "192.168.0.10");
    const batch = { bindings: [claim(site, "spare", "192.168.0.10"), claim(site, "plc", "192.168.0.10")] };
    expect(kinds(site.live(LATER, LATER + HOUR, 10 * MINUTE, batch))).toEqual(["ot.address.conflict"]);
  });
  test("a replaced device is no conflict, nor a lease that moved on", () => {
    const site = learned().device("spare", "plc", "192.168.0.10").device("guest", "pc", "192.168.0.99");
    expect(site.live(LATER, LATER + HOUR, MINUTE, { bindings: [claim(site, "spare", "192.168.0.10")] })).toEqual([]);
    site.see(LATER, { bindings: [claim(site, "pc", "192.168.0.99", "dhcp")] });
    expect(site.see(LATER + MINUTE, { bindings: [claim(site, "guest", "192.168.0.99", "dhcp")] })).toEqual([]);
  });
});

describe("unexpected servers", () => {
  const answer = (server: string, protocol: "dns" | "dhcp"): Batch => ({
    conversations: [{ client: "pc", server, protocol, port: protocol === "dns" ? 53 : 67, transport: "udp" }],
  });
  test("a second DHCP and a second DNS server", () => {
    const site = learned().device("box", "router", "192.168.0.2");
    expect(kinds(site.see(LATER, answer("box", "dhcp")))).toContain("ot.dhcp.unexpected");
    expect(kinds(site.see(LATER + 10_000, answer("box", "dns")))).toContain("ot.dns.unexpected");
  });
  test("the known one, or one that is meant to be there, is not told", () => {
    const site = learned().device("box", "router", "192.168.0.2");
    const { settings } = site.conditions;
    const servers = { ...settings.servers, dhcp: ["192.168.0.0/29"] };
    site.conditions = { ...site.conditions, settings: { ...settings, servers } };
    expect(kinds(site.see(LATER, answer("box", "dhcp")))).not.toContain("ot.dhcp.unexpected");
    expect(site.see(LATER, answer("gateway", "dhcp"))).toEqual([]);
  });
  test("a gateway that DHCP suddenly tells", () => {
    const gateway = (value: string) =>
      ({ identities: [{ endpoint: "pc", attribute: "gateway", value, protocol: "dhcp" }] }) as const;
    const site = new OtSite().device("pc", "pc", "192.168.0.50");
    expect(site.live(START, LATER, HOUR, gateway("192.168.0.1"))).toEqual([]);
    expect(kinds(site.see(LATER, gateway("192.168.0.66")))).toEqual(["ot.gateway.unexpected"]);
    expect(site.see(LATER + MINUTE, gateway("192.168.0.66"))).toEqual([]);
  });
});

describe("borders", () => {
  const out = (client: string): Batch => ({
    conversations: [{ client, server: "93.184.216.34", protocol: "tls", port: 443 }],
  });
  test("a controller in the Internet is told, also while all is learned; a PC is not", () => {
    const site = learned();
    expect(kinds(site.see(START, out("plc")))).toContain("ot.internet.access");
    expect(kinds(site.see(LATER, out("pc")))).not.toContain("ot.internet.access");
  });
  test("from outside it is critical", () => {
    const found = learned().see(LATER, { conversations: [{ client: "93.184.216.34", server: "plc" }] });
    expect(found.find(({ kind }) => kind === "ot.internet.access")).toMatchObject({ severity: "critical" });
  });
  test("OT-12 a new way between zones", () => {
    const zones = {
      pc: { name: "office", level: 4 },
      plc: { name: "cell", level: 1 },
      hmi: { name: "cell", level: 2 },
    };
    const zoneOf: Input["zoneOf"] = (asset) => zones[asset as keyof typeof zones] ?? null;
    const site = learned();
    site.conditions = { ...site.conditions, zoneOf };
    const found = site.see(LATER, { conversations: [{ client: "pc", server: "plc" }] });
    expect(found.find(({ kind }) => kind === "ot.zone.crossed")).toMatchObject({ severity: "bad" });
    expect(site.see(LATER + MINUTE, talk)).toEqual([]);
  });
});

describe("OT-23 signatures and malformed traffic", () => {
  test("a hit is told once a day, with the rule's words", () => {
    const site = learned();
    const rules = new Map([
      [1_000_001, { message: "Force Listen Only Mode", priority: 1, classtype: "attempted-dos" }],
    ]);
    const hit = { signatures: [{ source: "hmi", destination: "plc" }] };
    const [found] = site.see(LATER, hit, { rules });
    expect(found).toMatchObject({ kind: "ot.signature.hit", severity: "bad" });
    expect(found?.parameters).toMatchObject({ rule: "Force Listen Only Mode", sid: 1_000_001 });
    expect(site.live(LATER + MINUTE, LATER + HOUR, MINUTE, hit)).toEqual([]);
  });
  test("malformed messages: at a rate, not one now and then, and not what the capture spoils", () => {
    const odd = (count: number, kind = "bad-length"): Batch => ({
      weirds: [{ source: "pc", destination: "plc", count, kind }],
    });
    const site = learned();
    for (let i = 0; i < 9; i++) expect(site.see(LATER + i * 2 * MINUTE, odd(1))).toEqual([]);
    expect(site.see(LATER + HOUR, odd(500, "tcp-gap"))).toEqual([]);
    expect(kinds(site.see(LATER + HOUR, odd(50, "bad-value")))).toEqual(["ot.traffic.malformed"]);
    expect(site.live(LATER + HOUR + 10_000, LATER + 2 * HOUR, MINUTE, odd(50, "bad-value"))).toEqual([]);
  });
});

describe("refusals", () => {
  const asks = (requests: number, errors: number, more: object = {}): Batch => ({
    commands: [{ client: "hmi", server: "plc", requests, errors, low: 0, high: 40, ...more }],
  });
  const site = (usual: Batch): OtSite => {
    const one = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    expect(one.live(START, LATER, HOUR, usual)).toEqual([]);
    return one;
  };
  test("many refused commands are told once a day; few, or a small share, are not", () => {
    const one = site(asks(100, 0));
    expect(one.see(LATER, asks(100, 1))).toEqual([]);
    expect(one.see(LATER + MINUTE, asks(1_000, 50))).toEqual([]);
    const [found] = one.see(LATER + 2 * MINUTE, asks(100, 60));
    expect(found).toMatchObject({ kind: "ot.command.refused" });
    expect(found?.parameters).toMatchObject({ count: 100, refused: 60 });
    expect(one.live(LATER + 3 * MINUTE, LATER + HOUR, MINUTE, asks(100, 60))).toEqual([]);
  });
  test("a client that was always refused is a habit", () => {
    expect(site(asks(100, 60)).see(LATER, asks(100, 70))).toEqual([]);
  });
  test("guessed passwords are told, also while all is learned; a mistyped one is not", () => {
    const login = { class: "login", name: "PASS", protocol: "ftp", port: 21, code: 1 };
    const one = new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
    expect(one.see(START, asks(2, 2, login))).toEqual([]);
    expect(kinds(one.see(START + MINUTE, asks(30, 30, login)))).toEqual(["ot.login.refused"]);
  });
});
