/** Simulations: the contract's own facts and some that have not happened, through the same function as the bill (COM-19). */
import { lastOfMonth, monthOf, nextMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { chargeContract, type Charges } from "./charge.ts";
import type { ContractFacts, Fact } from "./facts.ts";
import type { ChargeLine, DocumentTotals } from "./lines.ts";
import { totals } from "./totals.ts";
import type { Tables } from "./tables.ts";

export interface Simulation extends Charges {
  readonly months: readonly {
    readonly month: YearMonth;
    readonly lines: readonly ChargeLine[];
    readonly totals: DocumentTotals;
  }[];
  readonly totals: DocumentTotals;
}
type Range = { readonly from: YearMonth; readonly to: YearMonth };

/** Charges of the months with further facts, month by month. Totals hold tax once per rate for each document they stand for. */
export function simulate(
  tables: Tables,
  facts: ContractFacts,
  hypothetical: readonly Fact[],
  range: Range,
): Simulation {
  const charges = chargeContract(tables, { ...facts, facts: [...facts.facts, ...hypothetical] }, range);
  const names = [...new Set(charges.lines.map(({ billMonth }) => billMonth))].toSorted();
  const months = names.map((month) => {
    const lines = charges.lines.filter(({ billMonth }) => billMonth === month);
    return { month, lines, totals: totals(tables, lines) };
  });
  return { ...charges, months, totals: totals(tables, charges.lines) };
}

/** A quote: the order as if accepted and started (and inspected) on a day. */
export const quote = (tables: Tables, order: Omit<ContractFacts, "facts">, on: Day, range: Range): Simulation =>
  simulate(
    tables,
    { ...order, facts: [] },
    [
      { kind: "accepted", on },
      { kind: "started", on },
      { kind: "inspected", on },
    ],
    range,
  );

/**
 * What an end on a day would cost from its month on (and the months of the bills after it), beside what going on would cost:
 * the cancellation simulator. An end that is already set is replaced.
 */
export function simulateCancellation(
  tables: Tables,
  facts: ContractFacts,
  on: Day,
  by: "customer" | "provider" = "customer",
): { readonly ending: Simulation; readonly goingOn: Simulation } {
  const range = { from: monthOf(on), to: nextMonth(monthOf(lastOfMonth(on)), 2) };
  const without = {
    ...facts,
    facts: facts.facts.filter(({ kind }) => kind !== "cancelled" && kind !== "cancellation-requested"),
  };
  return {
    ending: simulate(tables, without, [{ kind: "cancelled", on, by }], range),
    goingOn: simulate(tables, without, [], range),
  };
}

/** The same months before and after a change (quantities, options, anchor, agreed prices …). */
export const simulateChange = (
  tables: Tables,
  facts: ContractFacts,
  change: readonly Fact[],
  range: Range,
): { readonly before: Simulation; readonly after: Simulation } => ({
  before: simulate(tables, facts, [], range),
  after: simulate(tables, facts, change, range),
});
