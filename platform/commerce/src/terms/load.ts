/** The dated tables of the database, as charging reads them. Cached: a bill run or a page asks for one value, not for the rows. */
import { sql } from "kysely";
import type { Tx } from "@yagura/store/store.ts";
import { designatedDays } from "../charging/designated.ts";
import type {
  Activity,
  ClosedDay,
  PlanTerms,
  Price,
  Setting,
  StatutoryRate,
  Tables,
  TaxRate,
  TermsVersion,
} from "../charging/tables.ts";

/** States of the tables kept at once: the present one, and those of transactions that have not seen it yet. */
const KEPT = 4;
/** By stamp. A stamp is random and is drawn anew by every change, so what stands under one never goes stale. */
const kept = new Map<string, Tables>();

/** Everything that charges depend on beside the contract's facts, as this transaction sees it. Never to be changed by the reader. */
export async function loadTables(tx: Tx): Promise<Tables> {
  const { rows } = await sql<{ stamp: string }>`select stamp from commerce.tables_stamp`.execute(tx);
  const stamp = rows[0]?.stamp ?? "";
  const known = kept.get(stamp);
  if (known !== undefined) return known;
  const tables = await readTables(tx);
  kept.set(stamp, tables);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return tables;
}

/** The same without the cache. */
async function readTables(tx: Tx): Promise<Tables> {
  const settings = await readSettings(tx);
  return {
    terms: await readTerms(tx),
    prices: await readPrices(tx),
    taxRates: await readTaxRates(tx),
    statutoryRates: await readStatutoryRates(tx),
    calendars: {
      closed: [...(await readClosedDays(tx)), ...designatedDays(settings)],
      activities: await readActivities(tx),
    },
    settings,
  };
}

/** First day in force and first day no longer in force. */
const days = sql`lower(in_force)::text as "from", upper(in_force)::text as until`;

async function readTerms(tx: Tx): Promise<TermsVersion[]> {
  const { rows } = await sql<TermsVersion & { known: boolean; plans: Record<string, PlanTerms> | null }>`
    select v.service, v.code, v.known, ${days},
      (select jsonb_object_agg(substr(p.key, 6), p.value) from commerce.rule_parameter p
        where p.version_id = v.id and p.key like 'plan:%') as plans
    from commerce.service_version v order by v.service, lower(v.in_force) nulls first`.execute(tx);
  return rows.map(({ plans, known, ...version }) =>
    Object.assign(version, { plans: plans ?? {} }, known ? {} : { known }),
  );
}

async function readPrices(tx: Tx): Promise<Price[]> {
  const { rows } = await sql<Omit<Price, "amount" | "display"> & { amount: string; display: string | null }>`
    select p.service, p.plan, p.item, p.amount, p.display, b.code as book, ${days}
    from commerce.price p join commerce.price_book b on b.id = p.book_id
    order by p.service, p.plan, p.item, lower(p.in_force) nulls first`.execute(tx);
  return rows.map(({ amount, display, ...price }) =>
    Object.assign(price, { amount: Number(amount), display: display === null ? null : Number(display) }),
  );
}

async function readTaxRates(tx: Tx): Promise<TaxRate[]> {
  return (
    await sql<TaxRate>`select class, rate, ${days} from commerce.tax_rate
      order by class, lower(in_force) nulls first`.execute(tx)
  ).rows;
}

async function readStatutoryRates(tx: Tx): Promise<StatutoryRate[]> {
  return (
    await sql<StatutoryRate>`select rate, ${days} from commerce.statutory_rate
      order by lower(in_force) nulls first`.execute(tx)
  ).rows;
}

async function readClosedDays(tx: Tx): Promise<ClosedDay[]> {
  return (
    await sql<ClosedDay>`select day::text as day, kind, service, name from commerce.closed_day
      order by day, kind, service nulls first`.execute(tx)
  ).rows;
}

async function readActivities(tx: Tx): Promise<Activity[]> {
  const { rows } = await sql<
    Pick<Activity, "service" | "activity" | "from" | "until"> & {
      hours: Omit<Activity, "service" | "activity" | "from" | "until">;
    }
  >`select service, activity, hours, ${days} from commerce.activity
    order by service, activity, lower(in_force) nulls first`.execute(tx);
  return rows.map(({ hours, ...row }) => ({ ...row, ...hours }));
}

async function readSettings(tx: Tx): Promise<Setting[]> {
  return (
    await sql<Setting>`select nullif(service, '*') as service, key, value, ${days} from commerce.setting
      order by service, key, lower(in_force) nulls first`.execute(tx)
  ).rows;
}
