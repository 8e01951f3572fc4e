/** The API of prices: books, the timeline of each price, loading with a dry run, export. */
import { sql } from "kysely";
import { Type } from "typebox";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { CivilDate, closed, page } from "@yagura/server/shapes.ts";
import type { Offer } from "../../charging/offer.ts";
import { untilOf } from "../dated.ts";
import { raise } from "../errors.ts";
import { loadTables } from "../load.ts";
import { holds } from "../ranges.ts";
import {
  PriceBookItem,
  PriceFormat,
  PriceItem,
  PriceLoadQuery,
  PriceLoadResult,
  PriceQuery,
  SetPrice,
} from "../shapes.ts";
import { wholeList } from "../../paging.ts";
import { exportBook } from "./export-book.ts";
import { knownItems } from "./known-items.ts";
import { loadBook } from "./load-book.ts";
import { readPriceFile } from "./read-file.ts";

/** Largest file of a price book. */
export const PRICE_FILE_BYTES = 1_048_576;
/** The book of prices that were set one by one. */
const SINGLE_BOOK = "office";

const listBooks = route({
  method: "GET",
  path: "/api/v1/provider/price-books",
  tag: "prices",
  summary: "Price books that were loaded, newest first, with how many prices each still has in its name",
  access: { kind: "provider", scope: "contract.read" },
  response: page(PriceBookItem),
  handler: async ({ tx }) => {
    const { rows } = await sql<{
      id: string;
      code: string;
      source: string;
      loadedBy: string;
      loadedAt: Date;
      prices: number;
    }>`select b.id, b.code, b.source, b.loaded_by as "loadedBy", b.loaded_at as "loadedAt",
        (select count(*)::int from commerce.price p where p.book_id = b.id) as prices
      from commerce.price_book b order by b.loaded_at desc, b.id desc limit 1000`.execute(tx);
    return wholeList(rows.map((row) => ({ ...row, loadedAt: row.loadedAt.toISOString() })));
  },
});

const listPrices = (offers: readonly Offer[]): Route =>
  route({
    method: "GET",
    path: "/api/v1/provider/prices",
    tag: "prices",
    summary: "Prices with their days: all that ever were and are planned, or those of one day",
    access: { kind: "provider", scope: "contract.read" },
    query: PriceQuery,
    response: page(PriceItem),
    handler: async ({ tx, query }) => {
      const { service, plan, item, on } = query;
      const known = knownItems(await loadTables(tx), offers);
      const { rows } = await sql<{
        id: string;
        service: string;
        plan: string;
        item: string;
        amount: string;
        display: string | null;
        from: Day | null;
        until: Day | null;
        book: string;
      }>`select p.id, p.service, p.plan, p.item, p.amount, p.display, lower(p.in_force)::text as "from",
          upper(p.in_force)::text as until, b.code as book
        from commerce.price p join commerce.price_book b on b.id = p.book_id
        where (${service ?? null}::text is null or p.service = ${service ?? null})
          and (${plan ?? null}::text is null or p.plan = ${plan ?? null})
          and (${item ?? null}::text is null or p.item = ${item ?? null})
        order by p.service, p.plan, p.item, lower(p.in_force) nulls first limit 10000`.execute(tx);
      const items = rows
        .filter((row) => on === undefined || holds(row, on))
        .map((row) => {
          const names = known.get(row.service)?.get(row.plan);
          return {
            ...row,
            amount: Number(row.amount),
            display: row.display === null ? null : Number(row.display),
            planName: names?.name ?? null,
            itemName: names?.items.get(row.item) ?? null,
          };
        });
      return wholeList(items);
    },
  });

const loadPrices = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: "/api/v1/provider/price-books",
    tag: "prices",
    summary: "Load a price book from a CSV or YAML file: all rows or none; a dry run says what changes from when",
    access: { kind: "provider", scope: "terms.write" },
    query: PriceLoadQuery,
    body: Type.String({ format: "binary", description: "the file, up to 1 MB" }),
    rawBody: true,
    bodyLimit: PRICE_FILE_BYTES,
    response: PriceLoadResult,
    handler: async ({ tx, now, actor, audit, query, body }) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const file = readPriceFile(bytes, query.format);
      const book = query.book ?? file.book;
      if (book === null) throw raise("PRICE_BOOK_NAMELESS");
      return loadBook({ tx, now, actor, audit }, offers, file, {
        book,
        source: file.source ?? book,
        dryRun: query.dryRun ?? false,
        confirmPast: query.confirmPast ?? false,
        reason: query.reason,
      });
    },
  });

const setPrice = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: "/api/v1/provider/prices",
    tag: "prices",
    summary: "Set one price from a day, or end it (amount null)",
    access: { kind: "provider", scope: "terms.write" },
    body: SetPrice,
    response: PriceLoadResult,
    handler: async ({ tx, now, actor, audit, body }) => {
      const { service, plan, item, amount, from, lastDay } = body;
      untilOf(from, lastDay);
      const row = {
        line: 1,
        service,
        plan,
        item,
        amount,
        display: body.display ?? null,
        from,
        lastDay: lastDay ?? null,
      };
      return loadBook(
        { tx, now, actor, audit },
        offers,
        { book: null, source: null, rows: [row], refused: [] },
        {
          book: body.book ?? SINGLE_BOOK,
          source: "set one by one",
          dryRun: body.dryRun ?? false,
          confirmPast: body.confirmPast ?? false,
          reason: body.reason,
          append: true,
        },
      );
    },
  });

const ExportQuery = Type.Object(
  {
    on: Type.Optional(CivilDate),
    format: Type.Optional(PriceFormat),
    service: Type.Optional(Type.String({ maxLength: 20 })),
  },
  closed,
);
const exportPrices = route({
  method: "GET",
  path: "/api/v1/provider/price-books/export",
  tag: "prices",
  summary: "The prices in force and planned, or those of one day, in the form in which they are loaded",
  access: { kind: "provider", scope: "contract.read" },
  query: ExportQuery,
  raw: "application/octet-stream",
  handler: async ({ tx, now, query, reply }) => {
    const format = query.format ?? "csv";
    const { prices } = await loadTables(tx);
    const chosen = prices.filter(({ service }) => query.service === undefined || service === query.service);
    void reply
      .type(format === "csv" ? "text/csv; charset=utf-8" : "application/yaml")
      .header("content-disposition", `attachment; filename="prices-${query.on ?? dayOf(now)}.${format}"`);
    return exportBook(chosen, query.on ?? null, dayOf(now), format);
  },
});

export const priceRoutes = (offers: readonly Offer[]): readonly Route[] => [
  listBooks,
  exportPrices,
  loadPrices(offers),
  listPrices(offers),
  setPrice(offers),
];
