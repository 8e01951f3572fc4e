import { describe, expect, test } from "vitest";
import { countingIds, Seen } from "../../../../../tests/support/seen.ts";
import type { Asset, Role } from "../model.ts";
import { AssetIndex } from "./asset-index.ts";
import { resolve } from "./resolve.ts";
import { crossings, foundZones, inSubnet, levelOf, zoneOf } from "./zones.ts";

const asset = (id: string, role: Role, addresses: string[], vlans: number[] = [0]): Asset => ({
  id,
  role,
  addresses,
  vlans,
  macs: [],
  attributes: {},
  roleConfidence: 1,
  protocols: [],
  routes: false,
  first: 0,
  last: 0,
});

describe("zones (OT-12)", () => {
  test.each([
    ["10.1.2.3", "10.1.2.0/24", true],
    ["10.1.3.3", "10.1.2.0/23", true],
    ["10.1.4.3", "10.1.2.0/23", false],
    ["10.1.4.3", "0.0.0.0/0", true],
    ["10.1.4.3", "10.1.4.3", true],
    ["2001:db8:1::5", "2001:db8::/32", true],
    ["2001:db8:1::5", "2001:db8:2::/48", false],
    ["10.1.4.3", "::/0", false],
    ["token", "10.0.0.0/8", false],
  ])("%s in %s: %s", (address, subnet, inside) => expect(inSubnet(address, subnet)).toBe(inside));

  test("a given zone takes by subnet or VLAN, the first that fits", () => {
    const zones = [
      { id: "line", subnets: ["10.0.1.0/24"], vlans: [], level: 1 },
      { id: "all", subnets: ["10.0.0.0/8"], vlans: [30], level: null },
    ];
    expect(zoneOf(asset("a", "plc", ["10.0.1.5"]), zones)).toBe("line");
    expect(zoneOf(asset("b", "plc", ["10.7.1.5"]), zones)).toBe("all");
    expect(zoneOf(asset("c", "plc", [], [30]), zones)).toBe("all");
    expect(zoneOf(asset("d", "plc", ["192.0.2.1"]), zones)).toBeNull();
  });
  test("zones are found by subnet, else by VLAN, with the level of most of their devices", () => {
    const zones = foundZones([
      asset("plc1", "plc", ["10.0.1.1"]),
      asset("plc2", "plc", ["10.0.1.2", "10.0.9.9"]),
      asset("hmi", "hmi", ["10.0.1.3"]),
      asset("pc", "pc", ["10.0.4.1"]),
      asset("io", "io", [], [12]),
      asset("nowhere", "unknown", []),
    ]);
    expect(zones).toEqual([
      { name: "10.0.1.0/24", subnets: ["10.0.1.0/24"], vlans: [], level: 1, assets: ["plc1", "plc2", "hmi"] },
      { name: "10.0.4.0/24", subnets: ["10.0.4.0/24"], vlans: [], level: 4, assets: ["pc"] },
      { name: "VLAN 12", subnets: [], vlans: [12], level: 0, assets: ["io"] },
    ]);
  });
  test("a PC that asks controllers works at level 2", () => {
    expect(levelOf({ role: "pc", protocols: [] })).toBe(4);
    expect(levelOf({ role: "pc", protocols: ["modbus"] }, true)).toBe(2);
    expect(levelOf({ role: "unknown", protocols: [] })).toBeNull();
  });
  test("talk from the office straight to a controller skips levels", () => {
    const standing = (id: string) =>
      ({ pc: { zone: "office", level: 4 }, plc: { zone: "line", level: 1 }, hmi: { zone: "line", level: 2 } })[id] ?? {
        zone: null,
        level: null,
      };
    const found = crossings(
      [
        { client: "pc", server: "plc" },
        { client: "pc", server: "plc" },
        { client: "hmi", server: "plc" },
        { client: "x", server: "plc" },
      ],
      standing,
    );
    expect(found.map(({ client, kind }) => `${client} ${kind}`)).toEqual(["pc level", "x zone"]);
    expect(found[0]).toMatchObject({ from: "office", to: "line", levels: [4, 1] });
  });
});

describe("roles by behaviour (OT-8)", () => {
  const roleAfter = (seen: Seen, mac: string): { role: Role; reasons: (string | undefined)[] } => {
    const index = new AssetIndex();
    resolve(index, seen.observation(), countingIds());
    const found = index.byMac(mac);
    return { role: found?.role ?? "unknown", reasons: (found?.attributes.role ?? []).map(({ reason }) => reason) };
  };
  const me = "00:10:20:30:40:50";
  const other = (n: number): string => `00:10:20:30:40:${(96 + n).toString(16)}`;
  test("answers S7: a controller", () => {
    const seen = new Seen().command(other(1), me, "s7comm");
    expect(roleAfter(seen, me)).toEqual({ role: "plc", reasons: ["answers-controller"] });
    expect(roleAfter(seen, other(1)).role).toBe("hmi");
  });
  test("reads many controllers: SCADA", () => {
    const seen = new Seen();
    for (const n of [1, 2, 3, 4]) seen.command(me, other(n), "modbus");
    expect(roleAfter(seen, me)).toEqual({ role: "scada", reasons: ["asks-many"] });
  });
  test("loads a program: engineering station", () => {
    const seen = new Seen()
      .command(me, other(1), "s7comm", { class: "download", code: 0x1a })
      .command(me, other(1), "s7comm");
    expect(roleAfter(seen, me).role).toBe("engineering-station");
  });
  test("asks who is there and nothing else: no role", () => {
    expect(roleAfter(new Seen().command(me, other(1), "enip", { class: "identify" }), me).role).toBe("unknown");
  });
  test("a PROFINET device that reports itself ready is no controller", () => {
    const seen = new Seen()
      .command(other(1), me, "profinet-cm", { code: 0, name: "Connect", class: "session" })
      .command(me, other(1), "profinet-cm", { code: 0x412, name: "Control: application ready", class: "session" });
    expect(roleAfter(seen, me).role).toBe("io");
    expect(roleAfter(seen, other(1)).role).toBe("plc");
  });
  describe("I/O data of EtherNet/IP (the same in both directions)", () => {
    const io = { code: 0x8002, name: "I/O data (class 0/1)", class: "report", requests: 0, responses: 0, events: 200 } as const; // prettier-ignore
    test("who opened the session is the controller", () => {
      const seen = new Seen().command(other(1), me, "enip", io).talk(me, other(1), { protocol: "enip", port: 44_818 });
      expect(roleAfter(seen, me)).toEqual({ role: "plc", reasons: ["drives-io"] });
      expect(roleAfter(seen, other(1))).toEqual({ role: "io", reasons: ["answers-io"] });
    });
    test("who has several partners is the controller", () => {
      const seen = new Seen().command(other(1), me, "enip", io).command(me, other(2), "enip", io);
      expect(roleAfter(seen, me).role).toBe("plc");
      expect([1, 2].map((n) => roleAfter(seen, other(n)).role)).toEqual(["io", "io"]);
    });
    test("inputs to a group come from an adapter", () => {
      const seen = new Seen().command(me, "01:00:5e:40:80:20@239.192.128.32", "enip", io);
      expect(roleAfter(seen, me)).toEqual({ role: "io", reasons: ["gives-inputs"] });
    });
    test("one partner and nothing else: no role; a session of others says nothing", () => {
      const seen = new Seen().command(me, other(1), "enip", io).talk(other(2), me, { protocol: "enip", port: 44_818 });
      for (const one of [me, other(1), other(2)]) expect(roleAfter(seen, one).role).toBe("unknown");
    });
  });
  test("a refused request makes no controller", () => {
    const seen = new Seen().command(other(1), me, "modbus", { responses: 0, errors: 0 });
    expect(roleAfter(seen, me).role).toBe("unknown");
  });
  test.each<[string, Role, (seen: Seen) => Seen]>([
    ["GOOSE", "ied", (seen) => seen.talk(me, "01:0c:cd:01:00:01", { protocol: "goose", transport: "ethernet" })],
    ["spanning tree", "switch", (seen) => seen.talk(me, "01:80:c2:00:00:00", { protocol: "stp", transport: "llc" })],
    ["print jobs", "printer", (seen) => seen.talk(other(1), me, { port: 9100 })],
    ["video", "camera", (seen) => seen.talk(other(1), me, { port: 554 })],
    [
      "Kerberos and LDAP",
      "domain-controller",
      (seen) =>
        seen.talk(other(1), me, { protocol: "kerberos", port: 88 }).talk(other(1), me, { protocol: "ldap", port: 389 }),
    ],
    ["DNP3", "rtu", (seen) => seen.command(other(1), me, "dnp3")],
    ["BACnet", "building-controller", (seen) => seen.command(other(1), me, "bacnet")],
    ["CC-Link IE Field Basic as slave", "io", (seen) => seen.command(other(1), me, "cclink-ief-basic")],
    [
      "the time for three",
      "time-server",
      (seen) =>
        [1, 2, 3].reduce((all, n) => all.talk(other(n), me, { protocol: "ntp", transport: "udp", port: 123 }), seen),
    ],
    [
      "files for four",
      "server",
      (seen) => [1, 2, 3, 4].reduce((all, n) => all.talk(other(n), me, { protocol: "smb2", port: 445 }), seen),
    ],
    ["office services only", "pc", (seen) => seen.talk(me, other(1), { protocol: "tls", port: 443 })],
  ])("gives or asks %s: %s", (_, role, saw) => expect(roleAfter(saw(new Seen()), me).role).toBe(role));
});
