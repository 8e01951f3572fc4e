/** What customers owe, claim by claim. The bill run writes claims in its own transaction; from then on this folder keeps them. */
import { sql, type RawBuilder } from "kysely";
import { daysBetween, dayOf, type Day } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Actor } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Interest } from "../charging/lines.ts";
import type { ClaimItem } from "./shapes.ts";

/** What every verb of this folder needs; `actor` stands in what is recorded. */
export interface MoneyWork {
  readonly tx: Tx;
  readonly now: Date;
  readonly actor: Actor;
}
export const today = ({ now }: Pick<MoneyWork, "now">): Day => dayOf(now);

export interface ClaimRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly invoice: Uuid | null;
  readonly contract: Uuid | null;
  readonly number: string;
  readonly service: string;
  readonly plan: string;
  readonly amount: number;
  readonly credited: number;
  /** Taken over by a billing operator. */
  readonly assigned: number;
  readonly paid: number;
  readonly dueOn: Day;
  readonly acceleratedOn: Day | null;
  /** The earlier of the two. */
  readonly dueNow: Day;
  readonly bearsInterest: boolean;
  readonly state: ClaimItem["state"];
  readonly settledOn: Day | null;
  readonly interestDue: number | null;
  readonly interest: Interest | null;
  readonly interestBilled: number;
  readonly createdOn: Day;
}

const numbers = ["amount", "credited", "assigned", "paid", "interestBilled"] as const;
type Stored = Omit<ClaimRow, (typeof numbers)[number] | "interestDue"> &
  Record<(typeof numbers)[number], string> & { readonly interestDue: string | null };

const columns = sql`c.id, c.organisation_id as organisation, c.invoice_id as invoice, c.contract_id as contract, c.number, c.service,
  c.plan, c.amount, c.credited, c.assigned, c.paid, c.due_on::text as "dueOn", c.accelerated_on::text as "acceleratedOn",
  c.due_now::text as "dueNow", c.bears_interest as "bearsInterest", c.state, c.settled_on::text as "settledOn",
  c.interest_due as "interestDue", c.interest, c.interest_billed as "interestBilled",
  (c.created_at at time zone 'Asia/Tokyo')::date::text as "createdOn"`;

const row = (stored: Stored): ClaimRow => ({
  ...stored,
  amount: Number(stored.amount),
  credited: Number(stored.credited),
  assigned: Number(stored.assigned),
  paid: Number(stored.paid),
  interestBilled: Number(stored.interestBilled),
  interestDue: stored.interestDue === null ? null : Number(stored.interestDue),
});

/** Claims `c` that fulfil the condition, by due date. */
export async function claimsWhere(
  tx: Tx,
  condition: RawBuilder<unknown>,
  limit?: number,
  offset = 0,
): Promise<ClaimRow[]> {
  const { rows } = await sql<Stored>`select ${columns} from commerce.claim c where ${condition}
    order by c.due_now, c.due_on, c.id ${limit === undefined ? sql`` : sql`limit ${limit} offset ${offset}`}`.execute(
    tx,
  );
  return rows.map(row);
}

/** What of the claim is to be paid to us at all. */
export const payable = ({ amount, credited, assigned }: ClaimRow): number => amount - credited - assigned;
/** What is still to be paid. */
export const leftOf = (claim: ClaimRow): number => payable(claim) - claim.paid;

/** Claims that are still to be paid to us, by due date: of one organisation, of several, or of all. */
export const openClaims = (
  tx: Tx,
  organisations: OrganisationId | readonly OrganisationId[] | null = null,
): Promise<ClaimRow[]> => claimsWhere(tx, sql`c.state = 'open' and ${ofOrganisations(organisations)}`);

export const ofOrganisations = (
  organisations: OrganisationId | readonly OrganisationId[] | null,
): RawBuilder<unknown> =>
  organisations === null
    ? sql`true`
    : typeof organisations === "string"
      ? sql`c.organisation_id = ${organisations}`
      : sql`c.organisation_id = any(${[...organisations]}::uuid[])`;

/** Null when the organisation has no such claim. */
export async function claimById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ClaimRow | null> {
  const [found] = await claimsWhere(tx, sql`c.organisation_id = ${organisation} and c.id = ${id}`);
  return found ?? null;
}

/** 0 until the day after the due date. */
const daysOverdue = (claim: ClaimRow, on: Day): number =>
  claim.state !== "open" || claim.dueNow >= on ? 0 : daysBetween(claim.dueNow, on);

export const shownClaim = (claim: ClaimRow, on: Day): ClaimItem => ({
  id: claim.id,
  organisationId: claim.organisation,
  invoiceId: claim.invoice,
  number: claim.number,
  service: claim.service,
  plan: claim.plan,
  amount: claim.amount,
  credited: claim.credited,
  paid: claim.paid,
  left: leftOf(claim),
  dueOn: claim.dueNow,
  acceleratedOn: claim.acceleratedOn,
  daysOverdue: daysOverdue(claim, on),
  state: claim.state,
  settledOn: claim.settledOn,
  bearsInterest: claim.bearsInterest,
  interestDue: claim.interestDue,
  interestBilled: claim.interestBilled,
});

/** One writer for each customer's money at a time; held until the transaction ends. Taken before anything is read. */
export async function lockMoney(tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`commerce.money:${organisation}`}, 0))`.execute(tx);
}
