/** One-off lines: what was bought, issued, visited, damaged, evaded or billed too low. Each fact makes its own line. */
import { lastOfMonth, monthOf } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Contract } from "./contract.ts";
import { damageClass, eventLine, holds, itemOn, type Months } from "./event-line.ts";
import { capital, enDay, enYen, jaDay, jaYen, times } from "./explain.ts";
import type { FactKind, FactOf } from "./facts.ts";
import { feeMonthHolding, feeMonths } from "./fee-months.ts";
import type { ChargeLine, LineKind } from "./lines.ts";
import type { Text } from "./tables.ts";

export function eventLines(contract: Contract, months: Months): ChargeLine[] {
  return [
    ...purchases(contract, months),
    ...documents(contract, months),
    ...billFees(contract, months),
    ...visits(contract, months),
    ...claims(contract, months),
    ...evasions(contract, months),
    ...underbillings(contract, months),
  ];
}

interface Priced {
  readonly key: string;
  readonly pointer: string;
  readonly code: string;
  readonly on: string;
  readonly quantity: number;
  readonly kind: LineKind;
  /** Rule of the occasion; absent: the rule of the price. */
  readonly rule?: string;
  readonly because: Text;
}

/** An item of the price book, so many times. */
function priced(contract: Contract, one: Priced): ChargeLine[] {
  const found = itemOn(contract, one.code, one.on, one.pointer);
  if (found === null || one.quantity === 0) return [];
  const price = contract.price(one.code, one.on);
  const amount = contract.product(one.code, price.amount, one.quantity, one.on);
  const name = found.item.name;
  return [
    eventLine(contract, {
      key: one.key,
      kind: one.kind,
      item: one.code,
      description: name,
      on: one.on,
      quantity: one.quantity,
      unitPrice: price.amount,
      amount,
      taxClass: one.kind === "damage" ? damageClass(contract, one.on) : found.item.taxClass,
      rule: one.rule ?? found.item.rule,
      version: found.version,
      basis: price.basis === "" ? [] : [price.basis],
      sentence: {
        ja: `「${name.ja}」${times(one.quantity).ja}です。${one.because.ja}、${jaYen(amount)}を請求します。`,
        en: `${capital(name.en)}${times(one.quantity).en}: ${one.because.en} (${enYen(amount)}).`,
      },
    }),
  ];
}
export { priced as pricedLines };

const purchases = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("purchase").flatMap(({ fact, at }) =>
    holds(months, fact.on)
      ? priced(contract, {
          key: `${fact.item}/bought/${fact.on}/${nth(contract, "purchase", at)}`,
          pointer: `/facts/${at}/item`,
          code: fact.item,
          on: fact.on,
          quantity: fact.quantity,
          kind: "one-off",
          because: { ja: `${jaDay(fact.on)}のご購入分として`, en: `bought on ${enDay(fact.on)}` },
        })
      : [],
  );

/** UTM-56, 57, SEC-25: the fee, and the postage as it was paid (passed on, so out of the scope of tax). */
const documents = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("document-issued").flatMap(({ fact, at }) => {
    if (!holds(months, fact.on)) return [];
    const key = `${fact.item}/issued/${fact.on}/${nth(contract, "document-issued", at)}`;
    const lines = priced(contract, {
      key,
      pointer: `/facts/${at}/item`,
      code: fact.item,
      on: fact.on,
      quantity: 1,
      kind: "document",
      because: { ja: `${jaDay(fact.on)}の発行分として`, en: `issued on ${enDay(fact.on)}` },
    });
    const [fee] = lines;
    if (fee === undefined || fact.postage === 0) return lines;
    const postage = eventLine(contract, {
      key: `${key}/postage`,
      kind: "document",
      item: fact.item,
      description: { ja: "郵送料（実費）", en: "Postage as paid" },
      on: fact.on,
      unitPrice: fact.postage,
      amount: fact.postage,
      taxClass: "out-of-scope",
      rule: fee.why.rule,
      version: fee.why.version,
      sentence: {
        ja: `書類の郵送に要した実費 ${jaYen(fact.postage)}です。`,
        en: `What posting the document cost: ${enYen(fact.postage)}.`,
      },
    });
    return [...lines, postage];
  });

/** UTM-54, 55: fees for issuing a bill, by its form; the first fee months are free, and so are the kinds of contract named. */
const billFees = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("bill-issued").flatMap(({ fact, at }) => {
    if (!holds(months, fact.on)) return [];
    const fees = contract.termsOn(fact.on)?.plan.billFees;
    if (fees === undefined || !areBillFeesDue(contract, fact)) return [];
    return fees.items[fact.form].flatMap((code) =>
      priced(contract, {
        key: `${code}/${fact.on}/${nth(contract, "bill-issued", at)}`,
        pointer: `/facts/${at}/form`,
        code,
        on: fact.on,
        quantity: 1,
        kind: "document",
        rule: fees.rule,
        because: {
          ja: `${jaDay(fact.on)}に発行した請求書等の分として`,
          en: `for the bill issued on ${enDay(fact.on)}`,
        },
      }),
    );
  });

/** Whether a bill issued then bears fees. */
export function areBillFeesDue(contract: Contract, { on }: FactOf<"bill-issued">): boolean {
  const fees = contract.knownTermsOn(on)?.plan.billFees;
  const started = contract.startedOn;
  if (fees === undefined || started === null || on < started) return false;
  const has = ({ attribute, value }: { attribute: string; value: string }): boolean =>
    contract.attribute(attribute, on) === value;
  if (!has(fees.when) || fees.notWhen.some(has)) return false;
  // A bill is about the fee months that end in its month; those about the first ones are free (A-UTM-17).
  const first = feeMonthHolding(contract.facts, "anchor", started);
  const month = monthOf(on);
  if (month <= first.billMonth) return fees.freeMonths === 0;
  const passed = feeMonths(contract.facts, "anchor", first.billMonth, month).filter(
    ({ from, billMonth }) => from >= first.from && billMonth < month,
  ).length;
  return passed >= fees.freeMonths;
}

/** RNS-62, A-RNS-8: far and long, or an outlying island. */
export function bearsSurcharge(
  contract: Contract,
  { on, kilometres, hours, outlyingIsland }: FactOf<"visit">,
): boolean {
  const terms = contract.knownTermsOn(on)?.plan.visitSurcharge;
  if (terms === undefined) return false;
  return (kilometres >= terms.kilometres && hours >= terms.hours) || (terms.outlyingIslands && outlyingIsland);
}

const visits = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("visit").flatMap(({ fact, at }) => {
    const terms = holds(months, fact.on) ? contract.termsOn(fact.on)?.plan.visitSurcharge : undefined;
    if (terms === undefined || !bearsSurcharge(contract, fact)) return [];
    return priced(contract, {
      key: `${terms.item}/${fact.on}/${nth(contract, "visit", at)}`,
      pointer: `/facts/${at}`,
      code: terms.item,
      on: fact.on,
      quantity: 1,
      kind: "surcharge",
      rule: terms.rule,
      because: fact.outlyingIsland
        ? { ja: `${jaDay(fact.on)}の離島への訪問分として`, en: `visit to an outlying island on ${enDay(fact.on)}` }
        : {
            ja: `${jaDay(fact.on)}の遠隔地（片道${fact.kilometres}km・${fact.hours}時間）への訪問分として`,
            en: `visit on ${enDay(fact.on)} to a place ${fact.kilometres} km and ${fact.hours} hours away`,
          },
    });
  });

/** Sums entered by hand with evidence: damages, repair, costs (SEC-08, SEC-21, RNS-11, RNS-13). */
const claims = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("claim").flatMap(({ fact, at }) => {
    const terms = holds(months, fact.on) ? contract.termsOn(fact.on) : null;
    if (terms === null) return [];
    return [
      eventLine(contract, {
        key: `claim/${fact.on}/${nth(contract, "claim", at)}`,
        kind: "damage",
        item: "claim",
        description: { ja: fact.description, en: fact.description },
        on: fact.on,
        unitPrice: fact.amount,
        amount: fact.amount,
        taxClass: fact.taxClass ?? damageClass(contract, fact.on),
        dueOn: fact.dueOn ?? null,
        rule: fact.rule ?? terms.plan.beforeAcceptance?.rule ?? "COM-18",
        version: terms.version,
        basis: fact.approver === undefined ? [] : [`approved: ${fact.approver}`],
        sentence: {
          ja: `${fact.description}として、${jaYen(fact.amount)}を請求します（${jaDay(fact.on)}）。`,
          en: `${fact.description}: ${enYen(fact.amount)}, owed since ${enDay(fact.on)}.`,
        },
      }),
    ];
  });

/** UTM-40: what was evaded, and a multiple of it without tax; tax on both where the item is taxed. */
const evasions = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("evasion").flatMap(({ fact, at }) => {
    const terms = holds(months, fact.on) ? contract.termsOn(fact.on) : null;
    const rule = terms?.plan.evasion;
    if (terms === null) return [];
    if (rule === undefined) {
      contract.issue(`/facts/${at}/kind`, {
        en: `The terms ${terms.version} have no rule for evaded charges. Enter what is owed as a “claim”, with its evidence.`,
        ja: `約款 ${terms.version} には、支払いを免れた料金についての定めがありません。請求する額は、根拠とともに「claim」として入力してください。`,
      });
      return [];
    }
    const common = {
      item: "evasion",
      on: fact.on,
      taxClass: fact.taxable ? ("taxable" as const) : ("out-of-scope" as const),
      rule: rule.rule,
      version: terms.version,
    };
    const key = `evasion/${fact.on}/${nth(contract, "evasion", at)}`;
    const sum = fact.amount * rule.multiple;
    return [
      eventLine(contract, {
        ...common,
        key,
        kind: "one-off",
        description: { ja: "支払いを免れた料金", en: "Charges evaded" },
        unitPrice: fact.amount,
        amount: fact.amount,
        sentence: {
          ja: `不正に支払いを免れた料金 ${jaYen(fact.amount)}をお支払いいただきます。`,
          en: `The charges that were evaded wrongfully: ${enYen(fact.amount)}.`,
        },
      }),
      eventLine(contract, {
        ...common,
        key: `${key}/surcharge`,
        kind: "surcharge",
        description: { ja: "割増金", en: "Surcharge" },
        quantity: rule.multiple,
        unitPrice: fact.amount,
        amount: sum,
        sentence: {
          ja: `免れた料金（税抜）の${rule.multiple}倍に当たる割増金 ${jaYen(sum)}です。`,
          en: `A surcharge of ${rule.multiple} times the evaded amount without tax: ${enYen(sum)}.`,
        },
      }),
    ];
  });

/** UTM-39: billed later, unless billing would cost more than it brings (the provider's threshold). */
const underbillings = (contract: Contract, months: Months): ChargeLine[] =>
  contract.of("underbilled").flatMap(({ fact, at }) => {
    if (!holds(months, fact.on) || isBelowThreshold(contract, fact)) return [];
    const found = itemOn(contract, fact.item, fact.on, `/facts/${at}/item`);
    if (found === null) return [];
    return [
      eventLine(contract, {
        key: `underbilled/${fact.item}/${fact.on}/${nth(contract, "underbilled", at)}`,
        kind: "adjustment",
        item: fact.item,
        description: found.item.name,
        on: fact.on,
        unitPrice: fact.amount,
        amount: fact.amount,
        taxClass: found.item.taxClass,
        rule: "UTM-39",
        version: found.version,
        formula: grouped(fact.amount),
        sentence: {
          ja: `以前のご請求で不足していた「${found.item.name.ja}」${jaYen(fact.amount)}を追加で請求します。`,
          en: `Too little was billed before for “${found.item.name.en}”: ${enYen(fact.amount)} is billed now.`,
        },
      }),
    ];
  });

/** The provider's setting `underbilling-threshold`: up to so many yen are not billed later. */
export function isBelowThreshold(contract: Contract, { on, amount }: FactOf<"underbilled">): boolean {
  const set = contract.setting("underbilling-threshold", lastOfMonth(on));
  return typeof set === "number" && amount <= set;
}

/** Number of a fact among those of its kind and day: part of its line's key, so that an unrelated fact does not change it. */
function nth(contract: Contract, kind: FactKind, at: number): number {
  let numbers = numbered.get(contract);
  if (numbers === undefined) numbered.set(contract, (numbers = new Map()));
  if (!numbers.has(at)) {
    const ofDay = new Map<string, number>();
    for (const one of contract.of(kind)) {
      const number = (ofDay.get(one.fact.on) ?? 0) + 1;
      ofDay.set(one.fact.on, number);
      numbers.set(one.at, number);
    }
  }
  return numbers.get(at) ?? 0;
}
const numbered = new WeakMap<Contract, Map<number, number>>();
