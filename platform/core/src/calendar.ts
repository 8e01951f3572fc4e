/**
 * Commercial days: calendar days in Asia/Tokyo, as ISO 8601 texts (COM-04, A-COM-2). An instant belongs to the day that began
 * at 00:00 there. ISO days compare as texts.
 */
import { Temporal } from "temporal-polyfill";

/** `2023-08-01`. */
export type Day = string;
/** `2023-08`. */
export type YearMonth = string;
/** Days from the first to the last, both in. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

const zone = "Asia/Tokyo";
const plain = (day: Day): Temporal.PlainDate => Temporal.PlainDate.from(day);

/** The day in Asia/Tokyo that holds the instant; the host's own time zone has no part in it. */
export const dayOf = (instant: Date): Day =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The first instant of the day: 00:00 in Asia/Tokyo. */
export const startOf = (day: Day): Date => new Date(plain(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds);

/** The day that stands `days` later (earlier when negative). */
export const addDays = (day: Day, days: number): Day => plain(day).add({ days }).toString();

/** The corresponding day `months` later or earlier; where there is none, the last day of that month (A-RNS-20). */
export const addMonths = (day: Day, months: number): Day => plain(day).add({ months }).toString();

/** Days from `from` to `to`, the first counted and the last not: 0 when equal. */
export const daysBetween = (from: Day, to: Day): number => plain(from).until(plain(to)).days;

/** Days of a range, both ends counted; 0 when it is empty. */
export const daysIn = ({ from, to }: DayRange): number => (to < from ? 0 : daysBetween(from, to) + 1);

/** What two ranges share, or null. */
export function overlap(a: DayRange, b: DayRange): DayRange | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? { from, to } : null;
}

export const monthOf = (day: Day): YearMonth => day.slice(0, 7);
export const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
export const lastOfMonth = (day: Day): Day => {
  const date = plain(day);
  return date.with({ day: date.daysInMonth }).toString();
};
export const nextMonth = (month: YearMonth, months = 1): YearMonth =>
  Temporal.PlainYearMonth.from(month).add({ months }).toString();
/** 1 Monday … 7 Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => plain(day).dayOfWeek;

/**
 * Last day of "n months from an event" (Civil Code 140, 143; COM-03): the day of the event is not counted, so the period
 * begins on the day after it. W-COM-4: 01-31 gives 02-28, 02-28 gives 03-31, 01-27 gives 02-27.
 */
export const monthsFromEvent = (event: Day, months: number): Day => monthsFromFirstDay(addDays(event, 1), months);

/**
 * Last day of n months that are counted from a first day that is itself counted (the period begins at 0:00): the day before
 * the corresponding day. From the 1st: the last day of the n-th month; no corresponding day: the last day of that month.
 */
export function monthsFromFirstDay(first: Day, months: number): Day {
  const corresponding = addMonths(first, months);
  // Clamped: there was no corresponding day, and the last day of that month is in.
  return corresponding.slice(8) === first.slice(8) ? addDays(corresponding, -1) : corresponding;
}

/**
 * The fee month (COM-05) that holds the day: from an anchor day to the day before the next one. An anchor of 29 to 31 falls
 * on the last day of a shorter month and returns afterwards.
 */
export function feeMonthOf(day: Day, anchor: number): DayRange {
  const month = monthOf(day);
  const here = anchorIn(month, anchor);
  const from = here <= day ? here : anchorIn(nextMonth(month, -1), anchor);
  return feeMonthFrom(from, anchor);
}

/** The fee month that begins on an anchor day. */
export const feeMonthFrom = (from: Day, anchor: number): DayRange => ({
  from,
  to: addDays(anchorIn(nextMonth(monthOf(from)), anchor), -1),
});

/** The anchor's day in a month: the last day where the month is shorter. */
export function anchorIn(month: YearMonth, anchor: number): Day {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month);
  return `${month}-${String(Math.min(anchor, daysInMonth)).padStart(2, "0")}`;
}

/** Whether the text is a day of the calendar: `2023-02-29` is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}
