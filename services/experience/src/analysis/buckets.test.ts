/** Bucket plans for every zoom. */
import { describe, expect, test } from "vitest";
import { floorTo, planBuckets, steps } from "./buckets.ts";

const s = 1e6;
const at = (text: string) => Date.parse(text) * 1000;
const from = at("2026-11-20T00:00:00Z");

describe("zoom", () => {
  test.each([
    { name: "10 s at 1 Hz: single samples", span: 10, interval: 1, step: 0, source: "raw" },
    { name: "5 minutes at 1 Hz", span: 300, interval: 1, step: 0, source: "raw" },
    { name: "5 minutes at 5 Hz", span: 300, interval: 0.2, step: 1, source: "raw" },
    { name: "an hour", span: 3600, interval: 1, step: 10, source: "raw" },
    { name: "an hour of a slow session", span: 3600, interval: 60, step: 0, source: "raw" },
    { name: "a day", span: 86_400, interval: 1, step: 300, source: "raw" },
    { name: "3 days", span: 3 * 86_400, interval: 1, step: 600, source: "raw" },
    { name: "3 days and a bit", span: 3 * 86_400 + 1, interval: 1, step: 3600, source: "hourly" },
    { name: "30 days", span: 30 * 86_400, interval: 1, step: 7200, source: "hourly" },
    { name: "a year", span: 365 * 86_400, interval: 1, step: 86_400, source: "hourly" },
    { name: "20 years", span: 7305 * 86_400, interval: 1, step: 604_800, source: "hourly" },
  ])("$name", ({ span, interval, step, source }) => {
    const plan = planBuckets({ from, to: from + span * s, points: 500, interval: interval * s });
    expect(plan.step).toBe(step);
    expect(plan.source).toBe(source);
    expect(plan.error).toBe(source === "raw" ? 0 : 0.01);
  });

  test("covers what was asked, on the grid, with about as many buckets as asked", () => {
    for (let span = 1; span < 400 * 86_400; span = Math.ceil(span * 1.37)) {
      for (const points of [50, 300, 2000]) {
        const to = from + 12_345 + span * s;
        const plan = planBuckets({ from: from + 12_345, to, points, interval: 200_000 });
        expect(plan.from).toBeLessThanOrEqual(from + 12_345);
        expect(plan.to).toBeGreaterThanOrEqual(to);
        if (plan.step === 0) continue;
        expect(steps).toContain(plan.step);
        expect(plan.count * plan.step * s).toBe(plan.to - plan.from);
        expect(floorTo(plan.from, plan.step)).toBe(plan.from);
        if (plan.step < 604_800) expect(plan.count).toBeLessThanOrEqual(points + 1);
      }
    }
  });
});

test.each([
  {
    name: "days begin at midnight in Tokyo",
    step: 86_400,
    instant: "2026-11-20T14:59:59Z",
    want: "2026-11-19T15:00:00Z",
  },
  { name: "the next one", step: 86_400, instant: "2026-11-20T15:00:00Z", want: "2026-11-20T15:00:00Z" },
  {
    name: "hours are the same everywhere in Japan",
    step: 3600,
    instant: "2026-11-20T15:59:59Z",
    want: "2026-11-20T15:00:00Z",
  },
  {
    name: "weeks begin on Monday in Tokyo",
    step: 604_800,
    instant: "2026-11-20T00:00:00Z",
    want: "2026-11-15T15:00:00Z",
  },
])("$name", ({ step, instant, want }) => expect(floorTo(at(instant), step)).toBe(at(want)));

test("gone raw samples: the same zoom from hourly sketches", () => {
  const plan = planBuckets({ from, to: from + 3600 * s, points: 500, interval: s }, "hourly");
  expect(plan).toMatchObject({ source: "hourly", step: 3600, count: 1, error: 0.01 });
});
