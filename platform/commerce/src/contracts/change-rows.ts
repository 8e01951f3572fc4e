/** Change orders as they are stored. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ChangeOrder } from "./shapes.ts";

type OfContract = { readonly id: Uuid; readonly organisation: OrganisationId };
const columns = sql`id, contract_id as "contractId", state, changes, effective_on::text as "effectiveOn",
  requested_by as "requestedBy", requested_at as "requestedAt", decided_by as "decidedBy", decided_at as "decidedAt", reason`;
type Row = Omit<ChangeOrder, "requestedAt" | "decidedAt"> & {
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
};
const shown = ({ requestedAt, decidedAt, ...row }: Row): ChangeOrder => ({
  ...row,
  requestedAt: requestedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});

/** Every change order of the contract, oldest first. */
export async function changeOrdersOf(tx: Tx, contract: OfContract): Promise<ChangeOrder[]> {
  const { rows } = await sql<Row>`select ${columns} from commerce.change_order
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} order by id`.execute(tx);
  return rows.map(shown);
}

/** One change order of the contract, or null. */
export async function changeOrderById(tx: Tx, contract: OfContract, id: Uuid): Promise<ChangeOrder | null> {
  const { rows } = await sql<Row>`select ${columns} from commerce.change_order
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : shown(rows[0]);
}
