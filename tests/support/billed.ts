/** For tests of commerce: a calendar month as if its regular bill run had been issued. */
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Store } from "@yagura/store/store.ts";

export const billMonth = (store: Store, first: string): Promise<unknown> =>
  store.provider((tx) =>
    sql`insert into commerce.bill_run (id, month, kind, state, issue_on, facts_until, started_by, started_at, worked_at,
        tables_stamp)
      values (${newId()}, ${first}::date, 'regular', 'done', ${first}::date, now(), 'test', now(), now(), ${newId()})`.execute(
      tx,
    ),
  );
