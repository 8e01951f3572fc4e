/** How a stretch of time is cut for a chart: from single samples to a year, about as many buckets as there are points. */
import { SKETCH_ERROR } from "./percentiles.ts";

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** Bucket lengths, seconds: each a divisor of the day, or whole days. */
export const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
] as const;
/** Up to this, µs, raw samples are read; beyond it hourly sketches. */
export const RAW_LIMIT = 3 * DAY;
/** Days begin at midnight in Asia/Tokyo, UTC+9 without summer time: µs east of UTC. */
export const TOKYO = 9 * HOUR;
/** Most entries of a series, whatever was asked. */
export const MAX_POINTS = 5000;

/** What a series tells of each bucket: counts, percentiles of the round trips (µs), jitter (µs). */
export const seriesColumns = [
  "sent",
  "lost",
  "late",
  "refused",
  "duplicate",
  "reordered",
  "min",
  "p5",
  "p25",
  "p50",
  "p75",
  "p95",
  "p99",
  "max",
  "jitter",
] as const;

export interface BucketPlan {
  readonly source: "raw" | "hourly";
  /** Seconds; 0: every sample is an entry of its own. */
  readonly step: number;
  /** Relative error of the percentiles. */
  readonly error: number;
  /** First bucket's start and last bucket's end, µs since the epoch, on the step's grid. For step 0 as asked. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Next step of the list that gives at most `points` buckets; the longest when none does. */
const stepFor = (span: number, points: number, least: number): number =>
  steps.find((step) => step >= least && span <= step * SECOND * points) ?? (steps.at(-1) as number);

/** The start of the bucket that holds the instant (µs); the grid is counted from midnight in Tokyo, weeks from Monday. */
export function floorTo(instant: number, step: number): number {
  const length = step * SECOND;
  // 1970-01-05 was a Monday.
  const origin = step === 604_800 ? 4 * DAY - TOKYO : -TOKYO;
  return Math.floor((instant - origin) / length) * length + origin;
}

/**
 * Plan for [from, to) µs in about `points` buckets. `interval` (µs) is the session's: where a bucket would hold less than one
 * sample, samples are given singly. `source` may be forced to hourly where raw samples are gone.
 */
export function planBuckets(
  request: { readonly from: number; readonly to: number; readonly points: number; readonly interval: number },
  source: "raw" | "hourly" = request.to - request.from <= RAW_LIMIT ? "raw" : "hourly",
): BucketPlan {
  const points = Math.min(MAX_POINTS, Math.max(1, Math.floor(request.points)));
  const span = Math.max(1, request.to - request.from);
  const error = source === "raw" ? 0 : SKETCH_ERROR;
  if (source === "raw" && span / request.interval <= points) {
    return { source, step: 0, error, from: request.from, to: request.to, count: Math.ceil(span / request.interval) };
  }
  const step = stepFor(span, points, source === "raw" ? 1 : 3600);
  const from = floorTo(request.from, step);
  const to = floorTo(request.to - 1, step) + step * SECOND;
  return { source, step, error, from, to, count: Math.round((to - from) / (step * SECOND)) };
}
