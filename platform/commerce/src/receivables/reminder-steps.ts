/** When reminders go out and when staff is asked to act: settings of the provider, with defaults. */
import type { Day } from "@yagura/core/calendar.ts";
import type { Index } from "../charging/index.ts";

/** Days after the due date of each step; setting `reminder-days`, e.g. [7, 14, 30]. */
export function stepsOf(tables: Index, on: Day): readonly number[] {
  const set = tables.setting("*", "reminder-days", on);
  const days = Array.isArray(set)
    ? set.filter((day): day is number => Number.isInteger(day) && (day as number) > 0)
    : [];
  return days.length === 0 ? [7, 14, 30] : days.toSorted((a, b) => a - b);
}

const number = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : otherwise;

/** Days after the due date from which a suspension is proposed (SEC-18, UTM-22); setting `suspension-proposal-days`. */
export const suspensionDays = (tables: Index, service: string, on: Day): number =>
  number(tables.setting(service, "suspension-proposal-days", on), 30);

/** The same for the end of the contract by the provider (SEC-14); setting `cancellation-proposal-days`. */
export const cancellationDays = (tables: Index, service: string, on: Day): number =>
  number(tables.setting(service, "cancellation-proposal-days", on), 60);

/** Days from a reminder within which it asks for the payment; setting `reminder-pay-days`. */
export const payWithin = (tables: Index, on: Day): number => number(tables.setting("*", "reminder-pay-days", on), 7);
