/** Who owes how much since when: receivables by age, for each customer and in all. */
import { sql } from "kysely";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { index } from "../charging/index.ts";
import { loadTables } from "../terms/load.ts";
import { openClaims } from "./claims.ts";
import { toCsv } from "../csv.ts";
import { interestAsOf } from "./interest.ts";
import { stepsOf } from "./reminder-steps.ts";
import { ageBuckets, type AgeBucket, type Ageing, type CustomerReceivables, type ReceivablesPage } from "./shapes.ts";

export interface AgeingFilter {
  readonly asOf: Day;
  /** Only this customer. */
  readonly organisation?: OrganisationId | undefined;
  readonly service?: string | undefined;
  /** Part of the customer's name. */
  readonly name?: string | undefined;
  /** Only customers who owe something of this age. */
  readonly bucket?: AgeBucket | undefined;
  /** The day is over: what happened since is taken off again. */
  readonly past?: boolean | undefined;
}

type Sums = Readonly<Record<AgeBucket | "total" | "overdue" | "credit", string>>;
const zeroes = { notDue: 0, d1to30: 0, d31to60: 0, d61to90: 0, over90: 0, total: 0, overdue: 0, credit: 0 } as const;

interface CustomerRow extends Sums {
  readonly organisation: OrganisationId;
  readonly name: string;
  readonly oldest: Day | null;
  readonly count: number;
}
/** Sums of one customer, or (with `all_`) those of all pages, which stand in every row. */
const inNumbers = (row: CustomerRow, prefix: "" | "all_" = ""): Ageing =>
  Object.fromEntries(
    Object.keys(zeroes).map((key) => [key, Number((row as unknown as Record<string, string>)[prefix + key])]),
  ) as unknown as Ageing;

/** Claims with what was left of each at the end of a day that is over: what happened since is taken off again. */
const leftsBy = (asOf: Day) => sql`
  select c.organisation_id, c.service, c.due_now, c.amount - c.assigned - coalesce(x.taken, 0) - coalesce(a.paid, 0) as left_over
  from commerce.claim c
  left join (select claim_id, sum(amount) filter (where on_day <= ${asOf}::date) as taken, bool_or(on_day > ${asOf}::date) as later
    from commerce.claim_credit group by claim_id) x on x.claim_id = c.id
  left join (select a.claim_id, sum(a.amount) as paid from commerce.allocation a join commerce.payment p on p.id = a.payment_id
    where p.counts_on <= ${asOf}::date group by a.claim_id) a on a.claim_id = c.id
  where (c.created_at at time zone 'Asia/Tokyo')::date <= ${asOf}::date
    and (c.state = 'open' or c.settled_on > ${asOf}::date or x.later)`;
const leftsNow = sql`
  select organisation_id, service, due_now, amount - credited - assigned - paid as left_over
  from commerce.claim where state = 'open'`;

/**
 * One row a customer: what was left of each claim at the end of the day, by age, and the credit on account. Days of age count
 * from the day after the due date.
 */
const byCustomer = ({ asOf, organisation, service, name, bucket, past }: AgeingFilter) => sql`
  with lefts as (
    select c.* from (${past === true ? leftsBy(asOf) : leftsNow}) c
    where (${organisation ?? null}::uuid is null or c.organisation_id = ${organisation ?? null}::uuid)
      and (${service ?? null}::text is null or c.service = ${service ?? null})
  ), owed as (
    select organisation_id, min(due_now) filter (where left_over > 0) as oldest,
      sum(left_over) filter (where due_now >= ${asOf}::date) as "notDue",
      sum(left_over) filter (where due_now < ${asOf}::date and due_now >= ${addDays(asOf, -30)}::date) as "d1to30",
      sum(left_over) filter (where due_now < ${addDays(asOf, -30)}::date and due_now >= ${addDays(asOf, -60)}::date) as "d31to60",
      sum(left_over) filter (where due_now < ${addDays(asOf, -60)}::date and due_now >= ${addDays(asOf, -90)}::date) as "d61to90",
      sum(left_over) filter (where due_now < ${addDays(asOf, -90)}::date) as "over90",
      sum(left_over) as total, sum(left_over) filter (where due_now < ${asOf}::date) as overdue
    from lefts where left_over > 0 group by organisation_id
  ), came as (
    select organisation_id, sum(amount) as amount from commerce.payment
    where reversed_on is null and counts_on <= ${asOf}::date
      and (${organisation ?? null}::uuid is null or organisation_id = ${organisation ?? null}::uuid)
    group by organisation_id
  ), gone as (
    select organisation_id, sum(amount) as amount from (
      select a.organisation_id, a.amount from commerce.allocation a join commerce.payment p on p.id = a.payment_id
        where p.counts_on <= ${asOf}::date
      union all select organisation_id, amount from commerce.refund where state <> 'cancelled') g
    group by organisation_id
  ), account as (
    select came.organisation_id, came.amount - coalesce(gone.amount, 0) as credit from came left join gone using (organisation_id)
  ), customers as (
    select coalesce(o.organisation_id, a.organisation_id) as organisation, coalesce(s.name, '') as name, o.oldest,
      ${sql.join(
        [...ageBuckets, "total", "overdue"].map((key) => sql`coalesce(o.${sql.ref(key)}, 0) as ${sql.ref(key)}`),
      )}, coalesce(a.credit, 0) as credit
    from owed o full join (select * from account where credit > 0) a on a.organisation_id = o.organisation_id
    left join server.organisation s on s.id = coalesce(o.organisation_id, a.organisation_id)
  ), chosen as (
    select * from customers where (${name ?? null}::text is null or strpos(lower(name), lower(${name ?? ""})) > 0)
      and ${bucket === undefined ? sql`true` : sql`${sql.ref(bucket)} > 0`}
      and ${service === undefined ? sql`true` : sql`total > 0`}
  )`;

/** A page of customers, those who owe the most overdue money first; the totals are those of all pages. */
export async function receivables(
  tx: Tx,
  filter: AgeingFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<ReceivablesPage> {
  const sums = Object.keys(zeroes);
  const totals = sql.join(sums.map((key) => sql`sum(${sql.ref(key)}) over () as ${sql.ref(`all_${key}`)}`));
  const { rows } = await sql<CustomerRow>`${byCustomer(filter)}
    select *, oldest::text as oldest, (count(*) over ())::int as count, ${totals} from chosen
    order by overdue desc, total desc, organisation limit ${limit} offset ${offset}`.execute(tx);
  const more = await aboutDunning(
    tx,
    rows.map(({ organisation }) => organisation),
    filter.asOf,
  );
  const [first] = rows;
  const total = first?.count ?? 0;
  return {
    asOf: filter.asOf,
    totals: first === undefined ? zeroes : inNumbers(first, "all_"),
    items: rows.map((row) => ({
      organisationId: row.organisation,
      name: row.name,
      ageing: inNumbers(row),
      oldestDueOn: row.oldest,
      ...(more.get(row.organisation) ?? nothing),
    })),
    next: offset + rows.length < total ? String(offset + rows.length) : null,
    total,
  };
}

type About = Pick<CustomerReceivables, "lastReminder" | "dunning" | "pausedUntil" | "interestAccruing">;
const nothing: About = { lastReminder: null, dunning: "none", pausedUntil: null, interestAccruing: 0 };

/** Reminders, proposals and growing interest of some customers. */
async function aboutDunning(
  tx: Tx,
  organisations: readonly OrganisationId[],
  asOf: Day,
): Promise<Map<OrganisationId, About>> {
  const ids = sql`${[...organisations]}::uuid[]`;
  const { rows } = await sql<{
    organisation: OrganisationId;
    step: number | null;
    sentAt: Date | null;
    proposed: boolean;
    pausedUntil: Day | null;
  }>`select o.id as organisation, r.step, r.sent_at as "sentAt", d.paused_until::text as "pausedUntil",
      exists (select 1 from commerce.collection_task t where t.organisation_id = o.id and t.state = 'open') as proposed
    from unnest(${ids}) as o (id) left join commerce.dunning d on d.organisation_id = o.id
    left join lateral (select r.step, r.sent_at from commerce.reminder r join commerce.claim c on c.id = r.claim_id
      where r.organisation_id = o.id and c.state = 'open' order by r.step desc, r.sent_at desc limit 1) r on true`.execute(
    tx,
  );
  const claims = await openClaims(tx, organisations);
  const interest = await interestAsOf(tx, claims, asOf);
  const lastStep = stepsOf(index(await loadTables(tx)), asOf).length;
  return new Map(
    rows.map(({ organisation, step, sentAt, proposed, pausedUntil }) => {
      const paused = pausedUntil !== null && pausedUntil >= asOf;
      const reminded = step === null ? "none" : step >= lastStep ? "last-step" : "reminded";
      const accruing = claims
        .filter((claim) => claim.organisation === organisation)
        .reduce((sum, { id }) => sum + (interest.get(id)?.amount ?? 0), 0);
      const about: About = {
        lastReminder: step === null || sentAt === null ? null : { step, sentAt: sentAt.toISOString() },
        dunning: paused ? "paused" : proposed ? "proposed" : reminded,
        pausedUntil: paused ? pausedUntil : null,
        interestAccruing: accruing,
      };
      return [organisation, about];
    }),
  );
}

/** One customer's own figures; zeroes when nothing was ever owed. */
export async function receivablesOf(
  tx: Tx,
  organisation: OrganisationId,
  asOf: Day,
  past = false,
): Promise<CustomerReceivables> {
  const { items } = await receivables(tx, { asOf, organisation, past }, { limit: 1, offset: 0 });
  const [found] = items;
  if (found !== undefined) return found;
  const { rows } = await sql<{ name: string }>`select name from server.organisation where id = ${organisation}`.execute(
    tx,
  );
  const about = (await aboutDunning(tx, [organisation], asOf)).get(organisation) ?? nothing;
  return { organisationId: organisation, name: rows[0]?.name ?? "", ageing: zeroes, oldestDueOn: null, ...about };
}

const headings = {
  ja: [
    "お客さま",
    "期日前",
    "1～30日",
    "31～60日",
    "61～90日",
    "91日以上",
    "合計",
    "うち期日経過",
    "前受（未充当）",
    "最も古い期日",
    "延滞利息（見込み）",
  ],
  en: [
    "customer",
    "not due",
    "1–30 days",
    "31–60 days",
    "61–90 days",
    "over 90 days",
    "total",
    "of it overdue",
    "credit on account",
    "oldest due date",
    "late interest so far",
  ],
} as const;

export const receivablesCsv = ({ items }: ReceivablesPage, language: "ja" | "en"): string =>
  toCsv(
    headings[language],
    items.map(({ name, ageing, oldestDueOn, interestAccruing }) => [
      name,
      ...ageBuckets.map((bucket) => ageing[bucket]),
      ageing.total,
      ageing.overdue,
      ageing.credit,
      oldestDueOn,
      interestAccruing,
    ]),
  );
