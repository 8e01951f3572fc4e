/**
 * Ancillary services with a contract period of their own (OST-02 to OST-06, OST-21): a fee for the whole period, prepaid in one
 * sum or paid in monthly instalments. Ended inside the period, what is left of the fee is due in one sum, so that the total never
 * changes (A-OST-2); prepaid, nothing is due and nothing comes back unless the end is the provider's fault (A-OST-7).
 */
import { addDays, daysBetween, daysIn, monthsFromFirstDay, type Day } from "@yagura/core/calendar.ts";
import { grouped, rational, times, toYen, type Yen } from "@yagura/core/yen.ts";
import type { Contract, Placed } from "./contract.ts";
import { damageClass, eventLine, holds, itemOn, type Months } from "./event-line.ts";
import { capital, enDay, enYen, jaDay, jaYen } from "./explain.ts";
import type { FactOf } from "./facts.ts";
import type { ChargeLine } from "./lines.ts";
import type { ItemTerms } from "./tables.ts";

export interface Ancillary {
  readonly at: number;
  readonly fact: FactOf<"ancillary-started">;
  /** Its period, both days in. */
  readonly from: Day;
  readonly to: Day;
  readonly end: AncillaryEnd | null;
}
export interface AncillaryEnd {
  /** The day from which the rest is counted (included). */
  readonly on: Day;
  /** The provider gave the service up: neither a.13 nor a.14 ended it, so that no rest is due (as A-SEC-8). */
  readonly withdrawn: boolean;
  readonly fault: "customer" | "provider" | "none";
  readonly approver: string | null;
}

/** Ancillary services of the contract; one that C or a fact of its own ended inside its period has an end. */
export function ancillaries(contract: Contract): Ancillary[] {
  return contract.of("ancillary-started").map(({ at, fact }: Placed<"ancillary-started">) => {
    const to = monthsFromFirstDay(fact.on, fact.months);
    return { at, fact, from: fact.on, to, end: endOf(contract, fact, to) };
  });
}

function endOf(contract: Contract, { item, on }: FactOf<"ancillary-started">, to: Day): AncillaryEnd | null {
  const own = contract.of("ancillary-ended").find(({ fact }) => fact.item === item && fact.on >= on)?.fact;
  const basic = contract.end;
  const ends: AncillaryEnd[] = [];
  if (own !== undefined)
    ends.push({ on: own.on, withdrawn: false, fault: own.fault ?? "none", approver: own.approver ?? null });
  // OST-06: the end of the basic service ends it on the same day.
  if (basic !== null && basic.on >= on)
    ends.push({ on: basic.on, withdrawn: basic.by === "withdrawal", fault: basic.fault, approver: null });
  const first = ends.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))[0];
  return first !== undefined && first.on <= to ? first : null;
}

export interface Instalment {
  readonly from: Day;
  readonly to: Day;
  readonly amount: Yen;
  readonly days: number;
  readonly whole: number;
}

/**
 * Instalments of a monthly paid period: service months from its first day, each its share of the fee so that they add up to
 * exactly the fee; of the month of the end only the days before the end, cut down.
 */
export function instalments({ fact, end }: Ancillary): Instalment[] {
  const found: Instalment[] = [];
  let from = fact.on;
  for (let month = 0; month < fact.months; month++, from = addDays(monthsFromFirstDay(fact.on, month), 1)) {
    const to = monthsFromFirstDay(fact.on, month + 1);
    if (end !== null && end.on <= from) break;
    const amount = upTo(fact, month + 1) - upTo(fact, month);
    const whole = daysIn({ from, to });
    if (end === null || end.on > to) {
      found.push({ from, to, amount, days: whole, whole });
      continue;
    }
    const days = daysBetween(from, end.on);
    const part = toYen(times(rational(fact.fee, fact.months), rational(days, whole)));
    found.push({ from, to: addDays(end.on, -1), amount: Math.min(part, amount), days, whole });
  }
  return found;
}
const upTo = ({ fee, months }: FactOf<"ancillary-started">, month: number): Yen => toYen(rational(fee * month, months));

/** What is still owed when it ends inside its period (OST-04, 05); prepaid, withdrawn or ended by the provider's fault: nothing. */
export function rest(contract: Contract, one: Ancillary): Yen {
  const { fact, from, to, end } = one;
  if (end === null || end.withdrawn || end.fault === "provider" || fact.payment === "prepaid") return 0;
  // A-OST-2, the other reading: the rest by its own days, whatever was billed before.
  if (contract.reading("A-OST-2", end.on) === "days")
    return toYen(times(rational(fact.fee), rational(daysIn({ from: end.on, to }), daysIn({ from, to }))));
  return fact.fee - instalments(one).reduce((sum, { amount }) => sum + amount, 0);
}

/** A-OST-7: the fee of the unused days when the end is the provider's fault and somebody approved it. */
export function refund({ fact, from, to, end }: Ancillary): Yen {
  if (end === null || end.fault !== "provider" || fact.payment !== "prepaid") return 0;
  return toYen(times(rational(fact.fee), rational(daysIn({ from: end.on, to }), daysIn({ from, to }))));
}

export function ancillaryLines(contract: Contract, months: Months): ChargeLine[] {
  return ancillaries(contract).flatMap((one) => {
    const ordered = one.fact.orderedOn ?? one.fact.on;
    const found = itemOn(contract, one.fact.item, ordered, `/facts/${one.at}/item`);
    if (found === null) return [];
    const frame = { contract, one, item: found.item, version: found.version };
    return [...feeLines(frame, months), ...endLines(frame, months)];
  });
}

interface Frame {
  readonly contract: Contract;
  readonly one: Ancillary;
  readonly item: ItemTerms;
  readonly version: string;
}

function feeLines({ contract, one, item, version }: Frame, months: Months): ChargeLine[] {
  const { fact, from, to } = one;
  const common = { item: fact.item, description: item.name, taxClass: item.taxClass, rule: item.rule, version };
  const inputs = { fee: fact.fee, months: fact.months, periodFrom: from, periodTo: to, payment: fact.payment };
  if (fact.payment === "prepaid") {
    if (!holds(months, fact.on)) return [];
    return [
      eventLine(contract, {
        ...common,
        key: `${fact.item}/${from}/prepaid`,
        kind: "recurring",
        on: fact.on,
        period: { from, to },
        unitPrice: fact.fee,
        amount: fact.fee,
        inputs,
        sentence: {
          ja: `「${item.name.ja}」の${jaDay(from)}から${jaDay(to)}まで${fact.months}か月分の料金を一括で前払いいただきます（${jaYen(fact.fee)}）。`,
          en: `${capital(item.name.en)} for the ${fact.months} months from ${enDay(from)} to ${enDay(to)}, paid in advance: ${enYen(fact.fee)}.`,
        },
      }),
    ];
  }
  return instalments(one)
    .filter((part) => holds(months, part.to) && part.days > 0)
    .map((part) =>
      eventLine(contract, {
        ...common,
        key: `${fact.item}/${from}/${part.from}`,
        kind: "recurring",
        on: part.to,
        period: { from: part.from, to: part.to },
        unitPrice: fact.fee,
        amount: part.amount,
        inputs: { ...inputs, days: part.days, daysOfMonth: part.whole },
        formula:
          part.days === part.whole
            ? `${grouped(fact.fee)} ÷ ${fact.months} = ${grouped(part.amount)}`
            : `floor(${grouped(fact.fee)} ÷ ${fact.months} × ${part.days} ÷ ${part.whole}) = ${grouped(part.amount)}`,
        sentence: {
          ja: `「${item.name.ja}」（契約期間 ${fact.months}か月、総額 ${jaYen(fact.fee)}）の${jaDay(part.from)}から${jaDay(part.to)}までの分です（${jaYen(part.amount)}）。`,
          en: `${capital(item.name.en)} (${enYen(fact.fee)} for ${fact.months} months), the part from ${enDay(part.from)} to ${enDay(part.to)}: ${enYen(part.amount)}.`,
        },
      }),
    );
}

function endLines({ contract, one, item, version }: Frame, months: Months): ChargeLine[] {
  const { fact, to, end } = one;
  if (end === null || !holds(months, end.on)) return [];
  const owed = rest(contract, one);
  const back = end.approver === null ? 0 : refund(one);
  if (owed === 0 && back === 0) return [];
  const amount = owed > 0 ? owed : -back;
  const byDays = contract.reading("A-OST-2", end.on) === "days";
  const billed = fact.fee - owed;
  const share = `${grouped(fact.fee)} × ${daysIn({ from: end.on, to })} ÷ ${daysIn({ from: one.from, to })}`;
  return [
    eventLine(contract, {
      key: `${fact.item}/${fact.on}/${owed > 0 ? "rest" : "refund"}`,
      kind: owed > 0 ? "early-termination" : "refund",
      item: fact.item,
      description: item.name,
      on: end.on,
      period: { from: end.on, to },
      unitPrice: fact.fee,
      amount,
      taxClass: owed > 0 ? damageClass(contract, end.on) : item.taxClass,
      rule: owed > 0 ? "OST-04" : "OST-05",
      version,
      basis: owed > 0 ? [`reading A-OST-2: ${byDays ? "days" : "remainder"}`] : [`approved: ${end.approver ?? ""}`],
      inputs: { fee: fact.fee, endedOn: end.on, periodTo: to },
      formula:
        owed > 0
          ? byDays
            ? `floor(${share}) = ${grouped(owed)}`
            : `${grouped(fact.fee)} − ${grouped(billed)} = ${grouped(owed)}`
          : `−floor(${share}) = −${grouped(back)}`,
      sentence:
        owed > 0
          ? {
              ja: `「${item.name.ja}」が契約期間（${jaDay(to)}まで）の途中で終了するため、残りの期間の料金 ${jaYen(owed)}を一括でお支払いいただきます。`,
              en: `${capital(item.name.en)} ends within its contract period (until ${enDay(to)}): what is left of its fee is due in one sum, ${enYen(owed)}.`,
            }
          : {
              ja: `「${item.name.ja}」が当社の責めに帰すべき事由により終了したため、未利用期間分 ${jaYen(back)}をお返しします。`,
              en: `${capital(item.name.en)} ended through the provider's fault: ${enYen(back)} for the days not used is returned.`,
            },
    }),
  ];
}
