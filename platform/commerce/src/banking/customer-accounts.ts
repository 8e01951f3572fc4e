/** Customers' bank accounts: sealed with the installation's key, shown with the last digits only. */
import { sql } from "kysely";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { loadKeys, type Keys } from "@yagura/server/secrets.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Static } from "typebox";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { MoneyWork } from "../receivables/claims.ts";
import { raise } from "./errors.ts";
import type { CustomerAccount, CustomerAccountShown } from "./shapes.ts";
import { comparable, toFileText } from "./text.ts";

export const keysOf = (platform: Platform): Promise<Keys> => loadKeys(platform.dataFolder);

/** Room for a holder's name in a bank's file. */
const HOLDER = 30;
const kinds = { ordinary: "普通", current: "当座", savings: "貯蓄", other: "その他" } as const;

/** `0001-123 普通 ****567`: enough to tell two accounts apart, too little to use one. */
export const masked = ({ bank, branch, accountKind, accountNumber }: CustomerAccount): string =>
  `${bank}-${branch} ${kinds[accountKind]} ****${accountNumber.padStart(7, "0").slice(-3)}`;

const about = (organisation: OrganisationId): string => `bank-account:${organisation}`;

/**
 * Registers or replaces the account; the customer's number in bank files stays. ZENGIN_CHARACTER and ZENGIN_TOO_LONG name what a
 * bank file could not hold, so that it is found now and not on the day of the file.
 */
export async function registerAccount(
  work: MoneyWork,
  keys: Keys,
  organisation: OrganisationId,
  account: CustomerAccount,
): Promise<void> {
  const { tx, now } = work;
  const holder = toFileText(account.holder, "預金者名");
  if (holder.length > HOLDER) {
    throw raise("ZENGIN_TOO_LONG", { field: "預金者名", length: holder.length, limit: HOLDER, value: account.holder });
  }
  toFileText(account.bankName, "銀行名");
  toFileText(account.branchName, "支店名");
  const before = await openAccount(tx, keys, organisation);
  const same =
    before !== null &&
    before.bank === account.bank &&
    before.branch === account.branch &&
    before.accountNumber === account.accountNumber;
  const { rows } = await sql<{ n: string }>`select nextval('commerce.debit_customer_counter') as n`.execute(tx);
  const sealed = keys.seal(Buffer.from(JSON.stringify({ ...account, holder })), about(organisation));
  await sql`insert into commerce.bank_account (organisation_id, sealed, shown, bank, branch, holder, debit, customer_number,
      virtual_account, registered_by, registered_at)
    values (${organisation}, ${sealed}, ${masked(account)}, ${account.bank}, ${account.branch}, ${holder}, ${account.debit},
      ${String(rows[0]?.n).padStart(20, "0")}, ${account.virtualAccount ?? null}, ${actorName(work)}, ${now})
    on conflict (organisation_id) do update set sealed = excluded.sealed, shown = excluded.shown, bank = excluded.bank,
      branch = excluded.branch, holder = excluded.holder, debit = excluded.debit, virtual_account = excluded.virtual_account,
      debited_before = commerce.bank_account.debited_before and ${same}, registered_by = excluded.registered_by,
      registered_at = excluded.registered_at`.execute(tx);
  await rememberName(work, organisation, holder);
}

/** A name under which the customer's transfers come in. */
export async function rememberName({ tx, now }: MoneyWork, organisation: OrganisationId, payer: string): Promise<void> {
  const name = comparable(payer);
  if (name === "") return;
  await sql`insert into commerce.payer_name (id, organisation_id, name, learnt_at)
    values (${newId()}, ${organisation}, ${name}, ${now}) on conflict (organisation_id, name) do nothing`.execute(tx);
}

/** The whole account, for a bank file only. Null when there is none. */
export async function openAccount(tx: Tx, keys: Keys, organisation: OrganisationId): Promise<CustomerAccount | null> {
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from commerce.bank_account
    where organisation_id = ${organisation}`.execute(tx);
  const [found] = rows;
  return found === undefined
    ? null
    : (JSON.parse(keys.open(found.sealed, about(organisation)).toString()) as CustomerAccount);
}

export async function showAccount(tx: Tx, organisation: OrganisationId): Promise<Static<typeof CustomerAccountShown>> {
  const { rows } = await sql<Omit<Static<typeof CustomerAccountShown>, "registeredAt"> & { registeredAt: Date }>`
    select shown, bank, branch, holder, debit, customer_number as "customerNumber", virtual_account as "virtualAccount",
      registered_at as "registeredAt" from commerce.bank_account where organisation_id = ${organisation}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return { ...found, registeredAt: found.registeredAt.toISOString() };
}

export async function forgetAccount(tx: Tx, organisation: OrganisationId): Promise<void> {
  await sql`delete from commerce.bank_account where organisation_id = ${organisation}`.execute(tx);
}
