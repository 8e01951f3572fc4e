/** How much is paid at most for a damage, by the terms of the day on which it arose (COM-02, OST-17 to OST-19, UTM-58). */
import { dayOf, nextMonth, monthOf, type Day } from "@yagura/core/calendar.ts";
import { plus, rational, times, toYen, zero, type Yen } from "@yagura/core/yen.ts";
import { ancillaries } from "./ancillary.ts";
import type { Contract } from "./contract.ts";
import { monthlyFees } from "./early-termination.ts";
import type { FactOf } from "./facts.ts";
import { feeMonthHolding, feeMonths } from "./fee-months.ts";
import { creditedDays } from "./outage.ts";
import type { LiabilityCap } from "./tables.ts";

type Damage = FactOf<"damage">;

export interface Cap {
  readonly rule: string;
  /** Null: intent or gross negligence, nothing is capped. */
  readonly amount: Yen | null;
}

/** The cap, or null where the terms of that day know none for the cause. */
export function liabilityCap(contract: Contract, damage: Damage): Cap | null {
  const caps = contract.knownTermsOn(damage.on)?.plan.liabilityCap ?? [];
  const cap = caps.find(({ cause }) => cause === damage.cause) ?? caps.find(({ cause }) => cause === "any");
  return cap === undefined ? null : { rule: cap.rule, amount: amountOf(contract, damage, cap) };
}

function amountOf(contract: Contract, damage: Damage, { method }: LiabilityCap): Yen | null {
  if (method === "monthly-fees-in-use") return monthlyFees(contract, damage.on, ["base", "pack"]);
  if (method === "ancillary-months") return ancillaryCap(contract, damage);
  return outageCap(contract, damage);
}

/** OST-19, A-OST-8: fee of the period ÷ its months × fee months touched by the damage, in whole numbers. */
function ancillaryCap(contract: Contract, { on, until, item }: Damage): Yen {
  const one = ancillaries(contract).find(
    ({ fact, from, to }) => (item === undefined || fact.item === item) && from <= on && on <= to,
  );
  if (one === undefined) return 0;
  const months = feeMonths(contract.facts, "anchor", monthOf(on), nextMonth(monthOf(until))).filter(
    ({ from, to }) => from <= until && on <= to,
  ).length;
  return toYen(times(rational(one.fact.fee, one.fact.months), rational(Math.min(months, one.fact.months))));
}

/**
 * UTM-58: the fee of the days that the outages count; without such a day, the month's fee. Nothing where the fee is waived
 * (A-UTM-10). A-UTM-7: days are those of the relief of the fee, which meets the damages once (A-UTM-8).
 */
function outageCap(contract: Contract, { on, until }: Damage): Yen | null {
  const gross = contract
    .of("outage")
    .some(
      ({ fact }) => fact.cause === "gross-negligence" && fact.on <= until && dayOf(new Date(fact.restoredAt)) >= on,
    );
  if (gross) return null;
  const plan = contract.knownTermsOn(on)?.plan;
  const waived = plan?.outage === undefined ? undefined : plan.items[plan.outage.item]?.waivedWhen;
  if (waived !== undefined && contract.attribute(waived.attribute, on) === waived.value) return 0;
  const fee = monthlyFees(contract, on);
  const credited = plan?.outage === undefined ? [] : [...creditedDays(contract, plan.outage.unitHours)];
  const days = credited.filter((day) => on <= day && day <= until);
  return days.length === 0 ? fee : toYen(days.reduce((sum, day) => plus(sum, feeOfDay(contract, fee, day)), zero));
}

const feeOfDay = (contract: Contract, fee: Yen, day: Day) =>
  rational(fee, feeMonthHolding(contract.facts, "anchor", day).whole);
