/** The ledger against a plain set, over seeded random histories. */
import { describe, expect, test } from "vitest";
import { randomFrom } from "@yagura/testkit/random.ts";
import { MAX_ABOVE, advance, emptyLedger, type Ledger } from "./ledger.ts";

const sent = (...sequences: number[]) => sequences.map((sequence) => ({ sequence, oldest: 1 }));

describe("the ledger", () => {
  test.each([
    { name: "in order", entries: sent(1, 2, 3), verdicts: "fff", floor: 3, above: [] },
    { name: "out of order", entries: sent(3, 1, 2), verdicts: "fff", floor: 3, above: [] },
    { name: "a hole stays open", entries: sent(1, 3, 5), verdicts: "fff", floor: 1, above: [3, 5] },
    { name: "twice in one group", entries: sent(1, 1), verdicts: "fd", floor: 1, above: [] },
    { name: "twice above the floor", entries: sent(4, 4), verdicts: "fd", floor: 0, above: [4] },
    {
      name: "a dropped batch is given up",
      entries: [...sent(1), { sequence: 5, oldest: 4 }],
      verdicts: "ff",
      floor: 3,
      above: [5],
    },
    {
      name: "what was given up is not stored later",
      entries: [{ sequence: 5, oldest: 5 }, ...sent(3)],
      verdicts: "fd",
      floor: 5,
      above: [],
    },
    { name: "oldest above itself is a lie", entries: [{ sequence: 2, oldest: 9 }], verdicts: "f", floor: 2, above: [] },
  ])("$name", ({ entries, verdicts, floor, above }) => {
    const after = advance(emptyLedger, entries);
    expect(after.verdicts.map((verdict) => verdict[0]).join("")).toBe(verdicts);
    expect(after.ledger).toEqual({ floor, above });
  });

  test("holes are bounded, and filling them still works", () => {
    const odd = Array.from({ length: MAX_ABOVE }, (_, i) => 2 * i + 3);
    const full = advance(emptyLedger, sent(...odd)).ledger;
    expect(advance(full, sent(2 * MAX_ABOVE + 101)).verdicts).toEqual(["gap"]);
    expect(advance(full, sent(1, 2)).ledger.floor).toBe(3);
  });

  test("never stores twice and never loses, whatever the order and grouping (seed 7)", () => {
    const number = randomFrom(7);
    const random = (below: number): number => Math.floor(number() * below);
    let ledger: Ledger = emptyLedger;
    const stored = new Set<number>();
    for (let round = 0; round < 2_000; round++) {
      const group = sent(...Array.from({ length: 1 + random(8) }, () => 1 + Math.max(0, round - 20) + random(40)));
      const after = advance(ledger, group);
      for (const [i, { sequence }] of group.entries()) {
        expect(after.verdicts[i]).toBe(stored.has(sequence) ? "duplicate" : "fresh");
        stored.add(sequence);
      }
      ledger = after.ledger;
    }
  });
});
