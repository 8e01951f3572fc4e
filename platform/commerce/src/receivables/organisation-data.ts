/** Everything that receivables and banking hold of an organisation: for its export, and for its erasure. */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { beginErasure } from "../erasure.ts";

/** In the order of erasure: what points at another goes first. */
const tables = [
  { name: "commerce.debit_item", order: "id" },
  { name: "commerce.claim_transfer_item", order: "id" },
  { name: "commerce.allocation", order: "id" },
  { name: "commerce.refund", order: "id" },
  { name: "commerce.payment", order: "id" },
  { name: "commerce.claim_credit", order: "id" },
  { name: "commerce.interest_billed", order: "id" },
  { name: "commerce.reminder", order: "id" },
  { name: "commerce.claim", order: "id" },
  { name: "commerce.dunning", order: "organisation_id" },
  { name: "commerce.collection_task", order: "id" },
  { name: "commerce.certificate", order: "id" },
  { name: "commerce.payer_name", order: "id" },
] as const;

/** The provider's own: whether reminders are paused and why, what is proposed against arrears. Erased, not exported. */
const internal: ReadonlySet<string> = new Set(["commerce.dunning", "commerce.collection_task"]);

/** Rows fetched at once. */
const PAGE = 1_000;

/** The bank account goes out as it is shown: the number is sealed. */
export async function* exportReceivables(
  tx: Tx,
  organisation: OrganisationId,
): AsyncIterable<{ readonly table: string; readonly row: unknown }> {
  const shown = tables.toReversed().filter(({ name }) => !internal.has(name));
  for (const { name, order } of [...shown, { name: "commerce.bank_account", order: "organisation_id" }]) {
    const cursor = sql.ref(`export_${name.replace(".", "_")}`);
    await sql`declare ${cursor} no scroll cursor for select to_jsonb(t) - 'sealed' as row from ${sql.table(name)} t
      where organisation_id = ${sql.lit(organisation)} order by ${sql.ref(order)}`.execute(tx);
    for (;;) {
      const { rows } = await sql<{ row: unknown }>`fetch ${sql.lit(PAGE)} from ${cursor}`.execute(tx);
      for (const { row } of rows) yield { table: name, row };
      if (rows.length < PAGE) break;
    }
    await sql`close ${cursor}`.execute(tx);
  }
}

/**
 * Run before the contracts' and the documents' own erasure. Journals that were exported stay as accounting got them, with what
 * it was told of each document (numbers only: without them documents that are kept would be told again); files that were sent
 * to a bank or an operator stay sealed; deposits lose the payer's name.
 */
export async function eraseReceivables(platform: Platform, tx: Tx, organisation: OrganisationId): Promise<void> {
  await beginErasure(tx, organisation);
  for (const { name } of tables) {
    await sql`delete from ${sql.table(name)} where organisation_id = ${organisation}`.execute(tx);
  }
  await sql`delete from commerce.bank_account where organisation_id = ${organisation}`.execute(tx);
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
