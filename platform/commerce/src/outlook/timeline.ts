/**
 * The time line of a contract: everything that ever happened to it, what will happen, and what it will cost. Read with a fixed
 * number of queries, whatever the number of bills: lines are added up by the database, bill by bill.
 */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, isDay, lastOfMonth, type Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { FactsInvalid } from "../charging/issues.ts";
import type { DerivedFact } from "../charging/lines.ts";
import type { Text } from "../charging/tables.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { eventsOf } from "../contracts/detail.ts";
import { storedFacts } from "../contracts/fact-door.ts";
import { tasksOf } from "../contracts/tasks.ts";
import { forecastOf, monthsOf, type Outlook } from "./forecast.ts";
import { eventNames, factNames, plannedNames } from "./texts.ts";
import type { ForecastMonth, Timeline, TimelineEntry } from "./shapes.ts";

/** Months of bills that are looked ahead. */
const MONTHS_AHEAD = 12;

type Draft = Pick<TimelineEntry, "on" | "kind" | "what" | "text"> & Partial<TimelineEntry>;

/** Null forecast: the contract is never charged, or something that it needs is not set. */
export async function timelineOf(
  tx: Tx,
  contract: ContractRow,
  now: Date,
  who: { readonly staff: boolean },
): Promise<Timeline> {
  const today = dayOf(now);
  const outlook = await outlookOf(tx, contract, now);
  const months = outlook === null ? [] : monthsOf(outlook, MONTHS_AHEAD);
  const drafts = [
    ...(await pastEvents(tx, contract)),
    ...(await datedFacts(tx, contract)),
    ...planned(contract),
    ...(outlook?.simulation?.derived ?? []).flatMap(derivedDay),
    ...(await openTasks(tx, contract, who.staff)),
    ...(await invoices(tx, contract)),
    ...months.filter(({ totals }) => totals.total !== 0).map(costOf),
  ];
  const entries = drafts.map((draft): TimelineEntry => whole(draft, today)).toSorted(byDay);
  return { entries, months };
}

async function outlookOf(tx: Tx, contract: ContractRow, now: Date): Promise<Outlook | null> {
  try {
    return await forecastOf(tx, contract, now, MONTHS_AHEAD);
  } catch (error) {
    if (error instanceof FactsInvalid) return null;
    throw error;
  }
}

const whole = (draft: Draft, today: Day): TimelineEntry => ({
  at: null,
  rule: null,
  actor: null,
  amount: null,
  id: null,
  payload: {},
  ...draft,
  when: draft.on > today || draft.kind === "cost" ? "future" : "past",
});

/** By day; of one day what was recorded first, then what only has a day. */
const byDay = (a: TimelineEntry, b: TimelineEntry): number =>
  a.on < b.on ? -1 : a.on > b.on ? 1 : (a.at ?? "9") < (b.at ?? "9") ? -1 : (a.at ?? "9") > (b.at ?? "9") ? 1 : 0;

async function pastEvents(tx: Tx, contract: ContractRow): Promise<Draft[]> {
  return (await eventsOf(tx, contract)).map(({ at, kind, actor, ground, reason, on, payload, from, to, evidence }) => ({
    on: dayOf(new Date(at)),
    at,
    kind: "event",
    what: kind,
    rule: ground,
    text: delegated(eventNames[kind] ?? { ja: kind, en: kind }, payload["delegate"]),
    actor,
    payload: { ...payload, holdsOn: on, reason, from, to, evidence },
  }));
}

/** RNS-08: who did the work is part of what happened. */
const delegated = (text: Text, delegate: unknown): Text =>
  typeof delegate === "string"
    ? { ja: `${text.ja}（作業: ${delegate}）`, en: `${text.en} (work by ${delegate})` }
    : text;

/** Standing facts on their own day, which may be another than the day of their recording. */
async function datedFacts(tx: Tx, contract: ContractRow): Promise<Draft[]> {
  return (await storedFacts(tx, contract)).flatMap(({ id, fact, recordedBy, recordedAt, voidedAt }): Draft[] => {
    const text = factNames[fact.kind];
    if (text === null || voidedAt !== null) return [];
    const { kind, on, ...payload } = fact;
    const amount = "amount" in fact ? fact.amount : "fee" in fact ? fact.fee : null;
    return [
      {
        on,
        at: null,
        kind: "fact",
        what: kind,
        text: delegated(text, "delegate" in fact ? fact.delegate : undefined),
        actor: recordedBy,
        amount,
        id,
        payload: { ...payload, recordedAt },
      },
    ];
  });
}

/** What the contract's own dates will bring. */
function planned(contract: ContractRow): Draft[] {
  const found: Draft[] = [];
  const add = (on: Day, what: keyof typeof plannedNames, payload: Record<string, unknown> = {}): void => {
    found.push({ on, kind: "event", what: `planned-${what}`, text: plannedNames[what], payload });
  };
  if (contract.state === "awaiting-start" && contract.startedOn !== null) add(contract.startedOn, "start");
  if (contract.plannedStop !== null) add(contract.plannedStop.on, "stop", { ...contract.plannedStop });
  if (contract.stopped !== null && contract.stoppedUntil !== null) add(addDays(contract.stoppedUntil, 1), "resume");
  if (contract.state === "ending" && contract.endedOn !== null)
    add(contract.endedOn, "end", { cancelledOn: contract.cancelledOn });
  return found;
}

/** Of what follows from the facts, that which is a day: end of the minimum term, last day to give notice. */
const derivedDay = ({ rule, what, value, sentence }: DerivedFact): Draft[] =>
  typeof value === "string" && isDay(value) ? [{ on: value, kind: "derived", what, rule, text: sentence }] : [];

async function openTasks(tx: Tx, contract: ContractRow, staff: boolean): Promise<Draft[]> {
  const tasks = await tasksOf(tx, {
    organisation: contract.organisation,
    contract: contract.id,
    audience: staff ? null : "customer",
    state: "open",
  });
  return tasks.map(({ id, kind, rule, title, dueOn, audience }) => ({
    on: dueOn,
    kind: "task",
    what: kind,
    rule,
    text: title,
    id,
    payload: { audience },
  }));
}

/** Bills that hold something of the contract, with its part of each (without tax). */
async function invoices(tx: Tx, contract: ContractRow): Promise<Draft[]> {
  const { rows } = await sql<{
    id: Uuid;
    number: string;
    kind: string;
    month: Day;
    on: Day;
    amount: string;
    total: string;
  }>`
    select i.id, i.number, i.kind, i.month::text as month, i.issued_on::text as on, p.amount, i.total
    from (select invoice_id, sum(amount) as amount from commerce.invoice_line where contract_id = ${contract.id}
        group by invoice_id) p
      join commerce.invoice i on i.id = p.invoice_id
    where i.organisation_id = ${contract.organisation}`.execute(tx);
  return rows.map(({ id, number, kind, month, on, amount, total }) => ({
    on,
    kind: "invoice",
    what: kind,
    text: withNumber(plannedNames.invoice, number),
    amount: Number(amount),
    id,
    payload: { number, month: month.slice(0, 7), total: Number(total) },
  }));
}
const withNumber = (text: Text, number: string): Text => ({
  ja: `${text.ja}（${number}）`,
  en: `${text.en} (${number})`,
});

const costOf = ({ month, totals, lines }: ForecastMonth): Draft => ({
  on: lastOfMonth(`${month}-01`),
  kind: "cost",
  what: "month",
  text: plannedNames.cost,
  amount: totals.total,
  payload: { month, net: totals.net, tax: totals.tax, lines: lines.length },
});
