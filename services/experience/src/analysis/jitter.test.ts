/** Jitter definitions against vectors of their sources. */
import { describe, expect, test } from "vitest";
import {
  differences,
  meanDeviation,
  meanDeviationOfQuantiles,
  meanDifference,
  rfc3550,
  rfc3550Integer,
  RFC3550_MEMORY,
} from "./jitter.ts";

test("Obkio's documented vector: 5, 10, 5, 10, 50 has differences 5, 5, 5, 40", () => {
  expect([...differences([5, 10, 5, 10, 50])]).toEqual([5, 5, 5, 40]);
  expect(meanDifference([5, 10, 5, 10, 50])).toBe(13.75);
});

describe("RFC 3550", () => {
  test("section 6.4.1, step by step: J += (|D| - J) / 16", () => {
    let j = 0;
    for (const d of [5, 5, 5, 40]) j += (d - j) / 16;
    expect(rfc3550([5, 10, 5, 10, 50])).toBe(j);
  });
  test("a steady difference is approached: 16 for ever gives 16", () => {
    const alternating = Array.from({ length: 1000 }, (_, i) => (i % 2) * 16);
    expect(rfc3550(alternating)).toBeCloseTo(16, 9);
    expect(rfc3550Integer(alternating), "the integer form's rounding settles one below").toBe(15);
  });
  test("appendix A.8, the C code: s->jitter += d - ((s->jitter + 8) >> 4); rr->jitter = s->jitter >> 4", () => {
    const transit = [100, 160, 90, 400, 395, 395, 20];
    let c = 0;
    for (let i = 1; i < transit.length; i++) {
      c += Math.abs((transit[i] as number) - (transit[i - 1] as number)) - ((c + 8) >> 4);
    }
    expect(rfc3550Integer(transit)).toBe(c >> 4);
  });
  test("the last samples decide: what came before the memory does not matter", () => {
    const noise = (n: number, seed: number) => Array.from({ length: n }, (_, i) => 1000 + ((i * 7919 + seed) % 613));
    const tail = noise(RFC3550_MEMORY + 1, 5);
    const long = rfc3550([...noise(5000, 1).map((x) => x * 3), ...tail]) as number;
    expect(rfc3550(tail)).toBeCloseTo(long, 6);
  });
});

test.each([
  { name: "none", rtt: [], difference: null, rfc: null, deviation: null },
  { name: "one", rtt: [7], difference: null, rfc: null, deviation: 0 },
  { name: "equal", rtt: [7, 7, 7], difference: 0, rfc: 0, deviation: 0 },
  { name: "two", rtt: [0, 32], difference: 32, rfc: 2, deviation: 16 },
])("$name", ({ rtt, difference, rfc, deviation }) => {
  expect(meanDifference(rtt)).toBe(difference);
  expect(rfc3550(rtt)).toBe(rfc);
  expect(rfc3550Integer(rtt)).toBe(rfc);
  expect(meanDeviation(rtt)).toBe(deviation);
});

test("mean deviation from quantiles equals that of the values they came from", () => {
  const values = Array.from({ length: 1000 }, (_, i) => 10_000 + i * i);
  const centre = values.reduce((a, b) => a + b, 0) / values.length;
  const quantiles = Array.from({ length: 200 }, (_, i) => values[Math.floor(((i + 0.5) / 200) * 1000)] as number);
  const exact = meanDeviation(values) as number;
  expect(Math.abs(meanDeviationOfQuantiles(quantiles, centre) - exact) / exact).toBeLessThan(0.01);
});
