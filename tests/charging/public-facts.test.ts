/**
 * Facts that other billing engines test in public (dates and fractions; the yen are our floor): short and leap months, anchor
 * days 29 to 31, whole months, tax once per rate.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chargeLines } from "@yagura/commerce/charging/charge.ts";
import { feeMonthHolding, feeMonths } from "@yagura/commerce/charging/fee-months.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import { addMonths, dayOf, daysBetween, feeMonthOf, monthsFromFirstDay } from "@yagura/core/calendar.ts";
import { plus, rational, times, toYen, type Rational } from "@yagura/core/yen.ts";
import { cases } from "@yagura/testkit/cases.ts";
import { cancelled, sensor, started, sum, tables } from "./contracts.ts";

/** C is charged on the sensor; the public facts exclude the last day: C is the day before it. */
const used = (price: number, from: string, last: string, anchor = 1): number => {
  const facts: Fact[] = [
    started(from),
    cancelled(last),
    { kind: "price-agreed", on: "2000-01-01", item: "basic", amount: price, reference: "TEST" },
  ];
  const taxed: Tables = { ...tables, taxRates: [{ class: "taxable", rate: "10%", from: null, until: null }] };
  return sum(chargeLines(taxed, sensor(facts, { anchor }), { from: "2009-01", to: "2027-12" }));
};
const part = (price: number, ...fractions: Rational[]): number =>
  fractions.reduce((total, fraction) => total + toYen(times(rational(price), fraction)), 0);

describe("Kill Bill TestProRation, TestTrailingProRation, TestLeadingProRation", () => {
  const price = 100_000;
  test.each([
    { what: "2012-02-01 to 02-15", from: "2012-02-01", last: "2012-02-14", anchor: 1, fractions: [[14, 29]] },
    { what: "2011-02-01 to 02-14", from: "2011-02-01", last: "2011-02-13", anchor: 1, fractions: [[13, 28]] },
    {
      what: "2010-12-15 to 2011-03-17, day 15",
      from: "2010-12-15",
      last: "2011-03-16",
      anchor: 15,
      fractions: [
        [1, 1],
        [1, 1],
        [1, 1],
        [2, 31],
      ],
    },
    {
      what: "2010-06-17 to 07-25, day 17",
      from: "2010-06-17",
      last: "2010-07-24",
      anchor: 17,
      fractions: [
        [1, 1],
        [8, 31],
      ],
    },
    // The divisor is the whole fee month from 13 January to 12 February.
    { what: "from 2011-02-01, day 13", from: "2011-02-01", last: "2011-02-12", anchor: 13, fractions: [[12, 31]] },
  ])("$what", ({ from, last, anchor, fractions }) => {
    expect(used(price, from, last, anchor)).toBe(part(price, ...fractions.map(([n = 0, d = 1]) => rational(n, d))));
  });

  test("annual 2011-01-10 to 2012-03-04, from 17 January: 7/365 + 1 + 47/366", () => {
    const before = daysBetween("2011-01-10", "2011-01-17");
    const after = daysBetween("2012-01-17", "2012-03-04");
    expect([before, after]).toEqual([7, 47]);
    const years = plus(plus(rational(before, 365), rational(1)), rational(after, 366));
    expect(toYen(times(rational(365 * 366), years))).toBe(7 * 366 + 365 * 366 + 47 * 365);
  });
});

test.each([
  { from: "2012-07-16", to: "2012-09-15", whole: 1 },
  { from: "2012-07-16", to: "2012-09-16", whole: 2 },
  { from: "2012-07-16", to: "2012-09-17", whole: 2 },
])("TestInvoiceDateUtils: $from to $to are $whole whole months", ({ from, to, whole }) => {
  let months = 0;
  while (addMonths(from, months + 1) <= to) months += 1;
  expect(months).toBe(whole);
});

describe("COM-05: anchor 31 falls on the last day of a shorter month and comes back", () => {
  const facts: ContractFacts = { contract: "A", service: "ot", plan: "sensor", items: {}, facts: [], anchor: 31 };
  test("TestInAdvanceBillingIntervalDetail: 2012-04-30 to 2012-05-31; 01-31, 02-28, 03-31", () => {
    expect(feeMonthOf("2012-04-30", 31)).toEqual({ from: "2012-04-30", to: "2012-05-30" });
    expect(feeMonths(facts, "anchor", "2017-02", "2017-04").map(({ from }) => from)).toEqual([
      "2017-01-31",
      "2017-02-28",
      "2017-03-31",
    ]);
  });
  test("TestEffectiveDateForNewBCD: June to 06-30, a leap February to 02-29", () => {
    expect(feeMonthOf("2012-06-30", 31).from).toBe("2012-06-30");
    expect(feeMonthHolding(facts, "anchor", "2012-02-29").from).toBe("2012-02-29");
  });
  test("Lago monthly_service_spec: begun on 31 January it ends on 27 February, in a leap year on the 28th", () => {
    expect(feeMonthOf("2022-01-31", 31).to).toBe("2022-02-27");
    expect(feeMonthOf("2020-01-31", 31).to).toBe("2020-02-28");
  });
});

test("TestBillCycleDayCalculator: one instant, the same day in Tokyo wherever the host stands (COM-04)", () => {
  for (const instant of [
    "2012-07-20T23:00:00-10:00",
    "2012-07-21T11:00:00+02:00",
    "2012-07-21T12:00:00+03:00",
    "2012-07-21T18:00:00+09:00",
  ])
    expect(dayOf(new Date(instant))).toBe("2012-07-21");
});

describe("Lago, Business Central", () => {
  test("14 of 31 days of 10,000 are 4,516", () => {
    expect(used(10_000, "2026-05-01", "2026-05-14")).toBe(4_516);
  });
  test("32 of 91 days of 91,000 are 32,000", () => {
    expect(part(91_000, rational(32, 91))).toBe(32_000);
  });
  test("credit_note_rounding_spec: one day of 30 used of 20,000: 19,333 and tax 4,833; of 16,000: 15,466", () => {
    const left = part(20_000, rational(29, 30));
    expect([left, part(20_000, times(rational(29, 30), rational(25, 100)))]).toEqual([19_333, 4_833]);
    expect(part(16_000, rational(29, 30))).toBe(15_466);
  });
  test("BCApps#5718: 26 to 28 February are 3/28, of 9 yen nothing", () => {
    expect(used(9, "2025-02-26", "2025-02-28")).toBe(0);
    expect(used(28_000, "2025-02-26", "2025-02-28")).toBe(3_000);
  });
});

describe("COM-08: tax once per rate", () => {
  const line = (amount: number) => ({ amount, taxClass: "taxable" as const, supplyOn: "2026-05-31" });
  test("Q&A 57: three lines of 105: 31, not 30", () => {
    expect(totals(tables, [line(105), line(105), line(105)]).tax).toBe(31);
  });
  test("odoo#191983: 13,582 × 2 with tax holds 2,469", () => {
    expect(toYen(times(rational(27_164), rational(10, 110)))).toBe(2_469);
  });
});

describe("COM-01: exact, against three ways of being wrong", () => {
  test("the sweep: 6,713 of 118,000 cases differ from at least one of them", () => {
    let differ = 0;
    let cases = 0;
    for (let price = 100; price <= 100_000; price += 100) {
      for (let whole = 28; whole <= 31; whole++) {
        for (let days = 1; days <= whole; days++) {
          const exact = toYen(times(rational(price), rational(days, whole)));
          const wrong = [
            Math.floor((price / whole) * days),
            Math.floor(price * (days / whole)),
            Math.floor(price * Number((days / whole).toFixed(9))),
          ];
          cases += 1;
          if (wrong.some((amount) => amount !== exact)) differ += 1;
        }
      }
    }
    expect([cases, differ]).toEqual([118_000, 6_713]);
  });

  test("floor(price × quantity × days ÷ whole) is never off by one, however large", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 28, max: 31 }),
        (price, quantity, days, whole) => {
          const amount = BigInt(toYen(times(rational(price * quantity), rational(days, whole))));
          const exact = BigInt(price) * BigInt(quantity) * BigInt(days);
          expect(amount * BigInt(whole) <= exact && exact < (amount + 1n) * BigInt(whole)).toBe(true);
        },
      ),
      cases(5_000),
    );
  });
});

test("COM-03: n months from a first day that is counted end on the eve of the corresponding day, or with the month", () => {
  expect(monthsFromFirstDay("2026-05-01", 11)).toBe("2027-03-31");
  expect(monthsFromFirstDay("2024-02-29", 60)).toBe("2029-02-28");
});
