/**
 * Ticket wallets of a contract (SEC-61, SEC-71). What was bought and used are contract facts, so the bill and the wallet read the
 * same; what a month includes is the provider's setting `included-tickets`, written down per month once something of it is used.
 */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, firstOfMonth, lastOfMonth, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Contract } from "../charging/contract.ts";
import type { ItemTerms } from "../charging/tables.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { addFact, storedFacts, voidFact } from "../contracts/fact-door.ts";
import type { StoredFact } from "../contracts/shapes.ts";
import { raise } from "./errors.ts";
import { headOf, itemsOn, priceOf, readContract } from "./reading.ts";
import type { TicketMovement, Wallet, WalletsShown } from "./shapes.ts";
import { boughtBy, includedUsed, overdrawnOn, usableOn, type Allowance, type Movement } from "./wallet.ts";
import type { EntitlementWork } from "./work.ts";

/** Source of the facts that are written here. */
const source = "tickets";

interface Purse {
  readonly contract: Contract;
  readonly movements: readonly TicketMovement[];
  /** Ticket items of the plan on the day. */
  readonly items: readonly (readonly [string, ItemTerms])[];
  readonly allowanceOf: (item: string) => Allowance;
}

async function openPurse(tx: Tx, row: ContractRow, on: Day): Promise<Purse> {
  const contract = await readContract(tx, row, on);
  const { rows } = await sql<{ item: string; month: Day; quantity: number }>`
    select item, month::text as month, quantity from commerce.ticket_allowance
    where organisation_id = ${row.organisation} and contract_id = ${row.id}`.execute(tx);
  const granted = new Map(rows.map(({ item, month, quantity }) => [`${item}|${month}`, quantity]));
  return {
    contract,
    movements: (await storedFacts(tx, row)).flatMap(movementOf),
    items: Object.entries(itemsOn(contract, on)).filter(([, { kind }]) => kind === "ticket"),
    allowanceOf: (item) => (month) => granted.get(`${item}|${month}`) ?? included(contract, row, item, month),
  };
}

function movementOf({ id, fact, voidedAt, recordedBy, recordedAt }: StoredFact): TicketMovement[] {
  if (voidedAt !== null) return [];
  const common = { id, on: fact.on, recordedBy, recordedAt };
  if (fact.kind === "purchase") {
    const { item, quantity } = fact;
    return quantity === 0 ? [] : [{ ...common, item, kind: "bought", quantity, ticket: null, ofIncluded: 0 }];
  }
  if (fact.kind !== "ticket-used" || fact.quantity === 0) return [];
  const { item, quantity, ticket, ofIncluded = 0 } = fact;
  return [{ ...common, item, kind: "used", quantity, ticket, ofIncluded }];
}

/** What the provider includes in a month: as set on its first day in force. */
function included(contract: Contract, row: ContractRow, item: string, month: Day): number {
  const first = row.startedOn;
  const inForce = first !== null && first <= lastOfMonth(month) && (row.endedOn === null || row.endedOn >= month);
  if (!inForce) return 0;
  const set = contract.setting("included-tickets", first > month ? first : month);
  const count = typeof set === "object" && set !== null ? (set as Readonly<Record<string, unknown>>)[item] : 0;
  return typeof count === "number" && Number.isInteger(count) && count > 0 ? count : 0;
}

const ofItem = (purse: Purse, item: string): readonly Movement[] =>
  purse.movements.filter((movement) => movement.item === item);
const ordered = (purse: Purse, item: string): number => purse.contract.facts.items[item] ?? 0;

/** Wallets on a day, and everything that was bought and used. */
export async function walletsShown(tx: Tx, row: ContractRow, on: Day): Promise<WalletsShown> {
  const purse = await openPurse(tx, row, on);
  const kinds = new Set(purse.items.map(([item]) => item));
  return {
    ...headOf(row, on),
    wallets: purse.items.map(([item, { name }]) => walletOf(purse, item, name, on)),
    movements: purse.movements.filter(({ item }) => kinds.has(item)),
  };
}

function walletOf(purse: Purse, item: string, name: Wallet["name"], on: Day): Wallet {
  const movements = ofItem(purse, item);
  const { bought, used, left } = boughtBy(movements, ordered(purse, item), on);
  const includedNow = purse.allowanceOf(item)(firstOfMonth(on));
  const usedOfIncluded = includedUsed(movements, on);
  return {
    item,
    name,
    unitPrice: priceOf(purse.contract, item, on),
    bought,
    usedOfBought: used,
    boughtLeft: left,
    included: includedNow,
    usedOfIncluded,
    expiresOn: includedNow === 0 ? null : lastOfMonth(on),
    remaining: left + includedNow - usedOfIncluded,
  };
}

interface Wanted {
  readonly item: string;
  readonly quantity: number;
  readonly on: Day;
  readonly key?: string;
}

/**
 * Buys tickets: a fact that the bill of the month carries. The contract has to be locked. TICKETS_NONE, TICKETS_NOT_IN_FORCE,
 * TICKETS_DAY_AHEAD.
 */
export async function buyTickets(work: EntitlementWork, row: ContractRow, wanted: Wanted): Promise<Uuid> {
  const { item, quantity, on, key } = wanted;
  await checked(work, row, wanted);
  return addFact(work, row, { kind: "purchase", on, item, quantity }, { source, key });
}

/**
 * Uses tickets on a support ticket: those that the month includes first, as they end with it. The contract has to be locked: of two
 * that want the last one at once one gets it. TICKETS_USED_UP and those of `buyTickets`. Asked again under the same key it is the
 * same use.
 */
export async function useTickets(
  work: EntitlementWork,
  row: ContractRow,
  wanted: Wanted & { readonly ticket: string },
): Promise<Uuid> {
  const { item, quantity, on, ticket, key } = wanted;
  const known = key === undefined ? undefined : await usedUnder(work.tx, row, key);
  if (known !== undefined && sameUse(known, wanted)) return known.id;
  const purse = await checked(work, row, wanted);
  const usable = usableOn(ofItem(purse, item), ordered(purse, item), purse.allowanceOf(item), on);
  const remaining = Math.max(0, usable.included) + Math.max(0, usable.bought);
  if (quantity > remaining)
    throw raise("TICKETS_USED_UP", { item, on, number: row.number, remaining, wanted: quantity });
  const ofIncluded = Math.min(quantity, Math.max(0, usable.included));
  if (ofIncluded > 0) await grant(work, row, item, firstOfMonth(on), purse.allowanceOf(item)(firstOfMonth(on)));
  const fact = {
    kind: "ticket-used",
    on,
    item,
    quantity,
    ticket,
    ...(ofIncluded === 0 ? {} : { ofIncluded }),
  } as const;
  return addFact(work, row, fact, { source, key });
}

const usedUnder = async (tx: Tx, row: ContractRow, key: string): Promise<StoredFact | undefined> =>
  (await storedFacts(tx, row)).find((one) => one.source === source && one.sourceKey === key && one.voidedAt === null);

const sameUse = ({ fact }: StoredFact, wanted: Wanted & { readonly ticket: string }): boolean =>
  fact.kind === "ticket-used" &&
  fact.on === wanted.on &&
  fact.item === wanted.item &&
  fact.quantity === wanted.quantity &&
  fact.ticket === wanted.ticket;

/** Takes back a purchase or a use that was entered wrongly. NOT_FOUND, TICKETS_USED_UP when what was bought is used already. */
export async function voidMovement(
  work: EntitlementWork,
  row: ContractRow,
  movement: Uuid,
  reason: string,
): Promise<void> {
  const found = (await storedFacts(work.tx, row)).find(({ id }) => id === movement);
  if (found === undefined || movementOf({ ...found, voidedAt: null }).length === 0) throw raiseServer("NOT_FOUND");
  await voidFact(work, row, movement, reason);
  await assertWallets(work, row);
}

/** After facts of tickets came in or were voided by another way. TICKETS_USED_UP when a wallet would be below zero. */
export async function assertWallets(work: EntitlementWork, row: ContractRow): Promise<void> {
  const purse = await openPurse(work.tx, row, dayOf(work.now));
  for (const item of new Set(purse.movements.filter(({ kind }) => kind === "used").map((one) => one.item))) {
    const movements = ofItem(purse, item);
    const allowance = purse.allowanceOf(item);
    const on = overdrawnOn(movements, ordered(purse, item), allowance);
    if (on !== null) {
      const wanted = movements
        .filter((one) => one.on === on && one.kind === "used")
        .reduce((sum, one) => sum + one.quantity, 0);
      throw raise("TICKETS_USED_UP", { item, on, number: row.number, remaining: 0, wanted });
    }
    for (const month of new Set(movements.filter((one) => one.ofIncluded > 0).map((one) => firstOfMonth(one.on)))) {
      await grant(work, row, item, month, allowance(month));
    }
  }
}

/** Writes down what a month includes; from then on the setting may change without changing what was granted. */
async function grant(
  { tx, now }: EntitlementWork,
  row: ContractRow,
  item: string,
  month: Day,
  quantity: number,
): Promise<void> {
  await sql`insert into commerce.ticket_allowance (id, organisation_id, contract_id, item, month, quantity, granted_at)
    values (${newId()}, ${row.organisation}, ${row.id}, ${item}, ${month}::date, ${quantity}, ${now})
    on conflict (contract_id, item, month) do nothing`.execute(tx);
}

async function checked({ tx, now }: EntitlementWork, row: ContractRow, { item, on }: Wanted): Promise<Purse> {
  if (on > dayOf(now)) throw raise("TICKETS_DAY_AHEAD", { on });
  const purse = await openPurse(tx, row, on);
  if (!purse.items.some(([code]) => code === item)) {
    const items = purse.items.map(([code]) => code).join(", ") || "–";
    throw raise("TICKETS_NONE", { item, items, number: row.number });
  }
  const { startedOn, endedOn } = row;
  if (startedOn === null || on < startedOn || (endedOn !== null && on > endedOn)) {
    throw raise("TICKETS_NOT_IN_FORCE", { number: row.number, on });
  }
  return purse;
}
