/** Rules common to the five services that are neither a matrix nor a price: proration, tax classes, closing, consents. */
import { describe, expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { offers, security, tables } from "../support/offers.ts";

describe("proration", () => {
  test("COM-06 one floor per price line and per segment, then the sum", () => {
    const { lines } = chargeContract(
      tables,
      {
        contract: "test",
        service: "security",
        plan: "endpoint",
        items: { "seat-1": 7, "seat-10": 1 },
        facts: [
          { kind: "started", on: "2026-02-15" },
          { kind: "quantity", on: "2026-03-12", item: "seat-1", quantity: 8 },
          { kind: "cancelled", on: "2026-03-25", by: "customer" },
        ],
      },
      { from: "2026-03", to: "2026-03" },
    );
    // 1,400 × 11 ÷ 31, 1,600 × 13 ÷ 31, 1,800 × 24 ÷ 31: each cut down by itself.
    expect(lines.map(({ item, amount }) => `${item} ${amount}`).toSorted()).toEqual([
      "seat-1 496",
      "seat-1 670",
      "seat-10 1393",
    ]);
  });

  test("A-COM-5 the divisor is the real number of days of the month", () => {
    const fee = (month: string, next: string) =>
      chargeContract(
        tables,
        {
          contract: "test",
          service: "utm",
          plan: "gateway",
          items: { base: 1 },
          attributes: { model: "ssb5", licence: "plain" },
          facts: [
            { kind: "started", on: `${month}-02` },
            { kind: "cancelled", on: next, by: "customer" },
          ],
        },
        { from: month, to: month },
      ).lines.map(({ amount }) => amount);
    // 27/28, 28/29, 29/30, 30/31 of 2,500.
    expect([
      fee("2026-02", "2026-03-01"),
      fee("2028-02", "2028-03-01"),
      fee("2026-04", "2026-05-01"),
      fee("2026-05", "2026-06-01"),
    ]).toEqual([[2_410], [2_413], [2_416], [2_419]]);
  });
});

describe("tax", () => {
  test("COM-10 every item of every version has a class: fees are taxable, damages and lumps out of scope", () => {
    for (const { terms } of offers) {
      for (const { plans } of terms) {
        for (const { items } of Object.values(plans)) {
          for (const { kind, recurring, taxClass } of Object.values(items)) {
            expect(["taxable", "out-of-scope", "exempt"]).toContain(taxClass);
            if (recurring !== undefined || ["initial", "ticket", "document", "ancillary"].includes(kind))
              expect(taxClass).toBe("taxable");
          }
        }
      }
    }
  });

  test("COM-10 what is out of scope bears no tax and stands beside what does", () => {
    const { lines } = chargeContract(
      tables,
      {
        contract: "test",
        service: "security",
        plan: "desk",
        items: { base: 1 },
        facts: [
          { kind: "started", on: "2026-04-10" },
          { kind: "cancelled", on: "2026-09-20", by: "customer" },
        ],
      },
      { from: "2026-09", to: "2026-09" },
    );
    expect(totals(tables, lines)).toMatchObject({ net: 640_000, tax: 8_000, total: 648_000 });
  });
});

describe("corporate security", () => {
  test("SEC-37 SEC-56 months of the calendar, closed on their last day, billed per contract", () => {
    expect(security.invoiceUnit).toBe("contract");
    for (const plan of Object.values(security.terms.at(-1)?.plans ?? {}))
      for (const { recurring } of Object.values(plan.items))
        if (recurring !== undefined) expect(recurring.feeMonth).toBe("calendar");
    const { lines } = chargeContract(
      tables,
      {
        contract: "test",
        service: "security",
        plan: "cloud-app",
        items: { "seat-100": 1 },
        facts: [{ kind: "started", on: "2026-04-15" }],
      },
      { from: "2026-05", to: "2026-05" },
    );
    expect(lines.map(({ period, billMonth, amount }) => [period, billMonth, amount])).toEqual([
      [{ from: "2026-05-01", to: "2026-05-31" }, "2026-05", 30_000],
    ]);
  });

  test("SEC-23 COM-27 every order takes the consent that data may go to subcontractors", () => {
    for (const { forms } of offers)
      for (const { checks } of forms)
        expect(checks).toContainEqual({ kind: "consent", rule: "COM-27", field: "consent-subcontractors" });
  });
});
