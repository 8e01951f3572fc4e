/**
 * Pages of lists: by id where a list stands in the order of its ids, so that rows added meanwhile move nothing; else by how many
 * rows were told.
 */
import { sql, type RawBuilder } from "kysely";
import type { Page } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";

/** A list that is told whole. */
export const wholeList = <Item>(items: Item[]): Page<Item> => ({ items, next: null, total: items.length });

/** Of rows read one beyond the limit. */
export function pageById<Row, Item extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  total: number,
  item: (row: Row) => Item,
): Page<Item> {
  const items = rows.slice(0, limit).map(item);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total };
}

export const pageByOffset = <Item>(items: Item[], offset: number, total: number): Page<Item> => ({
  items,
  next: offset + items.length < total ? String(offset + items.length) : null,
  total,
});

/** Zero for a text that is no cursor. */
export const offsetOf = (cursor: string | undefined): number =>
  cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : 0;

/** How many rows there are of a table with its condition. */
export const countRows = async (tx: Tx, rows: RawBuilder<unknown>): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from ${rows}`.execute(tx)).rows[0]?.n ?? 0;
