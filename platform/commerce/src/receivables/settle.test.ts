import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "@yagura/core/calendar.ts";
import { cases } from "@yagura/testkit/cases.ts";
import { offers } from "../../../../tests/support/money.ts";
import { shippedTables } from "../charging/shipped.ts";
import type { ClaimRow } from "./claims.ts";
import { interestOf, shareOut } from "./settle.ts";

const tables = shippedTables(offers);
const claim = (more: Partial<ClaimRow>): ClaimRow => ({
  id: "c",
  organisation: "o",
  invoice: null,
  contract: null,
  number: "INV-1",
  service: "security",
  plan: "endpoint",
  amount: 1000,
  credited: 0,
  assigned: 0,
  paid: 0,
  dueOn: "2026-10-31",
  acceleratedOn: null,
  dueNow: "2026-10-31",
  bearsInterest: true,
  state: "open",
  settledOn: null,
  interestDue: null,
  interest: null,
  interestBilled: 0,
  createdOn: "2026-10-01",
  ...more,
});

const days = fc.integer({ min: 0, max: 400 }).map((count) => addDays("2026-01-01", count));
const claims = fc
  .array(
    fc.record({
      amount: fc.integer({ min: 0, max: 200_000 }),
      credited: fc.integer({ min: 0, max: 50_000 }),
      dueNow: days,
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list
      .map((one, index) =>
        claim({
          ...one,
          id: `c${String(index).padStart(2, "0")}`,
          credited: Math.min(one.credited, one.amount),
          dueOn: one.dueNow,
        }),
      )
      .toSorted((a, b) => a.dueNow.localeCompare(b.dueNow) || a.id.localeCompare(b.id)),
  );
const means = fc
  .array(
    fc.record({
      amount: fc.integer({ min: 1, max: 300_000 }),
      on: days,
      claim: fc.option(fc.integer({ min: 0, max: 14 }), { nil: null }),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list
      .toSorted((a, b) => a.on.localeCompare(b.on))
      .map((one, index) => ({
        ...one,
        id: `p${index}`,
        claim: one.claim === null ? null : `c${String(one.claim).padStart(2, "0")}`,
      })),
  );
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe("settling", () => {
  test("COM-13 allocation conserves money: no claim gets more than it needs, no payment gives more than it has, nothing is left beside an open claim", () => {
    fc.assert(
      fc.property(claims, means, (owed, paid) => {
        const shares = shareOut(owed, paid);
        for (const one of owed) {
          expect(sum(shares.filter((share) => share.claim === one.id).map(({ amount }) => amount))).toBeLessThanOrEqual(
            one.amount - one.credited,
          );
        }
        for (const one of paid) {
          expect(
            sum(shares.filter((share) => share.payment === one.id).map(({ amount }) => amount)),
          ).toBeLessThanOrEqual(one.amount);
        }
        expect(shares.every(({ amount }) => amount > 0)).toBe(true);
        const need = sum(owed.map(({ amount, credited }) => amount - credited));
        expect(sum(shares.map(({ amount }) => amount))).toBe(Math.min(need, sum(paid.map(({ amount }) => amount))));
      }),
      cases(3000),
    );
  });

  test("COM-13 without named claims an older claim is never open while a later one holds money", () => {
    fc.assert(
      fc.property(claims, means, (owed, paid) => {
        const shares = shareOut(
          owed,
          paid.map((one) => ({ ...one, claim: null })),
        );
        const left = (one: ClaimRow) =>
          one.amount - one.credited - sum(shares.filter((share) => share.claim === one.id).map(({ amount }) => amount));
        const firstOpen = owed.find((one) => left(one) > 0);
        if (firstOpen === undefined) return;
        for (const share of shares) {
          const to = owed.find(({ id }) => id === share.claim);
          expect((to?.dueNow ?? "") <= firstOpen.dueNow).toBe(true);
        }
      }),
      cases(2000),
    );
  });

  test("COM-12 where the terms of those days are missing the interest is unknown, not wrong", () => {
    const unknown = claim({ plan: "no-such-plan" });
    expect(interestOf(tables, unknown, [{ on: "2026-12-31", amount: 1000 }], "2026-12-31")).toBeUndefined();
  });

  test("COM-13 ten thousand claims and payments of one customer are shared out in a second", () => {
    const many = Array.from({ length: 10_000 }, (_, n) =>
      claim({ id: `c${String(n).padStart(5, "0")}`, dueNow: addDays("2026-01-01", n % 900) }),
    ).toSorted((a, b) => a.dueNow.localeCompare(b.dueNow));
    const began = performance.now();
    const shares = shareOut(
      many,
      many.map((_, n) => ({ id: `p${n}`, on: addDays("2026-01-01", n % 900), amount: 999, claim: null })),
    );
    expect(sum(shares.map(({ amount }) => amount))).toBe(9_990_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test.each([
    { service: "security", plan: "endpoint", grace: 10 },
    { service: "remote", plan: "utm-gateway", grace: 0 },
    { service: "utm", plan: "gateway", grace: 15 },
  ])("COM-12 $service: 0 up to the grace day, then never less for a later payment", ({ service, plan, grace }) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.integer({ min: 0, max: 800 }),
        fc.integer({ min: 0, max: 60 }),
        (amount, start, late) => {
          const dueNow = addDays("2026-05-01", start);
          const interest = (daysLate: number): number => {
            const on = addDays(dueNow, daysLate);
            return (
              interestOf(tables, claim({ service, plan, amount, dueNow, dueOn: dueNow }), [{ on, amount }], on)
                ?.amount ?? 0
            );
          };
          if (late <= grace) expect(interest(late)).toBe(0);
          expect(interest(late + 1)).toBeGreaterThanOrEqual(interest(late));
        },
      ),
      cases(1500),
    );
  });
});
