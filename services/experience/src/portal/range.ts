/** The time that a page shows: a width that ends now, or two fixed instants; written in the page's address. */

/** Seconds; instants are seconds since the epoch. */
export type Range =
  | { readonly kind: "live"; readonly width: number }
  | { readonly kind: "fixed"; readonly from: number; readonly to: number };

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Word of the address and seconds. */
export const presets = [
  ["1m", MINUTE],
  ["5m", 5 * MINUTE],
  ["15m", 15 * MINUTE],
  ["1h", HOUR],
  ["6h", 6 * HOUR],
  ["24h", DAY],
  ["7d", 7 * DAY],
  ["30d", 30 * DAY],
  ["90d", 90 * DAY],
  ["1y", 366 * DAY],
] as const;
export const defaultWidth = 15 * MINUTE;
/** Narrower than this no chart of 0.2 s samples means anything; wider than this no data is kept. */
export const MIN_WIDTH = 5;
export const MAX_WIDTH = 3660 * DAY;

/** Reads `?range=1h`, `?range=90s` or `?from=…&to=…`; anything else is the default. */
export function readRange(search: Readonly<Record<string, string | undefined>>): Range {
  const from = instant(search["from"]);
  const to = instant(search["to"]);
  if (from !== null && to !== null && to > from) return { kind: "fixed", from, to };
  const match = /^(\d{1,7}(?:\.\d)?)([smhdy])$/.exec(search["range"] ?? "");
  if (match === null) return { kind: "live", width: defaultWidth };
  const unit = { s: 1, m: MINUTE, h: HOUR, d: DAY, y: 366 * DAY }[match[2] as "s"];
  return { kind: "live", width: clampWidth(Number(match[1]) * unit) };
}

function instant(text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = Date.parse(text) / 1000;
  return Number.isFinite(at) ? at : null;
}

/** The address's part for a range; keys that it does not use are empty, to be removed. */
export function writeRange(range: Range): { range: string; from: string; to: string } {
  if (range.kind === "live") return { range: widthWord(range.width), from: "", to: "" };
  const text = (at: number): string => new Date(Math.round(at * 1000)).toISOString().replace(/\.000Z$/, "Z");
  return { range: "", from: text(range.from), to: text(range.to) };
}

export function widthWord(width: number): string {
  const preset = presets.find(([, seconds]) => seconds === width);
  if (preset !== undefined) return preset[0];
  if (width % DAY === 0) return `${width / DAY}d`;
  if (width % HOUR === 0) return `${width / HOUR}h`;
  if (width % MINUTE === 0) return `${width / MINUTE}m`;
  return `${Math.max(MIN_WIDTH, Math.round(width))}s`;
}

const clampWidth = (width: number): number => Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width));

export const boundsOf = (range: Range, now: number): { from: number; to: number } =>
  range.kind === "live" ? { from: now - range.width, to: now } : { from: range.from, to: range.to };

/**
 * Zooms by a factor (below 1: closer) around an instant. A live range stays live and keeps its right edge at now; a fixed
 * one keeps the instant under the pointer where it is. Never reaches into the future.
 */
export function zoomed(range: Range, factor: number, anchor: number, now: number): Range {
  const { from, to } = boundsOf(range, now);
  const width = clampWidth((to - from) * factor);
  if (range.kind === "live") return { kind: "live", width: Math.round(width) };
  const share = to > from ? (anchor - from) / (to - from) : 0.5;
  return fixed(anchor - width * share, anchor + width * (1 - share), now);
}

/** Moves by a share of the width; a live range that is moved back becomes fixed. */
export function panned(range: Range, share: number, now: number): Range {
  const { from, to } = boundsOf(range, now);
  const by = (to - from) * share;
  if (range.kind === "live" && share >= 0) return range;
  return fixed(from + by, to + by, now);
}

/** A selection made by dragging, in either direction. */
export function selected(a: number, b: number, now: number): Range {
  const middle = (a + b) / 2;
  const half = Math.max(Math.abs(a - b), MIN_WIDTH) / 2;
  return fixed(middle - half, middle + half, now);
}

function fixed(from: number, to: number, now: number): Range {
  const width = to - from;
  const end = Math.min(to, now);
  const round = (at: number): number => (width < 600 ? Math.round(at * 1000) / 1000 : Math.round(at));
  return { kind: "fixed", from: round(end - width), to: round(end) };
}
