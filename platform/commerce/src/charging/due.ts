/** When money is due: the setting `due` of a service, or the day that a rule fixes for a line (RNS-60, SEC-66). */
import { addDays, lastOfMonth, nextMonth, weekdayOf, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { index } from "./index.ts";
import type { ChargeLine } from "./lines.ts";
import type { DueRule, Tables } from "./tables.ts";

/** Value of the setting `due`: which day, so many months after the month of the bill, and what happens on a day off. */
export interface DueSetting extends DueRule {
  /** A Saturday, Sunday or national holiday: stays (`none`, also when absent), or moves to the bank's next or last open day. */
  readonly shift?: "none" | "next" | "previous";
}

/** The day that a rule names, counted from a month. The day 31 of a shorter month is its last. */
export function dueBy({ monthsAfter, day }: DueRule, month: YearMonth): Day {
  const target = nextMonth(month, monthsAfter);
  const last = lastOfMonth(`${target}-01`);
  if (day === "last" || day > Number(last.slice(8))) return last;
  return `${target}-${String(day).padStart(2, "0")}`;
}

/** Due date of a month's bill, or of a line whose rule fixes it. Null: the provider has not set `due` for the service. */
export function dueOn(tables: Tables, service: string, billMonth: YearMonth, line?: ChargeLine): Day | null {
  if (line !== undefined && line.dueOn !== null) return line.dueOn;
  const closing = lastOfMonth(`${billMonth}-01`);
  const setting = index(tables).setting(service, "due", closing);
  if (!isDue(setting)) return null;
  return shifted(tables, service, dueBy(setting, billMonth), setting.shift ?? "none");
}

const isDue = (value: unknown): value is DueSetting =>
  typeof value === "object" && value !== null && "monthsAfter" in value && "day" in value;

function shifted(tables: Tables, service: string, day: Day, shift: "none" | "next" | "previous"): Day {
  if (shift === "none") return day;
  let here = day;
  while (isBankHoliday(tables, service, here)) here = addDays(here, shift === "next" ? 1 : -1);
  return here;
}

/** Banks are closed on Saturdays, Sundays, national holidays and from 12-31 to 01-03 (Banking Act, enforcement order 5). */
function isBankHoliday(tables: Tables, service: string, day: Day): boolean {
  const here = day.slice(5);
  if (weekdayOf(day) >= 6 || here === "12-31" || (here >= "01-01" && here <= "01-03")) return true;
  return index(tables).closed(service, day)?.includes("national-holiday") ?? false;
}
