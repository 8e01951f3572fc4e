import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, grouped, minus, plus, rate, rational, times, toYen, zero } from "./yen.ts";

describe("COM-01: whole yen, exact, cut down once", () => {
  test.each([
    // W-COM-2 and W-COM-3: what rounded fractions and binary floats get wrong.
    { n: 90_000 * 10, d: 30, yen: 30_000 },
    { n: 300 * 21, d: 28, yen: 225 },
    { n: 1_528 * 10, d: 100, yen: 152 },
    { n: -1, d: 2, yen: 0 },
    { n: -5, d: 2, yen: -2 },
  ])("$n ÷ $d is $yen yen", ({ n, d, yen }) => {
    expect(toYen(rational(n, d))).toBe(yen);
    expect(Object.is(toYen(rational(n, d)), -0)).toBe(false);
  });

  test("a denominator that is not positive and an amount beyond 2^53 are refused", () => {
    expect(() => rational(1, 0)).toThrow(RangeError);
    expect(() => rational(1, -1)).toThrow(RangeError);
    expect(() => rational(1.5)).toThrow(RangeError);
    expect(() => toYen(rational(2n ** 53n))).toThrow(RangeError);
  });

  const fraction = fc
    .record({ n: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), d: fc.integer({ min: 1, max: 1_000_000 }) })
    .map(({ n, d }) => rational(n, d));
  test("sums and products are those of fractions", () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(compare(plus(a, b), plus(b, a))).toBe(0);
        expect(compare(minus(plus(a, b), b), a)).toBe(0);
        expect(compare(times(a, plus(b, c)), plus(times(a, b), times(a, c)))).toBe(0);
        expect(compare(plus(a, zero), a)).toBe(0);
        // Cutting each part loses at most a yen for every part but one.
        const whole = toYen(plus(a, b));
        expect(Math.abs(whole - toYen(a) - toYen(b))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 3_000 },
    );
  });
});

test.each([
  { text: "0.145", n: 145, d: 1_000 },
  { text: "14.5%", n: 145, d: 1_000 },
  { text: "3%", n: 3, d: 100 },
  { text: "0", n: 0, d: 1 },
])("the rate $text is $n/$d", ({ text, n, d }) => {
  expect(compare(rate(text), rational(n, d))).toBe(0);
});
test.each(["", "10 %", "1e3", "-3%", "．１"])("“%s” is no rate", (text) => {
  expect(() => rate(text)).toThrow(RangeError);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1_000, "1,000"],
  [1_234_567, "1,234,567"],
  [-1_234, "-1,234"],
])("%i is written %s", (amount, text) => {
  expect(grouped(amount)).toBe(text);
});
