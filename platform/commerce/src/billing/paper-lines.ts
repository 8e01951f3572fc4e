/**
 * Lines of a document as they stand on its paper: grouped by contract, with a remark in the customer's words where an amount is not
 * simply price × quantity. The formula and the rule stand in the explanation of the document (COM-18).
 */
import type { LineGroup } from "@yagura/reports/shapes.ts";
import { capital } from "../charging/explain.ts";
import type { Text } from "../charging/tables.ts";
import type { DocumentContent } from "./shapes.ts";
import type { StoredLine } from "./stored-lines.ts";

/** `10%`, or the class of what bears no tax. */
export const rateName = (one: { class: string; rate: string | null }): string => one.rate ?? one.class;

/** One group for each contract; `sign`: -1 on a credit note, which shows what is given back as positive numbers. */
export const groupsOf = (lines: readonly StoredLine[], plans: DocumentContent["plans"], sign: 1 | -1): LineGroup[] =>
  [...Map.groupBy(lines, ({ contract }) => contract)].map(([contract, own]) => ({
    title: titleOf(contract, own[0], plans),
    lines: own.map((line) => printed(line, sign)),
  }));

/** Number and plan; the number alone on documents that were issued before names were kept. */
function titleOf(contract: string, line: StoredLine | undefined, plans: DocumentContent["plans"]): string | Text {
  const name = plans?.find(({ service, plan }) => service === line?.service && plan === line.plan)?.name;
  if (name === undefined) return contract;
  return { ja: `${contract}  ${name.ja}`, en: `${contract}  ${capital(name.en)}` };
}

function printed(line: StoredLine, sign: 1 | -1): LineGroup["lines"][number] {
  const detail = detailOf(line);
  return {
    description: { ja: line.description.ja, en: capital(line.description.en) },
    ...(detail === null ? {} : { detail }),
    period: { ...line.period },
    ...(priced(line) ? { quantity: line.quantity, unitPrice: line.unitPrice } : {}),
    amount: sign * line.amount,
    rate: rateName({ class: line.taxClass, rate: line.rate }),
  };
}

/** What is taken off, given back or added by a rule has no price of its own: beside the fee's price it would mislead. */
const priced = ({ kind, unitPrice, amount }: StoredLine): boolean =>
  unitPrice !== 0 && amount !== 0 && (kind === "recurring" || kind === "one-off" || kind === "document");

const whole: Readonly<Record<string, Text>> = {
  "ended-in-first": { ja: "開始月内の終了のため1か月分", en: "whole month: it ended in the month of its start" },
  first: { ja: "開始月は日割りなし", en: "the month of the start is charged whole" },
  last: { ja: "終了月は日割りなし", en: "the month of the end is charged whole" },
};
/** What nobody expects, and what changes a month that was billed already, says why. */
const explained = new Set(["early-termination", "refund", "adjustment"]);
/** These where they are more than price × quantity. */
const priceable = new Set(["surcharge", "damage", "one-off", "document"]);

function detailOf(line: StoredLine): Text | null {
  const { kind, why, amount, unitPrice, quantity } = line;
  const { inputs } = why;
  if (kind === "recurring") return proration(line) ?? whole[String(inputs["chargedWhole"] ?? "")] ?? null;
  const off = creditedDays(line);
  if (off !== null) return off;
  if (kind === "credit" && why.basis.length > 0 && inputs["position"] !== undefined) return why.sentence;
  if (kind === "waiver") return why.rule === "COM-29" ? publication(why.basis) : why.sentence;
  if (explained.has(kind)) return why.sentence;
  return priceable.has(kind) && amount !== unitPrice * quantity ? why.sentence : null;
}

function proratedDays({ kind, why: { inputs } }: StoredLine): { days: number; of: number } | null {
  const { days, daysOfMonth: of } = inputs;
  return kind === "recurring" && typeof days === "number" && typeof of === "number" && days < of ? { days, of } : null;
}

function proration(line: StoredLine): Text | null {
  const found = proratedDays(line);
  const changed = Number(line.why.inputs["segments"] ?? 1) > 1;
  const ja = changed ? "（途中の変更は日ごとに計算）" : "";
  const en = changed ? "; changes within it are counted by the day" : "";
  if (found !== null) {
    const { days, of } = found;
    return { ja: `日割り ${days}日／${of}日${ja}`, en: `${days} of ${of} days${en}` };
  }
  return changed ? { ja: "月の途中の変更を日ごとに計算", en: "changes within the month are counted by the day" } : null;
}

function creditedDays({ kind, why: { inputs } }: StoredLine): Text | null {
  const { creditedDays: days, daysOfMonth: of } = inputs;
  if (kind !== "credit" || typeof days !== "number" || typeof of !== "number") return null;
  return { ja: `控除 ${days}日／${of}日`, en: `${days} of ${of} days taken off` };
}

const publication = (references: readonly string[]): Text => ({
  ja: `減免の公表: ${references.join("、")}`,
  en: `published as ${references.join(", ")}`,
});
