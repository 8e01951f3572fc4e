/** Commercial days: calendar days in Asia/Tokyo, as ISO 8601 texts (COM-04, A-COM-2). An instant belongs to the day that began at 00:00 there. */
import { Temporal } from "temporal-polyfill";

/** `2023-08-01`. */
export type Day = string;

const zone = "Asia/Tokyo";

/** The day in Asia/Tokyo that holds the instant; the host's own time zone has no part in it. */
export const dayOf = (instant: Date): Day =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The first instant of the day: 00:00 in Asia/Tokyo. */
export const startOf = (day: Day): Date =>
  new Date(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds);

/** The day that stands `days` later (earlier when negative). */
export const addDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString();

/** Whether the text is a day of the calendar: `2023-02-29` is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}
