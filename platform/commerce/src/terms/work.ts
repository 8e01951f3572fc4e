/** What a change of dated data needs: a transaction of the provider, the time, who acts, and how it is audited. */
import { sql } from "kysely";
import { firstOfMonth, addMonths, monthOf, nextMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Actor, AuditRecord } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

export interface TermsWork {
  readonly tx: Tx;
  readonly now: Date;
  readonly actor: Actor;
  readonly audit: (entry: AuditRecord) => Promise<void>;
}

/** First day that no regular bill run has billed yet; null: nothing was ever billed. As provider only. */
export async function billedUntil(tx: Tx): Promise<Day | null> {
  const { rows } = await sql<{ month: Day | null }>`select max(month)::text as month from commerce.bill_run
    where kind = 'regular' and state in ('issuing', 'done')`.execute(tx);
  const month = rows[0]?.month ?? null;
  return month === null ? null : addMonths(firstOfMonth(month), 1);
}

/** The last billed month, as people are told. */
export const lastBilled = (until: Day): YearMonth => nextMonth(monthOf(until), -1);
