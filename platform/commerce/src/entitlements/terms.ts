/**
 * Periods that bind (SEC-65, SEC-66, RNS-12, UTM-08, OST-03 to OST-05): until when, how much is left of them, and what an end on
 * a day would cost, by the same functions as the bill.
 */
import { type Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { ancillaries, instalments, rest, type Ancillary } from "../charging/ancillary.ts";
import { Contract } from "../charging/contract.ts";
import { minimumTerm, remainingMonths } from "../charging/early-termination.ts";
import { itemTerms } from "../charging/lives.ts";
import { simulateCancellation } from "../charging/simulate.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { headOf, readContract } from "./reading.ts";
import type { AncillaryTerm, TermsShown } from "./shapes.ts";

export async function termsShown(tx: Tx, row: ContractRow, on: Day): Promise<TermsShown> {
  const contract = await readContract(tx, row, on);
  const longest = contract.longestUse();
  return {
    ...headOf(row, on),
    minimum: minimumOf(contract, on),
    longestUse: longest === null ? null : { rule: longest.rule, lastDay: longest.last },
    ancillary: ancillaries(contract).map((one) => ancillaryTerm(contract, one, on)),
  };
}

function minimumOf(contract: Contract, on: Day): TermsShown["minimum"] {
  const term = minimumTerm(contract, on);
  if (term === null) return null;
  const binds = on <= term.to && contract.startedOn !== null && on >= contract.startedOn;
  const line = binds
    ? simulateCancellation(contract.tables, contract.facts, on).ending.lines.find(
        ({ kind, why }) => kind === "early-termination" && why.rule === term.terms.early.rule,
      )
    : undefined;
  return {
    rule: term.terms.rule,
    from: term.from,
    to: term.to,
    remainingMonths: on > term.to ? 0 : remainingMonths(term, on),
    endingToday:
      line === undefined
        ? null
        : { amount: line.amount, rule: line.why.rule, formula: line.why.formula, sentence: line.why.sentence },
  };
}

function ancillaryTerm(contract: Contract, one: Ancillary, on: Day): AncillaryTerm {
  const { fact, from, to, end } = one;
  const { item, months, fee, payment } = fact;
  return {
    item,
    name: itemTerms(contract, item)?.name ?? { ja: item, en: item },
    from,
    to,
    months,
    fee,
    payment,
    endedOn: end?.on ?? null,
    billed: payment === "prepaid" ? (from <= on ? fee : 0) : billed(one, on),
    rest: rest(contract, end === null ? endedOn(contract, one, on) : one),
  };
}

const billed = (one: Ancillary, on: Day): number =>
  instalments(one)
    .filter((part) => part.to <= on)
    .reduce((sum, { amount }) => sum + amount, 0);

/** The same period as if it were ended on the day, by the customer; unchanged outside of it. */
function endedOn(contract: Contract, one: Ancillary, on: Day): Ancillary {
  if (on < one.from || on > one.to) return one;
  const ended = { kind: "ancillary-ended", item: one.fact.item, on, fault: "customer" } as const;
  const facts = { ...contract.facts, facts: [...contract.facts.facts, ended] };
  const same = ancillaries(new Contract(contract.tables, facts, contract.asOf)).find(
    (other) => other.fact.item === one.fact.item && other.from === one.from,
  );
  return same ?? one;
}
