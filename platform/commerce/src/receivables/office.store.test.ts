import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import { offers, openMoney, type Money } from "../../../../tests/support/money.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import { printNotice } from "../notices/print.ts";
import { listNotices, type NoticeRow } from "../notices/read.ts";
import { receivables, receivablesOf } from "./ageing.ts";
import { decideTask, tasksWhere } from "./collection.ts";
import { creditDocument } from "./credits.ts";
import { exportJournal, journalCsv } from "./journal.ts";
import { reversePayment } from "./payments.ts";
import { changeRefund, proposeRefund } from "./refunds.ts";
import { remindersOf, runReminders } from "./reminders.ts";
import { statementCsv, statementOf } from "./statement.ts";

let money: Money;
beforeAll(async () => {
  money = await openMoney("2026-12-20T03:00:00Z");
});
afterAll(async () => money.stop());

const mails = async (organisation: OrganisationId) =>
  (
    await money.provider(({ tx }) =>
      sql<{
        subject: string;
        text: string;
      }>`select subject, body as text from server.outbox where organisation_id = ${organisation} order by id`.execute(
        tx,
      ),
    )
  ).rows;
const tasks = (organisation: OrganisationId) =>
  money.provider(({ tx }) => tasksWhere(tx, sql`t.organisation_id = ${organisation}`));

describe("reminders", () => {
  test("each step of a claim is sent at most once; a claim that passed several gets the highest; paid ones get none", async () => {
    const customer = await money.customer("株式会社督促");
    const old = await money.claim(customer, { amount: 110_000, dueOn: "2026-10-31" });
    await money.claim(customer, { amount: 5_500, dueOn: "2026-11-28" });
    await money.claim(customer, { amount: 100, dueOn: "2026-12-05" });
    // 7, 14 and 30 days: the old one is at step 1, the others are not due.
    await runReminders(money.platform, offers, "2026-11-08");
    await runReminders(money.platform, offers, "2026-11-08");
    expect((await mails(customer)).map(({ subject }) => subject)).toEqual(["お支払いの確認のお願い"]);
    await Promise.all([
      runReminders(money.platform, offers, "2026-12-05"),
      runReminders(money.platform, offers, "2026-12-05"),
    ]);
    const sent = await mails(customer);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.subject).toBe("【重要】お支払いのお願い（最終のご案内）");
    expect(sent[1]?.text).toContain("未払額 110,000 円");
    expect(sent[1]?.text).toContain("未払額 5,500 円");
    expect(sent[1]?.text).not.toContain("未払額 100 円");
    expect(sent[1]?.text).toContain("本日お支払いいただく場合の延滞利息");
    const reminders = await money.work(customer, ({ tx }) => remindersOf(tx, customer));
    expect(reminders.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual([1, 1, 3]);
    await money.pay(customer, "2026-12-06", 120_000);
    await runReminders(money.platform, offers, "2027-03-01");
    expect(await mails(customer)).toHaveLength(2);
    expect((await money.show(customer, old)).state).toBe("paid");
  });

  test("COM-15 a reminder is a stored notice with its mail, and prints as a letter with what is open and where to pay", async () => {
    await money.provider(({ tx }) =>
      sql`insert into server.provider_profile (name, sender_address, portal_url, contact)
        values ('やぐら通信', 'yagura@localhost', '', ${JSON.stringify({
          phone: "03-0000-0000",
          bank: {
            bank: "みらい銀行",
            branch: "本店営業部",
            kind: "ordinary",
            number: "1234567",
            holder: "ヤグラツウシン(カ",
          },
        })}::jsonb)`.execute(tx),
    );
    const customer = await money.customer("株式会社通知");
    const contract = await money.contractOf(customer, "security", "endpoint");
    await money.claim(customer, { amount: 110_000, dueOn: "2026-11-12", contract: contract.id });
    await money.claim(customer, { amount: 2_200, dueOn: "2026-11-12", service: "utm" });
    await runReminders(money.platform, offers, "2026-12-20");
    const [notice, ...others] = await money.provider(async ({ tx }) => {
      const { rows } = await listNotices(tx, { organisation: customer });
      return rows;
    });
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      kind: "reminder",
      rule: { rule: "COM-15" },
      channel: "mail",
      service: null,
      contract: null,
      delivery: "queued",
      sentAt: new Date("2026-12-20T03:00:00Z"),
      effectiveAt: new Date("2026-12-20T03:00:00Z"),
      paper: {
        kind: "reminder",
        content: { level: 3, total: 112_200, payBy: "2026-12-27", bank: { number: "1234567" } },
      },
    });
    expect(notice?.mails).toHaveLength(1);
    expect(notice?.body).toBe((await mails(customer))[0]?.text);
    const letter = await money.provider(({ tx }) => printNotice(tx, notice as NoticeRow));
    expect(Buffer.from(letter.slice(0, 5)).toString()).toBe("%PDF-");
    await closePrinters();
  });

  test("UTM-16 COM-24 whoever took a contract over took its open debts over: the reminder goes to the new holder", async () => {
    const customer = await money.customer("株式会社旧名義");
    const assigned = await money.contractOf(customer, "utm", "gateway");
    const kept = await money.contractOf(customer, "utm", "gateway");
    for (const contract of [assigned, kept])
      await money.claim(customer, { amount: 2_750, dueOn: "2026-10-31", service: "utm", contract: contract.id });
    await money.provider(({ tx, now }) =>
      sql`insert into commerce.contract_holder (id, organisation_id, contract_id, from_day, how, holder, recorded_by, recorded_at)
        values (${newId()}, ${customer}, ${assigned.id}, '2026-11-01', 'assignment', ${JSON.stringify({
          name: "株式会社新名義",
          kind: "corporation",
          address: "東京都港区1-1",
          mail: "new-holder@customer.test",
        })}::jsonb, 'test', ${now})`.execute(tx),
    );
    await runReminders(money.platform, offers, "2026-12-20");
    const { rows } = await money.provider(({ tx }) => listNotices(tx, { organisation: customer, kind: "reminder" }));
    const told = new Map(rows.map((row) => [row.contract, row]));
    expect(told.size).toBe(2);
    expect(told.get(assigned.id)).toMatchObject({
      address: "new-holder@customer.test",
      body: expect.stringMatching(/^株式会社新名義 御中/),
    });
    expect(told.get(kept.id)?.body).toMatch(/^株式会社旧名義 御中/);
    expect(told.get(kept.id)?.address).not.toContain("new-holder");
  });

  test("nothing is sent while reminders are paused, and an English customer gets English", async () => {
    const customer = await money.organisation({ name: "Foreign KK", language: "en", owner: "english@example.jp" });
    await money.claim(customer, { amount: 110_000, dueOn: "2026-10-31" });
    await money.work(customer, ({ tx, now }) =>
      sql`insert into commerce.dunning (organisation_id, paused_until, set_by, set_at) values (${customer}, '2026-12-01', 'x', ${now})`.execute(
        tx,
      ),
    );
    await runReminders(money.platform, offers, "2026-12-01");
    expect(await mails(customer)).toEqual([]);
    expect(
      (
        await money.provider(({ tx }) =>
          receivables(tx, { asOf: "2026-12-01", organisation: customer }, { limit: 5, offset: 0 }),
        )
      ).items[0]?.dunning,
    ).toBe("paused");
    await runReminders(money.platform, offers, "2026-12-02");
    expect((await mails(customer))[0]).toMatchObject({ subject: "Important: last reminder of your payment" });
    expect((await mails(customer))[0]?.text).toContain("due 2026-10-31: 110,000 yen unpaid");
  });
});

describe("proposals for staff", () => {
  test("SEC-18 SEC-14 UTM-22 arrears are proposed to suspend or end, also for arrears in another service; nothing happens by itself", async () => {
    const customer = await money.customer();
    const security = await money.contractOf(customer, "security", "endpoint");
    const utm = await money.contractOf(customer, "utm", "gateway");
    await money.contractOf(customer, "remote", "router");
    await money.claim(customer, { amount: 110_000, dueOn: "2026-10-31", contract: security.id });
    await runReminders(money.platform, offers, "2026-11-29");
    expect(await tasks(customer)).toEqual([]);
    await runReminders(money.platform, offers, "2026-11-30");
    await runReminders(money.platform, offers, "2026-12-01");
    const open = await tasks(customer);
    expect(
      open
        .map(({ contractId, kind, ground, rule }) => ({ contractId, kind, ground, rule }))
        .toSorted((a, b) => a.rule.localeCompare(b.rule)),
    ).toEqual([
      { contractId: security.id, kind: "suspension", ground: "arrears", rule: "SEC-18" },
      { contractId: utm.id, kind: "suspension", ground: "other-arrears", rule: "UTM-22" },
    ]);
    const states = await money.work(customer, ({ tx }) =>
      sql<{ state: string }>`select distinct state from commerce.contract`.execute(tx),
    );
    expect(states.rows).toEqual([{ state: "active" }]);
    const first = open.find(({ rule }) => rule === "UTM-22");
    await money.provider((work) => decideTask(work, first?.id ?? "", "dismissed", "分割払いで合意"));
    await expect(money.provider((work) => decideTask(work, first?.id ?? "", "accepted", ""))).rejects.toMatchObject({
      code: "TASK_DECIDED",
    });
    // Not proposed again for the same claims; the end is proposed later.
    await runReminders(money.platform, offers, "2026-12-30");
    expect(
      (await tasks(customer))
        .filter(({ state }) => state === "open")
        .map(({ kind, rule }) => `${kind} ${rule}`)
        .toSorted(),
    ).toEqual(["cancellation SEC-14", "suspension SEC-18"]);
    await money.pay(customer, "2026-12-20", 110_000);
    await runReminders(money.platform, offers, "2026-12-31");
    expect((await tasks(customer)).map(({ state }) => state).toSorted()).toEqual(["dismissed", "settled", "settled"]);
  });
});

describe("ageing and statement", () => {
  test("receivables by age, with credit on account, filters and totals; as of an earlier day too", async () => {
    const [a, b] = [await money.customer("エイジング甲"), await money.customer("エイジング乙")];
    await money.claim(a, { amount: 1, dueOn: "2026-12-31", issuedOn: "2026-12-01" });
    await money.claim(a, { amount: 20, dueOn: "2026-12-20" });
    await money.claim(a, { amount: 300, dueOn: "2026-12-19" });
    await money.claim(a, { amount: 4_000, dueOn: "2026-11-19" });
    await money.claim(a, { amount: 50_000, dueOn: "2026-10-20", service: "utm" });
    await money.claim(a, { amount: 600_000, dueOn: "2026-09-20" });
    await money.pay(b, "2026-12-01", 77);
    const page = (filter: object) =>
      money.provider(({ tx }) =>
        receivables(tx, { asOf: "2026-12-20", name: "エイジング", ...filter }, { limit: 10, offset: 0 }),
      );
    const all = await page({});
    expect(all.items.map(({ name }) => name)).toEqual(["エイジング甲", "エイジング乙"]);
    expect(all.items[0]?.ageing).toEqual({
      notDue: 21,
      d1to30: 300,
      d31to60: 4_000,
      d61to90: 50_000,
      over90: 600_000,
      total: 654_321,
      overdue: 654_300,
      credit: 0,
    });
    expect(all.totals).toMatchObject({ total: 654_321, credit: 77 });
    expect(all.items[0]?.interestAccruing).toBeGreaterThan(0);
    expect((await page({ service: "utm" })).totals.total).toBe(50_000);
    expect((await page({ bucket: "d31to60" })).items).toHaveLength(1);
    expect((await page({ name: "乙" })).items).toHaveLength(1);
    await money.pay(a, "2026-12-19", 654_321);
    expect((await page({ asOf: "2026-12-18", past: true })).totals.total).toBe(654_321);
    expect((await page({})).totals).toMatchObject({ total: 0, credit: 77 });
    expect((await money.work(b, ({ tx }) => receivablesOf(tx, b, "2026-12-20"))).ageing.credit).toBe(77);
  });

  test("the statement's running balance ends at what is owed less what lies on account", async () => {
    const customer = await money.customer();
    const claim = await money.claim(customer, { amount: 11_000, dueOn: "2026-10-31", number: "INV-X" });
    await money.claim(customer, { amount: 5_500, dueOn: "2026-11-30", issuedOn: "2026-11-05", number: "=INV-Y" });
    await money.pay(customer, "2026-10-31", 11_000, { reference: "振込" });
    const second = await money.pay(customer, "2026-11-20", 7_000);
    await money.work(customer, (work) =>
      reversePayment(work, customer, second.payment.id, { on: "2026-11-25", reason: "組戻し" }),
    );
    const { invoice } = await money.show(customer, claim);
    await money.provider((work) =>
      creditDocument(work, customer, {
        id: invoice ?? "",
        number: "CRN",
        corrects: invoice,
        on: "2026-12-01",
        amount: 1_000,
      }),
    );
    const statement = await money.work(customer, ({ tx }) =>
      statementOf(tx, customer, { from: "2026-11-01", to: "2026-12-31" }),
    );
    expect(statement.opening).toBe(0);
    expect(statement.lines.map(({ on, kind, debit, credit, balance }) => [on, kind, debit, credit, balance])).toEqual([
      ["2026-11-05", "invoice", 5_500, 0, 5_500],
      ["2026-11-20", "payment", 0, 7_000, -1_500],
      ["2026-11-25", "reversal", 7_000, 0, 5_500],
      ["2026-12-01", "credit-note", 0, 1_000, 4_500],
    ]);
    expect(statement.closing).toBe(4_500);
    // A spreadsheet must not take a number for a formula.
    expect(statementCsv(statement, "ja")).toContain(",'=INV-Y,");
  });
});

describe("journal", () => {
  const balanced = (csv: string) => {
    const rows = csv
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(","));
    const byVoucher = new Map<string, number>();
    for (const row of rows)
      byVoucher.set(row[0] ?? "", (byVoucher.get(row[0] ?? "") ?? 0) + Number(row[8]) - Number(row[9]));
    return { rows, imbalances: [...byVoucher.values()].filter((sum) => sum !== 0) };
  };

  test("debits equal credits for each document; exported once, the same again; changes come in the next month", async () => {
    const customer = await money.customer("仕訳商事");
    const first = await money.claim(customer, { amount: 11_000, dueOn: "2026-09-30", number: "J-1" });
    await money.claim(customer, { amount: 100, dueOn: "2026-09-30", number: "J-2", bearsInterest: false });
    const { payment } = await money.pay(customer, "2026-09-30", 12_000, { reference: "J-P1" });
    const september = await money.provider((work) => exportJournal(work, "2026-09"));
    expect(september.made).toBe(true);
    const csv = await money.provider(({ tx }) => journalCsv(tx, "2026-09"));
    const { rows, imbalances } = balanced(csv);
    expect(imbalances).toEqual([]);
    const of = (list: string[][], number: string) =>
      list.filter((row) => row[3] === number).map((row) => [row[6], row[7], Number(row[8]), Number(row[9])]);
    expect(of(rows, "J-1")).toEqual([
      ["売掛金", "対象外", 11_000, 0],
      ["売上高", "課税 10%", 0, 10_000],
      ["仮受消費税", "課税 10%", 0, 1_000],
    ]);
    expect(of(rows, "J-2")).toEqual([
      ["売掛金", "対象外", 100, 0],
      ["受取遅延損害金", "対象外", 0, 100],
    ]);
    expect(of(rows, "J-P1")).toEqual([
      ["普通預金", "対象外", 12_000, 0],
      ["売掛金", "対象外", 0, 11_100],
      ["前受金", "対象外", 0, 900],
    ]);
    // The same again, though a document of October exists by now.
    await money.claim(customer, { amount: 500, dueOn: "2026-10-31", number: "J-3" });
    const again = await money.provider((work) => exportJournal(work, "2026-09"));
    expect(again).toEqual({ journal: september.journal, made: false });
    expect(await money.provider(({ tx }) => journalCsv(tx, "2026-09"))).toBe(csv);

    const refund = await money.work(customer, (work) =>
      proposeRefund(work, customer, payment.id, { amount: 150, on: "2026-10-10" }),
    );
    await money.work(customer, (work) => changeRefund(work, customer, refund.id, "paid"));
    const { invoice } = await money.show(customer, first);
    await money.provider((work) =>
      creditDocument(work, customer, {
        id: invoice ?? "",
        number: "CRN-J",
        corrects: invoice,
        on: "2026-10-15",
        amount: 1_000,
      }),
    );
    await money.provider((work) => exportJournal(work, "2026-10"));
    const october = balanced(await money.provider(({ tx }) => journalCsv(tx, "2026-10")));
    expect(october.imbalances).toEqual([]);
    // Advance money that pays October's claim, less what the credit note set free.
    expect(of(october.rows, "J-P1")).toEqual([
      ["売掛金", "対象外", 500, 0],
      ["前受金", "対象外", 0, 500],
    ]);
    expect(
      october.rows.filter((row) => row[2] === "返金").map((row) => [row[6], Number(row[8]), Number(row[9])]),
    ).toEqual([
      ["前受金", 150, 0],
      ["普通預金", 0, 150],
    ]);
    await expect(money.provider((work) => exportJournal(work, "2026-08"))).rejects.toMatchObject({
      code: "JOURNAL_ORDER",
    });
    await expect(money.provider((work) => exportJournal(work, "2026-12"))).rejects.toMatchObject({
      code: "JOURNAL_NOT_OVER",
    });
  });
});
