/** National holidays of Japan as closed days, from a kept library: first rows of the calendar, which the provider may edit. */
import { holidays } from "@holiday-jp/holiday_jp";
import type { ClosedDay } from "./tables.ts";

/** Years that are shipped: from the first terms to where two libraries agree. Later years are entered when they are announced. */
export const shippedYears = { from: 2016, to: 2031 } as const;

/** Both years in, oldest first. */
export const nationalHolidays = (from: number = shippedYears.from, to: number = shippedYears.to): ClosedDay[] =>
  Object.values(holidays)
    .filter(({ date }) => Number(date.slice(0, 4)) >= from && Number(date.slice(0, 4)) <= to)
    .map(({ date, name, name_en }) => ({
      day: date,
      kind: "national-holiday" as const,
      name: { ja: name, en: name_en },
      service: null,
    }));
