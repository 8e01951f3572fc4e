/**
 * Answers a file of facts without a server: the same functions as the bill run, on the shipped tables and the file's own rows.
 */
import { lastOfMonth, monthOf, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import { chargeContract } from "./charge.ts";
import { dueOn } from "./due.ts";
import { index } from "./index.ts";
import { allocate, lateInterest, type Allocated } from "./interest.ts";
import { FactsInvalid, type Issue } from "./issues.ts";
import type { ChargeLine, DerivedFact, DocumentTotals, Interest } from "./lines.ts";
import { override } from "./override.ts";
import type { PreviewFile } from "./preview-file.ts";
import { readPreview } from "./preview-read.ts";
import { totals } from "./totals.ts";
import type { Tables } from "./tables.ts";

export type InvoiceUnit = "contract" | "organisation-month" | "claim";

/** One document: what stands on it, its tax once per rate, and when it is due. */
export interface PreviewInvoice {
  readonly month: YearMonth;
  readonly unit: InvoiceUnit | "consolidated";
  readonly contracts: readonly string[];
  /** Keys of the lines, each with its contract. */
  readonly lines: readonly { readonly contract: string; readonly key: string }[];
  readonly totals: DocumentTotals;
  /** Due dates that stand on it; empty while the provider has set none. */
  readonly due: readonly Day[];
}

export interface PreviewInterest extends Interest {
  /** COM-12: the claim is settled in this month, so that its interest can be billed; null: it waits for another charge (UTM-43). */
  readonly billMonth: YearMonth | null;
}

export interface Preview {
  readonly contracts: readonly {
    readonly contract: string;
    readonly service: string;
    readonly plan: string;
    readonly lines: readonly ChargeLine[];
    /** Sum of the lines without tax: tax belongs to a document, not to a contract. */
    readonly net: number;
    readonly derived: readonly DerivedFact[];
  }[];
  readonly invoices: readonly PreviewInvoice[];
  /** Sum of the documents. */
  readonly totals: { readonly net: number; readonly tax: number; readonly total: number };
  readonly payments: { readonly allocated: readonly Allocated[]; readonly unapplied: number };
  readonly interest: readonly PreviewInterest[];
}

/** `units`: the invoice unit that each service ships with; the setting `invoice-unit` goes before it. */
export interface PreviewWorld {
  readonly tables: Tables;
  readonly units: Readonly<Record<string, InvoiceUnit>>;
}

/** Reads a parsed file and answers it. FactsInvalid with one issue per field of the file. */
export function preview(world: PreviewWorld, value: unknown): Preview {
  const file = readPreview(value);
  const tables = file.tables === undefined ? world.tables : override(world.tables, file.tables);
  const contracts = chargeAll(tables, file);
  const lines = contracts.flatMap((one) => one.lines);
  const invoices = invoicesOf(tables, world.units, file.consolidated === true, lines);
  const sum = (of: (invoice: PreviewInvoice) => number): number => invoices.reduce((total, one) => total + of(one), 0);
  return {
    contracts,
    invoices,
    totals: {
      net: sum((one) => one.totals.net),
      tax: sum((one) => one.totals.tax),
      total: sum((one) => one.totals.total),
    },
    ...moneyOf(tables, file, lines),
  };
}

/** Every contract of the file; complaints of all of them together, each below its own place. */
function chargeAll(tables: Tables, file: PreviewFile): Preview["contracts"] {
  const issues: Issue[] = [];
  const contracts = file.contracts.flatMap((facts, at) => {
    try {
      const { lines, derived } = chargeContract(tables, facts, file);
      const net = lines.reduce((total, { amount }) => total + amount, 0);
      return [{ contract: facts.contract, service: facts.service, plan: facts.plan, lines, net, derived }];
    } catch (error) {
      if (!(error instanceof FactsInvalid)) throw error;
      issues.push(...error.issues.map((issue) => placed(issue, `/contracts/${at}`)));
      return [];
    }
  });
  if (issues.length > 0) throw new FactsInvalid("file", distinct(issues), "CHARGES_FILE_INVALID");
  return contracts;
}

/** Tables are the file's own; everything else lies below its contract or claim. */
const placed = ({ pointer, text }: Issue, below: string): Issue => ({
  pointer: pointer.startsWith("/tables") ? pointer : `${below}${pointer}`,
  text,
});
const distinct = (issues: readonly Issue[]): Issue[] =>
  issues.filter(
    (one, at) => issues.findIndex((other) => other.pointer === one.pointer && other.text.en === one.text.en) === at,
  );

function invoicesOf(
  tables: Tables,
  units: PreviewWorld["units"],
  consolidated: boolean,
  lines: readonly ChargeLine[],
): PreviewInvoice[] {
  const groups = new Map<string, { unit: PreviewInvoice["unit"]; lines: ChargeLine[] }>();
  for (const line of lines) {
    const unit = consolidated ? "consolidated" : unitOf(tables, units, line);
    const key = `${line.billMonth}|${documentOf(tables, unit, line)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { unit, lines: [line] });
    else group.lines.push(line);
  }
  return [...groups.values()].map(({ unit, lines: stand }) => ({
    month: stand[0]?.billMonth ?? "",
    unit,
    contracts: [...new Set(stand.map(({ contract }) => contract))],
    lines: stand.map(({ contract, key }) => ({ contract, key })),
    totals: totals(tables, stand),
    due: [...new Set(stand.map((line) => dueOn(tables, line.service, line.billMonth, line)))]
      .filter((day) => day !== null)
      .toSorted(),
  }));
}

/** COM-28. */
function unitOf(tables: Tables, units: PreviewWorld["units"], { service, billMonth }: ChargeLine): InvoiceUnit {
  const set = index(tables).setting(service, "invoice-unit", lastOfMonth(`${billMonth}-01`));
  if (set === "contract" || set === "organisation-month" || set === "claim") return set;
  return units[service] ?? "contract";
}

function documentOf(tables: Tables, unit: PreviewInvoice["unit"], line: ChargeLine): string {
  if (unit === "consolidated") return "";
  if (unit === "organisation-month") return line.service;
  // A claim is what falls due together.
  const due = unit === "claim" ? (dueOn(tables, line.service, line.billMonth, line) ?? "") : "";
  return `${line.service}|${line.contract}|${due}`;
}

function moneyOf(
  tables: Tables,
  file: PreviewFile,
  lines: readonly ChargeLine[],
): Pick<Preview, "payments" | "interest"> {
  const claims = file.claims ?? [];
  const payments = file.payments ?? [];
  const allocated = allocate(claims, payments);
  const until = file.until ?? lastOfMonth(`${file.to}-01`);
  const issues: Issue[] = [];
  const interest = claims.flatMap((claim, at) => {
    const paid = allocated
      .filter((one) => one.claim === claim.claim)
      .flatMap(({ payment, amount }) => {
        const on = payments[payment]?.on;
        return on === undefined ? [] : [{ on, amount }];
      });
    try {
      const found = lateInterest(tables, claim, paid, until);
      if (found === null) return [];
      const last = paid.reduce((day, { on }) => (on > day ? on : day), "");
      const settledOn = paid.reduce((total, { amount }) => total + amount, 0) >= claim.amount ? last : until;
      return [{ ...found, billMonth: interestMonth(found, lines, claim.service, monthOf(settledOn)) }];
    } catch (error) {
      if (!(error instanceof FactsInvalid)) throw error;
      issues.push(...error.issues.map((issue) => placed(issue, `/claims/${at}`)));
      return [];
    }
  });
  if (issues.length > 0) throw new FactsInvalid("file", distinct(issues), "CHARGES_FILE_INVALID");
  const used = allocated.reduce((total, { amount }) => total + amount, 0);
  return {
    payments: { allocated, unapplied: payments.reduce((total, { amount }) => total + amount, 0) - used },
    interest,
  };
}

/** The month of settlement, or, where interest may not stand alone, the next one that has a charge of the service. */
function interestMonth(
  { alone }: Interest,
  lines: readonly ChargeLine[],
  service: string,
  settled: YearMonth,
): YearMonth | null {
  if (alone) return settled;
  const months = lines
    .filter((line) => line.service === service && line.billMonth >= settled)
    .map(({ billMonth }) => billMonth);
  return months.toSorted()[0] ?? null;
}

/** The answer with each text in one language only. */
export function inLanguage(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((one) => inLanguage(one, language));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 2 && "ja" in value && "en" in value) return value[language];
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inLanguage(one, language)]));
}
