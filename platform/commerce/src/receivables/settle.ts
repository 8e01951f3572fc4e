/**
 * Settling: which payment pays which claim, computed anew from all claims and payments of a customer (COM-13: oldest due date
 * first, unless the remittance names a claim). The same facts always give the same allocations, in whatever order they were
 * recorded; what moves because of a late record is told to the caller, who audits it.
 */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { allocate, lateInterest } from "../charging/interest.ts";
import { FactsInvalid } from "../charging/issues.ts";
import type { Interest } from "../charging/lines.ts";
import type { Tables } from "../charging/tables.ts";
import { noteDeemedConsent } from "../notices/terms-change.ts";
import { loadTables } from "../terms/load.ts";
import { claimsWhere, lockMoney, payable, type ClaimRow, type MoneyWork } from "./claims.ts";

/** What a payment can still give to claims. */
interface Means {
  readonly id: Uuid;
  readonly on: Day;
  readonly amount: number;
  readonly claim: Uuid | null;
}
/** So much of a payment on a claim. */
export interface Share {
  readonly payment: Uuid;
  readonly claim: Uuid;
  readonly on: Day;
  readonly amount: number;
}
export interface Settled {
  /** Allocations that stood before and changed or went: not those that are merely new. */
  readonly moved: readonly {
    readonly payment: Uuid;
    readonly claim: Uuid;
    readonly before: number;
    readonly after: number;
  }[];
}

/** Computes and stores the allocations of one customer, the state of each claim, and the late interest of what is paid in full. */
export async function settle(work: Pick<MoneyWork, "tx" | "now">, organisation: OrganisationId): Promise<Settled> {
  const { tx, now } = work;
  await lockMoney(tx, organisation);
  const tables = await loadTables(tx);
  const claims = await claimsWhere(tx, sql`c.organisation_id = ${organisation}`);
  const means = await meansOf(tx, organisation);
  const accelerated = await accelerate(tx, organisation, claims, means);
  const shares = shareOut(accelerated, means);
  const { moved, fresh } = await store(tx, organisation, shares, now);
  await note(tx, tables, organisation, accelerated, shares);
  await noteConsents({ tx, now }, organisation, claims, fresh);
  return { moved };
}

/** Settles each of the organisations that has money on account: after new claims came into being. */
export async function settleCredit(
  work: Pick<MoneyWork, "tx" | "now">,
  organisations: readonly OrganisationId[],
): Promise<void> {
  const ids = sql`${[...organisations]}::uuid[]`;
  const { rows } = await sql<{ organisation: OrganisationId }>`
    with came as (select organisation_id, sum(amount - held) as amount from commerce.payment
        where organisation_id = any(${ids}) and reversed_on is null and counts_on is not null group by organisation_id),
      gone as (select organisation_id, sum(amount) as amount from commerce.allocation
        where organisation_id = any(${ids}) group by organisation_id)
    select came.organisation_id as organisation from came left join gone using (organisation_id)
    where came.amount > coalesce(gone.amount, 0) order by 1`.execute(work.tx);
  for (const { organisation } of rows) await settle(work, organisation);
}

/** Payments that count, in the order in which they were made and recorded, less what is held or sent back. */
async function meansOf(tx: Tx, organisation: OrganisationId): Promise<Means[]> {
  const { rows } = await sql<Omit<Means, "amount"> & { amount: string }>`
    select p.id, p.counts_on::text as "on", p.claim_id as claim, p.amount - p.held - coalesce((select sum(r.amount)
      from commerce.refund r where r.payment_id = p.id and r.state <> 'cancelled'), 0) as amount
    from commerce.payment p
    where p.organisation_id = ${organisation} and p.reversed_on is null and p.counts_on is not null
    order by p.counts_on, p.ordinal`.execute(tx);
  return rows.map((one) => ({ ...one, amount: Number(one.amount) })).filter(({ amount }) => amount > 0);
}

/** The pure part: claims by due date, payments by day. */
export function shareOut(claims: readonly ClaimRow[], means: readonly Means[]): Share[] {
  const open = claims.filter((claim) => payable(claim) > 0);
  const known = new Set(open.map(({ id }) => id));
  return allocate(
    open.map((claim) => ({ claim: claim.id, amount: payable(claim), dueOn: claim.dueNow })),
    means.map(({ on, amount, claim }) => ({ on, amount, ...(claim !== null && known.has(claim) ? { claim } : {}) })),
  ).map(({ payment, claim, amount }) => {
    const from = means[payment];
    if (from === undefined) throw new Error("an allocation names a payment that is not there");
    return { payment: from.id, claim, on: from.on, amount };
  });
}

/**
 * RNS-17: on the day of the fact all debts of that service fall due which were open on it and stood on a bill by then. A later
 * due date becomes that day; an earlier one stays.
 */
async function accelerate(
  tx: Tx,
  organisation: OrganisationId,
  claims: readonly ClaimRow[],
  means: readonly Means[],
): Promise<ClaimRow[]> {
  const { rows: facts } = await sql<{ on: Day; service: string }>`
    select f.on_day::text as "on", k.service from commerce.contract_fact f join commerce.contract k on k.id = f.contract_id
    where f.organisation_id = ${organisation} and f.kind = 'accelerated' and f.voided_at is null order by f.on_day`.execute(
    tx,
  );
  if (facts.length === 0 && claims.every(({ acceleratedOn }) => acceleratedOn === null)) return [...claims];
  const plain = claims.map((claim): ClaimRow => ({ ...claim, acceleratedOn: null, dueNow: claim.dueOn }));
  const settled = settledDays(plain, shareOut(plain.toSorted(byDue), means));
  const dated = plain.map((claim): ClaimRow => {
    const fact = facts.find(
      ({ on, service }) =>
        service === claim.service &&
        claim.createdOn <= on &&
        claim.dueOn > on &&
        (settled.get(claim.id) ?? "9999") >= on,
    );
    return fact === undefined ? claim : { ...claim, acceleratedOn: fact.on, dueNow: fact.on };
  });
  const before = new Map(claims.map(({ id, acceleratedOn }) => [id, acceleratedOn]));
  for (const { id, acceleratedOn } of dated) {
    if (before.get(id) === acceleratedOn) continue;
    await sql`update commerce.claim set accelerated_on = ${acceleratedOn}::date
      where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  }
  return dated.toSorted(byDue);
}

const byDue = (a: ClaimRow, b: ClaimRow): number =>
  a.dueNow.localeCompare(b.dueNow) || a.dueOn.localeCompare(b.dueOn) || a.id.localeCompare(b.id);

/** The day on which each claim was paid in full. */
function settledDays(claims: readonly ClaimRow[], shares: readonly Share[]): Map<Uuid, Day> {
  const days = new Map<Uuid, Day>();
  const byClaim = Map.groupBy(shares, ({ claim }) => claim);
  for (const claim of claims) {
    const own = byClaim.get(claim.id) ?? [];
    const paid = own.reduce((sum, { amount }) => sum + amount, 0);
    const last = own
      .map(({ on }) => on)
      .toSorted()
      .at(-1);
    if (last !== undefined && paid === payable(claim)) days.set(claim.id, last);
  }
  return days;
}

async function store(
  tx: Tx,
  organisation: OrganisationId,
  shares: readonly Share[],
  now: Date,
): Promise<Settled & { readonly fresh: readonly Share[] }> {
  const { rows } = await sql<{ payment: Uuid; claim: Uuid; amount: string }>`
    select payment_id as payment, claim_id as claim, amount from commerce.allocation
    where organisation_id = ${organisation}`.execute(tx);
  const stored = new Map(rows.map(({ payment, claim, amount }) => [`${payment} ${claim}`, Number(amount)]));
  const wanted = new Map(shares.map((share) => [`${share.payment} ${share.claim}`, share]));
  const moved: { payment: Uuid; claim: Uuid; before: number; after: number }[] = [];
  for (const { payment, claim, amount } of rows) {
    const after = wanted.get(`${payment} ${claim}`)?.amount ?? 0;
    if (after === Number(amount)) continue;
    moved.push({ payment, claim, before: Number(amount), after });
    await (
      after === 0
        ? sql`delete from commerce.allocation
          where organisation_id = ${organisation} and payment_id = ${payment} and claim_id = ${claim}`
        : sql`update commerce.allocation set amount = ${after}, allocated_at = ${now}
          where organisation_id = ${organisation} and payment_id = ${payment} and claim_id = ${claim}`
    ).execute(tx);
  }
  const fresh = shares.filter(({ payment, claim }) => !stored.has(`${payment} ${claim}`));
  if (fresh.length > 0) {
    await sql`insert into commerce.allocation (id, organisation_id, payment_id, claim_id, amount, allocated_at)
      select id, ${organisation}, payment, claim, amount, ${now}
      from unnest(${fresh.map(() => newId())}::uuid[], ${fresh.map(({ payment }) => payment)}::uuid[],
        ${fresh.map(({ claim }) => claim)}::uuid[], ${fresh.map(({ amount }) => amount)}::bigint[])
        as t (id, payment, claim, amount)`.execute(tx);
  }
  return { moved, fresh };
}

/** SEC-03: paying for a service after its new terms took effect is consent to them, where the terms say so. */
async function noteConsents(
  work: Pick<MoneyWork, "tx" | "now">,
  organisation: OrganisationId,
  claims: readonly ClaimRow[],
  fresh: readonly Share[],
): Promise<void> {
  const services = new Map(claims.map(({ id, service }) => [id, service]));
  const paid = new Map<string, Day>();
  for (const { claim, on } of fresh) {
    const service = services.get(claim);
    if (service !== undefined && on > (paid.get(service) ?? "")) paid.set(service, on);
  }
  for (const [service, on] of paid) {
    await noteDeemedConsent(work, { organisation, service, ground: "payment", evidence: `payment of ${on}`, on });
  }
}

/** Writes to each claim what its payments make of it. */
async function note(
  tx: Tx,
  tables: Tables,
  organisation: OrganisationId,
  claims: readonly ClaimRow[],
  shares: readonly Share[],
): Promise<void> {
  const days = settledDays(claims, shares);
  const byClaim = Map.groupBy(shares, ({ claim }) => claim);
  const changed = claims.flatMap((claim) => {
    const own = byClaim.get(claim.id) ?? [];
    const paid = own.reduce((sum, { amount }) => sum + amount, 0);
    const settledOn = days.get(claim.id) ?? null;
    const state = stateOf(claim, paid);
    const found = state === "paid" && settledOn !== null ? interestOf(tables, claim, own, settledOn) : undefined;
    // What was taken off in full bears nothing: interest that stands on a bill is given back.
    const unknown = state === "cancelled" ? 0 : null;
    const after = { id: claim.id, paid, state, settledOn, due: found === undefined ? unknown : (found?.amount ?? 0) };
    const interest = found ? JSON.stringify(found) : null;
    const same =
      claim.paid === paid &&
      claim.state === state &&
      claim.settledOn === settledOn &&
      claim.interestDue === after.due &&
      (claim.interest === null ? null : JSON.stringify(claim.interest)) === interest;
    return same ? [] : [{ ...after, interest }];
  });
  if (changed.length === 0) return;
  const column = <T>(get: (one: (typeof changed)[number]) => T): T[] => changed.map(get);
  await sql`update commerce.claim c set paid = t.paid, state = t.state, settled_on = t.settled_on, interest_due = t.due,
      interest = t.interest::json
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ paid }) => paid)}::bigint[],
      ${column(({ state }) => state)}::text[], ${column(({ settledOn }) => settledOn)}::date[],
      ${column(({ due }) => due)}::bigint[], ${column(({ interest }) => interest)}::text[])
      as t (id, paid, state, settled_on, due, interest)
    where c.organisation_id = ${organisation} and c.id = t.id`.execute(tx);
}

function stateOf(claim: ClaimRow, paid: number): ClaimRow["state"] {
  if (claim.credited === claim.amount) return "cancelled";
  if (claim.assigned > 0) return "assigned";
  return paid === payable(claim) ? "paid" : "open";
}

/**
 * Late interest of the claim until the day, by the payments on it (COM-12, matrix 7.2). Null where there is none; undefined
 * where it cannot be told because the terms or the rate of those days are missing: money is recorded all the same.
 */
export function interestOf(
  tables: Tables,
  claim: ClaimRow,
  shares: readonly { readonly on: Day; readonly amount: number }[],
  until: Day,
): Interest | null | undefined {
  const { number, id, service, plan, dueNow, bearsInterest } = claim;
  const facts = {
    claim: number === "" ? id : number,
    service,
    plan,
    amount: payable(claim),
    dueOn: dueNow,
    bearsInterest,
  };
  const paid = shares.map(({ on, amount }) => ({ on, amount }));
  try {
    const found = lateInterest(tables, facts, paid, until);
    return found === null || found.amount === 0 ? null : found;
  } catch (error) {
    if (error instanceof FactsInvalid) return undefined;
    throw error;
  }
}
