/** How much is paid at most for a damage, by the terms of the day on which it arose (COM-02, OST-17 to OST-19, UTM-58). */
import { addMonths, daysIn, lastOfMonth, monthOf } from "@yagura/core/calendar.ts";
import { rational, times, toYen, type Yen } from "@yagura/core/yen.ts";
import { ancillaries } from "./ancillary.ts";
import type { Contract } from "./contract.ts";
import { monthlyFees } from "./early-termination.ts";
import type { FactOf } from "./facts.ts";
import { creditedDays } from "./outage.ts";
import type { LiabilityCap } from "./tables.ts";

type Damage = FactOf<"damage">;

/** The cap, or null where the terms of that day know none for the cause. */
export function liabilityCap(
  contract: Contract,
  damage: Damage,
): { readonly rule: string; readonly amount: Yen } | null {
  const caps = contract.knownTermsOn(damage.on)?.plan.liabilityCap ?? [];
  const cap = caps.find(({ cause }) => cause === damage.cause) ?? caps.find(({ cause }) => cause === "any");
  return cap === undefined ? null : { rule: cap.rule, amount: amountOf(contract, damage, cap) };
}

function amountOf(contract: Contract, damage: Damage, { method }: LiabilityCap): Yen {
  if (method === "monthly-fees-in-use") return monthlyFees(contract, damage.on, ["base", "pack"]);
  if (method === "ancillary-months") return ancillaryCap(contract, damage);
  return outageCap(contract, damage);
}

/** OST-19, A-OST-8: fee of the period ÷ its months × months touched by the damage. */
function ancillaryCap(contract: Contract, { on, until, item }: Damage): Yen {
  const one = ancillaries(contract).find(
    ({ fact, from, to }) => (item === undefined || fact.item === item) && from <= on && on <= to,
  );
  if (one === undefined) return 0;
  let months = 1;
  while (monthOf(addMonths(`${monthOf(on)}-01`, months)) <= monthOf(until)) months += 1;
  return toYen(times(rational(one.fact.fee, one.fact.months), rational(Math.min(months, one.fact.months))));
}

/** UTM-58: the fee of the days that the outages of the month count; without such a day, the month's fee. */
function outageCap(contract: Contract, { on, until }: Damage): Yen {
  const fee = monthlyFees(contract, on);
  const outage = contract.knownTermsOn(on)?.plan.outage;
  const credited = outage === undefined ? [] : [...creditedDays(contract, outage.unitHours)];
  const days = credited.filter((day) => on <= day && day <= until);
  if (days.length === 0) return fee;
  const whole = daysIn({ from: `${monthOf(on)}-01`, to: lastOfMonth(on) });
  return toYen(times(rational(fee), rational(days.length, whole)));
}
