/** Money that goes back: only what was overpaid (RNS-63), out of the payment that left it over. */
import { sql, type RawBuilder } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Static } from "typebox";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { lockMoney, type MoneyWork } from "./claims.ts";
import { raise } from "./errors.ts";
import { leftOver, standingPayment } from "./payments.ts";
import { settle } from "./settle.ts";
import type { RefundItem } from "./shapes.ts";

export type Refund = Static<typeof RefundItem>;

export async function refundsWhere(tx: Tx, condition: RawBuilder<unknown>): Promise<Refund[]> {
  const { rows } = await sql<Omit<Refund, "amount"> & { amount: string }>`
    select r.id, r.organisation_id as "organisationId", r.payment_id as "paymentId", r.amount, r.on_day::text as "on", r.reason,
      r.state, r.file_id as "fileId"
    from commerce.refund r where ${condition} order by r.on_day desc, r.id desc limit 1000`.execute(tx);
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }));
}

/** Proposes to send so much back. CREDIT_TOO_SMALL when the payment left less over. */
export async function proposeRefund(
  work: MoneyWork,
  organisation: OrganisationId,
  payment: Uuid,
  input: { readonly amount: number; readonly on: Day; readonly reason?: string },
): Promise<Refund> {
  const { tx, now } = work;
  const left = leftOver(await standingPayment(tx, organisation, payment));
  if (input.amount > left) throw raise("CREDIT_TOO_SMALL", { left, amount: input.amount });
  const id = newId();
  await sql`insert into commerce.refund (id, organisation_id, payment_id, amount, on_day, reason, state, recorded_by, recorded_at)
    values (${id}, ${organisation}, ${payment}, ${input.amount}, ${input.on}::date, ${input.reason ?? ""}, 'proposed',
      ${actorName(work)}, ${now})`.execute(tx);
  await settle(work, organisation);
  return refundById(tx, organisation, id);
}

/** `paid`: the money left us; `cancelled`: it stays on account. REFUND_STATE for what is over. */
export async function changeRefund(
  work: MoneyWork,
  organisation: OrganisationId,
  id: Uuid,
  wanted: "paid" | "cancelled",
): Promise<Refund> {
  const { tx } = work;
  await lockMoney(tx, organisation);
  const refund = await refundById(tx, organisation, id);
  if (refund.state === wanted) return refund;
  if (refund.state === "paid" || refund.state === "cancelled")
    throw raise("REFUND_STATE", { state: refund.state, wanted });
  await sql`update commerce.refund set state = ${wanted} where organisation_id = ${organisation} and id = ${id}`.execute(
    tx,
  );
  await settle(work, organisation);
  return refundById(tx, organisation, id);
}

async function refundById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<Refund> {
  const [found] = await refundsWhere(tx, sql`r.organisation_id = ${organisation} and r.id = ${id}`);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return found;
}
