/**
 * What is done about a document that was wrong (COM-11): a corrected document stands in its place, or a credit note (qualified
 * return invoice) takes something off. The document itself stays as it was issued.
 */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Actor } from "@yagura/server/route.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { chargeLines } from "../charging/charge.ts";
import type { ChargeLine } from "../charging/lines.ts";
import type { Tables, Text } from "../charging/tables.ts";
import { creditDocument, replaceClaims } from "../receivables/credits.ts";
import { loadTables } from "../terms/load.ts";
import { contentOf, readCustomers, readHolders, readIssuer, type Customer, type Issuer } from "./content.ts";
import { contractsByIds, factsFor, knownOf } from "./contracts.ts";
import { draftOf, type Dated, type Draft, type Recipient } from "./documents.ts";
import { raise } from "./errors.ts";
import { invoiceById } from "./invoices.ts";
import type { InvoiceDetail, NewCorrection, NewCreditNote } from "./shapes.ts";
import { BESIDE, linesOf, type StoredLine } from "./stored-lines.ts";
import { writeDocuments, type NewDocument } from "./write.ts";

/** As provider. */
export interface CorrectionWork {
  readonly tx: Tx;
  readonly now: Date;
  readonly actor: Actor;
}

interface Wrong {
  /** Absent: the registered customer. */
  readonly recipient: Recipient | undefined;
  readonly invoice: InvoiceDetail;
  readonly lines: readonly StoredLine[];
  readonly tables: Tables;
  readonly issuer: Issuer;
  readonly customer: Customer;
}

/** The document, kept from being corrected twice at once. NOT_FOUND, INVOICE_REPLACED, INVOICE_NOT_CORRECTABLE. */
async function wrongDocument({ tx, now }: CorrectionWork, id: Uuid): Promise<Wrong> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`commerce.invoice:${id}`}, 0))`.execute(tx);
  const invoice = await invoiceById(tx, id);
  if (invoice === null) throw raiseServer("NOT_FOUND");
  if (invoice.kind === "credit-note") throw raise("INVOICE_NOT_CORRECTABLE", { number: invoice.number });
  if (invoice.replacedById !== null) throw raise("INVOICE_REPLACED", { number: invoice.number });
  const tables = await loadTables(tx);
  const customers = await readCustomers(tx, [invoice.organisationId]);
  const lines = await linesOf(tx, id);
  const contracts = lines.flatMap(({ contractId }) => (contractId === null ? [] : [contractId]));
  const holders = await readHolders(tx, contracts, invoice.month);
  return {
    recipient: holders.get(contracts[0] ?? ""),
    invoice,
    lines,
    tables,
    issuer: await readIssuer(tx, tables, dayOf(now)),
    customer: customers.get(invoice.organisationId) as Customer,
  };
}

/**
 * A corrected document (修正した適格請求書): the same lines with the details of today, or the lines as the facts say now. Due as
 * before; its claims take the place of the old ones.
 */
export async function correctDocument(
  work: CorrectionWork,
  id: Uuid,
  { reason, recompute = false }: NewCorrection,
): Promise<Uuid> {
  const { tx, now, actor } = work;
  const wrong = await wrongDocument(work, id);
  const { invoice, tables, customer, issuer, recipient } = wrong;
  const lines = recompute ? await recomputed(tx, wrong) : wrong.lines;
  const draft = { ...draftOf(tables, invoice.organisationId, invoice.content.unit, dated(lines, invoice)), recipient };
  const corrects = { number: invoice.number, reason };
  const document: NewDocument = {
    id: newId(),
    kind: "corrected",
    corrects: id,
    organisation: invoice.organisationId,
    month: invoice.month,
    draft,
    content: contentOf({ tables, draft, issuer, customer, month: invoice.month, kind: "corrected", corrects }),
  };
  const on = dayOf(now);
  await writeDocuments(tx, [document], { run: null, issueOn: on, now });
  await replaceClaims({ tx, now, actor }, invoice.organisationId, { id: document.id, corrects: id, on });
  return document.id;
}

const dated = (
  lines: readonly (ChargeLine & { contractId?: Uuid | null })[],
  { dueOn, issuedOn }: InvoiceDetail,
): Dated[] =>
  lines.map(({ contractId = null, ...line }) => ({ contract: contractId, line, due: line.dueOn ?? dueOn ?? issuedOn }));

/** Lines of contracts as they are known now; what stands on other documents stays there, and so do interest and adjustments here. */
async function recomputed(
  tx: Tx,
  { invoice, lines, tables }: Wrong,
): Promise<(ChargeLine & { contractId: Uuid | null })[]> {
  const kept = lines.filter(
    ({ contractId, kind }) => contractId === null || kind === "late-interest" || kind === "adjustment",
  );
  const own = lines.filter((line) => !kept.includes(line));
  const ids = [...new Set(own.flatMap(({ contractId }) => (contractId === null ? [] : [contractId])))];
  const contracts = await contractsByIds(tx, ids);
  const { rows } = await sql<{ until: string }>`select clock_timestamp()::text as until`.execute(tx);
  const known = await knownOf(tx, contracts, rows[0]?.until ?? "");
  const elsewhere = await keysElsewhere(tx, ids, invoice.id);
  const fresh = contracts.flatMap((contract) => {
    const months = own.filter(({ contractId }) => contractId === contract.id).map(({ billMonth }) => billMonth);
    const range = { from: months.toSorted()[0] ?? invoice.month, to: invoice.month };
    return chargeLines(tables, factsFor(contract, known.get(contract.id)?.now ?? []), range)
      .filter((line) => months.includes(line.billMonth) && !elsewhere.has(`${contract.id} ${line.key}`))
      .map((line) => ({ ...line, contractId: contract.id }));
  });
  return [...fresh, ...kept];
}

async function keysElsewhere(tx: Tx, contracts: readonly Uuid[], invoice: Uuid): Promise<Set<string>> {
  const { rows } = await sql<{ contract: Uuid; key: string }>`select distinct contract_id as contract, key
    from commerce.invoice_line l where contract_id = any(${contracts}::uuid[]) and invoice_id <> ${invoice}
      and not exists (select from commerce.invoice c where c.corrects_id = l.invoice_id and c.kind = 'corrected')
      and not exists (select from commerce.invoice c where c.id = l.invoice_id and c.corrects_id = ${invoice})`.execute(
    tx,
  );
  return new Set(rows.map(({ contract, key }) => `${contract} ${key}`));
}

/** Below this sum with tax the law asks for no return invoice; it is written and kept all the same. */
const RETURN_INVOICE_FROM = 10_000;

/** A credit note on lines of a document. CREDIT_LINE_UNKNOWN, CREDIT_TOO_HIGH. */
export async function creditLines(work: CorrectionWork, id: Uuid, input: NewCreditNote): Promise<Uuid> {
  const { tx, now, actor } = work;
  const wrong = await wrongDocument(work, id);
  const { invoice, tables, customer, issuer, recipient } = wrong;
  const before = await creditedBefore(tx, id);
  const lines = input.lines.map(({ position, amount }) => {
    const line = wrong.lines.find((one) => one.position === position && one.amount > 0);
    if (line === undefined) throw raise("CREDIT_LINE_UNKNOWN", { number: invoice.number, position });
    const left = line.amount - (before.get(position) ?? 0);
    if (amount > left) throw raise("CREDIT_TOO_HIGH", { number: invoice.number, position, left, amount });
    before.set(position, (before.get(position) ?? 0) + amount);
    return creditLine(invoice, line, amount, input);
  });
  const draft: Draft = {
    ...draftOf(tables, invoice.organisationId, invoice.content.unit, dated(lines, invoice)),
    dues: [],
    recipient,
  };
  const amount = -draft.totals.total;
  const document: NewDocument = {
    id: newId(),
    kind: "credit-note",
    corrects: id,
    organisation: invoice.organisationId,
    month: invoice.month,
    draft,
    content: contentOf({
      tables,
      draft,
      issuer,
      customer,
      month: invoice.month,
      kind: "credit-note",
      corrects: { number: invoice.number, reason: input.reason },
      notes: amount < RETURN_INVOICE_FROM ? [notNeeded] : [],
    }),
  };
  const on = dayOf(now);
  const [number = ""] = await writeDocuments(tx, [document], { run: null, issueOn: on, now });
  const credit = { id: document.id, number, corrects: id, on, amount };
  await creditDocument({ tx, now, actor }, invoice.organisationId, credit);
  return document.id;
}

const notNeeded: Text = {
  ja: "税込 1 万円未満の返還のため交付義務はありませんが、記録のために発行しています。",
  en: "Less than 10,000 yen with tax: the law asks for no return invoice. It is issued for the record.",
};

async function creditedBefore(tx: Tx, id: Uuid): Promise<Map<number, number>> {
  const credits = await sql<{ id: Uuid }>`select id from commerce.invoice
    where corrects_id = ${id} and kind = 'credit-note'`.execute(tx);
  const sums = new Map<number, number>();
  for (const credit of credits.rows) {
    for (const { why, amount } of await linesOf(tx, credit.id)) {
      const position = Number(why.inputs["position"] ?? 0);
      sums.set(position, (sums.get(position) ?? 0) - amount);
    }
  }
  return sums;
}

function creditLine(
  invoice: InvoiceDetail,
  { position, rate: _rate, ...line }: StoredLine,
  amount: number,
  { reason }: NewCreditNote,
): ChargeLine & { contractId: Uuid | null } {
  return {
    ...line,
    // A reduction beside the rules does not count when the month is compared again.
    key: `${BESIDE}${invoice.id}:${position}:${line.key}`,
    kind: "credit",
    quantity: 1,
    unitPrice: 0,
    amount: -amount,
    dueOn: null,
    why: {
      rule: "COM-11",
      version: line.why.version,
      basis: [invoice.number],
      inputs: { position, billed: line.amount, credited: amount },
      formula: `−${grouped(amount)}`,
      sentence: {
        ja: `請求書 ${invoice.number} の ${position} 行目から ${grouped(amount)} 円を減額しました。理由: ${reason}`,
        en: `${grouped(amount)} yen were taken off line ${position} of ${invoice.number}. Reason: ${reason}`,
      },
    },
  };
}
