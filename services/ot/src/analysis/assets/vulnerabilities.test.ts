import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { support } from "../../feeds/shipped/support.ts";
import { readFeed } from "../../feeds/read.ts";
import type { Asset, AssetAttribute, Evidence } from "../model.ts";
import { SupportTable, systemsOf } from "./end-of-support.ts";
import { compareVersions, inRange, parseRange, parseVersion } from "./versions.ts";
import { Advisories, type AdvisoryProduct } from "./vulnerabilities.ts";

type Facts = Partial<Record<AssetAttribute, string>>;
const device = (facts: Facts, source: Evidence["source"] = "cip"): Pick<Asset, "attributes"> => ({
  attributes: Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      [{ value, source, confidence: 0.9, count: 1, first: 0, last: 0 }],
    ]),
  ),
});
const row = (vendor: string, product: string, versions: string, cve = "CVE-2024-0001"): AdvisoryProduct => ({
  advisory: `A-${product}`,
  cve,
  cvss: 7.5,
  vendor,
  product,
  versions,
});
const found = (rows: AdvisoryProduct[], facts: Facts, source?: Evidence["source"]) =>
  new Advisories(rows).of(device(facts, source));

describe("versions (OT-25)", () => {
  test.each([
    ["V2.9.7", "V2.9.8", -1],
    ["2.9", "2.9.0", 0],
    ["V3.0", "V3.0 SP1", -1],
    ["1.96A", "1.97", -1],
    ["1.96", "1.96A", -1],
    ["15.2(6)E0a", "15.2(7)E", -1],
    ["5.028", "5.28", 0],
    ["R3.05.00", "R3.09.50", -1],
    ["10.10", "10.9", 1],
  ])("%s against %s: %s", (a, b, order) => {
    const [left, right] = [parseVersion(a), parseVersion(b)];
    expect(Math.sign(compareVersions(left ?? [], right ?? []))).toBe(order);
  });
  test.each([
    ["< V2.9.7", "V2.9.6", true],
    ["< V2.9.7", "V2.9.7", false],
    ["<= 5.028", "5.28", true],
    [">= V2.0 < V2.1.6", "V2.1.0", true],
    [">= V2.0 < V2.1.6", "V1.9", false],
    [">=1.0|<=1.1", "1.2", false],
    ["vers:all/<V3.0", "V2.9", true],
    ["vers:all/*", "anything", true],
    ["All versions < V4.2", "V4.1", true],
    ["1.0 | 1.1 | 2.0", "1.1", true],
    ["1.0 | 1.1 | 2.0", "1.2", false],
    ["4.2 and prior", "4.1", true],
    ["prior to 4.2", "4.2", false],
    ["V3.x", "3.7", true],
    ["V3.x", "4.0", false],
    ["< V3.X.17", "V3.2.19", false],
    ["< V5.0 SP1", "V5.0", true],
    ["vers:generic/>=2.0|<2.5", "2.4", true],
    ["<=firmware_65", "64", true],
    ['<=The_first_5_digits_of_serial_No._"26061"', "24", null],
    ["All BIOS versions < V21.01", "V20", null],
    ["with Fortinet NGFW before V1.2", "1.1", null],
    ["< V2.9.7", "no version", null],
  ])("%s holds %s: %s", (range, version, inside) => expect(inRange(version, parseRange(range))).toBe(inside));
});

describe("known vulnerabilities by identity (OT-25, OT-N11)", () => {
  const s7 = row("Siemens", "SIMATIC S7-1500 CPU 1511-1 PN (6ES7511-1AK02-0AB0)", "< V2.9.7");
  test("by order number, with the version that is affected", () => {
    const [match] = found([s7], { vendor: "Siemens", "order-number": "6ES7 511-1AK02-0AB0", firmware: "V2.8.3" });
    expect(match).toMatchObject({ by: "order-number", version: "affected", confidence: 0.95, firmware: "V2.8.3" });
  });
  test("by model, less sure when the order number is not known", () => {
    expect(found([s7], { vendor: "Siemens", model: "CPU 1511-1 PN", firmware: "V2.8.3" })[0]).toMatchObject({
      by: "model",
      confidence: 0.7,
    });
    expect(found([s7], { vendor: "Siemens", model: "CPU 1511-1 PN" })[0]).toMatchObject({
      version: "unknown",
      confidence: 0.35,
    });
  });
  test.each<[string, AdvisoryProduct, Facts]>([
    ["a corrected firmware", s7, { vendor: "Siemens", "order-number": "6ES7 511-1AK02-0AB0", firmware: "V2.9.7" }],
    [
      "another order number of the same model",
      s7,
      { vendor: "Siemens", model: "CPU 1511-1 PN", "order-number": "6ES7 511-1AK01-0AB0", firmware: "V2.8" },
    ],
    ["another model", s7, { vendor: "Siemens", model: "CPU 1513-1 PN", firmware: "V2.8" }],
    ["the safety variant", s7, { vendor: "Siemens", model: "CPU 1511F-1 PN", firmware: "V2.8" }],
    ["the vendor alone", s7, { vendor: "Siemens", firmware: "V2.8" }],
    ["a model of another vendor", s7, { vendor: "WAGO", model: "1511-1", firmware: "V2.8" }],
    ["no vendor", row("Moxa", "EDS-408A series", "<= 3.8"), { model: "EDS-408A", firmware: "3.1" }],
    [
      "SIPLUS for the common one",
      row("Siemens", "SIPLUS S7-1500 CPU 1511-1 PN", "vers:all/*"),
      { vendor: "Siemens", model: "CPU 1511-1 PN", firmware: "V2.8" },
    ],
    [
      "PRO for the common one",
      row("Siemens", "SCALANCE X201-3P IRT PRO", "vers:all/*"),
      { vendor: "Siemens", model: "SCALANCE X201-3P IRT" },
    ],
    [
      "another series letter",
      row("Rockwell Automation", "1756-EN2TR Series A", "<= 5.028"),
      { vendor: "Rockwell Automation", model: "1756-EN2TR/C", firmware: "5.1" },
    ],
    [
      "an accessory of the family",
      row("Siemens", "SIMATIC S7-1500 TM MFP - BIOS", "vers:all/*"),
      { vendor: "Siemens", model: "CPU 1511-1 PN" },
    ],
    [
      "a tool for the device",
      row("Schneider Electric", "ATV12 DTM", "< 12.7.0"),
      { vendor: "Schneider Electric", model: "ATV12", firmware: "1.0" },
    ],
    [
      "another version line",
      row("Siemens", "RUGGEDCOM RS900G (32M) V5.X", "vers:all/*"),
      { vendor: "Siemens", model: "RUGGEDCOM RS900G", firmware: "V4.3.1" },
    ],
    [
      "a family of another type",
      row("Rockwell Automation", "ControlLogix 5570 controllers", "vers:all/*"),
      { vendor: "Rockwell Automation", model: "1756-L85E", firmware: "33.1" },
    ],
  ])("no match: %s", (_, advisory, facts) => expect(found([advisory], facts)).toEqual([]));
  test.each<[string, AdvisoryProduct, Facts, string]>([
    [
      "its own series letter",
      row("Rockwell Automation ", "1756-EN2TR Series A, B and C", "<= 11.002"),
      { vendor: "Rockwell Automation", model: "1756-EN2TR/C", firmware: "10.10" },
      "model",
    ],
    [
      "a family",
      row("Rockwell Automation", "ControlLogix 5570 controllers", "<= 33"),
      { vendor: "Rockwell Automation", model: "1756-L75/B LOGIX5575", firmware: "20.13" },
      "family",
    ],
    [
      "numbers with a slash",
      row("Mitsubishi Electric", "MELSEC iQ-R R04/08/16/32/120ENCPU", "<= 65"),
      { vendor: "Mitsubishi Electric", model: "R08ENCPU", firmware: "64" },
      "model",
    ],
    [
      "a part in brackets",
      row("Mitsubishi Electric Corporation", "MELSEC iQ-R Series R08(EN)CPU", "<= 65"),
      { vendor: "Mitsubishi Electric", model: "R08CPU", firmware: "64" },
      "model",
    ],
    [
      "places for any sign",
      row("Omron", "SYSMAC CJ2H-CPU6[]-EIP", "vers:all/*"),
      { vendor: "OMRON", model: "CJ2H-CPU64-EIP" },
      "model",
    ],
    [
      "one of several vendors",
      row("ABB, Phoenix Contact, Schneider Electric, Siemens, and WAGO", "750-880 Controller", "<= 01.07.03"),
      { vendor: "WAGO", model: "750-880", firmware: "01.06.02" },
      "model",
    ],
  ])("match by %s", (_, advisory, facts, by) => expect(found([advisory], facts)[0]).toMatchObject({ by }));
  test("a vendor that only the network chip tells makes it less sure", () => {
    expect(
      found([row("Moxa", "EDS-408A", "<= 3.8")], { vendor: "Moxa", model: "EDS-408A", firmware: "3.1" }, "oui")[0]
        ?.confidence,
    ).toBe(0.6);
  });
  test("what is known to be exploited comes first", () => {
    const rows = [
      row("Moxa", "EDS-408A", "<= 3.8", "CVE-2020-1"),
      { ...row("Moxa", "EDS-408A", "<= 3.8", "CVE-2020-2"), cvss: 4 },
    ];
    const list = new Advisories(rows, [{ cve: "CVE-2020-2", since: "2022-01-01", ransomware: true }]).of(
      device({ vendor: "Moxa", model: "EDS-408A", firmware: "3.1" }),
    );
    expect(list.map(({ cve, exploited }) => [cve, exploited?.since ?? null])).toEqual([
      ["CVE-2020-2", "2022-01-01"],
      ["CVE-2020-1", null],
    ]);
  });

  const corpus = join(
    process.env["YAGURA_CORPUS"] ?? join(import.meta.dirname, "../../../../../../shared/corpus"),
    "feeds/cisa-csaf-ot.tsv",
  );
  test.runIf(existsSync(corpus))(
    "on 40,000 rows of real advisories: each device's products are its own, and fast",
    () => {
      const feed = readFeed(readFileSync(corpus, "utf8"));
      const advisories = new Advisories(feed?.kind === "advisories" ? feed.rows : []);
      const cases: readonly (readonly [Facts, least: number, own: RegExp])[] = [
        [
          { vendor: "Siemens", model: "CPU 315-2 PN/DP", "order-number": "6ES7 315-2EH14-0AB0", firmware: "V3.2.6" },
          10,
          /315-2 PN\/DP|S7-300 CPU family/,
        ],
        [
          { vendor: "Siemens", model: "CPU 1511-1 PN", "order-number": "6ES7 511-1AK02-0AB0", firmware: "V2.8.3" },
          10,
          /6ES7511-1AK02|S7-1500 CPU family/,
        ],
        [{ vendor: "Siemens", model: "SCALANCE X308-2LH", firmware: "V4.1.2" }, 10, /X308-2LH(?!\+)/],
        [{ vendor: "Rockwell Automation", model: "1756-EN2TR/C", firmware: "10.10" }, 3, /EN2TR(\/C| Series C)/],
        [{ vendor: "Mitsubishi Electric", model: "R08ENCPU", firmware: "64" }, 3, /R(04\/)?08|iQ-R/],
        [{ vendor: "Mitsubishi Electric", model: "Q03UDECPU" }, 5, /Q03UDECPU|MELSEC.* Q/],
        [{ vendor: "OMRON", model: "NJ501-1300", firmware: "1.40" }, 3, /NJ/],
        [{ vendor: "Schneider Electric", model: "BMX P34 2020", firmware: "v2.5" }, 5, /M340/],
        [{ vendor: "Siemens", model: "CPU 9999-1 PN", firmware: "V1" }, 0, /^$/],
        [{ vendor: "KEYENCE", model: "KV-8000" }, 0, /^$/],
      ];
      for (const [facts, least, own] of cases) {
        const list = advisories.of(device(facts));
        expect(list.length, facts.model).toBeGreaterThanOrEqual(least);
        for (const { product } of list) expect(product).toMatch(own);
      }
    },
  );
});

describe("systems whose support is over (OT-24)", () => {
  const table = new SupportTable(support);
  const state = (os: string, today = "2026-11-20") => table.of(device({ os }, "smb2"), today);
  test.each([
    ["Windows XP", "over", "2014-04-08"],
    ["Windows 7 / Server 2008 R2 (6.1.7601)", "over", "2020-01-14"],
    ["Windows Server 2012 R2", "over", "2023-10-10"],
    ["Windows 10 22H2", "over", "2025-10-14"],
    ["Windows 10 1809 / Server 2019", "perhaps", "2021-05-11"],
    ["Windows 10 21H2", "perhaps", "2024-06-11"],
    ["Windows Server 2022", "supported", "2031-10-14"],
    ["Debian GNU/Linux 9", "over", "2020-07-18"],
    ["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", "over", "2026-07-11"],
    ["CentOS Linux release 7.9", "over", "2024-06-30"],
  ])("%s: %s", (os, expected, ended) => expect(state(os)).toMatchObject({ state: expected, ended }));
  test("paid corrections are told, and unknown systems are not guessed", () => {
    expect(state("Windows 10 22H2")?.paid).toBe("2028-10-10");
    expect(state("Windows 7")?.paid).toBeNull();
    for (const os of ["VxWorks 6.9", "Linux 4.9", "Windows 10 / Server 2016 or later (10.0)"])
      expect(state(os)).toBeNull();
  });
  test("the day before the end it is supported", () => {
    expect(state("Windows 7", "2020-01-14")?.state).toBe("supported");
    expect(state("Windows 7", "2020-01-15")?.state).toBe("over");
  });
  test("a name that stands for two systems", () =>
    expect(systemsOf("Windows 7 / Server 2008 R2")).toEqual(["Windows 7", "Windows Server 2008 R2"]));
});
