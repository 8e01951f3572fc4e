/** Coverage of time by samples and gaps. */
import { describe, expect, test } from "vitest";
import { coverage, union } from "./fidelity.ts";

const s = 1_000_000;

describe("union of gaps", () => {
  test.each([
    { name: "none", spans: [], want: [] },
    {
      name: "overlapping and touching are one",
      spans: [
        { from: 50, to: 60 },
        { from: 10, to: 30 },
        { from: 20, to: 50 },
      ],
      want: [{ from: 10, to: 60 }],
    },
    {
      name: "cut to the time asked",
      spans: [
        { from: -5, to: 5 },
        { from: 90, to: 200 },
      ],
      want: [
        { from: 0, to: 5 },
        { from: 90, to: 100 },
      ],
    },
    { name: "outside", spans: [{ from: 200, to: 300 }], want: [] },
  ])("$name", ({ spans, want }) => expect(union(spans, 0, 100)).toEqual(want));
});

describe("coverage of a minute at 1 Hz", () => {
  const minute = { from: 0, to: 60 * s, interval: s, gaps: [] };
  test.each([
    { name: "every slot", samples: 60, first: 0, last: 59 * s, observed: 1, sent: 1 },
    { name: "none", samples: 0, first: null, last: null, observed: 0, sent: 0 },
    { name: "a slot missed", samples: 59, first: 0, last: 59 * s, observed: 59 / 60, sent: 59 / 60 },
    {
      name: "started late: not the schedule's fault",
      samples: 30,
      first: 30 * s,
      last: 59 * s,
      observed: 0.5,
      sent: 1,
    },
    { name: "interval was shorter before", samples: 120, first: 0, last: 59 * s, observed: 1, sent: 1 },
  ])("$name", ({ observed, sent, ...rest }) => {
    const got = coverage({ ...minute, ...rest });
    expect(got.observed).toBeCloseTo(observed, 9);
    expect(got.sent).toBeCloseTo(sent, 9);
  });
  test("asleep for 20 s: less observed, yet every slot that could be was used", () => {
    const gaps = [{ from: 20 * s, to: 40 * s }];
    expect(coverage({ ...minute, gaps, samples: 40, first: 0, last: 59 * s })).toEqual({ observed: 40 / 60, sent: 1 });
  });
});
