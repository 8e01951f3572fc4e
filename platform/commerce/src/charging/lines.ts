/** What charging answers: lines that explain themselves, dates that follow from facts, documents with tax once per rate. */
import type { Day, DayRange, YearMonth } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import type { TaxClass, Text } from "./tables.ts";

export type LineKind =
  | "recurring"
  | "one-off"
  | "credit"
  | "waiver"
  | "early-termination"
  | "refund"
  | "surcharge"
  | "damage"
  | "document"
  | "late-interest"
  | "adjustment";

/** COM-18: enough to answer "why this amount" years later. */
export interface ChargeLine {
  /** Stable name of the line within its contract: the same facts give the same key, so that two computations can be compared. */
  readonly key: string;
  readonly contract: string;
  readonly service: string;
  readonly plan: string;
  readonly kind: LineKind;
  readonly item: string;
  readonly description: Text;
  /** First day of the fee month that it belongs to. */
  readonly feeMonth: Day;
  /** Calendar month whose bill carries it: the one in which the fee month ends, or in which the event lies. */
  readonly billMonth: YearMonth;
  /** Period of supply, both days in. */
  readonly period: DayRange;
  readonly quantity: number;
  readonly unitPrice: Yen;
  readonly amount: Yen;
  readonly taxClass: TaxClass;
  /** Day of supply: decides the tax rate (COM-09). */
  readonly supplyOn: Day;
  /** Where a rule fixes it (RNS-60, SEC-66); else the setting `due` decides for the whole document. */
  readonly dueOn: Day | null;
  readonly why: Explanation;
}

export interface Explanation {
  /** e.g. SEC-34. */
  readonly rule: string;
  /** Version of the terms, e.g. `EXP-v2`. */
  readonly version: string;
  /** Price book, reading or agreement where one had a part. */
  readonly basis: readonly string[];
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  /** e.g. `floor(2,500 × 1 × 19 ÷ 28) = 1,696`. */
  readonly formula: string;
  /** One or two sentences for the customer. */
  readonly sentence: Text;
}

/** A day, number or yes/no that follows from the facts by a rule: last day to give notice, end of the term, open or closed. */
export interface DerivedFact {
  readonly contract: string;
  readonly rule: string;
  /** e.g. `minimum-term-ends`, `notice-by`, `longest-use-ends`, `return-by`, `handled-from`, `seats`, `targets`. */
  readonly what: string;
  readonly value: Day | number | boolean;
  readonly sentence: Text;
}

export interface TaxSubtotal {
  readonly class: TaxClass;
  /** `10%`; null outside the scope of tax. */
  readonly rate: string | null;
  /** Sum of the lines without tax. */
  readonly base: Yen;
  readonly tax: Yen;
  readonly formula: string;
}

/** COM-08, COM-11: tax once per rate. */
export interface DocumentTotals {
  readonly subtotals: readonly TaxSubtotal[];
  readonly net: Yen;
  readonly tax: Yen;
  readonly total: Yen;
}

/** COM-12. */
export interface Interest {
  readonly claim: string;
  readonly amount: Yen;
  readonly rule: string;
  readonly rate: string;
  /** Whether it may stand alone on a bill; else it waits for another charge (UTM-43). */
  readonly alone: boolean;
  readonly segments: readonly { readonly from: Day; readonly to: Day; readonly days: number; readonly base: Yen }[];
  readonly formula: string;
  readonly sentence: Text;
}
