/** Axes of values and of time. */
import { expect, test } from "vitest";
import { latencyScale, linear, logarithmic, quantile, roundStep, shareScale, valueLabel, valueTicks } from "./scale.ts";
import { timeTicks, zoneOffset } from "./time.ts";

test.each([
  [0.9, 1],
  [1, 1],
  [1.2, 2],
  [3, 5],
  [7, 10],
  [230, 500],
  [0, 1],
])("round step of %d is %d", (value, step) => expect(roundStep(value)).toBeCloseTo(step));

test.each([
  { name: "from zero", scale: linear(0, 100), ticks: [0, 20, 40, 60, 80, 100] },
  { name: "not from zero", scale: linear(23, 61), ticks: [30, 40, 50, 60] },
  { name: "fractions", scale: linear(0, 0.5), ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
  { name: "logarithmic", scale: logarithmic(8, 250), ticks: [10, 20, 50, 100, 200] },
])("value ticks: $name", ({ scale, ticks }) => expect(valueTicks(scale, 5)).toEqual(ticks));

test.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[4, 1, 3, 2], 0, 1],
  [[5], 0.95, 5],
])("quantile of %j at %d is %d", (values, share, found) => expect(quantile(values, share)).toBe(found));

test("a lone spike does not flatten the rest, and the whole range can be asked for", () => {
  const high = [...Array.from({ length: 500 }, () => 1000), 90_000];
  const inner = { low: high.map(() => 500), high };
  expect(latencyScale("fit", inner, inner).high).toBeLessThan(2_000);
  expect(latencyScale("whole", inner, inner).high).toBeGreaterThan(90_000);
  expect(latencyScale("log", inner, inner).log).toBe(true);
});
test("a band in the upper half need not start at zero; a wide one does", () => {
  const axis = (low: number, high: number) =>
    latencyScale("fit", { low: [low], high: [high] }, { low: [low], high: [high] });
  expect(axis(10_000, 10_100).low).toBeGreaterThan(9_000);
  expect(axis(100, 10_000).low).toBe(0);
});
test("shares start at zero and end at most at all", () => {
  expect(shareScale([null, 0.004])).toMatchObject({ low: 0, high: 0.02 });
  expect(shareScale([1])).toMatchObject({ low: 0, high: 1 });
  expect(shareScale([0, 0])).toMatchObject({ low: 0, high: 0.05 });
});

const at = (text: string): number => Date.parse(text) / 1000;
test.each([
  { zone: "Asia/Tokyo", when: "2026-11-20T00:00:00Z", offset: 9 * 3600 },
  { zone: "Europe/Berlin", when: "2026-07-01T00:00:00Z", offset: 2 * 3600 },
  { zone: "Europe/Berlin", when: "2026-12-01T00:00:00Z", offset: 3600 },
  { zone: "UTC", when: "2026-11-20T00:00:00.5Z", offset: 0 },
])("offset of $zone at $when", ({ zone, when, offset }) => expect(zoneOffset(at(when), zone)).toBe(offset));

test.each([
  {
    name: "seconds",
    from: "2026-11-20T00:00:00Z",
    to: "2026-11-20T00:00:40Z",
    labels: ["09:00:00", "09:00:10", "09:00:20", "09:00:30", "09:00:40"],
  },
  {
    name: "hours, midnight of the zone named as a day",
    from: "2026-11-20T12:00:00Z",
    to: "2026-11-20T20:00:00Z",
    labels: ["22:00", "Nov 21", "02:00", "04:00"],
    count: 4,
  },
  {
    name: "months",
    from: "2026-10-15T00:00:00Z",
    to: "2027-03-10T00:00:00Z",
    labels: ["Nov", "Dec", "2027", "Feb", "Mar"],
  },
])("time ticks: $name", ({ from, to, labels, count }) => {
  expect(timeTicks(at(from), at(to), count ?? 5, "Asia/Tokyo", "en").map((tick) => tick.label)).toEqual(labels);
});
test("time ticks stay on the clock across a change of summer time", () => {
  const ticks = timeTicks(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"), 4, "Europe/Berlin", "en");
  expect(ticks.map((tick) => tick.label)).toEqual(["Oct 25", "12:00", "Oct 26"]);
});

test.each([
  [0, 300_000, "duration", "0"],
  [100_000, 300_000, "duration", "100 ms"],
  [2_500, 12_000, "duration", "2.5 ms"],
  [200, 900, "duration", "200 µs"],
  [500_000, 3_000_000, "duration", "0.5 s"],
  [0.05, 0.1, "share", "5 %"],
  [0.005, 0.02, "share", "0.5 %"],
] as const)("label of %d on an axis to %d of %s", (value, top, unit, label) => {
  expect(valueLabel(value, top, unit)).toBe(label);
});
