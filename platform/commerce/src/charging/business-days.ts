/**
 * Business calendars (COM-16, matrix 7.4): dated rows of hours per service and activity. "n business days before or after"
 * counts only open days of that calendar; the reference day itself is not counted. Hours are half-open: at 17:00:00 a desk
 * that closes at 17:00 is closed (A-UTM-22).
 */
import { addDays, dayOf, secondsOfDay, weekdayOf, type Day } from "@yagura/core/calendar.ts";
import { index } from "./index.ts";
import type { Activity, Tables } from "./tables.ts";

/** Longest stretch that is searched for an open day, so that a calendar that is never open does not hang. */
const FARTHEST = 400;

/** `HH:MM` or `HH:MM:SS` as seconds since 00:00; `24:00` is the end of the day. */
const secondsOf = (clock: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
};

/** Whether the activity is open at some hour of the day. RangeError when no hours are in force on it. */
function isOpenDay(tables: Tables, service: string, activity: string, day: Day): boolean {
  const row = rowOn(tables, service, activity, day);
  if (!row.weekdays.includes(weekdayOf(day))) return false;
  if (inYearEnd(row, day)) return false;
  if (row.closedOn.length === 0) return true;
  const closed = index(tables).closed(service, day);
  return closed === undefined || !closed.some((kind) => row.closedOn.includes(kind));
}

/** Whether the activity is open at the instant. */
export function isOpen(tables: Tables, service: string, activity: string, at: Date): boolean {
  const day = dayOf(at);
  if (!isOpenDay(tables, service, activity, day)) return false;
  const row = rowOn(tables, service, activity, day);
  const second = secondsOfDay(at);
  return secondsOf(row.opens) <= second && second < secondsOf(row.closes);
}

/** The n-th open day after the day (before it when `count` is negative). RangeError when there is none within reach. */
export function addBusinessDays(tables: Tables, service: string, activity: string, day: Day, count: number): Day {
  const step = count < 0 ? -1 : 1;
  let left = Math.abs(count);
  let here = day;
  for (let walked = 0; left > 0; walked++) {
    if (walked > FARTHEST + 10 * Math.abs(count)) throw new RangeError(`${activity} is never open around ${day}`);
    here = addDays(here, step);
    if (isOpenDay(tables, service, activity, here)) left -= 1;
  }
  return here;
}

/** From when something that came in is handled (UTM-61): at once in the hours, else when they begin next. */
export function handledFrom(
  tables: Tables,
  service: string,
  activity: string,
  at: Date,
): { readonly day: Day; readonly clock: string } {
  const day = dayOf(at);
  const second = secondsOfDay(at);
  if (isOpen(tables, service, activity, at)) return { day, clock: clockOf(second) };
  const row = rowOn(tables, service, activity, day);
  const early = isOpenDay(tables, service, activity, day) && second < secondsOf(row.opens);
  const handled = early ? day : addBusinessDays(tables, service, activity, day, 1);
  return { day: handled, clock: rowOn(tables, service, activity, handled).opens };
}

/** UTM-65: accepted by the cut-off (that very second included) of an open day goes out the same day, else the next open day. */
export function dispatchDay(tables: Tables, service: string, activity: string, by: string, at: Date): Day {
  const day = dayOf(at);
  if (isOpenDay(tables, service, activity, day) && secondsOfDay(at) <= secondsOf(by)) return day;
  return addBusinessDays(tables, service, activity, day, 1);
}

const clockOf = (second: number): string =>
  `${String(Math.floor(second / 3600)).padStart(2, "0")}:${String(Math.floor((second % 3600) / 60)).padStart(2, "0")}`;

function rowOn(tables: Tables, service: string, activity: string, day: Day): Activity {
  const row = index(tables).activity(service, activity, day);
  if (row === undefined) throw new HoursMissing(service, activity, day);
  return row;
}

/** No hours of the activity are in force on the day. */
export class HoursMissing extends RangeError {
  readonly service: string;
  readonly activity: string;
  readonly day: Day;
  constructor(service: string, activity: string, day: Day) {
    super(`no hours of ${service}/${activity} are in force on ${day}`);
    this.service = service;
    this.activity = activity;
    this.day = day;
  }
}

function inYearEnd({ yearEnd }: Activity, day: Day): boolean {
  if (yearEnd === null) return false;
  const here = day.slice(5);
  return yearEnd.from <= yearEnd.to
    ? yearEnd.from <= here && here <= yearEnd.to
    : yearEnd.from <= here || here <= yearEnd.to;
}
