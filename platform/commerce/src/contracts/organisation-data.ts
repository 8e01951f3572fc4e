/** Everything that applications and contracts hold of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure, eraseTables, exportTables, type TenantTable } from "../organisation-data.ts";

/** In the order in which rows refer to each other: the erasure goes backwards. */
const tables: readonly TenantTable[] = [
  { name: "commerce.customer", order: "organisation_id" },
  { name: "commerce.customer_change" },
  // Files of 10 MB each, in hexadecimal.
  { name: "commerce.evidence", page: 1 },
  { name: "commerce.quote" },
  { name: "commerce.application" },
  { name: "commerce.application_consent" },
  { name: "commerce.contract" },
  { name: "commerce.contract_event" },
  { name: "commerce.contract_fact" },
  { name: "commerce.cancellation" },
  { name: "commerce.change_order" },
  { name: "commerce.contract_transfer" },
  { name: "commerce.contract_holder" },
  // What the staff have to do is theirs.
  { name: "commerce.task", shown: "audience = 'customer'" },
];

export const exportContracts = (tx: Tx, organisation: OrganisationId) => exportTables(tx, organisation, tables);

/** Run after the services' own erasure. Numbers stay drawn: they are never used again. */
export async function eraseContracts(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  // Values that only one living contract may have are set free; the queue keeps its numbers, without a customer's data.
  await sql`select commerce.release_values(id) from (select id from commerce.contract where organisation_id = ${organisation}
    union all select id from commerce.application where organisation_id = ${organisation}) held`.execute(tx);
  await eraseTables(tx, organisation, tables.toReversed());
}
