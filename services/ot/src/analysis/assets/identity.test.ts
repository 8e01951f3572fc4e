import { describe, expect, test } from "vitest";
import { countingIds, Seen, SEEN_FROM } from "../../../../../tests/support/seen.ts";
import type { Asset, Evidence } from "../model.ts";
import { AssetIndex } from "./asset-index.ts";
import { sayingsOf } from "./attributes.ts";
import { conflictsOf, MAX_EVIDENCE, shownOf, valueOf, withEvidence } from "./evidence.ts";
import { osOf, osOfDhcpList, windowsByVersion } from "./os.ts";
import { judgeRole } from "./roles.ts";
import { roleOfDeviceType, roleOfText, roleOfWord } from "./roles-by-identity.ts";
import { resolve } from "./resolve.ts";
import { vendorName } from "./vendors.ts";

const me = "00:00:bc:11:22:33";
const told = (...batches: Seen[]) => {
  const index = new AssetIndex([], { vendorOf: () => "Rockwell Automation" });
  for (const batch of batches) resolve(index, batch.observation(), countingIds());
  return index.byMac(me) as Asset;
};
const says = (protocol: string, attribute: string, value: string) =>
  sayingsOf({ endpoint: 0, attribute, value, protocol, count: 1, first: 0, last: 0 } as never).map(
    (one) => `${one.attribute}=${one.value}`,
  );

describe("evidence of each attribute (OT-9, OT-N5)", () => {
  test("the device's own identity counts more than a neighbour protocol, and that more than the network chip", () => {
    const asset = told(
      new Seen()
        .says(me, "lldp", { model: "Stratix 5700", vendor: "Cisco Systems, Inc." })
        .says(me, "cip", { model: "1756-EN2TR/C", vendor: "Rockwell Automation/Allen-Bradley" }),
    );
    expect(shownOf(asset, "model")).toMatchObject({ value: "1756-EN2TR/C", source: "cip", confidence: 0.95 });
    expect(asset.attributes.vendor?.map(({ value, source }) => `${source} ${value}`)).toEqual([
      "cip Rockwell Automation",
      "lldp Cisco",
      "oui Rockwell Automation",
    ]);
  });
  test("LLDP says X, CIP says Y: a conflict, with both", () => {
    const asset = told(
      new Seen()
        .says(me, "lldp", { vendor: "Cisco", firmware: "15.2" })
        .says(me, "cip", { vendor: "Rockwell", firmware: "V15.2" }),
    );
    expect(conflictsOf(asset).map(({ attribute, sayings }) => [attribute, sayings.map(({ value }) => value)])).toEqual([
      ["vendor", ["Rockwell Automation", "Cisco"]],
    ]);
  });
  test("a source that says something newer has changed its mind: no conflict, the newer is shown", () => {
    const asset = told(
      new Seen().says(me, "cip", { firmware: "20.11" }),
      new Seen(SEEN_FROM + 60_000).says(me, "cip", { firmware: "20.13" }),
    );
    expect(valueOf(asset, "firmware")).toBe("20.13");
    expect(conflictsOf(asset)).toEqual([]);
  });
  test("what a person said stays above all", () => {
    const hand: Evidence = { value: "Press 3", source: "hand", confidence: 1, count: 1, first: 0, last: 0 };
    const other: Evidence = { ...hand, value: "plc", source: "lldp", confidence: 0.82, last: 9 };
    expect(valueOf({ attributes: { name: [other, hand] } }, "name")).toBe("Press 3");
  });
  test("evidence is bounded: the weakest and oldest go, what people said never", () => {
    let list: readonly Evidence[] = [{ value: "x", source: "register", confidence: 0.1, count: 1, first: 0, last: 0 }];
    for (let i = 0; i < 50; i++)
      list = withEvidence(list, { value: `v${i}`, source: "http", confidence: 0.5, count: 1, first: i, last: i });
    expect(list).toHaveLength(MAX_EVIDENCE);
    expect(list.map(({ value }) => value)).toEqual(["x", "v49", "v48", "v47", "v46", "v45", "v44", "v43"]);
  });
  test("fillers say nothing", () => {
    for (const value of ["", "  ", "N/A", "unknown", "To be filled by O.E.M.", "----", "0000"])
      expect(says("snmp", "serial", value)).toEqual([]);
    expect(says("profinet-dcp", "station-address", "0")).toEqual(["station-address=0"]);
  });
  test("the same identity in every batch is no news", () => {
    const index = new AssetIndex();
    const batch = (seconds: number): Seen =>
      new Seen(SEEN_FROM + seconds * 1_000).says(me, "cip", { model: "1756-L61", vendor: "Rockwell" });
    resolve(index, batch(0).observation(), countingIds());
    expect(resolve(index, batch(10).observation(), countingIds()).changed).toEqual([]);
    expect(
      resolve(index, batch(20).says(me, "cip", { serial: "C0FFEE01" }).observation(), countingIds()).changed,
    ).toHaveLength(1);
  });
});

describe("OS, model and firmware from traffic (OT-7)", () => {
  test.each([
    ["Windows 7 / Server 2008 R2 (6.1.7601)", "Windows 7 / Server 2008 R2"],
    ["Windows 10 2004 or later (10.0.19045)", "Windows 10 22H2"],
    ["Windows 11 24H2 / Server 2025 (10.0.26100)", "Windows 11 24H2 / Server 2025"],
    ["Windows Server 2012 R2 Standard 9600", "Windows Server 2012 R2"],
    ["Windows Server (R) 2008 Standard 6002 Service Pack 2", "Windows Server 2008"],
    ["Windows 5.1", "Windows XP"],
    ["Windows XP Embedded", "Windows XP Embedded"],
    ["Mozilla/5.0 (Windows NT 6.1; Win64; x64)", "Windows 7 / Server 2008 R2"],
    ["SSH-2.0-OpenSSH_7.4p1 Debian-10+deb9u7", "Debian 9"],
    ["SSH-2.0-OpenSSH_8.2p1 Ubuntu-4ubuntu0.5", "Ubuntu"],
    ["Linux plc 4.9.11-rt9 armv7l", "Linux 4.9"],
    ["Microsoft Windows CE Version 6.0", "Windows CE"],
    ["VxWorks 6.9", "VxWorks 6.9"],
    ["Linux/4.14.76+ UPnP/1.0 CyberLinkJava/1.8", "Linux 4.14"],
    ["Apache/2.4.6 (Fedora)", "Fedora"],
    ["Windows 6.1", null],
    ["Cisco IOS Software, IE2000 Software, Version 15.2(4)EA5, RELEASE", "Cisco IOS 15.2(4)EA5"],
    ["Dalvik/2.1.0 (Linux; U; Android 9; SM-T585)", "Android 9"],
    ["CPU 315-2 PN/DP", null],
    ["Windows 10 / Server 2016 or later (10.0)", "Windows 10 / Server 2016 or later"],
  ])("%s → %s", (text, system) => expect(osOf(text)).toBe(system));
  test("numbers of NTLM, lists of DHCP, times to live of TCP", () => {
    expect(windowsByVersion("10.0.17763")).toBe("Windows 10 1809 / Server 2019");
    expect(windowsByVersion("7.5")).toBeNull();
    expect(osOfDhcpList("1,15,3,6,44,46,47,31,33,121,249,43")).toBe("Windows 7");
  });
  test("a line of SNMP is taken apart", () => {
    expect(
      says(
        "snmp",
        "description",
        "Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 1, FW: Version V5.2.4",
      ),
    ).toEqual([
      "description=Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 1, FW: Version V5.2.4",
      "vendor=Siemens",
      "model=SCALANCE X208",
      "order-number=6GK5 208-0BA10-2AA3",
      "firmware=V5.2.4",
      "role=switch",
    ]);
  });
  test.each([
    ["SIEMENS AG", "Siemens"],
    ["Rockwell Automation/Allen-Bradley", "Rockwell Automation"],
    ["MITSUBISHI ELECTRIC CORPORATION", "Mitsubishi Electric"],
    ["三菱電機株式会社", "Mitsubishi Electric"],
    ["オムロン株式会社", "OMRON"],
    ["株式会社キーエンス", "KEYENCE"],
    ["Acme Robotics Co., Ltd.", "Acme Robotics"],
    ["Phoenix Contact GmbH & Co. KG", "Phoenix Contact"],
    ["ABBA Labs Inc.", "ABBA Labs"],
    ["NECTAR Systems", "NECTAR Systems"],
    ["Hitachi Energy Switzerland Ltd", "Hitachi Energy"],
  ])("vendor %s → %s", (written, name) => expect(vendorName(written)).toBe(name));
});

describe("roles by identity (OT-8)", () => {
  test.each([
    ["cip:14", "plc"],
    ["cip:0x18", "hmi"],
    ["cip:44", "switch"],
    ["cip:43", null],
    ["bacnet:14", null],
  ])("device type %s → %s", (type, role) => expect(roleOfDeviceType(type)).toBe(role));
  test.each([
    ["io-device", "io"],
    ["_ipp._tcp.local", "printer"],
    ["schemas-upnp-org:device:InternetGatewayDevice:1", "router"],
    ["schemas-upnp-org:service:AVTransport:1", null],
    ["PLC", "plc"],
    ["constructor", null],
  ])("word %s → %s", (word, role) => expect(roleOfWord(word)).toBe(role));
  test.each([
    ["6ES7 315-2EH14-0AB0", "plc"],
    ["6ES7 155-6AU00-0CN0", "io"],
    ["SCALANCE X208", "switch"],
    ["SINAMICS S120", "drive"],
    ["KTP700 Basic PN", "hmi"],
    ["1756-L61/B LOGIX5561", "plc"],
    ["1783-BMS10CGP", "switch"],
    ["Q03UDECPU", "plc"],
    ["R08ENCPU", "plc"],
    ["FX5U-32MT/ES", "plc"],
    ["NJ501-1300", "plc"],
    ["KV-8000", "plc"],
    ["BMX P34 2020", "plc"],
    ["750-880", "plc"],
    ["HP LaserJet M402", "printer"],
    ["AXIS P1435-LE Network Camera", "camera"],
    ["Apache/2.4.39 (Axis)", "camera"],
    ["some text", null],
  ])("model %s → %s", (model, role) => expect(roleOfText(model)).toBe(role));
  test("weak evidence says nothing, several weak ones together do, a person always", () => {
    const one = (value: string, confidence: number, source: Evidence["source"] = "behaviour"): Evidence => ({
      value,
      source,
      confidence,
      count: 1,
      first: 0,
      last: 0,
    });
    expect(judgeRole([one("hmi", 0.2)], false)).toEqual({ role: "unknown", confidence: 0 });
    expect(judgeRole([one("hmi", 0.2), one("hmi", 0.2, "http")], false)).toEqual({ role: "hmi", confidence: 0.36 });
    expect(judgeRole([one("plc", 0.95, "cip"), one("robot", 1, "hand")], false)).toEqual({
      role: "robot",
      confidence: 1,
    });
    expect(judgeRole([], true)).toEqual({ role: "router", confidence: 0.6 });
  });
  test("a controller with two ports is no switch, though LLDP calls it a bridge", () => {
    const asset = told(
      new Seen().says(me, "lldp", { capability: "bridge" }).says(me, "cip", { "device-type": "cip:14" }),
    );
    expect(asset.role).toBe("plc");
  });
});
