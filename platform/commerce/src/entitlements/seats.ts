/** Seats: devices or accounts that use what the packs of a contract allow (SEC-52, SEC-53). */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Contract } from "../charging/contract.ts";
import { cheapestPacking, type Pack } from "../applications/packs.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { noteUse } from "../notices/terms-change.ts";
import { raise } from "./errors.ts";
import { headOf, itemsOn, priceOf, readContract } from "./reading.ts";
import { packsOn, seatsOf } from "./seats-allowed.ts";
import type { Combination, PackAnswer, SeatItem, SeatsShown } from "./shapes.ts";
import type { EntitlementWork } from "./work.ts";

/** How many seats the contract allows on a day (SEC-52). */
export async function seatsAllowed(tx: Tx, row: Pick<ContractRow, "id">, on: Day): Promise<number> {
  return seatsOf(packsOn(await readContract(tx, row, on), on));
}

/** Two writings of one device or account are one. */
const identityOf = (identifier: string): string => identifier.normalize("NFKC").trim().toLowerCase();

/**
 * Takes a seat from today on. The contract has to be locked: of two that want the last seat at once one gets it.
 * SEATS_NOT_COUNTED, SEATS_USED_UP, SEAT_TAKEN.
 */
export async function useSeat(
  work: EntitlementWork,
  row: ContractRow,
  { identifier, name = "" }: { readonly identifier: string; readonly name?: string },
): Promise<SeatItem> {
  const { tx, now } = work;
  const on = dayOf(now);
  const contract = await readContract(tx, row, on);
  if (!countsSeats(contract, on)) throw raise("SEATS_NOT_COUNTED", { number: row.number });
  const allowed = seatsOf(packsOn(contract, on));
  const identity = identityOf(identifier);
  const { rows } = await sql<{ used: number; taken: boolean }>`
    select count(*)::int as used, coalesce(bool_or(identity = ${identity}), false) as taken from commerce.seat
    where organisation_id = ${row.organisation} and contract_id = ${row.id} and until_on is null`.execute(tx);
  if (rows[0]?.taken === true) throw raise("SEAT_TAKEN", { identifier, number: row.number });
  if ((rows[0]?.used ?? 0) >= allowed) throw raise("SEATS_USED_UP", { allowed, number: row.number });
  const id = newId();
  const by = actorName(work);
  await sql`insert into commerce.seat (id, organisation_id, contract_id, identifier, identity, name, from_on, registered_by,
      registered_at)
    values (${id}, ${row.organisation}, ${row.id}, ${identifier.trim()}, ${identity}, ${name}, ${on}::date, ${by}, ${now})`.execute(
    tx,
  );
  await noteUse(work, row, on, `seat ${on}`);
  return { id, identifier: identifier.trim(), name, from: on, until: null, registeredBy: by };
}

/** Frees a seat from today on. NOT_FOUND, SEAT_FREE. */
export async function freeSeat(work: EntitlementWork, row: ContractRow, seat: Uuid): Promise<SeatItem> {
  const { tx, now } = work;
  const found = (await seatsUsed(tx, row)).find(({ id }) => id === seat);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  if (found.until !== null) throw raise("SEAT_FREE", { identifier: found.identifier, until: found.until });
  const until = dayOf(now);
  await sql`update commerce.seat set until_on = ${until}::date, freed_by = ${actorName(work)}
    where organisation_id = ${row.organisation} and id = ${seat}`.execute(tx);
  return { ...found, until };
}

async function seatsUsed(tx: Tx, row: ContractRow, on: Day | null = null): Promise<SeatItem[]> {
  const { rows } = await sql<SeatItem>`select id, identifier, name, from_on::text as "from", until_on::text as until,
      registered_by as "registeredBy"
    from commerce.seat where organisation_id = ${row.organisation} and contract_id = ${row.id}
      and (${on}::date is null or (from_on <= ${on}::date and (until_on is null or until_on > ${on}::date)))
    order by from_on, id`.execute(tx);
  return rows;
}

const countsSeats = (contract: Contract, on: Day): boolean =>
  Object.values(itemsOn(contract, on)).some(({ seats }) => seats !== undefined);

function packPrices(contract: Contract, on: Day): Pack[] {
  return Object.entries(itemsOn(contract, on)).flatMap(([item, { seats }]) => {
    const price = seats === undefined ? null : priceOf(contract, item, on);
    return seats === undefined || price === null ? [] : [{ item, seats, price }];
  });
}

/** Seats on a day, and whether other packs would cost less for as many (SEC-53); nothing is ever changed by that. */
export async function seatsShown(tx: Tx, row: ContractRow, on: Day): Promise<SeatsShown> {
  const contract = await readContract(tx, row, on);
  const packs = packsOn(contract, on).map((pack) => ({ ...pack, unitPrice: priceOf(contract, pack.item, on) }));
  const allowed = seatsOf(packs);
  const seats = await seatsUsed(tx, row, on);
  const monthly = packs.reduce<number | null>(
    (sum, { quantity, unitPrice }) => (sum === null || unitPrice === null ? null : sum + quantity * unitPrice),
    0,
  );
  const best = allowed === 0 ? null : combination(contract, on, allowed);
  return {
    ...headOf(row, on),
    counted: countsSeats(contract, on),
    packs,
    allowed,
    used: seats.length,
    excess: Math.max(0, seats.length - allowed),
    monthly: packs.length === 0 ? null : monthly,
    cheaper: best !== null && monthly !== null && best.monthly < monthly ? best : null,
    seats,
  };
}

/** What so many seats would cost at least. */
export async function packAnswer(tx: Tx, row: ContractRow, on: Day, seats: number): Promise<PackAnswer> {
  const contract = await readContract(tx, row, on);
  return { ...headOf(row, on), seats, cheapest: combination(contract, on, seats) };
}

function combination(contract: Contract, on: Day, seats: number): Combination | null {
  const found = cheapestPacking(packPrices(contract, on), seats);
  if (found === null) return null;
  const items = itemsOn(contract, on);
  const packs = Object.entries(found.items).map(([item, quantity]) => ({
    item,
    name: items[item]?.name ?? { ja: item, en: item },
    size: items[item]?.seats ?? 0,
    quantity,
    unitPrice: priceOf(contract, item, on),
  }));
  return { packs, seats: found.seats, monthly: found.price };
}
