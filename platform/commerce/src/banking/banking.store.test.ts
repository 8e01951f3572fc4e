import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { loadKeys, type Keys } from "@yagura/server/secrets.ts";
import { openMoney, type Money } from "../../../../tests/support/money.ts";
import type { MoneyWork } from "../receivables/claims.ts";
import { dueReminders } from "../receivables/reminders.ts";
import { changeRefund, proposeRefund, refundsWhere } from "../receivables/refunds.ts";
import { openAccount, registerAccount, showAccount } from "./customer-accounts.ts";
import { readDebits, writeDebits, type DebitFile } from "./debit.ts";
import { importDebitResults, requestDebits } from "./debit-requests.ts";
import { writeNotices, type Deposit } from "./deposits.ts";
import { addCollectionAccount, fileBytes } from "./files.ts";
import { depositsWhere, importDeposits, matchDeposit, shownDeposit } from "./incoming.ts";
import { refundFile } from "./refund-files.ts";
import type { CustomerAccount } from "./shapes.ts";
import { readTransfers } from "./transfer.ts";

let money: Money;
let keys: Keys;
beforeAll(async () => {
  money = await openMoney("2026-12-20T03:00:00Z");
  keys = await loadKeys(money.platform.dataFolder);
});
afterAll(async () => money.stop());

const account: CustomerAccount = {
  bank: "0001",
  bankName: "ミズホ",
  branch: "123",
  branchName: "本店".replace("本店", "ホンテン"),
  accountKind: "ordinary",
  accountNumber: "1234567",
  holder: "カ）ヤマダショウカイ",
  debit: true,
};
const provider = {
  bank: "0009",
  bankName: "ミツイスミトモ",
  branch: "001",
  branchName: "トウキョウ",
  accountKind: "current",
  accountNumber: "7654321",
  holder: "ヤグラ（カ",
} as const;
const register = (organisation: OrganisationId, change: Partial<CustomerAccount> = {}) =>
  money.work(organisation, (work) => registerAccount(work, keys, organisation, { ...account, ...change }));
let codes = 0;
const collection = (use: "direct-debit" | "transfer") =>
  money.provider((work) =>
    addCollectionAccount(work, { ...provider, use, consignorCode: String(++codes).padStart(10, "0") }),
  );

describe("customers' bank accounts", () => {
  test("are sealed, shown with the last digits only, and readable by the own organisation alone", async () => {
    const [customer, other] = [await money.customer(), await money.customer()];
    await register(customer);
    const shown = await money.work(customer, ({ tx }) => showAccount(tx, customer));
    expect(shown).toMatchObject({ shown: "0001-123 普通 ****567", holder: "ｶ)ﾔﾏﾀﾞｼﾖｳｶｲ", debit: true });
    const { rows } = await money.provider(({ tx }) =>
      sql<{
        row: string;
      }>`select b::text as row from commerce.bank_account b where organisation_id = ${customer}`.execute(tx),
    );
    expect(rows[0]?.row).not.toContain("1234567");
    expect(await money.work(customer, ({ tx }) => openAccount(tx, keys, customer))).toMatchObject({
      accountNumber: "1234567",
    });
    await expect(money.work(other, ({ tx }) => showAccount(tx, customer))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(register(other, { holder: "山田" })).rejects.toMatchObject({
      code: "ZENGIN_CHARACTER",
      parameters: { field: "預金者名" },
    });
  });
});

describe("direct debit", () => {
  test("a request holds what is due, once; the result makes payments, once; failures keep their reason", async () => {
    const [a, b] = [await money.customer("甲"), await money.customer("乙")];
    await register(a);
    await register(b, { accountNumber: "7777777", holder: "オツ" });
    const first = await money.claim(a, { amount: 110_000, dueOn: "2026-11-27" });
    const second = await money.claim(a, { amount: 5_500, dueOn: "2026-11-27", service: "utm" });
    const later = await money.claim(a, { amount: 9, dueOn: "2026-12-31" });
    const failed = await money.claim(b, { amount: 2_200, dueOn: "2026-11-27" });
    const { id } = await collection("direct-debit");
    const request = () =>
      money.provider((work) =>
        requestDebits(work, keys, { accountId: id, debitOn: "2026-11-27", dueBy: "2026-11-30" }),
      );
    const { file, left } = await request();
    expect({ records: file.records, total: file.total, left }).toEqual({ records: 2, total: 117_700, left: [] });
    await expect(request()).rejects.toMatchObject({ code: "BANK_FILE_EMPTY" });
    const { bytes } = await money.provider(({ tx }) => fileBytes(tx, keys, file.id));
    const [written] = readDebits(bytes, "request");
    expect(
      written?.records
        .map(({ amount, newCode, accountNumber }) => ({ amount, newCode, accountNumber }))
        .toSorted((x, y) => y.amount - x.amount),
    ).toEqual([
      { amount: 115_500, newCode: "1", accountNumber: "1234567" },
      { amount: 2_200, newCode: "1", accountNumber: "7777777" },
    ]);
    // Nobody is reminded while the bank's answer is waited for.
    const reminded = async (organisation: OrganisationId, on: string) =>
      (await money.work(organisation, ({ tx }) => dueReminders(tx, organisation, on))).map(({ claim }) => claim.id);
    expect(await reminded(b, "2026-12-05")).toEqual([]);
    expect(await reminded(b, "2026-12-12")).toEqual([failed]);
    const answer = writeDebits(
      {
        ...(written as DebitFile),
        records: (written?.records ?? []).map((record) => ({ ...record, result: record.amount === 2_200 ? "1" : "0" })),
      },
      "crlf",
      "results",
    );
    const read = (file_: Uint8Array = answer) =>
      money.provider((work: MoneyWork) => importDebitResults(work, keys, "result.txt", file_));
    expect((await read()).result).toMatchObject({
      debited: 1,
      failed: 1,
      already: 0,
      total: 115_500,
      failures: [{ code: "1", meaning: { ja: "資金不足" } }],
    });
    expect((await read()).result).toMatchObject({ debited: 0, failed: 0, already: 2 });
    expect(await money.show(a, first)).toMatchObject({ state: "paid", settledOn: "2026-11-27" });
    expect(await money.show(a, second)).toMatchObject({ state: "paid" });
    expect(await money.show(a, later)).toMatchObject({ state: "open" });
    expect(await money.show(b, failed)).toMatchObject({ state: "open", paid: 0 });
    // What failed is asked for again on another day, now as a known account.
    const again = await money.provider((work) =>
      requestDebits(work, keys, { accountId: id, debitOn: "2026-12-18", dueBy: "2026-11-30" }),
    );
    expect(again.file).toMatchObject({ records: 1, total: 2_200 });
    const next = await money.provider(({ tx }) => fileBytes(tx, keys, again.file.id));
    expect(readDebits(next.bytes, "request")[0]?.records[0]?.newCode).toBe("0");
    const stranger = writeDebits(
      {
        ...(written as DebitFile),
        records: [{ ...((written as DebitFile).records[0] as DebitFile["records"][0]), customer: "9".repeat(20) }],
      },
      "crlf",
      "results",
    );
    await expect(read(stranger)).rejects.toMatchObject({ code: "DEBIT_RESULT_UNKNOWN", parameters: { record: 2 } });
  });

  test("two requests at once: a claim is in one of them", async () => {
    const customer = await money.customer();
    await register(customer, { accountNumber: "5555555" });
    await money.claim(customer, { amount: 800, dueOn: "2026-12-10" });
    const [one, two] = [await collection("direct-debit"), await collection("direct-debit")];
    const results = await Promise.allSettled(
      [one, two].map(({ id }) =>
        money.provider((work) =>
          requestDebits(work, keys, { accountId: id, debitOn: "2026-12-19", dueBy: "2026-12-10" }),
        ),
      ),
    );
    const made = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.file.total] : []));
    expect(made.reduce((sum, total) => sum + total, 0)).toBe(800);
  });
});

describe("refunds by bulk transfer", () => {
  test("RNS-63 what was overpaid leaves in a file of kind 21; without an account it is told", async () => {
    const [customer, other] = [await money.customer(), await money.customer()];
    await register(customer);
    const { id } = await collection("transfer");
    for (const organisation of [customer, other]) {
      const { payment } = await money.pay(organisation, "2026-12-01", 1_234);
      await money.work(organisation, (work) =>
        proposeRefund(work, organisation, payment.id, { amount: 1_234, on: "2026-12-20" }),
      );
    }
    const { file, left } = await money.provider((work) =>
      refundFile(work, keys, { accountId: id, transferOn: "2026-12-25", lineEnds: "none" }),
    );
    expect(left).toMatchObject([{ organisationId: other }]);
    const { bytes } = await money.provider(({ tx }) => fileBytes(tx, keys, file.id));
    expect(readTransfers(bytes)[0]?.records).toMatchObject([
      { amount: 1_234, holder: "ｶ)ﾔﾏﾀﾞｼﾖｳｶｲ", accountNumber: "1234567" },
    ]);
    const [refund] = await money.work(customer, ({ tx }) => refundsWhere(tx, sql`r.organisation_id = ${customer}`));
    expect(refund).toMatchObject({ state: "exported", on: "2026-12-25", fileId: file.id });
    expect((await money.work(customer, (work) => changeRefund(work, customer, refund?.id ?? "", "paid"))).state).toBe(
      "paid",
    );
  });
});

describe("deposits", () => {
  const deposit = (change: Partial<Deposit>): Deposit => ({
    inquiry: "000001",
    on: "2026-12-10",
    amount: 33_000,
    payer: "ﾃｽﾄｼﾖｳｼﾞ(ｶ",
    payerCode: "",
    edi: "",
    bank: "ﾐｽﾞﾎ ﾎﾝﾃﾝ",
    cancelled: false,
    ...change,
  });
  const read = (deposits: readonly Deposit[], lineEnds: "crlf" | "none" = "crlf") =>
    money.provider((work) =>
      importDeposits(
        work,
        keys,
        "in.txt",
        writeNotices({ bank: "0009", branch: "001", accountNumber: "7654321", deposits }, "2026-12-11", lineEnds),
      ),
    );

  test("are kept once, proposed, confirmed and remembered; a cancelled one takes its payment back", async () => {
    const customer = await money.customer("テスト商事");
    const claim = await money.claim(customer, { amount: 33_000, dueOn: "2026-11-30" });
    const first = await read([deposit({}), deposit({}), deposit({ inquiry: "000002", amount: 7, payer: "ﾍﾞﾂﾉﾋﾄ" })]);
    expect(first.result).toMatchObject({ deposits: 3, already: 0, matched: 0 });
    expect(
      (await read([deposit({}), deposit({}), deposit({ inquiry: "000003", amount: 8 })], "none")).result,
    ).toMatchObject({ deposits: 1, already: 2 });
    const [row] = await money.provider(({ tx }) => depositsWhere(tx, sql`amount = 33000 and state = 'unmatched'`));
    const shown = await money.provider(({ tx }) => shownDeposit(tx, row as NonNullable<typeof row>));
    expect(shown.proposals[0]).toMatchObject({ organisationId: customer, reasons: ["amount-of-claim"] });
    const match = () => money.provider((work) => matchDeposit(work, row?.id ?? "", { organisationId: customer }));
    await match();
    await expect(match()).rejects.toMatchObject({ code: "DEPOSIT_DECIDED" });
    expect(await money.show(customer, claim)).toMatchObject({ state: "paid", settledOn: "2026-12-10" });
    // The name is known from now on.
    const next = await money.claim(customer, { amount: 500, dueOn: "2026-12-31" });
    await read([deposit({ inquiry: "000009", amount: 500 })]);
    const [second] = await money.provider(({ tx }) => depositsWhere(tx, sql`amount = 500 and state = 'unmatched'`));
    expect(
      (await money.provider(({ tx }) => shownDeposit(tx, second as NonNullable<typeof second>))).proposals[0],
    ).toMatchObject({ organisationId: customer, score: 75 });
    expect((await money.show(customer, next)).state).toBe("open");
    await money.provider(({ tx }) =>
      sql`update commerce.deposit set state = 'ignored' where amount = 33000 and state = 'unmatched' and id <> ${row?.id ?? ""}`.execute(
        tx,
      ),
    );
    await money.provider(({ tx }) => sql`delete from commerce.deposit where state = 'ignored'`.execute(tx));
    const back = await read([deposit({ inquiry: "000010", on: "2026-12-12", cancelled: true })]);
    expect(back.payments).toHaveLength(1);
    expect(await money.show(customer, claim)).toMatchObject({ state: "open", paid: 0 });
  });

  test("what is beyond doubt is taken without asking only where the setting says so", async () => {
    const customer = await money.customer("オート商事");
    await register(customer, { holder: "オートショウジ", virtualAccount: "0088888" });
    const claim = await money.claim(customer, { amount: 41_000, dueOn: "2026-11-30" });
    expect((await read([deposit({ inquiry: "100001", amount: 41_000, payer: "ｵ-ﾄｼﾖｳｼﾞ" })])).result.matched).toBe(0);
    await money.provider(({ tx, now }) =>
      sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
        values (gen_random_uuid(), '*', 'deposit-auto-match', 'true', daterange(null, null), 'test', ${now})`.execute(
        tx,
      ),
    );
    expect((await read([deposit({ inquiry: "100002", amount: 41_000, payer: "ｵ-ﾄｼﾖｳｼﾞ" })])).result.matched).toBe(1);
    expect((await money.show(customer, claim)).state).toBe("paid");
    const other = await money.claim(customer, { amount: 600, dueOn: "2026-12-31" });
    expect(
      (await read([deposit({ inquiry: "100003", amount: 600, payer: "ﾍﾞﾂﾒｲｷﾞ", payerCode: "0000088888" })])).result
        .matched,
    ).toBe(1);
    expect((await money.show(customer, other)).state).toBe("paid");
    expect((await read([deposit({ inquiry: "100004", amount: 123_456_789, payer: "ﾀﾞﾚｶ" })])).result.matched).toBe(0);
  });
});
