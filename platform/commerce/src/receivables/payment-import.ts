/**
 * Payments from a file of another system. Every line is tried by itself; with the first problem nothing is recorded, and a dry
 * run tells all problems. The same file once more records nothing.
 */
import { sql } from "kysely";
import { isUuid, type OrganisationId } from "@yagura/core/ids.ts";
import { YaguraError, type Language } from "@yagura/core/errors.ts";
import type { Static } from "typebox";
import type { Tx } from "@yagura/store/store.ts";
import type { MoneyWork } from "./claims.ts";
import { fromCsv, problemOf, type CsvRow, type LineProblem } from "./csv.ts";
import { raise } from "./errors.ts";
import { recordPayment, type PaymentDone, type PaymentInput } from "./payments.ts";
import { paymentWays, type PaymentImportResult } from "./shapes.ts";

const columns = ["organisation", "paid_on", "amount", "way", "reference", "source_key", "claim"] as const;

export interface Imported {
  readonly line: number;
  readonly organisation: OrganisationId;
  readonly done: PaymentDone;
}

/** The organisation is named by its id or by the number of one of its documents or contracts; the claim by its document. */
export async function importPayments(
  work: MoneyWork,
  csv: string,
  language: Language,
): Promise<{ result: Static<typeof PaymentImportResult>; imported: Imported[] }> {
  const imported: Imported[] = [];
  const problems: LineProblem[] = [];
  for (const row of fromCsv(csv, columns)) {
    try {
      imported.push(await importRow(work, row));
    } catch (error) {
      if (!(error instanceof YaguraError)) throw error;
      problems.push(problemOf(row.line, error, language));
    }
  }
  const fresh = imported.filter(({ done }) => done.changed);
  const total = fresh.reduce((sum, { done }) => sum + done.payment.amount, 0);
  return { imported, result: { recorded: fresh.length, already: imported.length - fresh.length, total, problems } };
}

async function importRow(work: MoneyWork, { line, values }: CsvRow): Promise<Imported> {
  const {
    organisation: named = "",
    paid_on: paidOn = "",
    amount = "",
    reference = "",
    source_key: key = "",
    claim = "",
  } = values;
  const bad = (reason: string) => raise("IMPORT_CSV", { line, reason });
  const organisation = await organisationOf(work.tx, named);
  if (organisation === null) throw bad(`organisation ${named}`);
  if (!/^[1-9][0-9]{0,11}$/.test(amount)) throw bad(`amount ${amount}`);
  const way = paymentWays.find((one) => one === values["way"]);
  if (way === undefined) throw bad(`way ${values["way"] ?? ""}`);
  if (key === "" || key.length > 120) throw bad("source_key");
  const claimId = claim === "" ? null : await claimOf(work.tx, organisation, claim);
  if (claim !== "" && claimId === null) throw bad(`claim ${claim}`);
  const input: PaymentInput = {
    paidOn,
    amount: Number(amount),
    way,
    reference: reference.slice(0, 200),
    sourceKey: `import:${key}`,
    ...(claimId === null ? {} : { claimId }),
  };
  return { line, organisation, done: await recordPayment(work, organisation, input) };
}

async function organisationOf(tx: Tx, named: string): Promise<OrganisationId | null> {
  const { rows } = await sql<{ id: OrganisationId }>`select id from server.organisation where id::text = ${named}
    union select organisation_id from commerce.contract where number = ${named}
    union select organisation_id from commerce.invoice where number = ${named} limit 2`.execute(tx);
  return rows[0]?.id ?? null;
}

async function claimOf(tx: Tx, organisation: OrganisationId, named: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select id from commerce.claim
    where organisation_id = ${organisation} and ${isUuid(named) ? sql`id = ${named}` : sql`number = ${named}`}
    order by state = 'open' desc, due_now limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}
