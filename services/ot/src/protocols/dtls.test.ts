/** DTLS and STUN, which share ports. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { ja4, readClientHello } from "./codecs/client-hello.ts";
import { dtls } from "./dtls.ts";
import { stun } from "./stun.ts";

const flat = (...parts: string[]): string => parts.join("").replaceAll(/\s/g, "");
const size = (text: string): number => flat(text).length / 2;
const number = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
const sized = (bytes: number, ...parts: string[]): string => number(size(parts.join("")), bytes) + flat(...parts);
const text = (value: string): string => Buffer.from(value).toString("hex");
const extension = (type: string, data: string): string => type + sized(2, data);
const sha256 = (value: string): string => createHash("sha256").update(value).digest("hex");

const RANDOM = "11".repeat(32);
const sni = extension("0000", sized(2, `00${sized(2, text("plc9.plant.example"))}`));
const helloBody = (cookie: string, ...extensions: string[]): string =>
  flat("fefd", RANDOM, "00", sized(1, cookie), sized(2, "c02b c02f"), "0100", sized(2, ...extensions));
/** Fragment [from, to) of a handshake message. */
const handshake = (type: string, sequence: number, body: string, from = 0, to = size(body)): string =>
  flat(type, number(size(body), 3), number(sequence, 2), number(from, 3), number(to - from, 3), body.slice(2 * from, 2 * to)); // prettier-ignore
const record = (body: string, { type = "16", version = "fefd", epoch = 0 } = {}): string =>
  flat(type, version, number(epoch, 2), "000000000007", sized(2, body));
const up = (bytes: string): Sent => ({ bytes, destinationPort: 4_433 });
const down = (bytes: string): Sent => ({ bytes, fromClient: false, sourcePort: 4_433, destinationPort: 49_152 });

const body = helloBody("", sni);
const hello = up(record(handshake("01", 0, body), { version: "feff" }));
const verify = down(record(handshake("03", 0, "feff 04 61626364".replaceAll(" ", "")), { version: "feff" }));
const server = down(record(handshake("02", 1, flat("fefd", RANDOM, "00 c02b 00"))));
const NAME = "destination name=plc9.plant.example";
const JA4 = /^source ja4=dd2d0201/;

describe("DTLS", () => {
  test("name, fingerprint, version; a cookie makes the same hello", () => {
    const told = dissect(dtls, [hello, verify, up(record(handshake("01", 1, helloBody("61626364", sni)))), server]);
    expect(told.recognised).toBe(2);
    expect(told.identities.filter((one) => one === NAME)).toHaveLength(2);
    const [first, second] = told.identities.filter((one) => one.startsWith("source ja4="));
    expect(first).toMatch(JA4);
    expect(second).toBe(first);
    expect(told.identities.at(-1)).toBe("source capability=DTLS 1.2");
    expect(told.commands.map(({ outcome, code }) => `${outcome} ${dtls.functions?.get(code)?.name}`)).toEqual([
      "request client_hello",
      "response hello_verify_request",
      "request client_hello",
      "response server_hello",
    ]);
    expect(told.weaknesses).toEqual([]);
  });

  test.each([
    {
      name: "in two datagrams",
      sent: [
        [0, 40],
        [40, size(body)],
      ],
    },
    {
      name: "in the wrong order, one of them twice",
      sent: [
        [60, size(body)],
        [0, 40],
        [0, 40],
        [30, 60],
      ],
    },
  ] as const)("a hello in fragments $name", ({ sent }) => {
    const told = dissect(dtls, sent.map(([from, to]) => up(record(handshake("01", 0, body, from, to))))); // prettier-ignore
    expect(told.identities).toEqual([NAME, expect.stringMatching(JA4)]);
  });

  test("several records in a datagram; what is encrypted passes; an alert", () => {
    const sealed = record("aa".repeat(24), { epoch: 1 });
    const told = dissect(dtls, [up(record(handshake("01", 0, body)) + sealed), up("2e00010203"), up(record("0228", { type: "15" }))]); // prettier-ignore
    expect(told.weirds).toEqual([]);
    expect(told.commands.map(({ code }) => code)).toEqual([1, 0x1528]);
    expect(dissect(dtls, [up(sealed)]).recognised).toBe(2);
  });

  test("DTLS 1.3 names itself in the extension, 1.0 is old", () => {
    const offered = helloBody("", extension("002b", sized(1, "fefc fefd")));
    const read = readClientHello(Uint8Array.from(Buffer.from(offered, "hex")), 0, size(offered));
    expect(read === null ? "" : ja4(read, "d", { sha256 })).toMatch(/^dd3i0201/);
    expect(dissect(dtls, [hello, down(record(handshake("02", 1, flat("feff", RANDOM, "00 c013 00"))))]).weaknesses).toEqual(["tls-old"]); // prettier-ignore
  });

  // A fingerprint that a public dump of a WebRTC client shows with what it offered.
  test("a published JA4 of DTLS", () => {
    const numbers = (list: string): number[] => list.split(",").map((one) => Number.parseInt(one, 16));
    const published = {
      version: 0xfe_fd,
      suites: numbers("002f,0035,009c,c009,c00a,c013,c014,c02b,c02f,cca8,cca9"),
      extensions: numbers("000a,000b,000d,000e,0017,ff01"),
      signatures: numbers("0403,0804,0401,0503,0805,0501,0806,0601,0201"),
      serverName: "",
      alpn: new Uint8Array(0),
    };
    expect(ja4(published, "d", { sha256 })).toBe("dd2i110600_c45550529adf_279517677189");
  });

  test("bears damage", () => endure(dtls, [hello, verify, server]));
});

describe("STUN", () => {
  const message = (type: string, ...attributes: string[]): string =>
    flat(type, number(size(attributes.join("")), 2), "2112a442", "33".repeat(12), ...attributes);
  const attribute = (type: string, value: string): string =>
    flat(type, sized(2, value), "00".repeat((4 - (size(value) & 3)) & 3));
  const ask = up(message("0001", attribute("8022", text("cam 2"))));
  const bound = down(message("0101", attribute("8022", text("relay 4.6")), attribute("0020", "0001e112e9b3a4f3")));

  test("methods, outcomes and software; no address", () => {
    const told = dissect(stun, [ask, bound, up(message("0003")), down(message("0113")), up(message("0016"))]);
    expect(told.recognised).toBe(2);
    expect(told.commands.map(({ outcome, code }) => `${outcome} ${stun.functions?.get(code)?.name}`)).toEqual([
      "request Binding",
      "response Binding",
      "request Allocate",
      "error Allocate",
      "event Send",
    ]);
    expect(told.identities).toEqual(["source user-agent=cam 2", "source server-software=relay 4.6"]);
  });

  test("DTLS on the same port is read, media pass", () => {
    const told = dissect(stun, [ask, hello, up("80 60 1234 00000001 00000002 aabb")], [dtls]);
    expect(told.identities).toContain(NAME);
    expect(told.answers.every((answer) => answer > 0)).toBe(true);
    expect(dissect(stun, [up("80 60 1234 00000001 00000002 aabb 00000000 00000000 0000")]).answers).toEqual([-1]);
  });

  test("bears damage", () => endure(stun, [ask, bound]));
});
