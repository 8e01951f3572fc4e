/** Pure parts of documents: what is due when adds up, numbers and registration numbers, differences to last month. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "@yagura/testkit/cases.ts";
import { offers } from "../../../../tests/support/money.ts";
import type { ChargeLine } from "../charging/lines.ts";
import { shippedTables } from "../charging/shipped.ts";
import { totals } from "../charging/totals.ts";
import { reasonsFor } from "./differences.ts";
import { duesOf, type Dated } from "./documents.ts";
import { isRegistrationNumber, unqualifiedBecause } from "./registration-number.ts";
import { writeNumber } from "./write.ts";

const tables = shippedTables(offers);

const line = (more: Partial<ChargeLine>): ChargeLine => ({
  key: "k",
  contract: "C-1",
  service: "utm",
  plan: "gateway",
  kind: "recurring",
  item: "base",
  description: { ja: "", en: "" },
  feeMonth: "2026-06-01",
  billMonth: "2026-06",
  period: { from: "2026-06-01", to: "2026-06-30" },
  quantity: 1,
  unitPrice: 0,
  amount: 0,
  taxClass: "taxable",
  supplyOn: "2026-06-01",
  dueOn: null,
  why: { rule: "", version: "", basis: [], inputs: {}, formula: "", sentence: { ja: "", en: "" } },
  ...more,
});

const dated = fc.record({
  amount: fc.integer({ min: -200_000, max: 1_000_000 }),
  due: fc.constantFrom("2026-06-30", "2026-07-31", "2026-08-31"),
  service: fc.constantFrom("utm", "security", "remote"),
  taxClass: fc.constantFrom("taxable" as const, "out-of-scope" as const),
  supplyOn: fc.constantFrom("2019-09-01", "2026-06-01"),
  kind: fc.constantFrom("recurring" as const, "adjustment" as const, "late-interest" as const),
});

describe("claims of a document", () => {
  test("COM-08 COM-12 whatever stands on it, its claims are above zero and add up to its total, tax shared out to the yen", () => {
    fc.assert(
      fc.property(fc.array(dated, { minLength: 1, maxLength: 12 }), (rows) => {
        const lines: Dated[] = rows.map(({ due, ...more }) => ({ contract: "c", due, line: line(more) }));
        const sums = totals(
          tables,
          lines.map((one) => one.line),
        );
        const dues = duesOf(tables, lines, sums);
        expect(dues.every(({ amount }) => amount > 0)).toBe(true);
        expect(dues.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.max(0, sums.total));
        expect(dues.map(({ on }) => on)).toEqual(dues.map(({ on }) => on).toSorted());
      }),
      cases(3_000),
    );
  });

  test("a claim of several contracts names none; late interest is a claim of its own that bears none", () => {
    const lines: Dated[] = [
      { contract: "a", due: "2026-07-31", line: line({ amount: 1_000 }) },
      { contract: "b", due: "2026-07-31", line: line({ amount: 2_000 }) },
      {
        contract: "a",
        due: "2026-07-31",
        line: line({ amount: 44, kind: "late-interest", taxClass: "out-of-scope" }),
      },
    ];
    const dues = duesOf(
      tables,
      lines,
      totals(
        tables,
        lines.map((one) => one.line),
      ),
    );
    expect(dues.map(({ contract, amount, bearsInterest }) => [contract, amount, bearsInterest])).toEqual([
      [null, 3_300, true],
      ["a", 44, false],
    ]);
  });
});

describe("numbers", () => {
  test("COM-11 documents are numbered by series and year", () => {
    expect(writeNumber("INV", 2026, 42)).toBe("INV-2026-00000042");
  });
  test.each([
    ["T7000012050002", true],
    ["T1000012050002", false],
    ["7000012050002", false],
    ["T700001205000", false],
  ])("COM-11 the registration number %s: %s", (number, good) => {
    expect(isRegistrationNumber(number)).toBe(good);
    expect(unqualifiedBecause(number, true) === null).toBe(good);
  });
  test("A-UTM-16 a setting keeps ordinary bills plain", () => {
    expect(unqualifiedBecause("T7000012050002", false)?.en).toContain("setting");
  });
});

describe("differences to last month", () => {
  const of = (contract: string, amount: number, more: Partial<ChargeLine> = {}) => line({ contract, amount, ...more });
  test.each([
    { name: "a new contract", last: [], now: [of("A", 100)], code: "new-contract", delta: 100 },
    { name: "an ended contract", last: [of("A", 100)], now: [], code: "ended-contract", delta: -100 },
    { name: "more of an item", last: [of("A", 100)], now: [of("A", 150)], code: "amount-changed", delta: 50 },
    {
      name: "a new item",
      last: [of("A", 100)],
      now: [of("A", 100), of("A", 30, { item: "report" })],
      code: "new-item",
      delta: 30,
    },
    {
      name: "an item gone",
      last: [of("A", 100), of("A", 30, { item: "report" })],
      now: [of("A", 100)],
      code: "item-gone",
      delta: -30,
    },
    { name: "a one-off", last: [], now: [of("A", 70, { kind: "one-off" })], code: "one-off", delta: 70 },
    { name: "an adjustment", last: [], now: [of("A", -7, { kind: "adjustment" })], code: "adjustment", delta: -7 },
    {
      name: "a month that nobody billed",
      last: [],
      now: [of("A", 100, { billMonth: "2026-05" })],
      code: "earlier-month",
      delta: 100,
    },
  ])("$name", ({ last, now, code, delta }) => {
    const side = (lines: readonly ChargeLine[]) => ({ lines, total: lines.reduce((sum, one) => sum + one.amount, 0) });
    expect(reasonsFor(side(last), side(now), "2026-06")).toMatchObject([{ code, delta, contract: "A" }]);
  });

  test("what is left between the totals is tax; the same bill has no reasons", () => {
    const lines = [of("A", 100)];
    expect(reasonsFor({ lines, total: 108 }, { lines, total: 110 }, "2026-06")).toEqual([
      { code: "tax", contract: null, item: null, delta: 2 },
    ]);
    expect(reasonsFor({ lines, total: 110 }, { lines, total: 110 }, "2026-06")).toEqual([]);
  });
});
