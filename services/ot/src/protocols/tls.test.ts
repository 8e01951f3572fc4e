/** TLS: what its handshake tells. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { ja4, readClientHello, type ClientHello } from "./codecs/client-hello.ts";
import { tls } from "./tls.ts";

const flat = (...parts: string[]): string => parts.join("").replaceAll(/\s/g, "");
const sized = (bytes: number, ...parts: string[]): string => {
  const value = flat(...parts);
  return (value.length / 2).toString(16).padStart(2 * bytes, "0") + value;
};
const text = (value: string): string => Buffer.from(value).toString("hex");
const extension = (type: string, data: string): string => type + sized(2, data);
const handshake = (type: string, body: string): string => type + sized(3, body);
const record = (body: string, type = "16"): string => `${type}0301${sized(2, body)}`;
const RANDOM = "11".repeat(32);

const helloBody = (suites: string, ...extensions: string[]): string =>
  flat("0303", RANDOM, "00", sized(2, suites), "0100", sized(2, ...extensions));
const sni = extension("0000", sized(2, `00${sized(2, text("plc9.plant.example"))}`));
const alpn = extension("0010", sized(2, sized(1, text("h2")), sized(1, text("http/1.1"))));
const signatures = extension("000d", sized(2, "0403 0804 0401"));
const versions = extension("002b", sized(1, "3a3a 0304 0303"));
const hello = handshake("01", helloBody("1a1a 1301 1302 c02b", extension("2a2a", ""), sni, alpn, signatures, versions));
const client: Sent = { bytes: record(hello), destinationPort: 443 };

const der = (tag: string, ...parts: string[]): string => {
  const value = flat(...parts);
  const length = value.length / 2;
  return tag + (length < 128 ? length.toString(16).padStart(2, "0") : `82${length.toString(16).padStart(4, "0")}`) + value; // prettier-ignore
};
const name = (common: string): string =>
  der("30", der("31", der("30", "0603550403", der("0c", text(common))))); // prettier-ignore
const certificate = (until: string): string =>
  der("30", der("30", "a003020102", "020101", der("30", "06032a0304"), name("Plant CA"), der("30", der("17", text("200101000000Z")), der("17", text(until))), name("plc9"), der("30", "0500"))); // prettier-ignore
const server = (version: string, suite: string, ...extensions: string[]): Sent => ({
  bytes: record(handshake("02", flat(version, RANDOM, "00", suite, "00", extensions.length > 0 ? sized(2, ...extensions) : ""))), // prettier-ignore
  fromClient: false,
  sourcePort: 443,
  destinationPort: 49_152,
});
const chain = (until: string): Sent => ({
  ...server("0303", "c02f"),
  bytes: record(handshake("0b", sized(3, sized(3, certificate(until))))),
});

const sha256 = (value: string): string => createHash("sha256").update(value).digest("hex");
const bare: ClientHello = { version: 0x03_03, suites: [], extensions: [], signatures: [], serverName: "", alpn: new Uint8Array(0) }; // prettier-ignore
const numbers = (list: string): number[] => list.split(",").map((one) => Number.parseInt(one, 16));

describe("JA4", () => {
  test("the example of its specification", () => {
    const example: ClientHello = {
      ...bare,
      version: 0x03_04,
      suites: numbers("1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035"),
      extensions: numbers("001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015"),
      signatures: numbers("0403,0804,0401,0503,0805,0501,0806,0601"),
      alpn: Uint8Array.from(Buffer.from("h2")),
    };
    expect(ja4(example, "t", { sha256 })).toBe("t13d1516h2_8daaf6152771_e5627efa2ab1");
    expect(ja4(example, "q", { sha256 })).toBe("q13d1516h2_8daaf6152771_e5627efa2ab1");
  });

  // Fingerprints that clients were told by public pages, with what they offered in its order.
  test.each([
    {
      mark: "t13d1516h2_8daaf6152771_d8a2da3f94cd",
      suites: "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035",
      extensions: "002d,0033,0010,fe0d,0017,44cd,0000,000b,000a,002b,ff01,0023,0012,0005,000d,001b",
      signatures: "0403,0804,0401,0503,0805,0501,0806,0601",
    },
    {
      mark: "t13d1011h2_61a7ad8aa9b6_3fcd1a44f3e3",
      suites: "1302,1303,1301,c02c,c030,c02b,c02f,cca9,cca8,00ff",
      extensions: "0000,0005,000a,000b,000d,0010,0017,0023,002b,002d,0033",
      signatures: "0503,0403,0807,0806,0805,0804,0601,0501,0401",
    },
  ])("published: $mark", ({ mark, suites, extensions, signatures: algorithms }) => {
    const published: ClientHello = {
      ...bare,
      version: 0x03_04,
      suites: numbers(suites),
      extensions: numbers(extensions),
      signatures: numbers(algorithms),
      alpn: Uint8Array.from(Buffer.from("h2")),
    };
    expect(ja4(published, "t", { sha256 })).toBe(mark);
  });

  test.each([
    { name: "nothing offered", hello: bare, mark: "t12i000000_000000000000_000000000000" },
    { name: "one letter of ALPN stands twice", hello: { ...bare, alpn: Uint8Array.of(0x68) }, mark: "t12i0000hh_000000000000_000000000000" }, // prettier-ignore
    { name: "ALPN that is no text is told in hexadecimal", hello: { ...bare, alpn: Uint8Array.of(0xab, 0xcd) }, mark: "t12i0000ad_000000000000_000000000000" }, // prettier-ignore
    { name: "SSL 3.0", hello: { ...bare, version: 0x03_00 }, mark: "ts3i000000_000000000000_000000000000" },
    { name: "without signature algorithms no underscore is hashed", hello: { ...bare, extensions: [0x17] }, mark: `t12i000100_000000000000_${sha256("0017").slice(0, 12)}` }, // prettier-ignore
  ])("$name", ({ hello, mark }) => expect(ja4(hello, "t", { sha256 })).toBe(mark));

  test("values that keep servers tolerant do not count", () => {
    const bytes = Uint8Array.from(Buffer.from(hello.slice(8), "hex"));
    const read = readClientHello(bytes, 0, bytes.length) as ClientHello;
    expect(read).toMatchObject({ version: 0x03_04, suites: [0x1301, 0x1302, 0xc02b], serverName: "plc9.plant.example" }); // prettier-ignore
    expect(ja4(read, "t", { sha256 })).toMatch(/^t13d0304h2_/);
  });
});

describe("TLS", () => {
  test("client hello", () => {
    const told = dissect(tls, [client]);
    expect(told.recognised).toBe(2);
    expect(told.identities[0]).toBe("destination name=plc9.plant.example");
    expect(told.identities[1]).toMatch(/^source ja4=t13d0304h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(told.commands).toMatchObject([{ outcome: "request", code: 1, label: "plc9.plant.example", fromClient: true }]); // prettier-ignore
  });

  test.each([
    { name: "TLS 1.0 with triple DES", sent: server("0301", "000a"), version: "TLS 1.0", weak: ["tls-old", "weak-cipher"] }, // prettier-ignore
    { name: "TLS 1.2 with AES-GCM", sent: server("0303", "c02f"), version: "TLS 1.2", weak: [] },
    { name: "TLS 1.3 by extension", sent: server("0303", "1301", extension("002b", "0304")), version: "TLS 1.3", weak: [] }, // prettier-ignore
    { name: "RC4", sent: server("0303", "0005"), version: "TLS 1.2", weak: ["weak-cipher"] },
  ])("server hello: $name", ({ sent, version, weak }) => {
    const told = dissect(tls, [sent]);
    expect(told.identities).toEqual([`source capability=${version}`]);
    expect(told.weaknesses).toEqual(weak);
  });

  test.each([
    { until: "300101000000Z", weak: [] },
    { until: "230101000000Z", weak: ["certificate-expired"] },
  ])("certificate until $until", ({ until, weak }) => {
    const told = dissect(tls, [client, chain(until)]);
    expect(told.identities.slice(2)).toEqual(["source name=plc9", "source description=certificate of Plant CA"]);
    expect(told.weaknesses).toEqual(weak);
  });

  test("a hello over several records", () => {
    const whole = dissect(tls, [client]).identities;
    const parts = record(hello.slice(0, 60)) + record(hello.slice(60, 120)) + record(hello.slice(120));
    expect(dissect(tls, [{ ...client, bytes: parts }]).identities).toEqual(whole);
  });

  test("what is sealed passes, alerts in clear are told", () => {
    const sealed = record("01", "14") + record("aa".repeat(40)) + record("bb".repeat(3_000), "17");
    const told = dissect(tls, [client, { bytes: sealed }, { ...chain(""), bytes: record("0228", "15") }]);
    expect(told.commands.map(({ code }) => code)).toEqual([1, 0x15_00 + 40]);
    expect(told.answers).not.toContain(-1);
  });

  test("bears damage and cuts", () => {
    endure(tls, [client, chain("300101000000Z"), server("0303", "c02f", extension("002b", "0304"))]);
    splitEverywhere(tls, client);
    splitEverywhere(tls, chain("300101000000Z"));
  });
});
