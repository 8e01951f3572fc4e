/**
 * Monthly fees: matrix 7.1 as data. For each fee month and item: which of its days are charged (start rule by the terms of S,
 * end rule by the terms of C), cut into segments of one quantity and one price, each `floor(price × quantity × days ÷ days of
 * the fee month)` (COM-06).
 */
import { addDays, type Day, type DayRange } from "@yagura/core/calendar.ts";
import type { Contract, UnitPrice } from "./contract.ts";
import type { FeeMonth } from "./fee-months.ts";
import { itemTerms, quantityOn, type Life } from "./lives.ts";
import type { ItemTerms, RecurringTerms } from "./tables.ts";

/** What of a fee month is charged for a life of an item. */
export interface Charged extends DayRange {
  /** First and last day in service: quantities and prices of those days count, also where the whole month is charged. */
  readonly service: DayRange;
  /** A-SEC-7: the one day whose quantity and price hold for the whole month; null: every day has its own. */
  readonly as: Day | null;
  /** Why a month that was not in service from its first to its last day is charged whole. */
  readonly whole: "ended-in-first" | "first" | "last" | null;
}
export interface Segment extends DayRange {
  readonly quantity: number;
  readonly price: UnitPrice;
}
/** The item and its policy by the terms of a rule date. */
export interface Policy {
  readonly version: string;
  readonly item: ItemTerms;
  readonly recurring: RecurringTerms;
}

/** Policy of an item by the terms of a day, or null after an issue was noted. */
export function policyOn(contract: Contract, code: string, day: Day): Policy | null {
  const terms = contract.termsOn(day);
  if (terms === null) return null;
  const item = terms.plan.items[code];
  if (item?.recurring !== undefined) return { version: terms.version, item, recurring: item.recurring };
  contract.refuseItem(code, day);
  return null;
}

const unbounded = "9999-12-31";

/** The charged days of a fee month, or null. */
export function chargedIn(contract: Contract, life: Life, month: FeeMonth): Charged | null {
  // Whatever the end rule is, no fee month after the one that holds C is charged: its terms are not even asked for.
  if (life.start > month.to || (life.end !== null && life.end < month.from)) return null;
  const last = lastServiceDay(contract, life, month);
  if (last === null) return null;
  const inFirst = life.start >= month.from;
  const first = inFirst ? life.start : month.from;
  if (inFirst) {
    const start = policyOn(contract, life.item, life.start)?.recurring;
    if (start === undefined) return null;
    if (start.startMonth === "FREE" || start.startMonth === "NEXT_MONTH_AFTER_ACCEPTANCE") return null;
    if (start.startMonth === "FREE_UNLESS_CANCELLED_THEN_FULL") return endedInFirst(life, month, last.day);
    const service = { from: first, to: minimum(last.day, month.to) };
    if (start.startMonth === "FULL") return whole(contract, life, month, last, service);
    const to = lastCharged(contract, life, month, last);
    return to === null || to < first ? null : { from: first, to, service, as: null, whole: null };
  }
  const to = lastCharged(contract, life, month, last);
  if (to === null || to < month.from) return null;
  // `always` charges a month in which no day was in service: the day before counts for quantity and price.
  const end = last.day < month.from ? month.from : minimum(last.day, month.to);
  const service = { from: month.from, to: end };
  return {
    from: month.from,
    to,
    service,
    as: last.day < month.from ? last.day : null,
    whole: last.day < to ? "last" : null,
  };
}

interface LastDay {
  readonly day: Day;
  readonly terms: RecurringTerms | null;
}

/** The last day in service by the end rule of C; far away while it goes on. Null after an issue was noted. */
function lastServiceDay(contract: Contract, life: Life, month: FeeMonth): LastDay | null {
  if (life.end === null || life.end > addDays(month.to, 1)) return { day: unbounded, terms: null };
  const terms = policyOn(contract, life.item, life.end)?.recurring;
  if (terms === undefined) return null;
  const last = terms.endDay === "included" ? life.end : addDays(life.end, -1);
  return { day: terms.minimumDays === 1 && last < life.start ? life.start : last, terms };
}

/** The last charged day of the fee month: the end day, or the month's last where the end month is charged whole. */
function lastCharged(contract: Contract, life: Life, month: FeeMonth, { day, terms }: LastDay): Day | null {
  if (terms === null || life.end === null || day > month.to) return month.to;
  if (terms.endMonth === "PRORATE") return day;
  return (endMonthWhen(contract, terms, life.end) === "always" ? life.end : day) >= month.from ? month.to : null;
}

/** A-SEC-3 is a setting: it speaks where the terms exclude the day of the end, so that an end on the 1st leaves no charged day. */
export function endMonthWhen(contract: Contract, terms: RecurringTerms, end: Day): "ifAnyDay" | "always" {
  if (terms.endDay === "included") return terms.endMonthWhen;
  const set = contract.reading("A-SEC-3", end);
  return set === "always" || set === "ifAnyDay" ? set : terms.endMonthWhen;
}

/** SEC-55, SEC-64: the free first month is charged whole when the end falls into it too (A-SEC-7: as of the last service day). */
function endedInFirst(life: Life, month: FeeMonth, last: Day): Charged | null {
  if (life.end === null || life.end > month.to) return null;
  const day = last < life.start ? life.start : last;
  return { from: month.from, to: month.to, service: { from: life.start, to: day }, as: day, whole: "ended-in-first" };
}

/** EXP-11: the fee month of the start is charged from its first day. */
function whole(contract: Contract, life: Life, month: FeeMonth, last: LastDay, service: DayRange): Charged | null {
  const to = lastCharged(contract, life, month, last);
  return to === null
    ? null
    : { from: month.from, to, service, as: null, whole: life.start > month.from ? "first" : null };
}

const minimum = (a: Day, b: Day): Day => (a < b ? a : b);

/** Segments of one quantity and one price, in order; stretches with no quantity are left out. */
export function segmentsOf(contract: Contract, life: Life, charged: Charged, policy: Policy): Segment[] {
  const { service } = charged;
  const day = charged.as ?? (policy.recurring.change === "NONE" ? service.from : null);
  if (day !== null) return [segment(contract, life, day, charged)].filter(({ quantity }) => quantity > 0);
  const cuts = [
    service.from,
    ...life.steps.map(({ from }) => from).filter((from) => from > service.from && from <= service.to),
    ...contract.priceDays(life.item, service.from, service.to),
  ];
  const starts = cuts.length === 1 ? cuts : [...new Set(cuts)].toSorted();
  const segments: Segment[] = [];
  for (const [at, start] of starts.entries()) {
    const next = starts[at + 1];
    const range = {
      from: at === 0 ? charged.from : start,
      to: next === undefined ? charged.to : addDays(next, -1),
    };
    const made = segment(contract, life, start, range);
    const before = segments.at(-1);
    if (before !== undefined && isSame(before, made)) segments[segments.length - 1] = { ...before, to: made.to };
    else segments.push(made);
  }
  return segments.filter(({ quantity }) => quantity > 0);
}

function segment(contract: Contract, life: Life, day: Day, { from, to }: DayRange): Segment {
  const quantity = quantityOn(life, day);
  const price = quantity === 0 ? nothing : contract.price(life.item, day);
  const counts = price.amount === 0 || contract.product(life.item, price.amount, quantity, day) !== 0;
  return { from, to, quantity, price: counts ? price : nothing };
}
const nothing: UnitPrice = { amount: 0, basis: "", display: null };
const isSame = (a: Segment, b: Segment): boolean => a.quantity === b.quantity && a.price.amount === b.price.amount;

/** First day of the first fee month of a life that is charged: told as “charged from” (W-EXP-6, W-EXP-7). */
export function chargedFrom(contract: Contract, life: Life, months: readonly FeeMonth[]): Day | null {
  for (const month of months) {
    const charged = chargedIn(contract, life, month);
    if (charged !== null) return charged.from;
  }
  return null;
}

/** Whether fee months of the item follow the contract's anchor or the calendar. */
export const feeMonthKind = (contract: Contract, code: string): "anchor" | "calendar" =>
  itemTerms(contract, code)?.recurring?.feeMonth ?? "calendar";
