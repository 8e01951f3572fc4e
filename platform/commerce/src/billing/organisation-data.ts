/** Everything that billing holds of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure, eraseTables, exportTables } from "../organisation-data.ts";

/** Previews of bill runs, and what could not be billed in them, are the provider's: erased, not exported. */
export const exportBilling = (tx: Tx, organisation: OrganisationId) =>
  exportTables(tx, organisation, [
    { name: "commerce.billing_choice", order: "organisation_id" },
    { name: "commerce.billed", order: "contract_id, month" },
    { name: "commerce.invoice" },
    { name: "commerce.invoice_line", order: "invoice_id, position" },
    { name: "commerce.invoice_mail", order: "invoice_id" },
    { name: "commerce.invoice_pdf", order: "invoice_id, language" },
  ]);

/**
 * Issued documents stay for seven years (COM-11; the law asks it of issuer and recipient), readable by the provider alone, since
 * nobody of an erased organisation can sign in; older ones go. Everything else of billing goes at once.
 */
export async function eraseBilling(_platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  // One that a younger document corrects stays with it.
  const old = sql`select i.id from commerce.invoice i where i.organisation_id = ${organisation}
    and i.issued_on <= (now() at time zone 'Asia/Tokyo')::date - interval '7 years'
    and not exists (select from commerce.invoice c where c.corrects_id = i.id
      and c.issued_on > (now() at time zone 'Asia/Tokyo')::date - interval '7 years')`;
  await sql`delete from commerce.invoice_pdf where invoice_id in (${old})`.execute(tx);
  await sql`delete from commerce.invoice_mail where organisation_id = ${organisation}`.execute(tx);
  await sql`delete from commerce.invoice_line where invoice_id in (${old})`.execute(tx);
  await sql`delete from commerce.invoice where id in (${old})`.execute(tx);
  await eraseTables(tx, organisation, [
    { name: "commerce.billed" },
    { name: "commerce.bill_aside" },
    { name: "commerce.bill_run_customer" },
    { name: "commerce.billing_choice" },
  ]);
}
