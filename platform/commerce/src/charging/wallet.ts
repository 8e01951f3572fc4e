/**
 * Ticket wallets of a contract (SEC-71): bought, used and left for each kind. Tickets that the provider includes each month
 * (setting `included-tickets`) are used first and do not carry over; what goes beyond them comes out of those that were bought.
 */
import { monthOf, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import { itemTerms } from "./lives.ts";

export interface Wallet {
  /** By order or by purchase. */
  readonly bought: number;
  /** Out of those that were bought. */
  readonly used: number;
  /** Out of those included in their month. */
  readonly includedUsed: number;
}
interface Use extends Wallet {
  readonly at: number;
  readonly on: Day;
}

/** The wallet on a day. */
export function wallet(contract: Contract, item: string, day: Day): Wallet {
  const last = uses(contract, item).findLast(({ on }) => on <= day);
  return { used: last?.used ?? 0, includedUsed: last?.includedUsed ?? 0, bought: bought(contract, item, day) };
}

/** Uses for which there was nothing left. */
export const overdrawn = (contract: Contract, item: string): Use[] =>
  uses(contract, item).filter((one) => one.used > one.bought);

function bought(contract: Contract, item: string, day: Day): number {
  let sum = itemTerms(contract, item)?.kind === "ticket" ? (contract.facts.items[item] ?? 0) : 0;
  for (const { fact } of contract.of("purchase")) if (fact.item === item && fact.on <= day) sum += fact.quantity;
  return sum;
}

/** What stood in the wallet after each use, in order. */
function uses(contract: Contract, item: string): Use[] {
  const found: Use[] = [];
  const purchases = contract.of("purchase").filter(({ fact }) => fact.item === item);
  let [next, used, includedUsed] = [0, 0, 0];
  let owned = bought(contract, item, "");
  let month: YearMonth = "";
  let left = 0;
  for (const { fact, at } of contract.of("ticket-used")) {
    if (fact.item !== item) continue;
    for (; next < purchases.length && (purchases[next]?.fact.on ?? "") <= fact.on; next++)
      owned += purchases[next]?.fact.quantity ?? 0;
    if (monthOf(fact.on) !== month) [month, left] = [monthOf(fact.on), included(contract, item, fact.on)];
    const free = Math.min(left, fact.quantity);
    left -= free;
    includedUsed += free;
    used += fact.quantity - free;
    found.push({ at, on: fact.on, bought: owned, used, includedUsed });
  }
  return found;
}

function included(contract: Contract, item: string, day: Day): number {
  const set = contract.setting("included-tickets", day);
  const count = typeof set === "object" && set !== null ? (set as Record<string, unknown>)[item] : undefined;
  return typeof count === "number" && count > 0 ? Math.floor(count) : 0;
}
