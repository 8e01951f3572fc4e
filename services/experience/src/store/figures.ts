/** Reads what a summary is made of: counts, round trips, runs of losses, send delays and methods of one session over a time. */
import { meanDeviationOfQuantiles, RFC3550_MEMORY } from "../analysis/jitter.ts";
import { runCount, type LossRun } from "../analysis/loss.ts";
import type { Summary } from "../wire/api.ts";
import { methods } from "../wire/samples.ts";
import {
  answered,
  counts,
  hourCounts,
  hourDifferenceSum,
  hoursWithin,
  levelList,
  lost,
  ofSession,
  within,
  type Counts,
  type Place,
} from "./sql.ts";

export interface Asked {
  /** µs since the epoch. */
  readonly from: number;
  readonly to: number;
  /** The session's, µs. */
  readonly interval: number;
}

type Value = number | null;

interface RawRow extends Counts {
  readonly answers: number;
  readonly min: Value;
  readonly max: Value;
  readonly mean: Value;
  readonly q: readonly Value[];
  /** µs since the epoch. */
  readonly first: number;
  readonly last: number;
}
/** What either source gives. */
export interface Figures extends RawRow {
  /** Sum of |differences| and how many there were. */
  readonly differences: number;
  readonly pairs: number;
  readonly deviation: Value;
  readonly lossRuns: readonly LossRun[];
  readonly runs: number;
  /** The last round trips, in order: all that RFC 3550 jitter remembers. */
  readonly tail: readonly number[];
}

/** Levels from which the mean deviation of sketched data is computed. */
const FINE = Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);

interface SequenceRow {
  readonly differences: number;
  readonly pairs: number;
  readonly deviation: Value;
  readonly lengths: readonly number[];
  readonly times: readonly number[];
  readonly tail: readonly number[];
}
const timeOf = (place: Place, { from, to }: Asked) => ({ session: place.session, from, to });

/** From the samples themselves: exact. Throws what the telemetry throws. */
export async function readRaw(place: Place, request: Asked): Promise<Figures> {
  const [[row], [sequence]] = await Promise.all([
    place.telemetry.query<RawRow>(
      place.organisation,
      `select ${counts}, countIf(${answered}) as answers,
        minOrNullIf(rtt, ${answered}) as min, maxOrNullIf(rtt, ${answered}) as max, avgOrNullIf(rtt, ${answered}) as mean,
        quantilesExactInclusiveIf(${levelList})(rtt, ${answered}) as q,
        toUnixTimestamp64Micro(min(at)) as first, toUnixTimestamp64Micro(max(at)) as last
      from experience_sample where ${ofSession} and ${within}`,
      timeOf(place, request),
    ),
    // Everything that depends on the order of samples, over one sorted array. A pause of more than two intervals ends a run of
    // losses: what was not observed was not lost.
    place.telemetry.query<SequenceRow>(
      place.organisation,
      `select
        arraySum(x -> abs(x), arrayDifference(rtts)) as differences,
        if(empty(rtts), 0, length(rtts) - 1) as pairs,
        if(empty(rtts), null, arrayAvg(x -> abs(x - arrayAvg(rtts)), rtts)) as deviation,
        arrayReduce('sumMap', arrayMap(x -> [x], runs), arrayMap(x -> [1], runs)) as table,
        table.1 as lengths, table.2 as times, arraySlice(rtts, -${RFC3550_MEMORY + 1}) as tail
      from (
        select arrayMap(x -> toInt64(x.3), arrayFilter(x -> x.3 > 0, sequence)) as rtts,
          arrayDifference(arrayMap(x -> x.1, sequence)) as steps,
          arrayFilter(x -> x > 0, arrayMap(x -> arraySum(x),
            arraySplit((x, step) -> x = 0 or step > {pause:Int64}, arrayMap(x -> x.2, sequence), steps))) as runs
        from (
          select arraySort(groupArray((toUnixTimestamp64Micro(at), ${lost}, if(${answered}, rtt, 0)))) as sequence
          from experience_sample where ${ofSession} and ${within}
        )
      )`,
      { ...timeOf(place, request), pause: Math.round(2.5 * request.interval) },
    ),
  ]);
  if (row === undefined || sequence === undefined) return nothing;
  const lossRuns = sequence.lengths
    .map((length, i) => ({ length, times: sequence.times[i] as number }))
    .sort((a, b) => a.length - b.length);
  const { differences, pairs, deviation, tail } = sequence;
  return { ...row, differences, pairs, deviation, lossRuns, runs: runCount(lossRuns), tail };
}

interface HourRow extends RawRow {
  readonly differences: number;
  readonly pairs: number;
  readonly runs: number;
  readonly fine: readonly Value[];
}

/** From hourly sketches: percentiles within 1 %, counts exact. Throws what the telemetry throws. */
export async function readHours(place: Place, request: Asked): Promise<Figures> {
  // Whole hours that touch the time.
  const hour = 3_600_000_000;
  const from = Math.floor(request.from / hour) * hour;
  const sketches = place.telemetry.query<HourRow>(
    place.organisation,
    `select ${hourCounts}, sum(answered) as answers,
      if(answers = 0, null, min(rtt_min)) as min, if(answers = 0, null, max(rtt_max)) as max,
      if(answers = 0, null, sum(rtt_sum) / answers) as mean,
      quantilesDDMerge(0.01, ${levelList})(rtt) as q, quantilesDDMerge(0.01, ${FINE.join(", ")})(rtt) as fine,
      toUnixTimestamp64Micro(min(first_at)) as first, toUnixTimestamp64Micro(max(last_at)) as last,
      sum(${hourDifferenceSum}) as differences, sum(if(answered > 0, answered - 1, 0)) as pairs,
      sum(finalizeAggregation(runs)) as runs
    from (select * from experience_hour final where ${ofSession} and ${hoursWithin})`,
    { session: place.session, from, to: request.to },
  );
  const [[row], tail] = await Promise.all([sketches, readTail(place, request)]);
  if (row === undefined || row.samples === 0) return nothing;
  const { fine, ...figures } = row;
  const deviation =
    row.mean === null
      ? null
      : meanDeviationOfQuantiles(
          fine.filter((value) => value !== null),
          row.mean,
        );
  return { ...figures, deviation, lossRuns: [], tail };
}

const nothing: Figures = {
  samples: 0,
  sent: 0,
  lost: 0,
  late: 0,
  refused: 0,
  duplicate: 0,
  reordered: 0,
  answers: 0,
  min: null,
  max: null,
  mean: null,
  q: [],
  first: 0,
  last: 0,
  differences: 0,
  pairs: 0,
  deviation: null,
  lossRuns: [],
  runs: 0,
  tail: [],
};

async function readTail(place: Place, request: Asked): Promise<number[]> {
  const rows = await place.telemetry.query<{ rtt: number }>(
    place.organisation,
    `select rtt from experience_sample where ${ofSession} and ${within} and ${answered}
    order by at desc limit ${RFC3550_MEMORY + 1}`,
    timeOf(place, request),
  );
  return rows.map((row) => row.rtt).reverse();
}

export interface Schedule {
  readonly samples: number;
  readonly q: readonly number[];
  readonly max: number;
}

/** How far the sends were from their slots, in steps of `DELAY_STEP` µs; null without samples. */
export async function readSchedule(place: Place, request: Asked): Promise<Schedule | null> {
  const [row] = await place.telemetry.query<Schedule>(
    place.organisation,
    `select count() as samples, quantilesExactInclusive(0.5, 0.95)(abs(delay)) as q, max(abs(delay)) as max
    from experience_sample where ${ofSession} and ${within}`,
    timeOf(place, request),
  );
  return row === undefined || row.samples === 0 ? null : row;
}

/** How the samples were measured, the most frequent method first. */
export async function readMethods(place: Place, request: Asked): Promise<Summary["methods"]> {
  const rows = await place.telemetry.query<{ method: number; samples: number; bound: number }>(
    place.organisation,
    `select method, count() as samples, max(bound) as bound from experience_sample where ${ofSession} and ${within}
    group by method order by samples desc`,
    timeOf(place, request),
  );
  return rows.map(({ method, samples, bound }) => ({
    method: methods[method] ?? `method ${method}`,
    samples,
    boundUs: bound,
  }));
}
