/**
 * Answers a file of facts without a server: the same functions as the bill run, on the shipped tables and the file's own rows.
 */
import { lastOfMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import { chargeContract } from "./charge.ts";
import { dueOn } from "./due.ts";
import { index } from "./index.ts";
import { distinct, FactsInvalid, placed, type Issue } from "./issues.ts";
import type { ChargeLine, DerivedFact, DocumentTotals } from "./lines.ts";
import { override } from "./override.ts";
import type { PreviewFile } from "./preview-file.ts";
import { moneyOf, type PreviewMoney } from "./preview-money.ts";
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

export interface PreviewDocument {
  readonly unit: PreviewInvoice["unit"];
  readonly lines: readonly ChargeLine[];
  readonly totals: DocumentTotals;
}

export interface Preview extends PreviewMoney {
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
  const documents = documentsOf(tables, world.units, file.consolidated === true, lines);
  const invoices = documents.map((one) => invoiceOf(tables, one));
  const sum = (of: (invoice: PreviewInvoice) => number): number => invoices.reduce((total, one) => total + of(one), 0);
  return {
    contracts,
    invoices,
    totals: {
      net: sum((one) => one.totals.net),
      tax: sum((one) => one.totals.tax),
      total: sum((one) => one.totals.total),
    },
    ...moneyOf(tables, file, documents),
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

function documentsOf(
  tables: Tables,
  units: PreviewWorld["units"],
  consolidated: boolean,
  lines: readonly ChargeLine[],
): PreviewDocument[] {
  const groups = new Map<string, { unit: PreviewInvoice["unit"]; lines: ChargeLine[] }>();
  for (const line of lines) {
    const unit = consolidated ? "consolidated" : unitOf(tables, units, line);
    const key = `${line.billMonth}|${documentOf(tables, unit, line)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { unit, lines: [line] });
    else group.lines.push(line);
  }
  return [...groups.values()].map((one) => ({ ...one, totals: totals(tables, one.lines) }));
}

const invoiceOf = (tables: Tables, { unit, lines, totals: sums }: PreviewDocument): PreviewInvoice => ({
  month: lines[0]?.billMonth ?? "",
  unit,
  contracts: [...new Set(lines.map(({ contract }) => contract))],
  lines: lines.map(({ contract, key }) => ({ contract, key })),
  totals: sums,
  due: [...new Set(lines.map((line) => dueOn(tables, line.service, line.billMonth, line)))]
    .filter((day) => day !== null)
    .toSorted(),
});

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

/** The answer with each text in one language only. */
export function inLanguage(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((one) => inLanguage(one, language));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 2 && "ja" in value && "en" in value) return value[language];
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inLanguage(one, language)]));
}
