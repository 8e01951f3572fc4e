/** The figures of a session over a time: exact where raw samples are read, else from hourly sketches, and it says which. */
import { RAW_LIMIT } from "../analysis/buckets.ts";
import { voiceOf } from "../analysis/emodel.ts";
import { coverage } from "../analysis/fidelity.ts";
import { rfc3550 } from "../analysis/jitter.ts";
import { burstRatio } from "../analysis/loss.ts";
import { SKETCH_ERROR } from "../analysis/percentiles.ts";
import { sessionScore } from "../analysis/score.ts";
import { withSince, type Piece } from "../analysis/since.ts";
import { DELAY_STEP } from "../ingest/rows.ts";
import type { ProbeKind } from "../wire/configuration.ts";
import type { Series, Summary } from "../wire/api.ts";
import { readHours, readMethods, readRaw, readSchedule, type Asked, type Figures, type Schedule } from "./figures.ts";
import { readGaps, type ReadGap } from "./gaps.ts";
import { readSeries } from "./series.ts";
import { isBeyondRaw, iso, type Place } from "./sql.ts";

export interface SummaryRequest extends Asked {
  readonly probe: ProbeKind;
  /** When the session existed, µs: what was before it, and what is still to come, is not "not observed". */
  readonly alive?: { readonly from: number; readonly to: number };
}

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
  const share = (n: number): number | null => (figures.sent === 0 ? null : n / figures.sent);
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
    voice: voiceOf(request.probe, { ...figures, p50Us: figures.q[2] ?? null, jitterUs: jitter, burstRatio: bursts }),
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
