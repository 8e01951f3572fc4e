import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "@yagura/testkit/cases.ts";
import {
  assignmentPostings,
  difference,
  imbalance,
  invoicePostings,
  operatorPaidPostings,
  paymentPostings,
  refundPostings,
  type Postings,
} from "./journal-postings.ts";

const yen = fc.integer({ min: -5_000_000, max: 5_000_000 });
const subtotal = fc
  .record({
    class: fc.constantFrom("taxable", "exempt", "out-of-scope"),
    rate: fc.constantFrom("8%", "10%"),
    base: yen,
    tax: yen,
  })
  .map((one) => (one.class === "taxable" ? one : { ...one, rate: null, tax: 0 }));
const invoice = fc.record({
  subtotals: fc.array(subtotal, { maxLength: 4 }),
  interest: fc.dictionary(fc.constantFrom("exempt", "out-of-scope"), yen),
  sign: fc.constantFrom<1 | -1>(1, -1),
});
const payment = fc
  .record({
    way: fc.constantFrom("transfer", "cash", "credit-note"),
    amount: fc.integer({ min: 1, max: 9_000_000 }),
    part: fc.nat(100),
  })
  .map(({ way, amount, part }) => ({ way, amount, allocated: Math.floor((amount * part) / 100) }));
const above = fc.integer({ min: 1, max: 9_000_000 });
const postings: fc.Arbitrary<Postings> = fc.oneof(
  invoice.map(invoicePostings),
  payment.map(paymentPostings),
  above.map(refundPostings),
  above.map(assignmentPostings),
  above.map(operatorPaidPostings),
);

describe("postings", () => {
  test("debits equal credits for every document, and for the difference between any two states of it", () => {
    fc.assert(
      fc.property(postings, postings, (before, after) => {
        expect(imbalance(before)).toBe(0);
        expect(imbalance(difference(after, before))).toBe(0);
        expect(difference(after, after)).toEqual({});
        // What was posted and the difference make what is wanted.
        expect(difference(difference(after, before), difference({}, before))).toEqual(difference(after, {}));
      }),
      cases(3000),
    );
  });

  test("COM-08 COM-10 sales and tax by rate, late interest and what is outside the scope of tax apart", () => {
    const sums = {
      subtotals: [
        { class: "taxable", rate: "10%", base: 10_000, tax: 1_000 },
        { class: "taxable", rate: "8%", base: 100, tax: 8 },
        { class: "out-of-scope", rate: null, base: 560_830, tax: 0 },
      ],
      interest: { "out-of-scope": 830 },
      sign: 1,
    } as const;
    expect(invoicePostings(sums)).toEqual({
      receivable: 571_938,
      "sales|10%": -10_000,
      "tax|10%": -1_000,
      "sales|8%": -100,
      "tax|8%": -8,
      lateInterest: -830,
      otherIncome: -560_000,
    });
  });

  test("an advance payment becomes one of a claim, and is taken back", () => {
    const advance = paymentPostings({ way: "transfer", amount: 1_000, allocated: 0 });
    const applied = paymentPostings({ way: "transfer", amount: 1_000, allocated: 600 });
    expect(advance).toEqual({ bank: 1_000, advance: -1_000 });
    expect(difference(applied, advance)).toEqual({ receivable: -600, advance: 600 });
    expect(difference({}, applied)).toEqual({ bank: -1_000, receivable: 600, advance: 400 });
  });
});
