/** Everything that this folder holds of an organisation: for its export, and for its erasure. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure, eraseTables, exportTables, type TenantTable } from "../organisation-data.ts";

/**
 * In the order in which rows refer to each other: the erasure goes backwards. Shown as on the customer's own pages: nothing that
 * is not given yet, no deletion that is being prepared, no step of the staff.
 */
const tables: readonly TenantTable[] = [
  { name: "commerce.data_use", order: "purpose" },
  { name: "commerce.legal_case", shown: "kind <> 'deletion'" },
  { name: "commerce.legal_case_step", shown: "false" },
  { name: "commerce.notice", shown: "state = 'sent'" },
  { name: "commerce.notice_evidence", shown: "notice_id in (select id from commerce.notice where state = 'sent')" },
  { name: "commerce.terms_consent" },
];

export const exportNotices = (tx: Tx, organisation: OrganisationId) => exportTables(tx, organisation, tables);

/** Before contracts are erased: notices and cases point at them. */
export async function eraseNotices(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  await eraseTables(tx, organisation, tables.toReversed());
}
