import { describe, expect, test } from "vitest";
import { Reader } from "@yagura/packets/reader.ts";
import { bytesOf, dissect, type Sent } from "../../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../../tests/support/dissector-laws.ts";
import { conveyor, conveyorMessages as kb, exampleOfGuide } from "../../../../../tests/support/ot-declared.ts";
import { checkDescription } from "../../wire/declared-check.ts";
import { sayOdd } from "../../wire/declared-odd.ts";
import type { DeclaredDescription } from "../../wire/declared.ts";
import { NEED_MORE, NOT_MINE, recognised, type Dissector } from "../dissector.ts";
import { compile } from "./compile.ts";
import { oddReasons, type OddReason } from "./fields.ts";

const example = exampleOfGuide();
const made = (
  change: Partial<DeclaredDescription> = {},
  without: readonly (keyof DeclaredDescription)[] = [],
): Dissector => {
  const whole = { ...example, ...change };
  const description = Object.fromEntries(Object.entries(whole).filter(([name]) => !without.includes(name as "name")));
  const checked = checkDescription(description);
  expect(checked.problems).toEqual([]);
  return compile(1, checked.description as DeclaredDescription);
};
const from = (bytes: string): Sent => ({ bytes, fromClient: false, sourcePort: 9_750, destinationPort: 50_000 });
const said = (dissector: Dissector, sent: readonly Sent[]): string[] =>
  dissect(dissector, sent).commands.map(
    ({ outcome, code, object, low, high, unit }) => `${outcome} ${code} object ${object} ${low}-${high} unit ${unit}`,
  );

describe("OT-N10: a description as a dissector", () => {
  test("the example of the guide reads its protocol", () => {
    const dissector = made();
    const told = dissect(dissector, [
      { bytes: kb.read },
      from(kb.readAnswer),
      { bytes: kb.write },
      from(kb.writeRefused),
      { bytes: kb.identify },
      from(kb.identity),
      { bytes: kb.stop },
    ]);
    expect(
      told.commands.map(({ outcome, code, low, high, unit, fromClient }) => [
        outcome,
        code,
        low,
        high,
        unit,
        fromClient,
      ]),
    ).toEqual([
      ["request", 1, 0x100, 0x109, 3, true],
      ["response", 1, -1, -1, 3, false],
      ["request", 2, 0x200, 0x200, 3, true],
      ["error", 2, -1, -1, 3, false],
      ["request", 16, -1, -1, 3, true],
      ["response", 16, -1, -1, 3, false],
      ["request", 32, -1, -1, 3, true],
    ]);
    expect(told.identities).toEqual(["source model=KB-100", "source firmware=2.4.1"]);
    expect(told.weirds).toEqual([]);
    expect(dissector.functions?.get(32)).toEqual({ name: "Stop conveyor", class: "stop" });
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(made(), { messages: [kb.read, kb.identify, from(kb.identity), from(kb.writeRefused)], least: 12 });
  });

  test("it is sure only with 32 bits that are right and a length that agrees", () => {
    expect(dissect(made(), [{ bytes: kb.read }]).recognised).toBe(recognised.port);
    const strict = made({ match: [{ at: 0, bytes: "4b 42 01 00" }] }, ["error"]);
    expect(dissect(strict, [{ bytes: kb.read }]).recognised).toBe(recognised.sure);
    expect(dissect(strict, [{ bytes: kb.read + kb.stop }]).recognised).toBe(recognised.sure);
    expect(dissect(strict, [{ bytes: `${kb.read} 00` }]).recognised).toBe(recognised.port);
    expect(dissect(strict, [{ bytes: kb.read.slice(0, -4) }]).recognised).toBe(recognised.port);
    expect(dissect(strict, [{ bytes: kb.read.replace("4b", "4a") }]).recognised).toBe(recognised.no);
    const unmeasured = made({ match: [{ at: 0, bytes: "4b 42 01 00" }] }, ["error", "length"]);
    expect(dissect(unmeasured, [{ bytes: kb.read }]).recognised).toBe(recognised.port);
  });

  test("several messages in a segment, and one that is cut at every byte", () => {
    const dissector = made();
    const both = [...bytesOf(kb.read), ...bytesOf(kb.stop)];
    expect(dissect(dissector, [{ bytes: Uint8Array.from(both) }]).answers).toEqual([16, 12]);
    for (let cut = 0; cut < 16; cut++) {
      const told = dissect(dissector, [{ bytes: Uint8Array.from(both.slice(0, cut)) }]);
      expect(told.answers).toEqual([NEED_MORE]);
      expect(told.weirds).toEqual([]);
    }
  });

  test("a length that cannot be is odd, over TCP and over UDP", () => {
    const dissector = made({ on: { tcp: [9_750], udp: [9_750] } });
    const short = kb.read.replace(/^4b42 01 00 ..../, "4b42 01 00 0001");
    expect(dissect(dissector, [{ bytes: short }])).toMatchObject({ answers: [NOT_MINE], weirds: ["bad-length"] });
    const long = kb.read.replace(/^4b42 01 00 ..../, "4b42 01 00 00ff");
    expect(dissect(dissector, [{ bytes: long, transport: "udp" }])).toMatchObject({
      answers: [NOT_MINE],
      weirds: ["truncated"],
    });
  });

  test("answers that repeat neither function nor object are those of their question", () => {
    const dissector = made({
      function: { at: 8, size: 2, in: "requests" },
      object: { at: 12, size: 1, in: "requests" },
      unit: { at: 10, size: 2, in: "requests" },
    }, ["low", "count"]); // prettier-ignore
    const answer = (number: number): Sent => from(conveyor("80", number, 0xdead, 0xbeef, "ff"));
    expect(
      said(dissector, [
        { bytes: conveyor("00", 7, 1, 3, "05") },
        { bytes: conveyor("00", 8, 2, 4, "06") },
        answer(8),
        answer(7),
      ]),
    ).toEqual([
      "request 1 object 5 -1--1 unit 3",
      "request 2 object 6 -1--1 unit 4",
      "response 2 object 6 -1--1 unit 4",
      "response 1 object 5 -1--1 unit 3",
    ]);
    expect(dissect(dissector, [answer(9)])).toMatchObject({ commands: [], weirds: ["response-without-request"] });
  });

  test("answers by port, messages nobody asked for, little endian, masks", () => {
    const byPort = made({ reply: { by: "port" } }, ["error"]);
    expect(said(byPort, [{ bytes: kb.read }, from(kb.read)]).map((one) => one.split(" ")[0])).toEqual([
      "request",
      "response",
    ]);
    const unasked = made({ reply: { by: "none" }, identities: [] }, ["error", "transaction", "low", "count"]);
    expect(said(unasked, [{ bytes: kb.stop }])).toEqual(["event 32 object 0 -1--1 unit 3"]);
    const little = made({
      on: { udp: [9_750] }, order: "little", match: [{ at: 0, bytes: "b5" }], reply: { by: "none" },
      function: { at: 1, size: 1, mask: "0xf0", shift: 4 }, object: { at: 2, size: 4 }, unit: { at: 6, size: 2, order: "big" },
      functions: [{ code: 3, name: "Report", class: "report" }],
    }, ["error", "transaction", "low", "count", "identities", "length"]); // prettier-ignore
    expect(said(little, [{ bytes: "b5 3f 01 02 03 84 00 07" }])).toEqual(["event 3 object 2214789633 -1--1 unit 7"]);
  });

  test("identities are told once for a conversation, and only printable ones", () => {
    const dissector = made();
    const other = conveyor("80", 3, 16, 3, `${"41".repeat(16)} 02 3131`);
    const unprintable = conveyor("80", 3, 16, 3, `${"ff".repeat(16)} 00`);
    expect(
      dissect(dissector, [from(kb.identity), from(kb.identity), from(other), from(unprintable)]).identities,
    ).toEqual(["source model=KB-100", "source firmware=2.4.1", `source model=${"A".repeat(16)}`, "source firmware=11"]);
  });

  test("a function that is not listed is told by its number, and as odd", () => {
    expect(dissect(made(), [{ bytes: conveyor("00", 1, 99, 3) }])).toMatchObject({
      commands: [{ outcome: "request", code: 99 }],
      weirds: ["unknown-function"],
    });
  });

  test("a field that changes with every message is no identifier: the tables of an upload do not fill", () => {
    const dissector = made({ object: { at: 12, size: 2 }, match: [{ at: 0, bytes: "4b 42 01" }] }, ["low", "count"]);
    const sent = Array.from({ length: 1_000 }, (_, i) => ({ bytes: conveyor("00", i, 100 + i, i, (i + 1).toString(16).padStart(4, "0")) })); // prettier-ignore
    const known = Array.from({ length: 1_000 }, (_, i) => ({ bytes: conveyor("00", i, 1, i, (i + 1).toString(16).padStart(4, "0")) })); // prettier-ignore
    expect(new Set(dissect(dissector, sent).commands.map(({ code }) => code)).size).toBe(64);
    const told = dissect(dissector, known).commands;
    expect(told).toHaveLength(1_000);
    expect(new Set(told.map(({ unit }) => unit)).size).toBeLessThanOrEqual(257);
    expect(new Set(told.map(({ object }) => object)).size).toBeLessThanOrEqual(257);
    const named = Array.from({ length: 50 }, (_, i) => from(conveyor("80", 3, 16, 3, `${String(i).padStart(16, "0").replaceAll(/./g, (digit) => `3${digit}`)} 00`))); // prettier-ignore
    expect(dissect(made(), named).identities).toHaveLength(8);
  });

  test("a description that was exchanged does not read what the one before kept", () => {
    const state: unknown[] = [null];
    const asked: DeclaredDescription = { ...example, function: { at: 8, size: 2, in: "requests" } };
    const read = (dissector: Dissector, bytes: string): Dissector => ({
      ...dissector,
      dissect: (r, c) => {
        c.state = state[0];
        const answer = dissector.dissect(new Reader().open(bytesOf(bytes), 0, bytesOf(bytes).length), c);
        state[0] = c.state;
        return answer > 0 ? r.left : answer;
      },
    });
    dissect(read(compile(1, asked), kb.read), [{ bytes: kb.read }]);
    expect(dissect(read(compile(1, asked), kb.readAnswer), [from(kb.readAnswer)]).weirds).toEqual([
      "response-without-request",
    ]);
  });

  test("a trial is told the byte and the reason", () => {
    const odd: [OddReason, number][] = [];
    const dissector = compile(1, example, (reason, at) => odd.push([reason, at]));
    dissect(dissector, [{ bytes: kb.read.replace("4b42 01", "4b42 02") }, { bytes: conveyor("00", 1, 99, 3) }]);
    expect(odd).toEqual([["match", 2], ["function", 8]]); // prettier-ignore
    for (const reason of oddReasons)
      for (const language of ["en", "ja"] as const) expect(sayOdd(reason, language)).not.toBe(reason);
  });
});

test("OT-N10: descriptions and bytes at random: no exception, no read past the end, no turn without a step", () => {
  let x = 20_261_120;
  const roll = (below: number): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const some = <T>(value: T): T | undefined => (roll(2) === 0 ? value : undefined);
  const place = () => ({ at: roll(40), size: pick([1, 2, 4]), order: some(pick(["big", "little"])) });
  const bits = () => ({ ...place(), mask: some(pick([0x0f, "0xff", 0x80])), shift: some(roll(4)) });
  const sided = () => ({ ...bits(), in: some(pick(["both", "requests"])) });
  let used = 0;
  for (let round = 0; round < 3_000; round++) {
    const description = JSON.parse(JSON.stringify({
      name: "Random", specification: "", on: { tcp: [9], udp: some([9]) }, order: pick(["big", "little"]),
      match: some([{ at: roll(60), bytes: roll(256).toString(16).padStart(2, "0") }]), minimum: some(1 + roll(40)),
      length: pick([{ ...place(), add: roll(80) - 40 }, { fixed: 1 + roll(90) }, undefined]),
      reply: pick([{ by: "port" }, { by: "none" }, { by: "field", ...place(), value: roll(4) }]),
      error: some({ ...place(), equals: roll(9) }), function: sided(), transaction: some(bits()), unit: some(sided()),
      object: some(sided()), low: some(bits()), count: some(bits()),
      identities: some([{ attribute: "model", at: roll(60), length: pick([1 + roll(64), place()]), in: pick(["requests", "answers", "both"]) }]),
      functions: [{ code: roll(4), name: "F", class: "read" }],
    })) as unknown; // prettier-ignore
    const checked = checkDescription(description);
    if (checked.description === null) continue;
    used++;
    const dissector = compile(1 + roll(16), checked.description);
    for (let k = 0; k < 6; k++) {
      const bytes = Uint8Array.from({ length: roll(120) }, () => (roll(3) === 0 ? 0 : roll(256)));
      const told = dissect(dissector, [{ bytes, transport: pick(["tcp", "udp"]), fromClient: roll(2) === 0 }]);
      for (const answer of told.answers) expect(answer).toBeLessThanOrEqual(bytes.length);
    }
  }
  expect(used).toBeGreaterThan(200);
});
