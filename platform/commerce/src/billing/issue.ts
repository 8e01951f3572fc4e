/** Documents come into being together with what they change of the customer's debts, in the transaction that is given. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { creditDocument } from "../receivables/credits.ts";
import { markBilled } from "../receivables/interest.ts";
import { settleCredit } from "../receivables/settle.ts";
import { writeDocuments, type IssueFrame, type NewDocument } from "./write.ts";

const actor = { kind: "system", name: "billing" } as const;

/** Late interest lines and the claims that they belong to. */
const interestOf = (documents: readonly NewDocument[]) =>
  documents.flatMap(({ id, organisation, draft }) =>
    draft.lines.flatMap(({ interest, line }) =>
      interest === undefined
        ? []
        : [
            {
              organisation,
              claim: interest.claim,
              invoice: id,
              amount: line.amount,
              before: Number(line.why.inputs["billedBefore"] ?? 0),
            },
          ],
    ),
  );

/** False when another run has put the interest of one of the claims on a document since it was read. */
export async function isInterestLeft(tx: Tx, documents: readonly NewDocument[]): Promise<boolean> {
  const wanted = interestOf(documents);
  if (wanted.length === 0) return true;
  const { rows } = await sql<{ id: Uuid; billed: string }>`select id, interest_billed as billed from commerce.claim
    where id = any(${wanted.map(({ claim }) => claim)}::uuid[]) order by id for update`.execute(tx);
  const billed = new Map(rows.map((row) => [row.id, Number(row.billed)]));
  return wanted.every(({ claim, before }) => billed.get(claim) === before);
}

/** Writes invoices and credit notes of a run's chunk. What customers have on account pays the new claims at once. */
export async function issueDocuments(tx: Tx, documents: readonly NewDocument[], frame: IssueFrame): Promise<void> {
  const invoices = documents.filter(({ kind }) => kind === "invoice");
  await writeDocuments(tx, invoices, frame);
  for (const credit of documents.filter(({ kind }) => kind === "credit-note")) await issueCredit(tx, credit, frame);
  await markBilled(tx, documents[0]?.month ?? "", interestOf(documents), frame.now);
  const organisations = [...new Set(invoices.map(({ organisation }) => organisation))];
  if (organisations.length > 0) await settleCredit({ tx, now: frame.now }, organisations);
}

/** A bill below zero refers to the customer's newest bill of these contracts, whose claims it is taken off first. */
async function issueCredit(tx: Tx, credit: NewDocument, frame: IssueFrame): Promise<void> {
  const contracts = [...new Set(credit.draft.lines.flatMap(({ contract }) => (contract === null ? [] : [contract])))];
  const { rows } = await sql<{ id: Uuid; number: string }>`select i.id, i.number from commerce.invoice_line l
    join commerce.invoice i on i.id = l.invoice_id and i.kind <> 'credit-note'
    where l.contract_id = any(${contracts}::uuid[])
      and not exists (select from commerce.invoice c where c.corrects_id = i.id and c.kind = 'corrected')
    order by i.month desc, i.id desc limit 1`.execute(tx);
  const reference = rows[0];
  const [number] = await writeDocuments(
    tx,
    [
      {
        ...credit,
        corrects: reference?.id ?? null,
        content: { ...credit.content, corrects: reference?.number ?? null },
      },
    ],
    frame,
  );
  await creditDocument({ tx, now: frame.now, actor }, credit.organisation, {
    id: credit.id,
    number: number ?? "",
    corrects: reference?.id ?? null,
    on: frame.issueOn,
    amount: -credit.draft.totals.total,
  });
}
