/** The distribution of a session over time, for any zoom: raw samples, buckets of them, or hourly sketches. */
import { planBuckets, seriesColumns, type BucketPlan } from "../analysis/buckets.ts";
import { answeredOutcomes, lateOutcome, lostOutcomes, refusedOutcome, sentOutcomes } from "../analysis/loss.ts";
import { flags } from "../wire/samples.ts";
import type { ProbeKind } from "../wire/configuration.ts";
import type { Series } from "../wire/api.ts";
import { readGaps } from "./gaps.ts";
import {
  answered,
  counts,
  differenceSum,
  hourCounts,
  hourDifferenceSum,
  hoursWithin,
  isBeyondRaw,
  iso,
  levelList,
  ofSession,
  within,
  type Counts,
  type Place,
} from "./sql.ts";

export interface SeriesRequest {
  /** µs since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** The session's, µs. */
  readonly interval: number;
  readonly probe: ProbeKind;
}

type Value = number | null;
type Columns = Record<(typeof seriesColumns)[number], Value[]>;
type Phases = NonNullable<Series["phases"]>;
const countNames = ["sent", "lost", "late", "refused", "duplicate", "reordered"] as const;
const percentileNames = ["p5", "p25", "p50", "p75", "p95", "p99"] as const;
const phaseNames = ["resolve", "connect", "tls", "firstByte", "transfer"] as const;
const phaseColumns = ["resolve", "connect", "tls", "first_byte", "transfer"] as const;
/** ICMP echoes have no phases. */
const hasPhases = (probe: ProbeKind): boolean => probe === "http" || probe === "tcp";

const emptyColumns = (count: number): Columns =>
  Object.fromEntries(seriesColumns.map((name) => [name, Array.from<Value>({ length: count }).fill(null)])) as Columns;
const emptyPhases = (count: number): Phases =>
  Object.fromEntries(phaseNames.map((name) => [name, Array.from<Value>({ length: count }).fill(null)])) as Phases;

/** Throws what the telemetry throws. */
export async function readSeries(place: Place, request: SeriesRequest): Promise<Series> {
  const plan = planBuckets(request);
  const [read, gaps] = await Promise.all([readPlan(place, request, plan), readGaps(place, plan.from, plan.to)]);
  let { body, used } = read;
  if (used.source === "raw" && body.t.length === body.empty && (await isBeyondRaw(place, request.to))) {
    const hourly = planBuckets(request, "hourly");
    const older = await readHourly(place, request, hourly);
    if (older.empty < older.t.length) ({ body, used } = { body: older, used: hourly });
  }
  const { empty: _, ...columns } = body;
  return {
    session: place.session,
    from: iso(used.from),
    to: iso(used.to),
    step: used.step,
    source: used.source,
    error: used.error,
    ...columns,
    gaps: gaps.map((gap) => ({ from: iso(gap.from), to: iso(gap.to), reason: gap.reason })),
    events: [],
  };
}

interface Body extends Columns {
  t: number[];
  phases?: Phases;
  /** Entries without any sample. */
  empty: number;
}

async function readPlan(
  place: Place,
  request: SeriesRequest,
  plan: BucketPlan,
): Promise<{ body: Body; used: BucketPlan }> {
  if (plan.source === "hourly") return { body: await readHourly(place, request, plan), used: plan };
  if (plan.step === 0) {
    // The interval may have been shorter in the past: then there are more samples than points, and buckets it is.
    const limit = 2 * request.points + 10;
    const single = await readSamples(place, request, limit);
    if (single.t.length < limit) return { body: single, used: plan };
    const used = planBuckets({ ...request, interval: 1 });
    return { body: await readBuckets(place, request, used), used };
  }
  return { body: await readBuckets(place, request, plan), used: plan };
}

interface BucketRow extends Counts {
  readonly bucket: number;
  readonly answers: number;
  readonly min: Value;
  readonly max: Value;
  readonly q: readonly Value[];
  readonly differences: number;
  readonly phases?: readonly Value[];
}

const bucketOf = (time: string): string => `intDiv(${time} - {from:Int64}, {step:Int64}) as bucket`;
const parametersOf = (place: Place, plan: BucketPlan) => ({
  session: place.session,
  from: plan.from,
  to: plan.to,
  step: plan.step * 1_000_000,
});

async function readBuckets(place: Place, request: SeriesRequest, plan: BucketPlan): Promise<Body> {
  const phases = phaseColumns.map((name) => `quantileExactInclusiveIf(0.5)(${name}, ${name} > 0)`).join(", ");
  const rows = await place.telemetry.query<BucketRow>(
    place.organisation,
    `select ${bucketOf("toUnixTimestamp64Micro(at)")}, ${counts}, countIf(${answered}) as answers,
      minOrNullIf(rtt, ${answered}) as min, maxOrNullIf(rtt, ${answered}) as max,
      quantilesExactInclusiveIf(${levelList})(rtt, ${answered}) as q,
      ${differenceSum} as differences
      ${hasPhases(request.probe) ? `, [${phases}] as phases` : ""}
    from experience_sample where ${ofSession} and ${within} group by bucket order by bucket`,
    parametersOf(place, plan),
  );
  return fromBuckets(rows, plan, {
    pairs: (row) => row.answers - 1,
    phases: hasPhases(request.probe) ? (row) => row.phases : null,
  });
}

async function readHourly(place: Place, request: SeriesRequest, plan: BucketPlan): Promise<Body> {
  const parameters = parametersOf(place, plan);
  const bucket = bucketOf("toInt64(toUnixTimestamp(hour)) * 1000000");
  const [rows, phases] = await Promise.all([
    place.telemetry.query<BucketRow & { pairs: number }>(
      place.organisation,
      `select ${bucket}, ${hourCounts}, sum(answered) as answers,
        if(answers = 0, null, min(rtt_min)) as min, if(answers = 0, null, max(rtt_max)) as max,
        quantilesDDMerge(0.01, ${levelList})(rtt) as q,
        sum(${hourDifferenceSum}) as differences, sum(if(answered > 0, answered - 1, 0)) as pairs
      from experience_hour final where ${ofSession} and ${hoursWithin} group by bucket order by bucket`,
      parameters,
    ),
    hasPhases(request.probe)
      ? place.telemetry.query<{ bucket: number; phases: Value[] }>(
          place.organisation,
          `select ${bucket}, [${phaseColumns.map((name) => `quantilesDDMerge(0.01, 0.5)(${name})[1]`).join(", ")}] as phases
          from experience_phase_hour where ${ofSession} and ${hoursWithin} group by bucket`,
          parameters,
        )
      : [],
  ]);
  const told = new Map(phases.map((row) => [row.bucket, row.phases]));
  return fromBuckets(rows, plan, {
    pairs: (row) => row.pairs,
    phases: hasPhases(request.probe) ? (row) => told.get(row.bucket) : null,
  });
}

/** Every bucket of the plan has an entry; one without samples is null throughout, never zero. */
function fromBuckets<Row extends BucketRow>(
  rows: readonly Row[],
  plan: BucketPlan,
  of: { pairs: (row: Row) => number; phases: ((row: Row) => readonly Value[] | undefined) | null },
): Body {
  const columns = emptyColumns(plan.count);
  const phases = emptyPhases(plan.count);
  for (const row of rows) {
    const i = row.bucket;
    for (const name of countNames) columns[name][i] = row[name];
    if (row.answers > 0) {
      columns.min[i] = row.min;
      columns.max[i] = row.max;
      for (const [n, name] of percentileNames.entries()) columns[name][i] = inside(row.q[n] ?? null, row);
    }
    const pairs = of.pairs(row);
    if (pairs > 0) columns.jitter[i] = row.differences / pairs;
    const medians = of.phases?.(row);
    for (const [n, name] of phaseNames.entries()) phases[name][i] = medians?.[n] ?? null;
  }
  return {
    t: Array.from({ length: plan.count }, (_, i) => plan.from / 1e6 + i * plan.step),
    ...columns,
    ...(of.phases === null ? {} : { phases }),
    empty: plan.count - rows.length,
  };
}

/** A sketch's estimate may stand a hair outside what was measured; what is drawn does not. */
const inside = (value: Value, row: BucketRow): Value =>
  value === null || row.min === null || row.max === null ? value : Math.min(row.max, Math.max(row.min, value));

interface SampleRow {
  readonly t: number;
  readonly rtt: number;
  readonly outcome: number;
  readonly flags: number;
  readonly phases?: readonly number[];
}

/** Each sample an entry of its own; every percentile of one value is that value. */
async function readSamples(place: Place, request: SeriesRequest, limit: number): Promise<Body> {
  const withPhases = hasPhases(request.probe);
  const rows = await place.telemetry.query<SampleRow>(
    place.organisation,
    `select toUnixTimestamp64Micro(at) as t, rtt, outcome, flags ${withPhases ? `, [${phaseColumns.join(", ")}] as phases` : ""}
    from experience_sample where ${ofSession} and ${within} order by at limit {limit:UInt32}`,
    { session: place.session, from: request.from, to: request.to, limit },
  );
  const columns = emptyColumns(rows.length);
  const phases = emptyPhases(rows.length);
  let before: number | null = null;
  for (const [i, row] of rows.entries()) {
    columns.sent[i] = Number(sentOutcomes.includes(row.outcome));
    columns.lost[i] = Number(lostOutcomes.includes(row.outcome));
    columns.late[i] = Number(row.outcome === lateOutcome);
    columns.refused[i] = Number(row.outcome === refusedOutcome);
    columns.duplicate[i] = Number((row.flags & flags.duplicate) !== 0);
    columns.reordered[i] = Number((row.flags & flags.reordered) !== 0);
    for (const [n, name] of phaseNames.entries()) phases[name][i] = row.phases?.[n] || null;
    if (!answeredOutcomes.includes(row.outcome) || row.rtt === 0) continue;
    for (const name of ["min", ...percentileNames, "max"] as const) columns[name][i] = row.rtt;
    if (before !== null) columns.jitter[i] = Math.abs(row.rtt - before);
    before = row.rtt;
  }
  return { t: rows.map((row) => row.t / 1e6), ...columns, ...(withPhases ? { phases } : {}), empty: 0 };
}
