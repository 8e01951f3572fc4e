/** The API of payments: read by the customer, recorded, cleared, taken back, held and sent back by the staff. */
import { sql } from "kysely";
import { Type } from "typebox";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { countRows, offsetOf, pageByOffset } from "../paging.ts";
import { ByOffset } from "../shapes.ts";
import { auditMoney, dayAsked, ofOrganisation, own, workOf } from "./paths.ts";
import {
  clearPayment,
  holdPayment,
  paymentById,
  paymentsWhere,
  recordPayment,
  reversePayment,
  shownPayment,
  type PaymentDone,
} from "./payments.ts";
import { changeRefund, proposeRefund, refundsWhere } from "./refunds.ts";
import {
  Clearing,
  Hold,
  NewPayment,
  NewRefund,
  PaymentDetail,
  PaymentItem,
  PaymentResult,
  RefundChange,
  RefundItem,
  Reversal,
} from "./shapes.ts";

const read = { tag: "payments", access: { kind: "organisation", scope: "invoice.read" } } as const;
const write = { tag: "payments", access: { kind: "organisation", scope: "payment.write" } } as const;
const ofPayment = Type.Object({ organisation: Id, payment: Id });

const listPayments = route({
  ...read,
  method: "GET",
  path: `${own}/payments`,
  summary: "Payments of the organisation, newest first",
  params: ofOrganisation,
  query: Type.Object(ByOffset, closed),
  response: page(PaymentItem),
  handler: async ({ tx, organisation, query }) => {
    const [limit, offset] = [query.limit ?? 100, offsetOf(query.cursor)];
    const total = await countRows(tx, sql`commerce.payment where organisation_id = ${organisation}`);
    const ids = sql`select id from commerce.payment where organisation_id = ${organisation}
      order by paid_on desc, id desc limit ${limit} offset ${offset}`;
    const items = (await paymentsWhere(tx, sql`p.organisation_id = ${organisation} and p.id in (${ids})`)).map(
      shownPayment,
    );
    return pageByOffset(items, offset, total);
  },
});

const showPayment = route({
  ...read,
  method: "GET",
  path: `${own}/payments/:payment`,
  summary: "One payment and the claims that it was applied to",
  params: ofPayment,
  response: PaymentDetail,
  handler: async ({ tx, organisation, params }) => {
    const payment = await paymentById(tx, organisation, params.payment);
    const { rows } = await sql<{ claimId: string; number: string; dueOn: string; amount: string }>`
      select c.id as "claimId", c.number, c.due_now::text as "dueOn", a.amount from commerce.allocation a
      join commerce.claim c on c.id = a.claim_id where a.payment_id = ${payment.id} order by c.due_now, c.id`.execute(
      tx,
    );
    return { ...shownPayment(payment), allocations: rows.map((row) => ({ ...row, amount: Number(row.amount) })) };
  },
});

const answer = ({ payment, changed, moved }: PaymentDone) => ({
  payment: shownPayment(payment),
  recorded: changed,
  moved: moved.length,
});

/** Audits what a verb did, unless it stood so before. */
async function done(
  context: RouteContext<unknown, unknown, unknown>,
  action: string,
  result: PaymentDone,
  details: Readonly<Record<string, unknown>> = {},
): Promise<ReturnType<typeof answer>> {
  const { payment, changed, moved } = result;
  if (changed) {
    const { id, paidOn, amount, way } = payment;
    await auditMoney(context, context.organisation, action, id, { paidOn, amount, way, ...details }, moved);
  }
  return answer(result);
}

const addPayment = route({
  ...write,
  method: "POST",
  path: `${own}/payments`,
  summary: "Record a payment: applied to the oldest due date first, or to the claim that the remittance names (COM-13)",
  params: ofOrganisation,
  body: NewPayment,
  response: PaymentResult,
  status: 200,
  handler: async (context) =>
    done(context, "payment.record", await recordPayment(workOf(context), context.organisation, context.body), {
      claim: context.body.claimId ?? null,
    }),
});

const takeBack = route({
  ...write,
  method: "POST",
  path: `${own}/payments/:payment/reversal`,
  summary: "Take a payment back: a bounced cheque, a transfer that the bank cancelled",
  params: ofPayment,
  body: Reversal,
  response: PaymentResult,
  status: 200,
  handler: async (context) => {
    const { body, organisation, params } = context;
    const { reason, on } = body;
    return done(context, "payment.reverse", await reversePayment(workOf(context), organisation, params.payment, body), {
      reason,
      on,
    });
  },
});

const clear = route({
  ...write,
  method: "POST",
  path: `${own}/payments/:payment/clearing`,
  summary: "A cheque or bill was cleared: from that day it counts (RNS-40)",
  params: ofPayment,
  body: Clearing,
  response: PaymentResult,
  status: 200,
  handler: async (context) => {
    const { body, organisation, params } = context;
    return done(context, "payment.clear", await clearPayment(workOf(context), organisation, params.payment, body.on), {
      on: body.on,
    });
  },
});

const hold = route({
  ...write,
  method: "PUT",
  path: `${own}/payments/:payment/hold`,
  summary: "Keep some of what is left over out of later claims; 0 lets it go",
  params: ofPayment,
  body: Hold,
  response: PaymentResult,
  handler: async (context) => {
    const { body, organisation, params } = context;
    return done(
      context,
      "payment.hold",
      await holdPayment(workOf(context), organisation, params.payment, body.amount),
      { held: body.amount },
    );
  },
});

const refund = route({
  ...write,
  method: "POST",
  path: `${own}/payments/:payment/refunds`,
  summary: "Send back what was overpaid (RNS-63)",
  params: ofPayment,
  body: NewRefund,
  response: RefundItem,
  status: 201,
  handler: async (context) => {
    const { body, organisation, params, now } = context;
    const made = await proposeRefund(workOf(context), organisation, params.payment, {
      ...body,
      on: dayAsked(body.on, now),
    });
    await auditMoney(context, organisation, "refund.propose", made.id, {
      payment: params.payment,
      amount: made.amount,
    });
    return made;
  },
});

const listRefunds = route({
  ...read,
  method: "GET",
  path: `${own}/refunds`,
  summary: "Refunds, newest first",
  params: ofOrganisation,
  response: Type.Object({ items: Type.Array(RefundItem) }),
  handler: async ({ tx, organisation }) => ({
    items: await refundsWhere(tx, sql`r.organisation_id = ${organisation}`),
  }),
});

const changeOne = route({
  ...write,
  method: "POST",
  path: `${own}/refunds/:refund`,
  summary: "A refund was paid, or is cancelled",
  params: Type.Object({ organisation: Id, refund: Id }),
  body: RefundChange,
  response: RefundItem,
  status: 200,
  handler: async (context) => {
    const { body, organisation, params } = context;
    const changed = await changeRefund(workOf(context), organisation, params.refund, body.state);
    await auditMoney(context, organisation, `refund.${body.state === "paid" ? "pay" : "cancel"}`, changed.id, {
      amount: changed.amount,
    });
    return changed;
  },
});

export const paymentRoutes: readonly Route[] = [
  listPayments,
  showPayment,
  addPayment,
  takeBack,
  clear,
  hold,
  refund,
  listRefunds,
  changeOne,
];
