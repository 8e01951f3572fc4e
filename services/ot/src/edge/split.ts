/** Cuts an interval into bodies that the wire takes, and that a line of 64 kbit/s carries within a request's time. */
import { MAX_ROWS, MAX_TEXTS, tableNames } from "../wire/metadata.ts";
import type { Interval } from "../decode/engine.ts";
import { rebuild, rowCount } from "./rebuild.ts";

/** Bytes of a body as JSON; compressed it is a quarter and less. */
export const BODY_BYTES = 1024 * 1024;

/** One body or several, which together say the same; counters of captures are in the first. */
export function split(interval: Interval, limit = BODY_BYTES): Interval[] {
  const fits =
    interval.texts.length <= MAX_TEXTS &&
    tableNames.every((table) => rowCount(interval, table) <= MAX_ROWS) &&
    Buffer.byteLength(JSON.stringify(interval)) <= limit;
  const halves = fits ? null : halve(interval);
  return halves === null ? [interval] : halves.flatMap((half) => split(half, limit));
}

/** Two halves of the rows; null when there is at most one row to give away. */
function halve(interval: Interval): [Interval, Interval] | null {
  const others = tableNames.filter((table) => table !== "endpoints" && table !== "captures");
  const count = others.reduce((sum, table) => sum + rowCount(interval, table), 0);
  if (count < 2) return null;
  const middle = count >> 1;
  const before = new Map<string, number>();
  others.reduce((sum, table) => {
    before.set(table, sum);
    return sum + rowCount(interval, table);
  }, 0);
  const first = (table: string, row: number): boolean =>
    table === "captures" || (before.get(table) ?? 0) + row < middle;
  return [rebuild(interval, first), rebuild(interval, (table, row) => !first(table, row))];
}
