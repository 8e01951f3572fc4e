import { describe, expect, test } from "vitest";
import { kinds, OtSite, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import type { ProtocolName, Weakness } from "../../wire/vocabulary.ts";
import { DAY, HOUR, MINUTE } from "./settings.ts";

const LATER = START + 10 * DAY;
const site = (): OtSite => new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");

describe("identity", () => {
  const tells = (value: string, attribute: "firmware" | "serial" = "firmware"): Batch => ({
    identities: [{ endpoint: "plc", attribute, value }],
  });
  test("another firmware, then another serial number, of one device: one incident", () => {
    const one = site();
    one.live(START, LATER, HOUR, tells("20.11"));
    one.live(START, LATER, HOUR, tells("A1", "serial"));
    const [found] = one.see(LATER, tells("21.00"));
    expect(found).toMatchObject({ kind: "ot.identity.firmware-changed", severity: "bad" });
    expect(found?.parameters).toMatchObject({ before: "20.11", value: "21.00", technique: "T1693.001" });
    const [other] = one.see(LATER + MINUTE, tells("B2", "serial"));
    expect(other).toMatchObject({ kind: "ot.identity.changed", group: found?.group });
    expect(one.see(LATER + HOUR, tells("21.00"))).toEqual([]);
  });
  test("modules of a rack tell several values, all known from the beginning", () => {
    const one = site();
    for (let hour = 0; hour < 240; hour++) {
      one.see(START + hour * HOUR, {
        identities: ["1", "2", "3"].map((value) => ({ endpoint: "plc", attribute: "firmware", value })),
      });
    }
    expect(one.findings).toEqual([]);
    expect(one.see(LATER, tells("3"))).toEqual([]);
  });
});

describe("weak ways of working", () => {
  test.each([
    { kind: "telnet", told: "ot.login.cleartext" },
    { kind: "http-basic", told: "ot.login.cleartext" },
    { kind: "smb1", told: "ot.protocol.weak" },
    { kind: "default-community", told: "ot.login.default" },
  ] as const)("$kind is told once per server as $told, also while all is learned", ({ kind, told }) => {
    const one = site();
    const batch: Batch = { weaknesses: [{ client: "hmi", server: "plc", kind }] };
    expect(kinds(one.see(START, batch))).toEqual([told]);
    expect(one.live(START + HOUR, LATER, HOUR, batch)).toEqual([]);
  });
  test("a login by Telnet is one finding however it shows; one by FTP at the same server is another", () => {
    const one = site();
    const shown = (kind: Weakness, protocol: ProtocolName): NonNullable<Batch["weaknesses"]> => [{ client: "hmi", server: "plc", kind, protocol }]; // prettier-ignore
    const found = one.see(START, { weaknesses: [...shown("telnet", "telnet"), ...shown("cleartext-login", "telnet")] }); // prettier-ignore
    expect(kinds(found)).toEqual(["ot.login.cleartext"]);
    expect(found[0]?.parameters).toMatchObject({ protocol: "Telnet", whatEn: "login without encryption" });
    expect(one.see(START + HOUR, { weaknesses: shown("cleartext-login", "telnet") })).toEqual([]);
    expect(kinds(one.see(START + HOUR, { weaknesses: shown("ftp", "ftp") }))).toEqual(["ot.login.cleartext"]);
    expect(one.see(START + DAY, { weaknesses: shown("cleartext-login", "ftp") })).toEqual([]);
  });
  test("the switch port is told where it is known: that is where to unplug a device", () => {
    const evidence = { value: "SW-1|port-004", source: "profinet-cm", confidence: 0.9, count: 1, first: START, last: START } as const; // prettier-ignore
    const one = site().device("drive", "drive", "192.168.0.30", { attributes: { "attached-to": [evidence] } });
    const [found] = one.see(START, { weaknesses: [{ client: "hmi", server: "drive", kind: "telnet" }] });
    expect(found?.evidence).toEqual([{ label: "Switch", value: "SW-1 · port-004" }]);
    const [other] = one.see(START, { weaknesses: [{ client: "hmi", server: "plc", kind: "telnet" }] });
    expect(other?.evidence).toEqual([]);
  });
  test("OT-24 end of support and OT-25 vulnerabilities: once, the exploited first", () => {
    const one = site();
    const matches = {
      endOfSupport: [{ asset: "hmi", product: "Windows XP", ended: "2014-04-08", confidence: 0.8 }],
      vulnerabilities: [false, true].map((exploited, i) => ({
        asset: "plc",
        advisory: `ICSA-24-00${i}`,
        cve: `CVE-2024-000${i}`,
        product: "Controller 5000",
        matched: "model, firmware 20.11",
        exploited,
        confidence: 0.7,
      })),
    };
    const found = one.see(START, { conversations: [{ client: "hmi", server: "plc" }] }, matches);
    expect(found.map(({ kind }) => kind)).toEqual([
      "ot.os.end-of-support",
      "ot.vulnerability.exploited",
      "ot.vulnerability.known",
    ]);
    expect(found[1]?.group).toBe(found[2]?.group);
    expect(one.see(START + HOUR, {}, matches)).toEqual([]);
  });
});

describe("OT-34 capture quality", () => {
  const good = {
    packets: 10_000,
    bytes: 1e6,
    dropped: 0,
    duplicates: 10,
    twoWay: 100,
    oneWay: 3,
    tcpBytes: 1e6,
    tcpMissing: 100,
    broadcasts: 100,
    unicasts: 9_900,
  };
  const capture = (counters: Partial<typeof good>): Batch => ({
    captures: [{ name: "eth1", counters: { ...good, ...counters } }],
  });
  const tenMinutes = (counters: Partial<typeof good>) =>
    site().live(START, START + 10 * MINUTE, 10_000, capture(counters));
  test("a good mirror is silent", () => {
    expect(tenMinutes({})).toEqual([]);
  });
  test.each([
    { counters: { dropped: 500 }, what: "dropped" },
    { counters: { oneWay: 300 }, what: "one direction" },
    { counters: { duplicates: 5_000 }, what: "duplicates" },
    { counters: { tcpMissing: 200_000 }, what: "missing" },
    { counters: { unicasts: 0, broadcasts: 10_000 }, what: "broadcasts" },
  ])("$what is told after ten minutes, with the setting to look at", ({ counters, what }) => {
    const found = tenMinutes(counters);
    expect(kinds(found)).toEqual(["ot.capture.bad"]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ subject: { kind: "sensor", id: "sensor" } });
    expect(found[0]?.parameters["whatEn"]).toContain(what);
    expect(found[0]?.parameters["adviceJa"]).toMatch(/[ぁ-ん]/);
  });
});
