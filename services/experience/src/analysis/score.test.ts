/** The score: known points, monotone curves, and what happens when nobody looked. */
import { describe, expect, test } from "vitest";
import type { Score } from "../wire/api.ts";
import {
  curves,
  groupScore,
  pointsAt,
  sessionScore,
  staleAfter,
  stateOf,
  worstFirst,
  type Curve,
  type SessionFigures,
} from "./score.ts";

const calm: SessionFigures = {
  probe: "icmp",
  sent: 3600,
  lost: 0,
  late: 0,
  refused: 0,
  p95Us: 12_000,
  jitterUs: 400,
  lastAt: 1_000_000,
  observed: 1,
};

describe("a session", () => {
  test.each<{ name: string; change: Partial<SessionFigures>; value: number; state: string; reasons: string[] }>([
    { name: "calm", change: {}, value: 100, state: "good", reasons: [] },
    { name: "1 % loss", change: { lost: 36 }, value: 88, state: "good", reasons: ["loss"] },
    { name: "5 % loss", change: { lost: 180 }, value: 55, state: "notice", reasons: ["loss"] },
    { name: "10 % loss", change: { lost: 360 }, value: 35, state: "bad", reasons: ["loss"] },
    {
      name: "all lost",
      change: { lost: 3600, p95Us: null, jitterUs: null },
      value: 0,
      state: "bad",
      reasons: ["unreachable"],
    },
    { name: "half the answers late", change: { late: 1800 }, value: 0, state: "bad", reasons: ["late"] },
    { name: "every answer a refusal", change: { refused: 3600 }, value: 0, state: "bad", reasons: ["refused"] },
    { name: "p95 300 ms", change: { p95Us: 300_000 }, value: 75, state: "notice", reasons: ["latency"] },
    {
      name: "p95 300 ms of a web page",
      change: { probe: "http", p95Us: 300_000 },
      value: 100,
      state: "good",
      reasons: [],
    },
    {
      name: "several: dearest first",
      change: { lost: 36, p95Us: 500_000, jitterUs: 20_000 },
      value: 35,
      state: "bad",
      reasons: ["latency", "loss", "jitter"],
    },
    { name: "slept half the time", change: { observed: 0.5 }, value: 100, state: "good", reasons: ["not-observed"] },
  ])("$name", ({ change, value, state, reasons }) => {
    const score = sessionScore({ ...calm, ...change });
    expect(score.value).toBeCloseTo(value, 6);
    expect(score.state).toBe(state);
    expect(score.reasons.map((reason) => reason.kind)).toEqual(reasons);
  });

  test("nothing sent is unknown, neither good nor bad", () => {
    expect(sessionScore({ ...calm, sent: 0, p95Us: null, jitterUs: null, lastAt: null })).toEqual({
      value: null,
      state: "unknown",
      reasons: [{ kind: "not-observed", points: 0, value: 0, unit: "samples", since: null }],
    });
  });
  test("old news is unknown at present, and still scored for the past", () => {
    const present = { now: 1_000_000 + staleAfter(1000) + 1, interval: 1000 };
    expect(sessionScore(calm, present).state).toBe("unknown");
    expect(sessionScore(calm, present).reasons[0]?.since).toBe(new Date(1_000_000).toISOString());
    expect(sessionScore(calm, { ...present, now: 1_000_000 + staleAfter(1000) }).value).toBe(100);
    expect(sessionScore(calm, { ...present, interval: 3_600_000 }).value).toBe(100);
    expect(sessionScore(calm).value).toBe(100);
  });
});

describe("monotone", () => {
  const all: [string, Curve][] = [
    ["loss", curves.loss],
    ["refused", curves.refused],
    ...(["icmp", "tcp", "dns", "http"] as const).flatMap((kind): [string, Curve][] => [
      [`${kind} latency`, curves[kind].latency],
      [`${kind} jitter`, curves[kind].jitter],
    ]),
  ];
  test.each(all)("%s: never cheaper when worse, from 0, at most 100", (_, curve) => {
    expect(pointsAt(curve, 0)).toBe(0);
    const end = (curve.at(-1) as readonly [number, number])[0] * 2;
    for (let i = 0, before = 0; i <= 2000; i++) {
      const points = pointsAt(curve, (end * i) / 2000);
      expect(points).toBeGreaterThanOrEqual(before);
      expect(points).toBeLessThanOrEqual(100);
      before = points;
    }
  });
  test("the score never rises with any trouble", () => {
    const steps: ((n: number) => Partial<SessionFigures>)[] = [
      (n) => ({ lost: n * 36 }),
      (n) => ({ late: n * 36 }),
      (n) => ({ refused: n * 36 }),
      (n) => ({ p95Us: n * 40_000 }),
      (n) => ({ jitterUs: n * 8_000 }),
    ];
    for (const step of steps) {
      for (let n = 0, before = 100; n <= 100; n++) {
        const value = sessionScore({ ...calm, ...step(n) }).value as number;
        expect(value).toBeLessThanOrEqual(before);
        before = value;
      }
    }
  });
});

describe("groups", () => {
  const of = (value: number | null): Score => ({ value, state: stateOf(value), reasons: [] });
  test.each<{ name: string; members: (number | null)[]; value: number | null; state: string }>([
    { name: "empty", members: [], value: null, state: "unknown" },
    { name: "all unobserved", members: [null, null], value: null, state: "unknown" },
    { name: "one", members: [90], value: 90, state: "good" },
    { name: "unobserved are left out", members: [90, null], value: 90, state: "good" },
    { name: "one dead of four", members: [100, 100, 100, 0], value: 50, state: "notice" },
    {
      name: "one bad of a hundred: not good",
      members: [...Array<number>(99).fill(100), 40],
      value: 94,
      state: "notice",
    },
    { name: "all dead", members: [0, 0], value: 0, state: "bad" },
  ])("$name", ({ members, value, state }) => {
    const score = groupScore(members.map(of));
    expect(score.value).toBe(value);
    expect(score.state).toBe(state);
  });
  test("reasons are the dearest of each kind, then how many were not observed", () => {
    const reason = (kind: string, points: number) => ({ kind, points, value: points, unit: "%", since: null });
    const score = groupScore([
      { value: 70, state: "notice", reasons: [reason("loss", 30)] },
      { value: 40, state: "bad", reasons: [reason("latency", 40), reason("loss", 20)] },
      of(null),
    ]);
    expect(score.reasons.map(({ kind, points, value }) => [kind, points, value])).toEqual([
      ["latency", 40, 40],
      ["loss", 30, 30],
      ["not-observed", 0, 1],
    ]);
  });
  test("worst first; unknown after bad", () => {
    const order = [of(100), of(null), of(60), of(10), of(30)].sort(worstFirst).map((score) => score.value);
    expect(order).toEqual([10, 30, null, 60, 100]);
  });
});
