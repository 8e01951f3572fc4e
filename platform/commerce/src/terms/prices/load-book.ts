/**
 * A price book: looked through, then loaded as a whole or not at all. A price from day D ends the one in force and starts the new
 * one; history stays, and nothing in months that are billed changes without being asked (COM-02, RNS-66).
 */
import { sql } from "kysely";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../../charging/offer.ts";
import { actorName } from "../../actor.ts";
import { isBilled, past } from "../dated.ts";
import { raise } from "../errors.ts";
import { loadTables } from "../load.ts";
import { planEdit, type RangePlan, type Segment } from "../ranges.ts";
import type { PriceLoadResult, PriceLoadRow, PriceRefusal } from "../shapes.ts";
import { billedUntil, type TermsWork } from "../work.ts";
import { knownItems, unknownItem } from "./known-items.ts";
import type { PriceFile } from "./read-file.ts";
import type { FileRow } from "./row.ts";

/** What a price is: with the printed figure, and where it came from. */
interface PriceValue {
  readonly amount: Yen;
  readonly display: Yen | null;
  readonly book: string;
}
interface StoredPrice extends Segment<PriceValue> {
  /** Null while it is only planned. */
  readonly id: Uuid | null;
  readonly service: string;
  readonly plan: string;
  readonly item: string;
}

export interface LoadOptions {
  readonly book: string;
  readonly source: string;
  readonly dryRun: boolean;
  readonly confirmPast: boolean;
  readonly reason: string | undefined;
  /** Several single changes may go under one book's name. */
  readonly append?: boolean;
}

/** Says what a file changes, and loads it unless it is a dry run. PRICE_BOOK_REFUSED, PRICE_BOOK_TAKEN, DATED_CHANGE_PAST. */
export async function loadBook(
  work: TermsWork,
  offers: readonly Offer[],
  file: PriceFile,
  options: LoadOptions,
): Promise<PriceLoadResult> {
  const { tx } = work;
  await sql`select pg_advisory_xact_lock(hashtextextended('commerce.price', 0))`.execute(tx);
  const known = knownItems(await loadTables(tx), offers);
  const unknown = file.rows.map((row) => unknownItem(known, row)).filter((refusal) => refusal !== null);
  const refusedLines = new Set(unknown.map(({ line }) => line));
  const rows = file.rows.filter(({ line }) => !refusedLines.has(line));
  const billed = await billedUntil(tx);
  const present = await readStored(tx, rows);
  const planned = planRows(present, rows, options.book, billed);
  const refused = [...file.refused, ...unknown].toSorted((a, b) => a.line - b.line);
  const changes = planned.rows.some(({ effect }) => effect !== "same");
  const result = (applied: boolean): PriceLoadResult => ({
    book: options.book,
    dryRun: options.dryRun,
    applied,
    counts: { ...countEffects(planned.rows), refused: refused.length },
    rows: planned.rows,
    refused,
  });
  if (options.dryRun) return result(false);
  if (refused.length > 0) throw refusal(refused);
  const reaching = planned.rows.find(({ reachesBilled }) => reachesBilled);
  if (reaching !== undefined && !options.confirmPast) throw past(nameOf(reaching), reaching.from, billed);
  if (!changes) return result(false);
  await writeBook(work, options, present, planned.after);
  await keepHistories(work, planned.rows, options.reason);
  await work.audit({
    action: "terms.price-book",
    subject: options.book,
    details: { source: options.source, ...countEffects(planned.rows), confirmPast: options.confirmPast },
  });
  return result(true);
}

const refusal = (refused: readonly PriceRefusal[]) =>
  raise(
    "PRICE_BOOK_REFUSED",
    { count: refused.length },
    {
      fields: refused.slice(0, 200).map(({ line, column, reason }) => ({
        pointer: `/lines/${line}${column === null ? "" : `/${column}`}`,
        message: `${reason.en} / ${reason.ja}`,
      })),
    },
  );

const nameOf = ({ service, plan, item }: Pick<FileRow, "service" | "plan" | "item">): string =>
  `${service}/${plan}/${item}`;

async function readStored(tx: Tx, rows: readonly FileRow[]): Promise<StoredPrice[]> {
  const names = [...new Set(rows.map(nameOf))];
  const found = await sql<{
    id: Uuid;
    service: string;
    plan: string;
    item: string;
    from: Day | null;
    until: Day | null;
    amount: string;
    display: string | null;
    book: string;
  }>`select p.id, p.service, p.plan, p.item, lower(p.in_force)::text as "from", upper(p.in_force)::text as until,
      p.amount, p.display, b.code as book
    from commerce.price p join commerce.price_book b on b.id = p.book_id
    where p.service || '/' || p.plan || '/' || p.item = any(${names}::text[])
    order by lower(p.in_force) nulls first`.execute(tx);
  return found.rows.map(({ amount, display, book, ...row }) => ({
    ...row,
    value: { amount: Number(amount), display: display === null ? null : Number(display), book },
  }));
}

/** The same price from another book is the same price. */
const samePrice = (a: PriceValue, b: PriceValue): boolean => a.amount === b.amount && a.display === b.display;

function planRows(
  present: readonly StoredPrice[],
  rows: readonly FileRow[],
  book: string,
  billed: Day | null,
): { rows: PriceLoadRow[]; after: readonly StoredPrice[] } {
  const byItem = Map.groupBy(present, nameOf);
  const answer: PriceLoadRow[] = [];
  for (const row of rows.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.line - b.line))) {
    const { line, service, plan, item, amount, display, from, lastDay } = row;
    const segments = byItem.get(nameOf(row)) ?? [];
    const until = lastDay === null ? null : addDays(lastDay, 1);
    const value = amount === null ? null : { amount, display, book };
    const change: RangePlan<PriceValue, StoredPrice> = planEdit(segments, { from, until, value }, samePrice);
    const kept = new Set<Segment<PriceValue>>(segments);
    const placed = (segment: Segment<PriceValue>): StoredPrice =>
      kept.has(segment) ? (segment as StoredPrice) : { ...segment, id: null, service, plan, item };
    byItem.set(nameOf(row), change.after.map(placed));
    answer.push({
      line,
      service,
      plan,
      item,
      from,
      until: change.until,
      effect: change.effect,
      oldAmount: change.before?.amount ?? null,
      newAmount: amount,
      reachesBilled: change.effect !== "same" && isBilled(from, billed),
    });
  }
  return { rows: answer.toSorted((a, b) => a.line - b.line), after: [...byItem.values()].flat() };
}

function countEffects(rows: readonly Pick<PriceLoadRow, "effect">[]) {
  const counts = { new: 0, changed: 0, ended: 0, same: 0 };
  for (const { effect } of rows) counts[effect]++;
  return counts;
}

/** Takes away what stands no longer as it was, then writes what is new: three statements, however long the book. */
async function writeBook(
  work: TermsWork,
  { book, source, append = false }: LoadOptions,
  present: readonly StoredPrice[],
  after: readonly StoredPrice[],
): Promise<void> {
  const { tx, now, actor } = work;
  const made = await sql<{ id: Uuid }>`insert into commerce.price_book (id, code, source, loaded_by, loaded_at)
    values (${newId()}, ${book}, ${source}, ${actorName({ actor })}, ${now}) on conflict (code) do nothing returning id`.execute(
    tx,
  );
  if (made.rows.length === 0 && !append) throw raise("PRICE_BOOK_TAKEN", { book });
  const stays = new Set(after.map(({ id }) => id));
  const gone = present.map(({ id }) => id).filter((id) => !stays.has(id));
  await sql`delete from commerce.price where id = any(${gone}::uuid[])`.execute(tx);
  const fresh = after
    .filter(({ id }) => id === null)
    .map(({ service, plan, item, from, until, value }) => ({
      id: newId(),
      service,
      plan,
      item,
      from,
      until,
      ...value,
    }));
  await sql`insert into commerce.price (id, book_id, service, plan, item, amount, display, in_force)
    select r.id, b.id, r.service, r.plan, r.item, r.amount, r.display, daterange(r."from", r.until)
    from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as r(id uuid, service text, plan text, item text, amount bigint,
      display bigint, book text, "from" date, until date)
    join commerce.price_book b on b.code = r.book`.execute(tx);
}

async function keepHistories(
  work: TermsWork,
  rows: readonly PriceLoadRow[],
  reason: string | undefined,
): Promise<void> {
  const { tx, now, actor } = work;
  const list = rows
    .filter(({ effect }) => effect !== "same")
    .map((row) => ({
      id: newId(),
      key: nameOf(row),
      effect: row.effect,
      from: row.from,
      before: row.oldAmount,
      after: row.newAmount,
    }));
  await sql`insert into commerce.dated_change (id, at, by, kind, key, effect, from_day, before, after, reason)
    select r.id, ${now}::timestamptz, ${actorName({ actor })}, 'price', r.key, r.effect, r."from", coalesce(r.before, 'null'),
      coalesce(r.after, 'null'), ${reason ?? null}
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as r(id uuid, key text, effect text, "from" date, before jsonb,
      after jsonb)`.execute(tx);
}
