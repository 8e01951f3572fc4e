/** The prices in force and planned, as a file that can be loaded again. */
import { stringify } from "csv-stringify/sync";
import { stringify as toYaml } from "yaml";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import type { Price } from "../../charging/tables.ts";
import { holds } from "../ranges.ts";
import type { PriceFormat } from "../shapes.ts";
import { columnNames } from "./row.ts";

/**
 * Prices of a day, or (without one) everything from the present on: what is in force and what is planned. A price in force since
 * ever is written as of `today`; a price in force is written from its own first day.
 */
export function exportBook(prices: readonly Price[], on: Day | null, today: Day, format: PriceFormat): string {
  const chosen = prices.filter((price) =>
    on === null ? price.until === null || price.until > today : holds(price, on),
  );
  const rows = chosen.map((price) => ({
    service: price.service,
    plan: price.plan,
    item: price.item,
    amount: price.amount,
    with_tax: price.display,
    from: price.from ?? on ?? today,
    last_day: price.until === null ? null : addDays(price.until, -1),
  }));
  if (format === "csv") return stringify(rows, { header: true, columns: [...columnNames], bom: true });
  return toYaml({
    prices: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
  });
}
