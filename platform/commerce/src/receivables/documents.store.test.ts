import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { loadKeys, type Keys } from "@yagura/server/secrets.ts";
import { openMoney, type Money } from "../../../../tests/support/money.ts";
import { registerAccount } from "../banking/customer-accounts.ts";
import { certificatePaper } from "./certificate-pdf.ts";
import { issueCertificate } from "./certificates.ts";
import { assignClaims, importStates, transferFile } from "./claim-transfers.ts";
import { interestLines } from "./interest.ts";
import { dueReminders } from "./reminders.ts";
import { exportReceivables, eraseReceivables } from "./organisation-data.ts";
import type { NewCertificate } from "./shapes.ts";
import { statementOf } from "./statement.ts";
import type { Static } from "typebox";

let money: Money;
let keys: Keys;
beforeAll(async () => {
  money = await openMoney("2026-12-20T03:00:00Z");
  keys = await loadKeys(money.platform.dataFolder);
});
afterAll(async () => money.stop());

const facts = async (contract: Uuid) =>
  (
    await money.provider(({ tx }) =>
      sql<{
        kind: string;
        payload: object;
      }>`select kind, payload from commerce.contract_fact where contract_id = ${contract}`.execute(tx),
    )
  ).rows;
const issue = (organisation: OrganisationId, request: Partial<Static<typeof NewCertificate>> & { contractId: Uuid }) =>
  money.work(organisation, (work) =>
    issueCertificate(work, organisation, {
      kind: "payment-certificate",
      from: "2026-10-01",
      to: "2026-12-31",
      postage: 110,
      consent: "電話 2026-12-20",
      ...request,
    }),
  );

describe("documents that bear a fee", () => {
  test("UTM-57 a payment certificate covers what was paid to us in the period, and its fee and postage become a fact, once", async () => {
    const customer = await money.customer("証明商事");
    const contract = await money.contractOf(customer, "utm", "gateway");
    const claim = await money.claim(customer, {
      service: "utm",
      amount: 2_750,
      dueOn: "2026-10-31",
      contract: contract.id,
    });
    await money.claim(customer, { service: "utm", amount: 2_750, dueOn: "2026-11-30", contract: contract.id });
    await money.claim(customer, { service: "security", amount: 9_999, dueOn: "2026-12-31" });
    await expect(issue(customer, { contractId: contract.id })).rejects.toMatchObject({ code: "CERTIFICATE_EMPTY" });
    await money.pay(customer, "2026-10-31", 2_750);
    await money.pay(customer, "2026-11-20", 1_000);
    const { item } = await issue(customer, { contractId: contract.id, requestKey: "r1" });
    const again = await issue(customer, { contractId: contract.id, requestKey: "r1" });
    expect([again.made, again.item.id]).toEqual([false, item.id]);
    expect(item.content).toMatchObject({ recipient: "証明商事", contract: contract.number, total: 3_750, lines: [] });
    expect(item.content.payments.map(({ paidOn, amount }) => [paidOn, amount])).toEqual([
      ["2026-10-31", 2_750],
      ["2026-11-20", 1_000],
    ]);
    expect(await facts(contract.id)).toEqual([
      { kind: "document-issued", payload: { item: "payment-certificate", postage: 110 } },
    ]);
    await expect(
      issue(customer, { contractId: contract.id, requestKey: "r1", to: "2026-11-30" }),
    ).rejects.toMatchObject({ code: "CERTIFICATE_KEY_DIFFERS" });
    const paper = await certificatePaper(item.content, "ja");
    expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
    // Not for what was assigned to a billing operator.
    await money.provider(({ tx }) =>
      sql`update commerce.claim set assigned = 0, state = 'assigned' where id = ${claim}`.execute(tx),
    );
    expect((await issue(customer, { contractId: contract.id })).item.content.total).toBe(1_000);
  });

  test("UTM-56 W-UTM-16 a qualified invoice on request tells the tax as it was billed; refused without a registration number", async () => {
    const customer = await money.customer();
    const contract = await money.contractOf(customer, "utm", "gateway");
    await money.claim(customer, { service: "utm", amount: 1_865, dueOn: "2026-10-31", contract: contract.id });
    await money.claim(customer, { service: "utm", amount: 1_865, dueOn: "2026-11-30", contract: contract.id });
    const request = { contractId: contract.id, kind: "qualified-invoice" } as const;
    await expect(issue(customer, request)).rejects.toMatchObject({ code: "NOT_QUALIFIED_ISSUER" });
    await money.provider(({ tx }) =>
      sql`insert into server.provider_profile (one, name, sender_address, registration_number, portal_url) values (true, 'やぐら', 'a@example.jp', 'T7000012050002', '')
        on conflict do nothing`.execute(tx),
    );
    const { item } = await issue(customer, request);
    expect(item.content.subtotals).toEqual([{ rate: "10%", base: 3_390, tax: 340 }]);
    expect(item.content).toMatchObject({
      net: 3_390,
      tax: 340,
      total: 3_730,
      issuer: { registrationNumber: "T7000012050002" },
    });
    expect((await certificatePaper(item.content, "en")).length).toBeGreaterThan(1000);
    await expect(issue(customer, { ...request, from: "2025-01-01", to: "2025-12-31" })).rejects.toMatchObject({
      code: "QUALIFIED_INVOICE_EMPTY",
    });
  });

  test("another organisation's contract is unknown", async () => {
    const [customer, other] = [await money.customer(), await money.customer()];
    const contract = await money.contractOf(other, "utm", "gateway");
    await expect(issue(customer, { contractId: contract.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("claims assigned to a billing operator", () => {
  test("UTM-53 UTM-16 the file and the log of what was passed; assigned claims leave reminders and interest; states come back once", async () => {
    const customer = await money.customer("譲渡商事");
    const contract = await money.contractOf(customer, "utm", "gateway");
    await money.work(customer, (work) =>
      registerAccount(work, keys, customer, {
        bank: "0001",
        bankName: "ミズホ",
        branch: "123",
        branchName: "ホンテン",
        accountKind: "ordinary",
        accountNumber: "1234567",
        holder: "ジヨウト",
        debit: false,
      }),
    );
    const part = await money.claim(customer, {
      service: "utm",
      amount: 2_750,
      dueOn: "2026-10-31",
      contract: contract.id,
    });
    const whole = await money.claim(customer, { service: "utm", amount: 5_500, dueOn: "2026-10-31" });
    const ours = await money.claim(customer, { service: "security", amount: 100, dueOn: "2026-10-31" });
    await money.pay(customer, "2026-11-20", 750, { claimId: part });
    const made = await money.provider((work) =>
      assignClaims(work, keys, {
        operator: "請求事業者",
        services: ["utm"],
        dueBy: "2026-12-31",
        claimIds: [part, whole, ours],
      }),
    );
    expect(made).toMatchObject({ claims: 2, total: 7_500, paid: 0, returned: 0 });
    await expect(
      money.provider((work) =>
        assignClaims(work, keys, { operator: "請求事業者", services: ["utm"], claimIds: [part, whole] }),
      ),
    ).rejects.toMatchObject({ code: "TRANSFER_NOTHING" });
    await expect(money.provider((work) => assignClaims(work, keys, { operator: "x" }))).rejects.toMatchObject({
      code: "TRANSFER_NOTHING",
    });
    expect(await money.show(customer, part)).toMatchObject({ state: "assigned", paid: 750, assigned: 2_000 });
    expect(await money.show(customer, ours)).toMatchObject({ state: "open" });
    const due = await money.work(customer, ({ tx }) => dueReminders(tx, customer, "2026-12-20"));
    expect(due.map(({ claim }) => claim.id)).toEqual([ours]);
    expect(await money.provider(({ tx }) => interestLines(tx, customer, "2026-12"))).toEqual([]);

    const csv = await money.provider(({ tx }) => transferFile(tx, keys, made.id));
    expect(csv).toContain("0001-123-ordinary-1234567");
    const { rows: log } = await money.provider(({ tx }) =>
      sql<{
        passed: Record<string, string>;
        id: string;
        claim: string;
      }>`select id, claim_id as claim, passed from commerce.claim_transfer_item where transfer_id = ${made.id}`.execute(
        tx,
      ),
    );
    expect(JSON.stringify(log)).not.toContain("1234567");
    expect(log.find(({ claim }) => claim === part)?.passed).toMatchObject({
      contract: contract.number,
      name: "譲渡商事",
      amount: "2000",
      bank_account: "0001-123 普通 ****567",
    });

    const idOf = (claim: Uuid) => log.find((one) => one.claim === claim)?.id ?? "";
    const states = `id,state,on\n${idOf(part)},paid,2026-12-10\n${idOf(whole)},returned,2026-12-15\n`;
    const read = (text: string) => money.provider(async (work) => (await importStates(work, text, "ja")).result);
    expect(await read(states)).toEqual({ changed: 2, unchanged: 0, problems: [] });
    expect(await read(states)).toEqual({ changed: 0, unchanged: 2, problems: [] });
    expect(
      (await read(`id,state,on\n${idOf(part)},unpaid,2026-12-11\nx,paid,2026-12-11\n`)).problems.map(
        ({ line }) => line,
      ),
    ).toEqual([2, 3]);
    // What came back is ours again.
    expect(await money.show(customer, whole)).toMatchObject({ state: "open", assigned: 0 });
    expect(await money.show(customer, part)).toMatchObject({ state: "assigned" });
    const statement = await money.work(customer, ({ tx }) =>
      statementOf(tx, customer, { from: "2026-01-01", to: "2026-12-31" }),
    );
    expect(statement.closing).toBe(5_500 + 100);
  });
});

describe("an organisation's own data", () => {
  test("everything leaves with its export, nothing sealed, and goes with its erasure", async () => {
    const [customer, other] = [await money.customer(), await money.customer()];
    await money.claim(customer, { amount: 10, dueOn: "2026-10-31" });
    await money.pay(customer, "2026-10-31", 10);
    await money.claim(other, { amount: 20, dueOn: "2026-10-31" });
    await money.work(customer, (work) =>
      registerAccount(work, keys, customer, {
        bank: "0001",
        bankName: "ミズホ",
        branch: "123",
        branchName: "ホンテン",
        accountKind: "ordinary",
        accountNumber: "1234567",
        holder: "ア",
        debit: false,
      }),
    );
    const exported = () =>
      money.work(customer, async ({ tx }) => {
        const rows: { table: string; row: unknown }[] = [];
        for await (const row of exportReceivables(tx, customer)) rows.push(row);
        return rows;
      });
    const rows = await exported();
    expect(rows.map(({ table }) => table).toSorted()).toEqual([
      "commerce.allocation",
      "commerce.bank_account",
      "commerce.claim",
      "commerce.payer_name",
      "commerce.payment",
    ]);
    expect(JSON.stringify(rows)).not.toContain("sealed");
    await money.work(customer, ({ tx }) => eraseReceivables(money.platform, tx, customer));
    expect(await exported()).toEqual([]);
    const left = await money.provider(({ tx }) =>
      sql<{ n: number }>`select count(*)::int as n from commerce.claim where organisation_id = ${other}`.execute(tx),
    );
    expect(left.rows[0]?.n).toBe(1);
  });

  test("row-level security: another organisation sees and changes nothing of it", async () => {
    const [customer, other] = [await money.customer(), await money.customer()];
    const claim = await money.claim(customer, { amount: 10, dueOn: "2026-10-31" });
    await money.pay(customer, "2026-10-31", 4);
    for (const table of ["claim", "payment", "allocation"]) {
      const seen = await money.work(other, ({ tx }) =>
        sql<{ n: number }>`select count(*)::int as n from ${sql.table(`commerce.${table}`)}`.execute(tx),
      );
      expect(seen.rows[0]?.n, table).toBe(0);
    }
    await money.work(other, ({ tx }) => sql`update commerce.claim set amount = 0`.execute(tx));
    expect((await money.show(customer, claim)).amount).toBe(10);
    for (const table of ["deposit", "bank_file", "journal_export", "claim_transfer", "collection_account"]) {
      await expect(
        money.work(other, ({ tx }) => sql`select 1 from ${sql.table(`commerce.${table}`)}`.execute(tx)),
        table,
      ).rejects.toMatchObject({ code: "42501" });
    }
  });
});
