/** Schedule fidelity: did the agent measure when it said it would? And how much of a time was observed at all. */

/** A time in which nothing was observed, µs since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The spans' union within [from, to), sorted and without overlap. */
export function union(spans: readonly Span[], from: number, to: number): Span[] {
  const out: { from: number; to: number }[] = [];
  const inside = spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from)
    .sort((a, b) => a.from - b.from);
  for (const span of inside) {
    const last = out.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else out.push(span);
  }
  return out;
}

/** Total length of the union of spans within [from, to), in their unit. */
export const coveredBy = (spans: readonly Span[], from: number, to: number): number =>
  union(spans, from, to).reduce((sum, span) => sum + span.to - span.from, 0);

export interface Coverage {
  /** Share of the time that was observed, 0 to 1. */
  readonly observed: number;
  /** Share of the scheduled slots, outside gaps and between first and last sample, that were used; 0 to 1. */
  readonly sent: number;
}

/**
 * Coverage of [from, to) by `samples` slots of `interval`, all in µs. `first` and `last` are the first and last slot seen.
 * A slot stands for the interval that follows it. More samples than slots (an interval that was changed) count as all.
 */
export function coverage(input: {
  readonly from: number;
  readonly to: number;
  readonly interval: number;
  readonly samples: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly gaps: readonly Span[];
}): Coverage {
  const { from, to, interval, samples, first, last, gaps } = input;
  if (samples === 0 || first === null || last === null || to <= from) return { observed: 0, sent: 0 };
  const end = last + interval;
  const slots = Math.max(1, Math.round((end - first - coveredBy(gaps, first, end)) / interval));
  return {
    observed: Math.min(1, (samples * interval) / (to - from)),
    sent: Math.min(1, samples / slots),
  };
}
