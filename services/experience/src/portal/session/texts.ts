/** What charts say in words: legend, values at the cursor, the text alternative, the rows of the table. */
import type { Format } from "@yagura/portal/language.tsx";
import type { Say } from "@yagura/portal/words.ts";
import type { Series } from "../../wire/api.ts";
import type { ReadoutItem, TableData } from "../chart/chart.tsx";
import type { ChartModel, Flag, LegendItem, Values } from "../chart/model.ts";
import { nearest, shareOf, type Span } from "../chart/shape.ts";
import { tellGap, type Words } from "../tell.ts";
import type { eventWords } from "../words-events.ts";
import type { sessionWords } from "../words-session.ts";

export interface Tongue {
  readonly t: Words;
  readonly s: Say<typeof sessionWords>;
  readonly e: Say<typeof eventWords>;
  readonly format: Format;
}

const moment = ({ format }: Tongue, at: number, step: number): string =>
  step >= 86_400 ? format.date(at * 1000) : format.instant(at * 1000, step > 0 && step < 1 ? "millisecond" : "second");

export function smokeLegend({ t }: Tongue, series: Series): LegendItem[] {
  const lossMarks: LegendItem[] = [
    { label: t("loss"), tone: "bad", mark: "solid" },
    { label: t("late"), tone: "notice", mark: "hollow" },
    { label: t("refused"), tone: "fourth", mark: "crossed" },
    { label: t("notObserved"), tone: "hatch", mark: "band" },
  ];
  if (series.step === 0) return [{ label: t("rtt"), tone: "main", mark: "line" }, ...lossMarks];
  return [
    { label: t("median"), tone: "main", mark: "line" },
    { label: t("inner"), tone: "main", mark: "band", opacity: 0.65 },
    { label: t("outer"), tone: "main", mark: "band", opacity: 0.35 },
    { label: t("extremes"), tone: "main", mark: "band", opacity: 0.15 },
    ...lossMarks,
  ];
}

const spanAt = (spans: readonly Span[], at: number): Span | undefined =>
  spans.find((span) => at >= span.from && at <= span.to);

/** The entry at a time, or the newest one that has a value; null where nothing was observed. */
function entryAt(series: Series, at: number | null, columns: readonly Values[]): number | null {
  if (series.t.length === 0) return null;
  if (at === null) return series.t.findLastIndex((_, i) => columns.some((values) => (values[i] ?? null) !== null));
  const index = nearest(series.t, at - series.step / 2);
  const start = series.t[index] as number;
  const near = Math.max(series.step, 2.5);
  return at >= start - near && at <= start + series.step + near ? index : null;
}

export function gapReadout(tongue: Tongue, spans: readonly Span[], at: number): ReadoutItem[] | null {
  const span = spanAt(spans, at);
  if (span === undefined) return null;
  const { t, format } = tongue;
  return [
    { label: t("notObserved"), value: tellGap(span.reason, t) },
    { label: t("chart.time"), value: `${format.time(span.from * 1000)} – ${format.time(span.to * 1000)}` },
  ];
}

export function smokeReadout(tongue: Tongue, series: Series, spans: readonly Span[], at: number | null): ReadoutItem[] {
  const { t, format } = tongue;
  const gap = at === null ? null : gapReadout(tongue, spans, at);
  if (gap !== null) return gap;
  const index = entryAt(series, at, [series.sent]);
  if (index === null || index < 0) return [{ label: t("chart.time"), value: "–" }];
  const of = (values: Values): string => format.duration(values[index] ?? null);
  const share = (values: Values): string => format.percent(shareOf(values[index], series.sent[index]));
  const time = { label: t("chart.time"), value: moment(tongue, series.t[index] as number, series.step) };
  if (series.step === 0) return [time, { label: t("rtt"), value: rawValue(tongue, series, index) }];
  const answered = [
    { label: t("median"), value: of(series.p50) },
    { label: t("inner"), value: `${of(series.p25)} – ${of(series.p75)}` },
    { label: t("outer"), value: `${of(series.p5)} – ${of(series.p95)}` },
    { label: t("extremes"), value: `${of(series.min)} – ${of(series.max)}` },
  ];
  const items = [
    time,
    ...((series.p50[index] ?? null) === null ? [] : answered),
    { label: t("loss"), value: share(series.lost) },
  ];
  if ((series.late[index] ?? 0) > 0) items.push({ label: t("late"), value: share(series.late) });
  if ((series.refused[index] ?? 0) > 0) items.push({ label: t("refused"), value: share(series.refused) });
  items.push({ label: t("sent"), value: format.number(series.sent[index] ?? 0) });
  return items;
}

function rawValue({ t, format }: Tongue, series: Series, index: number): string {
  if ((series.lost[index] ?? 0) > 0) return t("loss");
  if ((series.late[index] ?? 0) > 0) return t("late");
  if ((series.refused[index] ?? 0) > 0) return t("refused");
  return format.duration(series.p50[index] ?? null);
}

export interface Column {
  readonly label: string;
  readonly values: Values;
  readonly unit: "duration" | "share" | "count";
}
/** Values of several columns at the cursor. */
export function lineReadout(
  tongue: Tongue,
  series: Series,
  spans: readonly Span[],
  columns: readonly Column[],
  at: number | null,
): ReadoutItem[] {
  const gap = at === null ? null : gapReadout(tongue, spans, at);
  if (gap !== null) return gap;
  const all = columns.map((column) => column.values);
  const index = entryAt(series, at, all);
  if (index === null || index < 0) return [{ label: tongue.t("chart.time"), value: "–" }];
  return [
    { label: tongue.t("chart.time"), value: moment(tongue, series.t[index] as number, series.step) },
    ...columns.map((column) => ({ label: column.label, value: cell(tongue, column, index) })),
  ];
}

function cell({ format }: Tongue, column: Column, index: number): string {
  const value = column.values[index] ?? null;
  if (column.unit === "share") return format.percent(value);
  return column.unit === "count" ? format.number(value) : format.duration(value);
}

/** Every entry of the window as a row; what was not observed is a row of dashes. */
export function tableOf(tongue: Tongue, series: Series, model: ChartModel, columns: readonly Column[]): TableData {
  const rows: string[][] = [];
  series.t.forEach((at, index) => {
    if (at + series.step < model.from || at > model.to) return;
    rows.push([moment(tongue, at, series.step), ...columns.map((column) => cell(tongue, column, index))]);
  });
  const head = [tongue.t("chart.time"), ...columns.map((column) => column.label)];
  const flags = model.events.filter(({ at }) => at >= model.from && at <= model.to).toSorted((a, b) => a.at - b.at);
  if (flags.length === 0) return { columns: head, rows };
  return {
    columns: [...head, tongue.e("column")],
    rows: withFlags(tongue, series, model, rows, flags),
    told: true,
  };
}

/** The rows with a row of its own for each event, in order of time: an event is at its second, not at its bucket. */
function withFlags(
  tongue: Tongue,
  series: Series,
  model: ChartModel,
  rows: readonly (readonly string[])[],
  flags: readonly Flag[],
): string[][] {
  const width = (rows[0]?.length ?? 1) - 1;
  const times = series.t.filter((at) => at + series.step >= model.from && at <= model.to);
  const merged: string[][] = [];
  let next = 0;
  const putUntil = (until: number): void => {
    for (let flag = flags[next]; flag !== undefined && flag.at < until; flag = flags[++next]) {
      merged.push([moment(tongue, flag.at, 1), ...Array.from({ length: width }, () => ""), flag.text]);
    }
  };
  rows.forEach((row, index) => {
    putUntil(times[index] ?? Number.POSITIVE_INFINITY);
    merged.push([...row, ""]);
  });
  putUntil(Number.POSITIVE_INFINITY);
  return merged;
}

export function smokeColumns({ t }: Tongue, series: Series): Column[] {
  const share = (values: Values): Values => values.map((value, index) => shareOf(value, series.sent[index]));
  const durations: [string, Values][] = [
    [t("min"), series.min],
    [t("p5"), series.p5],
    [t("p25"), series.p25],
    [t("p50"), series.p50],
    [t("p75"), series.p75],
    [t("p95"), series.p95],
    [t("p99"), series.p99],
    [t("max"), series.max],
  ];
  return [
    ...durations.map(([label, values]) => ({ label, values, unit: "duration" as const })),
    { label: t("loss"), values: share(series.lost), unit: "share" },
    { label: t("late"), values: share(series.late), unit: "share" },
    { label: t("refused"), values: share(series.refused), unit: "share" },
    { label: t("sent"), values: series.sent, unit: "count" },
  ];
}

const numbers = (values: Values): number[] => values.filter((value): value is number => value !== null);
const most = (values: Values): number | null => {
  const found = numbers(values);
  return found.length === 0 ? null : found.reduce((a, b) => Math.max(a, b));
};
const least = (values: Values): number | null => {
  const found = numbers(values);
  return found.length === 0 ? null : found.reduce((a, b) => Math.min(a, b));
};
const sum = (values: Values): number => numbers(values).reduce((a, b) => a + b, 0);

/**
 * The text alternative of the distribution. For several buckets it names the range of the buckets' medians, because a
 * percentile of percentiles would be none; the summary below the charts holds those of the whole time.
 */
export function smokeText(tongue: Tongue, series: Series, model: ChartModel): string {
  const { s, format } = tongue;
  const times = { from: format.instant(model.from * 1000, "second"), to: format.instant(model.to * 1000, "second") };
  const sent = sum(series.sent);
  const events = model.events.filter(({ at }) => at >= model.from && at <= model.to).length;
  const also = events === 0 ? "" : ` ${tongue.e("summary", { n: events })}`;
  if (sent === 0) return s("text.nothing", times) + also;
  const told = s("text.distribution", {
    ...times,
    p50: `${format.duration(least(series.p50))} – ${format.duration(most(series.p50))}`,
    p95: `${format.duration(least(series.p95))} – ${format.duration(most(series.p95))}`,
    min: format.duration(least(series.min)),
    max: format.duration(most(series.max)),
    loss: format.percent(shareOf(sum(series.lost), sent)),
    gaps: model.spans.length,
  });
  return told + also;
}

export function lineText(tongue: Tongue, title: string, column: Column, model: ChartModel): string {
  const { s, format } = tongue;
  const tell = column.unit === "share" ? format.percent : format.duration;
  return s("text.line", {
    title,
    from: format.instant(model.from * 1000, "second"),
    to: format.instant(model.to * 1000, "second"),
    last: tell(numbers(column.values).at(-1) ?? null),
    max: tell(most(column.values)),
  });
}
