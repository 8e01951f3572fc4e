import { expect, test } from "vitest";
import { ipv6Octets, readAddress, sameHost, socketAddress } from "./address.ts";
import { readConfiguration } from "./configuration.ts";
import { encodeQuestion, firstNameserver, readAnswer } from "./dns-message.ts";
import { checksum, ipv4HeaderOctets } from "./icmp.ts";
import { roundTrip, type Stamps } from "./icmp-prober.ts";
import { pingArguments, readPing } from "./ping-command.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

test.each([
  // RFC 1071 section 3: the sum of these words is ddf2.
  { name: "RFC 1071's example", octets: "0001 f203 f4f5 f6f7", want: ~0xddf2 & 0xffff },
  { name: "an odd length", octets: "0800 0000 01", want: ~0x0900 & 0xffff },
  { name: "nothing", octets: "", want: 0xffff },
])("checksum of $name", ({ octets, want }) => expect(checksum(hex(octets), 0, hex(octets).length)).toBe(want));

test.each([
  { name: "no options", octets: `45${"00".repeat(27)}`, want: 20 },
  { name: "options", octets: `46${"00".repeat(31)}`, want: 24 },
  { name: "too short for its header", octets: `4f${"00".repeat(27)}`, want: -1 },
  { name: "a header of no length", octets: `40${"00".repeat(27)}`, want: -1 },
])("IPv4 header with $name", ({ octets, want }) =>
  expect(ipv4HeaderOctets(hex(octets), 0, hex(octets).length)).toBe(want),
);

test.each([
  { text: "::", want: "00".repeat(16) },
  { text: "::1", want: `${"00".repeat(15)}01` },
  { text: "2001:db8::8:800:200c:417a", want: "20010db8000000000008 0800200c417a" },
  { text: "fe80::", want: `fe80${"00".repeat(14)}` },
  { text: "::ffff:192.0.2.33", want: `${"00".repeat(10)}ffffc0000221` },
  { text: "1:2:3:4:5:6:7:8", want: "00010002000300040005000600070008" },
])("IPv6 $text", ({ text, want }) => expect(Buffer.from(ipv6Octets(text))).toEqual(hex(want)));

test("addresses, names and zones", () => {
  expect(readAddress("192.0.2.1")).toEqual({ family: 4, text: "192.0.2.1" });
  expect(readAddress("[2001:db8::1]")).toEqual({ family: 6, text: "2001:db8::1" });
  expect(readAddress("example.jp")).toBeNull();
  expect(socketAddress({ family: 6, text: "fe80::1%7" }, 53).words[6]).toBe(7);
  const one = socketAddress({ family: 4, text: "192.0.2.1" }, 0);
  const other = socketAddress({ family: 4, text: "192.0.2.2" }, 0);
  expect([sameHost(one, one.words, 0), sameHost(one, other.words, 0)]).toEqual([true, false]);
});

const question = encodeQuestion("www.example.jp", "AAAA") as Uint8Array;
test("a DNS question (RFC 1035 section 4.1)", () => {
  expect(Buffer.from(question)).toEqual(
    hex("0000 0100 0001 0000 0000 0000  03 777777 07 6578616d706c65 02 6a70 00  001c 0001"),
  );
  expect(encodeQuestion(".", "NS")).toHaveLength(17);
  expect(Buffer.from(encodeQuestion("日本語.jp", "A") as Uint8Array).includes("xn--wgv71a119e")).toBe(true);
});

test.each([
  { name: "an empty label", domain: "a..jp" },
  { name: "a label of 64", domain: `${"a".repeat(64)}.jp` },
  { name: "a name of 256", domain: Array<string>(52).fill("abcd").join(".") },
])("a DNS name with $name is none", ({ domain }) => expect(encodeQuestion(domain, "A")).toBeNull());

const asked = "03777777 07 6578616d706c65 02 6a70 00 001c 0001";
test.each([
  {
    name: "an answer",
    octets: `1234 8180 0001 0002 0000 0000 ${asked}`,
    want: { id: 0x1234, truncated: false, code: 0, answers: 2 },
  },
  {
    name: "letters of another case",
    octets: `1234 8180 0001 0001 0000 0000 ${asked.replace("777777", "575757")}`,
    want: { id: 0x1234, truncated: false, code: 0, answers: 1 },
  },
  {
    name: "no such name",
    octets: `0001 8183 0001 0000 0000 0000 ${asked}`,
    want: { id: 1, truncated: false, code: 3, answers: 0 },
  },
  {
    name: "cut off",
    octets: `0001 8380 0001 0000 0000 0000 ${asked}`,
    want: { id: 1, truncated: true, code: 0, answers: 0 },
  },
  {
    name: "an error without the question",
    octets: "0001 8185 0000 0000 0000 0000",
    want: { id: 1, truncated: false, code: 5, answers: 0 },
  },
  { name: "a query", octets: `0001 0100 0001 0000 0000 0000 ${asked}`, want: null },
  {
    name: "an answer to another question",
    octets: `0001 8180 0001 0001 0000 0000 ${asked.replace("001c", "0001")}`,
    want: null,
  },
  { name: "too short", octets: "0001 8180 0001", want: null },
])("DNS: $name", ({ octets, want }) => {
  const message = hex(octets);
  expect(readAnswer(message, 0, message.length, question)).toEqual(want);
});

test("10,000 random DNS messages are read without a throw", () => {
  let seed = 1;
  for (let i = 0; i < 10_000; i++) {
    const octets = new Uint8Array(i % 64).map(() => (seed = (seed * 48_271) % 2_147_483_647) & 0xff);
    readAnswer(octets, 0, octets.length, question);
    readAnswer(octets, 5, octets.length, question);
  }
});

test("the first name server of resolv.conf(5)", () => {
  expect(firstNameserver("# nameserver 192.0.2.9\nsearch example.jp\nnameserver 192.0.2.53\nnameserver ::1\n")).toBe(
    "192.0.2.53",
  );
  expect(firstNameserver("")).toBeNull();
});

test.each([
  { name: "Linux", text: "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.045 ms", want: ["ok", 45, 0.5] },
  { name: "Linux, long", text: "64 bytes from 2001:db8::1: icmp_seq=1 ttl=58 time=123 ms", want: ["ok", 123_000, 500] },
  { name: "macOS", text: "64 bytes from 192.0.2.1: icmp_seq=0 ttl=56 time=12.345 ms", want: ["ok", 12_345, 0.5] },
  { name: "Windows", text: "Reply from 192.0.2.1: bytes=32 time=12ms TTL=56", want: ["ok", 12_000, 500] },
  {
    name: "Windows, under a millisecond",
    text: "Reply from 127.0.0.1: bytes=32 time<1ms TTL=128",
    want: ["ok", 1000, 500],
  },
  {
    name: "Windows in Japanese",
    text: "192.0.2.1 からの応答: バイト数 =32 時間 =12ms TTL=56",
    want: ["ok", 12_000, 500],
  },
  { name: "a comma", text: "64 Bytes von 192.0.2.1: icmp_seq=1 ttl=64 Zeit=0,045 ms", want: ["ok", 45, 0.5] },
  { name: "nothing", text: "1 packets transmitted, 0 received, 100% packet loss, time 0ms", want: ["lost", 0, 0] },
  {
    name: "unreachable",
    text: "From 192.0.2.254 icmp_seq=1 Destination Host Unreachable",
    want: ["unreachable", 0, 0],
  },
  {
    name: "unreachable in Japanese",
    text: "192.0.2.2 からの応答: 宛先ホストに到達できません。",
    want: ["unreachable", 0, 0],
  },
  { name: "no right", text: "ping: socket: Operation not permitted", want: ["forbidden", 0, 0] },
])("ping prints: $name", ({ text, want }) => {
  const { outcome, rtt, resolution } = readPing(text);
  expect([outcome, rtt, resolution]).toEqual(want);
});

test.each([
  { platform: "linux", want: ["ping", "-4", "-n", "-c", "1", "-W", "2.000", "-s", "56", "192.0.2.1"] },
  { platform: "darwin", want: ["ping", "-n", "-c", "1", "-W", "2000", "-s", "56", "192.0.2.1"] },
  { platform: "win32", want: ["ping", "-4", "-n", "1", "-w", "2000", "-l", "56", "192.0.2.1"] },
] as const)("ping is asked on $platform", ({ platform, want }) => {
  const [command, parameters] = pingArguments(platform, { family: 4, text: "192.0.2.1" }, 56, 2000);
  expect([command, ...parameters]).toEqual(want);
});

const stamps: Stamps = { before: 100, after: 120, transmitted: 110, received: 610, readAfter: 105, readAt: 900 };
test.each([
  { name: "both kernel stamps", of: {}, moved: 0, want: { rtt: 500, bound: 50, kernel: true } },
  {
    name: "no transmit stamp: the send call is the uncertainty",
    of: { transmitted: Number.NaN },
    moved: 0,
    want: { rtt: 510, bound: 70, kernel: false },
  },
  {
    name: "no receive stamp: since the last empty read",
    of: { received: Number.NaN, readAfter: 600, readAt: 700 },
    moved: 0,
    want: { rtt: 590, bound: 150, kernel: false },
  },
  // An hour forward between sending and the answer: the difference of the stamps holds the hour.
  {
    name: "clock set before the answer",
    of: { received: 610 + 3.6e9, readAt: 900 + 3.6e9 },
    moved: 3.6e9,
    want: { rtt: 500, bound: 100, kernel: true },
  },
  {
    name: "clock set after the answer",
    of: { readAt: 900 + 3.6e9 },
    moved: 3.6e9,
    want: { rtt: 500, bound: 50, kernel: true },
  },
  {
    name: "clock set back before the answer",
    of: { received: 610 - 3.6e9, readAt: 900 - 3.6e9 },
    moved: -3.6e9,
    want: { rtt: 500, bound: 100, kernel: true },
  },
  {
    name: "clock set back after the answer",
    of: { readAt: 900 - 3.6e9 },
    moved: -3.6e9,
    want: { rtt: 500, bound: 50, kernel: true },
  },
])("round trip with $name", ({ of, moved, want }) => expect(roundTrip({ ...stamps, ...of }, moved)).toEqual(want));

const id = "018f0000-0000-7000-8000-000000000001";
const session = { session: id, probe: { kind: "icmp", host: "192.0.2.1" }, interval: 1000, timeout: 1000 };
test.each([
  { name: "none", document: undefined, want: 0 },
  { name: "one session", document: { upload: 2000, sessions: [session] }, want: 1 },
  { name: "no list", document: { upload: 2000 }, want: "sessions" },
  { name: "an upload of nothing", document: { upload: 0, sessions: [] }, want: "upload" },
  {
    name: "an interval too short",
    document: { upload: 2000, sessions: [{ ...session, interval: 100 }] },
    want: "sessions/0/interval",
  },
  {
    name: "a probe of another time",
    document: { upload: 2000, sessions: [{ ...session, probe: { kind: "carrier-pigeon" } }] },
    want: "sessions/0/probe",
  },
  {
    name: "the same session twice",
    document: { upload: 2000, sessions: [session, session] },
    want: "sessions/1/session",
  },
])("configuration: $name", ({ document, want }) => {
  if (typeof want === "number") expect(readConfiguration(document).sessions).toHaveLength(want);
  else expect(() => readConfiguration(document)).toThrow(`at ${want}`);
});
