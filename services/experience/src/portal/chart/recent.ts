/**
 * The newest raw samples of a session, and how they extend a series. Percentiles are only ever taken from samples, never from
 * other percentiles.
 */
import type { Series } from "../../wire/api.ts";
import { floorTo, seriesColumns } from "../../analysis/buckets.ts";
import { percentile } from "../../analysis/percentiles.ts";

/** Column by column; times in microseconds since the epoch, oldest first. */
export interface Recent {
  readonly t: readonly number[];
  readonly rtt: readonly number[];
  readonly outcome: readonly number[];
  readonly flags: readonly number[];
}
export const emptyRecent: Recent = { t: [], rtt: [], outcome: [], flags: [] };

/**
 * How stored outcomes count, by their numbers: the same as analysis/loss.ts, kept equal by a test; that module's words would
 * bring the schema library into the page.
 */
const LATE = 2;
const REFUSED = 3;
const lostOutcomes: ReadonlySet<number> = new Set([1, 4, 6]);
/** Late and refused were answered: they have a round trip and are part of the distribution. */
const answeredOutcomes: ReadonlySet<number> = new Set([0, LATE, REFUSED]);
/** What the agent could not send was not sent. */
const FAILED = 5;
const DUPLICATE = 1;
const REORDERED = 2;

/** Joins a later answer to what is there; times that are already known are kept once; at most `limit` newest stay. */
export function extendRecent(known: Recent, more: Recent, limit: number): Recent {
  const last = known.t.at(-1) ?? -1;
  let first = 0;
  while (first < more.t.length && (more.t[first] as number) <= last) first++;
  if (first === more.t.length) return known;
  const join = (a: readonly number[], b: readonly number[]): number[] => [...a, ...b.slice(first)].slice(-limit);
  return {
    t: join(known.t, more.t),
    rtt: join(known.rtt, more.rtt),
    outcome: join(known.outcome, more.outcome),
    flags: join(known.flags, more.flags),
  };
}

type Columns = Pick<Series, "t" | (typeof seriesColumns)[number]>;

/** Raw samples by the same buckets of `step` seconds as the server's; step 0: one entry for each sample. */
export function bucketed(recent: Recent, step: number): Columns {
  const columns: Record<string, (number | null)[]> & { t: number[] } = { t: [] };
  for (const name of seriesColumns) columns[name] = [];
  let from = 0;
  let previous: number | null = null;
  while (from < recent.t.length) {
    const at = (recent.t[from] as number) / 1e6;
    const start = step > 0 ? floorTo(recent.t[from] as number, step) / 1e6 : at;
    let to = from + 1;
    const end = step > 0 ? start + step : Number.NEGATIVE_INFINITY;
    while (to < recent.t.length && (recent.t[to] as number) / 1e6 < end) to++;
    columns.t.push(start);
    const made = bucket(recent, from, to, step > 0 ? null : previous);
    for (const name of seriesColumns) columns[name]?.push(made.values[name] ?? null);
    previous = made.last;
    from = to;
  }
  return columns as unknown as Columns;
}

function bucket(
  recent: Recent,
  from: number,
  to: number,
  previous: number | null,
): { values: Record<(typeof seriesColumns)[number], number | null>; last: number | null } {
  const rtts: number[] = [];
  let [sent, lost, late, refused] = [0, 0, 0, 0];
  let [duplicate, reordered, differences, pairs, last] = [0, 0, 0, 0, previous];
  for (let i = from; i < to; i++) {
    const outcome = recent.outcome[i] ?? FAILED;
    if (outcome !== FAILED) sent++;
    if (lostOutcomes.has(outcome)) lost++;
    if (outcome === LATE) late++;
    if (outcome === REFUSED) refused++;
    const flags = recent.flags[i] ?? 0;
    if ((flags & DUPLICATE) !== 0) duplicate++;
    if ((flags & REORDERED) !== 0) reordered++;
    const rtt = recent.rtt[i] ?? 0;
    if (!answeredOutcomes.has(outcome) || rtt === 0) continue;
    if (last !== null) {
      differences += Math.abs(rtt - last);
      pairs++;
    }
    last = rtt;
    rtts.push(rtt);
  }
  rtts.sort((a, b) => a - b);
  const at = (share: number): number | null => percentile(rtts, share);
  const values = {
    sent,
    lost,
    late,
    refused,
    duplicate,
    reordered,
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    jitter: pairs === 0 ? null : differences / pairs,
  };
  return { values, last };
}

/** Whether the newest samples (at most `limit` in one answer) can rebuild the last bucket of a series exactly. */
export const canFollow = (step: number, interval: number, limit: number): boolean =>
  step === 0 || (2 * step) / interval < limit;

/**
 * The series with its end rebuilt from raw samples: every bucket that starts at or after the first whole bucket of `recent`
 * is replaced, so that a half-filled last bucket is never joined to another by its percentiles.
 */
export function withTail(series: Series, recent: Recent): Series {
  if (recent.t.length === 0) return series;
  const first = (recent.t[0] as number) / 1e6;
  // The first bucket of the samples may be cut: keep the server's.
  const begun = series.step > 0 ? floorTo(first * 1e6, series.step) / 1e6 : first;
  const start = begun < first - 1e-9 ? begun + series.step : first;
  const fresh = bucketed(dropBefore(recent, start), series.step);
  if (fresh.t.length === 0) return series;
  let keep = series.t.length;
  const begin = fresh.t[0] as number;
  while (keep > 0 && (series.t[keep - 1] as number) >= begin - 1e-6) keep--;
  const result: Series = { ...series, t: [...series.t.slice(0, keep), ...fresh.t] };
  for (const name of seriesColumns) result[name] = [...series[name].slice(0, keep), ...fresh[name]];
  if (series.phases !== undefined) result.phases = withoutPhases(series.phases, keep, fresh.t.length);
  return result;
}

function withoutPhases(
  phases: NonNullable<Series["phases"]>,
  keep: number,
  more: number,
): NonNullable<Series["phases"]> {
  // The live answer carries no phases: they come with the next whole series; until then nothing is drawn, not zero.
  const nothing = Array.from({ length: more }, () => null);
  const cut = (values: readonly (number | null)[]): (number | null)[] => [...values.slice(0, keep), ...nothing];
  return {
    resolve: cut(phases.resolve),
    connect: cut(phases.connect),
    tls: cut(phases.tls),
    firstByte: cut(phases.firstByte),
    transfer: cut(phases.transfer),
  };
}

function dropBefore(recent: Recent, start: number): Recent {
  let first = 0;
  while (first < recent.t.length && (recent.t[first] as number) / 1e6 < start - 1e-9) first++;
  const cut = (values: readonly number[]): readonly number[] => values.slice(first);
  return { t: cut(recent.t), rtt: cut(recent.rtt), outcome: cut(recent.outcome), flags: cut(recent.flags) };
}
