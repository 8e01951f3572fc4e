/** Gaps, breaks of lines, and how raw samples extend a series (EXP-T01, EXP-T10). */
import { describe, expect, test } from "vitest";
import { counting } from "../../analysis/loss.ts";
import type { Series } from "../../wire/api.ts";
import { outcomes } from "../../wire/samples.ts";
import { bucketed, canFollow, extendRecent, withTail, type Recent } from "./recent.ts";
import { nearest, runs, shareOf, unobserved, without } from "./shape.ts";

const T = 1_763_600_000; // a whole multiple of 10 s
const iso = (at: number): string => new Date(at * 1000).toISOString();

/** Samples a second apart; null is lost. */
function samples(rtts: readonly (number | null)[], start = T): Recent {
  return {
    t: rtts.map((_, i) => (start + i) * 1e6),
    rtt: rtts.map((rtt) => rtt ?? 0),
    outcome: rtts.map((rtt) => (rtt === null ? 1 : 0)),
    flags: rtts.map(() => 0),
  };
}
function series(step: number, recent: Recent, gaps: Series["gaps"] = []): Series {
  return {
    session: "00000000-0000-7000-8000-000000000000",
    from: iso(T),
    to: iso(T + 100),
    step,
    source: "raw",
    error: 0,
    ...bucketed(recent, step),
    gaps,
    events: [],
  };
}
const steady = (count: number, start = T): Recent =>
  samples(
    Array.from({ length: count }, () => 1000),
    start,
  );

describe("not observed", () => {
  const options = { interval: 1, now: T + 1000, grace: 10, startedAt: null };
  const range = { from: T, to: T + 60 };
  test("a full series has no gap", () => {
    expect(unobserved(series(0, steady(60)), range, options)).toEqual([]);
  });
  test("loss is observed: no gap", () => {
    expect(unobserved(series(0, samples(Array.from({ length: 60 }, () => null))), range, options)).toEqual([]);
  });
  test("a hole without a reason is told as such", () => {
    const both = extendRecent(steady(20), steady(20, T + 40), 1000);
    expect(unobserved(series(0, both), range, options)).toEqual([{ from: T + 20, to: T + 40, reason: null }]);
  });
  test("the agent's reason replaces the unexplained hole", () => {
    const both = extendRecent(steady(20), steady(20, T + 40), 1000);
    const gaps = [{ from: iso(T + 20), to: iso(T + 40), reason: "sleep" }];
    expect(unobserved(series(0, both, gaps), range, options)).toEqual([{ from: T + 20, to: T + 40, reason: "sleep" }]);
  });
  test("gaps are cut to the range", () => {
    const gaps = [{ from: iso(T - 50), to: iso(T + 10), reason: "paused" }];
    const found = unobserved(series(0, steady(50, T + 10), gaps), range, options);
    expect(found).toEqual([{ from: T, to: T + 10, reason: "paused" }]);
  });
  test("the newest seconds are on their way, not unobserved", () => {
    expect(unobserved(series(0, steady(50)), range, { ...options, now: T + 60 })).toEqual([]);
    expect(unobserved(series(0, steady(30)), range, { ...options, now: T + 60 })).toEqual([
      { from: T + 30, to: T + 50, reason: null },
    ]);
  });
  test("before the session was made it could not be observed", () => {
    const late = series(0, steady(30, T + 30));
    expect(unobserved(late, range, { ...options, startedAt: T + 30 })).toEqual([
      { from: T, to: T + 30, reason: "before-start" },
    ]);
  });
  test("samples from before the session's record are observed", () => {
    expect(unobserved(series(0, steady(60)), range, { ...options, startedAt: T + 50 })).toEqual([]);
  });
  test("an empty series is one gap", () => {
    expect(unobserved(series(10, samples([])), range, options)).toEqual([{ from: T, to: T + 60, reason: null }]);
  });
});

test.each([
  { name: "nothing taken", others: [], rest: [[0, 10]] },
  {
    name: "the middle",
    others: [[4, 6]],
    rest: [
      [0, 4],
      [6, 10],
    ],
  },
  {
    name: "both ends",
    others: [
      [-5, 1],
      [9, 20],
    ],
    rest: [[1, 9]],
  },
  {
    name: "overlapping",
    others: [
      [2, 5],
      [4, 7],
    ],
    rest: [
      [0, 2],
      [7, 10],
    ],
  },
  { name: "all", others: [[0, 10]], rest: [] },
])("without: $name", ({ others, rest }) => {
  const spans = others.map(([from, to]) => ({ from: from, to: to, reason: "x" }));
  expect(without({ from: 0, to: 10, reason: null }, spans).map((span) => [span.from, span.to])).toEqual(rest);
});

test.each([
  { name: "unbroken", t: [0, 1, 2, 3], values: [1, 1, 1, 1], gaps: [], found: [[0, 4]] },
  {
    name: "a null breaks",
    t: [0, 1, 2, 3],
    values: [1, null, 1, 1],
    gaps: [],
    found: [
      [0, 1],
      [2, 4],
    ],
  },
  { name: "one slot missing is joined", t: [0, 1, 3, 4], values: [1, 1, 1, 1], gaps: [], found: [[0, 4]] },
  {
    name: "three missing break",
    t: [0, 1, 5, 6],
    values: [1, 1, 1, 1],
    gaps: [],
    found: [
      [0, 2],
      [2, 4],
    ],
  },
  {
    name: "a told gap breaks",
    t: [0, 1, 3, 4],
    values: [1, 1, 1, 1],
    gaps: [[1.2, 2.9]],
    found: [
      [0, 2],
      [2, 4],
    ],
  },
  { name: "nothing", t: [], values: [], gaps: [], found: [] },
])("runs: $name", ({ t, values, gaps, found }) => {
  const spans = gaps.map(([from, to]) => ({ from: from, to: to, reason: null }));
  expect(runs(t, (i) => values[i] !== null, 1, spans)).toEqual(found);
});

describe("buckets", () => {
  test("percentiles come from the samples of the bucket", () => {
    const made = bucketed(samples([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]), 10);
    expect(made.t).toEqual([T]);
    expect(made.p50).toEqual([5.5]);
    expect(made.min).toEqual([1]);
    expect(made.max).toEqual([11]);
    expect(made.sent).toEqual([10]);
    expect(made.jitter[0]).toBeCloseTo(10 / 9);
  });
  test("a bucket with only losses has no percentile, not zero", () => {
    const made = bucketed(samples([null, null]), 10);
    expect([made.p50, made.lost, made.sent]).toEqual([[null], [2], [2]]);
  });
  test("late and refused are told apart from lost, and are answers; what could not be sent was not sent", () => {
    const recent: Recent = {
      t: [0, 1, 2, 3, 4, 5].map((i) => (T + i) * 1e6),
      rtt: [5, 0, 900, 7, 0, 0],
      outcome: [0, 1, 2, 3, 4, 5],
      flags: [1, 0, 0, 0, 0, 2],
    };
    const made = bucketed(recent, 10);
    expect([made.sent, made.lost, made.late, made.refused]).toEqual([[5], [2], [1], [1]]);
    expect([made.duplicate, made.reordered, made.min, made.max]).toEqual([[1], [1], [5], [900]]);
  });
  test.each(outcomes.map((outcome, number) => [outcome, number] as const))(
    "%s counts as the analysis says",
    (outcome, number) => {
      const made = bucketed({ t: [T * 1e6], rtt: [7], outcome: [number], flags: [0] }, 10);
      const as = counting[outcome];
      expect([made.sent[0], made.lost[0], made.p50[0]]).toEqual([
        Number(as.sent),
        Number(as.lost),
        as.answered ? 7 : null,
      ]);
    },
  );
  test("step 0 keeps every sample", () => {
    expect(bucketed(samples([1, null, 3]), 0).p50).toEqual([1, null, 3]);
  });
});

describe("the live tail", () => {
  test("rebuilds whole buckets from samples and leaves the older ones", () => {
    const known = series(10, samples(Array.from({ length: 25 }, (_, i) => i + 1)));
    expect(known.p50).toEqual([5.5, 15.5, 23]);
    const more = samples(
      Array.from({ length: 20 }, (_, i) => i + 16),
      T + 15,
    );
    const tail = withTail(known, more);
    expect(tail.t).toEqual([T, T + 10, T + 20, T + 30]);
    // The bucket that the samples begin in the middle of stays the server's.
    expect(tail.p50).toEqual([5.5, 15.5, 25.5, 33]);
    expect(tail.sent).toEqual([10, 10, 10, 5]);
  });
  test("raw samples are appended once", () => {
    const tail = withTail(series(0, samples([1, 2, 3])), samples([3, 4], T + 2));
    expect(tail.p50).toEqual([1, 2, 3, 4]);
  });
  test("nothing new changes nothing", () => {
    const known = series(0, samples([1]));
    expect(withTail(known, samples([]))).toBe(known);
  });
  test("repeated answers are kept once, the oldest leave at the limit", () => {
    const a = samples([1, 2, 3]);
    expect(extendRecent(a, samples([2, 3], T + 1), 10)).toBe(a);
    expect(extendRecent(a, samples([3, 4, 5], T + 2), 4).rtt).toEqual([2, 3, 4, 5]);
  });
  test.each([
    [0, 1, true],
    [60, 1, true],
    [3600, 1, false],
    [3600, 60, true],
  ])("step %d s at one probe in %d s can be followed: %s", (step, interval, can) => {
    expect(canFollow(step, interval, 1000)).toBe(can);
  });
});

test("nearest entry", () => {
  expect([
    nearest([], 5),
    nearest([1, 5, 9], 0),
    nearest([1, 5, 9], 6.9),
    nearest([1, 5, 9], 7.1),
    nearest([1, 5], 99),
  ]).toEqual([-1, 0, 1, 2, 1]);
});
test("a share of nothing sent is nothing, not zero", () => {
  expect([shareOf(1, 4), shareOf(null, 4), shareOf(0, 0), shareOf(1, null)]).toEqual([0.25, 0, null, null]);
});
