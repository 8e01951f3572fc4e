/** LDAP, TFTP, IGMP, syslog, TDS and RADIUS. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { igmp } from "./igmp.ts";
import { ldap } from "./ldap.ts";
import { radius } from "./radius.ts";
import { syslog } from "./syslog.ts";
import { tds } from "./tds.ts";
import { tftp } from "./tftp.ts";

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const utf16 = (text: string): string => Buffer.from(text, "utf16le").toString("hex");
const flat = (...parts: string[]): string => parts.join("").replaceAll(/\s/g, "");
const size = (text: string): number => flat(text).length / 2;
const number = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
const le16 = (value: number): string => number(((value & 255) << 8) | (value >> 8), 2);
const up = (bytes: string, destinationPort: number): Sent => ({ bytes, destinationPort });
const down = (bytes: string, sourcePort: number): Sent => ({ bytes, sourcePort, destinationPort: 49_152, fromClient: false }); // prettier-ignore

describe("LDAP", () => {
  const tlv = (tag: string, ...parts: string[]): string => tag + number(size(parts.join("")), 1) + flat(...parts);
  const message = (id: string, operation: string): string => tlv("30", `0201${id}`, operation);
  const bind = up(message("01", tlv("60", "020103", tlv("04", hex("cn=kenji")), tlv("80", hex("s3cret")))), 389);
  const result = (tag: string, code: string): Sent => down(message("01", tlv(tag, `0a01${code}`, "0400", "0400")), 389);

  test("a simple login is in clear; its words are not told", () => {
    const told = dissect(ldap, [bind, result("61", "31")]);
    expect(told.recognised).toBe(2);
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.commands.map(({ outcome, code }) => `${outcome} ${ldap.functions?.get(code)?.name}`)).toEqual([
      "request bind",
      "error bind",
    ]);
    expect(JSON.stringify(told)).not.toMatch(/kenji|s3cret/);
  });

  test("goes over to TLS", () => {
    const start = up(message("01", tlv("77", tlv("80", hex("1.3.6.1.4.1.1466.20037")))), 389);
    expect(dissect(ldap, [start, result("78", "00")]).became).toEqual(["tls"]);
  });

  test("bears damage and cuts", () => {
    endure(ldap, [bind, result("61", "00")]);
    splitEverywhere(ldap, bind);
  });
});

describe("TFTP", () => {
  const write = up(flat("0002", hex("firmware-2.1.bin\0octet\0")), 69);

  test("names the file", () => {
    const told = dissect(tftp, [write, down(flat("0005 0002", hex("no\0")), 69)]);
    expect(told.recognised).toBe(2);
    expect(told.commands).toMatchObject([
      { outcome: "request", code: 2, label: "firmware-2.1.bin" },
      { outcome: "error", code: 5 },
    ]);
  });

  test("bears damage", () => endure(tftp, [write]));
});

describe("IGMP", () => {
  const query: Sent = { bytes: "11 64 0000 00000000", transport: "ip" };
  const report: Sent = { bytes: "22 00 0000 0000 0001 04 00 0000 efc00001", transport: "ip" };

  test("queries and groups", () => {
    const told = dissect(igmp, [query, report]);
    expect(told.identities).toEqual(["source capability=igmp-querier"]);
    expect(told.commands).toMatchObject([
      { code: 0x11, low: -1 },
      { code: 0x22, low: 0xef_c0_00_01 },
    ]);
  });

  test("bears damage", () => endure(igmp, [query, report]));
});

describe("Syslog", () => {
  const log = (text: string): Sent => ({ ...up(hex(text), 514), transport: "udp" });
  const over = (...texts: string[]): Sent[] => texts.map((text) => up(hex(text), 514));
  const codes = (told: ReturnType<typeof dissect>): number[] => told.commands.map(({ code }) => code);
  test.each([
    { name: "RFC 5424", text: "<165>1 2026-11-20T10:00:00Z plc9 app 1 - - pressure 42", sure: 2, host: ["source name=plc9"] }, // prettier-ignore
    { name: "RFC 3164", text: "<13>Nov 20 10:00:00 sw3 snmpd: pressure 42", sure: 2, host: ["source name=sw3"] },
    { name: "without a name", text: "<13>Nov 20 10:00:00 snmpd: pressure 42", sure: 2, host: [] },
    { name: "free text", text: "<5>pressure 42", sure: 1, host: [] },
  ])("$name", ({ text, sure, host }) => {
    const told = dissect(syslog, [log(text)]);
    expect(told.recognised).toBe(sure);
    expect(told.commands).toMatchObject([{ outcome: "event", code: 5 }]);
    expect(told.identities).toEqual(host);
    expect(JSON.stringify(told)).not.toContain("pressure");
  });

  test("text without a priority is a notice at the port of syslog, and nothing elsewhere", () => {
    expect(dissect(syslog, [log("pressure 42\0")])).toMatchObject({
      recognised: 1,
      commands: [{ code: 5 }],
      weirds: [],
    });
    expect(dissect(syslog, [{ ...log("pressure 42"), destinationPort: 9_514 }])).toMatchObject({ recognised: 0, answers: [-1] }); // prettier-ignore
    expect(dissect(syslog, [log("\x00\x01\x02\x03pressure")])).toMatchObject({ recognised: 0, answers: [-1] });
  });

  const [one, two] = [
    "<11>Nov 20 10:00:00 sw3 snmpd: pressure 42",
    "<13>1 2026-11-20T10:00:00Z plc9 app - - - pressure",
  ];
  test("RFC 6587: lengths before, line ends behind, both, several in a segment, lines that go on", () => {
    const counted = dissect(syslog, over(`${one.length} ${one}${two.length} ${two}`));
    expect(counted.recognised).toBe(2);
    expect(codes(counted)).toEqual([3, 5]);
    expect(counted.identities).toEqual(["source name=sw3", "source name=plc9"]);
    expect(codes(dissect(syslog, over(`${one}\n${two}\n`)))).toEqual([3, 5]);
    expect(codes(dissect(syslog, over(`${one.length} ${one}`, `${two}\n and so on\n`, `${one}\n`)))).toEqual([3, 5, 3]);
    expect(codes(dissect(syslog, over(`2000 ${one.padEnd(2_000)}`)))).toEqual([3]);
    expect(dissect(syslog, over("1023\0root\0root\0id\0"))).toMatchObject({ recognised: 0, answers: [-1] });
  });

  test("bears damage and cuts", () => {
    endure(syslog, [log(one), ...over(`${one.length} ${one}`, `${two}\n`)]);
    splitEverywhere(syslog, over(`${one.length} ${one}${two}\n`)[0] as Sent);
  });
});

describe("TDS", () => {
  const packet = (type: string, body: string): string => flat(type, "01", number(8 + size(body), 2), "0000 01 00", body); // prettier-ignore
  const options = "00 000b 0006  01 0011 0001  ff 0f000fa0 0000 02";
  const prelogin = up(packet("12", options), 1433);
  const answer = down(packet("04", options), 1433);
  const [station, application, secret] = ["HMI-07", "historian 4", "xx"].map(utf16) as [string, string, string];
  const fixed = 94;
  const place = (from: number, text: string): string => le16(from) + le16(size(text) / 2);
  const login = up(
    packet("10", flat("00".repeat(36), place(fixed, station), place(fixed, ""), place(fixed, secret), place(fixed + size(station), application), "00".repeat(42), station, application, secret)), // prettier-ignore
    1433,
  );

  test("the server's version, the client's name, a login in clear", () => {
    const told = dissect(tds, [prelogin, answer, login]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source server-software=Microsoft SQL Server 15.0.4000",
      "source name=HMI-07",
      "source user-agent=historian 4",
    ]);
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x12],
      ["response", 0x12],
      ["request", 0x10],
    ]);
  });

  test("bears damage and cuts", () => {
    endure(tds, [prelogin, login]);
    splitEverywhere(tds, login);
  });
});

describe("RADIUS", () => {
  const packet = (code: string, attributes: string): string =>
    flat(code, "07", number(20 + size(attributes), 2), "11".repeat(16), attributes);
  const request = up(packet("01", `01 07 ${hex("kenji")} 04 06 c0000209 20 05 ${hex("ap9")}`), 1812);

  test("the access device, no user", () => {
    const told = dissect(radius, [request, down(packet("03", ""), 1812)]);
    expect(told.identities).toEqual(["192.0.2.9 name=ap9"]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 1],
      ["error", 1],
    ]);
    expect(JSON.stringify(told)).not.toContain("kenji");
  });

  test.each([
    { name: "by name and port text", attributes: `20 05 ${hex("sw9")} 05 06 00000007 57 08 ${hex("Gi0/07")}`, at: "sw9|Gi0/07" }, // prettier-ignore
    { name: "by address and number", attributes: "04 06 c0000209 05 06 00000007", at: "192.0.2.9|7" },
  ])("which MAC is at which port: $name", ({ attributes, at }) => {
    const station = (text: string): string => `1f ${number(2 + text.length, 1)} ${hex(text)}`;
    const asks = (text: string) =>
      dissect(radius, [up(packet("01", `${station(text)} ${attributes}`), 1812)]).identities;
    for (const text of ["02-00-00-00-00-AB", "0200.0000.00ab", "0200000000ab"])
      expect(asks(text)).toContain(`02:00:00:00:00:ab attached-to=${at}`);
    expect(asks("+81-3-0000-0000").join()).not.toContain("attached");
  });

  test("bears damage", () => endure(radius, [request]));
});
