/** Loss runs and burst ratio. */
import { describe, expect, test } from "vitest";
import { answeredOutcomes, burstRatio, lossRuns, lostOutcomes, runCount, sentOutcomes } from "./loss.ts";

const of = (text: string) => [...text].map((c) => (c === "x" ? 1 : 0));

test.each([
  { name: "none", samples: "........", runs: [] },
  { name: "all", samples: "xxxx", runs: [{ length: 4, times: 1 }] },
  { name: "single ones", samples: "x.x.x", runs: [{ length: 1, times: 3 }] },
  {
    name: "mixed, ending in a run",
    samples: ".xx.x...xxx.xx",
    runs: [
      { length: 1, times: 1 },
      { length: 2, times: 2 },
      { length: 3, times: 1 },
    ],
  },
  { name: "nothing sent", samples: "", runs: [] },
])("loss runs: $name", ({ samples, runs }) => expect(lossRuns(of(samples))).toEqual(runs));

test("a gap ends a run: what was not observed was not lost", () => {
  expect(lossRuns(of(".xxxx."), [0, 0, 0, 1, 1, 1])).toEqual([{ length: 2, times: 2 }]);
});

describe("burst ratio (G.107)", () => {
  test.each([
    { name: "no loss", sent: 100, lost: 0, runs: 0, want: null },
    { name: "everything lost", sent: 100, lost: 100, runs: 1, want: null },
    { name: "every other one: more regular than random", sent: 100, lost: 50, runs: 50, want: 0.5 },
    { name: "one burst of ten in a hundred", sent: 100, lost: 10, runs: 1, want: 9 },
  ])("$name", ({ sent, lost, runs, want }) => expect(burstRatio(sent, lost, runs)).toBe(want));
  test("independent losses come out at 1", () => {
    let seed = 7;
    const lost = Array.from({ length: 200_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647 < 0.05 ? 1 : 0;
    });
    const n = lost.reduce<number>((a, b) => a + b, 0);
    expect(burstRatio(lost.length, n, runCount(lossRuns(lost)))).toBeCloseTo(1, 1);
  });
});

test("a failed send is neither sent nor lost, a late or refused answer is an answer", () => {
  expect(sentOutcomes).toEqual([0, 1, 2, 3, 4, 6]);
  expect(lostOutcomes).toEqual([1, 4, 6]);
  expect(answeredOutcomes).toEqual([0, 2, 3]);
});
