import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { openMoney, type Money } from "../../../../tests/support/money.ts";
import { creditDocument, replaceClaims } from "./credits.ts";
import { clearPayment, holdPayment, paidInFullOn, paymentsWhere, leftOver, reversePayment } from "./payments.ts";
import { changeRefund, proposeRefund } from "./refunds.ts";

let money: Money;
beforeAll(async () => {
  money = await openMoney();
});
afterAll(async () => money.stop());

const account = async (organisation: OrganisationId): Promise<number> =>
  money.work(organisation, async ({ tx }) =>
    (await paymentsWhere(tx, sql`p.organisation_id = ${organisation}`)).reduce(
      (sum, payment) => sum + leftOver(payment),
      0,
    ),
  );

describe("payments", () => {
  test("COM-13 UTM-49 the oldest due date is paid first, in parts; a claim that the remittance names comes before", async () => {
    const customer = await money.customer();
    const november = await money.claim(customer, { amount: 110_000, dueOn: "2026-11-30" });
    const october = await money.claim(customer, { amount: 55_000, dueOn: "2026-10-31" });
    await money.pay(customer, "2026-10-20", 60_000);
    expect(await money.show(customer, october)).toMatchObject({ state: "paid", paid: 55_000, settledOn: "2026-10-20" });
    expect(await money.show(customer, november)).toMatchObject({ state: "open", paid: 5_000, settledOn: null });
    const december = await money.claim(customer, { amount: 22_000, dueOn: "2026-12-31" });
    await money.pay(customer, "2026-11-20", 30_000, { claimId: december });
    expect(await money.show(customer, december)).toMatchObject({ state: "paid", paid: 22_000 });
    expect(await money.show(customer, november)).toMatchObject({ state: "open", paid: 13_000 });
  });

  test("RNS-63 what was overpaid stays on account, pays the next claim, is held or sent back", async () => {
    const customer = await money.customer();
    await money.claim(customer, { amount: 1_000, dueOn: "2026-10-31" });
    const { payment } = await money.pay(customer, "2026-10-31", 4_000);
    expect(await account(customer)).toBe(3_000);
    const next = await money.claim(customer, { amount: 500, dueOn: "2026-11-30" });
    expect(await money.show(customer, next)).toMatchObject({ state: "paid", settledOn: "2026-10-31" });
    await money.work(customer, (work) => holdPayment(work, customer, payment.id, 2_000));
    expect(await account(customer)).toBe(500);
    const third = await money.claim(customer, { amount: 600, dueOn: "2026-12-31" });
    expect(await money.show(customer, third)).toMatchObject({ state: "open", paid: 500 });
    await expect(
      money.work(customer, (work) => proposeRefund(work, customer, payment.id, { amount: 1, on: "2026-12-20" })),
    ).rejects.toMatchObject({ code: "CREDIT_TOO_SMALL", parameters: { left: 0 } });
    await money.work(customer, (work) => holdPayment(work, customer, payment.id, 0));
    expect(await money.show(customer, third)).toMatchObject({ state: "paid" });
    const refund = await money.work(customer, (work) =>
      proposeRefund(work, customer, payment.id, { amount: 1_900, on: "2026-12-20" }),
    );
    expect(await account(customer)).toBe(0);
    await expect(
      money.work(customer, (work) => reversePayment(work, customer, payment.id, { on: "2026-12-20", reason: "x" })),
    ).rejects.toMatchObject({ code: "PAYMENT_REVERSAL_HAS_REFUND" });
    await money.work(customer, (work) => changeRefund(work, customer, refund.id, "cancelled"));
    expect(await account(customer)).toBe(1_900);
    await expect(money.work(customer, (work) => changeRefund(work, customer, refund.id, "paid"))).rejects.toMatchObject(
      { code: "REFUND_STATE" },
    );
  });

  test("RNS-40 cheques count only when cleared; a bounced one is as if it had never come", async () => {
    const customer = await money.customer();
    const contract = await money.contractOf(customer, "remote", "utm-gateway");
    const claim = await money.claim(customer, {
      amount: 50_000,
      dueOn: "2026-10-31",
      service: "remote",
      contract: contract.id,
    });
    const title = () => money.work(customer, ({ tx }) => paidInFullOn(tx, customer, contract.id, ["base"]));
    const { payment } = await money.pay(customer, "2026-10-30", 50_000, { way: "cheque" });
    expect(await money.show(customer, claim)).toMatchObject({ state: "open", paid: 0 });
    expect(await title()).toBeNull();
    await money.work(customer, (work) => clearPayment(work, customer, payment.id, "2026-11-04"));
    expect(await money.show(customer, claim)).toMatchObject({ state: "paid", settledOn: "2026-11-04" });
    expect(await title()).toBe("2026-11-04");
    const bounce = { on: "2026-11-10", reason: "不渡り", sourceKey: "bounce-1" };
    const first = await money.work(customer, (work) => reversePayment(work, customer, payment.id, bounce));
    const again = await money.work(customer, (work) => reversePayment(work, customer, payment.id, bounce));
    expect([first.changed, again.changed]).toEqual([true, false]);
    expect(await money.show(customer, claim)).toMatchObject({ state: "open", paid: 0, settledOn: null });
    expect(await title()).toBeNull();
    await expect(
      money.work(customer, (work) => clearPayment(work, customer, payment.id, "2026-11-11")),
    ).rejects.toMatchObject({ code: "PAYMENT_REVERSED", parameters: { on: "2026-11-10" } });
    const transfer = await money.pay(customer, "2026-11-12", 1);
    await expect(
      money.work(customer, (work) => clearPayment(work, customer, transfer.payment.id, "2026-11-12")),
    ).rejects.toMatchObject({ code: "PAYMENT_NO_CLEARING" });
  });

  test("a source's key is recorded once; another amount under it is refused; future days and other's claims are refused", async () => {
    const customer = await money.customer();
    const other = await money.claim(await money.customer(), { amount: 5, dueOn: "2026-10-31" });
    const first = await money.pay(customer, "2026-10-30", 10, { sourceKey: "bank-1" });
    const again = await money.pay(customer, "2026-10-30", 10, { sourceKey: "bank-1" });
    expect([first.changed, again.changed, again.payment.id]).toEqual([true, false, first.payment.id]);
    await expect(money.pay(customer, "2026-10-30", 11, { sourceKey: "bank-1" })).rejects.toMatchObject({
      code: "PAYMENT_KEY_DIFFERS",
    });
    await expect(money.pay(customer, "2026-12-21", 10)).rejects.toMatchObject({ code: "PAYMENT_DAY_INVALID" });
    await expect(money.pay(customer, "2026-02-30", 10)).rejects.toMatchObject({ code: "PAYMENT_DAY_INVALID" });
    await expect(money.pay(customer, "2026-10-30", 10, { claimId: other })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const claim = await money.claim(customer, { amount: 10, dueOn: "2026-11-30" });
    expect((await money.show(customer, claim)).state).toBe("paid");
    await expect(money.pay(customer, "2026-10-30", 10, { claimId: claim })).rejects.toMatchObject({
      code: "CLAIM_NOT_OPEN",
    });
  });

  test("COM-13 a payment recorded late and dated before others moves them: the same as if it had come in order", async () => {
    const [late, inOrder] = [await money.customer(), await money.customer()];
    const claims = async (customer: OrganisationId) => [
      await money.claim(customer, { amount: 110_000, dueOn: "2026-10-31" }),
      await money.claim(customer, { amount: 110_000, dueOn: "2026-11-30" }),
    ];
    const [a, b] = [await claims(late), await claims(inOrder)];
    await money.pay(late, "2026-12-10", 150_000);
    const { moved } = await money.pay(late, "2026-10-25", 110_000);
    expect(moved).toEqual([
      expect.objectContaining({ claim: a[0], before: 110_000, after: 0 }),
      expect.objectContaining({ claim: a[1], before: 40_000, after: 110_000 }),
    ]);
    await money.pay(inOrder, "2026-10-25", 110_000);
    await money.pay(inOrder, "2026-12-10", 150_000);
    for (const [index, id] of a.entries()) {
      const { id: _, number: _n, organisation: _o, invoice: _i, interest: x, ...left } = await money.show(late, id);
      const {
        id: _b,
        number: _nb,
        organisation: _ob,
        invoice: _ib,
        interest: y,
        ...right
      } = await money.show(inOrder, b[index] ?? "");
      expect(left).toEqual(right);
      expect(x?.amount).toBe(y?.amount);
    }
    // Late interest of the first is gone, that of the second counts to the day of the later payment.
    expect((await money.show(late, a[0] ?? "")).interestDue).toBe(0);
    expect((await money.show(late, a[1] ?? "")).interestDue).toBe(0);
    expect(await account(late)).toBe(40_000);
  });

  test("two payments at once, twenty times: no yen is applied twice or lost", async () => {
    const customer = await money.customer();
    const claim = await money.claim(customer, { amount: 1_500, dueOn: "2026-10-31" });
    const other = await money.claim(customer, { amount: 700, dueOn: "2026-11-30" });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => money.pay(customer, "2026-10-31", 100, { sourceKey: `k${index % 15}` })),
    );
    expect(await money.show(customer, claim)).toMatchObject({ state: "paid", paid: 1_500 });
    expect(await money.show(customer, other)).toMatchObject({ state: "open", paid: 0 });
    await Promise.all(Array.from({ length: 10 }, () => money.pay(customer, "2026-10-31", 100)));
    expect(await money.show(customer, other)).toMatchObject({ state: "paid", paid: 700 });
    expect(await account(customer)).toBe(300);
  });

  test("COM-11 a credit note takes the claim down; what was paid on it goes to other claims or on account", async () => {
    const customer = await money.customer();
    const first = await money.claim(customer, { amount: 11_000, dueOn: "2026-10-31" });
    const second = await money.claim(customer, { amount: 11_000, dueOn: "2026-11-30" });
    await money.pay(customer, "2026-10-31", 11_000);
    const invoice = (await money.show(customer, first)).invoice;
    const credit = { id: invoice ?? "", number: "CRN-1", corrects: invoice, on: "2026-11-01", amount: 4_000 };
    await money.provider((work) => creditDocument(work, customer, credit));
    await money.provider((work) => creditDocument(work, customer, credit));
    expect(await money.show(customer, first)).toMatchObject({ credited: 4_000, paid: 7_000, state: "paid" });
    expect(await money.show(customer, second)).toMatchObject({ paid: 4_000, state: "open" });
    // More than the claims hold: the rest is on account.
    await money.provider((work) =>
      creditDocument(work, customer, { ...credit, id: first, number: "CRN-2", amount: 20_000 }),
    );
    expect(await money.show(customer, first)).toMatchObject({ credited: 11_000, paid: 0, state: "cancelled" });
    expect(await money.show(customer, second)).toMatchObject({ paid: 11_000, state: "paid" });
    expect(await account(customer)).toBe(13_000);
  });

  test("COM-11 a corrected document: what was paid on the old claim pays the new one", async () => {
    const customer = await money.customer();
    const old = await money.claim(customer, { amount: 11_000, dueOn: "2026-10-31" });
    await money.pay(customer, "2026-10-31", 11_000);
    const corrected = await money.claim(customer, { amount: 9_900, dueOn: "2026-10-31" });
    const { invoice } = await money.show(customer, old);
    await money.provider((work) =>
      replaceClaims(work, customer, { id: corrected, corrects: invoice ?? "", on: "2026-11-05" }),
    );
    expect(await money.show(customer, old)).toMatchObject({ state: "cancelled", paid: 0 });
    expect(await money.show(customer, corrected)).toMatchObject({
      state: "paid",
      settledOn: "2026-10-31",
      interestDue: 0,
    });
    expect(await account(customer)).toBe(1_100);
  });
});
