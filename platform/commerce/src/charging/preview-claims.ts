/**
 * Claims of a file that names none: what its invoices ask for, by due date, so that payments in the file settle them and late
 * interest follows. A document's tax is computed once and shared out by amount, so that the parts add up to its total.
 */
import type { Day } from "@yagura/core/calendar.ts";
import { rational, times, toYen } from "@yagura/core/yen.ts";
import { dueOn } from "./due.ts";
import type { ClaimFacts } from "./facts.ts";
import type { ChargeLine, DocumentTotals } from "./lines.ts";
import { totals } from "./totals.ts";
import type { Tables } from "./tables.ts";

/** Claims of one document, oldest due date first; lines for which no due date is set make none. */
export function claimsOf(tables: Tables, lines: readonly ChargeLine[], sums: DocumentTotals): ClaimFacts[] {
  const byDue = new Map<Day, ChargeLine[]>();
  for (const line of lines) {
    const due = dueOn(tables, line.service, line.billMonth, line);
    if (due === null) return [];
    const rest = byDue.get(due);
    if (rest === undefined) byDue.set(due, [line]);
    else rest.push(line);
  }
  const parts = [...byDue.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const amounts = shares(
    tables,
    parts.map(([, of]) => of),
    sums,
  );
  return parts.flatMap(([on, of], at) => {
    const [first] = of;
    const amount = amounts[at] ?? 0;
    if (first === undefined || amount <= 0) return [];
    const claim = `${first.billMonth} ${[...new Set(of.map(({ contract }) => contract))].join(" ")} ${on}`;
    return [{ claim: claim.slice(0, 200), service: first.service, plan: first.plan, amount, dueOn: on }];
  });
}

/** Net and share of the tax of each part. */
function shares(tables: Tables, parts: readonly ChargeLine[][], sums: DocumentTotals): number[] {
  const own = parts.map((lines) => totals(tables, lines));
  const amounts = own.map(({ net }) => net);
  for (const { class: taxClass, rate, base, tax } of sums.subtotals) {
    let [reached, given] = [0, 0];
    for (const [at, part] of own.entries()) {
      reached += part.subtotals.find((one) => one.class === taxClass && one.rate === rate)?.base ?? 0;
      const upTo =
        reached === base
          ? tax
          : base === 0
            ? 0
            : toYen(times(rational(tax * Math.sign(base)), rational(reached, Math.abs(base))));
      amounts[at] = (amounts[at] ?? 0) + upTo - given;
      given = upTo;
    }
  }
  return amounts;
}
