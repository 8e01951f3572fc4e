/**
 * The one function that knows amounts (COM-19): contract facts and dated tables in, charge lines and derived facts out. Quote,
 * preview, simulation, forecast and bill run all call it, so that a preview equals the bill for the same facts.
 */
import { lastOfMonth, type YearMonth } from "@yagura/core/calendar.ts";

import { ancillaryLines } from "./ancillary.ts";
import { Contract } from "./contract.ts";
import { derivedFacts } from "./derived.ts";
import { accelerate, taxByPayment } from "./due-lines.ts";
import { earlyTerminationLines } from "./early-termination.ts";
import type { Months } from "./event-line.ts";
import { eventLines } from "./events.ts";
import type { ContractFacts } from "./facts.ts";
import { feeMonths } from "./fee-months.ts";
import type { ChargeLine, DerivedFact } from "./lines.ts";
import { lives } from "./lives.ts";
import { onceLines } from "./once.ts";
import { feeMonthKind } from "./recurring.ts";
import { monthLines } from "./recurring-lines.ts";
import { replacementLines } from "./replacement.ts";
import type { Tables } from "./tables.ts";
import { check } from "./validate.ts";
import { waivedLines } from "./waivers.ts";

export interface Charges {
  /** Every line whose bill month lies in the range, in order of fee month and item. */
  readonly lines: ChargeLine[];
  readonly derived: DerivedFact[];
}

/**
 * Charges of a contract whose bill month lies between `from` and `to`, both in. FactsInvalid when facts contradict each other or
 * a price, rate, version or setting that is needed is missing: every such issue is named, none is guessed.
 */
export function chargeContract(
  tables: Tables,
  facts: ContractFacts,
  range: { from: YearMonth; to: YearMonth },
): Charges {
  const contract = read(tables, facts, range);
  const lines = linesOf(contract, range);
  const derived = derivedFacts(contract);
  contract.assertSound();
  return { lines, derived };
}

/** The lines alone, for bill runs: derived facts take as long again. Same lines, same errors. */
export function chargeLines(
  tables: Tables,
  facts: ContractFacts,
  range: { from: YearMonth; to: YearMonth },
): ChargeLine[] {
  const contract = read(tables, facts, range);
  const lines = linesOf(contract, range);
  contract.assertSound();
  return lines;
}

function read(tables: Tables, facts: ContractFacts, { to }: Months): Contract {
  const contract = new Contract(tables, facts, lastOfMonth(`${to}-01`));
  // Without a plan there is nothing to ask; contradictions would only repeat themselves in what follows.
  check(contract);
  contract.assertSound();
  return contract;
}

function linesOf(contract: Contract, range: Months): ChargeLine[] {
  const lines: ChargeLine[] = [];
  for (const life of lives(contract))
    for (const month of feeMonths(contract.facts, feeMonthKind(contract, life.item), range.from, range.to))
      lines.push(...monthLines(contract, life, month));
  lines.push(...onceLines(contract, range));
  if (contract.of("ancillary-started").length > 0) lines.push(...ancillaryLines(contract, range));
  lines.push(...earlyTerminationLines(contract, range));
  if (contract.hasEvents) {
    lines.push(...eventLines(contract, range));
    lines.push(...replacementLines(contract, range));
    lines.push(...waivedLines(contract, lines));
  }
  accelerate(contract, lines);
  taxByPayment(contract, lines);
  return lines.length < 2 ? lines : lines.toSorted(inOrder);
}

const inOrder = (a: ChargeLine, b: ChargeLine): number =>
  compare(a.billMonth, b.billMonth) || compare(a.feeMonth, b.feeMonth) || compare(a.period.from, b.period.from);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
