/** What the page of a contract asks for, with a million lines of invoices in the tables. */
import { sql } from "kysely";
import { listInvoices } from "@yagura/commerce/billing/invoices.ts";
import { linesOf } from "@yagura/commerce/billing/stored-lines.ts";
import { nextBill } from "@yagura/commerce/billing/next-bill.ts";
import { contractDetail } from "@yagura/commerce/contracts/detail.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Store } from "@yagura/store/store.ts";
import { billing } from "../../tests/support/billing.ts";
import { median, quantile } from "./table.ts";

const PAGES = 60;

/** Copies the documents of a month into the months before it until there are so many lines. */
export async function copyLines(store: Store, month: string, wanted: number): Promise<number> {
  const count = (): Promise<number> =>
    store.provider(async (tx) =>
      Number((await sql<{ n: string }>`select count(*) as n from commerce.invoice_line`.execute(tx)).rows[0]?.n),
    );
  for (let back = 2; (await count()) < wanted && back < 40; back++) {
    await store.provider(async (tx) => {
      await sql`create temporary table copied on commit drop as select id as old, gen_random_uuid() as new
        from commerce.invoice where month = ${`${month}-01`}::date and kind = 'invoice'`.execute(tx);
      await sql`insert into commerce.invoice (id, organisation_id, number, kind, month, issued_on, due_on, net, tax, total, content, issued_at)
        select c.new, organisation_id, number || '-' || ${back}::text, kind, (month - make_interval(months => ${back}))::date,
          issued_on, due_on, net, tax, total, content, issued_at from commerce.invoice i join copied c on c.old = i.id`.execute(
        tx,
      );
      await sql`insert into commerce.invoice_line (invoice_id, position, organisation_id, contract_id, bill_month, key, kind, item, amount, tax_class, line)
        select c.new, position, organisation_id, contract_id, (bill_month - make_interval(months => ${back}))::date, key, kind, item,
          amount, tax_class, line from commerce.invoice_line l join copied c on c.old = l.invoice_id`.execute(tx);
    });
  }
  return count();
}

/** Milliseconds of the page's questions, one after the other as one reader: median and 95th percentile. */
export async function pageTimes(store: Store, now: Date): Promise<{ median: number; p95: number; invoices: number }> {
  const some = await store.provider(
    async (tx) =>
      (
        await sql<{ id: Uuid; organisation: OrganisationId }>`select id, organisation_id as organisation
          from commerce.contract order by md5(id::text) limit ${PAGES + 5}`.execute(tx)
      ).rows,
  );
  const times: number[] = [];
  let invoices = 0;
  for (const [at, { id, organisation }] of some.entries()) {
    const began = performance.now();
    const total = await store.organisation(organisation, async (tx) => {
      await contractDetail(tx, organisation, id, { staff: true });
      await nextBill(tx, billing, { organisation, contract: id, now, language: "ja" });
      const list = await listInvoices(tx, { organisation, contract: id }, { limit: 100, after: null });
      await linesOf(tx, list.items[0]?.id ?? id);
      return list.total;
    });
    // The first ones open connections and compile.
    if (at < 5) continue;
    times.push(performance.now() - began);
    invoices += total;
  }
  return { median: median(times), p95: quantile(times, 0.95), invoices: invoices / times.length };
}
