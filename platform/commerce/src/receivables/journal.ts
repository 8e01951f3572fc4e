/**
 * The accounting journal (仕訳): one export a month, made once and given again byte for byte. What changes of documents that an
 * earlier export holds (a late payment moves money between claims, a cheque bounces) comes as a difference in the next one.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { firstOfMonth, lastOfMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { index } from "../charging/index.ts";
import { loadTables } from "../terms/load.ts";
import { today, type MoneyWork } from "./claims.ts";
import { toCsv, type Cell } from "../csv.ts";
import { raise } from "./errors.ts";
import { accountKeys, accountsOn, type AccountKey } from "./journal-accounts.ts";
import { journalDocuments, type JournalDocument } from "./journal-documents.ts";
import { difference, imbalance, type Postings } from "./journal-postings.ts";
import type { JournalItem } from "./shapes.ts";

const heading = [
  "伝票番号",
  "日付",
  "書類",
  "書類番号",
  "取引先",
  "科目コード",
  "科目",
  "税区分",
  "借方",
  "貸方",
  "摘要",
];

/** Exports the month, or gives the export that was made before. JOURNAL_NOT_OVER, JOURNAL_ORDER. */
export async function exportJournal(
  work: MoneyWork,
  month: YearMonth,
): Promise<{ journal: JournalItem; made: boolean }> {
  const { tx, now } = work;
  await sql`select pg_advisory_xact_lock(hashtextextended('commerce.journal', 0))`.execute(tx);
  const known = (await journals(tx)).find((one) => one.month === month);
  if (known !== undefined) return { journal: known, made: false };
  const last = lastOfMonth(`${month}-01`);
  if (last >= today(work)) throw raise("JOURNAL_NOT_OVER", { month });
  const later = (await journals(tx)).find((one) => one.month > month);
  if (later !== undefined) throw raise("JOURNAL_ORDER", { later: later.month, month });
  const { rows, entries, total } = await entriesOf(work, month);
  const csv = toCsv(heading, rows);
  const sha256 = createHash("sha256").update(csv).digest("hex");
  await sql`insert into commerce.journal_export (id, month, csv, sha256, entries, lines, total, made_by, made_at)
    values (${newId()}, ${`${month}-01`}::date, ${csv}, ${sha256}, ${entries}, ${rows.length}, ${total}, ${actorName(work)}, ${now})`.execute(
    tx,
  );
  const journal = (await journals(tx)).find((one) => one.month === month);
  if (journal === undefined) throw new Error("the journal was not written");
  return { journal, made: true };
}

/** Newest first. */
export async function journals(tx: Tx): Promise<JournalItem[]> {
  const { rows } = await sql<Omit<JournalItem, "at" | "total"> & { at: Date; total: string }>`
    select to_char(month, 'YYYY-MM') as month, made_at as at, made_by as by, entries, lines, total, sha256
    from commerce.journal_export order by month desc`.execute(tx);
  return rows.map(({ at, total, ...row }) => ({ ...row, at: at.toISOString(), total: Number(total) }));
}

export async function journalCsv(tx: Tx, month: YearMonth): Promise<string> {
  const { rows } = await sql<{
    csv: string;
  }>`select csv from commerce.journal_export where month = ${`${month}-01`}::date`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return found.csv;
}

interface Entries {
  readonly rows: Cell[][];
  readonly entries: number;
  /** Sum of the debits. */
  readonly total: number;
}

async function entriesOf({ tx }: MoneyWork, month: YearMonth): Promise<Entries> {
  const last = lastOfMonth(`${month}-01`);
  const accounts = accountsOn(index(await loadTables(tx)), last);
  const rows: Cell[][] = [];
  let entries = 0;
  let total = 0;
  for await (const documents of journalDocuments(tx, last)) {
    const changed = documents.flatMap((document) => {
      const delta = difference(document.wanted, document.posted);
      return Object.keys(delta).length === 0 ? [] : [{ document, delta }];
    });
    for (const { document, delta } of changed) {
      if (imbalance(delta) !== 0) throw new Error(`the entry of ${document.key} does not balance`);
      entries++;
      const lines = linesOf(
        document,
        delta,
        accounts,
        `${month.replace("-", "")}-${String(entries).padStart(6, "0")}`,
        month,
      );
      rows.push(...lines);
      total += lines.reduce((sum, line) => sum + Number(line[8]), 0);
    }
    await remember(
      tx,
      changed.map(({ document }) => document),
    );
  }
  return { rows, entries, total };
}

/** Debits first, in the order of the accounts. A document of an exported month is told on the first day of this one. */
function linesOf(
  document: JournalDocument,
  delta: Postings,
  accounts: ReturnType<typeof accountsOn>,
  voucher: string,
  month: YearMonth,
): Cell[][] {
  const first = firstOfMonth(`${month}-01`);
  const on: Day = document.on < first ? first : document.on;
  const memo = document.on < first ? `${document.memo}（${document.on}）` : document.memo;
  const place = (key: string): number => accountKeys.indexOf(key.split("|")[0] as AccountKey);
  return Object.entries(delta)
    .toSorted(([a, x], [b, y]) => Number(y > 0) - Number(x > 0) || place(a) - place(b) || a.localeCompare(b))
    .map(([key, amount]) => {
      const [account = "", rate = ""] = key.split("|");
      const { code, name } = accounts[account as AccountKey];
      return [
        voucher,
        on,
        document.kind,
        document.number,
        document.customer,
        code,
        name,
        rate === "" ? "対象外" : `課税 ${rate}`,
        Math.max(amount, 0),
        Math.max(-amount, 0),
        memo,
      ];
    });
}

async function remember(tx: Tx, documents: readonly JournalDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const column = <T>(get: (one: JournalDocument) => T): T[] => documents.map(get);
  await sql`insert into commerce.journal_position (organisation_id, document, posted)
    select * from unnest(${column(({ organisation }): OrganisationId => organisation)}::uuid[], ${column(({ key }) => key)}::text[],
      ${column(({ wanted }) => JSON.stringify(wanted))}::jsonb[]) as t
    on conflict (document) do update set posted = excluded.posted`.execute(tx);
}
