/** Matrix 7.1: charge period and proration, column by column, as the services' data have it. */
import { describe, expect, test } from "vitest";
import type { RecurringTerms } from "@yagura/commerce/charging/tables.ts";
import { itemOn, planOn } from "../support/offers.ts";

interface Column {
  readonly name: string;
  readonly service: string;
  readonly plan: string;
  readonly item: string;
  readonly day: string;
  readonly terms: Omit<RecurringTerms, "rule">;
  /** Months of the minimum term and from which day it follows. */
  readonly minimum: readonly [string, number, "start" | "acceptance"] | null;
  readonly early: string | null;
}

const months = { minimumDays: 0, floor: "segment" } as const;
const fullFeeMonths = {
  ...months,
  endMonth: "FULL",
  endDay: "included",
  endMonthWhen: "always",
  change: "NONE",
  removedOnEndDay: "charged",
} as const;
const today = "2026-11-20";

const columns: readonly Column[] = [
  {
    name: "COM-07 EXP-11 EXP-v1: from the fee month of S, whole, to the one of C, whole",
    service: "experience",
    plan: "agent",
    item: "agent",
    day: "2023-07-31",
    terms: { ...fullFeeMonths, startMonth: "FULL", feeMonth: "anchor" },
    minimum: null,
    early: null,
  },
  {
    name: "COM-07 EXP-12 EXP-13 EXP-v2: from the fee month after S, whole, to the one of C, whole",
    service: "experience",
    plan: "agent",
    item: "agent",
    day: "2023-08-01",
    terms: { ...fullFeeMonths, startMonth: "FREE", feeMonth: "anchor" },
    minimum: null,
    early: null,
  },
  ...["endpoint", "cloud-app"].flatMap((plan) =>
    ["seat-1", "seat-10", "seat-100", "seat-1000", "seat-10000"].map((item) => ({
      name: `COM-07 SEC-30 SEC-33 SEC-34 SEC-35 SEC-54 SEC-55 SEC ${plan} ${item}: month after S, full when ended in it, C's month and a change by days, C out`,
      service: "security",
      plan,
      item,
      day: today,
      terms: {
        ...months,
        startMonth: "FREE_UNLESS_CANCELLED_THEN_FULL",
        endMonth: "PRORATE",
        endDay: "excluded",
        endMonthWhen: "ifAnyDay",
        change: "PRORATE",
        removedOnEndDay: "free",
        feeMonth: "calendar",
      } as const,
      minimum: null,
      early: null,
    })),
  ),
  {
    name: "COM-07 SEC-62 SEC-63 SEC-65 SEC-66 SEC SSD base: month after S, C's month whole, nothing for a C on the 1st, 11 months, lump",
    service: "security",
    plan: "desk",
    item: "base",
    day: today,
    terms: {
      ...months,
      startMonth: "FREE",
      endMonth: "FULL",
      endDay: "excluded",
      endMonthWhen: "ifAnyDay",
      change: "NONE",
      removedOnEndDay: "free",
      feeMonth: "calendar",
    },
    minimum: ["SEC-65", 11, "start"],
    early: "remaining-months",
  },
  ...["report", "settings"].map((item) => ({
    name: `COM-07 SEC-62 SEC-63 SEC-64 SEC SSD option ${item}: month after its start, full when ended in it, month of abolition whole`,
    service: "security",
    plan: "desk",
    item,
    day: today,
    terms: {
      ...months,
      startMonth: "FREE_UNLESS_CANCELLED_THEN_FULL",
      endMonth: "FULL",
      endDay: "excluded",
      endMonthWhen: "ifAnyDay",
      change: "NONE",
      removedOnEndDay: "free",
      feeMonth: "calendar",
    } as const,
    minimum: ["SEC-65", 11, "start"] as const,
    early: "remaining-months",
  })),
  ...["utm-gateway", "router", "wireless"].map((plan) => ({
    name: `COM-07 RNS-61 RNS-12 RNS ${plan}: month after acceptance, whole, to the month of C, whole; 12 months; the provider's table`,
    service: "remote",
    plan,
    item: "base",
    day: today,
    terms: { ...fullFeeMonths, startMonth: "NEXT_MONTH_AFTER_ACCEPTANCE", feeMonth: "calendar" } as const,
    minimum: ["RNS-12", 12, "acceptance"] as const,
    early: "provider-table",
  })),
  ...["2025-07-30", "2025-07-31"].map((day) => ({
    name: `COM-07 OST-09 OST-10 OST-11 OST basic on ${day}: days S to C, both in; months of S, C and a change by days; one day at least`,
    service: "ot",
    plan: "sensor",
    item: "basic",
    day,
    terms: {
      ...months,
      startMonth: "PRORATE",
      endMonth: "PRORATE",
      endDay: "included",
      endMonthWhen: "ifAnyDay",
      change: "PRORATE",
      removedOnEndDay: "charged",
      minimumDays: 1,
      feeMonth: "anchor",
    } as const,
    minimum: null,
    early: null,
  })),
  {
    name: "COM-07 UTM-33 UTM-45 UTM: days S to C−1, one at least; months of S, C, credits and discounts by days",
    service: "utm",
    plan: "gateway",
    item: "base",
    day: today,
    terms: {
      ...months,
      startMonth: "PRORATE",
      endMonth: "PRORATE",
      endDay: "excluded",
      endMonthWhen: "ifAnyDay",
      change: "PRORATE",
      removedOnEndDay: "free",
      minimumDays: 1,
      feeMonth: "anchor",
    },
    minimum: null,
    early: null,
  },
];

describe("matrix 7.1", () => {
  test.each(columns)("$name", ({ service, plan, item, day, terms, minimum, early }) => {
    const { rule, ...recurring } = itemOn(service, plan, item, day).recurring ?? { rule: "" };
    expect(rule).toMatch(/^[A-Z]{3}-\d+$/);
    expect(recurring).toEqual(terms);
    const term = planOn(service, plan, day).minimumTerm;
    expect(term === undefined ? null : [term.rule, term.months, term.after]).toEqual(minimum);
    expect(term?.early.kind ?? null).toBe(early);
  });

  test("SEC-66 the lump is base × (months that remain + 1), due on the provider's day", () => {
    expect(planOn("security", "desk", today).minimumTerm?.early).toEqual({
      kind: "remaining-months",
      rule: "SEC-66",
      item: "base",
      plus: 1,
    });
  });

  test("RNS-12 the charge is due by the last day of the month after the month of C, when the customer ends", () => {
    expect(planOn("remote", "router", today).minimumTerm?.early).toEqual({
      kind: "provider-table",
      rule: "RNS-12",
      item: "early-termination",
      by: ["customer"],
      due: { monthsAfter: 1, day: "last" },
    });
  });

  test("RNS-60 once-only fees are due by the last day of the month of acceptance", () => {
    for (const item of ["hardware", "installation"]) {
      expect(itemOn("remote", "utm-gateway", item, today).once).toEqual({
        at: "inspection",
        automatic: false,
        due: { monthsAfter: 0, day: "last" },
      });
    }
  });

  test("UTM-08 the longest use is 7, 5, 5, 7, 7 years by model; nobody else has one", () => {
    expect(planOn("utm", "gateway", today).longestUse).toEqual({
      rule: "UTM-08",
      yearsByModel: { ssb5: 7, ssb10: 5, ssb30: 5, standard: 7, professional: 7 },
    });
    expect(planOn("ot", "sensor", today).longestUse).toBeUndefined();
    expect(planOn("security", "desk", today).longestUse).toBeUndefined();
  });

  test("OST-02 OST-03 OST-20 only version 2 has ancillary services", () => {
    expect(Object.keys(planOn("ot", "sensor", "2025-07-30").items)).not.toContain("ancillary");
    expect(itemOn("ot", "sensor", "ancillary", "2025-07-31").kind).toBe("ancillary");
  });

  test("A-COM-1 A-COM-4 fractions are cut in every column, per segment", () => {
    for (const { service, plan, item, day } of columns) {
      expect(itemOn(service, plan, item, day).recurring?.floor).toBe("segment");
    }
  });
});
