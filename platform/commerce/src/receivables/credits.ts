/**
 * Documents that take something off: credit notes and corrected documents. Called by billing in the transaction that writes the
 * document, so that a claim and its document never differ.
 */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { claimsWhere, lockMoney, type MoneyWork } from "./claims.ts";
import { recordPayment } from "./payments.ts";
import { settle } from "./settle.ts";

/**
 * A credit note of `amount` (above zero, with tax) on the claims of the document that it corrects, the latest due first; what
 * they do not hold any more is kept on account like money that came in. Money that was paid on what is taken off goes to other
 * claims or on account. Once per credit note.
 */
export async function creditDocument(
  work: MoneyWork,
  organisation: OrganisationId,
  credit: {
    readonly id: Uuid;
    readonly number: string;
    readonly corrects: Uuid | null;
    readonly on: Day;
    readonly amount: number;
  },
): Promise<void> {
  const { tx } = work;
  await lockMoney(tx, organisation);
  const before = await sql`select 1 from commerce.claim_credit
    where organisation_id = ${organisation} and document_id = ${credit.id}`.execute(tx);
  const claims = await claimsWhere(tx, sql`c.organisation_id = ${organisation} and c.invoice_id = ${credit.corrects}`);
  let rest = credit.amount;
  if (before.rows.length === 0) {
    for (const claim of claims.toReversed()) {
      const taken = Math.min(rest, claim.amount - claim.credited - claim.assigned);
      if (taken <= 0) continue;
      rest -= taken;
      await take(work, organisation, claim.id, credit, taken);
    }
    if (rest > 0) await keep(work, organisation, credit, rest);
  }
  await settle(work, organisation);
}

async function take(
  { tx, now }: MoneyWork,
  organisation: OrganisationId,
  claim: Uuid,
  credit: { readonly id: Uuid; readonly on: Day },
  amount: number,
): Promise<void> {
  await sql`update commerce.claim set credited = credited + ${amount}
    where organisation_id = ${organisation} and id = ${claim}`.execute(tx);
  await sql`insert into commerce.claim_credit (id, organisation_id, claim_id, document_id, amount, on_day, recorded_at)
    values (${newId()}, ${organisation}, ${claim}, ${credit.id}, ${amount}, ${credit.on}::date, ${now})`.execute(tx);
}

const keep = (
  work: MoneyWork,
  organisation: OrganisationId,
  credit: { readonly id: Uuid; readonly number: string; readonly on: Day },
  amount: number,
) =>
  recordPayment(work, organisation, {
    paidOn: credit.on,
    amount,
    way: "credit-note",
    reference: credit.number,
    sourceKey: `credit-note:${credit.id}`,
  });

/**
 * A corrected document stands in the place of another: the other's claims are taken off in full, and what was paid on them pays
 * the new ones, which billing has written before.
 */
export async function replaceClaims(
  work: MoneyWork,
  organisation: OrganisationId,
  corrected: { readonly id: Uuid; readonly corrects: Uuid; readonly on: Day },
): Promise<void> {
  const { tx } = work;
  await lockMoney(tx, organisation);
  const claims = await claimsWhere(
    tx,
    sql`c.organisation_id = ${organisation} and c.invoice_id = ${corrected.corrects}`,
  );
  for (const claim of claims) {
    const left = claim.amount - claim.credited - claim.assigned;
    if (left > 0) await take(work, organisation, claim.id, { id: corrected.id, on: corrected.on }, left);
  }
  await settle(work, organisation);
}
