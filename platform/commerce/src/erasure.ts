/** Rows that prove something are deleted with their organisation only: an erasure says whose it is (migration 0010). */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";

/** Until the end of the transaction the database lets rows of this organisation go. */
export async function beginErasure(tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`select set_config('yagura.erasing', ${organisation}, true)`.execute(tx);
}
