/** Ticket wallets (SEC-71): what was bought stays until it is used, what a month includes ends with the month. Pure. */
import { firstOfMonth, type Day } from "@yagura/core/calendar.ts";

export interface Movement {
  readonly on: Day;
  readonly kind: "bought" | "used";
  readonly quantity: number;
  /** Of a use: how many came out of the month's allowance. */
  readonly ofIncluded: number;
}
/** Allowance by the first day of its month. */
export type Allowance = (month: Day) => number;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Bought and used of the bought ones up to a day; `ordered` came with the contract. */
export function boughtBy(movements: readonly Movement[], ordered: number, on: Day) {
  const until = movements.filter((one) => one.on <= on);
  const bought = ordered + sum(until.filter(({ kind }) => kind === "bought").map(({ quantity }) => quantity));
  const used = sum(until.filter(({ kind }) => kind === "used").map((one) => one.quantity - one.ofIncluded));
  return { bought, used, left: bought - used };
}

/** What of the allowance of the day's month was used, also later in that month. */
export const includedUsed = (movements: readonly Movement[], on: Day): number =>
  sum(
    movements
      .filter((one) => one.kind === "used" && firstOfMonth(one.on) === firstOfMonth(on))
      .map(({ ofIncluded }) => ofIncluded),
  );

/**
 * How many can be used on a day: of the month's allowance, and of the bought ones. A use entered late leaves enough for those that
 * are recorded after it.
 */
export function usableOn(
  movements: readonly Movement[],
  ordered: number,
  allowance: Allowance,
  on: Day,
): { readonly included: number; readonly bought: number } {
  const later = movements.filter((one) => one.on > on).map((one) => one.on);
  return {
    included: allowance(firstOfMonth(on)) - includedUsed(movements, on),
    bought: Math.min(...[on, ...later].map((day) => boughtBy(movements, ordered, day).left)),
  };
}

/** The first day on which more was used than there was, or null. */
export function overdrawnOn(movements: readonly Movement[], ordered: number, allowance: Allowance): Day | null {
  const days = [...new Set(movements.map(({ on }) => on))].toSorted();
  return (
    days.find(
      (day) =>
        boughtBy(movements, ordered, day).left < 0 || includedUsed(movements, day) > allowance(firstOfMonth(day)),
    ) ?? null
  );
}
