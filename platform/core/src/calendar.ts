/**
 * Commercial days: calendar days in Asia/Tokyo, as ISO 8601 texts (COM-04, A-COM-2). An instant belongs to the day that began
 * at 00:00 there. ISO days compare as texts. Arithmetic is on counted days of the proleptic Gregorian calendar: bill runs do
 * it millions of times. A text that is no day of the calendar is a RangeError.
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
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Since 1952 the zone is nine hours ahead of UTC without exception; there was summer time until 1951. */
const STEADY_SINCE = Date.UTC(1952, 0, 1);

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const monthLength = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0);
const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const text = (year: number, month: number, day: number): Day =>
  `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;

/** Year, month and day of a text; RangeError when the calendar does not have it. */
function parts(day: Day): [number, number, number] {
  const year = digits(day, 0) * 100 + digits(day, 2);
  const month = digits(day, 5);
  const date = digits(day, 8);
  if (day.length !== 10 || !(year >= 0) || !(date >= 1) || !(date <= monthLength(year, month)))
    throw new RangeError(`“${day}” is not a day of the calendar`);
  return [year, month, date];
}
/** Two digits of a text as a number; NaN where there are none. */
function digits(day: string, at: number): number {
  const [tens, ones] = [day.charCodeAt(at) - 48, day.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last. */
function count(day: Day): number {
  const [calendarYear, month, date] = parts(day);
  const year = month <= 2 ? calendarYear - 1 : calendarYear;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
}

/** The inverse of `count`. */
function uncount(days: number): Day {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return text(year, month, dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1);
}

/** The day in Asia/Tokyo that holds the instant; the host's own time zone has no part in it. */
export function dayOf(instant: Date): Day {
  const time = instant.getTime();
  if (time >= STEADY_SINCE) return uncount(Math.floor((time + 9 * HOUR) / DAY));
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first instant of the day: 00:00 in Asia/Tokyo. */
export const startOf = (day: Day): Date =>
  new Date(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds);

/** Seconds since 00:00 in Asia/Tokyo of the day that holds the instant. */
export const secondsOfDay = (instant: Date): number =>
  Math.floor((instant.getTime() - startOf(dayOf(instant)).getTime()) / 1000);

/** The day that stands `days` later (earlier when negative). */
export const addDays = (day: Day, days: number): Day => uncount(count(day) + days);

/** The corresponding day `months` later or earlier; where there is none, the last day of that month (A-RNS-20). */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = parts(day);
  const [targetYear, targetMonth] = shifted(year, month, months);
  return text(targetYear, targetMonth, Math.min(date, monthLength(targetYear, targetMonth)));
}

/** Year and month, `months` later. */
function shifted(year: number, month: number, months: number): [number, number] {
  const index = year * 12 + month - 1 + months;
  return [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
}

/** Days from `from` to `to`, the first counted and the last not: 0 when equal. */
export const daysBetween = (from: Day, to: Day): number => count(to) - count(from);

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
export function lastOfMonth(day: Day): Day {
  const [year, month] = parts(day);
  return text(year, month, monthLength(year, month));
}
export function nextMonth(month: YearMonth, months = 1): YearMonth {
  const [year, number] = shifted(Number(month.slice(0, 4)), Number(month.slice(5)), months);
  return `${String(year).padStart(4, "0")}-${two(number)}`;
}
/** 1 Monday … 7 Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => ((((count(day) + 3) % 7) + 7) % 7) + 1;

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
  const length = monthLength(Number(month.slice(0, 4)), Number(month.slice(5)));
  return `${month}-${two(Math.min(anchor, length))}`;
}

/** Whether the text is a day of the calendar: `2023-02-29` is not. */
export function isDay(candidate: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(candidate)) return false;
  return (
    Number(candidate.slice(8)) >= 1 &&
    Number(candidate.slice(8)) <= monthLength(Number(candidate.slice(0, 4)), Number(candidate.slice(5, 7)))
  );
}
