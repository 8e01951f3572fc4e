/** Due dates that something other than the line's own rule moves. */
import { lastOfMonth } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import { dueOn } from "./due.ts";
import type { ChargeLine } from "./lines.ts";

/** RNS-17: on the grounds of the terms every debt that exists by then falls due that day. Changes the lines in place. */
export function accelerate(contract: Contract, lines: ChargeLine[]): void {
  const fact = contract.first("accelerated");
  if (fact === undefined) return;
  for (const [at, line] of lines.entries()) {
    const due = dueOn(contract.tables, line.service, line.billMonth, line);
    const owed = line.period.from <= fact.on;
    if (owed && (due === null || due > fact.on)) lines[at] = { ...line, dueOn: fact.on };
  }
}

/** A-RNS-6: by the clause as written the tax rate of the day of payment holds (the due date is taken for it). */
export function taxByPayment(contract: Contract, lines: ChargeLine[]): void {
  for (const [at, line] of lines.entries()) {
    const set = contract.reading("A-RNS-6", line.supplyOn);
    if (set !== "payment") continue;
    const due = dueOn(contract.tables, line.service, line.billMonth, line) ?? lastOfMonth(`${line.billMonth}-01`);
    lines[at] = { ...line, supplyOn: due };
  }
}
