/** Successions, assignments and the holders of a contract, as they are stored. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { DatedHolder, Transfer } from "./shapes.ts";

type OfContract = { readonly id: Uuid; readonly organisation: OrganisationId };
const columns = sql`id, contract_id as "contractId", how, state, effective_on::text as "effectiveOn", successors,
  representative, reason, evidence, requested_at as "requestedAt", decided_at as "decidedAt"`;
type Row = Omit<Transfer, "requestedAt" | "decidedAt"> & {
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
};
const shown = ({ requestedAt, decidedAt, ...row }: Row): Transfer => ({
  ...row,
  requestedAt: requestedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});

/** Every case of the contract, oldest first. */
export async function transfersOf(tx: Tx, contract: OfContract): Promise<Transfer[]> {
  const { rows } = await sql<Row>`select ${columns} from commerce.contract_transfer
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} order by id`.execute(tx);
  return rows.map(shown);
}

/** One case of the contract, or null. */
export async function transferById(tx: Tx, contract: OfContract, id: Uuid): Promise<Transfer | null> {
  const { rows } = await sql<Row>`select ${columns} from commerce.contract_transfer
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : shown(rows[0]);
}

/** Who held the contract, from the first on. */
export async function holdersOf(tx: Tx, contract: OfContract): Promise<DatedHolder[]> {
  const { rows } = await sql<DatedHolder>`select from_day::text as "from", how, holder, others
    from commerce.contract_holder where organisation_id = ${contract.organisation} and contract_id = ${contract.id}
    order by from_day, ordinal`.execute(tx);
  return rows;
}

/** Who holds the contract on a day and is billed for it; null: the organisation's registered customer (COM-32). */
export async function holderOn(tx: Tx, contract: OfContract, day: Day): Promise<DatedHolder | null> {
  return (await holdersOf(tx, contract)).findLast(({ from }) => from <= day) ?? null;
}
