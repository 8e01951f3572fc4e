/**
 * What the services bring is written to the database once: terms, prices, hours, readings with their default, and the law's
 * rates and holidays. Never overwriting: a row whose place is taken, or that was written once before, is left out, so that
 * what the provider changed, ended or deleted stays so. At a start where nothing is new this is one query.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { nationalHolidays, shippedStatutoryRates, shippedTaxRates } from "../charging/seeds.ts";
import { shippedSettings } from "../charging/shipped.ts";

/** Who set what is shipped. */
const SHIPPED_BY = "shipped";

/** One row with the name under which it is remembered. */
interface ShippedRow {
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}
/** Rows by table, in the order in which they are written. */
type Shipment = readonly { readonly table: keyof typeof inserts; readonly rows: readonly ShippedRow[] }[];

/** Writes what is missing; returns how many rows were new. */
export async function shipOffers(
  platform: Pick<Platform, "store" | "clock">,
  offers: readonly Offer[],
): Promise<number> {
  return platform.store.provider((tx) => shipIn(tx, offers, new Date(platform.clock.now())));
}

/** The same inside a transaction of the provider. */
async function shipIn(tx: Tx, offers: readonly Offer[], now: Date): Promise<number> {
  const shipment = shipmentOf(offers);
  const hash = createHash("sha256").update(JSON.stringify(shipment)).digest("hex");
  const known = await sql`select 1 from commerce.shipment where hash = ${hash}`.execute(tx);
  if (known.rows.length > 0) return 0;
  // Two control planes that start at once: the second waits and finds everything written.
  await sql`select pg_advisory_xact_lock(hashtextextended('commerce.shipment', 0))`.execute(tx);
  let written = 0;
  for (const { table, rows } of shipment) written += await writeNew(tx, table, rows, now);
  await sql`insert into commerce.shipment (hash, shipped_at) values (${hash}, ${now}) on conflict do nothing`.execute(
    tx,
  );
  return written;
}

async function writeNew(tx: Tx, table: keyof typeof inserts, rows: readonly ShippedRow[], now: Date): Promise<number> {
  const keys = rows.map(({ key }) => `${table}:${key}`);
  const fresh = await sql<{ key: string }>`insert into commerce.shipped_row (key, shipped_at)
    select distinct key, ${now}::timestamptz from unnest(${keys}::text[]) as key
    on conflict do nothing returning key`.execute(tx);
  const missing = new Set(fresh.rows.map(({ key }) => key));
  const list = rows
    .filter(({ key }) => missing.has(`${table}:${key}`))
    .map(({ row }) => Object.assign({ id: newId() }, row));
  if (list.length === 0) return 0;
  const { numAffectedRows } = await inserts[table](JSON.stringify(list), now).execute(tx);
  return Number(numAffectedRows ?? 0);
}

const days = sql`daterange(r."from", r.until)`;
const rowsOf = (json: string, columns: string) =>
  sql`jsonb_to_recordset(${json}::jsonb) as r(id uuid, "from" date, until date, ${sql.raw(columns)})`;

/** One statement for all rows of a table. A row whose range or name is taken is left out. */
const inserts = {
  version: (json: string) => sql`
    insert into commerce.service_version (id, service, code, in_force, source_document, text_hash, labels, known, orderable)
    select r.id, r.service, r.code, ${days}, r.source, r.hash, r.labels, r.known,
      array(select jsonb_array_elements_text(r.orderable))
    from ${rowsOf(json, "service text, code text, source text, hash text, labels jsonb, known boolean, orderable jsonb")}
    on conflict do nothing`,
  // Versions that an earlier migration wrote know nothing of orders yet.
  orderable: (json: string) => sql`
    update commerce.service_version v set orderable = array(select jsonb_array_elements_text(r.orderable))
    from ${rowsOf(json, "service text, code text, orderable jsonb")}
    where v.service = r.service and v.code = r.code and v.orderable = '{}'`,
  parameter: (json: string) => sql`
    insert into commerce.rule_parameter (version_id, key, value)
    select v.id, r.key, r.value from ${rowsOf(json, "service text, code text, key text, value jsonb")}
    join commerce.service_version v on v.service = r.service and v.code = r.code
    on conflict do nothing`,
  book: (json: string, now: Date) => sql`
    insert into commerce.price_book (id, code, source, loaded_by, loaded_at)
    select r.id, r.code, r.source, ${SHIPPED_BY}, ${now}::timestamptz from ${rowsOf(json, "code text, source text")}
    on conflict do nothing`,
  price: (json: string) => sql`
    insert into commerce.price (id, book_id, service, plan, item, amount, display, in_force)
    select r.id, b.id, r.service, r.plan, r.item, r.amount, r.display, ${days}
    from ${rowsOf(json, "service text, plan text, item text, amount bigint, display bigint, book text")}
    join commerce.price_book b on b.code = r.book
    on conflict do nothing`,
  "tax-rate": (json: string) => sql`
    insert into commerce.tax_rate (id, class, rate, in_force)
    select r.id, r.class, r.rate, ${days} from ${rowsOf(json, "class text, rate text")} on conflict do nothing`,
  "statutory-rate": (json: string) => sql`
    insert into commerce.statutory_rate (id, rate, source, in_force)
    select r.id, r.rate, r.source, ${days} from ${rowsOf(json, "rate text, source text")} on conflict do nothing`,
  "closed-day": (json: string) => sql`
    insert into commerce.closed_day (id, day, kind, service, name)
    select r.id, r.day, r.kind, r.service, r.name from ${rowsOf(json, "day date, kind text, service text, name jsonb")}
    on conflict do nothing`,
  activity: (json: string) => sql`
    insert into commerce.activity (id, service, activity, in_force, hours)
    select r.id, r.service, r.activity, ${days}, r.hours
    from ${rowsOf(json, "service text, activity text, hours jsonb")} on conflict do nothing`,
  setting: (json: string, now: Date) => sql`
    insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
    select r.id, r.service, r.key, r.value, daterange(null, null), ${SHIPPED_BY}, ${now}::timestamptz
    from ${rowsOf(json, "service text, key text, value jsonb")} on conflict do nothing`,
} as const;

/** The rows of all services and of the law. */
function shipmentOf(offers: readonly Offer[]): Shipment {
  const each = (rows: (offer: Offer) => readonly ShippedRow[]): ShippedRow[] => offers.flatMap(rows);
  return [
    { table: "version", rows: each(versionRows) },
    { table: "orderable", rows: each(versionRows) },
    { table: "parameter", rows: each(parameterRows) },
    { table: "book", rows: each(bookRows) },
    { table: "price", rows: each(priceRows) },
    { table: "tax-rate", rows: shippedTaxRates.map((row) => ({ key: `${row.class}/${row.from}`, row: { ...row } })) },
    { table: "statutory-rate", rows: shippedStatutoryRates.map((row) => ({ key: row.from ?? "", row: { ...row } })) },
    { table: "closed-day", rows: nationalHolidays().map((row) => ({ key: row.day, row: { ...row } })) },
    { table: "activity", rows: each(activityRows) },
    { table: "setting", rows: each(settingRows) },
  ];
}

const versionRows = ({ service, terms }: Offer): ShippedRow[] =>
  terms.map(({ code, from, until, sourceDocument, textHash, known, labels, orderable }) => ({
    key: `${service}/${code}`,
    row: { service, code, from, until, source: sourceDocument, hash: textHash, known, labels, orderable },
  }));

const parameterRows = ({ service, terms }: Offer): ShippedRow[] =>
  terms.flatMap(({ code, plans }) =>
    Object.entries(plans).map(([plan, value]) => ({
      key: `${service}/${code}/plan:${plan}`,
      row: { service, code, key: `plan:${plan}`, value },
    })),
  );

const bookRows = ({ prices, terms }: Offer): ShippedRow[] =>
  [...new Set(prices.map(({ book }) => book))].map((code) => ({
    key: code,
    row: { code, source: terms.find((version) => version.code === code)?.sourceDocument ?? code },
  }));

const priceRows = ({ service, prices }: Offer): ShippedRow[] =>
  prices.map((price) => ({
    key: `${service}/${price.plan}/${price.item}/${price.from ?? ""}`,
    row: { service, ...price },
  }));

const activityRows = ({ activities }: Offer): ShippedRow[] =>
  activities.map(({ service, activity, from, until, ...hours }) => ({
    key: `${service}/${activity}/${from ?? ""}`,
    row: { service, activity, from, until, hours },
  }));

/** Readings with the chosen default, and figures that the terms themselves give. */
const settingRows = (offer: Offer): ShippedRow[] =>
  shippedSettings(offer).map(({ service, key, value }) => ({ key: `${service}/${key}`, row: { service, key, value } }));
