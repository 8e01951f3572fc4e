/** How a derived fact is told: one value, one sentence in both languages. */
import type { Day } from "@yagura/core/calendar.ts";
import { enDay, jaDay } from "./explain.ts";
import type { DerivedFact } from "./lines.ts";
import type { Text } from "./tables.ts";

export type Told = Omit<DerivedFact, "contract">;

/** A day; `{}` in the sentences stands for it. */
export const day = (rule: string, what: string, value: Day, ja: string, en: string): Told => ({
  rule,
  what,
  value,
  sentence: { ja: ja.replace("{}", jaDay(value)), en: en.replace("{}", enDay(value)) },
});
export const fact = (rule: string, what: string, value: number | boolean, sentence: Text): Told => ({
  rule,
  what,
  value,
  sentence,
});
