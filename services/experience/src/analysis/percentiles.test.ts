/** Percentile definitions and the sketch's promise. */
import { describe, expect, test } from "vitest";
import { levels, nearestRank, percentile, Sketch, SKETCH_ERROR } from "./percentiles.ts";

describe("Hyndman-Fan type 7", () => {
  test.each([
    { values: [15, 20, 35, 40, 50], level: 0.4, want: 29 },
    { values: [1, 2, 3, 4], level: 0.75, want: 3.25 },
    { values: [1, 2, 3, 4], level: 0, want: 1 },
    { values: [1, 2, 3, 4], level: 1, want: 4 },
    { values: [7], level: 0.99, want: 7 },
    { values: [], level: 0.5, want: null },
  ])("$level of $values is $want", ({ values, level, want }) => {
    const got = percentile(values, level);
    if (want === null) expect(got).toBeNull();
    else expect(got).toBeCloseTo(want, 12);
  });
});

describe("nearest rank", () => {
  test.each([
    [0.05, 15],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [1, 50],
  ])("%d of 15, 20, 35, 40, 50 is %d", (level, want) => expect(nearestRank([15, 20, 35, 40, 50], level)).toBe(want));
});

describe("sketch", () => {
  const random = (seed: number) => () => (
    (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648),
    seed / 2_147_483_648
  );
  const next = random(42);
  const values = Array.from({ length: 20_000 }, () => Math.round(200 * Math.exp(8 * next())));
  const sorted = [...values].sort((a, b) => a - b);
  const whole = new Sketch();
  for (const value of values) whole.add(value);

  test("every percentile is within 1 % of the nearest rank", () => {
    for (let level = 0.001; level < 1; level += 0.001) {
      const truth = nearestRank(sorted, level) as number;
      expect(Math.abs((whole.percentile(level) as number) - truth)).toBeLessThanOrEqual(
        SKETCH_ERROR * truth * 1.000001,
      );
    }
  });
  test("merging parts, in any order, equals the sketch of the whole", () => {
    const parts = Array.from({ length: 7 }, () => new Sketch());
    for (const [i, value] of values.entries()) (parts[i % 7] as Sketch).add(value);
    const merged = new Sketch();
    for (const part of parts.reverse()) merged.merge(part);
    expect(merged.count).toBe(whole.count);
    for (const level of levels) expect(merged.percentile(level)).toBe(whole.percentile(level));
  });
  test("averaging percentiles lies, merging does not: 99 quiet minutes and a bad one", () => {
    const quiet = Array.from({ length: 60 }, () => 10_000);
    const bad = Array.from({ length: 60 }, () => 900_000);
    const averaged = (99 * 10_000 + 900_000) / 100;
    const merged = new Sketch();
    for (let i = 0; i < 99; i++) for (const value of quiet) merged.add(value);
    for (const value of bad) merged.add(value);
    expect(averaged).toBe(18_900);
    expect(Math.abs((merged.percentile(0.95) as number) - 10_000)).toBeLessThan(101);
  });
  test.each([
    { name: "empty", add: [], want: null },
    { name: "zeros", add: [0, 0, 5], want: 0 },
  ])("$name", ({ add, want }) => {
    const sketch = new Sketch();
    for (const value of add) sketch.add(value);
    expect(sketch.percentile(0.5)).toBe(want);
  });
  test("different bounds do not merge", () => expect(() => new Sketch(0.02).merge(whole)).toThrow(RangeError));
});
