/** Direct debit: the request of a day, and what the bank answers. A claim is never in two requests that wait for an answer. */
import { sql } from "kysely";
import type { Static } from "typebox";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { YaguraError } from "@yagura/core/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import { claimsWhere, leftOf, lockMoney, type ClaimRow, type MoneyWork } from "../receivables/claims.ts";
import { recordPayment, type PaymentDone } from "../receivables/payments.ts";
import { openAccount } from "./customer-accounts.ts";
import { debitResults, monthDayOf, readDebits, writeDebits, type DebitFile, type DebitRecord } from "./debit.ts";
import { raise } from "./errors.ts";
import { consignorOf, keepFile } from "./files.ts";
import type { BankFileItem, DebitResult, NewDebitRequest } from "./shapes.ts";
import { toFileText } from "./text.ts";

export interface Left {
  readonly organisationId: OrganisationId;
  readonly reason: string;
}
interface Wanted {
  readonly organisation: OrganisationId;
  readonly claims: readonly ClaimRow[];
  readonly record: DebitRecord;
}

/** BANK_ACCOUNT_MISSING, BANK_FILE_EMPTY, BANK_FILE_KNOWN. Customers whose data the file cannot hold are left out and told. */
export async function requestDebits(
  work: MoneyWork,
  keys: Keys,
  input: Static<typeof NewDebitRequest>,
): Promise<{ file: BankFileItem; left: Left[] }> {
  const { tx } = work;
  const consignor = await consignorOf(tx, input.accountId, "direct-debit");
  const { wanted, left } = await toDebit(work, keys, input.dueBy);
  if (wanted.length === 0) throw raise("BANK_FILE_EMPTY");
  const file: DebitFile = {
    consignor,
    monthDay: monthDayOf(input.debitOn),
    records: wanted.map(({ record }) => record),
  };
  const { item } = await keepFile(work, keys, {
    kind: "debit-request",
    name: `debit-${input.debitOn}.txt`,
    onDay: input.debitOn,
    records: wanted.length,
    total: wanted.reduce((sum, { record }) => sum + record.amount, 0),
    bytes: writeDebits(file, input.lineEnds ?? "crlf"),
  });
  await keepItems(work, item.id, consignor.code, input.debitOn, wanted);
  return { file: item, left };
}

/** Customers with a mandate and claims that are due by the day and in no request that still waits. */
async function toDebit(work: MoneyWork, keys: Keys, dueBy: Day): Promise<{ wanted: Wanted[]; left: Left[] }> {
  const { tx } = work;
  const { rows } = await sql<{ organisation: OrganisationId; customer: string; before: boolean }>`
    select b.organisation_id as organisation, b.customer_number as customer, b.debited_before as before
    from commerce.bank_account b where b.debit and exists (select 1 from commerce.claim c
      where c.organisation_id = b.organisation_id and c.state = 'open' and c.due_now <= ${dueBy}::date)
    order by b.organisation_id`.execute(tx);
  // In one order for everybody: each customer's money is locked until the end.
  const wanted: Wanted[] = [];
  const left: Left[] = [];
  for (const { organisation, customer, before } of rows) {
    await lockMoney(tx, organisation);
    const claims = (
      await claimsWhere(
        tx,
        sql`c.organisation_id = ${organisation} and c.state = 'open' and c.due_now <= ${dueBy}::date
          and not exists (select 1 from commerce.debit_item d where d.organisation_id = c.organisation_id and d.result is null
            and d.claims @> jsonb_build_array(c.id))`,
      )
    ).filter((claim) => leftOf(claim) > 0);
    if (claims.length === 0) continue;
    try {
      const record = await recordOf(work, keys, organisation, { customer, before }, claims);
      wanted.push({ organisation, claims, record });
    } catch (error) {
      if (!(error instanceof YaguraError)) throw error;
      left.push({ organisationId: organisation, reason: error.message });
    }
  }
  return { wanted, left };
}

async function recordOf(
  { tx }: MoneyWork,
  keys: Keys,
  organisation: OrganisationId,
  { customer, before }: { readonly customer: string; readonly before: boolean },
  claims: readonly ClaimRow[],
): Promise<DebitRecord> {
  const account = await openAccount(tx, keys, organisation);
  if (account === null) throw raise("BANK_ACCOUNT_MISSING", { use: "direct-debit" });
  const { bank, branch, accountKind, accountNumber } = account;
  return {
    bank,
    branch,
    accountKind,
    accountNumber,
    bankName: toFileText(account.bankName, "引落銀行名"),
    branchName: toFileText(account.branchName, "引落支店名"),
    holder: toFileText(account.holder, "預金者名"),
    amount: claims.reduce((sum, claim) => sum + leftOf(claim), 0),
    newCode: before ? "0" : "1",
    customer,
    result: "0",
  };
}

async function keepItems(
  { tx }: MoneyWork,
  file: Uuid,
  consignor: string,
  debitOn: Day,
  wanted: readonly Wanted[],
): Promise<void> {
  const column = <T>(get: (one: Wanted) => T): T[] => wanted.map(get);
  const { rows } =
    await sql`insert into commerce.debit_item (id, organisation_id, file_id, customer_number, consignor_code, debit_on,
      amount, claims)
    select id, organisation, ${file}, customer, ${consignor}, ${debitOn}::date, amount, claims
    from unnest(${column(() => newId())}::uuid[], ${column(({ organisation }) => organisation)}::uuid[],
      ${column(({ record }) => record.customer)}::text[], ${column(({ record }) => record.amount)}::bigint[],
      ${column(({ claims }) => JSON.stringify(claims.map(({ id }) => id)))}::jsonb[]) as t (id, organisation, customer, amount, claims)
    on conflict (consignor_code, debit_on, customer_number) do nothing returning id`.execute(tx);
  if (rows.length < wanted.length) throw raise("BANK_FILE_KNOWN", { day: debitOn, count: wanted.length - rows.length });
  await sql`update commerce.bank_account set debited_before = true
    where organisation_id = any(${column(({ organisation }) => organisation)}::uuid[])`.execute(tx);
}

interface Item {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly debitOn: Day;
  readonly amount: string;
  readonly result: string | null;
}

export interface DebitsImported {
  readonly result: Static<typeof DebitResult>;
  /** To be audited. */
  readonly payments: readonly { readonly organisation: OrganisationId; readonly done: PaymentDone }[];
}

/**
 * Reads a result file: what was debited is recorded as paid on the day of the debit, once; the rest keeps its reason. The same
 * file again changes nothing. Nothing at all is recorded of a file with a record that we never asked for (DEBIT_RESULT_UNKNOWN).
 */
export async function importDebitResults(
  work: MoneyWork,
  keys: Keys,
  name: string,
  bytes: Uint8Array,
): Promise<DebitsImported> {
  const files = readDebits(bytes, "results");
  const records = files.flatMap(({ consignor, monthDay, records: list }) =>
    list.map((record) => ({ consignor: consignor.code, monthDay, record })),
  );
  const payments: { organisation: OrganisationId; done: PaymentDone }[] = [];
  const counts = { debited: 0, failed: 0, already: 0, total: 0 };
  const failures: Static<typeof DebitResult>["failures"] = [];
  for (const [index, { consignor, monthDay, record }] of records.entries()) {
    const item = await itemOf(work, consignor, monthDay, record, index + 2);
    if (item.result !== null) {
      counts.already++;
      continue;
    }
    const done = record.result === "0" ? await paid(work, item) : null;
    await sql`update commerce.debit_item set result = ${record.result}, result_at = ${work.now}, payment_id = ${done?.payment.id ?? null}
      where id = ${item.id}`.execute(work.tx);
    if (done === null) {
      counts.failed++;
      failures.push({ customerNumber: record.customer, code: record.result, meaning: meaningOf(record.result) });
    } else {
      counts.debited++;
      counts.total += record.amount;
      payments.push({ organisation: item.organisation, done });
    }
  }
  const total = records.reduce((sum, { record }) => sum + record.amount, 0);
  await keepFile(work, keys, { kind: "debit-result", name, onDay: null, records: records.length, total, bytes });
  return { result: { ...counts, failures }, payments };
}

const meaningOf = (code: string) => {
  const { ja, en } = debitResults[code] ?? { ja: code, en: code };
  return { ja, en };
};

async function itemOf(
  { tx }: MoneyWork,
  consignor: string,
  monthDay: string,
  record: DebitRecord,
  at: number,
): Promise<Item> {
  const { rows } =
    await sql<Item>`select id, organisation_id as organisation, debit_on::text as "debitOn", amount, result
    from commerce.debit_item where consignor_code = ${consignor} and customer_number = ${record.customer}
      and to_char(debit_on, 'MMDD') = ${monthDay} order by debit_on desc limit 1 for update`.execute(tx);
  const [item] = rows;
  if (item === undefined || Number(item.amount) !== record.amount) {
    throw raise("DEBIT_RESULT_UNKNOWN", { record: at, customer: record.customer, day: monthDay });
  }
  return item;
}

const paid = (work: MoneyWork, item: Item): Promise<PaymentDone> =>
  recordPayment(work, item.organisation, {
    paidOn: item.debitOn,
    amount: Number(item.amount),
    way: "direct-debit",
    sourceKey: `debit:${item.id}`,
  });
