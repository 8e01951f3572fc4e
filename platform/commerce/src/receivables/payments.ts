/** Money that came in: recorded once for a source's key, cleared, taken back, kept on account. Each verb settles the customer anew. */
import { sql, type RawBuilder } from "kysely";
import { isDay, type Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { claimById, lockMoney, today, type MoneyWork } from "./claims.ts";
import { raise } from "./errors.ts";
import { settle, type Settled } from "./settle.ts";
import type { NewPayment, PaymentItem, PaymentWay } from "./shapes.ts";

export interface PaymentRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly paidOn: Day;
  readonly countsOn: Day | null;
  readonly amount: number;
  readonly way: PaymentWay;
  readonly reference: string;
  readonly claim: Uuid | null;
  readonly allocated: number;
  readonly refunded: number;
  readonly held: number;
  readonly reversedOn: Day | null;
  readonly reversalReason: string | null;
  readonly reversalKey: string | null;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

/** What lies on account: neither applied, sent back nor held. */
export const leftOver = (payment: PaymentRow): number =>
  payment.reversedOn !== null || payment.countsOn === null
    ? 0
    : payment.amount - payment.allocated - payment.refunded - payment.held;

/** Payments `p` that fulfil the condition, newest first. */
export async function paymentsWhere(tx: Tx, condition: RawBuilder<unknown>, limit?: number): Promise<PaymentRow[]> {
  const { rows } = await sql<
    Omit<PaymentRow, "amount" | "allocated" | "refunded" | "held"> &
      Record<"amount" | "allocated" | "refunded" | "held", string>
  >`select p.id, p.organisation_id as organisation, p.paid_on::text as "paidOn", p.counts_on::text as "countsOn", p.amount, p.way,
      p.reference, p.claim_id as claim, p.held, p.reversed_on::text as "reversedOn", p.reversal_reason as "reversalReason",
      p.reversal_key as "reversalKey", p.recorded_by as "recordedBy", p.recorded_at as "recordedAt",
      coalesce((select sum(a.amount) from commerce.allocation a where a.payment_id = p.id), 0) as allocated,
      coalesce((select sum(r.amount) from commerce.refund r where r.payment_id = p.id and r.state <> 'cancelled'), 0) as refunded
    from commerce.payment p where ${condition}
    order by p.paid_on desc, p.id desc ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(tx);
  return rows.map(({ amount, allocated, refunded, held, ...row }) => ({
    ...row,
    amount: Number(amount),
    allocated: Number(allocated),
    refunded: Number(refunded),
    held: Number(held),
  }));
}

export const shownPayment = (row: PaymentRow): PaymentItem => ({
  id: row.id,
  organisationId: row.organisation,
  paidOn: row.paidOn,
  countsOn: row.countsOn,
  amount: row.amount,
  way: row.way,
  reference: row.reference,
  claimId: row.claim,
  allocated: row.allocated,
  refunded: row.refunded,
  held: row.held,
  left: leftOver(row),
  reversedOn: row.reversedOn,
  reversalReason: row.reversalReason,
  recordedBy: row.recordedBy,
  recordedAt: row.recordedAt.toISOString(),
});

export interface PaymentDone extends Settled {
  readonly payment: PaymentRow;
  /** False: it stood so before. */
  readonly changed: boolean;
}
export type PaymentInput = Omit<NewPayment, "way"> & { readonly way: PaymentWay };

/** PAYMENT_DAY_INVALID, PAYMENT_KEY_DIFFERS, CLAIM_NOT_OPEN; 404 when the claim is not the organisation's. */
export async function recordPayment(
  work: MoneyWork,
  organisation: OrganisationId,
  input: PaymentInput,
): Promise<PaymentDone> {
  const { tx, now } = work;
  checkDay(work, input.paidOn);
  if (input.clearedOn !== undefined) checkDay(work, input.clearedOn);
  await lockMoney(tx, organisation);
  const known = await knownPayment(tx, organisation, input);
  if (known !== null) return { payment: known, changed: false, moved: [] };
  await checkClaim(tx, organisation, input.claimId);
  const id = newId();
  await sql`insert into commerce.payment (id, organisation_id, paid_on, amount, way, reference, claim_id, cleared_on, source_key,
      recorded_by, recorded_at)
    values (${id}, ${organisation}, ${input.paidOn}::date, ${input.amount}, ${input.way}, ${input.reference ?? ""},
      ${input.claimId ?? null}, ${input.clearedOn ?? null}::date, ${input.sourceKey ?? null}, ${actorName(work)}, ${now})`.execute(
    tx,
  );
  const { moved } = await settle(work, organisation);
  return { payment: await paymentById(tx, organisation, id), changed: true, moved };
}

const checkDay = (work: MoneyWork, day: Day): void => {
  if (!isDay(day) || day > today(work)) throw raise("PAYMENT_DAY_INVALID", { day });
};

async function knownPayment(tx: Tx, organisation: OrganisationId, input: PaymentInput): Promise<PaymentRow | null> {
  if (input.sourceKey === undefined) return null;
  const [known] = await paymentsWhere(
    tx,
    sql`p.organisation_id = ${organisation} and p.source_key = ${input.sourceKey}`,
  );
  if (known === undefined) return null;
  if (known.amount !== input.amount || known.paidOn !== input.paidOn) {
    throw raise("PAYMENT_KEY_DIFFERS", { key: input.sourceKey, paidOn: known.paidOn, amount: known.amount });
  }
  return known;
}

async function checkClaim(tx: Tx, organisation: OrganisationId, id: Uuid | undefined): Promise<void> {
  if (id === undefined) return;
  const claim = await claimById(tx, organisation, id);
  if (claim === null) throw raiseServer("NOT_FOUND");
  if (claim.state !== "open") throw raise("CLAIM_NOT_OPEN", { number: claim.number, state: claim.state });
}

export async function paymentById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<PaymentRow> {
  const [found] = await paymentsWhere(tx, sql`p.organisation_id = ${organisation} and p.id = ${id}`);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return found;
}

/** The payment, locked with the customer's money; PAYMENT_REVERSED when it was taken back. */
export async function standingPayment(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<PaymentRow> {
  await lockMoney(tx, organisation);
  const payment = await paymentById(tx, organisation, id);
  if (payment.reversedOn !== null) {
    throw raise("PAYMENT_REVERSED", { on: payment.reversedOn, reason: payment.reversalReason ?? "" });
  }
  return payment;
}

/**
 * Takes a payment back (a bounced cheque, a transfer that the bank cancelled): as if it had never come in. The same key once
 * more changes nothing. PAYMENT_REVERSED, PAYMENT_REVERSAL_HAS_REFUND.
 */
export async function reversePayment(
  work: MoneyWork,
  organisation: OrganisationId,
  id: Uuid,
  input: { readonly on: Day; readonly reason: string; readonly sourceKey?: string },
): Promise<PaymentDone> {
  const { tx, now } = work;
  checkDay(work, input.on);
  await lockMoney(tx, organisation);
  const payment = await paymentById(tx, organisation, id);
  if (payment.reversedOn !== null && input.sourceKey !== undefined && payment.reversalKey === input.sourceKey) {
    return { payment, changed: false, moved: [] };
  }
  await standingPayment(tx, organisation, id);
  if (payment.refunded > 0) throw raise("PAYMENT_REVERSAL_HAS_REFUND", { amount: payment.refunded });
  await sql`update commerce.payment set reversed_on = ${input.on}::date, reversal_reason = ${input.reason},
      reversal_key = ${input.sourceKey ?? null}, reversed_at = ${now}, held = 0
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const { moved } = await settle(work, organisation);
  return { payment: await paymentById(tx, organisation, id), changed: true, moved };
}

/** A cheque or bill was cleared: from that day it counts (RNS-40). PAYMENT_NO_CLEARING for other ways. */
export async function clearPayment(
  work: MoneyWork,
  organisation: OrganisationId,
  id: Uuid,
  on: Day,
): Promise<PaymentDone> {
  const { tx } = work;
  checkDay(work, on);
  const payment = await standingPayment(tx, organisation, id);
  if (payment.way !== "cheque" && payment.way !== "bill") throw raise("PAYMENT_NO_CLEARING", { way: payment.way });
  if (payment.countsOn === on) return { payment, changed: false, moved: [] };
  await sql`update commerce.payment set cleared_on = ${on}::date
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const { moved } = await settle(work, organisation);
  return { payment: await paymentById(tx, organisation, id), changed: true, moved };
}

/** Keeps so much of what is left over out of later claims; 0 lets it go. CREDIT_TOO_SMALL. */
export async function holdPayment(
  work: MoneyWork,
  organisation: OrganisationId,
  id: Uuid,
  amount: number,
): Promise<PaymentDone> {
  const { tx } = work;
  const payment = await standingPayment(tx, organisation, id);
  const left = leftOver(payment) + payment.held;
  if (amount > left) throw raise("CREDIT_TOO_SMALL", { left, amount });
  await sql`update commerce.payment set held = ${amount} where organisation_id = ${organisation} and id = ${id}`.execute(
    tx,
  );
  const { moved } = await settle(work, organisation);
  return { payment: await paymentById(tx, organisation, id), changed: amount !== payment.held, moved };
}

/**
 * RNS-40: the day on which the fees of these items of a contract were fully paid, cheques and bills counted only when cleared;
 * null while something of them is open or was never billed.
 */
export async function paidInFullOn(
  tx: Tx,
  organisation: OrganisationId,
  contract: Uuid,
  items: readonly string[],
): Promise<Day | null> {
  const { rows } = await sql<{ settled: Day | null; open: number; claims: number }>`
    select max(c.settled_on)::text as settled, count(*) filter (where c.settled_on is null)::int as open, count(*)::int as claims
    from commerce.claim c where c.organisation_id = ${organisation} and c.state <> 'cancelled'
      and (c.contract_id is null or c.contract_id = ${contract})
      and c.invoice_id in (select l.invoice_id from commerce.invoice_line l where l.organisation_id = ${organisation}
        and l.contract_id = ${contract} and l.item = any(${[...items]}::text[]))`.execute(tx);
  const [found] = rows;
  return found === undefined || found.claims === 0 || found.open > 0 ? null : found.settled;
}
