/** Advance replacement: by when the faulty unit has to be back, and what it costs when it is not (matrix 7.5, RNS-74, UTM-65, 69). */
import { addDays, monthsFromEvent, type Day } from "@yagura/core/calendar.ts";
import type { Contract, Placed } from "./contract.ts";
import { holds, type Months } from "./event-line.ts";
import { pricedLines } from "./events.ts";
import { enDay, jaDay } from "./explain.ts";
import type { ChargeLine } from "./lines.ts";
import type { ReplacementTerms } from "./tables.ts";

export interface ReturnClock {
  readonly unit: string;
  readonly terms: ReplacementTerms;
  /** The last day on which the unit may come back; null: the provider has set no time. */
  readonly by: Day | null;
  readonly returnedOn: Day | null;
  readonly damaged: boolean;
  readonly pickupOffered: boolean;
}

/** A clock for each dispatched unit, by the terms of the day of dispatch. */
export function returnClocks(contract: Contract): ReturnClock[] {
  return contract.of("dispatched").flatMap(({ fact }: Placed<"dispatched">) => {
    const terms = contract.knownTermsOn(fact.on)?.plan.replacement;
    if (terms === undefined) return [];
    const set = contract.setting("return-months", fact.on);
    const months = terms.returnMonths ?? (typeof set === "number" ? set : null);
    const by = months === null ? null : monthsFromEvent(fact.on, months);
    const back = contract.of("returned").find((one) => one.fact.unit === fact.unit && one.fact.on >= fact.on)?.fact;
    const offers = contract.of("pickup-offered").filter((one) => one.fact.unit === fact.unit && one.fact.on >= fact.on);
    return [
      {
        unit: fact.unit,
        terms,
        by,
        returnedOn: back?.on ?? null,
        damaged: back?.damaged ?? false,
        pickupOffered: offers.some((one) => by === null || one.fact.on <= by),
      },
    ];
  });
}

export function replacementLines(contract: Contract, months: Months): ChargeLine[] {
  return returnClocks(contract).flatMap((clock) => {
    const on = chargedOn(clock);
    if (on === null || !holds(months, on)) return [];
    const late = !clock.damaged || clock.returnedOn !== on;
    return pricedLines(contract, {
      key: `${clock.terms.item}/${clock.unit}`,
      pointer: "/facts",
      code: itemOf(contract, clock.terms, on),
      on,
      quantity: 1,
      kind: "damage",
      rule: clock.terms.rule,
      because: late
        ? {
            ja: `交換した機器（${clock.unit}）が${jaDay(clock.by ?? on)}までに返却されなかったため`,
            en: `the replaced unit ${clock.unit} did not come back by ${enDay(clock.by ?? on)}`,
          }
        : {
            ja: `${jaDay(on)}に返却された機器（${clock.unit}）に損傷があったため`,
            en: `the replaced unit ${clock.unit} came back damaged on ${enDay(on)}`,
          },
    });
  });
}

/** The day from which the sum is owed: after the limit, or when a damaged unit came back in time. Null: nothing is owed. */
export function chargedOn({ terms, by, returnedOn, damaged, pickupOffered }: ReturnClock): Day | null {
  const inTime = returnedOn !== null && (by === null || returnedOn <= by);
  if (inTime) return damaged && terms.handling.alsoForDamage ? returnedOn : null;
  if (by === null || (terms.needsPickupOffer && !pickupOffered)) return null;
  return addDays(by, 1);
}

const itemOf = (contract: Contract, { item, byModel }: ReplacementTerms, day: Day): string =>
  byModel === true ? `${item}-${contract.attribute("model", day) ?? ""}` : item;
