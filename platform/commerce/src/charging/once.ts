/** Fees asked for once per contract: on acceptance, on the start, or when the work was inspected (SEC-31, OST-12, RNS-60). */
import { monthOf, type Day } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Contract } from "./contract.ts";
import { dueBy } from "./due.ts";
import { eventLine, holds, type Months } from "./event-line.ts";
import type { TermsOn } from "./index.ts";
import { capital, enDay, enYen, jaDay, jaYen, times } from "./explain.ts";
import type { ChargeLine } from "./lines.ts";
import type { ItemTerms, OnceTerms, Promotion } from "./tables.ts";

const usual: OnceTerms = { at: "acceptance", automatic: false };
/** Kinds that an order may name without a fact of their own. */
const orderable: ReadonlySet<ItemTerms["kind"]> = new Set(["initial", "one-off", "ticket"]);

export function onceLines(contract: Contract, months: Months): ChargeLine[] {
  const lines: ChargeLine[] = [];
  for (const day of new Set([contract.acceptedOn, contract.startedOn, contract.inspectedOn])) {
    if (day === null || !holds(months, day)) continue;
    const terms = contract.termsOn(day);
    if (terms === null) continue;
    for (const [code, item] of Object.entries(terms.plan.items))
      lines.push(...itemLines(contract, terms, code, item, day));
  }
  return lines;
}

function dayOf(contract: Contract, { at }: OnceTerms): Day | null {
  if (at === "inspection") return contract.inspectedOn;
  return at === "start" ? contract.startedOn : contract.acceptedOn;
}

function itemLines(contract: Contract, terms: TermsOn, code: string, item: ItemTerms, day: Day): ChargeLine[] {
  if (item.recurring !== undefined || !orderable.has(item.kind)) return [];
  const once = item.once ?? usual;
  if (dayOf(contract, once) !== day) return [];
  if (item.when !== undefined && contract.attribute(item.when.attribute, day) !== item.when.value) return [];
  const quantity = contract.facts.items[code] ?? (once.automatic ? 1 : 0);
  if (quantity === 0) return [];
  const price = contract.price(code, day);
  const amount = contract.product(code, price.amount, quantity, day);
  const dueOn = once.due === undefined ? null : dueBy(once.due, monthOf(day));
  const line = eventLine(contract, {
    key: `${code}/once`,
    kind: "one-off",
    item: code,
    description: item.name,
    on: day,
    quantity,
    unitPrice: price.amount,
    amount,
    taxClass: item.taxClass,
    dueOn,
    rule: item.rule,
    version: terms.version,
    basis: price.basis === "" ? [] : [price.basis],
    sentence: {
      ja: `「${item.name.ja}」${times(quantity).ja}です。${jaDay(day)}に生じる、ご契約ごとに1回限りの料金です（${jaYen(amount)}）。`,
      en: `${capital(item.name.en)}${times(quantity).en}, asked for once, on ${enDay(day)}: ${enYen(amount)}.`,
    },
  });
  const promotion = terms.plan.promotions?.find((one) => one.item === code && isMet(contract, one));
  return promotion === undefined ? [line] : [line, promotionLine(contract, line, promotion)];
}

/** SEC-57: applied for in the range, accepted, and in use by the day: all three. */
function isMet(contract: Contract, { appliedFrom, appliedTo, startedBy }: Promotion): boolean {
  const applied = contract.first("applied")?.on;
  const started = contract.startedOn;
  return (
    applied !== undefined &&
    appliedFrom <= applied &&
    applied <= appliedTo &&
    contract.first("accepted") !== undefined &&
    started !== null &&
    started <= startedBy
  );
}

function promotionLine(
  contract: Contract,
  line: ChargeLine,
  { rule, appliedFrom, appliedTo, startedBy }: Promotion,
): ChargeLine {
  return {
    ...line,
    key: `${line.key}/waiver`,
    kind: "waiver",
    amount: -line.amount,
    why: {
      rule,
      version: line.why.version,
      basis: [`${appliedFrom}/${appliedTo}`],
      inputs: { appliedOn: contract.first("applied")?.on ?? "", startedOn: contract.startedOn ?? "", startedBy },
      formula: `−${grouped(line.amount)}`,
      sentence: {
        ja: `${jaDay(appliedFrom)}から${jaDay(appliedTo)}までにお申し込みいただき、${jaDay(startedBy)}までにご利用を開始されたため、この料金は請求しません。`,
        en: `Applied for between ${enDay(appliedFrom)} and ${enDay(appliedTo)} and in use by ${enDay(startedBy)}: this fee is not charged.`,
      },
    },
  };
}
