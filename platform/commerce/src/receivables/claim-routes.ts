/** The API of what a customer owes: claims, interest, ageing, statement, reminders. */
import { sql } from "kysely";
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { actorName } from "../actor.ts";
import { addFact } from "../contracts/fact-door.ts";
import { countRows, offsetOf, pageByOffset } from "../paging.ts";
import { ByOffset } from "../shapes.ts";
import { attachedAs } from "../downloads.ts";
import { receivablesOf } from "./ageing.ts";
import { claimById, claimsWhere, leftOf, shownClaim, today } from "./claims.ts";
import { interestAsOf, interestList } from "./interest.ts";
import { AsOf, auditMoney, dayAsked, ofOrganisation, own, Range, workOf } from "./paths.ts";
import { remindersOf } from "./reminders.ts";
import { settle } from "./settle.ts";
import {
  Acceleration,
  AccelerationResult,
  ClaimDetail,
  ClaimItem,
  ClaimState,
  CustomerReceivables,
  Dunning,
  InterestItem,
  ReminderItem,
  Statement,
} from "./shapes.ts";
import { statementCsv, statementOf } from "./statement.ts";

const read = { tag: "payments", access: { kind: "organisation", scope: "invoice.read" } } as const;
const write = { tag: "payments", access: { kind: "organisation", scope: "payment.write" } } as const;

const listClaims = route({
  ...read,
  method: "GET",
  path: `${own}/claims`,
  summary: "What the organisation owes or owed, by due date",
  params: ofOrganisation,
  query: Type.Object({ ...ByOffset, state: Type.Optional(ClaimState), overdue: Type.Optional(Type.Boolean()) }, closed),
  response: page(ClaimItem),
  handler: async ({ tx, organisation, query, now }) => {
    const on = dayAsked(undefined, now);
    const [limit, offset] = [query.limit ?? 100, offsetOf(query.cursor)];
    const condition = sql`c.organisation_id = ${organisation} and (${query.state ?? null}::text is null or c.state = ${query.state ?? null})
      and (${query.overdue !== true} or (c.state = 'open' and c.due_now < ${on}::date))`;
    const total = await countRows(tx, sql`commerce.claim c where ${condition}`);
    const { rows } = await sql<{ id: string }>`select c.id from commerce.claim c where ${condition}
      order by c.due_now desc, c.id desc limit ${limit} offset ${offset}`.execute(tx);
    const ids = rows.map(({ id }) => id);
    const claims = await claimsWhere(tx, sql`c.organisation_id = ${organisation} and c.id = any(${ids}::uuid[])`);
    const items = claims
      .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
      .map((claim) => shownClaim(claim, on));
    return pageByOffset(items, offset, total);
  },
});

const showClaim = route({
  ...read,
  method: "GET",
  path: `${own}/claims/:claim`,
  summary: "One claim: payments, late interest as of today with its formula, reminders",
  params: Type.Object({ organisation: Id, claim: Id }),
  response: ClaimDetail,
  handler: async ({ tx, organisation, params, now }) => {
    const claim = await claimById(tx, organisation, params.claim);
    if (claim === null) throw raiseServer("NOT_FOUND");
    const on = dayAsked(undefined, now);
    const { rows: payments } = await sql<{ paymentId: string; on: string; amount: string }>`
      select p.id as "paymentId", p.counts_on::text as "on", a.amount from commerce.allocation a
      join commerce.payment p on p.id = a.payment_id where a.claim_id = ${claim.id} order by p.counts_on, p.ordinal`.execute(
      tx,
    );
    const { rows: reminders } = await sql<{ step: number; sentAt: Date }>`select step, sent_at as "sentAt"
      from commerce.reminder where claim_id = ${claim.id} order by step`.execute(tx);
    return {
      ...shownClaim(claim, on),
      payments: payments.map((payment) => ({ ...payment, amount: Number(payment.amount) })),
      interest: (await interestAsOf(tx, [claim], on)).get(claim.id) ?? null,
      reminders: reminders.map(({ step, sentAt }) => ({ step, sentAt: sentAt.toISOString() })),
    };
  },
});

const showInterest = route({
  ...read,
  method: "GET",
  path: `${own}/interest`,
  summary: "Late interest of each claim as of a day (COM-12): found, billed, still growing",
  params: ofOrganisation,
  query: AsOf,
  response: Type.Object({ on: Type.String(), items: Type.Array(InterestItem) }),
  handler: async ({ tx, organisation, query, now }) => {
    const on = dayAsked(query.on, now);
    return { on, items: await interestList(tx, organisation, on) };
  },
});

const showReceivables = route({
  ...read,
  method: "GET",
  path: `${own}/receivables`,
  summary: "What the organisation owes, by age, and its credit on account",
  params: ofOrganisation,
  query: AsOf,
  response: CustomerReceivables,
  handler: ({ tx, organisation, query, now }) =>
    receivablesOf(tx, organisation, dayAsked(query.on, now), dayAsked(query.on, now) < dayAsked(undefined, now)),
});

/** The last twelve months unless told. */
const rangeOf = (query: { readonly from?: string; readonly to?: string }, now: Date) => {
  const to = dayAsked(query.to, now);
  return {
    from: query.from === undefined ? `${Number(to.slice(0, 4)) - 1}${to.slice(4, 8)}01` : dayAsked(query.from, now),
    to,
  };
};

const showStatement = route({
  ...read,
  method: "GET",
  path: `${own}/statement`,
  summary: "Statement of account with the running balance",
  params: ofOrganisation,
  query: Range,
  response: Statement,
  handler: ({ tx, organisation, query, now }) => statementOf(tx, organisation, rangeOf(query, now)),
});

const downloadStatement = route({
  ...read,
  method: "GET",
  path: `${own}/statement/csv`,
  summary: "The statement of account as CSV",
  params: ofOrganisation,
  query: Range,
  raw: "text/csv; charset=utf-8",
  handler: async ({ tx, organisation, query, now, language, reply }) => {
    attachedAs(reply, "statement.csv");
    return statementCsv(await statementOf(tx, organisation, rangeOf(query, now)), language);
  },
});

const listReminders = route({
  ...read,
  method: "GET",
  path: `${own}/reminders`,
  summary: "Reminders that were sent, newest first",
  params: ofOrganisation,
  response: Type.Object({ items: Type.Array(ReminderItem) }),
  handler: async ({ tx, organisation }) => ({ items: await remindersOf(tx, organisation) }),
});

const showDunning = route({
  ...read,
  access: { kind: "organisation", scope: "payment.write" },
  method: "GET",
  path: `${own}/dunning`,
  summary: "Whether reminders to the organisation are paused",
  params: ofOrganisation,
  response: Dunning,
  handler: async ({ tx, organisation }) => {
    const { rows } = await sql<{
      pausedUntil: string | null;
      note: string;
    }>`select paused_until::text as "pausedUntil", note
      from commerce.dunning where organisation_id = ${organisation}`.execute(tx);
    return rows[0] ?? { pausedUntil: null, note: "" };
  },
});

const pauseDunning = route({
  ...write,
  method: "PUT",
  path: `${own}/dunning`,
  summary: "Pause reminders until a day (an agreement on instalments, a dispute), or let them go on",
  params: ofOrganisation,
  body: Dunning,
  response: Dunning,
  handler: async (context) => {
    const { tx, organisation, body, now } = context;
    const pausedUntil = body.pausedUntil === null ? null : dayAsked(body.pausedUntil, now);
    await sql`insert into commerce.dunning (organisation_id, paused_until, note, set_by, set_at)
      values (${organisation}, ${pausedUntil}::date, ${body.note}, ${actorName(context)}, ${now})
      on conflict (organisation_id) do update set paused_until = excluded.paused_until, note = excluded.note,
        set_by = excluded.set_by, set_at = excluded.set_at`.execute(tx);
    await auditMoney(context, organisation, "claim.pause", organisation, { pausedUntil });
    return { pausedUntil, note: body.note };
  },
});

const accelerate = route({
  ...write,
  method: "POST",
  path: `${own}/contracts/:contract/acceleration`,
  summary: "All debts of the contract's service fall due on the day (RNS-17); writes the fact and moves the due dates",
  params: Type.Object({ organisation: Id, contract: Id }),
  body: Acceleration,
  response: AccelerationResult,
  status: 200,
  handler: async (context) => {
    const { tx, organisation, params, body, now } = context;
    const { rows } = await sql<{ id: string; number: string }>`select id, number from commerce.contract
      where organisation_id = ${organisation} and id = ${params.contract}`.execute(tx);
    const [contract] = rows;
    if (contract === undefined) throw raiseServer("NOT_FOUND");
    const on = dayAsked(body.on, now);
    const work = workOf(context);
    await addFact(
      work,
      { id: contract.id, organisation },
      { kind: "accelerated", on, ground: body.ground },
      { source: "receivables", key: `accelerated:${on}` },
    );
    const { moved } = await settle(work, organisation);
    const claims = await claimsWhere(
      tx,
      sql`c.organisation_id = ${organisation} and c.accelerated_on = ${on}::date and c.state = 'open'`,
    );
    const result = { claims: claims.length, total: claims.reduce((sum, claim) => sum + leftOf(claim), 0) };
    await auditMoney(
      context,
      organisation,
      "claim.accelerate",
      contract.id,
      { ...result, on, ground: body.ground, recordedOn: today(work) },
      moved,
    );
    return result;
  },
});

export const claimRoutes: readonly Route[] = [
  listClaims,
  showClaim,
  showInterest,
  showReceivables,
  showStatement,
  downloadStatement,
  listReminders,
  showDunning,
  pauseDunning,
  accelerate,
];
