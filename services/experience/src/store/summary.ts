/** The figures of a session over a time: exact where raw samples are read, else from hourly sketches, and it says which. */
import { RAW_LIMIT } from "../analysis/buckets.ts";
import { voice } from "../analysis/emodel.ts";
import { coverage } from "../analysis/fidelity.ts";
import { meanDeviationOfQuantiles, rfc3550, RFC3550_MEMORY } from "../analysis/jitter.ts";
import { burstRatio, runCount, type LossRun } from "../analysis/loss.ts";
import { SKETCH_ERROR } from "../analysis/percentiles.ts";
import { sessionScore } from "../analysis/score.ts";
import { withSince, type Piece } from "../analysis/since.ts";
import { DELAY_STEP } from "../ingest/rows.ts";
import { methods } from "../wire/samples.ts";
import type { ProbeKind } from "../wire/configuration.ts";
import type { Series, Summary } from "../wire/api.ts";
import { readGaps, type ReadGap } from "./gaps.ts";
import { readSeries } from "./series.ts";
import {
  answered,
  counts,
  hourCounts,
  hourDifferenceSum,
  hoursWithin,
  isBeyondRaw,
  iso,
  levelList,
  lost,
  ofSession,
  within,
  type Counts,
  type Place,
} from "./sql.ts";

export interface SummaryRequest {
  /** µs since the epoch. */
  readonly from: number;
  readonly to: number;
  /** The session's, µs. */
  readonly interval: number;
  readonly probe: ProbeKind;
  /** When the session existed, µs: what was before it, and what is still to come, is not "not observed". */
  readonly alive?: { readonly from: number; readonly to: number };
}

type Value = number | null;

/** What either source gives. */
interface Figures extends Counts {
  readonly answers: number;
  readonly min: Value;
  readonly max: Value;
  readonly mean: Value;
  readonly q: readonly Value[];
  /** µs since the epoch. */
  readonly first: number;
  readonly last: number;
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

/** Throws what the telemetry throws. */
export async function readSummary(place: Place, request: SummaryRequest): Promise<Summary> {
  const raw = request.to - request.from <= RAW_LIMIT;
  const [read, gaps, schedule, used] = await Promise.all([
    raw ? readRaw(place, request) : readHours(place, request),
    readGaps(place, request.from, request.to),
    readSchedule(place, request),
    readMethods(place, request),
  ]);
  const older =
    raw && read.samples === 0 && (await isBeyondRaw(place, request.to)) ? await readHours(place, request) : read;
  const summary = toSummary(place, request, {
    figures: older,
    source: raw && older === read ? "raw" : "hourly",
    gaps,
    schedule,
    methods: used,
  });
  if (summary.score.reasons.length === 0) return summary;
  const pieces = piecesOf(await readSeries(place, { ...request, points: PIECES }));
  return { ...summary, score: withSince(summary.score, request.probe, pieces) };
}

/** Pieces of the time by which it is told since when a trouble lasts: minutes of an hour. */
const PIECES = 60;

const piecesOf = (series: Series): Piece[] =>
  series.t.map((at, i) => ({
    at: at * 1000,
    sent: series.sent[i] ?? 0,
    lost: series.lost[i] ?? 0,
    late: series.late[i] ?? 0,
    refused: series.refused[i] ?? 0,
    p95Us: series.p95[i] ?? null,
    jitterUs: series.jitter[i] ?? null,
  }));

interface RawRow extends Counts {
  readonly answers: number;
  readonly min: Value;
  readonly max: Value;
  readonly mean: Value;
  readonly q: readonly Value[];
  readonly first: number;
  readonly last: number;
}
interface SequenceRow {
  readonly differences: number;
  readonly pairs: number;
  readonly deviation: Value;
  readonly lengths: readonly number[];
  readonly times: readonly number[];
  readonly tail: readonly number[];
}
const timeOf = (place: Place, { from, to }: SummaryRequest) => ({ session: place.session, from, to });

async function readRaw(place: Place, request: SummaryRequest): Promise<Figures> {
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

async function readHours(place: Place, request: SummaryRequest): Promise<Figures> {
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

async function readTail(place: Place, request: SummaryRequest): Promise<number[]> {
  const rows = await place.telemetry.query<{ rtt: number }>(
    place.organisation,
    `select rtt from experience_sample where ${ofSession} and ${within} and ${answered}
    order by at desc limit ${RFC3550_MEMORY + 1}`,
    timeOf(place, request),
  );
  return rows.map((row) => row.rtt).reverse();
}

interface Schedule {
  readonly samples: number;
  readonly q: readonly number[];
  readonly max: number;
}

async function readSchedule(place: Place, request: SummaryRequest): Promise<Schedule | null> {
  const [row] = await place.telemetry.query<Schedule>(
    place.organisation,
    `select count() as samples, quantilesExactInclusive(0.5, 0.95)(abs(delay)) as q, max(abs(delay)) as max
    from experience_sample where ${ofSession} and ${within}`,
    timeOf(place, request),
  );
  return row === undefined || row.samples === 0 ? null : row;
}

async function readMethods(place: Place, request: SummaryRequest): Promise<Summary["methods"]> {
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

function toSummary(
  place: Place,
  request: SummaryRequest,
  read: {
    figures: Figures;
    source: "raw" | "hourly";
    gaps: readonly ReadGap[];
    schedule: Schedule | null;
    methods: Summary["methods"];
  },
): Summary {
  const { figures, gaps, schedule } = read;
  const share = (n: number): Value => (figures.sent === 0 ? null : n / figures.sent);
  const seen = figures.samples > 0;
  // Samples tell of a life before the inventory's first entry, too.
  const born = Math.min(request.alive?.from ?? 0, seen ? figures.first : Infinity);
  const covered = coverage({
    from: Math.max(request.from, born),
    to: Math.min(request.to, request.alive?.to ?? request.to),
    interval: request.interval,
    samples: figures.samples,
    first: seen ? figures.first : null,
    last: seen ? figures.last : null,
    gaps,
  });
  const jitter = figures.pairs > 0 ? figures.differences / figures.pairs : null;
  const bursts = burstRatio(figures.sent, figures.lost, figures.runs);
  const smoothed = rfc3550(figures.tail);
  const score = sessionScore({
    probe: request.probe,
    ...figures,
    p95Us: figures.q[4] ?? null,
    jitterUs: jitter,
    lastAt: seen ? figures.last / 1000 : null,
    observed: covered.observed,
  });
  return {
    session: place.session,
    from: iso(request.from),
    to: iso(request.to),
    source: read.source,
    error: read.source === "raw" ? 0 : SKETCH_ERROR,
    samples: figures.samples,
    loss: share(figures.lost),
    late: share(figures.late),
    refused: share(figures.refused),
    duplicate: figures.duplicate,
    reordered: figures.reordered,
    lossRuns: [...figures.lossRuns],
    burstRatio: bursts,
    rttUs: rttOf(figures),
    jitterUs:
      smoothed === null || figures.deviation === null ? null : { rfc3550: smoothed, meanDeviation: figures.deviation },
    voice: voiceOf(request.probe, figures, jitter, bursts),
    score,
    fidelity:
      schedule === null
        ? null
        : {
            p50Us: (schedule.q[0] ?? 0) * DELAY_STEP,
            p95Us: (schedule.q[1] ?? 0) * DELAY_STEP,
            maxUs: schedule.max * DELAY_STEP,
            sent: covered.sent,
          },
    methods: read.methods,
    observed: covered.observed,
  };
}

function rttOf(figures: Figures): Summary["rttUs"] {
  const { min, max, mean, q } = figures;
  if (figures.answers === 0 || min === null || max === null || mean === null) return null;
  const at = (i: number): number => Math.min(max, Math.max(min, q[i] ?? min));
  return { min, p5: at(0), p25: at(1), p50: at(2), p75: at(3), p95: at(4), p99: at(5), max, mean };
}

/** A name lookup or a web page is no packet of speech: voice is told of ICMP and TCP alone. */
export function voiceOf(
  probe: ProbeKind,
  figures: Pick<Figures, "sent" | "lost" | "late" | "q">,
  jitter: Value,
  bursts: Value,
): { r: number; mos: number } | null {
  if ((probe !== "icmp" && probe !== "tcp") || figures.sent === 0) return null;
  const rtt = figures.q[2] ?? null;
  // Nobody answered: nothing is known of the delay, and it no longer matters.
  if (rtt === null) return { r: 0, mos: 1 };
  const loss = (figures.lost + figures.late) / figures.sent;
  return voice({ rttUs: rtt, jitterUs: jitter ?? 0, loss, burstRatio: bursts ?? 1 });
}
