/**
 * Which lines stand on one document (COM-28), its tax once per rate (COM-08), and what of it is due when. Pure: the next bill
 * that a customer sees and the document that is issued come from here alike.
 */
import { type Day, type DayRange, type YearMonth } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { rational, times, toYen } from "@yagura/core/yen.ts";
import { dueOn } from "../charging/due.ts";
import { index } from "../charging/index.ts";
import type { ChargeLine, DocumentTotals } from "../charging/lines.ts";
import type { Tables } from "../charging/tables.ts";
import { totals } from "../charging/totals.ts";
import type { Bill } from "./compute.ts";
import { raise } from "./errors.ts";
import type { DocumentContent } from "./shapes.ts";

export type Unit = "contract" | "organisation-month" | "claim" | "consolidated";
/** How a customer wants it; `service`: as the terms of each service say. */
export type UnitChoice = "service" | "contract" | "consolidated";

export interface CustomerLine {
  /** Null: a line of the customer, not of a contract. */
  readonly contract: Uuid | null;
  readonly line: ChargeLine;
  /** Late interest of a claim; `alone`: false where it waits for another charge (UTM-43). */
  readonly interest?: { readonly claim: Uuid; readonly alone: boolean };
}

export interface DraftLine extends CustomerLine {
  /** Tax rate of its day of supply, e.g. `10%`; null where there is no tax. */
  readonly rate: string | null;
}

/** What is owed by a day, for one plan: a claim (COM-12). */
export interface Due {
  readonly service: string;
  readonly plan: string;
  /** Null: it stands for several contracts. */
  readonly contract: Uuid | null;
  readonly on: Day;
  /** With tax; above zero. */
  readonly amount: number;
  readonly bearsInterest: boolean;
}

export interface Draft {
  readonly organisation: OrganisationId;
  readonly unit: Unit;
  readonly lines: readonly DraftLine[];
  readonly totals: DocumentTotals;
  readonly dues: readonly Due[];
  readonly supply: DayRange;
  /** Absent: the registered customer. */
  readonly recipient?: Recipient | undefined;
}

export const unitOf = (choice: UnitChoice, ofService: Unit): Unit => (choice === "service" ? ofService : choice);

/** Whether documents of the unit hold several contracts, which are then billed in one transaction. */
export const isShared = (unit: Unit): boolean => unit === "organisation-month" || unit === "consolidated";

/** Somebody else than the registered customer holds a contract and is billed for it (COM-23, COM-24). */
export type Recipient = DocumentContent["recipient"];
export type RecipientOf = (contract: Uuid) => Recipient | undefined;

/** Name of the document that a contract's lines stand on, before due dates are looked at: one recipient for each. */
export function documentKey(
  unit: Unit,
  { id, service }: { readonly id: Uuid; readonly service: string },
  recipientOf: RecipientOf,
): string {
  if (unit === "contract" || unit === "claim") return `contract ${id}`;
  const recipient = recipientOf(id);
  const of = recipient === undefined ? "" : ` ${JSON.stringify(recipient)}`;
  return unit === "consolidated" ? `all${of}` : `service ${service}${of}`;
}

/** A line with the day on which it is due. */
export interface Dated extends CustomerLine {
  readonly due: Day;
}
export interface DatedBill extends Bill {
  readonly dated: readonly Dated[];
}

/** BILLING_DUE_MISSING when the provider has not said when the service's bills are due. */
export const datedBill = (tables: Tables, bill: Bill, month: YearMonth): DatedBill => ({
  ...bill,
  dated: bill.lines.map((line) => ({ contract: bill.contract.id, line, due: dueOf(tables, line, month) })),
});

/** The documents of one customer's bills, in the order of contracts; `more`: lines of the customer, not of a contract. */
export function draftsOf(
  tables: Tables,
  organisation: OrganisationId,
  bills: readonly DatedBill[],
  month: YearMonth,
  unitFor: (service: string) => Unit,
  more: readonly CustomerLine[] = [],
  recipientOf: RecipientOf = () => undefined,
): Draft[] {
  const groups = new Map<string, { unit: Unit; lines: Dated[] }>();
  const put = (key: string, unit: Unit, line: Dated): void => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { unit, lines: [line] });
    else group.lines.push(line);
  };
  for (const { contract, dated } of bills) {
    const unit = unitFor(contract.service);
    const key = documentKey(unit, contract, recipientOf);
    for (const line of dated) put(unit === "claim" ? `${key} ${line.due}` : key, unit, line);
  }
  for (const one of more) {
    const dated = { ...one, due: dueOf(tables, one.line, month) };
    const group = documentFor([...groups.values()], dated);
    if (group === undefined) put("customer", "organisation-month", dated);
    else group.lines.push(dated);
  }
  return [...groups.values()].map(({ unit, lines }) => {
    const [holder] = lines.flatMap(({ contract }) => (contract === null ? [] : [recipientOf(contract)]));
    return { ...draftOf(tables, organisation, unit, lines), recipient: holder };
  });
}

/** A line of the customer stands beside the same contract's lines, else the same service's, else anywhere. */
const documentFor = <T extends { readonly lines: readonly Dated[] }>(
  groups: readonly T[],
  { contract, line }: Dated,
): T | undefined =>
  groups.find(({ lines }) => contract !== null && lines.some((one) => one.contract === contract)) ??
  groups.find(({ lines }) => lines.some((one) => one.line.service === line.service)) ??
  groups[0];

/** One document of lines that stand together. FactsInvalid when no tax rate is in force on a day of supply. */
export function draftOf(tables: Tables, organisation: OrganisationId, unit: Unit, lines: readonly Dated[]): Draft {
  const sums = totals(
    tables,
    lines.map(({ line }) => line),
  );
  let [from, to] = ["9999-12-31", "0000-01-01"];
  for (const { line } of lines) {
    if (line.period.from < from) from = line.period.from;
    if (line.period.to > to) to = line.period.to;
  }
  return {
    organisation,
    unit,
    lines: lines.map(({ due: _due, ...one }) => ({ ...one, rate: rateOf(tables, one.line) })),
    totals: sums,
    dues: duesOf(tables, lines, sums),
    supply: { from, to },
  };
}

const rateOf = (tables: Tables, { taxClass, supplyOn }: ChargeLine): string | null =>
  taxClass === "taxable" ? (index(tables).taxRate(taxClass, supplyOn) ?? null) : null;

/** An adjustment is due with the bill that it stands on, whatever was due when. */
function dueOf(tables: Tables, line: ChargeLine, month: YearMonth): Day {
  const due = dueOn(tables, line.service, month, line.kind === "adjustment" ? undefined : line);
  if (due === null) throw raise("BILLING_DUE_MISSING", { service: line.service, day: month });
  return due;
}

interface Share {
  readonly due: Omit<Due, "amount">;
  readonly lines: ChargeLine[];
  amount: number;
}

/**
 * What of the total is due when, for which plan. Tax is computed once for the document and shared out by amount, so that the
 * parts add up to the total exactly; a part below zero is taken off the others, the earliest first.
 */
export function duesOf(tables: Tables, lines: readonly Dated[], sums: DocumentTotals): Due[] {
  const shares = new Map<string, Share>();
  for (const { contract, line, due } of lines) {
    const bearsInterest = line.kind !== "late-interest";
    const key = `${due} ${line.service} ${line.plan} ${bearsInterest}`;
    const share = shares.get(key);
    if (share === undefined) {
      const { service, plan } = line;
      shares.set(key, { due: { service, plan, contract, on: due, bearsInterest }, lines: [line], amount: 0 });
      continue;
    }
    share.lines.push(line);
    if (share.due.contract !== contract) shares.set(key, { ...share, due: { ...share.due, contract: null } });
  }
  const parts = [...shares.values()].toSorted((a, b) => (a.due.on < b.due.on ? -1 : a.due.on > b.due.on ? 1 : 0));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return sums.total > 0 ? [{ ...only.due, amount: sums.total }] : [];
  shareOut(tables, parts, sums);
  offset(parts);
  return parts.filter(({ amount }) => amount > 0).map(({ due, amount }) => ({ ...due, amount }));
}

function shareOut(tables: Tables, parts: readonly Share[], sums: DocumentTotals): void {
  const own = parts.map(({ lines }) => totals(tables, lines));
  for (const [at, part] of parts.entries()) part.amount = own[at]?.net ?? 0;
  for (const { class: taxClass, rate, base, tax } of sums.subtotals) {
    let [reached, given] = [0, 0];
    for (const [at, part] of parts.entries()) {
      const mine = own[at]?.subtotals.find((one) => one.class === taxClass && one.rate === rate)?.base ?? 0;
      reached += mine;
      const upTo =
        base === 0
          ? 0
          : reached === base
            ? tax
            : toYen(times(rational(tax), rational(reached * Math.sign(base), Math.abs(base))));
      part.amount += upTo - given;
      given = upTo;
    }
  }
}

function offset(parts: readonly Share[]): void {
  let excess = 0;
  for (const part of parts) {
    if (part.amount < 0) {
      excess -= part.amount;
      part.amount = 0;
    }
  }
  for (const part of parts) {
    const taken = Math.min(excess, part.amount);
    part.amount -= taken;
    excess -= taken;
  }
}

/** Setting `zero-bills` of the provider: `issue` (also when absent) or `skip` documents that amount to nothing. */
export const isWanted = (tables: Tables, { totals: { total }, lines }: Draft, month: YearMonth): boolean =>
  lines.length > 0 && (total !== 0 || index(tables).setting("*", "zero-bills", `${month}-01`) !== "skip");

/** UTM-43: late interest alone waits for another charge, where the terms of its plan say so. */
export const waits = ({ lines }: Draft): boolean => lines.every(({ interest }) => interest?.alone === false);
