/** Days that a provider designates as closed by rule (A-RNS-15), as days of the calendar: the setting `designated-days`. */
import { addDays, type Day } from "@yagura/core/calendar.ts";
import type { ClosedDay, Setting } from "./tables.ts";

/** Value of the setting: yearly days `MM-DD`, both ends in, and single days beside them. */
export interface DesignatedDays {
  readonly yearEnd?: { readonly from: string; readonly to: string } | null;
  readonly days?: readonly Day[];
}

/** The years for which yearly days are written out: as far as the holidays are known. */
const [FIRST_YEAR, LAST_YEAR] = [2014, 2050];
const name = { ja: "当社指定休業日", en: "closed by the provider" };

/** The days of every such setting, each only while its setting is in force. Unknown forms give none. */
export function designatedDays(settings: readonly Setting[]): ClosedDay[] {
  const found = new Map<string, ClosedDay>();
  for (const { key, service, value, from, until } of settings) {
    if (key !== "designated-days" || typeof value !== "object" || value === null) continue;
    for (const day of daysOf(value)) {
      if ((from !== null && day < from) || (until !== null && day >= until)) continue;
      found.set(`${service ?? ""}/${day}`, { day, kind: "designated", name, service });
    }
  }
  return [...found.values()];
}

function daysOf({ yearEnd = null, days = [] }: DesignatedDays): Day[] {
  if (yearEnd === null) return [...days];
  const list = [...days];
  for (let year = FIRST_YEAR - 1; year <= LAST_YEAR; year++) {
    // 12-29 to 01-04 goes over the end of the year.
    const last = `${yearEnd.to < yearEnd.from ? year + 1 : year}-${yearEnd.to}`;
    for (let day: Day = `${year}-${yearEnd.from}`; day <= last; day = addDays(day, 1)) list.push(day);
  }
  return list;
}
