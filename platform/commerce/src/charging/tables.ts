/**
 * What the provider's rules say, as dated data: terms by version, prices, taxes, statutory rates, calendars, settings
 * (spec/commercial.md sections 7 and 10). Nothing here knows a service by name: a service brings rows of these tables
 * (its column of the matrices), and the charging functions only read them. Every range of days is half-open: `from` is the
 * first day in force (null: since ever), `until` the first day no longer in force (null: until further notice).
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";

export interface Text {
  readonly ja: string;
  readonly en: string;
}

export interface InForce {
  readonly from: Day | null;
  readonly until: Day | null;
}

/** Everything that a charge may depend on beside the contract's own facts. */
export interface Tables {
  readonly terms: readonly TermsVersion[];
  readonly prices: readonly Price[];
  readonly taxRates: readonly TaxRate[];
  readonly statutoryRates: readonly StatutoryRate[];
  readonly calendars: Calendars;
  readonly settings: readonly Setting[];
}

/** One version of a service's terms (COM-02). */
export interface TermsVersion extends InForce {
  readonly service: string;
  /** e.g. `EXP-v2`. */
  readonly code: string;
  /**
   * False: only the date of the revision is known, not its text (UTM-86, SEC-73). What `plans` still says is what other
   * sources tell of that time; a plan or item that it lacks is refused until the provider supplies the text.
   */
  readonly known?: boolean;
  readonly plans: Readonly<Record<string, PlanTerms>>;
}

/** What one kind of contract of a service may be charged, and how long it binds. */
export interface PlanTerms {
  readonly name: Text;
  /** By item code, e.g. `agent`, `seat-10`, `base`, `initial`. */
  readonly items: Readonly<Record<string, ItemTerms>>;
  /** What attributes that fees depend on may say: another value is refused, not taken for none of these. */
  readonly attributeValues?: Readonly<Record<string, readonly string[]>>;
  readonly cancellation: CancellationTerms;
  readonly minimumTerm?: MinimumTerm;
  /** UTM-08: years by the value of the contract's attribute `model`. */
  readonly longestUse?: { readonly rule: string; readonly yearsByModel: Readonly<Record<string, number>> };
  /** Null: switched off until the provider sets it (matrix 7.2). */
  readonly interest: InterestTerms | null;
  readonly outage?: OutageTerms;
  readonly quota?: QuotaTerms;
  /** Liability caps (OST-17 to OST-19): how the most that is paid for a damage is found. */
  readonly liabilityCap?: readonly LiabilityCap[];
  /** UTM-54, 55: fees for issuing bills. */
  readonly billFees?: BillFees;
  /** UTM-40. */
  readonly evasion?: { readonly rule: string; readonly multiple: number };
  /** RNS-62: when a visit bears the surcharge item. */
  readonly visitSurcharge?: {
    readonly rule: string;
    readonly item: string;
    readonly kilometres: number;
    readonly hours: number;
    readonly outlyingIslands: boolean;
  };
  /** Matrix 7.5. */
  readonly replacement?: ReplacementTerms;
  /** RNS-11: cancelled between formation and acceptance, the end waits for the damage to be paid. */
  readonly beforeAcceptance?: { readonly rule: string };
  /** SEC-58, 59: insurance that comes with seats, by the day on which use began. */
  readonly insurance?: readonly InsuranceTerms[];
  /** SEC-57: fees not asked for on dated conditions. */
  readonly promotions?: readonly Promotion[];
  /** OST-15, 16: installation by the customer n business days before the opening. */
  readonly installation?: { readonly rule: string; readonly businessDaysBefore: number };
  /** UTM-22: the longest suspension for one case. */
  readonly suspension?: { readonly rule: string; readonly maximumMonths: number };
  /** RNS-05: days after formation (`applied`) in which the provider may rescind. */
  readonly rescission?: { readonly rule: string; readonly days: number };
  /** RNS-48: months after completion (`inspected`) in which defects are repaired free of charge. */
  readonly defects?: { readonly rule: string; readonly months: number };
  /** RNS-19: how long before a withdrawal of the service the provider has to tell. */
  readonly withdrawal?: { readonly rule: string; readonly months: number };
}

/** A day that a rule fixes: so many months after the month of the event, and which day of that month. */
export interface DueRule {
  readonly monthsAfter: number;
  readonly day: number | "last";
}

/** A fee asked for once per contract. */
export interface OnceTerms {
  /** SEC-31: when the application is accepted; OST-16: when provision starts; RNS-60: when the work is inspected. */
  readonly at: "acceptance" | "start" | "inspection";
  /** Without being ordered: one per contract. Else as many as the order names. */
  readonly automatic: boolean;
  /** RNS-60. */
  readonly due?: DueRule;
}

export interface ItemTerms {
  readonly name: Text;
  /** What one of it is, e.g. 10ライセンスパック / 10-seat pack. */
  readonly unit: Text;
  readonly kind: "base" | "pack" | "option" | "ancillary" | "initial" | "ticket" | "one-off" | "document" | "surcharge";
  /** Absent: charged once, when a fact says so. */
  readonly recurring?: RecurringTerms;
  /** Fees of kind `initial`, and one-off items of an order. Absent: as ordered, on acceptance (else on the start). */
  readonly once?: OnceTerms;
  /** Seats that one of it allows (SEC-52). */
  readonly seats?: number;
  readonly taxClass: TaxClass;
  /** Rule of the price, e.g. SEC-50. */
  readonly rule: string;
  /** RNS-50: the clause kind that the order line carries. */
  readonly clause?: "sale" | "mandate" | "work";
  /** Only in contracts whose attribute has this value: one initial fee for each type of sensor (OST-12). */
  readonly when?: { readonly attribute: string; readonly value: string };
  /** UTM-32: the fee is shown and waived when the contract's attribute has this value. */
  readonly waivedWhen?: { readonly attribute: string; readonly value: string; readonly rule: string };
}

/** One column of matrix 7.1. */
export interface RecurringTerms {
  readonly rule: string;
  /** COM-07. */
  readonly startMonth: "FULL" | "FREE" | "FREE_UNLESS_CANCELLED_THEN_FULL" | "NEXT_MONTH_AFTER_ACCEPTANCE" | "PRORATE";
  /** FULL: the fee month that holds the end is charged whole; PRORATE: by its days. */
  readonly endMonth: "FULL" | "PRORATE";
  /** Whether the day of the end (C) is itself charged. */
  readonly endDay: "included" | "excluded";
  /** FULL months only: `ifAnyDay` charges it when at least one day of it is charged by endDay (A-SEC-3), `always` in any case. */
  readonly endMonthWhen: "ifAnyDay" | "always";
  /** Whether a change of quantity, price or discount cuts the month into segments. NONE: the month's first day decides. */
  readonly change: "PRORATE" | "NONE";
  /** SEC-35: a removed part is not charged for its end day when the customer removed it. */
  readonly removedOnEndDay: "free" | "charged";
  /** UTM-33: started and ended on one day is one day. */
  readonly minimumDays: 0 | 1;
  readonly feeMonth: "anchor" | "calendar";
  /** A-SEC-5: each segment is cut down by itself, or the month's sum. Setting `floor` of the provider overrides it. */
  readonly floor: "segment" | "month";
}

export interface MinimumTerm {
  readonly rule: string;
  readonly months: number;
  /** The term begins on the 1st of the month after this day. */
  readonly after: "start" | "acceptance";
  readonly early: EarlyTermination;
}
interface EarlyTerminationBase {
  readonly rule: string;
  readonly item: string;
  /** Who has to have ended the contract. Absent: anybody but a withdrawal of the service (A-SEC-8). */
  readonly by?: readonly ("customer" | "provider" | "withdrawal" | "longest-use" | "line-ended")[];
  /** RNS-12: the last day of the month after the month of C. Absent: the provider's own day. */
  readonly due?: DueRule;
}
export type EarlyTermination =
  /** SEC-66: price × (whole months of the term left after the month of C + `plus`). */
  | (EarlyTerminationBase & { readonly kind: "remaining-months"; readonly plus: number })
  /** RNS-12: a sum from the provider's table: price item `item`, or remaining months × monthly fees when the setting `cancellation-charge` is `remaining-months`. */
  | (EarlyTerminationBase & { readonly kind: "provider-table" });

export interface CancellationTerms {
  readonly rule: string;
  /** How long before C the customer has to tell. */
  readonly notice: { readonly count: number; readonly unit: "none" | "month" | "business-day" };
  /** Business calendar of `business-day`. */
  readonly activity?: string;
  /** UTM-27: C moves to n business days after the check when the wish lies before the end of the check. */
  readonly movesAfterCheck?: { readonly rule: string; readonly businessDays: number };
  readonly channels: readonly ("letter" | "mail" | "web" | "form")[];
  /** A-RNS-1: the contract ends with the last day of the month that holds C. */
  readonly endsWithMonth: boolean;
}

/** Matrix 7.2. */
export interface InterestTerms {
  readonly rule: string;
  /** Yearly; `statutory`: the statutory rate of the first overdue day (UTM-42). */
  readonly rate: string | "statutory";
  /** Whether the day of payment is counted. */
  readonly paymentDay: "included" | "excluded";
  /** Paid by due + n: nothing; afterwards the interest counts from due + 1. */
  readonly graceDays: number;
  /** Divisor, leap year or not. */
  readonly yearDays: 365;
  /** First day that bears interest (SEC-41), or null. */
  readonly since: Day | null;
  /** Whether it may stand alone on a bill (UTM-43). */
  readonly alone: boolean;
}

/** UTM-35 to UTM-38. */
export interface OutageTerms {
  readonly rule: string;
  readonly item: string;
  readonly unitHours: number;
  /** A-UTM-6: the fee is computed on the days that are left (`reduce-days`), or the credit is cut down by itself (`floor-credit`). */
  readonly method: "reduce-days" | "floor-credit";
}

export interface QuotaTerms {
  readonly rule: string;
  readonly pooled: boolean;
  readonly targetsPerAgent: number;
}

export interface LiabilityCap {
  readonly rule: string;
  /** Where the cause lies. */
  readonly cause: "any" | "base" | "ancillary";
  readonly method: "monthly-fees-in-use" | "ancillary-months" | "days-of-outage";
}

export interface BillFees {
  readonly rule: string;
  /** Attribute and value that the contract must have, e.g. line model = collaboration. */
  readonly when: { readonly attribute: string; readonly value: string };
  readonly notWhen: readonly { readonly attribute: string; readonly value: string }[];
  /** Fee months from the start that are free. */
  readonly freeMonths: number;
  /** Item codes by the form of the bill. */
  readonly items: Readonly<Record<"paper" | "debit-notice", readonly string[]>>;
}

export interface ReplacementTerms {
  readonly rule: string;
  /** Facts of dispatch after which the faulty unit has to be back; null: provider data `return-months`. */
  readonly returnMonths: number | null;
  /** Price item of the sum when it does not come back. */
  readonly item: string;
  /** The price item ends in the contract's attribute `model`: `reprocurement` and model `ssb5` give `reprocurement-ssb5`. */
  readonly byModel?: boolean;
  /** The rows of matrix 7.5 that no sum follows from. */
  readonly handling: ReplacementHandling;
  /** A-RNS-12: charged only when a pickup was offered in time. */
  readonly needsPickupOffer: boolean;
  /** UTM-65: accepted by this hour of a business day is sent the same day. */
  readonly cutOff?: { readonly rule: string; readonly activity: string; readonly by: string };
}

export interface ReplacementHandling {
  readonly decides: "provider-on-report" | "provider-after-triage";
  /** When the faulty unit becomes the provider's and the replacement the customer's. */
  readonly ownerChanges: { readonly rule: string; readonly on: "dispatch" };
  readonly return: {
    readonly rule: string;
    readonly way: "courier-collects" | "customer-ships";
    readonly paidBy: "provider" | "customer";
  };
  readonly unit: { readonly rule: string; readonly kind: "same-model-or-successor" | "equivalent-refurbished" };
  /** The sum is also owed for damage beyond wear (UTM-69). */
  readonly alsoForDamage: boolean;
  /** RNS-45: what the provider owns goes back at once; null: the terms say nothing. */
  readonly atContractEnd: { readonly rule: string; readonly owed: "return-at-once" } | null;
}

export interface InsuranceTerms {
  readonly rule: string;
  readonly name: Text;
  /** Use began in this range, both days in. */
  readonly useFrom: Day;
  readonly useTo: Day;
  readonly months: number;
  /** Items that count, and the number of seats in the order that it must stay below. */
  readonly items: readonly string[];
  readonly seatsBelow: number;
}

export interface Promotion {
  readonly rule: string;
  readonly item: string;
  readonly appliedFrom: Day;
  readonly appliedTo: Day;
  readonly startedBy: Day;
}

export type TaxClass = "taxable" | "out-of-scope" | "exempt";

/** A price without tax, of one item, in force for a range of days. */
export interface Price extends InForce {
  readonly service: string;
  readonly plan: string;
  readonly item: string;
  readonly amount: Yen;
  /** As the price table prints it with tax: display only (COM-08). */
  readonly display: Yen | null;
  /** Name of the price book that it came from. */
  readonly book: string;
}

export interface TaxRate extends InForce {
  readonly class: TaxClass;
  /** `10%`. */
  readonly rate: string;
}
export interface StatutoryRate extends InForce {
  readonly rate: string;
}

export interface Calendars {
  /** National holidays and the provider's own closed days. */
  readonly closed: readonly ClosedDay[];
  readonly activities: readonly Activity[];
}
export interface ClosedDay {
  readonly day: Day;
  readonly kind: "national-holiday" | "designated";
  readonly name: Text;
  /** Null: every service. */
  readonly service: string | null;
}
/** A row of matrix 7.4: when somebody does something. Hours are half-open, `HH:MM` in Asia/Tokyo. */
export interface Activity extends InForce {
  readonly service: string;
  /** e.g. `desk`, `wireless-monitoring`. */
  readonly activity: string;
  readonly name: Text;
  /** ISO weekdays, 1 Monday. */
  readonly weekdays: readonly number[];
  readonly opens: string;
  /** `24:00` for the end of the day. */
  readonly closes: string;
  readonly closedOn: readonly ClosedDay["kind"][];
  /** Yearly days, `MM-DD`, both ends in: `12-29` to `01-04`. */
  readonly yearEnd: { readonly from: string; readonly to: string } | null;
}

/** What a seed leaves to the provider (8.6), and the readings that change money (section 8), by key. */
export interface Setting extends InForce {
  /** Null: every service. */
  readonly service: string | null;
  readonly key: string;
  readonly value: unknown;
}
