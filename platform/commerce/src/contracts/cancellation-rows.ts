/** Requests for the end of a contract, as they are stored. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Cancellation } from "./shapes.ts";

type OfContract = { readonly id: Uuid; readonly organisation: OrganisationId };
const columns = sql`id, contract_id as "contractId", by_whom as by, state, received_on::text as "receivedOn",
  desired_on::text as "desiredOn", checked_on::text as "checkedOn", cancelled_on::text as "cancelledOn", channel, late, sum,
  ground, reason, requested_by as "requestedBy", requested_at as "requestedAt", evidence`;
type Row = Omit<Cancellation, "sum" | "requestedAt"> & { readonly sum: string; readonly requestedAt: Date };
const shown = ({ sum, requestedAt, ...row }: Row): Cancellation => ({
  ...row,
  sum: Number(sum),
  requestedAt: requestedAt.toISOString(),
});

/** Every request of the contract, oldest first. */
export async function cancellationsOf(tx: Tx, contract: OfContract): Promise<Cancellation[]> {
  const { rows } = await sql<Row>`select ${columns} from commerce.cancellation
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} order by id`.execute(tx);
  return rows.map(shown);
}

/** One request of the contract, or null. */
export async function cancellationById(tx: Tx, contract: OfContract, id: Uuid): Promise<Cancellation | null> {
  const { rows } = await sql<Row>`select ${columns} from commerce.cancellation
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : shown(rows[0]);
}
