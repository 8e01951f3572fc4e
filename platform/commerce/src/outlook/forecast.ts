/** What a contract will cost, month by month, by the function that bills (COM-19): its own facts and the start that is planned. */
import { dayOf, monthOf, nextMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ContractFacts, Fact } from "../charging/facts.ts";
import { simulate, type Simulation } from "../charging/simulate.ts";
import type { Tables } from "../charging/tables.ts";
import { factsOf } from "../contracts/fact-door.ts";
import { termsOn } from "../contracts/offers.ts";
import { isOver, type ContractRow } from "../contracts/contract-row.ts";
import { loadTables } from "../terms/load.ts";
import type { Forecast, ForecastMonth } from "./shapes.ts";

export interface Outlook {
  readonly facts: ContractFacts;
  readonly simulation: Simulation | null;
  readonly from: YearMonth;
}

/** Bills of so many months from the present one; null simulation for a contract that is never charged. */
export async function forecastOf(tx: Tx, contract: ContractRow, now: Date, months: number): Promise<Outlook> {
  const [facts] = await factsOf(tx, contract.id);
  if (facts === undefined) throw new Error("the contract was read and is gone");
  const from = monthOf(dayOf(now));
  if (!contract.charged) return { facts, simulation: null, from };
  const tables = await loadTables(tx);
  const planned = plannedFacts(tables, contract, facts, dayOf(now));
  return { facts, simulation: simulate(tables, facts, planned, { from, to: nextMonth(from, months - 1) }), from };
}

/** The start that is set for a day to come; and where charges wait for the acceptance of work, that it comes with the start or today. */
function plannedFacts(tables: Tables, contract: ContractRow, facts: ContractFacts, today: Day): Fact[] {
  const has = (kind: Fact["kind"]): boolean => facts.facts.some((fact) => fact.kind === kind);
  const begins = contract.serviceStartedOn ?? contract.startedOn;
  if (isOver(contract)) return [];
  if (begins === null || (contract.endedOn !== null && contract.endedOn < begins)) return [];
  const planned: Fact[] = has("started") || has("opening") ? [] : [{ kind: "started", on: begins }];
  const terms = termsOn(tables, contract.service, contract.plan, begins)?.plan;
  const waits = Object.values(terms?.items ?? {}).some(
    ({ recurring }) => recurring?.startMonth === "NEXT_MONTH_AFTER_ACCEPTANCE",
  );
  if (waits && !has("inspected")) planned.push({ kind: "inspected", on: begins > today ? begins : today });
  return planned;
}

/** Every month of the range, also those without a line. */
export function monthsOf({ simulation, from }: Outlook, months: number): ForecastMonth[] {
  if (simulation === null) return [];
  const known = new Map(simulation.months.map((month) => [month.month, month]));
  return Array.from({ length: months }, (_, index) => {
    const month = nextMonth(from, index);
    const found = known.get(month);
    return found === undefined
      ? { month, lines: [], totals: nothing }
      : { month, lines: [...found.lines], totals: found.totals };
  });
}
const nothing: ForecastMonth["totals"] = { subtotals: [], net: 0, tax: 0, total: 0 };

export const shownForecast = (outlook: Outlook, months: number): Forecast => ({
  months: monthsOf(outlook, months),
  derived: [...(outlook.simulation?.derived ?? [])],
});
