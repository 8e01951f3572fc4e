/** The time that pages show: a word such as `1h` that moves with the clock, or two fixed ends. Pure. */

export const rangeWords = ["15m", "1h", "6h", "24h", "7d", "30d", "1y"] as const;
export type RangeWord = (typeof rangeWords)[number];
export const DEFAULT_RANGE: RangeWord = "1h";

export const rangeSeconds: Readonly<Record<RangeWord, number>> = {
  "15m": 900,
  "1h": 3_600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
  "1y": 31_536_000,
};

/** What is in the address: `range=6h`, or `from` and `to` in RFC 3339 (UTC). */
export type RangeChoice =
  | { readonly kind: "last"; readonly word: RangeWord }
  | { readonly kind: "fixed"; readonly from: number; readonly to: number };

/** Unreadable or reversed values fall back to the default, so that a mangled link still shows something true. */
export function readRange(
  search: Readonly<Record<string, string | undefined>>,
  fallback: RangeWord = DEFAULT_RANGE,
): RangeChoice {
  const from = Date.parse(search["from"] ?? "");
  const to = Date.parse(search["to"] ?? "");
  if (Number.isFinite(from) && Number.isFinite(to) && to > from) return { kind: "fixed", from, to };
  const word = rangeWords.find((each) => each === search["range"]);
  return { kind: "last", word: word ?? fallback };
}

export function writeRange(choice: RangeChoice): { range: string; from: string; to: string } {
  return choice.kind === "last"
    ? { range: choice.word, from: "", to: "" }
    : { range: "", from: new Date(choice.from).toISOString(), to: new Date(choice.to).toISOString() };
}

/** Milliseconds between the steps in which a moving range advances: a 300th of it, from 1 s to 5 min. */
export const rangeStep = (seconds: number): number =>
  Math.max(1_000, Math.min(300_000, Math.ceil(seconds / 300) * 1_000));
