/** Customers who may have sent a deposit: by virtual account, by name, by the sum, by a document's number in the remittance. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { leftOf, openClaims } from "../receivables/claims.ts";
import type { Candidate, Incoming } from "./matching.ts";
import { comparable } from "./text.ts";

/** Customers of one kind of likeness that are looked at. */
const SOME = 20;

export async function candidatesFor(tx: Tx, deposit: Incoming): Promise<Candidate[]> {
  const name = comparable(deposit.payer);
  const digits = `${deposit.edi} ${deposit.payer}`.match(/\d{5,}/g) ?? [];
  const { rows } = await sql<{ organisation: OrganisationId }>`
    (select organisation_id as organisation from commerce.bank_account where virtual_account = ${deposit.virtualAccount})
    union (select organisation_id from commerce.payer_name where name = ${name} and ${name !== ""} limit ${SOME})
    union (select organisation_id from commerce.payer_name
      where ${name.length >= 4} and (starts_with(name, ${name.slice(0, 6)}) or starts_with(${name}, name)) and length(name) >= 4 limit ${SOME})
    union (select organisation_id from commerce.claim
      where state = 'open' and amount - credited - assigned - paid = ${deposit.amount} order by due_now limit ${SOME})
    union (select organisation_id from commerce.claim
      where state = 'open' and ${digits.length > 0} and exists (select 1 from unnest(${digits}::text[]) d (run)
        where ltrim(substring(number from '[0-9]+$'), '0') = ltrim(right(d.run, 8), '0')) limit ${SOME})`.execute(tx);
  const ids = rows.map(({ organisation }) => organisation);
  if (ids.length === 0) return [];
  const claims = await openClaims(tx, ids);
  const { rows: about } = await sql<{ id: Uuid; name: string; virtual: string | null; names: string[] }>`
    select o.id, o.name, (select b.virtual_account from commerce.bank_account b where b.organisation_id = o.id) as virtual,
      array(select p.name from commerce.payer_name p where p.organisation_id = o.id) as names
    from server.organisation o where o.id = any(${ids}::uuid[]) and o.state = 'active'`.execute(tx);
  return about.map(({ id, name: shown, virtual, names }) => ({
    organisation: id,
    name: shown,
    names,
    virtualAccount: virtual,
    claims: claims
      .filter((claim) => claim.organisation === id)
      .map((claim) => ({ id: claim.id, number: claim.number, left: leftOf(claim) })),
  }));
}
