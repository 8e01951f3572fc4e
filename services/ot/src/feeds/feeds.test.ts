import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Advisories } from "../analysis/assets/vulnerabilities.ts";
import { readCsv } from "./csv.ts";
import { factsOf } from "./facts.ts";
import { openOui, packOui, readRegistry } from "./oui.ts";
import { readFeed } from "./read.ts";

const corpus = join(process.env["YAGURA_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "feeds");
const evidence = (value: string) => [{ value, source: "cip" as const, confidence: 0.9, count: 1, first: 0, last: 0 }];

describe("vendors by MAC prefix (OT-6)", () => {
  test("a table is packed and opened again: 24, 28 and 36 bits, the longest wins", () => {
    const listing = [
      "Registry,Assignment,Organization Name,Organization Address",
      'MA-L,000E8C,"Siemens AG",Karlsruhe',
      'MA-L,0050C2,IEEE Registration Authority,"445 Hoes Lane, Piscataway"',
      'MA-L,8C1F64,"ACME ""Robotics"", Inc.",x',
      "MA-M,70B3D51,Beta Systems Co. Ltd,x",
      "MA-S,70B3D5123,三菱電機株式会社,x",
    ].join("\n");
    const table = openOui(packOui(new Map(readRegistry(listing)), "2026-11-20"));
    expect(table).toMatchObject({ date: "2026-11-20", size: 4 });
    expect(table.vendorOf("00:0e:8c:12:34:56")).toBe("Siemens");
    expect(table.vendorOf("8c:1f:64:00:00:00")).toBe('ACME "Robotics"');
    expect(table.vendorOf("70:b3:d5:1f:00:00")).toBe("Beta Systems");
    expect(table.vendorOf("70:b3:d5:12:30:00")).toBe("Mitsubishi Electric");
    expect(table.vendorOf("70:b3:d5:99:00:00")).toBeNull();
    expect(table.vendorOf("00:50:c2:00:00:00")).toBeNull();
    expect(table.vendorOf("02:0e:8c:12:34:56")).toBeNull();
    expect(table.vendorOf("no mac")).toBeNull();
  });
  test("the shipped table knows the makers of the floor, and fits into the repository", async () => {
    const { vendorOf } = await factsOf();
    expect(
      ["00:0e:8c", "00:00:bc", "08:00:70", "00:00:0a", "00:01:fc", "00:80:f4"].map((prefix) =>
        vendorOf(`${prefix}:00:00:01`),
      ),
    ).toEqual(["Siemens", "Rockwell Automation", "Mitsubishi Electric", "OMRON", "KEYENCE", "Schneider Electric"]);
    expect(readFileSync(join(import.meta.dirname, "shipped/oui.txt")).length).toBeLessThan(600_000);
  });
  test("a text that is no table is refused", () => expect(() => openOui("oui yesterday\n")).toThrow("not a table"));
});

describe("files that a provider loads (OT-24, OT-25, OT-N11)", () => {
  const csaf = {
    document: { csaf_version: "2.0", tracking: { id: "ICSA-26-001-01" } },
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: "Siemens",
          branches: [
            {
              category: "product_name",
              name: "SIMATIC S7-1500 CPU 1511-1 PN",
              branches: [
                {
                  category: "product_version_range",
                  name: "<V2.9.7",
                  product: {
                    product_id: "P1",
                    name: "Siemens SIMATIC S7-1500 CPU 1511-1 PN <V2.9.7",
                    product_identification_helper: { model_numbers: ["6ES7511-1AK02-0AB0"] },
                  },
                },
                { category: "product_version", name: "V2.9.7", product: { product_id: "P2", name: "fixed" } },
              ],
            },
          ],
        },
      ],
      relationships: [{ product_reference: "P1", full_product_name: { product_id: "R1", name: "P1 in a rack" } }],
    },
    vulnerabilities: [
      {
        cve: "CVE-2026-1000",
        product_status: { known_affected: ["P1", "R1", "gone"], fixed: ["P2"] },
        scores: [{ products: ["P1"], cvss_v3: { baseScore: 8.6 } }],
      },
    ],
  };
  test("a CSAF document: affected products with order number, range and score, fixed ones not", () => {
    const feed = readFeed(JSON.stringify(csaf));
    expect(feed?.kind).toBe("advisories");
    const rows = feed?.kind === "advisories" ? feed.rows : [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      advisory: "ICSA-26-001-01",
      cve: "CVE-2026-1000",
      cvss: 8.6,
      vendor: "Siemens",
      product: "SIMATIC S7-1500 CPU 1511-1 PN (6ES7511-1AK02-0AB0)",
      versions: "<V2.9.7",
    });
    const found = new Advisories(rows).of({
      attributes: {
        vendor: evidence("Siemens"),
        "order-number": evidence("6ES7 511-1AK02-0AB0"),
        firmware: evidence("V2.8.0"),
      },
    });
    expect(found).toMatchObject([{ by: "order-number", cvss: 8.6, version: "affected" }]);
  });
  test.each([
    ["nested too deep", { ...csaf, product_tree: { branches: nest(100) } }],
    [
      "wrong types",
      { ...csaf, product_tree: { branches: "x", relationships: [1, null] }, vulnerabilities: [{ cve: 5 }, "x"] },
    ],
    ["no tree", { document: csaf.document, vulnerabilities: csaf.vulnerabilities }],
  ])("a broken CSAF document gives no rows: %s", (_, document) =>
    expect(readFeed(JSON.stringify(document))).toEqual({ kind: "advisories", rows: [] }),
  );
  test("lists in CSV, TSV and JSON are told apart by their content", () => {
    expect(
      readFeed(
        'cveID,vendorProject,product,dateAdded,shortDescription,knownRansomwareCampaignUse\nCVE-2024-1,Acme,X,2024-02-03,"a ""b"", c\nd",Known\n',
      ),
    ).toEqual({
      kind: "exploited",
      rows: [{ cve: "CVE-2024-1", since: "2024-02-03", ransomware: true }],
    });
    expect(
      readFeed(
        JSON.stringify({
          vulnerabilities: [{ cveID: "CVE-2024-1", dateAdded: "2024-02-03", knownRansomwareCampaignUse: "Unknown" }],
        }),
      ),
    ).toEqual({
      kind: "exploited",
      rows: [{ cve: "CVE-2024-1", since: "2024-02-03", ransomware: false }],
    });
    expect(
      readFeed("advisory\tcve\tcvss3\tvendor\tproduct\tversion_range\nA-1\tCVE-1\t\tMoxa \tEDS-408A\t<= 3.8\n"),
    ).toEqual({
      kind: "advisories",
      rows: [{ advisory: "A-1", cve: "CVE-1", cvss: null, vendor: "Moxa", product: "EDS-408A", versions: "<= 3.8" }],
    });
    expect(
      readFeed(
        JSON.stringify({
          result: {
            name: "windows",
            releases: [
              { name: "11-24h2-iot-lts", eolFrom: "2034-10-10" },
              { name: "7-sp1", eolFrom: "2020-01-14", eoesFrom: "2023-01-10" },
            ],
          },
        }),
      ),
    ).toEqual({
      kind: "support",
      rows: [
        { system: "Windows 11 24H2", edition: "IoT LTSC", ended: "2034-10-10", paid: null },
        { system: "Windows 7", edition: "", ended: "2020-01-14", paid: "2023-01-10" },
      ],
    });
    expect(readFeed("OUI:000E8C*\n ID_OUI_FROM_DATABASE=Siemens AG\n")?.kind).toBe("oui");
  });
  test.each(["", "hello", "{", "[]", '{"a":1}', "null", "a,b\n1,2"])("%j is of no known kind", (text) =>
    expect(readFeed(text)).toBeNull(),
  );
  test("CSV with quoted separators, line ends and quotes", () => {
    expect(readCsv('\ufeffa,b\r\n"x,""y""","1\n2"\r\n\r\n,z')).toEqual([
      ["a", "b"],
      ['x,"y"', "1\n2"],
      ["", "z"],
    ]);
  });
  test.runIf(existsSync(join(corpus, "endoflife.tsv")))(
    "the shipped end dates agree with the listing, as far as it knows them",
    async () => {
      const feed = readFeed(readFileSync(join(corpus, "endoflife.tsv"), "utf8"));
      const { support } = await import("./shipped/support.ts");
      const listed = new Map(
        (feed?.kind === "support" ? feed.rows : []).map((row) => [`${row.system}|${row.edition}`, row.ended]),
      );
      const shared = support.filter(({ system, edition }) => listed.has(`${system}|${edition}`));
      expect(shared.length).toBeGreaterThan(50);
      // Makers say a month, lists say a day of it.
      const apart = (a: string, b: string): number => Math.abs(Date.parse(a) - Date.parse(b)) / 86_400_000;
      for (const { system, edition, ended } of shared) {
        expect(apart(ended, listed.get(`${system}|${edition}`) ?? ""), system).toBeLessThan(31);
      }
    },
  );
  test.runIf(existsSync(join(corpus, "kev.csv")))("the list of known exploited vulnerabilities is read whole", () => {
    const feed = readFeed(readFileSync(join(corpus, "kev.csv"), "utf8"));
    expect(feed?.kind === "exploited" ? feed.rows.length : 0).toBeGreaterThan(1_350);
  });
});
function nest(depth: number): unknown[] {
  return [
    depth === 0
      ? { category: "product_version", name: "1", product: { product_id: "P1", name: "x" } }
      : { category: "product_name", name: "x", branches: nest(depth - 1) },
  ];
}
