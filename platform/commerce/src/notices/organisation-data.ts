/** Everything that this folder holds of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure } from "../erasure.ts";

/** What points at something stands before it. */
const tables = [
  "commerce.terms_consent",
  "commerce.notice_evidence",
  "commerce.notice",
  "commerce.legal_case_step",
  "commerce.legal_case",
  "commerce.data_use",
] as const;

/** As the customer's own pages show it: nothing that is not given yet, no deletion that is being prepared, no step of the staff. */
const shown: Partial<Record<(typeof tables)[number], string>> = {
  "commerce.notice": "state = 'sent'",
  "commerce.notice_evidence": "notice_id in (select id from commerce.notice where state = 'sent')",
  "commerce.legal_case": "kind <> 'deletion'",
  "commerce.legal_case_step": "false",
};

export async function* exportNotices(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  for (const table of tables.toReversed()) {
    const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t
      where organisation_id = ${organisation} and ${sql.raw(shown[table] ?? "true")}`.execute(tx);
    for (const { row } of rows) yield { table, row };
  }
}

/** Before contracts are erased: notices and cases point at them. */
export async function eraseNotices(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  for (const table of tables) {
    await sql`delete from ${sql.table(table)} where organisation_id = ${organisation}`.execute(tx);
  }
}
