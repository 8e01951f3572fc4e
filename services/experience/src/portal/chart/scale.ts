/** Scales and the ticks of a value axis. Durations are microseconds. */

export type AxisKind = "fit" | "whole" | "log";

/** From a value to a share of the axis: 0 at the bottom, 1 at the top. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  at(value: number): number;
}

export function linear(low: number, high: number): Scale {
  const span = high > low ? high - low : 1;
  return { low, high, log: false, at: (value) => (value - low) / span };
}

/** Logarithmic; `low` must be above 0. */
export function logarithmic(low: number, high: number): Scale {
  const span = Math.log(high / low) || 1;
  return { low, high, log: true, at: (value) => Math.log(Math.max(value, low / 10) / low) / span };
}

/** Round values inside the scale: 1, 2 or 5 times a power of ten. */
export function valueTicks(scale: Scale, count: number): number[] {
  if (scale.log) return logTicks(scale);
  const step = roundStep((scale.high - scale.low) / Math.max(1, count));
  const ticks: number[] = [];
  for (let index = Math.ceil(scale.low / step - 1e-9); index * step <= scale.high * (1 + 1e-9); index++) {
    ticks.push(Number((index * step).toPrecision(12)));
    if (ticks.length > 50) break;
  }
  return ticks;
}

function logTicks(scale: Scale): number[] {
  const decades = Math.log10(scale.high / scale.low);
  const factors = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(scale.low)); power <= Math.ceil(Math.log10(scale.high)); power++)
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(6));
      if (value >= scale.low && value <= scale.high) ticks.push(value);
    }
  return ticks;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below the value. */
export function roundStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Sorted copy's value at a share (0 to 1), between neighbours in proportion; NaN for nothing. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return low + (high - low) * (place - below);
}

const present = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && Number.isFinite(value));

/**
 * The axis of a latency chart. `fit` shows the 5–95 % band; a lone spike more than four times beyond the rest is drawn as
 * clipped, so that it does not flatten everything else. It starts at zero unless the whole band is in the upper half.
 */
export function latencyScale(
  kind: AxisKind,
  inner: { low: readonly (number | null)[]; high: readonly (number | null)[] },
  outer: { low: readonly (number | null)[]; high: readonly (number | null)[] },
): Scale {
  const highs = present(kind === "fit" ? inner.high : outer.high);
  const lows = present(kind === "fit" ? inner.low : outer.low);
  if (highs.length === 0) return linear(0, 1000);
  const greatest = highs.reduce((a, b) => Math.max(a, b), 0);
  const least = lows.reduce((a, b) => Math.min(a, b), greatest);
  if (kind === "log") return logarithmic(Math.max(1, least / 1.3), Math.max(2, greatest * 1.3));
  const usual = quantile(highs, 0.99);
  const top = Math.max(1, (kind === "fit" && greatest > 4 * usual ? usual * 1.5 : greatest) * 1.08);
  const bottom = least > top / 2 ? Math.max(0, least - (top - least) * 0.15) : 0;
  return linear(bottom, top);
}

/** A share's axis: always from zero; its top is a round share above the greatest value, at most 1. */
export function shareScale(values: readonly (number | null)[]): Scale {
  const greatest = present(values).reduce((a, b) => Math.max(a, b), 0);
  return linear(0, greatest === 0 ? 0.05 : Math.min(1, Math.max(0.02, roundStep(greatest * 1.05))));
}

/** A magnitude's axis from zero (jitter, phases). */
export function zeroScale(values: readonly (number | null)[]): Scale {
  const all = present(values);
  const greatest = all.reduce((a, b) => Math.max(a, b), 0);
  const usual = quantile(all, 0.99);
  return linear(0, Math.max(1, (greatest > 4 * usual && usual > 0 ? usual * 1.5 : greatest) * 1.08));
}

const units = [
  { least: 1_000_000, name: "s" },
  { least: 1_000, name: "ms" },
  { least: 0, name: "µs" },
] as const;

/** A tick's label in the unit that fits the top of the axis, so that all labels of an axis share one unit. */
export function valueLabel(value: number, top: number, unit: "duration" | "share"): string {
  if (unit === "share") return `${Number((value * 100).toPrecision(6))} %`;
  if (value === 0) return "0";
  const fit = units.find(({ least }) => top >= least) ?? units[2];
  return `${Number((value / Math.max(1, fit.least)).toPrecision(6))} ${fit.name}`;
}
