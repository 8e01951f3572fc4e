import { describe, expect, test } from "vitest";
import type { SignatureView } from "../signatures.ts";
import { loadRules, refusalText } from "./load.ts";
import { parseRules } from "./parse.ts";

interface Packet extends Partial<SignatureView> {
  readonly hex?: string;
  readonly source?: readonly number[];
  readonly destination?: readonly number[];
}
/** A packet from 10.0.0.1 to 10.0.0.2, port 502, of an answered conversation. */
function view({ hex = "", source = [10, 0, 0, 1], destination = [10, 0, 0, 2], ...more }: Packet): SignatureView {
  const payload = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  return {
    time: 1_000_000,
    transport: "tcp",
    protocol: "unknown",
    packet: Uint8Array.from([...source, ...destination]),
    addressLength: 4,
    sourceAt: 0,
    destinationAt: 4,
    sourcePort: 40_000,
    destinationPort: 502,
    tcpFlags: 0x18,
    fromClient: true,
    established: true,
    payload,
    payloadFrom: 0,
    payloadTo: payload.length,
    conversation: 1,
    ...more,
  };
}
const text = (ascii: string): string => Buffer.from(ascii, "latin1").toString("hex");
const rule = (options: string, header = "tcp any any -> any any"): string =>
  `alert ${header} (msg:"m"; ${options} sid:1; rev:1;)`;
function hits(rules: string | readonly string[], ...packets: readonly Packet[]): number {
  const loaded = loadRules(typeof rules === "string" ? [rules] : rules);
  expect(loaded.refused).toEqual([]);
  let count = 0;
  for (const packet of packets) loaded.signatures?.match(view(packet), () => count++);
  return count;
}

describe("OT-23 headers", () => {
  test.each([
    { header: "tcp any any -> any 502", hit: 1 },
    { header: "udp any any -> any 502", hit: 0 },
    { header: "ip any any -> any any", hit: 1 },
    { header: "tcp 10.0.0.0/8 any -> 10.0.0.2 [500:510,!503]", hit: 1 },
    { header: "tcp ![10.0.0.0/30,192.168.0.0/16] any -> any any", hit: 0 },
    { header: "tcp $HOME_NET any -> $EXTERNAL_NET any", hit: 0 },
    { header: "tcp any any -> any !502", hit: 0 },
    { header: "tcp any 502 <> any any", hit: 1 },
    { header: "tcp any 502 -> any any", hit: 0 },
    { header: "tcp [any] 1024: -> [10.0.0.0/24, !10.0.0.9] [502, 20000]", hit: 1 },
  ])("$header", ({ header, hit }) => {
    expect(hits(rule('content:"|00 01|";', header), { hex: "0001" })).toBe(hit);
  });
  test("a variable of the file, and IPv6", () => {
    const lines = [
      "ipvar PLANT [2001:db8::/32]",
      "portvar PLC 502",
      rule('content:"x";', "tcp $PLANT any -> any $PLC"),
    ];
    const six = Uint8Array.from([0x20, 1, 0x0d, 0xb8, ...Array.from({ length: 28 }, () => 1)]);
    expect(hits(lines, { hex: text("x"), packet: six, addressLength: 16, destinationAt: 16 })).toBe(1);
    expect(hits(lines, { hex: text("x") })).toBe(0);
  });
});

describe("OT-23 payload keywords", () => {
  test.each([
    ['content:"abc";', "xxabcxx", 1],
    ['content:"ABC"; nocase;', "xxabcxx", 1],
    ['content:"ABC";', "xxabcxx", 0],
    ['content:!"abc";', "xxabcxx", 0],
    ['content:!"abd";', "xxabcxx", 1],
    ['content:"abc"; offset:2; depth:3;', "xxabcxx", 1],
    ['content:"abc"; offset:3;', "xxabcxx", 0],
    ['content:"abc"; depth:4;', "xxabcxx", 0],
    ['content:"xx"; startswith;', "xxabcxx", 1],
    ['content:"cxx"; endswith;', "xxabcxx", 1],
    ['content:"a|62|c"; content:"xx"; distance:0;', "xxabcxx", 1],
    ['content:"abc"; content:"xx"; distance:1;', "xxabcxx", 0],
    ['content:"ab"; content:"x"; within:1;', "xxabcxx", 0],
    ['content:"a"; content:"b"; distance:1; within:1;', "a.a.ab.a-b", 1],
    ['content:"a\\;\\"\\\\";', 'a;"\\', 1],
    ['pcre:"/ab+c/";', "xxabbcxx", 1],
    ['pcre:"/^abc/";', "xxabcxx", 0],
    ['pcre:!"/zzz/";', "xxabcxx", 1],
    ['content:"xx"; pcre:"/^a.c/R";', "xxabcxx", 1],
    ['content:"xx"; pcre:"/[\\S\\s]{1}b/AR";', "xxabcxx", 1],
    ['content:"xx"; pcre:"/b/AR";', "xxabcxx", 0],
    ['pcre:"/ABC/i";', "xxabcxx", 1],
    ["dsize:7;", "xxabcxx", 1],
    ["dsize:>7;", "xxabcxx", 0],
    ["dsize:5<>8;", "xxabcxx", 1],
    ["isdataat:6;", "xxabcxx", 1],
    ["isdataat:7;", "xxabcxx", 0],
    ["isdataat:!7;", "xxabcxx", 1],
    ['content:"abc"; isdataat:2,relative;', "xxabcxx", 1],
    ['content:"abc"; isdataat:3,relative;', "xxabcxx", 0],
    ["byte_test:1,=,0x78,0;", "xxabcxx", 1],
    ["byte_test:2,>,0x7877,0;", "xxabcxx", 1],
    ["byte_test:2,!=,0x7878,0;", "xxabcxx", 0],
    ["byte_test:1,&,0x40,0;", "xxabcxx", 1],
    ['content:"n="; byte_test:2,>=,42,0,relative,string,dec;', "n=42", 1],
    ["byte_test:2,=,0x6100,2,little;", "xxa\0", 0],
    ["byte_test:2,=,0x0061,2,little;", "xxa\0", 1],
    ["byte_test:1,=,7,2,bitmask 0xf0;", "xxp", 1],
    ['byte_jump:1,0; content:"c"; distance:0; within:1;', "\x02abc", 1],
    ['byte_jump:1,0; content:"c"; distance:0; within:1;', "\x09abc", 0],
    ['byte_jump:1,0,multiplier 2,post_offset -1; content:"c"; distance:0; within:1;', "\x01abc", 0],
    ['byte_jump:1,0,from_beginning; content:"c"; distance:0; within:1;', "\x03abc", 1],
  ] as const)("%s on %s: %d", (options, payload, hit) => {
    expect(hits(rule(options), { hex: text(payload) })).toBe(hit);
  });
  test("bytes above 0x7f have no case", () => {
    expect(hits(rule('pcre:"/\\xe9/i";'), { hex: "c9" })).toBe(0);
    expect(hits(rule('pcre:"/\\xe9/i";'), { hex: "e9" })).toBe(1);
  });
});

describe("OT-23 conversations", () => {
  test("flow and flags", () => {
    const established = rule('flow:established,to_server; content:"a";');
    expect(hits(established, { hex: "61" }, { hex: "61", established: false }, { hex: "61", fromClient: false })).toBe(
      1,
    );
    expect(hits(rule("flags:S;"), { tcpFlags: 2 }, { tcpFlags: 0x12 })).toBe(1);
    expect(hits(rule("flags:SA;"), { tcpFlags: 0x12 })).toBe(1);
    expect(hits(rule("flags:S+;"), { tcpFlags: 0x12 }, { tcpFlags: 0x10 })).toBe(1);
    expect(hits(rule("flags:S,CE;"), { tcpFlags: 0xc2 })).toBe(1);
  });
  test("flowbits: the second message tells, and only after the first", () => {
    const lines = [
      rule('content:"login"; flowbits:set,seen; flowbits:noalert;'),
      rule('content:"stop"; flowbits:isset,seen;').replace("sid:1", "sid:2"),
    ];
    expect(hits(lines, { hex: text("stop") }, { hex: text("login") }, { hex: text("stop") })).toBe(1);
    expect(hits(lines, { hex: text("login") }, { hex: text("stop"), conversation: 2 })).toBe(0);
  });
  test.each([
    { option: "threshold:type limit, track by_src, count 2, seconds 60;", hit: 2 },
    { option: "threshold:type threshold, track by_src, count 3, seconds 60;", hit: 3 },
    { option: "threshold:type both, track by_dst, count 3, seconds 60;", hit: 1 },
    { option: "detection_filter:track by_src, count 4, seconds 60;", hit: 6 },
  ])("ten packets with $option", ({ option, hit }) => {
    const packets = Array.from({ length: 10 }, (_, i) => ({ hex: "61", time: i * 1_000_000 }));
    expect(hits(rule(`content:"a"; ${option}`), ...packets)).toBe(hit);
  });
  test("a threshold begins anew after its time and for another source", () => {
    const limit = rule('content:"a"; threshold:type limit, track by_src, count 1, seconds 5;');
    const other = [10, 0, 0, 77];
    expect(
      hits(limit, { hex: "61" }, { hex: "61", time: 9_000_000 }, { hex: "61", time: 9_000_000, source: other }),
    ).toBe(3);
  });
});

describe("OT-23 keywords of the factory", () => {
  const modbus = "0001 0000 0006 0a 05 0010 ff00";
  test.each([
    ["modbus: function 5;", modbus, 1],
    ["modbus: unit 10, function 5;", modbus, 1],
    ["modbus: unit 11;", modbus, 0],
    ["modbus: access write coils, address 10<>20;", modbus, 1],
    ["modbus: access read;", modbus, 0],
    ["modbus: function 5;", "0001 0564 0006 0a 05 0010", 0],
    ["dnp3_func: cold_restart;", "0564 0ec4 0100 0200 0000 c0 c1 0d 0000", 1],
    ["dnp3_func: 1;", "0564 0ec4 0100 0200 0000 c0 c1 0d 0000", 0],
    ["enip_command: 99;", `6300 ${"00".repeat(22)}`, 1],
    ["cip_service: 75;", `6f00 ${"00".repeat(22)} 00000000 0000 0200 0000 0000 b200 0200 4b02`, 1],
    ["cip_service: 1;", `6f00 ${"00".repeat(22)} 00000000 0000 0200 0000 0000 b200 0200 4b02`, 0],
  ] as const)("%s on %s: %d", (options, hex, hit) => {
    expect(hits(rule(options), { hex })).toBe(hit);
  });
  test("a protocol in the header asks what the conversation speaks", () => {
    const line = rule("modbus: function 5;", "modbus any any -> any any");
    expect(hits(line, { hex: modbus, destinationPort: 1502, protocol: "modbus" }, { hex: modbus })).toBe(1);
  });
});

test.each([
  'pcre:"/a*a*a*b/";',
  'pcre:"/a{0,30}a{0,30}a{0,30}b/";',
  'pcre:"/(aa|a)(a|aa).*a.*b/";',
  'pcre:"/.*.*a{1,9}b/i";',
  // At each place of a content once more.
  'content:"a"; pcre:"/a*a*a*b/R";',
  'content:"a"; content:"a"; distance:0; pcre:"/.*.*b/R";',
])("OT-23 %s is done in time on the worst payload", (options) => {
  const from = performance.now();
  expect(hits(rule(options), { hex: text("a".repeat(1_400)) })).toBe(0);
  // Without limits the first alone takes hours. Measured: at most 1.5 s.
  expect(performance.now() - from).toBeLessThan(8_000);
});

describe("OT-23 what is not loaded is told with its reason", () => {
  test.each([
    ["nonsense", "not a rule"],
    ['pass tcp any any -> any any (content:"a"; sid:1;)', "action pass"],
    ['alert http any any -> any any (content:"a"; sid:1;)', "protocol http"],
    ['alert tcp $NOBODY any -> any any (content:"a"; sid:1;)', "$NOBODY is not set"],
    ['alert tcp any any -> any any (content:"a";)', "no sid"],
    [rule('content:"a"; http.uri;'), "http.uri"],
    [rule('content:"|0g|";'), "not hexadecimal"],
    [rule('pcre:"/(a+)+b/";'), "too long"],
    [rule('pcre:"/(a|b)*c/";'), "too long"],
    [rule('pcre:"/(a|a){28}b/";'), "choices"],
    [rule('pcre:"/(a?){28}a{28}b/";'), "choices"],
    [rule(`pcre:"/${"a?".repeat(26)}a{26}b/";`), "choices"],
    [rule('pcre:"/(aa?)*b/";'), "too long"],
    [rule('pcre:"/a{0,60}a{0,60}a{0,60}a{0,60}b/";'), "choices"],
    [rule(`pcre:"/${"(".repeat(40)}a${")".repeat(40)}/";`), "groups within groups"],
    [rule('pcre:"/(?<=a)b(?>c)/";'), "atomic group"],
    [rule('pcre:"/a.*b.*c.*d.*e/";'), "repetitions without end"],
    [rule('pcre:"/a/U";'), "flag U"],
    [`alert ${"[".repeat(9_000)}`, "longer than"],
    ['alert tcp any any -> any (content:"a"; sid:1;)', "not a rule"],
    [rule('pcre:"/a(/";'), "cannot read"],
    [rule("byte_test:9,=,1,0;"), "9 bytes"],
    [rule("byte_test:1,=,1,0,dce;"), "dce"],
    [rule("threshold:type limit, track by_moon, count 1, seconds 1;"), "threshold"],
    [rule("nocase;"), "nocase"],
    [rule('content:"a";', "tcp any any -> any 70000"), "not a port"],
    [rule('content:"a";', "tcp 10.0.0.300 any -> any any"), "not an address"],
    [rule('content:"a";', "tcp !any any -> any any"), "!any"],
  ])("%s", (line, reason) => {
    const { rules, refused } = parseRules(["# a comment", "", line]);
    expect(rules).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ line: 3, reason: expect.stringContaining(reason) as string });
    expect(refusalText(refused[0] as (typeof refused)[0])).toContain("line 3");
  });
  test("of two revisions the newer is used, and that is told", () => {
    const lines = [rule('content:"a";'), rule('content:"b";').replace("rev:1", "rev:2")];
    const { rules, refused } = parseRules(lines);
    expect(rules.map(({ revision }) => revision)).toEqual([2]);
    expect(refused[0]?.reason).toContain("more than once");
  });
  test("no rules: nothing to ask", () => {
    expect(loadRules(["# nothing"]).signatures).toBeNull();
  });
});

describe("OT-23 many rules", () => {
  const many = Array.from({ length: 2_000 }, (_, i) =>
    rule(`content:"secret-${i}-word";`).replace("sid:1;", `sid:${i + 1};`),
  );
  test("each is found, wherever it lies, whatever its case", () => {
    const { signatures, facts } = loadRules(many);
    expect(facts.size).toBe(2_000);
    const found: number[] = [];
    const payload = `${"x".repeat(500)}secret-7-word and secret-1999-word${"y".repeat(500)}`;
    signatures?.match(view({ hex: text(payload) }), (sid) => found.push(sid));
    expect(found.toSorted((a, b) => a - b)).toEqual([8, 2_000]);
  });
  test("what no person would write is refused in no time", () => {
    const begun = performance.now();
    for (const filler of [" ", "a ", "[", "(", '"', "\\", "|", ",", "->", "$A", "!", "{", "*"]) {
      for (const head of [
        "alert ",
        "alert tcp ",
        "alert tcp any any -> any any (",
        'alert tcp any any -> any any (pcre:"/',
      ]) {
        const { rules } = parseRules([
          head + filler.repeat(3_000),
          `${head}${filler.repeat(3_000)};)`,
          `${head}${filler.repeat(3_000)}/"; sid:1;)`,
        ]);
        expect(rules.length).toBeLessThanOrEqual(1);
      }
    }
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
  test("garbage neither throws nor takes long", () => {
    const { signatures } = loadRules([...many, rule('pcre:"/a.{0,100}b.{0,100}c/";').replace("sid:1;", "sid:9999;")]);
    let seed = 1;
    const begun = performance.now();
    for (let i = 0; i < 2_000; i++) {
      const payload = Uint8Array.from(
        { length: 1_400 },
        () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16,
      );
      signatures?.match(view({ payload, payloadTo: payload.length }), () => undefined);
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
