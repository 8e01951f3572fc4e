/**
 * Late interest (COM-12, matrix 7.2): from the day after the due date to the day before payment, or to the day itself; per
 * stretch of one unpaid sum, added up exactly on a year of 365 days, cut down once per claim. And in which order payments are
 * applied (COM-13).
 */
import { addDays, daysBetween, type Day } from "@yagura/core/calendar.ts";
import { grouped, plus, rate, rational, times, toYen, zero, type Rational, type Yen } from "@yagura/core/yen.ts";
import { enDay, enYen, jaDay, jaYen } from "./explain.ts";
import type { ClaimFacts, PaymentFacts } from "./facts.ts";
import { index, own } from "./index.ts";
import { FactsInvalid, type Issue } from "./issues.ts";
import type { Interest } from "./lines.ts";
import type { InterestTerms, Tables } from "./tables.ts";

/** A payment on one claim. */
export interface Paid {
  readonly on: Day;
  readonly amount: Yen;
}
interface Stretch {
  readonly from: Day;
  readonly to: Day;
  readonly days: number;
  readonly base: Yen;
}

/**
 * Interest of a claim with what was paid on it; what is still unpaid is taken as paid on `until`. Null when none is owed: paid
 * in time or within the days of grace, interest is switched off, or the claim is late interest itself. The rule of each overdue
 * day decides (COM-02); the statutory rate is that of the first overdue day (UTM-42). FactsInvalid when terms or rate are missing.
 */
export function lateInterest(
  tables: Tables,
  claim: ClaimFacts,
  payments: readonly Paid[],
  until: Day,
): Interest | null {
  if (claim.bearsInterest === false || claim.amount === 0) return null;
  const first = addDays(claim.dueOn, 1);
  const settledOn = settled(claim, payments) ?? until;
  if (settledOn <= claim.dueOn) return null;
  const terms = termsOn(tables, claim, first);
  if (terms === null || settledOn <= addDays(claim.dueOn, terms.graceDays)) return null;
  const yearly = rateOf(tables, claim, terms, first);
  const segments = stretches(tables, claim, payments, { first, settledOn });
  if (segments.length === 0) return null;
  const exact = segments.reduce<Rational>(
    (sum, { base, days }) => plus(sum, times(times(rational(base), rational(days, terms.yearDays)), rate(yearly))),
    zero,
  );
  const amount = toYen(exact);
  const days = segments.reduce((sum, one) => sum + one.days, 0);
  return {
    claim: claim.claim,
    amount,
    rule: terms.rule,
    rate: yearly,
    alone: terms.alone,
    segments,
    formula: `floor((${segments.map(({ base, days: count }) => `${grouped(base)} × ${count}`).join(" + ")}) × ${yearly} ÷ ${terms.yearDays}) = ${grouped(amount)}`,
    sentence: {
      ja: `お支払期限（${jaDay(claim.dueOn)}）を過ぎた${days}日分の遅延損害金です（年 ${yearly}、1円未満切り捨てで ${jaYen(amount)}）。`,
      en: `Late interest for ${days} days after the due date ${enDay(claim.dueOn)} at ${yearly} a year, fractions of a yen cut: ${enYen(amount)}.`,
    },
  };
}

/** The day on which the last yen was paid, or null. */
function settled({ amount }: ClaimFacts, payments: readonly Paid[]): Day | null {
  let left = amount;
  for (const payment of inOrder(payments)) {
    left -= payment.amount;
    if (left <= 0) return payment.on;
  }
  return null;
}

const inOrder = (payments: readonly Paid[]): Paid[] =>
  payments.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));

/**
 * Stretches of days with one unpaid sum, only days on which a rule bears interest. Grace is for the claim: where it is not wholly
 * paid in time, a part that was paid within those days bears interest too, to the day before its payment (COM-12).
 */
function stretches(
  tables: Tables,
  claim: ClaimFacts,
  payments: readonly Paid[],
  { first, settledOn }: { first: Day; settledOn: Day },
): Stretch[] {
  const found: Stretch[] = [];
  const byDay = new Map<Day, Yen>();
  for (const { on, amount } of payments) byDay.set(on, (byDay.get(on) ?? 0) + amount);
  let left = claim.amount;
  for (const { on, amount } of inOrder(payments)) if (on < first) left -= amount;
  const days = [...new Set([...byDay.keys(), settledOn])].filter((day) => day >= first && day <= settledOn).toSorted();
  let from = first;
  for (const day of days) {
    const included = termsOn(tables, claim, day)?.paymentDay === "included";
    const to = included ? day : addDays(day, -1);
    if (from <= to && left > 0) found.push(...bearing(tables, claim, { from, to, days: 0, base: left }));
    if (from <= to) from = addDays(to, 1);
    left -= byDay.get(day) ?? 0;
  }
  return found;
}

/** The part of a stretch in which a rule bears interest (SEC-41), split where the terms change. */
function bearing(tables: Tables, claim: ClaimFacts, { from, to, base }: Stretch): Stretch[] {
  const cuts = index(tables)
    .versions(claim.service)
    .flatMap((version) => (version.from !== null && version.from > from && version.from <= to ? [version.from] : []));
  const starts = [...new Set([from, ...cuts])].toSorted();
  const found: Stretch[] = [];
  for (const [at, start] of starts.entries()) {
    const next = starts[at + 1];
    const last = next === undefined ? to : addDays(next, -1);
    const terms = termsOn(tables, claim, start);
    if (terms === null) continue;
    const since = terms.since !== null && terms.since > start ? terms.since : start;
    if (since > last) continue;
    const before = found.at(-1);
    if (before !== undefined && addDays(before.to, 1) === since)
      found[found.length - 1] = { ...before, to: last, days: daysBetween(before.from, last) + 1 };
    else found.push({ from: since, to: last, days: daysBetween(since, last) + 1, base });
  }
  return found;
}

/** Interest terms of a day: of the provider's setting `late-interest` where the service's terms leave it open (matrix 7.2). */
function termsOn(tables: Tables, { service, plan }: ClaimFacts, day: Day): InterestTerms | null {
  const version = index(tables).terms(service, day);
  const terms = own(version?.plans, plan);
  if (terms === undefined)
    throw refuse({
      pointer: "/tables/terms",
      text: {
        en: `No terms of ${service}/${plan} are known on ${day}, so that late interest of that day cannot be computed.`,
        ja: `${day} に有効な ${service}/${plan} の約款が分からないため、その日の遅延損害金を計算できません。`,
      },
    });
  if (terms.interest !== null) return terms.interest;
  return settingOf(index(tables).setting(service, "late-interest", day));
}

/**
 * The setting `late-interest`: `off`, or the provider's own column of matrix 7.2, of which the rate is enough: from the day after
 * the due date to the day before payment, no grace, 365.
 */
function settingOf(value: unknown): InterestTerms | null {
  if (typeof value !== "object" || value === null || !("rate" in value) || typeof value.rate !== "string") return null;
  const own = value as Partial<InterestTerms>;
  return {
    rule: own.rule ?? "A-OST-4",
    rate: value.rate,
    paymentDay: own.paymentDay ?? "excluded",
    graceDays: own.graceDays ?? 0,
    yearDays: 365,
    since: own.since ?? null,
    alone: own.alone ?? true,
  };
}

function rateOf(tables: Tables, { claim }: ClaimFacts, terms: InterestTerms, first: Day): string {
  if (terms.rate !== "statutory") return terms.rate;
  const found = index(tables).statutoryRate(first);
  if (found !== undefined) return found;
  throw refuse({
    pointer: "/tables/statutoryRates",
    text: {
      en: `No statutory rate is in force on ${first}, the first overdue day of the claim “${claim}”. Enter the rate of that day.`,
      ja: `債権「${claim}」の遅延の初日 ${first} に有効な法定利率がありません。その日の利率を登録してください。`,
    },
  });
}

const refuse = (issue: Issue): FactsInvalid => new FactsInvalid("late interest", [issue]);

/** So much of a payment on a claim. */
export interface Allocated {
  /** Place of the payment in the list that was given. */
  readonly payment: number;
  readonly claim: string;
  readonly amount: Yen;
}

/**
 * Applies payments in order of day: to the claim that the remittance names, else to the oldest due date first (COM-13). What a
 * named claim does not need goes on to the others; what no claim needs is applied to none, and is not a charge (RNS-63).
 */
export function allocate(
  claims: readonly Pick<ClaimFacts, "claim" | "amount" | "dueOn">[],
  payments: readonly PaymentFacts[],
): Allocated[] {
  const byDue = claims.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
  const left = new Map(claims.map(({ claim, amount }) => [claim, amount]));
  const found: Allocated[] = [];
  const byDay = [...payments.entries()].toSorted(([, a], [, b]) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  // Claims before this place are settled: a customer's thousand payments never look at them again.
  let first = 0;
  for (const [payment, { amount, claim: named }] of byDay) {
    let rest = amount;
    const give = (claim: string): void => {
      const part = Math.min(rest, left.get(claim) ?? 0);
      if (part === 0) return;
      found.push({ payment, claim, amount: part });
      left.set(claim, (left.get(claim) ?? 0) - part);
      rest -= part;
    };
    if (named !== undefined) give(named);
    for (let at = first; at < byDue.length; at++) {
      const next = byDue[at];
      if (rest === 0 || next === undefined) break;
      give(next.claim);
    }
    while (first < byDue.length && (left.get(byDue[first]?.claim ?? "") ?? 0) === 0) first++;
  }
  return found;
}
