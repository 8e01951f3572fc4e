/** Quotes (COM-19, RNS-66): what an order would cost, by the function that bills; its prices stay a contract's that is made of it. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, monthOf, nextMonth, type Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { ContractFacts, Fact } from "../charging/facts.ts";
import type { Tables, Text } from "../charging/tables.ts";
import { simulate } from "../charging/simulate.ts";
import { formOn, termsOn } from "../contracts/offers.ts";
import { loadTables } from "../terms/load.ts";
import { knownOffer, type OrderWork } from "./offer-of.ts";
import { packHints } from "./checks.ts";
import { raise } from "./errors.ts";
import { itemRemarks } from "./fields.ts";
import type { NewQuote, Quote } from "./shapes.ts";

/** A quote is good for so many days unless told. */
const VALID_DAYS = 30;

/** Price of each item of a plan on a day, by the price book. */
export function pricesOn(tables: Tables, service: string, plan: string, day: Day): Record<string, number> {
  const found: Record<string, number> = {};
  for (const price of tables.prices) {
    if (price.service !== service || price.plan !== plan) continue;
    if ((price.from === null || price.from <= day) && (price.until === null || day < price.until)) {
      found[price.item] = price.amount;
    }
  }
  return found;
}

/** Computes and keeps a quote. ORDER_SERVICE_UNKNOWN, PLAN_UNKNOWN, QUOTE_IMPOSSIBLE with a sentence for each reason. */
export async function makeQuote(work: OrderWork, organisation: OrganisationId, wanted: NewQuote): Promise<Quote> {
  const { service, plan, items, startOn } = wanted;
  const today = dayOf(work.now);
  const offer = knownOffer(work, service);
  const tables = await loadTables(work.tx);
  const form = formOn(tables, offer, plan, today);
  const wrong = itemRemarks(form, items);
  if (wrong.length > 0)
    throw raise(
      "QUOTE_IMPOSSIBLE",
      {},
      { fields: wrong.map(({ pointer, text }) => ({ pointer, message: `${text.ja} / ${text.en}` })) },
    );
  const prices = { ...pricesOn(tables, service, plan, today), ...wanted.prices };
  const id = newId();
  const attributes = wanted.attributes ?? {};
  const simulation = compute(
    tables,
    { contract: id, service, plan, items, attributes, facts: [] },
    startOn,
    wanted.months ?? 3,
    wanted.prices ?? {},
  );
  const content = {
    lines: simulation.lines,
    totals: simulation.totals,
    hints: packHints({ offer, form, orderedOn: today, items, fields: {}, application: null }, tables).map(
      ({ text }) => text,
    ),
  };
  const used = termsOn(tables, service, plan, today);
  const kept = Object.fromEntries(
    Object.entries(prices).filter(([item]) => used === null || used.plan.items[item] !== undefined),
  );
  await sql`insert into commerce.quote (id, organisation_id, service, plan, items, attributes, start_on, valid_until, prices,
      content, made_by, made_at)
    values (${id}, ${organisation}, ${service}, ${plan}, ${JSON.stringify(items)}::jsonb, ${JSON.stringify(attributes)}::jsonb,
      ${startOn}::date, ${wanted.validUntil ?? addDays(today, VALID_DAYS)}::date, ${JSON.stringify(kept)}::jsonb,
      ${JSON.stringify(content)}::jsonb, ${actorName(work)}, ${work.now})`.execute(work.tx);
  return (await quoteById(work.tx, organisation, id)) as Quote;
}

/** The order as if accepted, started and inspected on the day, for so many bills. */
function compute(tables: Tables, order: ContractFacts, on: Day, months: number, own: Readonly<Record<string, number>>) {
  const agreed = Object.entries(own).map(([item, amount]): Fact => ({
    kind: "price-agreed",
    on,
    item,
    amount,
    reference: "quote",
  }));
  const from = monthOf(on);
  return simulate(
    tables,
    order,
    [{ kind: "accepted", on }, { kind: "started", on }, { kind: "inspected", on }, ...agreed],
    { from, to: nextMonth(from, months - 1) },
  );
}

const columns = sql`id, service, plan, items, attributes, start_on::text as "startOn", valid_until::text as "validUntil", prices,
  content, made_by as "madeBy", made_at as "madeAt"`;
interface Row extends Omit<Quote, "madeAt" | "lines" | "totals" | "hints"> {
  readonly madeAt: Date;
  readonly content: { readonly lines: Quote["lines"]; readonly totals: Quote["totals"]; readonly hints: Text[] };
}
const shown = ({ content, madeAt, ...row }: Row): Quote => ({ ...row, ...content, madeAt: madeAt.toISOString() });

export async function quoteById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<Quote | null> {
  const { rows } = await sql<Row>`select ${columns} from commerce.quote
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : shown(rows[0]);
}

/** The organisation's quotes, newest first. */
export async function quotesOf(tx: Tx, organisation: OrganisationId): Promise<Quote[]> {
  const { rows } = await sql<Row>`select ${columns} from commerce.quote where organisation_id = ${organisation}
    order by id desc limit 200`.execute(tx);
  return rows.map(shown);
}

/** QUOTE_UNKNOWN, QUOTE_EXPIRED. */
export async function checkQuote(
  work: Pick<OrderWork, "tx" | "now">,
  organisation: OrganisationId,
  id: Uuid | undefined,
  { service, plan }: { readonly service: string; readonly plan: string },
): Promise<Quote | null> {
  if (id === undefined) return null;
  const quote = await quoteById(work.tx, organisation, id);
  if (quote === null || quote.service !== service || quote.plan !== plan)
    throw raise("QUOTE_UNKNOWN", { service, plan });
  if (quote.validUntil < dayOf(work.now)) throw raise("QUOTE_EXPIRED", { until: quote.validUntil });
  return quote;
}
