/**
 * What a contract's bill of a month holds: the lines of every month that is not billed yet, and the differences of billed
 * months to what is known by now. Preview, next bill and bill run call this one function (COM-19). Pure.
 */
import { lastOfMonth, monthOf, nextMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { differences, keyOf } from "../charging/adjust.ts";
import { chargeLines } from "../charging/charge.ts";
import type { Fact } from "../charging/facts.ts";
import { index } from "../charging/index.ts";
import type { ChargeLine } from "../charging/lines.ts";
import type { Tables } from "../charging/tables.ts";
import { factsFor, first, type BillingContract, type Known } from "./contracts.ts";
import type { RunKind } from "./shapes.ts";

export interface Bill {
  readonly contract: BillingContract;
  /** Months that this bill settles; each is marked. */
  readonly months: readonly YearMonth[];
  readonly lines: readonly ChargeLine[];
}

export interface BillInput {
  readonly contract: BillingContract;
  readonly known: Known;
  /** Lines of issued documents, needed where billed months are compared; see `comparedFrom`. */
  readonly billed: readonly ChargeLine[];
  /** UTM-54: the form of the bill that is about to be issued for this contract. */
  readonly form?: "paper" | "debit-notice" | undefined;
}

export interface BillScope {
  readonly month: YearMonth;
  readonly kind: RunKind;
  readonly since: YearMonth | null;
}

/** The months of a regular bill: from the first that anything happened in, leaving out those that were billed. */
function monthsToBill(
  tables: Tables,
  { contract, known }: Pick<BillInput, "contract" | "known">,
  scope: BillScope,
): YearMonth[] {
  const { month, kind } = scope;
  if (kind !== "regular") return [month];
  const begin = beginning(tables, contract, known.now, month);
  const months: YearMonth[] = [];
  for (let one = begin; one <= month; one = nextMonth(one)) if (!known.regular.has(one)) months.push(one);
  return months;
}

/** Facts that set terms and charge nothing: an agreement dated long ago opens no months. */
const quiet: ReadonlySet<Fact["kind"]> = new Set([
  "price-agreed",
  "parameter-agreed",
  "discount",
  "waiver",
  "attribute",
  "anchor",
  "transferred",
]);

function beginning(tables: Tables, { service }: BillingContract, facts: readonly Fact[], month: YearMonth): YearMonth {
  const days = facts.reduce<Day>((least, { kind, on }) => (on < least && !quiet.has(kind) ? on : least), first(month));
  const starts = index(tables).setting(service, "billing-starts", first(month));
  const begin = monthOf(days);
  return typeof starts === "string" && starts > begin ? starts.slice(0, 7) : begin;
}

/**
 * The first billed month that has to be compared with what is known by now; null when there is none. A fact can reach back
 * into the fee month that holds its day, which begins at most a month before.
 */
export function comparedFrom({ known }: Pick<BillInput, "known">, scope: BillScope): YearMonth | null {
  if (scope.kind === "re-rating") return scope.since;
  const learnt = learntFrom(known, scope);
  const part = partFrom(known, scope);
  return learnt !== null && part !== null ? earliest(learnt, part) : (learnt ?? part);
}

function learntFrom(known: Known, scope: BillScope): YearMonth | null {
  if (known.learntOn === null) return null;
  const from = nextMonth(monthOf(known.learntOn), -1);
  return [...known.regular, ...known.adHoc].some((month) => month >= from && month <= scope.month) ? from : null;
}

function partFrom(known: Known, scope: BillScope): YearMonth | null {
  // The part of a month that an ad-hoc bill holds already is not billed again.
  const parts = [...known.adHoc].filter((month) => month <= scope.month && !known.regular.has(month));
  return parts.toSorted()[0] ?? null;
}

/** FactsInvalid when the contract cannot be charged. */
export function billOf(tables: Tables, input: BillInput, scope: BillScope): Bill {
  const { contract, known, form } = input;
  const months = monthsToBill(tables, input, scope);
  const compared = comparedFrom(input, scope);
  const from = earliest(months[0] ?? scope.month, compared);
  const facts: Fact[] = form === undefined ? known.now : [...known.now, billIssued(scope.month, form)];
  const now = chargeLines(tables, factsFor(contract, facts), { from, to: scope.month });
  const settled = (month: YearMonth): boolean => known.regular.has(month) || known.adHoc.has(month);
  const fresh = now.filter((line) => !settled(line.billMonth) && months.includes(line.billMonth));
  if (compared === null) return { contract, months, lines: scope.kind === "re-rating" ? [] : fresh };
  const late = worthBilling(tables, input, scope, changedLines(tables, input, scope, { from: compared, now, settled }));
  return { contract, months, lines: scope.kind === "re-rating" ? late : [...fresh, ...late] };
}

const earliest = (a: YearMonth, b: YearMonth | null): YearMonth => (b !== null && b < a ? b : a);

/** The fee for issuing a bill belongs to the month that is billed, whenever the bill is written. */
const billIssued = (month: YearMonth, form: "paper" | "debit-notice"): Fact => ({
  kind: "bill-issued",
  on: billIssuedOn(month),
  form,
});
export const billIssuedOn = (month: YearMonth): Day => lastOfMonth(first(month));

/**
 * Differences of billed months, by line. Only lines that the newly learnt facts change are touched: a price table that was
 * changed backwards changes no old bill by itself, only an explicit re-rating does (COM-02).
 */
function changedLines(
  tables: Tables,
  { contract, known, billed }: BillInput,
  { month, kind }: BillScope,
  { from, now, settled }: { from: YearMonth; now: readonly ChargeLine[]; settled: (month: YearMonth) => boolean },
): readonly ChargeLine[] {
  const within = ({ billMonth }: ChargeLine): boolean => billMonth >= from && billMonth <= month && settled(billMonth);
  const present = now.filter(within);
  if (kind === "re-rating") return differences(billed.filter(within), present);
  const before = chargeLines(tables, factsFor(contract, known.before), { from, to: month }).filter(within);
  // An ad-hoc bill is made of what was known in the middle of its month: all of the month is compared.
  const touched = changedKeys(before, present);
  const counts = (line: ChargeLine): boolean =>
    touched.has(keyOf(line)) || (known.adHoc.has(line.billMonth) && !known.regular.has(line.billMonth));
  return differences(
    billed.filter((line) => within(line) && counts(line)),
    present.filter(counts),
  );
}

/** UTM-39: what was billed too low is not billed later when that would cost more than it brings (setting of the service). */
function worthBilling(
  tables: Tables,
  { contract, known }: BillInput,
  { month }: BillScope,
  lines: readonly ChargeLine[],
): readonly ChargeLine[] {
  const threshold = index(tables).setting(contract.service, "underbilling-threshold", lastOfMonth(first(month)));
  if (typeof threshold !== "number") return lines;
  const isLate = ({ billMonth }: ChargeLine): boolean => known.regular.has(billMonth);
  const sum = lines.filter(isLate).reduce((total, { amount }) => total + amount, 0);
  return sum > 0 && sum <= threshold ? lines.filter((line) => !isLate(line)) : lines;
}

function changedKeys(before: readonly ChargeLine[], now: readonly ChargeLine[]): Set<string> {
  const sums = new Map<string, number>();
  const add = (line: ChargeLine, amount: number): unknown =>
    sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0) + amount);
  for (const line of now) add(line, line.amount);
  for (const line of before) add(line, -line.amount);
  return new Set([...sums].filter(([, difference]) => difference !== 0).map(([key]) => key));
}
