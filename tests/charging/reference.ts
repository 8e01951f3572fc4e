/**
 * The monthly charges, fees, sums at the end and late interest of the five services once more, read from the texts of the
 * terms and written without the engine: every single day is looked at, nothing is a table, all is BigInt. Slow on purpose:
 * it only has to be plainly right. tests/charging/differential.test.ts holds the engine against it.
 */
import type { ClaimFacts, ContractFacts, Fact, FactOf, PaymentFacts } from "@yagura/commerce/charging/facts.ts";

/** Whole yen by bill month, `YYYY-MM`. */
export interface Reckoned {
  readonly monthly: Map<string, bigint>;
  readonly once: Map<string, bigint>;
  readonly lump: Map<string, bigint>;
}
/** Price of an item on a day, without tax, where nothing is agreed. */
export type PriceOn = (item: string, on: string) => bigint;

const DAY = 86_400_000;
export const number = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
export const iso = (count: number): string => new Date(count * DAY).toISOString().slice(0, 10);
const followers = new Map<string, string>();
const next = (day: string): string => {
  const known = followers.get(day) ?? iso(number(day) + 1);
  followers.set(day, known);
  return known;
};
const previous = (day: string): string => iso(number(day) - 1);
const monthOf = (day: string): string => day.slice(0, 7);
const lengthOf = (month: string): number =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
const plusMonths = (month: string, count: number): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + count, 1)).toISOString().slice(0, 7);
const last = (month: string): string => `${month}-${String(lengthOf(month)).padStart(2, "0")}`;

/** First day of the fee month that begins in a calendar month: the anchor, or the month's last day (COM-05). */
const beginsIn = (month: string, anchor: number): string =>
  `${month}-${String(Math.min(anchor, lengthOf(month))).padStart(2, "0")}`;
const feeMonthOf = (day: string, anchor: number): string => {
  const here = beginsIn(monthOf(day), anchor);
  return here <= day ? here : beginsIn(plusMonths(monthOf(day), -1), anchor);
};
const feeMonthAfter = (first: string, anchor: number): string => beginsIn(plusMonths(monthOf(first), 1), anchor);

const only = <K extends Fact["kind"]>(facts: readonly Fact[], kind: K): FactOf<K>[] =>
  facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
const add = (into: Map<string, bigint>, month: string, amount: bigint): void => {
  if (amount !== 0n) into.set(month, (into.get(month) ?? 0n) + amount);
};
const floor = (over: bigint, under: bigint): bigint => over / under;

/** How many of an item are in use on a day: of the order from S on, or as the last change says; a removal counts at once (001 a.14(5)). */
const quantityOn = (contract: ContractFacts, item: string, S: string, day: string): bigint => {
  let [quantity, since] = [day >= S ? BigInt(contract.items[item] ?? 0) : 0n, ""];
  for (const fact of contract.facts) {
    if (fact.kind !== "quantity" && fact.kind !== "option-started" && fact.kind !== "option-ended") continue;
    if (fact.item !== item || fact.on > day || fact.on < since) continue;
    since = fact.on;
    if (fact.kind === "quantity") quantity = BigInt(fact.quantity);
    else quantity = fact.kind === "option-started" ? BigInt(fact.quantity ?? 1) : 0n;
  }
  return quantity;
};
const priceOf = (contract: ContractFacts, item: string, day: string, list: PriceOn): bigint => {
  const inForce = <T extends { on: string; item: string; until?: string }>(facts: readonly T[]): T | undefined =>
    facts.findLast((fact) => fact.item === item && fact.on <= day && (fact.until === undefined || day <= fact.until));
  const agreed = inForce(only(contract.facts, "discount")) ?? inForce(only(contract.facts, "price-agreed"));
  return agreed === undefined ? list(item, day) : BigInt(agreed.amount);
};
/** Items that may ever be charged by the month. */
const itemsOf = (contract: ContractFacts, monthly: readonly string[]): string[] =>
  monthly.filter(
    (item) =>
      contract.items[item] !== undefined ||
      contract.facts.some((fact) => "item" in fact && fact.item === item && fact.kind !== "purchase"),
  );

interface Part {
  readonly quantity: bigint;
  readonly price: bigint;
  days: number;
}
/** Charged days of a fee month, one after the other, in runs of the same quantity and price; each run is cut down once. */
function byDays(
  contract: ContractFacts,
  item: string,
  S: string,
  first: string,
  end: string,
  list: PriceOn,
  counts: (day: string) => boolean,
  relieved: ReadonlySet<string>,
): bigint {
  const parts: Part[] = [];
  let open = undefined as Part | undefined;
  for (let day = first; day < end; day = next(day)) {
    if (!counts(day)) {
      open = undefined;
      continue;
    }
    const quantity = quantityOn(contract, item, S, day);
    const price = priceOf(contract, item, day, list);
    if (open?.quantity !== quantity || open.price !== price) {
      open = { quantity, price, days: 0 };
      parts.push(open);
    }
    if (!relieved.has(day)) open.days += 1;
  }
  const length = BigInt(number(end) - number(first));
  return parts.reduce((sum, { quantity, price, days }) => sum + floor(price * quantity * BigInt(days), length), 0n);
}

const nothing = (): Reckoned => ({ monthly: new Map(), once: new Map(), lump: new Map() });
const startOf = (contract: ContractFacts): string | undefined => only(contract.facts, "started")[0]?.on;
const endOf = (contract: ContractFacts): FactOf<"cancelled"> | undefined => only(contract.facts, "cancelled")[0];

/** 000 a.20(1): whole fee months; S decides whether the first is charged (until 2023-07-31 it is). */
export function experience(contract: ContractFacts, list: PriceOn, horizon: string): Reckoned {
  const out = nothing();
  const S = startOf(contract);
  if (S === undefined) return out;
  const C = endOf(contract)?.on ?? horizon;
  const anchor = contract.anchor ?? 1;
  let first = feeMonthOf(S, anchor);
  if (S >= "2023-08-01") first = feeMonthAfter(first, anchor);
  for (; first <= C; first = feeMonthAfter(first, anchor)) {
    const end = previous(feeMonthAfter(first, anchor));
    // A price before there was a contract is nobody's: where the first month is charged whole, the price is that of S.
    const price = priceOf(contract, "agent", first < S ? S : first, list);
    add(out.monthly, monthOf(end), price * BigInt(contract.items["agent"] ?? 0));
  }
  return out;
}

const packs = ["seat-1", "seat-10", "seat-100", "seat-1000", "seat-10000"];
/** 001 a.14 and Annex 1, 2: S's month is free, unless C lies in it: then it is whole. C's day is not charged. */
export function seats(contract: ContractFacts, list: PriceOn, horizon: string): Reckoned {
  const out = nothing();
  const S = startOf(contract);
  const accepted = only(contract.facts, "accepted")[0]?.on ?? S;
  // a.14(2): asked for on acceptance, used or not.
  if (accepted !== undefined) add(out.once, monthOf(accepted), list("initial", accepted));
  if (S === undefined) return out;
  const C = endOf(contract)?.on;
  const items = itemsOf(contract, packs);
  for (const item of items) {
    if (C !== undefined && monthOf(C) === monthOf(S)) {
      const lastDay = C === S ? S : previous(C);
      add(out.monthly, monthOf(S), quantityOn(contract, item, S, lastDay) * priceOf(contract, item, lastDay, list));
      continue;
    }
    for (let month = plusMonths(monthOf(S), 1); month <= monthOf(C ?? horizon); month = plusMonths(month, 1)) {
      const end = `${plusMonths(month, 1)}-01`;
      const counts = (day: string): boolean => C === undefined || day < C;
      add(out.monthly, month, byDays(contract, item, S, `${month}-01`, end, list, counts, new Set()));
    }
  }
  return out;
}

/** 001 Annex 3: base free in S's month, later months whole; options by their own start; 11 months that have to be paid. */
export function desk(contract: ContractFacts, list: PriceOn, horizon: string): Reckoned {
  const out = nothing();
  const S = startOf(contract);
  if (S === undefined) return out;
  const cancelled = endOf(contract);
  const C = cancelled?.on;
  const charged = (month: string, end: string | undefined): boolean =>
    end === undefined ? month <= monthOf(horizon) : `${month}-01` < end;
  for (let month = plusMonths(monthOf(S), 1); charged(month, C); month = plusMonths(month, 1))
    add(out.monthly, month, priceOf(contract, "base", `${month}-01`, list));
  for (const item of ["report", "settings"]) {
    // One life after the other: from its start to its abolition, or to C.
    const starts = only(contract.facts, "option-started")
      .filter((fact) => fact.item === item)
      .map(({ on }) => on);
    if ((contract.items[item] ?? 0) > 0) starts.unshift(S);
    for (const began of starts.toSorted()) {
      const abolished = only(contract.facts, "option-ended")
        .filter((fact) => fact.item === item && fact.on >= began)
        .map(({ on }) => on)
        .toSorted()[0];
      const ended = [abolished, C].filter((day) => day !== undefined).toSorted()[0];
      if (ended !== undefined && ended < began) continue;
      if (ended !== undefined && monthOf(ended) === monthOf(began)) {
        add(out.monthly, monthOf(began), priceOf(contract, item, began, list));
        continue;
      }
      for (let month = plusMonths(monthOf(began), 1); charged(month, ended); month = plusMonths(month, 1))
        add(out.monthly, month, priceOf(contract, item, `${month}-01`, list));
    }
  }
  for (const bought of only(contract.facts, "purchase"))
    add(out.once, monthOf(bought.on), list(bought.item, bought.on) * BigInt(bought.quantity));
  // R5, R6: months of the term after the month of C, and one.
  if (cancelled !== undefined && cancelled.by !== "withdrawal") {
    const lastMonth = plusMonths(monthOf(S), 11);
    let remaining = 0n;
    for (let month = plusMonths(monthOf(cancelled.on), 1); month <= lastMonth; month = plusMonths(month, 1))
      if (month > monthOf(S)) remaining += 1n;
    if (cancelled.on <= last(lastMonth))
      add(out.lump, monthOf(cancelled.on), (remaining + 1n) * priceOf(contract, "base", cancelled.on, list));
  }
  return out;
}

/** 002 a.34: whole months after the month of the acceptance day, to the month of C. a.10(3): the provider's sum. */
export function remote(
  contract: ContractFacts,
  list: PriceOn,
  horizon: string,
  monthly: readonly string[],
  once: readonly string[],
): Reckoned {
  const out = nothing();
  const accepted = only(contract.facts, "inspected")[0]?.on;
  const cancelled = endOf(contract);
  if (accepted === undefined || (cancelled !== undefined && cancelled.on < accepted)) return out;
  for (const item of once) add(out.once, monthOf(accepted), list(item, accepted) * BigInt(contract.items[item] ?? 0));
  const until = monthOf(cancelled?.on ?? horizon);
  for (const item of itemsOf(contract, monthly)) {
    // An option of its own: from the month after its start to the month of its end, as a contract (a.9, a.34(3)).
    const starts = only(contract.facts, "option-started").filter((fact) => fact.item === item);
    const begun = starts.map((fact) => ({ on: fact.on, quantity: BigInt(fact.quantity ?? 1) }));
    const ordered = BigInt(contract.items[item] ?? 0);
    if (ordered > 0n) begun.unshift({ on: accepted, quantity: ordered });
    for (const { on, quantity } of begun) {
      const ended = only(contract.facts, "option-ended").find((fact) => fact.item === item && fact.on >= on)?.on;
      const end = ended === undefined || monthOf(ended) > until ? until : monthOf(ended);
      for (let month = plusMonths(monthOf(on), 1); month <= end; month = plusMonths(month, 1))
        add(out.monthly, month, quantity * priceOf(contract, item, `${month}-01`, list));
    }
  }
  if (cancelled?.by === "customer" && cancelled.on <= last(plusMonths(monthOf(accepted), 12)))
    add(out.lump, monthOf(cancelled.on), list("early-termination", cancelled.on));
  return out;
}

/** 003 a.19 and the price rules: S to C, both in, by the days of the fee month. */
export function sensor(contract: ContractFacts, list: PriceOn, horizon: string): Reckoned {
  const out = nothing();
  const S = startOf(contract);
  if (S === undefined) return out;
  const initial = `initial-${contract.attributes?.["sensor-type"]}`;
  add(out.once, monthOf(S), list(initial, S));
  const C = endOf(contract)?.on ?? horizon;
  const anchor = contract.anchor ?? 1;
  for (let first = feeMonthOf(S, anchor); first <= C; first = feeMonthAfter(first, anchor)) {
    const end = feeMonthAfter(first, anchor);
    const counts = (day: string): boolean => S <= day && day <= C;
    add(out.monthly, monthOf(previous(end)), byDays(contract, "basic", S, first, end, list, counts, new Set()));
  }
  return out;
}

const JST = 9 * 3_600_000;
/** 004 a.25(2)(2), a.28(3): whole units of 24 hours, each the day on which it begins. */
function relieved(contract: ContractFacts): Set<string> {
  const days = new Set<string>();
  for (const outage of only(contract.facts, "outage")) {
    if (!outage.complete || outage.cause === "customer") continue;
    const known = Date.parse(outage.knownAt);
    const restored = Date.parse(outage.restoredAt);
    for (let at = known; at + DAY <= restored; at += DAY) days.add(new Date(at + JST).toISOString().slice(0, 10));
  }
  return days;
}
/** 004 a.25, a.28: S to the day before C, one day at least; the days that are relieved are left out. */
export function gateway(contract: ContractFacts, list: PriceOn, horizon: string): Reckoned {
  const out = nothing();
  const S = startOf(contract);
  if (S === undefined || contract.attributes?.["licence"] === "attached") return out;
  const C = endOf(contract)?.on;
  const lastDay = C === undefined ? horizon : C === S ? S : previous(C);
  const anchor = contract.anchor ?? 1;
  const without = relieved(contract);
  for (let first = feeMonthOf(S, anchor); first <= lastDay; first = feeMonthAfter(first, anchor)) {
    const end = feeMonthAfter(first, anchor);
    const counts = (day: string): boolean => S <= day && day <= lastDay;
    add(out.monthly, monthOf(previous(end)), byDays(contract, "base", S, first, end, list, counts, without));
  }
  return out;
}

/**
 * 003 a.6-2, a.19: an ancillary service's whole fee, however it ends: prepaid at once; monthly by service months, those before C,
 * the days of the month of C that lie before it, and what is left in one sum. Months are counted from its first day (COM-03).
 */
export function ancillary(
  { on, months, fee, payment }: Pick<FactOf<"ancillary-started">, "on" | "months" | "fee" | "payment">,
  C: string | null,
): { readonly before: bigint; readonly rest: bigint } {
  const whole = BigInt(fee);
  const corresponding = (count: number): string => {
    const month = plusMonths(monthOf(on), count);
    return Number(on.slice(8)) > lengthOf(month) ? next(last(month)) : `${month}-${on.slice(8)}`;
  };
  if (payment === "prepaid" || C === null || C >= corresponding(months)) return { before: whole, rest: 0n };
  let full = 0;
  while (corresponding(full + 1) <= C) full += 1;
  const [from, to] = [corresponding(full), corresponding(full + 1)];
  const part = floor(whole * BigInt(number(C) - number(from)), BigInt(months) * BigInt(number(to) - number(from)));
  const before = floor(whole * BigInt(full), BigInt(months)) + part;
  return { before, rest: whole - before };
}

/** Tax of one document: the sum without tax of each rate, its tax cut down once (COM-08, COM-09). */
export function tax(
  lines: readonly { readonly on: string; readonly amount: bigint }[],
  from: readonly [string, bigint][],
): bigint {
  const sums = new Map<bigint, bigint>();
  for (const { on, amount } of lines) {
    const percent = from.findLast(([day]) => day <= on)?.[1] ?? 0n;
    sums.set(percent, (sums.get(percent) ?? 0n) + amount);
  }
  return [...sums].reduce((total, [percent, sum]) => total + floor(sum * percent, 100n), 0n);
}

export interface Lateness {
  /** Thousandths a year. */
  readonly perMille: (firstOverdue: string) => bigint;
  readonly grace: number;
  readonly paymentDay: boolean;
  readonly since: string;
}
/** 001 a.14-2, 002 a.36, 004 a.27: what is owed on each overdue day, summed, cut down once. */
export function lateness(
  rule: Lateness,
  claim: Pick<ClaimFacts, "amount" | "dueOn">,
  payments: readonly Pick<PaymentFacts, "on" | "amount">[],
  until: string,
): bigint {
  const inOrder = payments.filter(({ on }) => on <= until).toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const owedAfter = (day: string): number =>
    inOrder.reduce((left, { on, amount }) => (on <= day ? Math.max(0, left - amount) : left), claim.amount);
  // Wholly paid within the days of grace: nothing. What is still owed is reckoned as if it were paid on the last day.
  const settled = inOrder.find(({ on }) => owedAfter(on) === 0)?.on ?? until;
  if (number(settled) <= number(claim.dueOn) + rule.grace) return 0n;
  let yenDays = 0n;
  for (let day = next(claim.dueOn); day < settled || (rule.paymentDay && day === settled); day = next(day))
    if (day >= rule.since) yenDays += BigInt(owedAfter(rule.paymentDay ? previous(day) : day));
  return floor(yenDays * rule.perMille(next(claim.dueOn)), 365_000n);
}
