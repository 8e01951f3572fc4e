/**
 * Writes a chunk of a bill run in the transaction that it is given: marks, numbers, documents, lines, claims, bill-issue facts.
 * Either all of it is there afterwards or nothing (COM-20). COPY is refused under row-level security, so rows go as arrays.
 */
import { sql } from "kysely";
import { newIds, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Day, YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { billIssuedOn } from "./compute.ts";
import { first } from "./contracts.ts";
import type { Draft, Due } from "./documents.ts";
import { packLine } from "./stored-lines.ts";
import type { DocumentContent, DocumentKind, RunKind } from "./shapes.ts";

export interface NewDocument {
  readonly id: Uuid;
  readonly kind: DocumentKind;
  readonly corrects: Uuid | null;
  readonly organisation: OrganisationId;
  readonly month: YearMonth;
  readonly draft: Pick<Draft, "lines" | "totals" | "dues">;
  readonly content: DocumentContent;
}

export interface IssueFrame {
  readonly run: Uuid | null;
  readonly issueOn: Day;
  readonly now: Date;
}

/** A month of a contract that is settled by this transaction. */
export interface Mark {
  readonly contract: Uuid;
  readonly organisation: OrganisationId;
  readonly month: YearMonth;
}

/**
 * False when one of the marks stands already: another run was faster, and this transaction has to be given up. Waits for a
 * run that is writing the same contracts just now.
 */
export async function mark(
  tx: Tx,
  marks: readonly Mark[],
  { run, kind, until }: { run: Uuid; kind: RunKind; until: string },
): Promise<boolean> {
  if (marks.length === 0) return true;
  // One order for everybody, so that two runs wait for each other and never in a circle.
  const sorted = marks.toSorted((a, b) =>
    a.contract < b.contract ? -1 : a.contract > b.contract ? 1 : a.month < b.month ? -1 : 1,
  );
  const { rows } = await sql<{ n: string }>`with marked as (
    insert into commerce.billed (contract_id, month, kind, organisation_id, run_id, facts_until)
    select c, m, ${kind}, o, ${run}, ${until}::timestamptz
    from unnest(${sorted.map(({ contract }) => contract)}::uuid[], ${sorted.map(({ month }) => first(month))}::date[],
      ${sorted.map(({ organisation }) => organisation)}::uuid[]) as t (c, m, o)
    on conflict on constraint billed_once do nothing returning 1)
    select count(*) as n from marked`.execute(tx);
  return Number(rows[0]?.n) === marks.length;
}

const series: Readonly<Record<DocumentKind, string>> = { invoice: "INV", corrected: "INV", "credit-note": "CRN" };

/** The next numbers of a series and year, without a gap: the row is held until the transaction ends. */
async function drawNumbers(tx: Tx, name: string, year: number, count: number): Promise<number> {
  const { rows } = await sql<{ last: string }>`insert into commerce.document_counter as c (series, year, last)
    values (${name}, ${year}, ${count}) on conflict (series, year) do update set last = c.last + excluded.last
    returning last`.execute(tx);
  return Number(rows[0]?.last) - count + 1;
}

export const writeNumber = (name: string, year: number, n: number): string =>
  `${name}-${year}-${String(n).padStart(8, "0")}`;

/** Writes documents with their lines and claims; gives their numbers in the same order. All of one kind. */
export async function writeDocuments(tx: Tx, documents: readonly NewDocument[], frame: IssueFrame): Promise<string[]> {
  const [one] = documents;
  if (one === undefined) return [];
  const year = Number(frame.issueOn.slice(0, 4));
  const name = series[one.kind];
  const begin = await drawNumbers(tx, name, year, documents.length);
  const numbers = documents.map((_, at) => writeNumber(name, year, begin + at));
  await writeHeads(tx, documents, numbers, frame);
  await writeLines(tx, documents);
  await writeClaims(tx, documents, numbers, frame);
  return numbers;
}

/** JSON as it is written holds no line feed, so that many documents go as one text: an array would have every quote escaped. */
const LINE = "\n";
const lined = (documents: readonly string[]): string => documents.join(LINE);

async function writeHeads(
  tx: Tx,
  documents: readonly NewDocument[],
  numbers: readonly string[],
  { run, issueOn, now }: IssueFrame,
): Promise<void> {
  const column = <T>(get: (one: NewDocument) => T): T[] => documents.map(get);
  await sql`insert into commerce.invoice (id, organisation_id, run_id, number, kind, corrects_id, month, issued_on, due_on,
      net, tax, total, content, issued_at)
    select id, organisation, ${run}, number, kind, corrects, month, ${issueOn}::date, due, net, tax, total, content::json, ${now}
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ organisation }) => organisation)}::uuid[], ${numbers}::text[],
      ${column(({ kind }) => kind)}::text[], ${column(({ corrects }) => corrects)}::uuid[],
      ${column(({ month }) => first(month))}::date[], ${column(({ draft }) => draft.dues[0]?.on ?? null)}::date[],
      ${column(({ draft }) => draft.totals.net)}::bigint[], ${column(({ draft }) => draft.totals.tax)}::bigint[],
      ${column(({ draft }) => draft.totals.total)}::bigint[], string_to_array(${lined(column(({ content }) => JSON.stringify(content)))}, ${LINE}))
      as t (id, organisation, number, kind, corrects, month, due, net, tax, total, content)`.execute(tx);
}

async function writeLines(tx: Tx, documents: readonly NewDocument[]): Promise<void> {
  const rows = documents.flatMap(({ id, organisation, draft }) =>
    draft.lines.map((one, at) => ({ ...one, id, organisation, position: at + 1 })),
  );
  const column = <T>(get: (one: (typeof rows)[number]) => T): T[] => rows.map(get);
  await sql`insert into commerce.invoice_line (invoice_id, position, organisation_id, contract_id, bill_month, key, kind, item,
      amount, tax_class, line)
    select invoice, position, organisation, contract, month, key, kind, item, amount, tax_class, line::json
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ position }) => position)}::int[],
      ${column(({ organisation }) => organisation)}::uuid[], ${column(({ contract }) => contract)}::uuid[],
      ${column(({ line }) => first(line.billMonth))}::date[], ${column(({ line }) => line.key)}::text[],
      ${column(({ line }) => line.kind)}::text[], ${column(({ line }) => line.item)}::text[],
      ${column(({ line }) => line.amount)}::bigint[], ${column(({ line }) => line.taxClass)}::text[],
      string_to_array(${lined(column(packLine))}, ${LINE}))
      as t (invoice, position, organisation, contract, month, key, kind, item, amount, tax_class, line)`.execute(tx);
}

async function writeClaims(
  tx: Tx,
  documents: readonly NewDocument[],
  numbers: readonly string[],
  { now }: IssueFrame,
): Promise<void> {
  const rows: (Due & { invoice: Uuid; organisation: OrganisationId; number: string })[] = documents.flatMap(
    ({ id, organisation, draft }, at) =>
      draft.dues.map((due) => ({ ...due, invoice: id, organisation, number: numbers[at] as string })),
  );
  if (rows.length === 0) return;
  const column = <T>(get: (one: (typeof rows)[number]) => T): T[] => rows.map(get);
  await sql`insert into commerce.claim (id, organisation_id, invoice_id, contract_id, number, service, plan, amount, due_on,
      bears_interest, state, created_at)
    select id, organisation, invoice, contract, number, service, plan, amount, due, interest, 'open', ${now}
    from unnest(${newIds(rows.length)}::uuid[], ${column(({ organisation }) => organisation)}::uuid[],
      ${column(({ invoice }) => invoice)}::uuid[], ${column(({ contract }) => contract)}::uuid[],
      ${column(({ number }) => number)}::text[], ${column(({ service }) => service)}::text[],
      ${column(({ plan }) => plan)}::text[], ${column(({ amount }) => amount)}::bigint[],
      ${column(({ on }) => on)}::date[], ${column(({ bearsInterest }) => bearsInterest)}::boolean[])
      as t (id, organisation, invoice, contract, number, service, plan, amount, due, interest)`.execute(tx);
}

/** A bill on paper or a debit notice was issued: the fact that its fee rests on (UTM-54), once for each contract and month. */
export async function writeBillIssued(
  tx: Tx,
  facts: readonly { readonly contract: Uuid; readonly organisation: OrganisationId; readonly form: string }[],
  month: YearMonth,
  { now }: IssueFrame,
): Promise<void> {
  if (facts.length === 0) return;
  await sql`insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, source_key,
      recorded_by, recorded_at)
    select id, organisation, contract, 'bill-issued', ${billIssuedOn(month)}::date, jsonb_build_object('form', form), 'billing',
      ${`bill ${month}`}, 'system:billing', ${now}
    from unnest(${newIds(facts.length)}::uuid[], ${facts.map(({ organisation }) => organisation)}::uuid[],
      ${facts.map(({ contract }) => contract)}::uuid[], ${facts.map(({ form }) => form)}::text[])
      as t (id, organisation, contract, form)
    on conflict (contract_id, source, source_key) do nothing`.execute(tx);
}
