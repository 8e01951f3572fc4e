/** Refunds that wait, as one file of bulk transfers. */
import { sql } from "kysely";
import type { Static } from "typebox";
import { YaguraError } from "@yagura/core/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import type { MoneyWork } from "../receivables/claims.ts";
import { refundsWhere, type Refund } from "../receivables/refunds.ts";
import { openAccount } from "./customer-accounts.ts";
import { monthDayOf } from "./debit.ts";
import type { Left } from "./debit-requests.ts";
import { raise } from "./errors.ts";
import { consignorOf, keepFile } from "./files.ts";
import type { BankFileItem, NewRefundFile } from "./shapes.ts";
import { toFileText } from "./text.ts";
import { writeTransfers, type TransferRecord } from "./transfer.ts";

/** BANK_ACCOUNT_MISSING, BANK_FILE_EMPTY. Refunds to customers without an account are left out and told. */
export async function refundFile(
  work: MoneyWork,
  keys: Keys,
  input: Static<typeof NewRefundFile>,
): Promise<{ file: BankFileItem; left: Left[] }> {
  const { tx } = work;
  const consignor = await consignorOf(tx, input.accountId, "transfer");
  // Two clerks at once: the second finds nothing that waits.
  await sql`select pg_advisory_xact_lock(hashtextextended('commerce.refund-file', 0))`.execute(tx);
  const waiting = await refundsWhere(tx, sql`r.state = 'proposed'`);
  const left: Left[] = [];
  const sent: { refund: Refund; record: TransferRecord }[] = [];
  for (const refund of waiting) {
    try {
      sent.push({ refund, record: await recordOf(work, keys, refund) });
    } catch (error) {
      if (!(error instanceof YaguraError)) throw error;
      left.push({ organisationId: refund.organisationId, reason: error.message });
    }
  }
  if (sent.length === 0) throw raise("BANK_FILE_EMPTY");
  const records = sent.map(({ record }) => record);
  const { item } = await keepFile(work, keys, {
    kind: "transfer",
    name: `transfer-${input.transferOn}.txt`,
    onDay: input.transferOn,
    records: records.length,
    total: records.reduce((sum, { amount }) => sum + amount, 0),
    bytes: writeTransfers({ consignor, monthDay: monthDayOf(input.transferOn), records }, input.lineEnds ?? "crlf"),
  });
  await sql`update commerce.refund set state = 'exported', file_id = ${item.id}, on_day = ${input.transferOn}::date
    where id = any(${sent.map(({ refund }) => refund.id)}::uuid[])`.execute(tx);
  return { file: item, left };
}

async function recordOf({ tx }: MoneyWork, keys: Keys, refund: Refund): Promise<TransferRecord> {
  const account = await openAccount(tx, keys, refund.organisationId);
  if (account === null) throw raise("BANK_ACCOUNT_MISSING", { use: "transfer" });
  const { bank, branch, accountKind, accountNumber } = account;
  return {
    bank,
    branch,
    accountKind,
    accountNumber,
    bankName: toFileText(account.bankName, "被仕向銀行名"),
    branchName: toFileText(account.branchName, "被仕向支店名"),
    holder: toFileText(account.holder, "受取人名"),
    amount: refund.amount,
    edi: "",
  };
}
