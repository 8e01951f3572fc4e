/** The next bill as things stand: the same computing as a bill run's, for one customer, writing nothing (COM-19). */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { dayOf, monthOf, nextMonth, type Day } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { computeChunk, readChunk, type Billing, type Chunk, type ChunkScope, type CustomerBills } from "./chunk.ts";
import { contentOf } from "./content.ts";
import { byIndex, countContracts } from "./contracts.ts";
import type { Draft } from "./documents.ts";
import { raise } from "./errors.ts";
import type { BillLine, DraftDocument, NextBill } from "./shapes.ts";

/** Contracts that are computed while somebody waits. */
const LIMIT = 5_000;

export interface NextBillOf {
  readonly organisation: OrganisationId;
  readonly contract?: Uuid | undefined;
  readonly now: Date;
  readonly language: Language;
}

/** Of the month that is not billed yet: the last one until its run, where it has anything to bill, then this one. BILLING_TOO_MANY. */
export async function nextBill(tx: Tx, billing: Billing, of: NextBillOf): Promise<NextBill> {
  await byIndex(tx);
  const month = monthOf(dayOf(of.now));
  const last = nextMonth(month, -1);
  const open = (await countContracts(tx, scopeOf(of, last))) > 0;
  if (open && !(await wasEverBilled(tx, of.organisation, last))) {
    const bill = await billOf(tx, billing, of, last);
    // A contract that began this month owes nothing for the last: its first bill is this month's.
    if (bill.documents.length > 0 || bill.aside.length > 0) return bill;
  }
  return billOf(tx, billing, of, month);
}

const scopeOf = ({ organisation, contract, now }: NextBillOf, month: string): Omit<ChunkScope, "until"> => ({
  month,
  kind: "regular",
  since: null,
  organisation,
  contract,
  issueOn: dayOf(now),
});

async function billOf(tx: Tx, billing: Billing, of: NextBillOf, month: string): Promise<NextBill> {
  if ((await countContracts(tx, scopeOf(of, month))) > LIMIT) throw raise("BILLING_TOO_MANY", { limit: LIMIT });
  const { rows } = await sql<{ until: string }>`select clock_timestamp()::text as until`.execute(tx);
  const scope: ChunkScope = { ...scopeOf(of, month), until: rows[0]?.until ?? "" };
  const chunk = await readChunk(tx, billing, scope, null, LIMIT + 1);
  const [bills] = chunk === null ? [] : computeChunk(chunk, billing, scope);
  const documents =
    chunk === null || bills === undefined ? [] : bills.drafts.map((draft) => shownDraft(draft, bills, chunk, month));
  return {
    month,
    asOf: of.now.toISOString(),
    documents,
    ...sums(documents),
    aside: (bills?.asides ?? []).map((one) => ({ contract: one.contract.number, reason: one.text[of.language] })),
  };
}

/** Whether the month's run has billed anything of the customer: what is left of the month then comes with the next one. */
async function wasEverBilled(tx: Tx, organisation: OrganisationId, month: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`select exists (select from commerce.contract c
    join commerce.billed b on b.contract_id = c.id and b.month = ${`${month}-01`}::date and b.kind = 'regular'
    where c.organisation_id = ${organisation}) as some`.execute(tx);
  return rows[0]?.some ?? false;
}

const sums = (documents: readonly DraftDocument[]) => ({
  net: documents.reduce((sum, one) => sum + one.net, 0),
  tax: documents.reduce((sum, one) => sum + one.tax, 0),
  total: documents.reduce((sum, one) => sum + one.total, 0),
});

function shownDraft(
  draft: Draft,
  { customer }: CustomerBills,
  { issuer, tables }: Pick<Chunk, "issuer" | "tables">,
  month: string,
): DraftDocument {
  const kind = draft.totals.total < 0 ? "credit-note" : "invoice";
  const dueOn: Day | null = draft.dues[0]?.on ?? null;
  const { net, tax, total } = draft.totals;
  return {
    unit: draft.unit,
    month,
    dueOn,
    net,
    tax,
    total,
    content: contentOf({ tables, draft, issuer, customer, month, kind }),
    lines: draft.lines.map(({ contract, line: { billMonth: _month, ...line }, rate }, at): BillLine => ({
      ...line,
      position: at + 1,
      contractId: contract,
      rate,
      description: { ...line.description },
      period: { ...line.period },
      why: {
        ...line.why,
        basis: [...line.why.basis],
        inputs: { ...line.why.inputs },
        sentence: { ...line.why.sentence },
      },
    })),
  };
}
