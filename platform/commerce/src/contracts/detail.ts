/** Everything about one contract, for its page. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { cancellationsOf } from "./cancellation-rows.ts";
import { changeOrdersOf } from "./change-rows.ts";
import { contractById, type ContractRow } from "./contracts.ts";
import { storedFacts } from "./fact-door.ts";
import { holdersOf, transfersOf } from "./transfer-rows.ts";
import type { ContractDetail, ContractEvent, ContractItem } from "./shapes.ts";
import { tasksOf } from "./tasks.ts";

type Rest = Omit<ContractDetail, keyof ContractItem>;

/** Null when there is none. Customers do not see what the staff have to do. */
export async function contractDetail(
  tx: Tx,
  organisation: OrganisationId,
  id: Uuid,
  who: { readonly staff: boolean },
): Promise<{ readonly row: ContractRow; readonly rest: Rest } | null> {
  const row = await contractById(tx, organisation, id);
  if (row === null) return null;
  return {
    row,
    rest: {
      serviceStartedOn: row.serviceStartedOn,
      anchor: row.anchor,
      items: row.items,
      attributes: row.attributes,
      applicationId: row.applicationId,
      events: await eventsOf(tx, row),
      facts: await storedFacts(tx, row),
      cancellations: await cancellationsOf(tx, row),
      changeOrders: await changeOrdersOf(tx, row),
      transfers: await transfersOf(tx, row),
      holders: await holdersOf(tx, row),
      tasks: await tasksOf(tx, { organisation, contract: id, audience: who.staff ? null : "customer" }),
    },
  };
}

/** The contract's events in their order. */
export async function eventsOf(
  tx: Tx,
  contract: { readonly organisation: OrganisationId; readonly id: Uuid },
): Promise<ContractEvent[]> {
  const { rows } = await sql<
    Omit<ContractEvent, "at"> & { at: Date }
  >`select at, kind, actor, ground, from_state as "from",
      to_state as "to", on_day::text as "on", reason, evidence, payload
    from commerce.contract_event where organisation_id = ${contract.organisation} and contract_id = ${contract.id}
    order by ordinal`.execute(tx);
  return rows.map(({ at, ...event }) => Object.assign(event, { at: at.toISOString() }));
}
