/** The lines of monthly fees: charge, credit for an outage, waiver. Each shows itself; nothing is netted out of sight. */
import { addDays, daysIn, type Day } from "@yagura/core/calendar.ts";
import { grouped, plus, rational, times, toYen, zero, type Rational, type Yen } from "@yagura/core/yen.ts";
import { isAgreedOn } from "./agreements.ts";
import type { Contract } from "./contract.ts";
import { capital, enDay, enYen, jaDay, jaYen, times as timesText } from "./explain.ts";
import type { FeeMonth } from "./fee-months.ts";
import type { ChargeLine } from "./lines.ts";
import type { Life } from "./lives.ts";
import { creditedDays } from "./outage.ts";
import { chargedIn, policyOn, segmentsOf, type Charged, type Policy, type Segment } from "./recurring.ts";
import type { Text } from "./tables.ts";

/** Days of a segment with their weight: credited ones bear nothing, waived ones a part. */
interface Part extends Segment {
  readonly days: number;
  readonly credited: number;
  /** Waived days × percent, summed; a credited day is not waived as well. */
  readonly waived: number;
}

/** Lines of one life of an item in one fee month. */
export function monthLines(contract: Contract, life: Life, month: FeeMonth): ChargeLine[] {
  const charged = chargedIn(contract, life, month);
  if (charged === null) return [];
  const day = charged.as !== null && charged.as < charged.service.from ? charged.as : charged.service.from;
  const policy = policyOn(contract, life.item, day);
  if (policy === null) return [];
  const segments = segmentsOf(contract, life, charged, policy);
  if (segments.length === 0) return [];
  const parts = segments.map((segment) => weigh(contract, policy, life.item, segment));
  const groups = floorOf(contract, policy, month) === "month" ? [parts] : parts.map((part) => [part]);
  return groups.flatMap((group) => groupLines({ contract, life, month, policy, charged }, group));
}

/** A-SEC-5 is a setting of the provider: each segment by itself, or the month's sum. */
function floorOf(contract: Contract, { recurring }: Policy, month: FeeMonth): "segment" | "month" {
  const set = contract.reading("A-SEC-5", month.to);
  return set === "segment" || set === "month" ? set : recurring.floor;
}

function weigh(contract: Contract, { item }: Policy, code: string, segment: Segment): Part {
  const days = daysIn(segment);
  const outage = contract.of("outage").length === 0 ? undefined : contract.knownTermsOn(segment.from)?.plan.outage;
  const waived = item.waivedWhen !== undefined && isWaived(contract, item.waivedWhen, segment.from);
  // A-UTM-10: where nothing is paid, nothing is credited.
  const credits = outage?.item === code && !waived ? creditedDays(contract, outage.unitHours) : nobody;
  const inside = [...credits].filter((day) => segment.from <= day && day <= segment.to);
  return {
    ...segment,
    days,
    credited: inside.length,
    waived: waived ? 100 * days : waivedWeight(contract, code, segment, new Set(inside)),
  };
}
const nobody: ReadonlySet<Day> = new Set();

const isWaived = (contract: Contract, { attribute, value }: { attribute: string; value: string }, day: Day): boolean =>
  contract.attribute(attribute, day) === value;

/** COM-29: percent of each day that a published waiver covers; the largest where two cover one day. */
function waivedWeight(contract: Contract, code: string, segment: Segment, credited: ReadonlySet<Day>): number {
  const waivers = contract.of("waiver").filter(({ fact }) => fact.item === undefined || fact.item === code);
  if (waivers.length === 0) return 0;
  let weight = 0;
  for (let day = segment.from; day <= segment.to; day = addDays(day, 1)) {
    if (credited.has(day)) continue;
    weight += Math.max(0, ...waivers.filter(({ fact }) => isAgreedOn(fact, day)).map(({ fact }) => fact.percent));
  }
  return weight;
}

interface Frame {
  readonly contract: Contract;
  readonly life: Life;
  readonly month: FeeMonth;
  readonly policy: Policy;
  readonly charged: Charged;
}

/** price × quantity × weight ÷ (days of the fee month × 100), exactly; weight counts hundredths of days. */
const share = (parts: readonly Part[], whole: number, weight: (part: Part) => number): Rational =>
  parts.reduce(
    (sum, part) => plus(sum, times(rational(part.price.amount * part.quantity), rational(weight(part), 100 * whole))),
    zero,
  );

function groupLines(frame: Frame, parts: readonly Part[]): ChargeLine[] {
  const { contract, month, policy } = frame;
  const full = toYen(share(parts, month.whole, ({ days }) => 100 * days));
  const lines = [chargeLine(frame, parts, full)];
  // The terms by which the days were credited: a fee month may begin before the contract and before the version.
  const credited = parts.find((part) => part.credited > 0);
  const outage = credited === undefined ? undefined : contract.knownTermsOn(credited.from)?.plan.outage;
  let left = full;
  if (outage !== undefined) {
    const method = contract.reading("A-UTM-6", month.to) ?? outage.method;
    const credit =
      method === "floor-credit"
        ? toYen(share(parts, month.whole, ({ credited }) => 100 * credited))
        : full - toYen(share(parts, month.whole, ({ days, credited }) => 100 * (days - credited)));
    left = full - credit;
    lines.push(creditLine(frame, parts, credit, { rule: outage.rule, method, full }));
  }
  if (parts.some(({ waived }) => waived > 0)) {
    const rest = toYen(share(parts, month.whole, ({ days, credited, waived }) => 100 * (days - credited) - waived));
    lines.push(waiverLine(frame, parts, { amount: Math.min(left, Math.max(0, left - rest)), left }, policy));
  }
  return lines;
}

function chargeLine(frame: Frame, parts: readonly Part[], amount: Yen): ChargeLine {
  const { policy, month } = frame;
  const [first, last] = [ends(parts).first, ends(parts).last];
  const days = sum(parts, (part) => part.days);
  return {
    ...base(frame, parts, ""),
    kind: "recurring",
    amount,
    why: {
      rule: policy.recurring.rule,
      version: policy.version,
      basis: [...new Set(parts.map(({ price }) => price.basis).filter((basis) => basis !== ""))],
      inputs: {
        unitPrice: last.price.amount,
        quantity: last.quantity,
        days,
        daysOfMonth: month.whole,
        ...(parts.length > 1 ? { segments: parts.length } : {}),
        ...(frame.charged.whole === null ? {} : { chargedWhole: frame.charged.whole }),
        // COM-08: as the price table prints it; never computed with, shown so that a yen of difference can be explained.
        ...(last.price.display === null ? {} : { priceWithTax: last.price.display }),
      },
      formula: charged(parts, month.whole, amount),
      sentence: chargeSentence(policy.item.name, { from: first.from, to: last.to }, parts, {
        days,
        whole: month.whole,
        amount,
        because: frame.charged.whole,
      }),
    },
  };
}

const reasons: Readonly<Record<NonNullable<Charged["whole"]>, Text>> = {
  "ended-in-first": {
    ja: "利用を始めた月のうちに終了したため、日割りせず1か月分を請求します。",
    en: "It ended in the month in which it began, so the whole month is charged.",
  },
  first: { ja: "利用を始めた月は日割りしません。", en: "The month of the start is charged whole." },
  last: { ja: "終了した月は日割りしません。", en: "The month of the end is charged whole." },
};

function chargeSentence(
  name: Text,
  { from, to }: { from: Day; to: Day },
  parts: readonly Part[],
  { days, whole, amount, because }: { days: number; whole: number; amount: Yen; because: Charged["whole"] },
): Text {
  const { last } = ends(parts);
  const quantity = timesText(last.quantity);
  if (days === whole)
    return {
      ja: `「${name.ja}」${quantity.ja}の${jaDay(from)}から${jaDay(to)}まで1か月分の料金です（${jaYen(amount)}）。${because === null ? "" : reasons[because].ja}`,
      en: `${capital(name.en)}${quantity.en} for the whole fee month from ${enDay(from)} to ${enDay(to)}: ${enYen(amount)}.${because === null ? "" : ` ${reasons[because].en}`}`,
    };
  return {
    ja: `「${name.ja}」${quantity.ja}の${jaDay(from)}から${jaDay(to)}まで、${whole}日のうち${days}日分の日割り料金です（1円未満切り捨てで ${jaYen(amount)}）。`,
    en: `${capital(name.en)}${quantity.en} from ${enDay(from)} to ${enDay(to)}, ${days} of the month's ${whole} days, fractions of a yen cut: ${enYen(amount)}.`,
  };
}

function creditLine(
  frame: Frame,
  parts: readonly Part[],
  amount: Yen,
  { rule, method, full }: { rule: string; method: string; full: Yen },
): ChargeLine {
  const { month, policy } = frame;
  const credited = sum(parts, (part) => part.credited);
  const formula =
    method === "floor-credit"
      ? `−floor(${parts.map((part) => product(part, part.credited, month.whole)).join(" + ")}) = −${grouped(amount)}`
      : `floor(${parts.map((part) => product(part, part.days - part.credited, month.whole)).join(" + ")}) − ${grouped(full)} = −${grouped(amount)}`;
  return {
    ...base(frame, parts, "/credit"),
    description: {
      ja: `${policy.item.name.ja}（ご利用いただけなかった日の控除）`,
      en: `${policy.item.name.en}: credit for an outage`,
    },
    kind: "credit",
    amount: negative(amount),
    why: {
      rule,
      version: policy.version,
      basis: [`reading A-UTM-6: ${method}`],
      inputs: { creditedDays: credited, daysOfMonth: month.whole, fee: full },
      formula,
      sentence: {
        ja: `ご利用いただけなかった${credited}日分（24時間ごとに1日）の料金 ${jaYen(amount)}を差し引きます。`,
        en: `For ${credited === 1 ? "the day" : `the ${credited} days`} (one for each full 24 hours) on which the service could not be used, ${enYen(amount)} is taken off.`,
      },
    },
  };
}

function waiverLine(
  frame: Frame,
  parts: readonly Part[],
  { amount, left }: { readonly amount: Yen; readonly left: Yen },
  { item, version }: Policy,
): ChargeLine {
  const { contract, life, month } = frame;
  const { first, last } = ends(parts);
  const always =
    item.waivedWhen !== undefined && isWaived(contract, item.waivedWhen, first.from) ? item.waivedWhen : undefined;
  const references = contract
    .of("waiver")
    .filter(
      ({ fact }) =>
        (fact.item === undefined || fact.item === life.item) && fact.on <= last.to && fact.until >= first.from,
    )
    .map(({ fact }) => fact.reference);
  const hundredths = sum(parts, (part) => part.waived);
  const sentence: Text =
    always === undefined
      ? {
          ja: `災害などに伴う料金の減免（${references.join("、")}）により ${jaYen(amount)}を差し引きます。`,
          en: `A published reduction of charges (${references.join(", ")}) takes off ${enYen(amount)}.`,
        }
      : {
          ja: `ご契約の内容により、この料金は請求しません（${jaYen(amount)}を差し引きます）。`,
          en: `Under this contract the fee is not charged: ${enYen(amount)} is taken off.`,
        };
  return {
    ...base(frame, parts, "/waiver"),
    description: { ja: `${item.name.ja}（減免）`, en: `${item.name.en}: waived` },
    kind: "waiver",
    amount: negative(amount),
    why: {
      rule: always?.rule ?? "COM-29",
      version,
      basis: always === undefined ? references : [`${always.attribute} = ${always.value}`],
      inputs: { waivedHundredthsOfDays: hundredths, daysOfMonth: month.whole },
      formula: `floor(${parts.map((part) => product(part, part.days - part.credited - part.waived / 100, month.whole)).join(" + ")}) − ${grouped(left)} = −${grouped(amount)}`,
      sentence,
    },
  };
}

function base(frame: Frame, parts: readonly Part[], suffix: string): Omit<ChargeLine, "kind" | "amount" | "why"> {
  const { contract, life, month, policy } = frame;
  const { facts } = contract;
  const { first, last } = ends(parts);
  const keyDay = first.from < life.start ? life.start : first.from;
  return {
    key: `${life.item}/${month.from}/${keyDay}${suffix}`,
    contract: facts.contract,
    service: facts.service,
    plan: facts.plan,
    item: life.item,
    description: policy.item.name,
    feeMonth: month.from,
    billMonth: month.billMonth,
    period: { from: first.from, to: last.to },
    quantity: last.quantity,
    unitPrice: last.price.amount,
    taxClass: policy.item.taxClass,
    // Supply of a month is complete with its last charged day: the rate of that day holds for the fee month (COM-09).
    supplyOn: frame.charged.to,
    dueOn: null,
  };
}

const ends = (parts: readonly Part[]): { first: Part; last: Part } => {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("a line has no segment");
  return { first, last };
};
const sum = (parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((total, part) => total + of(part), 0);
const negative = (amount: Yen): Yen => (amount === 0 ? 0 : -amount);
/** Nothing is cut down where every part is a whole month. */
function charged(parts: readonly Part[], whole: number, amount: Yen): string {
  const exact = parts.map((part) => product(part, part.days, whole)).join(" + ");
  return parts.every(({ days }) => days === whole)
    ? `${exact} = ${grouped(amount)}`
    : `floor(${exact}) = ${grouped(amount)}`;
}
const product = ({ price, quantity }: Part, days: number, whole: number): string =>
  days === whole
    ? `${grouped(price.amount)} × ${quantity}`
    : `${grouped(price.amount)} × ${quantity} × ${days} ÷ ${whole}`;
