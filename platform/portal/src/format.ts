/** Numbers, durations, dates and times as people read them, in either language. Pure: the zone and the language are handed in. */
import type { Language } from "./words.ts";

const NOTHING = "–";

export interface FormatOptions {
  readonly language: Language;
  /** IANA zone, e.g. `Asia/Tokyo`. */
  readonly zone: string;
}

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function numbers(language: Language, digits: number, least = 0): Intl.NumberFormat {
  const key = `n ${language} ${digits} ${least}`;
  let made = cache.get(key) as Intl.NumberFormat | undefined;
  if (made === undefined) {
    made = new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: least });
    cache.set(key, made);
  }
  return made;
}

/** `12,345.6`; `digits` after the point at most. */
export const formatNumber = (value: number | null | undefined, language: Language, digits = 0): string =>
  value === null || value === undefined ? NOTHING : numbers(language, digits).format(value);

/** A share 0 to 1 as percent. Small shares keep their first digit: 0.0004 is `0.04%`, never `0%`. */
export function formatPercent(share: number | null | undefined, language: Language): string {
  if (share === null || share === undefined) return NOTHING;
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.01) return `<${numbers(language, 2).format(0.01)}%`;
  const digits = percent === 0 || size >= 99.995 ? 0 : size < 1 ? 2 : 1;
  // 99.97 must not be told as 100: losses are what the reader looks for.
  const shown = size < 100 ? Math.min(percent, 99.99) : percent;
  return `${numbers(language, size > 99.9 && size < 100 ? 2 : digits).format(shown)}%`;
}

/** Microseconds in the unit that fits: `850 µs`, `12.3 ms`, `1.25 s`, `2 min 5 s`. */
export function formatDuration(us: number | null | undefined, language: Language): string {
  if (us === null || us === undefined) return NOTHING;
  const size = Math.abs(us);
  if (size < 1_000) return `${numbers(language, 0).format(us)} µs`;
  if (size < 10_000) return `${numbers(language, 2, 2).format(us / 1_000)} ms`;
  if (size < 100_000) return `${numbers(language, 1, 1).format(us / 1_000)} ms`;
  if (size < 1_000_000) return `${numbers(language, 0).format(us / 1_000)} ms`;
  if (size < 60_000_000) return `${numbers(language, 2).format(us / 1_000_000)} ${language === "ja" ? "秒" : "s"}`;
  return formatSpan(us / 1_000_000, language);
}

const spans = [
  { seconds: 86_400, ja: "日", en: "d" },
  { seconds: 3_600, ja: "時間", en: "h" },
  { seconds: 60, ja: "分", en: "min" },
  { seconds: 1, ja: "秒", en: "s" },
] as const;

/** Seconds in at most two units: `3 d 4 h`, `3日4時間`. */
export function formatSpan(seconds: number, language: Language): string {
  let rest = Math.round(Math.abs(seconds));
  const parts: string[] = [];
  for (const span of spans) {
    const count = Math.floor(rest / span.seconds);
    rest -= count * span.seconds;
    if (count > 0) parts.push(language === "ja" ? `${count}${span.ja}` : `${count} ${span.en}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return language === "ja" ? "0秒" : "0 s";
  return parts.join(language === "ja" ? "" : " ");
}

/** `5 min ago`, `5分前`; less than ten seconds is `now`. */
export function formatAgo(at: number, now: number, language: Language): string {
  const seconds = Math.round((now - at) / 1000);
  if (Math.abs(seconds) < 10) return language === "ja" ? "たった今" : "just now";
  const size = Math.abs(seconds);
  const unit = spans.find((span) => size >= span.seconds) ?? spans[3];
  const text = formatSpan(Math.floor(size / unit.seconds) * unit.seconds, language);
  if (seconds < 0) return language === "ja" ? `${text}後` : `in ${text}`;
  return language === "ja" ? `${text}前` : `${text} ago`;
}

/** Whole yen: `¥12,345` and `12,345円`; less than nothing with the sign before all: `−¥500`, `−500円`. */
export function formatYen(yen: number, language: Language): string {
  const size = numbers(language, 0).format(Math.abs(yen));
  return `${yen < 0 ? "−" : ""}${language === "ja" ? `${size}円` : `¥${size}`}`;
}

/** A difference of amounts, always with its sign: `+500円`, `−¥500`, `±0円`. */
export const formatChange = (yen: number, language: Language): string =>
  `${yen > 0 ? "+" : yen === 0 ? "±" : ""}${formatYen(yen, language)}`;

const sizes = ["B", "kB", "MB", "GB", "TB"] as const;
/** Bytes in powers of 1000. */
export function formatBytes(bytes: number | null | undefined, language: Language): string {
  if (bytes === null || bytes === undefined) return NOTHING;
  let size = bytes;
  let unit = 0;
  while (Math.abs(size) >= 1000 && unit < sizes.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${numbers(language, unit === 0 || size >= 100 ? 0 : 1).format(size)} ${sizes[unit] ?? "B"}`;
}

interface Pieces {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  weekday: string;
  fraction: string;
}
function pieces(at: number, { language, zone }: FormatOptions): Pieces {
  const key = `d ${language} ${zone}`;
  let made = cache.get(key) as Intl.DateTimeFormat | undefined;
  if (made === undefined) {
    made = new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "short",
      calendar: "gregory",
    });
    cache.set(key, made);
  }
  const found: Record<string, string> = {};
  for (const part of made.formatToParts(at)) found[part.type] = part.value;
  const of = (name: string): string => found[name] ?? "";
  const fraction = String(Math.floor(((at % 1000) + 1000) % 1000)).padStart(3, "0");
  return {
    year: of("year"),
    month: of("month").padStart(2, "0"),
    day: of("day").padStart(2, "0"),
    hour: of("hour").padStart(2, "0"),
    minute: of("minute").padStart(2, "0"),
    second: of("second").padStart(2, "0"),
    weekday: of("weekday"),
    fraction,
  };
}

const dateText = (p: Pieces, language: Language): string =>
  language === "ja"
    ? `${p.year}年${Number(p.month)}月${Number(p.day)}日(${p.weekday})`
    : `${p.year}-${p.month}-${p.day}`;

/** `2026-11-20` and `2026年11月20日(金)` for an instant in a zone. */
export const formatDate = (at: number | string, options: FormatOptions): string =>
  dateText(pieces(instant(at), options), options.language);

/** A calendar day (`YYYY-MM-DD`, no zone). */
export const formatDay = (day: string | null | undefined, language: Language): string =>
  day === null || day === undefined ? NOTHING : dateText(pieces(Date.parse(day), { language, zone: "UTC" }), language);

/** A calendar month (`YYYY-MM`): `2026年11月` and `November 2026`. */
export function formatMonth(month: string | null | undefined, language: Language): string {
  if (month === null || month === undefined) return NOTHING;
  const key = `m ${language}`;
  let made = cache.get(key) as Intl.DateTimeFormat | undefined;
  made ??= new Intl.DateTimeFormat(language, { timeZone: "UTC", year: "numeric", month: "long" });
  cache.set(key, made);
  return made.format(Date.parse(month));
}

export type Precision = "minute" | "second" | "millisecond";
/** `15:04:05`. */
export function formatTime(at: number | string, options: FormatOptions, precision: Precision = "second"): string {
  const p = pieces(instant(at), options);
  const minutes = `${p.hour}:${p.minute}`;
  if (precision === "minute") return minutes;
  return precision === "second" ? `${minutes}:${p.second}` : `${minutes}:${p.second}.${p.fraction}`;
}

/** Day and time; the zone is shown beside it by `formatZone`, once per table or page. */
export const formatInstant = (at: number | string, options: FormatOptions, precision: Precision = "minute"): string =>
  `${formatDate(at, options)} ${formatTime(at, options, precision)}`;

/** The zone's short name at a time: `JST`, `UTC+1`. */
export function formatZone(zone: string, at: number = Date.now()): string {
  const part = new Intl.DateTimeFormat("ja-JP", { timeZone: zone, timeZoneName: "short" })
    .formatToParts(at)
    .find((each) => each.type === "timeZoneName");
  return (part?.value ?? zone).replace(/^GMT(?=[+-])/, "UTC");
}

const instant = (at: number | string): number => (typeof at === "number" ? at : Date.parse(at));
