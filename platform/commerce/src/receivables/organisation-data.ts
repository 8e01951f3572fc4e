/** Everything that receivables and banking hold of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure, eraseTables, exportTables, type TenantTable } from "../organisation-data.ts";

/** In the order of erasure: what points at another goes first. */
const tables: readonly TenantTable[] = [
  { name: "commerce.debit_item" },
  { name: "commerce.claim_transfer_item" },
  { name: "commerce.allocation" },
  { name: "commerce.refund" },
  { name: "commerce.payment" },
  { name: "commerce.claim_credit" },
  { name: "commerce.interest_billed" },
  { name: "commerce.reminder" },
  { name: "commerce.claim" },
  { name: "commerce.dunning", order: "organisation_id" },
  { name: "commerce.collection_task" },
  { name: "commerce.certificate" },
  { name: "commerce.payer_name" },
];

/** The provider's own: whether reminders are paused and why, what is proposed against arrears. Erased, not exported. */
const internal: ReadonlySet<string> = new Set(["commerce.dunning", "commerce.collection_task"]);

/** It goes out as it is shown: the number is sealed. */
const bankAccount: TenantTable = { name: "commerce.bank_account", order: "organisation_id" };

export const exportReceivables = (tx: Tx, organisation: OrganisationId) =>
  exportTables(tx, organisation, [...tables.toReversed().filter(({ name }) => !internal.has(name)), bankAccount]);

/**
 * Run before the contracts' and the documents' own erasure. Journals that were exported stay as accounting got them, with what
 * it was told of each document (numbers only: without them documents that are kept would be told again); files that were sent
 * to a bank or an operator stay sealed; deposits lose the payer's name.
 */
export async function eraseReceivables(platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  await eraseTables(tx, organisation, [...tables, bankAccount]);
  // Deposits are the provider's: this transaction may not see them.
  await platform.jobs.add(tx, forgetJob, { organisation });
}

const forgetJob = "commerce.forget-deposits";
export const forgetJobs: JobTable = {
  handlers: {
    [forgetJob]: async (payload, platform) => {
      await platform.store.provider((tx) =>
        sql`update commerce.deposit set payer = '', payer_code = '', edi = '', virtual_account = null
          where matched_organisation = ${String(payload["organisation"])}`.execute(tx),
      );
    },
  },
};
