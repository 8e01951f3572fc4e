import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { offers, openMoney, type Money, type NewClaim } from "../../../../tests/support/money.ts";
import { addFact } from "../contracts/fact-door.ts";
import { claimsWhere } from "./claims.ts";
import { creditDocument } from "./credits.ts";
import { runReminders } from "./reminders.ts";
import { interestAsOf, interestLines, interestList, markBilled } from "./interest.ts";
import { reversePayment } from "./payments.ts";
import { settle } from "./settle.ts";

let money: Money;
beforeAll(async () => {
  money = await openMoney("2028-12-20T03:00:00Z");
});
afterAll(async () => money.stop());

const lines = (organisation: OrganisationId, month: string) =>
  money.provider(({ tx }) => interestLines(tx, organisation, month));
const bill = async (organisation: OrganisationId, month: string): Promise<number[]> => {
  const found = await lines(organisation, month);
  const document = await money.claim(organisation, {
    amount: 1,
    dueOn: "2028-12-31",
    issuedOn: "2028-12-01",
    bearsInterest: false,
  });
  const { invoice } = await money.show(organisation, document);
  await money.provider(({ tx, now }) =>
    markBilled(
      tx,
      month,
      found.map(({ claim, line }) => ({ organisation, claim, invoice: invoice ?? "", amount: line.amount })),
      now,
    ),
  );
  return found.map(({ line }) => line.amount);
};

interface Case {
  readonly id: string;
  readonly claim: NewClaim;
  readonly paid: readonly (readonly [on: string, amount: number])[];
  readonly interest: number;
}
const security = { service: "security", dueOn: "2026-10-31", amount: 110_000 };
const remote = { ...security, service: "remote" };
const utm = { service: "utm", dueOn: "2026-04-30", amount: 2_750 };
const cases: readonly Case[] = [
  { id: "W-SEC-13 SEC-40", claim: security, paid: [["2026-11-20", 110_000]], interest: 830 },
  { id: "W-SEC-14 day 10 of grace is in", claim: security, paid: [["2026-11-10", 110_000]], interest: 0 },
  { id: "W-SEC-14 day 11 counts from the first", claim: security, paid: [["2026-11-11", 110_000]], interest: 436 },
  {
    id: "W-SEC-15 over a leap day",
    claim: { ...security, dueOn: "2028-01-31" },
    paid: [["2028-03-10", 110_000]],
    interest: 1_660,
  },
  {
    id: "W-SEC-16 part payments",
    claim: security,
    paid: [
      ["2026-11-15", 60_000],
      ["2026-11-30", 50_000],
    ],
    interest: 909,
  },
  { id: "W-RNS-3 RNS-65 the day of payment is in", claim: remote, paid: [["2026-11-20", 110_000]], interest: 880 },
  { id: "W-RNS-4 one day", claim: remote, paid: [["2026-11-01", 110_000]], interest: 44 },
  { id: "W-UTM-7 UTM-41 UTM-42", claim: utm, paid: [["2026-05-20", 2_750]], interest: 4 },
  { id: "W-UTM-7 day 15 of grace", claim: utm, paid: [["2026-05-15", 2_750]], interest: 0 },
  { id: "W-UTM-7 day 16", claim: utm, paid: [["2026-05-16", 2_750]], interest: 3 },
  {
    id: "A-UTM-19 the rate of the first overdue day stays",
    claim: { ...utm, dueOn: "2020-03-30", amount: 365_000 },
    paid: [["2020-05-31", 365_000]],
    interest: 3_050,
  },
  {
    id: "SEC-41 no interest for days before 2019-09-01",
    claim: { ...security, dueOn: "2019-08-15" },
    paid: [["2019-09-11", 110_000]],
    interest: 436,
  },
  {
    id: "matrix 7.2 experience is off until set",
    claim: { ...security, service: "experience" },
    paid: [["2027-11-20", 110_000]],
    interest: 0,
  },
  {
    id: "COM-12 late interest bears none",
    claim: { ...security, bearsInterest: false },
    paid: [["2027-11-20", 110_000]],
    interest: 0,
  },
];

describe("late interest", () => {
  test.each(cases)("COM-12 $id: $interest yen", async ({ claim, paid, interest }) => {
    const customer = await money.customer();
    const id = await money.claim(customer, claim);
    for (const [on, amount] of paid) await money.pay(customer, on, amount);
    const found = await money.show(customer, id);
    expect(found).toMatchObject({ state: "paid", interestDue: interest });
    const month = found.settledOn?.slice(0, 7) ?? "";
    const [line] = await lines(customer, month);
    expect(line?.line.amount ?? 0).toBe(interest);
    if (line !== undefined) {
      expect(line.line).toMatchObject({ kind: "late-interest", taxClass: "out-of-scope", billMonth: month });
      expect(line.line.why.formula).toContain("÷ 365");
      expect(line.alone).toBe(claim.service !== "utm");
    }
  });

  test("COM-12 it is found when paid in full; before, it is shown as growing and stands on no bill", async () => {
    const customer = await money.customer();
    const id = await money.claim(customer, security);
    await money.pay(customer, "2026-11-15", 60_000);
    expect(await lines(customer, "2026-11")).toEqual([]);
    const shown = (on: string) =>
      money.work(customer, async ({ tx }) => (await interestAsOf(tx, [await money.show(customer, id)], on)).get(id));
    // As if the rest were paid on that day.
    expect(await shown("2026-11-30")).toMatchObject({ amount: 909, accruing: true });
    expect((await shown("2026-12-31"))?.amount).toBeGreaterThan(909);
    expect(await money.work(customer, ({ tx }) => interestList(tx, customer, "2026-11-30"))).toMatchObject([
      {
        claimId: id,
        billed: 0,
        interest: {
          amount: 909,
          accruing: true,
          segments: [
            { days: 14, base: 110_000 },
            { days: 15, base: 50_000 },
          ],
        },
      },
    ]);
  });

  test("COM-12 COM-20 a line of the next bill, once; what a late record changes comes as a difference", async () => {
    const customer = await money.customer();
    const id = await money.claim(customer, security);
    const { payment } = await money.pay(customer, "2026-11-20", 110_000);
    expect(await lines(customer, "2026-10")).toEqual([]);
    expect(await bill(customer, "2026-11")).toEqual([830]);
    expect(await bill(customer, "2026-11")).toEqual([]);
    expect(await bill(customer, "2026-12")).toEqual([]);
    // The bank took it back, and the customer paid on 2026-11-30: 29 days.
    await money.work(customer, (work) =>
      reversePayment(work, customer, payment.id, { on: "2026-11-25", reason: "組戻し" }),
    );
    expect(await bill(customer, "2026-12")).toEqual([]);
    await money.pay(customer, "2026-11-30", 110_000);
    expect((await money.show(customer, id)).interestDue).toBe(1_267);
    const [line] = await lines(customer, "2026-12");
    expect(line?.line).toMatchObject({ amount: 437, key: `late-interest:${id}:830` });
    expect(line?.line.why.formula).toMatch(/1,267 − 830 = 437$/);
    expect(await bill(customer, "2026-12")).toEqual([437]);
    // A payment in time turns up: everything is given back.
    await money.pay(customer, "2026-10-30", 110_000);
    expect(await bill(customer, "2026-12")).toEqual([-1_267]);
    expect(await bill(customer, "2026-12")).toEqual([]);
    const { rows } = await money.work(customer, ({ tx }) =>
      sql<{
        amount: string;
      }>`select amount from commerce.interest_billed where claim_id = ${id} order by billed_at, id`.execute(tx),
    );
    expect(rows.map(({ amount }) => Number(amount))).toEqual([830, 437, -1_267]);
  });

  test("COM-11 COM-12 a credit note over the whole claim gives billed interest back", async () => {
    const customer = await money.customer();
    const id = await money.claim(customer, security);
    await money.pay(customer, "2026-11-20", 110_000);
    expect(await bill(customer, "2026-11")).toEqual([830]);
    const { invoice } = await money.show(customer, id);
    await money.provider((work) =>
      creditDocument(work, customer, { id, number: "CRN", corrects: invoice, on: "2026-12-01", amount: 110_000 }),
    );
    expect(await money.show(customer, id)).toMatchObject({ state: "cancelled", interestDue: 0, interestBilled: 830 });
    expect(await bill(customer, "2026-12")).toEqual([-830]);
    expect(await bill(customer, "2026-12")).toEqual([]);
  });

  test("SEC-42 COM-02 a later revision of the terms changes nothing of what was found", async () => {
    const customer = await money.customer();
    const id = await money.claim(customer, { ...security, service: "utm", dueOn: "2020-02-29", amount: 365_000 });
    await money.pay(customer, "2020-05-01", 365_000);
    // Due before 2020-04-01: 5 % for all 61 days, though 3 % hold from April on.
    expect(await money.show(customer, id)).toMatchObject({ interestDue: 3_050, interest: { rate: "5%" } });
  });
});

describe("RNS-17 acceleration", () => {
  const accelerate = async (customer: OrganisationId, contract: Uuid, on: string) => {
    await money.work(customer, (work) =>
      addFact(
        work,
        { id: contract, organisation: customer },
        { kind: "accelerated", on, ground: "破産手続開始の申立て" },
      ),
    );
    return money.work(customer, (work) => settle(work, customer));
  };

  test("RNS-17 all debts of the service fall due on the day; interest runs from the next", async () => {
    const customer = await money.customer();
    const contract = await money.contractOf(customer, "remote", "utm-gateway");
    const past = await money.claim(customer, { service: "remote", amount: 1_000, dueOn: "2026-09-30" });
    const soon = await money.claim(customer, {
      service: "remote",
      amount: 110_000,
      dueOn: "2026-12-31",
      issuedOn: "2026-10-01",
    });
    const later = await money.claim(customer, {
      service: "remote",
      amount: 110_000,
      dueOn: "2027-01-31",
      issuedOn: "2026-11-20",
    });
    const other = await money.claim(customer, {
      service: "security",
      amount: 110_000,
      dueOn: "2026-12-31",
      issuedOn: "2026-10-01",
    });
    await accelerate(customer, contract.id, "2026-10-31");
    expect(await money.show(customer, past)).toMatchObject({ dueNow: "2026-09-30", acceleratedOn: null });
    expect(await money.show(customer, soon)).toMatchObject({
      dueNow: "2026-10-31",
      dueOn: "2026-12-31",
      acceleratedOn: "2026-10-31",
    });
    // Not yet a debt on a bill, and another service's: unchanged.
    expect(await money.show(customer, later)).toMatchObject({ dueNow: "2027-01-31" });
    expect(await money.show(customer, other)).toMatchObject({ dueNow: "2026-12-31" });
    await money.pay(customer, "2026-11-20", 111_000);
    expect(await money.show(customer, soon)).toMatchObject({ state: "paid", interestDue: 880 });
  });

  test("RNS-17 a fact that the office recorded by itself moves the due dates with the next morning's run", async () => {
    const customer = await money.customer();
    const contract = await money.contractOf(customer, "remote", "utm-gateway");
    const open = await money.claim(customer, {
      service: "remote",
      amount: 700,
      dueOn: "2029-01-31",
      issuedOn: "2028-10-01",
    });
    await money.work(customer, (work) =>
      addFact(
        work,
        { id: contract.id, organisation: customer },
        { kind: "accelerated", on: "2028-12-01", ground: "解散" },
      ),
    );
    await runReminders(money.platform, offers, "2028-12-20");
    expect(await money.show(customer, open)).toMatchObject({ dueNow: "2028-12-01", acceleratedOn: "2028-12-01" });
  });

  test("RNS-17 what was paid before the day keeps its due date; a voided fact moves the dates back", async () => {
    const customer = await money.customer();
    const contract = await money.contractOf(customer, "remote", "utm-gateway");
    const paid = await money.claim(customer, {
      service: "remote",
      amount: 500,
      dueOn: "2026-12-31",
      issuedOn: "2026-10-01",
    });
    const open = await money.claim(customer, {
      service: "remote",
      amount: 700,
      dueOn: "2027-01-31",
      issuedOn: "2026-10-01",
    });
    await money.pay(customer, "2026-10-20", 500);
    await accelerate(customer, contract.id, "2026-10-31");
    expect((await money.show(customer, paid)).dueNow).toBe("2026-12-31");
    expect((await money.show(customer, open)).dueNow).toBe("2026-10-31");
    await money.provider(({ tx, now }) =>
      sql`update commerce.contract_fact set voided_at = ${now}, void_reason = 'x' where contract_id = ${contract.id}`.execute(
        tx,
      ),
    );
    await money.work(customer, (work) => settle(work, customer));
    const claims = await money.work(customer, ({ tx }) => claimsWhere(tx, sql`c.organisation_id = ${customer}`));
    expect(claims.every(({ acceleratedOn }) => acceleratedOn === null)).toBe(true);
  });
});
