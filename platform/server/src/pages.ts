/** Pages of lists: a cursor is where the last page ended, so that rows added meanwhile move nothing. */
import { Type } from "typebox";
import { raise } from "./errors.ts";

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
};
export const DEFAULT_LIMIT = 100;

/** Where a page ended, as text for an address. */
export const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** The parts of a cursor, or null for the first page. Throws INVALID_INPUT for a text that is no cursor of this list. */
export function decodeCursor(cursor: string | undefined, length: number): string[] | null {
  if (cursor === undefined || cursor === "") return null;
  try {
    const parts = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown;
    if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === "string"))
      return parts;
  } catch {
    // Falls through: not JSON is not a cursor either.
  }
  throw raise(
    "INVALID_INPUT",
    {},
    { fields: [{ pointer: "/query/cursor", message: "Is not a cursor of this list." }] },
  );
}

/** Cuts one row too many off: it only told that there is a further page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  total: number,
  item: (row: Row) => Item,
  cursor: (row: Row) => readonly string[],
): { items: Item[]; next: string | null; total: number } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next: rows.length > limit && last !== undefined ? encodeCursor(cursor(last)) : null,
    total,
  };
}
