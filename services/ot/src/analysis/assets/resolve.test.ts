import { describe, expect, test } from "vitest";
import { countingIds, Seen, SEEN_FROM } from "../../../../../tests/support/seen.ts";
import type { Observation } from "../model.ts";
import { AssetIndex, addressKey, macKey } from "./asset-index.ts";
import { mergeByHand, splitByHand } from "./by-hand.ts";
import { valueOf } from "./evidence.ts";
import { proposalsOf } from "./proposals.ts";
import { resolve } from "./resolve.ts";

const plc = "00:0e:8c:00:00:10";
const hmi = "00:0e:8c:00:00:20";
const router = "00:00:0c:11:22:33";
const minute = 60_000;

const site = (options: ConstructorParameters<typeof AssetIndex>[1] = {}) => {
  const index = new AssetIndex([], options);
  const newId = countingIds();
  return { index, read: (seen: Seen) => resolve(index, seen.observation(), newId) };
};
const later = (minutes: number): Seen => new Seen(SEEN_FROM + minutes * minute);

describe("one device, one asset (OT-6)", () => {
  test("two devices that talk are two assets with MAC, address, VLAN, protocol and times", () => {
    const { index, read } = site();
    const { changed, assetOf } = read(
      new Seen().talk(`${hmi}@10.0.0.20#5`, `${plc}@10.0.0.10#5`, { protocol: "modbus", port: 502 }),
    );
    expect(changed).toHaveLength(2);
    expect(index.byMac(plc)).toMatchObject({
      macs: [plc],
      addresses: ["10.0.0.10"],
      vlans: [5],
      protocols: ["modbus"],
      first: SEEN_FROM,
      last: SEEN_FROM + 10_000,
      routes: false,
    });
    expect(assetOf(0)).toBe(index.byMac(hmi)?.id);
    expect(assetOf(1)).toBe(index.byAddress(5, "10.0.0.10")?.id);
    expect(assetOf(7)).toBeNull();
  });
  test("several addresses of a MAC, IPv6 and link-local among them, are one asset", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${plc}@10.0.0.10`, `${hmi}@10.0.0.20`)
        .talk(`${plc}@10.0.0.11`, `${hmi}@10.0.0.20`)
        .talk(`${plc}@fe80::20e:8cff:fe00:10`, `${hmi}@fe80::1`)
        .talk(plc, hmi),
    );
    expect(index.size).toBe(2);
    expect(index.byMac(plc)?.addresses).toEqual(["10.0.0.10", "10.0.0.11", "fe80::20e:8cff:fe00:10"]);
  });
  test.each([
    ["broadcast", "ff:ff:ff:ff:ff:ff@10.0.0.255"],
    ["IPv4 multicast", "01:00:5e:00:00:fb@224.0.0.251"],
    ["IPv6 multicast", "33:33:00:00:00:01@ff02::1"],
    ["PROFINET identify", "01:0e:cf:00:00:00"],
    ["zero MAC without address", "00:00:00:00:00:00"],
  ])("a group is no device: %s", (_, group) => {
    const { index, read } = site();
    const { assetOf } = read(new Seen().talk(`${plc}@10.0.0.10`, group, { packetsIn: 0 }));
    expect(index.size).toBe(1);
    expect(assetOf(1)).toBeNull();
  });
  test("a device that asks for its address (0.0.0.0) is known by its MAC", () => {
    const { index, read } = site();
    read(
      new Seen().talk(`${plc}@0.0.0.0`, "ff:ff:ff:ff:ff:ff@255.255.255.255", { protocol: "dhcp", transport: "udp" }),
    );
    expect(index.byMac(plc)?.addresses).toEqual([]);
  });
  test("a device that only receives (one-way mirror) is listed, an address that never answers behind a router is not", () => {
    const { index, read } = site();
    const seen = new Seen().talk(`${hmi}@10.0.0.20`, `${plc}@10.0.0.10`, { packetsIn: 0 }).binds(router, "10.0.0.1");
    for (const host of [5, 6, 7])
      seen.talk(`${hmi}@10.0.0.20`, `${router}@10.9.9.${host}`, { packetsIn: host === 5 ? 1 : 0 });
    read(seen);
    expect(index.byMac(plc)).toBeDefined();
    expect(index.holders("10.9.9.5")).toHaveLength(1);
    expect(index.holders("10.9.9.6")).toHaveLength(0);
  });
  test("senders whose MACs were made unreadable are known by their addresses", () => {
    const { index, read } = site();
    read(new Seen().talk("01:1a:a1:02:00:30@10.0.30.36", "01:1a:a1:01:00:11@10.0.20.24", { protocol: "bacnet" }));
    expect([...index.assets()].map(({ macs, addresses }) => [macs, addresses])).toEqual([
      [[], ["10.0.30.36"]],
      [[], ["10.0.20.24"]],
    ]);
  });
  test("an address that others only tell of makes no device, and one that is known learns from it", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${plc}@10.0.0.10`, hmi)
        .says("@10.0.0.10", "dns", { name: "press" })
        .says("@10.0.0.99", "dns", { name: "ghost" }),
    );
    expect(index.size).toBe(2);
    expect(valueOf(index.byMac(plc) as never, "name")).toBe("press");
  });
  test("captures without MACs give assets by address", () => {
    const { index, read } = site();
    read(new Seen().talk("@10.0.0.20", "@10.0.0.10"));
    expect([...index.assets()].map(({ addresses }) => addresses)).toEqual([["10.0.0.20"], ["10.0.0.10"]]);
  });
  test("addresses that are the customer's tokens are kept as they are", () => {
    const { index, read } = site();
    read(new Seen().talk(`${plc}@tok-1f2e`, `${hmi}@tok-77aa`));
    expect(index.byMac(plc)?.addresses).toEqual(["tok-1f2e"]);
  });
});

describe("routers (OT-6)", () => {
  const behind = (seen: Seen): Seen => {
    for (const host of [1, 2, 3]) seen.talk(`${hmi}@10.0.0.20`, `${router}@10.0.${host}.5`, { protocol: "modbus" });
    return seen;
  };
  test("a MAC with addresses of several networks routes; each far address is an asset of its own", () => {
    const { index, read } = site();
    read(behind(new Seen().binds(router, "10.0.0.1")));
    expect(index.byMac(router)).toMatchObject({ routes: true, addresses: ["10.0.0.1"], role: "router" });
    for (const host of [1, 2, 3]) expect(index.byAddress(0, `10.0.${host}.5`)).toMatchObject({ macs: [] });
    expect(index.size).toBe(5);
  });
  test("what was taken for one device is undone when it turns out to be a router", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${hmi}@10.0.0.20`, `${router}@10.0.1.5`, { protocol: "s7comm" })
        .says(`${router}@10.0.1.5`, "s7comm", { model: "CPU 315-2 PN/DP" }),
    );
    expect(index.byMac(router)?.addresses).toEqual(["10.0.1.5"]);
    read(behind(later(1)));
    expect(index.byMac(router)).toMatchObject({ routes: true, addresses: [], attributes: {} });
    const far = index.byAddress(0, "10.0.1.5");
    expect(far?.macs).toEqual([]);
    // What was learned of the one is of the other; those that were never taken for it inherit nothing.
    expect(far?.heirOf).toBe(index.byMac(router)?.id);
    expect(index.byAddress(0, "10.0.2.5")?.heirOf).toBeUndefined();
    read(behind(later(2)));
    expect(index.byAddress(0, "10.0.1.5")?.heirOf).toBe(far?.heirOf);
  });
  test("a device seen on both sides of the router is one asset", () => {
    const { index, read } = site();
    read(new Seen().binds(plc, "10.0.1.5", "arp-reply", 20).talk(`${plc}@10.0.1.5#20`, `${hmi}@10.0.1.9#20`));
    read(behind(later(1)));
    expect(index.holders("10.0.1.5")).toHaveLength(1);
    expect(index.byAddress(0, "10.0.1.5")?.macs).toEqual([plc]);
  });
  test("one far address is enough when it is known whose it is; nothing of it stays with the router", () => {
    const { index, read } = site();
    const far = `${plc}@10.0.1.5#20`;
    const asks = (minutes: number): Seen =>
      later(minutes)
        .binds(router, "10.0.0.1", "arp-reply", 10)
        .talk(`${router}@10.0.1.5#10`, `${hmi}@10.0.0.20#10`, { protocol: "modbus" });
    read(asks(0));
    expect(index.byMac(router)?.addresses).toContain("10.0.1.5");
    read(later(1).binds(plc, "10.0.1.5", "arp-request", 20).talk(far, "00:0e:8c:00:00:99@10.0.1.9#20"));
    const ids = [2, 3, 4].map((minutes) => read(asks(minutes)).assetOf(0));
    expect(new Set(ids)).toEqual(new Set([index.byMac(plc)?.id]));
    expect(index.byMac(router)).toMatchObject({ routes: true, addresses: ["10.0.0.1"] });
    expect(index.holders("10.0.1.5")).toHaveLength(1);
  });
  test("a far asset that later shows its MAC keeps its id", () => {
    const { index, read } = site();
    read(behind(new Seen().binds(router, "10.0.0.1")));
    const id = index.byAddress(0, "10.0.1.5")?.id;
    const { merged } = read(later(1).binds(plc, "10.0.1.5", "arp-reply", 20));
    expect(index.byMac(plc)?.id).toBe(id);
    expect(merged).toEqual([]);
  });
  test("a MAC known without address and a far asset become one when the address shows its MAC", () => {
    const { index, read } = site();
    read(behind(new Seen().binds(router, "10.0.0.1").talk(plc, "01:80:c2:00:00:0e", { protocol: "lldp" })));
    const [far, near] = [index.byAddress(0, "10.0.1.5")?.id, index.byMac(plc)?.id];
    expect(far).not.toBe(near);
    const { merged } = read(later(1).binds(plc, "10.0.1.5", "arp-reply", 20));
    expect(merged).toEqual([{ from: far, into: near }]);
    expect(index.holders("10.0.1.5").map(({ id }) => id)).toEqual([near]);
  });
  test("the internet behind a router is no device of the site, a public address with a factory protocol is", () => {
    const { index, read } = site();
    const { assetOf } = read(
      new Seen()
        .talk(`${hmi}@10.0.0.20`, `${router}@203.0.113.7`, { protocol: "tls" })
        .command(`${hmi}@10.0.0.20`, `${router}@203.0.113.7`, "http")
        .talk(`${hmi}@10.0.0.20`, `${router}@198.51.100.9`, { protocol: "modbus" }),
    );
    expect(assetOf(1)).toBeNull();
    expect(assetOf(2)).not.toBeNull();
    expect(index.byMac(router)?.routes).toBe(true);
  });
  test.each(["00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f0:01", "00:07:b4:00:01:02"])(
    "the shared MAC of redundant routers routes: %s",
    (mac) => {
      const { index, read } = site({ vendorOf: () => "IANA" });
      read(new Seen().binds(mac, "10.0.0.1").talk(`${hmi}@10.0.0.20`, `${mac}@10.5.5.5`));
      expect(index.byMac(mac)).toMatchObject({ routes: true, role: "router", addresses: ["10.0.0.1"] });
      expect(valueOf(index.byMac(mac) as never, "vendor")).toBeNull();
    },
  );
  test("a host with two networks of its own, each bound by ARP, is no router", () => {
    const { index, read } = site();
    const seen = new Seen();
    for (const net of [1, 2, 3, 4])
      seen.binds(plc, `10.0.${net}.5`).talk(`${plc}@10.0.${net}.5`, `${hmi}@10.0.${net}.9`);
    read(seen.binds(hmi, "10.0.1.9"));
    expect(index.byMac(plc)).toMatchObject({ routes: false });
    expect(index.byMac(plc)?.addresses).toHaveLength(4);
  });
  test("proxy ARP: a MAC that answers for more than sixteen addresses routes", () => {
    const { index, read } = site();
    const seen = new Seen();
    for (let host = 1; host <= 17; host++) seen.binds(router, `10.0.0.${host}`);
    read(seen);
    expect(index.byMac(router)?.routes).toBe(true);
  });
});

describe("addresses that move (OT-6, OT-26)", () => {
  test("DHCP gives an address of a silent device to another: it moves", () => {
    const { index, read } = site();
    read(new Seen().binds(plc, "10.0.0.50", "dhcp"));
    const { disputes } = read(later(30).binds(hmi, "10.0.0.50", "dhcp"));
    expect(disputes).toEqual([]);
    expect(index.byMac(plc)?.addresses).toEqual([]);
    expect(index.byAddress(0, "10.0.0.50")?.macs).toEqual([hmi]);
  });
  test("two devices claim an address at the same time: a dispute, never one asset", () => {
    const { index, read } = site();
    const { disputes } = read(new Seen().binds(plc, "10.0.0.50").binds(hmi, "10.0.0.50", "arp-gratuitous"));
    expect(disputes).toEqual([{ address: "10.0.0.50", vlan: 0, assets: ["a1", "a2"] }]);
    expect(index.size).toBe(2);
  });
  test("the same address in two VLANs is two devices without a dispute", () => {
    const { index, read } = site();
    const { disputes } = read(
      new Seen().binds(plc, "192.168.0.10", "arp-reply", 10).binds(hmi, "192.168.0.10", "arp-reply", 20),
    );
    expect(disputes).toEqual([]);
    expect(index.byAddress(10, "192.168.0.10")?.macs).toEqual([plc]);
    expect(index.byAddress(20, "192.168.0.10")?.macs).toEqual([hmi]);
  });
  test("addresses of a device are bounded: the longest silent goes", () => {
    const { index, read } = site();
    for (let day = 0; day < 40; day++)
      read(later(day * 1440).talk(`${plc}@2001:db8::${day.toString(16)}`, `${hmi}@2001:db8::ff`));
    const addresses = index.byMac(plc)?.addresses ?? [];
    expect(addresses).toHaveLength(32);
    expect(addresses).not.toContain("2001:db8::0");
  });
});

describe("once and in any order (OT-6)", () => {
  const seen = (): Seen =>
    new Seen()
      .binds(router, "10.0.0.1")
      .binds(plc, "10.0.0.10")
      .talk(`${hmi}@10.0.0.20`, `${plc}@10.0.0.10`, { protocol: "modbus", port: 502 })
      .command(`${hmi}@10.0.0.20`, `${plc}@10.0.0.10`, "modbus")
      .talk(`${hmi}@10.0.0.20`, `${router}@10.0.5.5`)
      .talk(`${hmi}@10.0.0.20`, `${router}@10.0.6.6`)
      .says(`${plc}@10.0.0.10`, "modbus", { vendor: "Schneider Electric", model: "BMX P34 2020", firmware: "V2.9" });
  const facts = (index: AssetIndex) =>
    [...index.assets()]
      .map((asset) => ({ ...asset, id: "" }))
      .toSorted((a, b) =>
        JSON.stringify(a.macs.concat(a.addresses)).localeCompare(JSON.stringify(b.macs.concat(b.addresses))),
      );

  test("the same batch twice changes nothing", () => {
    const { index, read } = site();
    read(seen());
    const before = facts(index);
    const { changed, merged } = read(seen());
    expect(changed).toEqual([]);
    expect(merged).toEqual([]);
    expect(facts(index)).toEqual(before);
  });
  test("rows in reverse give the same assets", () => {
    const [forth, back] = [site(), site()];
    forth.read(seen());
    const one = seen().observation();
    const last = one.endpoints.length - 1;
    const flip = <T>(rows: readonly T[]): T[] =>
      rows.toReversed().map((row) => {
        const next = { ...row } as Record<string, unknown>;
        for (const key of ["client", "server", "endpoint"])
          if (typeof next[key] === "number") next[key] = last - next[key];
        return next as T;
      });
    const reversed: Observation = {
      ...one,
      endpoints: one.endpoints.toReversed(),
      conversations: flip(one.conversations),
      commands: flip(one.commands),
      identities: flip(one.identities),
      bindings: one.bindings.toReversed(),
    };
    resolve(back.index, reversed, countingIds());
    expect(facts(back.index)).toEqual(facts(forth.index));
  });
  test("two batches in either order give the same assets", () => {
    const second = (): Seen => later(1).talk(`${plc}@10.0.0.11`, `${hmi}@10.0.0.20`, { protocol: "ntp" });
    const [forth, back] = [site(), site()];
    forth.read(seen());
    forth.read(second());
    back.read(second());
    back.read(seen());
    expect(facts(back.index)).toEqual(facts(forth.index));
  });
  test("a device that only goes on is handed out once a minute", () => {
    const { read } = site();
    const quiet = (seconds: number): Seen =>
      new Seen(SEEN_FROM + seconds * 1000).talk(`${hmi}@10.0.0.20`, `${plc}@10.0.0.10`);
    expect(read(quiet(0)).changed).toHaveLength(2);
    for (const seconds of [10, 20, 30, 40, 50]) expect(read(quiet(seconds)).changed).toEqual([]);
    expect(read(quiet(60)).changed).toHaveLength(2);
  });
});

describe("several MACs of one device (OT-6)", () => {
  const [face, port] = ["28:63:36:aa:00:10", "28:63:36:aa:00:11"];
  test("the port of a PROFINET device joins it: MAC beside it, same name, nothing but port protocols", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${face}@10.0.0.5`, `${hmi}@10.0.0.20`, { protocol: "s7comm" })
        .says(face, "profinet-dcp", { name: "press-1" }),
    );
    const { merged } = read(
      later(1)
        .talk(port, "01:80:c2:00:00:0e", { protocol: "lldp", packetsIn: 0 })
        .says(port, "lldp", { name: "press-1" }),
    );
    expect(index.byMac(face)?.macs).toEqual([face, port]);
    expect(index.size).toBe(2);
    expect(merged).toHaveLength(1);
    const { changed, assetOf } = read(later(2).talk(port, "01:80:c2:00:00:0e", { protocol: "lldp", packetsIn: 0 }));
    expect(assetOf(0)).toBe(index.byMac(face)?.id);
    expect(changed).toHaveLength(1);
  });
  test("neighbouring MACs with different names stay two", () => {
    const { index, read } = site();
    read(new Seen().says(face, "lldp", { name: "press-1" }).says(port, "lldp", { name: "press-2" }));
    expect(index.size).toBe(2);
    expect(proposalsOf(index)).toEqual([]);
  });
  test("two interfaces with addresses and one name, or one serial number, are proposed, not joined", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${face}@10.0.0.5`, `${port}@10.0.1.5`)
        .says(`${face}@10.0.0.5`, "lldp", { name: "ews" })
        .says(`${port}@10.0.1.5`, "lldp", { name: "EWS" })
        .says(`${plc}@10.0.0.7`, "cip", { vendor: "Rockwell Automation/Allen-Bradley", serial: "00a1b2c3" })
        .says(`${hmi}@10.0.0.8`, "cip", { vendor: "Rockwell Automation", serial: "00a1b2c3" }),
    );
    expect(proposalsOf(index).map(({ reason }) => reason)).toEqual(["same-serial", "same-name-adjacent"]);
    const [one] = proposalsOf(index);
    expect(proposalsOf(index, new Set([one?.assets.join(" ") ?? ""]))).toHaveLength(1);
    expect(index.size).toBe(4);
  });
  test("a merge by hand lasts", () => {
    const { index, read } = site();
    read(new Seen().talk(`${plc}@10.0.0.10`, `${hmi}@10.0.0.20`));
    const [one, two] = [index.byMac(plc), index.byMac(hmi)] as [never, never];
    const { assets, gone, pins } = mergeByHand(one, [two]);
    expect(gone).toEqual(["a2"]);
    const merged = new AssetIndex(assets, { pins: new Map(pins) });
    const { assetOf } = resolve(
      merged,
      later(1).talk(`${hmi}@10.0.0.21`, `${plc}@10.0.0.10`).observation(),
      () => "new",
    );
    expect([assetOf(0), assetOf(1)]).toEqual(["a1", "a1"]);
    expect(merged.get("a1")).toMatchObject({ macs: [plc, hmi], addresses: ["10.0.0.10", "10.0.0.20", "10.0.0.21"] });
  });
  test("a split by hand lasts, also where traffic says otherwise", () => {
    const { index, read } = site();
    read(
      new Seen()
        .talk(`${face}@10.0.0.5`, `${hmi}@10.0.0.20`)
        .says(face, "lldp", { name: "press-1" })
        .says(port, "lldp", { name: "press-1" }),
    );
    const whole = index.byMac(face) as never;
    const { assets, pins } = splitByHand(whole, { macs: [port], addresses: [] }, "split");
    const after = new AssetIndex(assets, { pins: new Map(pins) });
    resolve(
      after,
      later(1).says(face, "lldp", { name: "press-1" }).says(port, "lldp", { name: "press-1" }).observation(),
      () => "new",
    );
    expect(after.byMac(port)?.id).toBe("split");
    expect(after.byMac(face)?.macs).toEqual([face]);
    expect(pins).toContainEqual([macKey(port), "split"]);
  });
  test("a far address can be moved by hand", () => {
    const { read, index } = site({ pins: new Map([[addressKey("10.9.9.9"), "kept"]]) });
    read(new Seen().talk("@10.9.9.9", "@10.0.0.20"));
    expect(index.get("kept")?.addresses).toEqual(["10.9.9.9"]);
  });
});
