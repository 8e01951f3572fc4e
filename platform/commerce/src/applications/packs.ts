/** The cheapest combination of packs for a number of seats (SEC-53). Shown as a hint, never ordered in the customer's place. Pure. */

export interface Pack {
  readonly item: string;
  /** Seats that one of it allows. */
  readonly seats: number;
  /** Whole yen a month, without tax. */
  readonly price: number;
}
export interface Packing {
  readonly items: Readonly<Record<string, number>>;
  readonly seats: number;
  readonly price: number;
}

/** Seats and price of what is ordered. */
export function packingOf(packs: readonly Pack[], items: Readonly<Record<string, number>>): Packing {
  let [seats, price] = [0, 0];
  for (const pack of packs) {
    seats += pack.seats * (items[pack.item] ?? 0);
    price += pack.price * (items[pack.item] ?? 0);
  }
  return { items, seats, price };
}

/**
 * The cheapest combination that allows at least so many seats; null without packs. Sizes divide each other (1, 10, 100 …), so
 * going from the largest down and rounding up once at each size tries every combination that can be cheapest.
 */
export const cheapestPacking = (packs: readonly Pack[], seats: number): Packing | null =>
  cheapest(
    packs.filter((pack) => pack.seats > 0).toSorted((a, b) => b.seats - a.seats),
    seats,
  );

/** A cheaper combination that allows at least as many seats, or null. */
export function cheaperPacking(packs: readonly Pack[], ordered: Packing): Packing | null {
  if (ordered.seats === 0) return null;
  const best = cheapestPacking(packs, ordered.seats);
  return best !== null && best.price < ordered.price ? best : null;
}

function cheapest(sizes: readonly Pack[], needed: number): Packing | null {
  if (needed <= 0) return { items: {}, seats: 0, price: 0 };
  const [largest, ...smaller] = sizes;
  if (largest === undefined) return null;
  const whole = Math.floor(needed / largest.seats);
  const rest = needed - whole * largest.seats;
  const roundedUp = rest === 0 ? null : plus({ items: {}, seats: 0, price: 0 }, largest, whole + 1);
  const below = cheapest(smaller, rest);
  const exact = below === null ? null : plus(below, largest, whole);
  // Fewer of the largest can pay only where a smaller pack is the cheaper one for each seat.
  const without = smaller.length === 0 ? null : cheapest(smaller, needed);
  const found = [exact, roundedUp, without].filter((one): one is Packing => one !== null);
  return found.toSorted((a, b) => a.price - b.price || a.seats - b.seats)[0] ?? null;
}

const plus = (rest: Packing, pack: Pack, count: number): Packing =>
  count === 0
    ? rest
    : {
        items: { ...rest.items, [pack.item]: (rest.items[pack.item] ?? 0) + count },
        seats: rest.seats + pack.seats * count,
        price: rest.price + pack.price * count,
      };
