/** Files to and from the bank as they were: sealed, since account numbers stand in them, and told apart by their hash. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import type { Static } from "typebox";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { MoneyWork } from "../receivables/claims.ts";
import type { Consignor } from "./accounts.ts";
import { raise } from "./errors.ts";
import type { BankFileItem, CollectionAccount, CollectionAccountItem } from "./shapes.ts";

export interface NewBankFile {
  readonly kind: BankFileItem["kind"];
  readonly name: string;
  readonly onDay: Day | null;
  readonly records: number;
  readonly total: number;
  readonly bytes: Uint8Array;
}

/** `known`: the same bytes came before. */
export async function keepFile(
  work: MoneyWork,
  keys: Keys,
  file: NewBankFile,
): Promise<{ item: BankFileItem; known: boolean }> {
  const { tx, now } = work;
  const sha256 = createHash("sha256").update(file.bytes).digest("hex");
  const [before] = await filesWhere(tx, sql`kind = ${file.kind} and sha256 = ${sha256}`);
  if (before !== undefined) return { item: before, known: true };
  const id = newId();
  await sql`insert into commerce.bank_file (id, kind, name, on_day, records, total, sha256, sealed, made_by, made_at)
    values (${id}, ${file.kind}, ${file.name}, ${file.onDay}::date, ${file.records}, ${file.total}, ${sha256},
      ${keys.seal(file.bytes, `bank-file:${id}`)}, ${actorName(work)}, ${now})`.execute(tx);
  const [item] = await filesWhere(tx, sql`id = ${id}`);
  if (item === undefined) throw new Error("the file was not kept");
  return { item, known: false };
}

export async function filesWhere(tx: Tx, condition: ReturnType<typeof sql>): Promise<BankFileItem[]> {
  const { rows } = await sql<Omit<BankFileItem, "at" | "total"> & { at: Date; total: string }>`
    select id, kind, name, on_day::text as "onDay", records, total, sha256, made_at as at, made_by as by
    from commerce.bank_file where ${condition} order by made_at desc, id desc limit 500`.execute(tx);
  return rows.map(({ at, total, ...row }) => ({ ...row, at: at.toISOString(), total: Number(total) }));
}

export async function fileBytes(tx: Tx, keys: Keys, id: Uuid): Promise<{ name: string; bytes: Buffer }> {
  const { rows } = await sql<{
    name: string;
    sealed: Buffer;
  }>`select name, sealed from commerce.bank_file where id = ${id}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return { name: found.name, bytes: keys.open(found.sealed, `bank-file:${id}`) };
}

// The provider's own accounts ------------------------------------------------------------------------------------------

type Collection = Static<typeof CollectionAccountItem>;

export async function addCollectionAccount({ tx, now }: MoneyWork, account: CollectionAccount): Promise<Collection> {
  const id = newId();
  await sql`insert into commerce.collection_account (id, use, consignor_code, bank, bank_name, branch, branch_name, account_kind,
      account_number, holder, created_at)
    values (${id}, ${account.use}, ${account.consignorCode}, ${account.bank}, ${account.bankName}, ${account.branch},
      ${account.branchName}, ${account.accountKind}, ${account.accountNumber}, ${account.holder}, ${now})`.execute(tx);
  return { id, ...account };
}

export async function collectionAccounts(tx: Tx): Promise<Collection[]> {
  return (
    await sql<Collection>`select id, use, consignor_code as "consignorCode", bank, bank_name as "bankName", branch,
      branch_name as "branchName", account_kind as "accountKind", account_number as "accountNumber", holder
      from commerce.collection_account order by created_at, id`.execute(tx)
  ).rows;
}

/** BANK_ACCOUNT_MISSING when there is none of that id and use. */
export async function consignorOf(tx: Tx, id: Uuid, use: CollectionAccount["use"]): Promise<Consignor> {
  const found = (await collectionAccounts(tx)).find((one) => one.id === id && one.use === use);
  if (found === undefined) throw raise("BANK_ACCOUNT_MISSING", { use });
  const { consignorCode: code, holder: name, ...account } = found;
  return { ...account, code, name };
}
