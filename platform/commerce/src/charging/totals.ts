/**
 * Tax of a document: once per rate, floor(sum of the lines × rate) (COM-08). Lines never carry a tax of their own; the prices
 * with tax that price tables print are display only, and a difference of a yen to them is expected.
 */
import { grouped, rate, rational, times, toYen } from "@yagura/core/yen.ts";
import { index } from "./index.ts";
import { FactsInvalid } from "./issues.ts";
import type { ChargeLine, DocumentTotals, TaxSubtotal } from "./lines.ts";
import type { Tables, TaxClass } from "./tables.ts";

/** What a line must tell for its tax. */
export type Taxed = Pick<ChargeLine, "amount" | "taxClass" | "supplyOn">;

/**
 * Subtotal, tax and formula per rate, in the order taxable (highest rate first), exempt, out of scope. A document that is less
 * than nothing (a credit note) is cut toward zero too. FactsInvalid when no rate is in force on a day of supply.
 */
export function totals(tables: Tables, lines: readonly Taxed[]): DocumentTotals {
  const bases = new Map<string, { class: TaxClass; rate: string | null; base: number }>();
  for (const line of lines) {
    const text = rateOf(tables, line);
    const key = `${line.taxClass}|${text ?? ""}`;
    const sum = bases.get(key);
    if (sum === undefined) bases.set(key, { class: line.taxClass, rate: text, base: line.amount });
    else sum.base += line.amount;
  }
  const subtotals = [...bases.values()].map(told).map(subtotal).toSorted(order);
  const net = subtotals.reduce((sum, { base }) => sum + base, 0);
  const tax = subtotals.reduce((sum, one) => sum + one.tax, 0);
  return { subtotals, net, tax, total: net + tax };
}

function rateOf(tables: Tables, { taxClass, supplyOn }: Taxed): string | null {
  if (taxClass !== "taxable") return null;
  const found = index(tables).taxRate(taxClass, supplyOn);
  if (found !== undefined) return found;
  throw new FactsInvalid("tax", [
    {
      pointer: "/tables/taxRates",
      text: {
        en: `No consumption tax rate is in force on ${supplyOn}. Enter the rate of that day.`,
        ja: `${supplyOn} に有効な消費税率がありません。その日の税率を登録してください。`,
      },
    },
  ]);
}

/** The sum as it is. FactsInvalid when it cannot be told to the yen; a thousandth of the limit leaves room for tax and total. */
function told<T extends { readonly base: number }>(sum: T): T {
  if (Math.abs(sum.base) <= Number.MAX_SAFE_INTEGER / 1000) return sum;
  throw new FactsInvalid("total", [
    {
      pointer: "/contracts",
      text: {
        en: "The lines of one document add up to more than can be computed to the yen. Check prices and quantities.",
        ja: "1通の請求書の明細の合計が、1円単位で計算できる上限を超えています。価格と数量を確かめてください。",
      },
    },
  ]);
}

function subtotal(sum: { class: TaxClass; rate: string | null; base: number }): TaxSubtotal {
  if (sum.rate === null) return { ...sum, tax: 0, formula: sum.class === "exempt" ? "exempt" : "out of scope" };
  const tax = toYen(times(rational(sum.base), rate(sum.rate)));
  return { ...sum, tax, formula: `floor(${grouped(sum.base)} × ${sum.rate}) = ${grouped(tax)}` };
}

const rank = (one: TaxSubtotal): number => ["taxable", "exempt", "out-of-scope"].indexOf(one.class);
const order = (a: TaxSubtotal, b: TaxSubtotal): number =>
  rank(a) - rank(b) || Number.parseFloat(b.rate ?? "0") - Number.parseFloat(a.rate ?? "0");
