/** Dated rows that belong to no service: tax and statutory rates, national holidays. What the law says, as data that the provider may extend. */
import holidayJp from "@holiday-jp/holiday_jp";
import type { ClosedDay, StatutoryRate, TaxRate } from "./tables.ts";

/** COM-09: the rate of the day of supply. */
export const shippedTaxRates: readonly TaxRate[] = [
  { class: "taxable", rate: "5%", from: "1997-04-01", until: "2014-04-01" },
  { class: "taxable", rate: "8%", from: "2014-04-01", until: "2019-10-01" },
  { class: "taxable", rate: "10%", from: "2019-10-01", until: null },
];

/** UTM-42, Civil Code 404: three years each, fixed by notice of the Ministry of Justice; afterwards it has to be entered. */
export const shippedStatutoryRates: readonly (StatutoryRate & { readonly source: string })[] = [
  { rate: "5%", from: null, until: "2020-04-01", source: "民法404条（改正前）" },
  { rate: "3%", from: "2020-04-01", until: "2023-04-01", source: "民法404条2項（第1期）" },
  { rate: "3%", from: "2023-04-01", until: "2026-04-01", source: "民法404条3項に基づく法務省告示（第2期）" },
  { rate: "3%", from: "2026-04-01", until: "2029-04-01", source: "民法404条3項に基づく法務省告示（第3期）" },
];

/** The first year of the calendar: before it no service here was offered. */
const FIRST_YEAR = 2014;

/** National holidays as the library has them: announced ones, and those of later years as they are computed today. */
export function nationalHolidays(): readonly ClosedDay[] {
  return Object.entries(holidayJp.holidays)
    .filter(([day]) => Number(day.slice(0, 4)) >= FIRST_YEAR)
    .map(([day, { name, name_en: english }]) => ({
      day,
      kind: "national-holiday" as const,
      service: null,
      name: { ja: name, en: english },
    }));
}
