import { describe, expect, test } from "vitest";
import { exampleOfGuide } from "../../../../tests/support/ot-declared.ts";
import { dissectors } from "../protocols/registry.ts";
import { checkDescription, fixedBits, headOf, ownedEthertypes } from "./declared-check.ts";
import type { DeclaredDescription } from "./declared.ts";

const example = exampleOfGuide();
type Change = Partial<Record<keyof DeclaredDescription, unknown>> & Readonly<Record<string, unknown>>;
const problems = (change: Change): string[] => {
  const description = Object.fromEntries(Object.entries({ ...example, ...change }).filter(([, value]) => value !== undefined)); // prettier-ignore
  return checkDescription(description).problems.map(({ path, kind }) => `${path} ${kind}`);
};

describe("OT-N10: descriptions are checked with the place of each problem", () => {
  test("the example of the guide is one", () => {
    expect(checkDescription(example).problems).toEqual([]);
    expect([fixedBits(example), headOf(example)]).toEqual([30, 10]);
  });

  test.each([
    [{ name: "" }, "name length"],
    [{ name: "a<b>" }, "name pattern"],
    [{ name: "昇降機 2号" }, null],
    [{ name: undefined }, "name missing"],
    [{ run: "process.exit()" }, "run unknown-field"],
    [{ order: "middle" }, "order choice"],
    [{ on: {} }, "on nowhere"],
    [{ on: { tcp: [0] } }, "on.tcp[0] range"],
    [{ on: { tcp: "502" } }, "on.tcp type"],
    [{ on: { ethertype: ["0x0800"] } }, "on.ethertype[0] ethertype"],
    [{ on: { ethertype: ["0x88b5"] } }, null],
    [{ on: { ethertype: [0x88_b5] }, reply: { by: "port" }, error: undefined }, "reply.by by-port"],
    [{ function: { at: 8, size: 3 } }, "function.size choice"],
    [{ function: { at: 8, size: 1, mask: "0x1ff" } }, "function.mask range"],
    [{ function: { at: 8, size: 1, mask: "0x0f", shift: 4 } }, "function.shift never"],
    [{ functions: [] }, "functions many"],
    [{ functions: [{ code: 1, name: "A", class: "explode" }] }, "functions[0].class choice"],
    [{ functions: [1, "0x01"].map((code) => ({ code, name: "A", class: "read" })) }, "functions[1].code duplicate"],
    [{ match: [{ at: 0, bytes: "4b 4" }] }, "match[0].bytes pattern"],
    [{ match: [{ at: 0, bytes: "4b 42", mask: "ff" }] }, "match[0].mask mask-size"],
    [{ match: [{ at: 0, bytes: "4b", mask: "0f" }] }, "match[0].bytes mask-bytes"],
    [
      {
        match: [
          { at: 0, bytes: "4b 42" },
          { at: 1, bytes: "42" },
        ],
      },
      "match[1].at overlap",
    ],
    [{ match: [{ at: 63, bytes: "4b 42" }] }, "match[0].at beyond"],
    [{ match: [], length: undefined }, "match unrecognisable"],
    [{ length: { fixed: 4 } }, "length.fixed short"],
    [{ length: { at: 4 } }, "length.size missing"],
    [{ length: "long" }, "length type"],
    [{ reply: { by: "mood" } }, "reply.by choice"],
    [{ reply: { by: "field", at: 3, size: 1, value: 256 } }, "reply.value never"],
    [{ reply: { by: "none" } }, "error never"],
    [{ error: { at: 3, size: 1 } }, "error one-of"],
    [{ high: { at: 12, size: 2 } }, "count one-of"],
    [{ low: undefined }, "count needs"],
    [{ unit: { at: 0, size: 4 } }, "unit.size range"],
    [{ identities: [{ attribute: "user-agent", at: 0, length: 4, in: "both" }] }, "identities[0].attribute choice"],
    [{ identities: [{ attribute: "model", at: 0, length: 65, in: "both" }] }, "identities[0].length range"],
  ] as const)("%j: %s", (change, wanted) => {
    if (wanted === null) expect(problems(change)).toEqual([]);
    else expect(problems(change)[0]).toBe(wanted);
  });

  test.each([null, 7, "{}", [], [example]])("%j is none", (value) => {
    expect(checkDescription(value)).toMatchObject({ description: null, problems: [{ path: "", kind: "type" }] });
  });

  test("names of JavaScript's own are fields like others", () => {
    const text = '{"__proto__": {"name": "A"}, "constructor": 1}';
    expect(checkDescription(JSON.parse(text)).problems.map(({ kind }) => kind)).toContain("unknown-field");
  });

  test("EtherTypes of built-in protocols have an owner", () => {
    for (const { on, protocol } of dissectors)
      for (const type of on.ethertype ?? []) expect([protocol, ownedEthertypes.has(type)]).toEqual([protocol, true]);
  });
});
