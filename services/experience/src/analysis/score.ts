/**
 * The experience score: 100 minus the points that each trouble costs, by curves that never rise when the network gets worse.
 * Nothing observed gives no score (null, unknown): never good, never bad.
 */
import type { State } from "@yagura/core/state.ts";
import type { ProbeKind } from "../wire/configuration.ts";
import type { Reason, Score } from "../wire/api.ts";

/** Points of a curve: [value, points lost], rising in both; straight between, flat outside. */
export type Curve = readonly (readonly [value: number, points: number])[];

/** Points lost at a value of the curve. */
export function pointsAt(curve: Curve, value: number): number {
  let [x0, y0] = curve[0] as readonly [number, number];
  if (!(value > x0)) return y0;
  for (const [x1, y1] of curve) {
    if (value <= x1) return y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
    [x0, y0] = [x1, y1];
  }
  return y0;
}

/** Share of sent probes, percent. Knees: 1 % is where speech codecs start to suffer, 5 % where TCP collapses, 25 % is unusable. */
const lossCurve: Curve = [
  [0, 0],
  [0.1, 2],
  [1, 12],
  [2.5, 25],
  [5, 45],
  [10, 65],
  [25, 90],
  [50, 100],
];
/** Refused: the path works and the target says no. Percent. */
const refusedCurve: Curve = [
  [0, 0],
  [1, 10],
  [5, 30],
  [20, 60],
  [50, 90],
  [100, 100],
];
/** Milliseconds, p95 of one exchange. Knees of ICMP and TCP: G.114's 150 ms one way is 300 ms here. */
const exchangeCurve: Curve = [
  [50, 0],
  [100, 5],
  [200, 15],
  [300, 25],
  [500, 45],
  [1000, 70],
  [3000, 95],
];
/** Milliseconds of a name lookup, p95. */
const lookupCurve: Curve = [
  [50, 0],
  [100, 5],
  [300, 20],
  [1000, 45],
  [3000, 80],
];
/** Milliseconds of a whole HTTP transaction, p95. Knees: 1 s keeps the flow of thought, 10 s the attention (Nielsen 1993). */
const transactionCurve: Curve = [
  [300, 0],
  [1000, 12],
  [2500, 30],
  [5000, 55],
  [10_000, 80],
];
/** Milliseconds, mean absolute difference. */
const jitterCurve: Curve = [
  [5, 0],
  [20, 8],
  [50, 25],
  [100, 40],
  [500, 60],
];
const wideJitterCurve: Curve = jitterCurve.map(([value, points]) => [value * 10, points / 2] as const);

export const curves: Readonly<Record<ProbeKind, { readonly latency: Curve; readonly jitter: Curve }>> & {
  readonly loss: Curve;
  readonly refused: Curve;
} = {
  loss: lossCurve,
  refused: refusedCurve,
  icmp: { latency: exchangeCurve, jitter: jitterCurve },
  tcp: { latency: exchangeCurve, jitter: jitterCurve },
  dns: { latency: lookupCurve, jitter: wideJitterCurve },
  http: { latency: transactionCurve, jitter: wideJitterCurve },
};

/** At least this is good; at least `NOTICE` is notice; below is bad. */
export const GOOD = 80;
export const NOTICE = 50;
/** State of a score's value. */
export const stateOf = (value: number | null): State =>
  value === null ? "unknown" : value >= GOOD ? "good" : value >= NOTICE ? "notice" : "bad";

/** What was measured of one session in a time. Shares 0 to 1, times µs, instants ms since the epoch. */
export interface SessionFigures {
  readonly probe: ProbeKind;
  readonly sent: number;
  /** Lost or unreachable. */ readonly lost: number;
  readonly late: number;
  readonly refused: number;
  readonly p95Us: number | null;
  readonly jitterUs: number | null;
  /** Last sample. */ readonly lastAt: number | null;
  /** Share of the time that was observed. */ readonly observed: number;
}

/** A session whose last sample is older than this many of its intervals … */
export const STALE_INTERVALS = 3;
/** … and older than this, ms, is not observed now. */
export const STALE_MS = 120_000;

/** How long after its last sample a session still counts as observed, ms. `interval` in ms. */
export const staleAfter = (interval: number): number => Math.max(STALE_MS, STALE_INTERVALS * interval);

const notObserved = (value: number, unit: string, since: number | null): Reason => ({
  kind: "not-observed",
  points: 0,
  value,
  unit,
  since: since === null ? null : new Date(since).toISOString(),
});
const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * Score of a session. `now` (ms) and `interval` (ms) say whether it is observed at present; absent for a time in the past.
 * Reasons are those that cost points, dearest first.
 */
export function sessionScore(figures: SessionFigures, present?: { now: number; interval: number }): Score {
  if (figures.sent === 0)
    return { value: null, state: "unknown", reasons: [notObserved(0, "samples", figures.lastAt)] };
  if (present !== undefined && figures.lastAt !== null) {
    const age = present.now - figures.lastAt;
    if (age > staleAfter(present.interval)) {
      return { value: null, state: "unknown", reasons: [notObserved(Math.round(age / 1000), "s", figures.lastAt)] };
    }
  }
  const percent = (n: number): number => (100 * n) / figures.sent;
  const curve = curves[figures.probe];
  const reasons: Reason[] = [];
  const lose = (kind: string, curve: Curve, value: number | null, unit: string) => {
    if (value === null) return;
    const points = pointsAt(curve, value);
    if (points > 0) reasons.push({ kind, points: round(points, 1), value: round(value, 3), unit, since: null });
  };
  lose(figures.lost === figures.sent ? "unreachable" : "loss", curves.loss, percent(figures.lost), "%");
  lose("late", curves.loss, percent(figures.late), "%");
  lose("refused", curves.refused, percent(figures.refused), "%");
  lose("latency", curve.latency, figures.p95Us === null ? null : figures.p95Us / 1000, "ms");
  lose("jitter", curve.jitter, figures.jitterUs === null ? null : figures.jitterUs / 1000, "ms");
  reasons.sort((a, b) => b.points - a.points);
  const value = round(Math.max(0, 100 - reasons.reduce((sum, reason) => sum + reason.points, 0)), 1);
  if (figures.observed < 0.95) reasons.push(notObserved(round(100 * (1 - figures.observed), 1), "%", null));
  return { value, state: stateOf(value), reasons };
}

/** Reasons shown of a group. */
const GROUP_REASONS = 5;

/**
 * Score of an agent, a tenant or an organisation from those of its sessions: 100 minus the root mean square of their lost
 * points, so that a few bad sessions weigh more than a plain mean would let them. Unobserved sessions are left out and told.
 * While one session is bad the group is not good.
 */
export function groupScore(members: readonly Score[]): Score {
  const scored = members.filter((member) => member.value !== null);
  const unknown = members.length - scored.length;
  const blind = unknown > 0 || members.length === 0 ? [notObserved(unknown, "sessions", null)] : [];
  if (scored.length === 0) return { value: null, state: "unknown", reasons: blind };
  const squares = scored.reduce((sum, member) => sum + (100 - (member.value as number)) ** 2, 0);
  const value = round(100 - Math.sqrt(squares / scored.length), 1);
  const state = stateOf(value);
  const bad = scored.some((member) => member.state === "bad");
  return { value, state: state === "good" && bad ? "notice" : state, reasons: [...worstReasons(scored), ...blind] };
}

/** The dearest reason of each kind over all members. */
function worstReasons(members: readonly Score[]): Reason[] {
  const worst = new Map<string, Reason>();
  for (const member of members) {
    for (const reason of member.reasons) {
      if (reason.points > (worst.get(reason.kind)?.points ?? 0)) worst.set(reason.kind, reason);
    }
  }
  return [...worst.values()].sort((a, b) => b.points - a.points).slice(0, GROUP_REASONS);
}

const rank: Readonly<Record<State, number>> = { bad: 0, unknown: 1, notice: 2, good: 3 };
/** Order of lists: worst first; unknown after bad, because nobody knows. */
export const worstFirst = (a: Score, b: Score): number =>
  rank[a.state] - rank[b.state] || (a.value ?? 0) - (b.value ?? 0);
