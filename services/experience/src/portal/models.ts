/** From a series to chart models: the distribution, jitter, losses and phases of one session, and several sessions together. */
import type { Series } from "../wire/api.ts";
import type { Band, Bars, ChartModel, Flag, Lane, Layer, Line, Tone, Values } from "./chart/model.ts";
import { tones } from "./chart/model.ts";
import { latencyScale, linear, shareScale, zeroScale, type AxisKind, type Scale } from "./chart/scale.ts";
import { shareOf, spacing, unobserved, type Span } from "./chart/shape.ts";

export interface Window {
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
}
export interface Source {
  readonly series: Series;
  /** Seconds between probes. */
  readonly interval: number;
  readonly startedAt: number | null;
  /** What changed about the measuring, in words. */
  readonly flags?: readonly Flag[];
}

/** Seconds from measuring to the API in a large fleet, which uploads every 10 s. */
const ON_THE_WAY = 15;
/** Seconds that a sample may take from the wire to the page; newer stretches are not yet called unobserved. */
export const graceOf = (step: number, interval: number): number => Math.max(ON_THE_WAY, 3 * interval) + step;

/** What was not observed and why: by the agent, and what nobody explained by the pauses among the events. */
export function spansOf({ series, interval, startedAt, flags }: Source, window: Window): Span[] {
  const { step } = series;
  const spans = unobserved(series, window, { interval, now: window.now, grace: graceOf(step, interval), startedAt });
  const pauses = pausesOf(flags ?? []);
  // A change reaches the agent within seconds, and a bucket is seen whole.
  const slack = ON_THE_WAY + 2 * step;
  const paused = (span: Span): boolean =>
    pauses.some((pause) => span.from >= pause.from - slack && span.to <= pause.to + slack);
  return spans.map((span) => (span.reason === null && paused(span) ? { ...span, reason: "paused" } : span));
}

/** When the session or its target was paused. Without its beginning among the flags a pause began before them all. */
function pausesOf(flags: readonly Flag[]): { readonly from: number; readonly to: number }[] {
  return ["session", "target"].flatMap((what) => {
    const found: { from: number; to: number }[] = [];
    let from: number | null = Number.NEGATIVE_INFINITY;
    for (const { at, kind } of flags) {
      if (kind === `${what}.paused`) from = Number.isFinite(from ?? Number.NaN) ? from : at;
      else if (kind === `${what}.resumed`) {
        if (from !== null) found.push({ from, to: at });
        from = null;
      }
    }
    if (from !== null && Number.isFinite(from)) found.push({ from, to: Number.POSITIVE_INFINITY });
    return found;
  });
}

/** The entries inside the window: scales follow what is seen, not what was loaded beside it. */
export function visible(series: Series, window: Window): (values: Values) => Values {
  const inside = series.t.map((at) => at + series.step >= window.from && at <= window.to);
  return (values) => values.filter((_, index) => inside[index] === true);
}

export function laneOf(series: Series, apart: number): Lane {
  const share = (counts: Values): Values => series.t.map((_, i) => shareOf(counts[i], series.sent[i]));
  return {
    t: series.t,
    step: series.step,
    apart,
    lost: share(series.lost),
    late: share(series.late),
    refused: share(series.refused),
  };
}

/** Smoke: faint extremes, 5–95 % and 25–75 % bands, the median on top. */
export function distributionModel(source: Source, window: Window, axis: AxisKind): ChartModel {
  const { series } = source;
  const apart = spacing(series.step, source.interval);
  const common = { t: series.t, step: series.step, apart, tone: "main" as const };
  const seen = visible(series, window);
  const layers: Layer[] =
    series.step === 0
      ? [{ ...common, kind: "line", values: series.p50, width: 1.5 }]
      : [
          { ...common, kind: "band", low: series.min, high: series.max, opacity: 0.08 },
          { ...common, kind: "band", low: series.p5, high: series.p95, opacity: 0.24 },
          { ...common, kind: "band", low: series.p25, high: series.p75, opacity: 0.42 },
          { ...common, kind: "line", values: series.max, width: 0.75, opacity: 0.35 },
          { ...common, kind: "line", values: series.min, width: 0.75, opacity: 0.35 },
          { ...common, kind: "line", values: series.p50, width: 1.75 },
        ];
  return {
    from: window.from,
    to: window.to,
    unit: "duration",
    scale: latencyScale(
      axis,
      { low: seen(series.p5), high: seen(series.p95) },
      { low: seen(series.min), high: seen(series.max) },
    ),
    layers,
    spans: spansOf(source, window),
    events: source.flags ?? [],
    lane: laneOf(series, apart),
  };
}

export function jitterModel(source: Source, window: Window): ChartModel {
  const { series } = source;
  const apart = spacing(series.step, source.interval);
  const values = series.jitter;
  return {
    from: window.from,
    to: window.to,
    unit: "duration",
    scale: zeroScale(visible(series, window)(values)),
    layers: [{ kind: "line", t: series.t, step: series.step, apart, tone: "main", values, width: 1.5 }],
    spans: spansOf(source, window),
    events: source.flags ?? [],
  };
}

/** Lost, late and refused as shares of the sent, from zero. */
export function lossModel(source: Source, window: Window): ChartModel {
  const { series } = source;
  const apart = spacing(series.step, source.interval);
  const lane = laneOf(series, apart);
  const total = series.t.map((_, i) => (lane.lost[i] ?? 0) + (lane.late[i] ?? 0) + (lane.refused[i] ?? 0));
  const bars: Bars = {
    kind: "bars",
    t: series.t,
    step: series.step,
    apart,
    tone: "bad",
    stack: [
      { values: lane.lost, tone: "bad", mark: "solid" },
      { values: lane.late, tone: "notice", mark: "hollow" },
      { values: lane.refused, tone: "fourth", mark: "crossed" },
    ],
  };
  return {
    from: window.from,
    to: window.to,
    unit: "share",
    scale: shareScale(visible(series, window)(total)),
    layers: [bars],
    spans: spansOf(source, window),
    events: source.flags ?? [],
  };
}

export const phaseNames = ["resolve", "connect", "tls", "firstByte", "transfer"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Medians of the phases, each as its own line: medians do not add up, so they are not stacked. */
export function phasesModel(source: Source, window: Window): ChartModel | null {
  const { series } = source;
  const phases = series.phases;
  if (phases === undefined) return null;
  const used = phaseNames.filter((name) => phases[name].some((value) => value !== null && value > 0));
  if (used.length === 0) return null;
  const apart = spacing(series.step, source.interval);
  const seen = visible(series, window);
  return {
    from: window.from,
    to: window.to,
    unit: "duration",
    scale: zeroScale(used.flatMap((name) => seen(phases[name]))),
    layers: used.map((name) => ({
      kind: "line",
      t: series.t,
      step: series.step,
      apart,
      tone: phaseTone(name),
      values: phases[name],
      width: 1.5,
    })),
    spans: spansOf(source, window),
    events: source.flags ?? [],
  };
}
export const phaseTone = (name: PhaseName): Tone => tones[phaseNames.indexOf(name)] ?? "main";

/** Medians of several sessions on one axis; bands only when asked for. Hatching only where none of them was observed. */
export function comparisonModel(
  sources: readonly Source[],
  window: Window,
  options: {
    readonly bands: boolean;
    readonly axis: AxisKind;
    readonly tones: readonly Tone[];
    readonly scale?: Scale;
  },
): ChartModel {
  const layers = sources.flatMap(({ series, interval }, index): (Band | Line)[] => {
    const common = {
      t: series.t,
      step: series.step,
      apart: spacing(series.step, interval),
      tone: options.tones[index] ?? "main",
    };
    const line: Line = { ...common, kind: "line", values: series.p50, width: 1.75 };
    const band: Band = { ...common, kind: "band", low: series.p5, high: series.p95, opacity: 0.16 };
    return options.bands && series.step > 0 ? [band, line] : [line];
  });
  const all = (pick: (series: Series) => Values): Values =>
    sources.flatMap(({ series }) => visible(series, window)(pick(series)));
  return {
    from: window.from,
    to: window.to,
    unit: "duration",
    scale:
      options.scale ??
      (sources.length === 0
        ? linear(0, 1000)
        : latencyScale(
            options.axis,
            {
              low: all((s) => (options.bands ? s.p5 : s.p50)),
              high: all((s) => (options.bands ? s.p95 : s.p50)),
            },
            { low: all((s) => s.min), high: all((s) => s.max) },
          )),
    layers,
    spans: sources.map((source) => spansOf(source, window)).reduce<Span[] | null>(common, null) ?? [],
    events: [],
  };
}

/** Stretches that are in both lists. */
function common(all: Span[] | null, next: Span[]): Span[] {
  if (all === null) return next;
  return all.flatMap((a) =>
    next.flatMap((b) => {
      const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
      return to > from ? [{ from, to, reason: a.reason === b.reason ? a.reason : null }] : [];
    }),
  );
}
