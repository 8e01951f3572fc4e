/** A line for something that happened on a day: how all of them are put together. */
import { firstOfMonth, monthOf, type Day, type DayRange, type YearMonth } from "@yagura/core/calendar.ts";
import { grouped, type Yen } from "@yagura/core/yen.ts";
import type { Contract } from "./contract.ts";
import type { ChargeLine, LineKind } from "./lines.ts";
import type { ItemTerms, TaxClass, Text } from "./tables.ts";

/** The months asked for: an event outside bears no line and needs no price. */
export interface Months {
  readonly from: YearMonth;
  readonly to: YearMonth;
}
export const holds = ({ from, to }: Months, day: Day): boolean => {
  const month = monthOf(day);
  return from <= month && month <= to;
};

export interface EventLine {
  /** Unique among the events of the contract. */
  readonly key: string;
  readonly kind: LineKind;
  readonly item: string;
  readonly description: Text;
  readonly on: Day;
  /** Absent: the day itself. */
  readonly period?: DayRange;
  readonly quantity?: number;
  readonly unitPrice: Yen;
  readonly amount: Yen;
  readonly taxClass: TaxClass;
  readonly dueOn?: Day | null;
  readonly rule: string;
  readonly version: string;
  readonly basis?: readonly string[];
  readonly inputs?: Readonly<Record<string, string | number | boolean>>;
  readonly formula?: string;
  readonly sentence: Text;
}

export function eventLine({ facts }: Contract, event: EventLine): ChargeLine {
  const quantity = event.quantity ?? 1;
  return {
    key: event.key,
    contract: facts.contract,
    service: facts.service,
    plan: facts.plan,
    kind: event.kind,
    item: event.item,
    description: event.description,
    feeMonth: firstOfMonth(event.on),
    billMonth: monthOf(event.on),
    period: event.period ?? { from: event.on, to: event.on },
    quantity,
    unitPrice: event.unitPrice,
    amount: event.amount,
    taxClass: event.taxClass,
    supplyOn: event.on,
    dueOn: event.dueOn ?? null,
    why: {
      rule: event.rule,
      version: event.version,
      basis: event.basis ?? [],
      inputs: { on: event.on, unitPrice: event.unitPrice, quantity, ...event.inputs },
      formula: event.formula ?? `${grouped(event.unitPrice)} × ${quantity} = ${grouped(event.amount)}`,
      sentence: event.sentence,
    },
  };
}

/** An item that the terms of the day must have; null after an issue was noted. */
export function itemOn(
  contract: Contract,
  code: string,
  day: Day,
  pointer: string,
): { readonly item: ItemTerms; readonly version: string } | null {
  const terms = contract.termsOn(day);
  if (terms === null) return null;
  const item = terms.plan.items[code];
  if (item !== undefined) return { item, version: terms.version };
  if (contract.isByDateOnly(day)) {
    contract.refuseItem(code, day);
    return null;
  }
  const known = Object.keys(terms.plan.items).toSorted().join(", ");
  contract.issue(pointer, {
    en: `The plan “${contract.facts.plan}” has no item “${code}” on ${day} (terms ${terms.version}). It has: ${known}.`,
    ja: `プラン「${contract.facts.plan}」には、${day} 時点（約款 ${terms.version}）で「${code}」という品目がありません。指定できる品目: ${known}`,
  });
  return null;
}

/** A-COM-3: the tax class of lumps, damages and unreturned equipment is a setting; out of scope unless set. */
export function damageClass(contract: Contract, day: Day): TaxClass {
  const set = contract.reading("A-COM-3", day);
  return set === "taxable" || set === "exempt" ? set : "out-of-scope";
}
