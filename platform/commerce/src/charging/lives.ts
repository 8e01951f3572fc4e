/**
 * Which items a contract has in use, how many, from when to when. A base fee or a pack lives as long as the contract; an
 * option lives from its start to its abolition, and may live several times (SEC-30, SEC-62 to SEC-64).
 */
import { addDays, type Day } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import type { ItemTerms } from "./tables.ts";

export interface Step {
  readonly from: Day;
  readonly quantity: number;
}
export interface Life {
  readonly item: string;
  readonly start: Day;
  /** C, or the abolition day of an option; null while it goes on. */
  readonly end: Day | null;
  /** Quantities from a day on; the first from the start. */
  readonly steps: readonly Step[];
}

/** Quantity in use on a day of the life. */
export const quantityOn = ({ steps }: Life, day: Day): number =>
  steps.findLast(({ from }) => from <= day)?.quantity ?? 0;

/** Lives of the items that are charged by fee months. */
export function lives(contract: Contract): Life[] {
  const found: Life[] = [];
  for (const code of itemCodes(contract)) found.push(...livesOf(contract, code));
  return found;
}

/** Items of the order, and those that facts bring in, each once. */
function itemCodes(contract: Contract): Iterable<string> {
  const codes = new Set(Object.keys(contract.facts.items));
  for (const { fact } of contract.of("quantity")) codes.add(fact.item);
  for (const { fact } of contract.of("option-started")) codes.add(fact.item);
  return codes;
}

/** What an item is, by the terms of a day on which the contract needs it; undefined when the terms of that day lack it. */
export function itemTerms(contract: Contract, code: string): ItemTerms | undefined {
  const day = contract.asOf;
  return (
    contract.knownTermsOn(day)?.plan.items[code] ??
    contract.index.versions(contract.facts.service).findLast((one) => one.plans[contract.facts.plan]?.items[code])
      ?.plans[contract.facts.plan]?.items[code]
  );
}

function livesOf(contract: Contract, code: string): Life[] {
  const item = itemTerms(contract, code);
  if (item?.recurring === undefined) return [];
  const begun = item.recurring.startMonth === "NEXT_MONTH_AFTER_ACCEPTANCE" ? contract.inspectedOn : contract.startedOn;
  if (begun === null) return [];
  const end = contract.end?.on ?? null;
  const steps = quantitySteps(contract, code, item, begun).filter(
    ({ from }) => end === null || from === begun || from < end,
  );
  if (item.kind !== "option") return steps.length === 0 ? [] : [{ item: code, start: begun, end, steps }];
  return optionLives(code, steps, end);
}

/** Steps of an item from its first use; days before the contract's own start count as the start. */
function quantitySteps(contract: Contract, code: string, item: ItemTerms, begun: Day): Step[] {
  const ordered = contract.facts.items[code] ?? 0;
  const changes = [...changesOf(contract, code, item)].toSorted((a, b) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : 0,
  );
  const steps: Step[] = [];
  let present = ordered;
  const later: Step[] = [];
  for (const change of changes) {
    if (change.from < begun) present = change.quantity;
    else later.push(change);
  }
  if (present > 0 || later.length > 0) steps.push({ from: begun, quantity: present });
  for (const step of later) {
    // An option that ends on the day of its start lived all the same (SEC-64).
    const replaced = step.from === steps.at(-1)?.from && !(item.kind === "option" && step.quantity === 0);
    if (replaced) steps.pop();
    if (step.quantity !== steps.at(-1)?.quantity) steps.push(step);
  }
  return steps;
}

function* changesOf(contract: Contract, code: string, item: ItemTerms): Iterable<Step> {
  let present = contract.facts.items[code] ?? 0;
  for (const { fact } of contract.of("quantity")) {
    if (fact.item !== code) continue;
    // SEC-35: a removed part is free on its end day, or charged for it, as the terms say; a new quantity counts from its day.
    const removal = fact.quantity < present && fact.by !== "provider";
    const recurring = contract.knownTermsOn(fact.on)?.plan.items[code]?.recurring ?? item.recurring;
    const charged = removal && recurring?.removedOnEndDay === "charged";
    present = fact.quantity;
    yield { from: charged ? addDays(fact.on, 1) : fact.on, quantity: fact.quantity };
  }
  for (const { fact } of contract.of("option-started"))
    if (fact.item === code)
      yield { from: fact.on, quantity: fact.quantity ?? Math.max(1, contract.facts.items[code] ?? 1) };
  for (const { fact } of contract.of("option-ended")) if (fact.item === code) yield { from: fact.on, quantity: 0 };
}

/** Cuts the steps of an option where its quantity is nothing. */
function optionLives(code: string, steps: readonly Step[], end: Day | null): Life[] {
  const found: Life[] = [];
  let running: Step[] = [];
  for (const step of steps) {
    if (step.quantity > 0) running.push(step);
    else if (running[0] !== undefined) {
      found.push({ item: code, start: running[0].from, end: step.from, steps: running });
      running = [];
    }
  }
  if (running[0] !== undefined) found.push({ item: code, start: running[0].from, end, steps: running });
  return found;
}
