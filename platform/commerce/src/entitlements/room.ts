/** Entitlements as rows of commerce's tables: routes, scopes, jobs, export and erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { JobTable, Platform, Route, ScopeTable } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure } from "../erasure.ts";
import { equipmentRoutes } from "./equipment-routes.ts";
import { sweepEndedContracts } from "./returns.ts";
import { seatRoutes } from "./seat-routes.ts";
import { walletRoutes } from "./wallet-routes.ts";

export const entitlementRoutes: readonly Route[] = [...seatRoutes, ...walletRoutes, ...equipmentRoutes];

export const entitlementScopes: ScopeTable = {
  // Seats and insured devices: the customer's own people do this.
  "entitlement.write": ["owner", "admin", "provider-admin", "provider-billing", "provider-operator"],
  // Tickets are used by whoever works on the support ticket.
  "ticket.write": ["provider-admin", "provider-billing", "provider-operator", "provider-support"],
  "equipment.write": ["provider-admin", "provider-billing", "provider-operator"],
};

export const returnSweepJob = "commerce.equipment-returns";
export const entitlementJobs: JobTable = {
  handlers: {
    [returnSweepJob]: async (_payload, platform) => {
      await sweepEndedContracts(platform);
    },
  },
  // 15:20 UTC is 00:20 in Asia/Tokyo: after the contracts that end with the day have ended.
  schedule: { [returnSweepJob]: "20 15 * * *" },
};

/** In the order in which rows refer to each other: the erasure goes backwards. */
const tables = [
  "commerce.seat",
  "commerce.insured_device",
  "commerce.ticket_allowance",
  "commerce.equipment",
  "commerce.equipment_event",
  "commerce.equipment_return",
] as const;

export async function* exportEntitlements(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const table of tables) {
    const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t
      where organisation_id = ${organisation} order by id`.execute(tx);
    for (const { row } of rows) yield { table, row };
  }
}

/** Before the contracts'. A device that was insured may be registered by somebody else afterwards. */
export async function eraseEntitlements(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  await sql`select commerce.release_values(id) from commerce.insured_device where organisation_id = ${organisation}`.execute(
    tx,
  );
  for (const table of tables.toReversed()) {
    await sql`delete from ${sql.table(table)} where organisation_id = ${organisation}`.execute(tx);
  }
}
