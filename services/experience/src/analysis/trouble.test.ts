import { describe, expect, test } from "vitest";
import { judge, type Recent, type Usual } from "./trouble.ts";

const usual: Usual = { sent: 10_000, lost: 20, p50: 12_000, p95: 18_000 };
const recent: Recent = { sent: 300, lost: 0, sentLately: 180, answeredLately: 180, p50: 12_500 };
const of = (change: Partial<Recent>, known: Usual | null = usual, troubled = false): string => {
  const judged = judge({ ...recent, ...change }, known, troubled);
  return judged.state === "trouble" ? judged.trouble.kind : judged.state;
};

describe("EXP-T01 a session is judged against its own usual state", () => {
  test.each([
    { name: "as usual", change: {}, expected: "well" },
    { name: "nothing answered for three minutes", change: { lost: 180, answeredLately: 0 }, expected: "down" },
    {
      name: "four probes unanswered say nothing",
      change: { sent: 4, sentLately: 4, lost: 4, answeredLately: 0 },
      expected: "unknown",
    },
    {
      name: "not observed: neither well nor in trouble",
      change: { sent: 0, sentLately: 0, answeredLately: 0, p50: null },
      expected: "unknown",
    },
    { name: "loss of 6 %", change: { lost: 18 }, expected: "loss" },
    { name: "loss of 4 %", change: { lost: 12 }, expected: "well" },
    { name: "slower than its 95th percentile by half and 10 ms", change: { p50: 29_000 }, expected: "slow" },
    { name: "a little slower", change: { p50: 26_000 }, expected: "well" },
  ])("$name: $expected", ({ change, expected }) => {
    expect(of(change)).toBe(expected);
  });

  test("what always loses a tenth is not in trouble at a tenth; what never answers did not go down", () => {
    expect(of({ lost: 30 }, { ...usual, lost: 1_000 })).toBe("well");
    expect(of({ lost: 100 }, { ...usual, lost: 1_000 })).toBe("loss");
    expect(of({ lost: 180, answeredLately: 0 }, { ...usual, lost: 9_900, p50: null, p95: null })).toBe("well");
  });

  test("without a week behind it only silence is trouble", () => {
    expect(of({ lost: 60, p50: 900_000 }, null)).toBe("well");
    expect(of({ answeredLately: 0, lost: 180 }, null)).toBe("down");
  });

  test("a trouble ends when it is clearly over, so that it does not come and go", () => {
    expect(of({ lost: 12 }, usual, true)).toBe("loss");
    expect(of({ lost: 3 }, usual, true)).toBe("well");
    expect(of({ p50: 26_000 }, usual, true)).toBe("slow");
    expect(of({ p50: 19_000 }, usual, true)).toBe("well");
  });
});
