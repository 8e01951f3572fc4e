/** The two periods of a comparison as days of the organisation's zone: presets, or any two. Pure. */
import { dayAfter, instantOf } from "../parts/zoned-time.ts";

export const presets = ["days", "weeks", "since", "free"] as const;
export type Preset = (typeof presets)[number];
export const isPreset = (text: string): text is Preset => (presets as readonly string[]).includes(text);

/** First and last day, both inside. */
export interface Days {
  readonly first: string;
  readonly last: string;
}
export interface Periods {
  readonly before: Days;
  readonly after: Days;
}
export interface Given {
  readonly preset: Preset;
  /** Today in the zone. */
  readonly today: string;
  /** `since`: the day of the change. */
  readonly day: string;
  readonly free: Periods;
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
const isOrdered = ({ first, last }: Days): boolean => isDay(first) && isDay(last) && first <= last;

/**
 * days: yesterday and today; weeks: the week (from Monday) before and this one; since: as many days before a day as from it on,
 * at most a week; free: as given. Null: not two periods, or one that has not begun.
 */
export function periodsOf({ preset, today, day, free }: Given): Periods | null {
  if (preset === "days") {
    const yesterday = dayAfter(today, -1);
    return { before: { first: yesterday, last: yesterday }, after: { first: today, last: today } };
  }
  if (preset === "weeks") {
    const monday = dayAfter(today, -((new Date(Date.parse(today)).getUTCDay() + 6) % 7));
    return {
      before: { first: dayAfter(monday, -7), last: dayAfter(monday, -1) },
      after: { first: monday, last: today },
    };
  }
  if (preset === "since") {
    if (!isDay(day) || day > today) return null;
    const length = Math.min(7, (Date.parse(today) - Date.parse(day)) / 86_400_000 + 1);
    return {
      before: { first: dayAfter(day, -length), last: dayAfter(day, -1) },
      after: { first: day, last: dayAfter(day, length - 1) },
    };
  }
  return isOrdered(free.before) && isOrdered(free.after) && free.before.first <= today && free.after.first <= today
    ? free
    : null;
}

/** From the first moment of the first day to the end of the last, or to now where that is earlier. */
export function spanOf({ first, last }: Days, zone: string, now: number): { from: string; to: string } | null {
  const [from, end] = [instantOf(first, zone), instantOf(dayAfter(last), zone)];
  if (from === null || end === null) return null;
  const to = Math.min(Date.parse(end), Math.ceil(now / 60_000) * 60_000);
  return to > Date.parse(from) ? { from, to: new Date(to).toISOString() } : null;
}
