/** Seats that the packs of a contract allow on a day (SEC-52): the sum of size × quantity, as charging counts quantities. Pure. */
import type { Day } from "@yagura/core/calendar.ts";
import type { Contract } from "../charging/contract.ts";
import { itemTerms, lives, quantityOn } from "../charging/lives.ts";
import type { Text } from "../charging/tables.ts";

export interface PackInUse {
  readonly item: string;
  readonly name: Text;
  readonly size: number;
  readonly quantity: number;
}

/** Packs in use on the day; none before the start and from the end on. */
export function packsOn(contract: Contract, on: Day): PackInUse[] {
  return lives(contract).flatMap((life) => {
    const item = itemTerms(contract, life.item);
    if (item?.seats === undefined || life.start > on || (life.end !== null && life.end <= on)) return [];
    const quantity = quantityOn(life, on);
    return quantity === 0 ? [] : [{ item: life.item, name: item.name, size: item.seats, quantity }];
  });
}

export const seatsOf = (packs: readonly PackInUse[]): number =>
  packs.reduce((sum, { size, quantity }) => sum + size * quantity, 0);
