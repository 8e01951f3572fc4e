/** When a contract can end and what that costs: one computation for the simulator, the request and its confirmation (COM-19). */
import { addDays, addMonths, dayOf, lastOfMonth, monthOf, nextMonth, type Day } from "@yagura/core/calendar.ts";
import { addBusinessDays } from "../charging/business-days.ts";
import { Contract } from "../charging/contract.ts";
import { earliestEnd, isInTime } from "../charging/end.ts";
import type { ContractFacts, Fact, FactOf } from "../charging/facts.ts";
import type { ChargeLine } from "../charging/lines.ts";
import { simulate, simulateCancellation, type Simulation } from "../charging/simulate.ts";
import type { CancellationTerms, PlanTerms, Tables } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import type { CancellationAnswer } from "../outlook/shapes.ts";
import { factsOf } from "./fact-door.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";

/** Months of bills that a simulation shows at most. */
const MOST_MONTHS = 36;
/** Where the terms say nothing of a plan (it is not offered any more, or never was): no notice, no sum. */
const silent: CancellationTerms = {
  rule: "COM-17",
  notice: { count: 0, unit: "none" },
  channels: ["letter", "mail", "web", "form"],
  endsWithMonth: false,
};

/** A contract with the terms of its cancellation, read once. */
export interface Ending {
  readonly tables: Tables;
  readonly facts: ContractFacts;
  readonly contract: ContractRow;
  /** The terms by the version in force on a day (COM-02: C decides), with special agreements. */
  readonly termsOn: (day: Day) => CancellationTerms;
  readonly planOn: (day: Day) => PlanTerms | null;
  readonly engine: Contract;
}

export async function readEnding({ tx }: Pick<ContractWork, "tx">, contract: ContractRow): Promise<Ending> {
  const tables = await loadTables(tx);
  const [facts] = await factsOf(tx, contract.id);
  if (facts === undefined) throw new Error("the contract was read and is gone");
  const engine = new Contract(tables, withoutEnd(facts), "2999-12-31");
  const planOn = (day: Day): PlanTerms | null => engine.knownTermsOn(day)?.plan ?? null;
  return { tables, facts, contract, engine, planOn, termsOn: (day) => planOn(day)?.cancellation ?? silent };
}

const endKinds: ReadonlySet<Fact["kind"]> = new Set(["cancelled", "cancellation-requested"]);
const withoutEnd = (facts: ContractFacts): ContractFacts => ({
  ...facts,
  facts: facts.facts.filter(({ kind }) => !endKinds.has(kind)),
});

/** Last day in force of a contract with the cancellation date C, by the plan's own rule of the last charged day. */
export function lastDayOf({ planOn, contract }: Pick<Ending, "planOn" | "contract">, cancelledOn: Day): Day {
  const plan = planOn(cancelledOn);
  if (plan === null) return cancelledOn;
  if (plan.cancellation.endsWithMonth) return lastOfMonth(cancelledOn);
  const main = Object.values(plan.items).find(
    ({ kind, recurring }) => recurring !== undefined && (kind === "base" || kind === "pack"),
  );
  if (main?.recurring?.endDay !== "excluded") return cancelledOn;
  const before = addDays(cancelledOn, -1);
  // Started and cancelled on one day: that day is in (UTM-33). Cancelled before the planned start: it never begins.
  return contract.startedOn === cancelledOn ? cancelledOn : before;
}

/** First day that can be asked for on a day so that the notice is in time. */
export function earliestFor({ tables, contract, engine, termsOn }: Ending, told: Day): Day {
  const from = contract.startedOn !== null && contract.startedOn > told ? contract.startedOn : told;
  const terms = termsOn(from);
  const { count, unit } = terms.notice;
  if (unit === "none" || count === 0) return from;
  let day =
    unit === "month"
      ? addDays(addMonths(told, count), -3)
      : addBusinessDays(tables, contract.service, terms.activity ?? "", told, count);
  while (!isInTime(engine, terms, day, told)) day = addDays(day, 1);
  return day < from ? from : day;
}

export interface EndRequest {
  readonly desiredOn: Day;
  readonly receivedOn: Day;
  readonly checkedOn?: Day | undefined;
  readonly by: FactOf<"cancelled">["by"];
}

/** C of a request (UTM-27), as far as it is known. */
export function cancellationDate(ending: Ending, { desiredOn, receivedOn, checkedOn, by }: EndRequest): Day {
  const terms = ending.termsOn(desiredOn);
  if (by !== "customer") return desiredOn;
  const request: FactOf<"cancellation-requested"> = {
    kind: "cancellation-requested",
    on: receivedOn,
    desiredOn,
    ...(checkedOn === undefined ? {} : { checkedOn }),
    by: "customer",
  };
  return earliestEnd(ending.engine, terms, request);
}

/** Whether the contract is cancelled between its formation and its acceptance, so that the end waits for a payment (RNS-11). */
export const beforeAcceptance = ({ planOn, engine }: Ending, cancelledOn: Day): { readonly rule: string } | null => {
  const rule = planOn(cancelledOn)?.beforeAcceptance;
  const inspected = engine.inspectedOn;
  return rule !== undefined && (inspected === null || inspected > cancelledOn) ? rule : null;
};

export interface EndCost {
  /** Whole yen without tax. */
  readonly sum: number;
  readonly lines: readonly ChargeLine[];
}

/** What the end adds beside what is charged anyway: lumps and rests of ancillary services. */
export function costOf(ending: Ending, cancelledOn: Day, by: "customer" | "provider" = "customer"): EndCost {
  if (!ending.contract.charged || !mayCost(ending, cancelledOn)) return { sum: 0, lines: [] };
  const lines = simulateCancellation(ending.tables, ending.facts, cancelledOn, by).ending.lines.filter(
    ({ kind }) => kind === "early-termination",
  );
  return { sum: lines.reduce((sum, { amount }) => sum + amount, 0), lines };
}

/** No minimum term and no ancillary service: nothing to compute, also where a price is missing. */
const mayCost = ({ planOn, facts }: Ending, day: Day): boolean =>
  planOn(day)?.minimumTerm !== undefined || facts.facts.some(({ kind }) => kind === "ancillary-started");

/** The whole answer of the simulator for an end on a day. */
export function simulateEnd(ending: Ending, desiredOn: Day, now: Date): CancellationAnswer {
  const today = dayOf(now);
  const terms = ending.termsOn(desiredOn);
  const cancelledOn = cancellationDate(ending, { desiredOn, receivedOn: today, by: "customer" });
  const cost = costOf(ending, cancelledOn);
  const simulation = ending.contract.charged ? monthsUntil(ending, cancelledOn, today) : null;
  const waitsFor: CancellationAnswer["waitsFor"] = [];
  if (terms.movesAfterCheck !== undefined) waitsFor.push("check");
  if (beforeAcceptance(ending, cancelledOn) !== null) waitsFor.push("damage-payment");
  return {
    desiredOn,
    inTime: isInTime(ending.engine, terms, desiredOn, today),
    earliestOn: earliestFor(ending, today),
    cancelledOn,
    endedOn: lastDayOf(ending, cancelledOn),
    rule: terms.rule,
    sum: cost.sum,
    lines: [...cost.lines],
    months: (simulation?.months ?? []).map(({ month, lines, totals }) => ({ month, lines: [...lines], totals })),
    derived: [...(simulation?.derived ?? [])],
    waitsFor,
  };
}

/** Bills from this month on until what the end brings is billed. */
function monthsUntil({ tables, facts }: Ending, cancelledOn: Day, today: Day): Simulation {
  const first = cancelledOn < today ? monthOf(cancelledOn) : monthOf(today);
  const last = nextMonth(monthOf(cancelledOn), 2);
  const furthest = nextMonth(first, MOST_MONTHS - 1);
  return simulate(tables, withoutEnd(facts), [{ kind: "cancelled", on: cancelledOn, by: "customer" }], {
    from: first,
    to: last > furthest ? furthest : last,
  });
}
