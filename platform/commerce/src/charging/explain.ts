/** Words of an explanation: the same facts in both languages, for the customer; the formula is for the clerk. */
import type { Day, YearMonth } from "@yagura/core/calendar.ts";
import { grouped, type Yen } from "@yagura/core/yen.ts";
import type { Text } from "./tables.ts";

/** A bill run writes the same few days a million times. */
const kept = <T>(write: (day: Day) => T): ((day: Day) => T) => {
  const written = new Map<Day, T>();
  return (day) => {
    const known = written.get(day);
    if (known !== undefined) return known;
    const made = write(day);
    if (written.size >= KEPT) written.clear();
    written.set(day, made);
    return made;
  };
};
/** Days kept at once; then from anew. */
const KEPT = 10_000;

/** `2026年6月15日`. */
export const jaDay = kept(
  (day: Day): string => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`,
);
/** `2026年6月分`. */
export const jaMonth = (month: YearMonth): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5, 7))}月`;
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** `15 June 2026`. */
export const enDay = kept(
  (day: Day): string => `${Number(day.slice(8))} ${months[Number(day.slice(5, 7)) - 1]} ${Number(day.slice(0, 4))}`,
);
export const enMonth = (month: YearMonth): string =>
  `${months[Number(month.slice(5, 7)) - 1]} ${Number(month.slice(0, 4))}`;
export const jaYen = (amount: Yen): string => `${grouped(amount)}円`;
export const enYen = (amount: Yen): string => `${grouped(amount)} yen`;
/** ` × 2`, or nothing for one; it stands right behind the name. */
export const times = (quantity: number): Text =>
  quantity === 1 ? { ja: "", en: "" } : { ja: ` × ${quantity} `, en: ` × ${quantity}` };
/** A name at the beginning of an English sentence. */
export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
