/** Minimum terms and the sum that an end inside them costs (SEC-65 to SEC-68, RNS-12). */
import { monthOf, monthsFromFirstDay, nextMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Contract, End } from "./contract.ts";
import { dueBy } from "./due.ts";
import { damageClass, eventLine, holds, type Months } from "./event-line.ts";
import { enDay, enYen, jaDay, jaYen } from "./explain.ts";
import type { ChargeLine } from "./lines.ts";
import { itemTerms, lives, quantityOn } from "./lives.ts";
import type { EarlyTermination, MinimumTerm, Text } from "./tables.ts";

export interface Term {
  readonly terms: MinimumTerm;
  readonly version: string;
  readonly from: Day;
  readonly to: Day;
}

/** The minimum term by the terms of a day (C, or the day asked about): from the 1st of the month after S or the inspection. */
export function minimumTerm(contract: Contract, day: Day): Term | null {
  const terms = contract.knownTermsOn(day);
  const minimum = terms?.plan.minimumTerm;
  if (terms === null || minimum === undefined) return null;
  const after = minimum.after === "acceptance" ? contract.inspectedOn : contract.startedOn;
  if (after === null) return null;
  const from = `${nextMonth(monthOf(after))}-01`;
  return { terms: minimum, version: terms.version, from, to: monthsFromFirstDay(from, minimum.months) };
}

/** Whole months of the term after the month of C. */
export const remainingMonths = ({ from, to }: Term, end: Day): number => {
  const first = nextMonth(monthOf(end)) < monthOf(from) ? monthOf(from) : nextMonth(monthOf(end));
  return Math.max(0, monthsBetween(first, monthOf(to)) + 1);
};
const monthsBetween = (from: YearMonth, to: YearMonth): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5)) - Number(from.slice(5));

/** A-SEC-8: whoever ends it, unless the service is withdrawn; RNS-12 names who. Ends without anybody's will cost nothing. */
const usually: readonly End["by"][] = ["customer", "provider"];

export function earlyTerminationLines(contract: Contract, months: Months): ChargeLine[] {
  const end = contract.end;
  if (end === null || !holds(months, end.on)) return [];
  const terms = contract.termsOn(end.on);
  if (terms?.plan.minimumTerm === undefined) return [];
  const term = minimumTerm(contract, end.on);
  if (term === null || end.on > term.to) return [];
  const after = term.terms.after === "acceptance" ? contract.inspectedOn : contract.startedOn;
  if (after === null || end.on < after) return [];
  const { early } = term.terms;
  if (!(early.by ?? usually).includes(end.by)) return [];
  const line = lump(contract, term, early, end);
  return line.quantity === 0 && early.kind === "remaining-months" ? [] : [line];
}

function lump(contract: Contract, term: Term, early: EarlyTermination, end: End): ChargeLine {
  const { unit, count, left, quantity, basis } = sumOf(contract, term, early, end.on);
  const amount = contract.product(early.item, unit, quantity * count, end.on);
  const byMonths = early.kind === "remaining-months" || count !== 1;
  return eventLine(contract, {
    key: `early-termination/${early.item}`,
    kind: "early-termination",
    item: early.item,
    description: { ja: "最低利用期間内の解約に伴う一括金", en: "Sum for an end within the minimum term" },
    on: end.on,
    quantity: quantity * count,
    unitPrice: unit,
    amount,
    taxClass: damageClass(contract, end.on),
    dueOn: early.due === undefined ? null : dueBy(early.due, monthOf(end.on)),
    rule: early.rule,
    version: term.version,
    basis: [...basis, `reading A-COM-3: ${damageClass(contract, end.on)}`],
    inputs: { minimumTermFrom: term.from, minimumTermTo: term.to, remainingMonths: left, months: count },
    formula:
      early.kind === "remaining-months"
        ? `${grouped(unit)} × ${quantity === 1 ? "" : `${quantity} × `}(${left} + ${early.plus}) = ${grouped(amount)}`
        : byMonths
          ? `${grouped(unit)} × ${count} = ${grouped(amount)}`
          : grouped(amount),
    sentence: {
      ja: `最低利用期間は${jaDay(term.to)}までです。その途中で契約が終了するため、${reckoned(early, byMonths, left).ja}一括金 ${jaYen(amount)}をお支払いいただきます。`,
      en: `The minimum term lasts until ${enDay(term.to)}. The contract ends within it, so a sum${reckoned(early, byMonths, left).en} is due: ${enYen(amount)}.`,
    },
  });
}

/** How the sum is found, in words. */
function reckoned(early: EarlyTermination, byMonths: boolean, left: number): Text {
  if (early.kind === "remaining-months")
    return {
      ja: `残り${left}か月に${early.plus}か月を加えた${left + early.plus}か月分に当たる`,
      en: ` of ${left + early.plus} × the monthly fee (months left: ${left}, and ${early.plus} more)`,
    };
  return byMonths
    ? { ja: `残り${left}か月分の月額料金に当たる`, en: ` of the monthly fees of the ${left} months left` }
    : { ja: "定められた", en: " set by the provider" };
}

interface Sum {
  readonly unit: number;
  readonly quantity: number;
  readonly count: number;
  readonly left: number;
  readonly basis: readonly string[];
}

function sumOf(contract: Contract, term: Term, early: EarlyTermination, end: Day): Sum {
  const left = remainingMonths(term, end);
  if (early.kind === "remaining-months") {
    const price = contract.price(early.item, end, false);
    const life = lives(contract).find(({ item }) => item === early.item);
    const quantity = life === undefined ? 0 : quantityOn(life, end);
    return { unit: price.amount, quantity, count: left + early.plus, left, basis: [price.basis] };
  }
  if (methodOf(contract, end) === "remaining-months") {
    const unit = monthlyFees(contract, end);
    return { unit, quantity: 1, count: left, left, basis: ["setting cancellation-charge: remaining-months"] };
  }
  const price = contract.price(early.item, end, false);
  return { unit: price.amount, quantity: 1, count: 1, left, basis: [price.basis] };
}

function methodOf(contract: Contract, day: Day): unknown {
  const set = contract.setting("cancellation-charge", day);
  return typeof set === "object" && set !== null && "method" in set ? set.method : set;
}

/** Sum of the monthly fees in use on a day, whole months, without discounts. */
export function monthlyFees(contract: Contract, day: Day, kinds?: readonly string[]): number {
  let total = 0;
  for (const life of lives(contract)) {
    const kind = itemTerms(contract, life.item)?.kind;
    if (kinds !== undefined && !kinds.includes(kind ?? "")) continue;
    if (life.start > day || (life.end !== null && day > life.end)) continue;
    const quantity = quantityOn(life, day);
    if (quantity > 0) total += quantity * contract.price(life.item, day, false).amount;
  }
  return total;
}
