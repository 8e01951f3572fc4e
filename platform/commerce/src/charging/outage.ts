/**
 * Days without a fee for an outage (UTM-35 to UTM-38). Each full 24 hours from when the provider knew is one unit; a unit
 * belongs to the calendar day on which it starts, so that units can fall in two months. An outage that is the customer's doing
 * or partial gives nothing.
 */
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";

const HOUR = 3_600_000;

const found = new WeakMap<Contract, ReadonlySet<Day>>();

/** Days that bear no fee, each once however many outages it saw: never more than there are days. */
export function creditedDays(contract: Contract, unitHours: number): ReadonlySet<Day> {
  const known = found.get(contract);
  if (known !== undefined) return known;
  const days = new Set<Day>();
  for (const outage of causes(contract)) for (const day of units(outage, unitHours * HOUR)) days.add(day);
  found.set(contract, days);
  return days;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Stretches that are counted together. Not the customer's fault: each outage alone has to last a whole unit (table row 1).
 * Intent or gross negligence: outages of one cause are added up (row 2, A-UTM-5).
 */
function causes(contract: Contract): Stretch[][] {
  const alone: Stretch[][] = [];
  const together = new Map<string, Stretch[]>();
  for (const { fact, at } of contract.of("outage")) {
    if (!fact.complete || fact.cause === "customer") continue;
    const stretch = { from: Date.parse(fact.knownAt), to: Date.parse(fact.restoredAt) };
    if (fact.cause === "not-customer") alone.push([stretch]);
    else {
      const group = fact.group ?? `#${at}`;
      together.set(group, [...(together.get(group) ?? []), stretch]);
    }
  }
  return [...alone, ...together.values()];
}

/** The days on which the full units of a cause start. */
export function units(stretches: readonly Stretch[], unit: number): Day[] {
  const days: Day[] = [];
  let carried = 0;
  let started: Day | null = null;
  for (const { from, to } of merged(stretches)) {
    let here = from;
    while (here < to) {
      started ??= dayOf(new Date(here));
      const step = Math.min(unit - carried, to - here);
      carried += step;
      here += step;
      if (carried < unit) continue;
      days.push(started);
      carried = 0;
      started = null;
    }
  }
  return days;
}

/** In order, overlapping ones joined: an hour counts once. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}
