/** Statement of account: everything that changed what a customer owes, by day, with the running balance. */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { toCsv } from "../csv.ts";
import type { Statement, StatementLine } from "./shapes.ts";

interface Movement {
  readonly on: Day;
  readonly kind: StatementLine["kind"];
  readonly reference: string;
  readonly id: Uuid | null;
  /** Above zero: the customer owes more. */
  readonly amount: number;
}

/** A balance below zero is credit on account. Both days in. */
export async function statementOf(
  tx: Tx,
  organisation: OrganisationId,
  range: { readonly from: Day; readonly to: Day },
): Promise<Statement> {
  const movements = (await movementsOf(tx, organisation)).filter(({ on }) => on <= range.to);
  const opening = movements.filter(({ on }) => on < range.from).reduce((sum, { amount }) => sum + amount, 0);
  let balance = opening;
  const lines = movements
    .filter(({ on }) => on >= range.from)
    .map(({ amount, ...movement }): StatementLine => {
      balance += amount;
      return { ...movement, debit: Math.max(amount, 0), credit: Math.max(-amount, 0), balance };
    });
  return { ...range, opening, closing: balance, lines };
}

async function movementsOf(tx: Tx, organisation: OrganisationId): Promise<Movement[]> {
  const { rows } = await sql<Omit<Movement, "amount"> & { amount: string }>`
    select m."on"::text as "on", m.kind, m.reference, m.id, m.amount from (
      select coalesce(i.issued_on, (c.created_at at time zone 'Asia/Tokyo')::date) as "on", 'invoice' as kind, c.number as reference,
        c.invoice_id as id, sum(c.amount) as amount, 1 as place
      from commerce.claim c left join commerce.invoice i on i.id = c.invoice_id
      where c.organisation_id = ${organisation} group by 1, 2, 3, 4
      union all
      select x.on_day, 'credit-note', c.number, x.document_id, -sum(x.amount), 2
      from commerce.claim_credit x join commerce.claim c on c.id = x.claim_id
      where x.organisation_id = ${organisation} group by 1, 2, 3, 4
      union all
      select t.made_at, 'assignment', c.number, c.id, -t.amount, 3
      from (select i.organisation_id, i.claim_id, i.amount, (i.assigned_at at time zone 'Asia/Tokyo')::date as made_at
        from commerce.claim_transfer_item i where i.state <> 'returned') t
      join commerce.claim c on c.id = t.claim_id where t.organisation_id = ${organisation}
      union all
      select p.counts_on, case p.way when 'credit-note' then 'credit-note' else 'payment' end,
        concat_ws(' ', p.way, nullif(p.reference, '')), p.id, -p.amount, 4
      from commerce.payment p where p.organisation_id = ${organisation} and p.counts_on is not null
      union all
      select greatest(p.reversed_on, p.counts_on), 'reversal', coalesce(p.reversal_reason, ''), p.id, p.amount, 5
      from commerce.payment p where p.organisation_id = ${organisation} and p.counts_on is not null and p.reversed_on is not null
      union all
      select r.on_day, 'refund', r.reason, r.id, r.amount, 6
      from commerce.refund r where r.organisation_id = ${organisation} and r.state <> 'cancelled'
    ) m order by m."on", m.place, m.reference, m.id`.execute(tx);
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }));
}

const words = {
  ja: {
    heading: ["日付", "種類", "摘要", "請求", "入金・控除", "残高"],
    opening: "繰越",
    invoice: "請求",
    "credit-note": "返還請求",
    payment: "入金",
    reversal: "入金取消",
    refund: "返金",
    assignment: "債権譲渡",
  },
  en: {
    heading: ["day", "kind", "reference", "charged", "paid or taken off", "balance"],
    opening: "brought forward",
    invoice: "invoice",
    "credit-note": "credit note",
    payment: "payment",
    reversal: "payment taken back",
    refund: "refund",
    assignment: "assigned to the operator",
  },
} as const;

export const statementCsv = ({ from, opening, lines }: Statement, language: "ja" | "en"): string =>
  toCsv(words[language].heading, [
    [from, words[language].opening, "", "", "", opening],
    ...lines.map(({ on, kind, reference, debit, credit, balance }) => [
      on,
      words[language][kind],
      reference,
      debit,
      credit,
      balance,
    ]),
  ]);
