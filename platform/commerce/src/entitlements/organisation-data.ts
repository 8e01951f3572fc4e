/** Everything that entitlements hold of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure, eraseTables, exportTables, type TenantTable } from "../organisation-data.ts";

/** In the order in which rows refer to each other: the erasure goes backwards. */
const tables: readonly TenantTable[] = [
  { name: "commerce.seat" },
  { name: "commerce.insured_device" },
  { name: "commerce.ticket_allowance" },
  { name: "commerce.equipment" },
  { name: "commerce.equipment_event" },
  { name: "commerce.equipment_return" },
];

export const exportEntitlements = (tx: Tx, organisation: OrganisationId) => exportTables(tx, organisation, tables);

/** Before the contracts'. A device that was insured may be registered by somebody else afterwards. */
export async function eraseEntitlements(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  await sql`select commerce.release_values(id) from commerce.insured_device where organisation_id = ${organisation}`.execute(
    tx,
  );
  await eraseTables(tx, organisation, tables.toReversed());
}
