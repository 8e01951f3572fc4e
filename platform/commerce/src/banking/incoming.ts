/** Deposits that a bank told of: kept once, matched to customers, turned into payments. */
import { createHash } from "node:crypto";
import { sql, type RawBuilder } from "kysely";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { YaguraError } from "@yagura/core/errors.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import type { Static } from "typebox";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { index } from "../charging/index.ts";
import type { MoneyWork } from "../receivables/claims.ts";
import { recordPayment, reversePayment, type PaymentDone } from "../receivables/payments.ts";
import { loadTables } from "../terms/load.ts";
import { candidatesFor } from "./candidates.ts";
import { rememberName } from "./customer-accounts.ts";
import { readDeposits, type Deposit, type DepositFile } from "./deposits.ts";
import { raise } from "./errors.ts";
import { keepFile } from "./files.ts";
import { certain, propose, type Incoming } from "./matching.ts";
import type { DepositImportResult, DepositItem } from "./shapes.ts";

export interface DepositRow extends Incoming {
  readonly id: Uuid;
  readonly fileId: Uuid;
  readonly onDay: Day;
  readonly bank: string;
  readonly state: DepositItem["state"];
  readonly organisationId: OrganisationId | null;
  readonly paymentId: Uuid | null;
  readonly note: string;
}

export async function depositsWhere(
  tx: Tx,
  condition: RawBuilder<unknown>,
  limit = 200,
  offset = 0,
): Promise<DepositRow[]> {
  const { rows } = await sql<Omit<DepositRow, "amount"> & { amount: string }>`
    select id, file_id as "fileId", on_day::text as "onDay", amount, payer, payer_code as "payerCode", edi, bank,
      virtual_account as "virtualAccount", state, matched_organisation as "organisationId", payment_id as "paymentId", note
    from commerce.deposit where ${condition} order by on_day desc, id desc limit ${limit} offset ${offset}`.execute(tx);
  return rows.map(({ amount, ...row }) => Object.assign(row, { amount: Number(amount) }));
}

/** With proposals where nobody has decided yet. */
export async function shownDeposit(tx: Tx, { virtualAccount, ...row }: DepositRow): Promise<DepositItem> {
  const incoming = { ...row, virtualAccount };
  return { ...row, proposals: row.state === "unmatched" ? propose(incoming, await candidatesFor(tx, incoming)) : [] };
}

export interface DepositsImported {
  readonly result: Static<typeof DepositImportResult>;
  /** To be audited. */
  readonly payments: readonly { readonly organisation: OrganisationId; readonly done: PaymentDone }[];
}

/** Reads a file of either kind. A deposit that came before, in this file or another, is passed over. */
export async function importDeposits(
  work: MoneyWork,
  keys: Keys,
  name: string,
  bytes: Uint8Array,
): Promise<DepositsImported> {
  const files = readDeposits(bytes, dayOf(work.now));
  const all = files.flatMap((file) => file.deposits.map((deposit) => ({ file, deposit })));
  const { item } = await keepFile(work, keys, {
    kind: "deposits",
    name,
    onDay:
      all
        .map(({ deposit }) => deposit.on)
        .toSorted()
        .at(-1) ?? null,
    records: all.length,
    total: all.reduce((sum, { deposit }) => sum + (deposit.cancelled ? 0 : deposit.amount), 0),
    bytes,
  });
  const payments: { organisation: OrganisationId; done: PaymentDone }[] = [];
  const seen = new Map<string, number>();
  const automatic = await mayMatch(work);
  let [fresh, matched] = [0, 0];
  for (const { file, deposit } of all) {
    const id = await keep(work, item.id, file, deposit, seen);
    if (id === null) continue;
    fresh++;
    if (deposit.cancelled) {
      payments.push(...(await takeBack(work, id, deposit)));
    } else if (automatic) {
      const done = await matchAlone(work, id);
      if (done !== null) {
        matched++;
        payments.push(done);
      }
    }
  }
  return { result: { file: item, deposits: fresh, already: all.length - fresh, matched }, payments };
}

/** Setting `deposit-auto-match`: true lets proposals that are beyond doubt through without asking. */
async function mayMatch({ tx, now }: MoneyWork): Promise<boolean> {
  return index(await loadTables(tx)).setting("*", "deposit-auto-match", dayOf(now)) === true;
}

/** Null when it is known. Two equal deposits of one file are two: their place among equals is part of the fingerprint. */
async function keep(
  { tx }: MoneyWork,
  fileId: Uuid,
  file: DepositFile,
  deposit: Deposit,
  seen: Map<string, number>,
): Promise<Uuid | null> {
  const { on, inquiry, amount, payer, payerCode, edi, cancelled } = deposit;
  const text = JSON.stringify([
    file.bank,
    file.branch,
    file.accountNumber,
    on,
    inquiry,
    amount,
    payer,
    payerCode,
    edi,
    cancelled,
  ]);
  const place = seen.get(text) ?? 0;
  seen.set(text, place + 1);
  const fingerprint = createHash("sha256").update(`${text} ${place}`).digest("hex");
  // A virtual account is told as the payer's code, or is itself the account of the file.
  const virtual = [payerCode, file.accountNumber].map((number) => number.replace(/^0+/, "")).filter(Boolean);
  const { rows } = await sql<{
    id: Uuid;
  }>`insert into commerce.deposit (id, file_id, fingerprint, on_day, amount, payer, payer_code, edi,
      bank, virtual_account, state)
    values (${newId()}, ${fileId}, ${fingerprint}, ${on}::date, ${amount}, ${payer}, ${payerCode}, ${edi}, ${deposit.bank},
      (select b.virtual_account from commerce.bank_account b where ltrim(b.virtual_account, '0') = any(${virtual}::text[]) limit 1),
      ${cancelled ? "cancelled" : "unmatched"})
    on conflict (fingerprint) do nothing returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

/** The bank took a deposit back: the newest equal one, and its payment with it. */
async function takeBack(
  work: MoneyWork,
  id: Uuid,
  deposit: Deposit,
): Promise<{ organisation: OrganisationId; done: PaymentDone }[]> {
  const { tx } = work;
  const [before] = await depositsWhere(
    tx,
    sql`id <> ${id} and amount = ${deposit.amount} and payer = ${deposit.payer} and on_day <= ${deposit.on}::date
      and state in ('unmatched', 'matched', 'ignored')`,
    1,
  );
  if (before === undefined) return [];
  await sql`update commerce.deposit set state = 'cancelled', decided_by = ${actorName(work)}, decided_at = ${work.now}
    where id = ${before.id}`.execute(tx);
  if (before.organisationId === null || before.paymentId === null) return [];
  try {
    const done = await reversePayment(work, before.organisationId, before.paymentId, {
      on: deposit.on,
      reason: "振込の取消 (cancelled by the bank)",
      sourceKey: `deposit-cancelled:${id}`,
    });
    return [{ organisation: before.organisationId, done }];
  } catch (error) {
    // Sent back or taken back already: the rest of the file comes in all the same, and staff sees why.
    if (!(error instanceof YaguraError)) throw error;
    await sql`update commerce.deposit set note = ${error.message.slice(0, 500)} where id = ${id}`.execute(tx);
    return [];
  }
}

async function matchAlone(
  work: MoneyWork,
  id: Uuid,
): Promise<{ organisation: OrganisationId; done: PaymentDone } | null> {
  const [deposit] = await depositsWhere(work.tx, sql`id = ${id}`);
  if (deposit === undefined) return null;
  const found = certain(propose(deposit, await candidatesFor(work.tx, deposit)));
  if (found === null) return null;
  const done = await matchDeposit(work, id, {
    organisationId: found.organisationId,
    remember: false,
    ...(found.claimId === null ? {} : { claimId: found.claimId }),
  });
  return { organisation: found.organisationId, done };
}

/** Somebody says whose it is: it becomes a payment, and the payer's name is remembered. DEPOSIT_DECIDED. */
export async function matchDeposit(
  work: MoneyWork,
  id: Uuid,
  input: { readonly organisationId: OrganisationId; readonly claimId?: Uuid; readonly remember?: boolean },
): Promise<PaymentDone> {
  const { tx, now } = work;
  const deposit = await undecided(tx, id);
  const known = await sql`select 1 from server.organisation where id = ${input.organisationId}`.execute(tx);
  if (known.rows.length === 0) throw raiseServer("NOT_FOUND");
  const done = await recordPayment(work, input.organisationId, {
    paidOn: deposit.onDay,
    amount: deposit.amount,
    way: "transfer",
    reference: [deposit.payer, deposit.edi].filter(Boolean).join(" ").slice(0, 200),
    sourceKey: `deposit:${id}`,
    ...(input.claimId === undefined ? {} : { claimId: input.claimId }),
  });
  await sql`update commerce.deposit set state = 'matched', matched_organisation = ${input.organisationId}, payment_id = ${done.payment.id},
      decided_by = ${actorName(work)}, decided_at = ${now} where id = ${id}`.execute(tx);
  if (input.remember !== false) await rememberName(work, input.organisationId, deposit.payer);
  return done;
}

/** No payment of a customer (interest of the bank, our own transfer). DEPOSIT_DECIDED. */
export async function ignoreDeposit(work: MoneyWork, id: Uuid, note: string): Promise<void> {
  await undecided(work.tx, id);
  await sql`update commerce.deposit set state = 'ignored', note = ${note}, decided_by = ${actorName(work)}, decided_at = ${work.now}
    where id = ${id}`.execute(work.tx);
}

async function undecided(tx: Tx, id: Uuid): Promise<DepositRow> {
  await sql`select 1 from commerce.deposit where id = ${id} for update`.execute(tx);
  const [deposit] = await depositsWhere(tx, sql`id = ${id}`);
  if (deposit === undefined) throw raiseServer("NOT_FOUND");
  if (deposit.state !== "unmatched") throw raise("DEPOSIT_DECIDED", { state: deposit.state });
  return deposit;
}
