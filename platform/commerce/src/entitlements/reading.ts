/** What every part here asks of a contract: its facts and the dated tables, as charging reads them on a day. */
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { type Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import type { Tx } from "@yagura/store/store.ts";
import { Contract } from "../charging/contract.ts";
import type { ItemTerms } from "../charging/tables.ts";
import { contractById, type ContractRow } from "../contracts/contract-row.ts";
import { factsOf } from "../contracts/fact-door.ts";
import { loadTables } from "../terms/load.ts";

/** As charging sees the contract, as of a day. NOT_FOUND when the organisation has no such contract. */
export async function readContract(tx: Tx, row: Pick<ContractRow, "id">, on: Day): Promise<Contract> {
  const [facts] = await factsOf(tx, row.id);
  if (facts === undefined) throw raiseServer("NOT_FOUND");
  return new Contract(await loadTables(tx), facts, on);
}

/** The organisation's contract. NOT_FOUND. */
export async function foundContract(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ContractRow> {
  const row = await contractById(tx, organisation, id);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

/** Items of the plan on a day, by code. */
export const itemsOn = (contract: Contract, on: Day): Readonly<Record<string, ItemTerms>> =>
  contract.knownTermsOn(on)?.plan.items ?? {};

/** Price of one, or null where the price book has none. */
export function priceOf(contract: Contract, item: string, on: Day): Yen | null {
  const known = contract.issues.length;
  const { amount } = contract.price(item, on);
  return contract.issues.length > known ? null : amount;
}

/** What stands at the head of every answer. */
export const headOf = (row: ContractRow, on: Day) => ({
  contractId: row.id,
  number: row.number,
  service: row.service,
  plan: row.plan,
  on,
});
