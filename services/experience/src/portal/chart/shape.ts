/** From the API's series to what may be drawn: where lines break, what was not observed and why. */
import type { Series } from "../../wire/api.ts";

/** Seconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** A word of the wire's gapReasons; `before-start`: the session did not exist; null: no reason is known. */
  readonly reason: string | null;
}

export const seconds = (instant: string): number => Date.parse(instant) / 1000;

/** Seconds between two neighbouring entries of a healthy series. */
export const spacing = (step: number, interval: number): number => Math.max(step, interval);

/**
 * What was not observed between `from` and `to`: the gaps that the agent explained, and stretches without any sample that
 * nobody explained. The newest `grace` seconds are still on their way and are not called unobserved.
 */
export function unobserved(
  series: Pick<Series, "t" | "sent" | "step" | "gaps">,
  range: { from: number; to: number },
  options: { interval: number; now: number; grace: number; startedAt: number | null },
): Span[] {
  const apart = spacing(series.step, options.interval);
  const end = Math.min(range.to, options.now - options.grace);
  const explained = series.gaps
    .map((gap) => ({
      from: Math.max(seconds(gap.from), range.from),
      to: Math.min(seconds(gap.to), range.to),
      reason: gap.reason,
    }))
    .filter((gap) => gap.to > gap.from)
    .sort((a, b) => a.from - b.from);
  const spans: Span[] = [...explained];
  const known: Span[] = [...explained];
  // A spool may hold samples that are older than the session's record here: what was measured was observed.
  const first = series.t[series.t.findIndex((_, i) => (series.sent[i] ?? 0) > 0)] ?? Number.POSITIVE_INFINITY;
  const began = options.startedAt === null ? range.from : Math.min(options.startedAt, first, end);
  if (began > range.from) {
    const before = { from: range.from, to: began, reason: "before-start" };
    spans.push(before);
    known.push(before);
  }
  known.sort((a, b) => a.from - b.from);
  for (const hole of holes(series, range.from, end, apart))
    for (const rest of without(hole, known)) if (rest.to - rest.from > 1.5 * apart) spans.push(rest);
  return spans.sort((a, b) => a.from - b.from);
}

function holes(series: Pick<Series, "t" | "sent" | "step">, from: number, to: number, apart: number): Span[] {
  const found: Span[] = [];
  let covered = from;
  for (let i = 0; i < series.t.length; i++) {
    if ((series.sent[i] ?? 0) === 0) continue;
    const at = series.t[i] as number;
    if (at - covered > 1.5 * apart) found.push({ from: covered, to: Math.min(at, to), reason: null });
    covered = Math.max(covered, at + apart);
  }
  if (to - covered > 1.5 * apart) found.push({ from: covered, to, reason: null });
  return found.filter((hole) => hole.to > hole.from);
}

/** What is left of a span when others (sorted by start) are taken out of it. */
export function without(span: Span, others: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let from = span.from;
  for (const other of others) {
    if (other.to <= from) continue;
    if (other.from >= span.to) break;
    if (other.from > from) rest.push({ from, to: other.from, reason: span.reason });
    from = Math.max(from, other.to);
  }
  if (from < span.to) rest.push({ from, to: span.to, reason: span.reason });
  return rest;
}

/** Half-open runs of indices that may be joined by a line: all present, close enough, with no gap between. */
export function runs(
  t: readonly number[],
  present: (index: number) => boolean,
  apart: number,
  gaps: readonly Span[],
): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  let gap = 0;
  for (let i = 0; i <= t.length; i++) {
    const here = i < t.length && present(i);
    if (start >= 0) {
      const broken =
        !here || (t[i] as number) - (t[i - 1] as number) > 2.5 * apart || crosses(t[i - 1] as number, t[i] as number);
      if (broken) {
        found.push([start, i]);
        start = -1;
      }
    }
    if (here && start < 0) start = i;
  }
  return found;

  function crosses(before: number, after: number): boolean {
    if (after - before <= 1.5 * apart) return false;
    while (gap < gaps.length && (gaps[gap] as Span).to <= before) gap++;
    const next = gaps[gap];
    return next !== undefined && Math.min(next.to, after) - Math.max(next.from, before) > apart / 2;
  }
}

/** Share of a count, or null when nothing was sent. */
export const shareOf = (count: number | null | undefined, sent: number | null | undefined): number | null =>
  sent === null || sent === undefined || sent === 0 ? null : (count ?? 0) / sent;

/** Index of the entry nearest to a time, or -1. */
export function nearest(t: readonly number[], at: number): number {
  if (t.length === 0) return -1;
  let [low, high] = [0, t.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((t[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  return before >= 0 && at - (t[before] as number) < (t[low] as number) - at ? before : low;
}
