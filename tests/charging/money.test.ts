/** Late interest, the order of payments, due dates, adjustments and invoices. */
import { describe, expect, test } from "vitest";
import { differences } from "@yagura/commerce/charging/adjust.ts";
import { chargeLines } from "@yagura/commerce/charging/charge.ts";
import { addBusinessDays, handledFrom, isOpen } from "@yagura/commerce/charging/business-days.ts";
import { dueOn } from "@yagura/commerce/charging/due.ts";
import type { ClaimFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { allocate, lateInterest } from "@yagura/commerce/charging/interest.ts";
import { preview } from "@yagura/commerce/charging/preview.ts";
import { quote, simulateCancellation, simulateChange } from "@yagura/commerce/charging/simulate.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import {
  cancelled,
  complaints,
  desk,
  endpoint,
  gateway,
  inspected,
  quantity,
  router,
  started,
  sum,
  tables,
} from "./contracts.ts";
import { world } from "./world.ts";

const claim = (more: Partial<ClaimFacts> = {}): ClaimFacts => ({
  claim: "A",
  service: "security",
  plan: "endpoint",
  amount: 110_000,
  dueOn: "2026-10-31",
  ...more,
});
const interest = (
  of: ClaimFacts,
  payments: readonly { on: string; amount: number }[],
  until = "2027-12-31",
  tablesOf: Tables = tables,
) => lateInterest(tablesOf, of, payments, until);

describe("matrix 7.2", () => {
  const paid = (service: string, plan: string, on: string) =>
    interest(claim({ service, plan }), [{ on, amount: 110_000 }])?.amount ?? 0;
  test.each([
    // Grace of SEC and UTM; none in RNS; the day of payment out, out and in.
    { column: "SEC", service: "security", plan: "endpoint", last: "2026-11-10", first: "2026-11-11", amount: 436 },
    { column: "UTM", service: "utm", plan: "gateway", last: "2026-11-15", first: "2026-11-16", amount: 135 },
    { column: "RNS", service: "remote", plan: "router", last: "2026-10-31", first: "2026-11-01", amount: 44 },
  ])(
    "$column: nothing by $last, $amount on $first, counted from the day after the due date",
    ({ service, plan, last, first, amount }) => {
      expect([paid(service, plan, last), paid(service, plan, first)]).toEqual([0, amount]);
    },
  );

  test("EXP, OST: off until the provider sets it", () => {
    const of = claim({ service: "ot", plan: "sensor" });
    expect(interest(of, [])).toBeNull();
    const set: Tables = {
      ...tables,
      settings: [
        ...tables.settings.filter(({ key }) => key !== "late-interest"),
        { service: "ot", key: "late-interest", value: { rate: "10%" }, from: null, until: null },
      ],
    };
    expect(interest(of, [{ on: "2026-11-11", amount: 110_000 }], "2026-12-31", set)?.amount).toBe(301);
  });

  test("late interest bears none", () => {
    expect(interest(claim({ bearsInterest: false }), [])).toBeNull();
  });

  test("what is unpaid is taken as paid on the day asked about", () => {
    expect(interest(claim(), [], "2026-11-20")?.amount).toBe(830);
    expect(interest(claim(), [{ on: "2026-11-15", amount: 60_000 }], "2026-11-30")).toMatchObject({
      amount: 909,
      segments: [
        { from: "2026-11-01", to: "2026-11-14", days: 14, base: 110_000 },
        { from: "2026-11-15", to: "2026-11-29", days: 15, base: 50_000 },
      ],
    });
  });

  test("RNS: the day of a part payment still bears the whole sum", () => {
    const found = interest(
      claim({ service: "remote", plan: "router" }),
      [{ on: "2026-11-10", amount: 60_000 }],
      "2026-11-20",
    );
    expect(found?.segments).toEqual([
      { from: "2026-11-01", to: "2026-11-10", days: 10, base: 110_000 },
      { from: "2026-11-11", to: "2026-11-20", days: 10, base: 50_000 },
    ]);
    expect(found?.amount).toBe(Math.floor((110_000 * 10 + 50_000 * 10) * 0.0004));
  });

  test("what was paid before the due date bears nothing", () => {
    expect(
      interest(claim(), [
        { on: "2026-10-20", amount: 60_000 },
        { on: "2026-11-20", amount: 50_000 },
      ])?.amount,
    ).toBe(Math.floor((50_000 * 19 * 145) / 365_000));
  });

  test("COM-12: grace is for the whole claim: a part paid in its days bears interest to the day before, where the rest comes late", () => {
    const payments = [
      { on: "2026-11-05", amount: 60_000 },
      { on: "2026-11-20", amount: 50_000 },
    ];
    expect(interest(claim(), payments)?.segments).toEqual([
      { from: "2026-11-01", to: "2026-11-04", days: 4, base: 110_000 },
      { from: "2026-11-05", to: "2026-11-19", days: 15, base: 50_000 },
    ]);
  });

  test("UTM-42: the rate of the first overdue day stays, whatever comes after", () => {
    const later: Tables = {
      ...tables,
      statutoryRates: [
        ...tables.statutoryRates.map((row) =>
          row.until === null || row.until > "2026-11-10" ? { ...row, until: "2026-11-10" } : row,
        ),
        { rate: "9%", from: "2026-11-10", until: null },
      ],
    };
    expect(interest(claim({ service: "utm", plan: "gateway" }), [], "2027-03-31", later)?.rate).toBe("3%");
  });

  test("a statutory rate that is not known yet is asked for", () => {
    const of = claim({ service: "utm", plan: "gateway", dueOn: "2031-10-31" });
    expect(complaints(() => interest(of, [], "2031-12-31"))).toEqual([
      expect.stringContaining("No statutory rate is in force on 2031-11-01") as string,
    ]);
  });
});

describe("COM-13: payments", () => {
  const claims = [
    claim({ claim: "new", dueOn: "2026-11-30", amount: 100 }),
    claim({ claim: "old", dueOn: "2026-10-31", amount: 100 }),
  ];
  test("go to the oldest due date first, in order of day", () => {
    expect(
      allocate(claims, [
        { on: "2026-12-02", amount: 30 },
        { on: "2026-12-01", amount: 120 },
      ]),
    ).toEqual([
      { payment: 1, claim: "old", amount: 100 },
      { payment: 1, claim: "new", amount: 20 },
      { payment: 0, claim: "new", amount: 30 },
    ]);
  });
  test("go to the claim that is named, and what it does not need to the others; what nobody needs stays over (RNS-63)", () => {
    expect(allocate(claims, [{ on: "2026-12-01", amount: 250, claim: "new" }])).toEqual([
      { payment: 0, claim: "new", amount: 100 },
      { payment: 0, claim: "old", amount: 100 },
    ]);
  });
});

describe("due dates", () => {
  const set = (value: unknown): Tables => ({
    ...tables,
    settings: [
      ...tables.settings.filter(({ key }) => key !== "due"),
      { service: "utm", key: "due", value, from: null, until: null },
    ],
  });
  test.each([
    { value: { monthsAfter: 1, day: "last" }, month: "2026-01", on: "2026-02-28" },
    { value: { monthsAfter: 1, day: 31 }, month: "2026-03", on: "2026-04-30" },
    { value: { monthsAfter: 2, day: 10 }, month: "2026-11", on: "2027-01-10" },
    { value: { monthsAfter: 1, day: "last", shift: "next" }, month: "2026-04", on: "2026-06-01" },
    { value: { monthsAfter: 1, day: "last", shift: "previous" }, month: "2026-04", on: "2026-05-29" },
    // Sunday, a substitute holiday after it, and the banks' new year.
    { value: { monthsAfter: 1, day: 3, shift: "next" }, month: "2026-04", on: "2026-05-07" },
    { value: { monthsAfter: 1, day: 1, shift: "next" }, month: "2026-12", on: "2027-01-04" },
    { value: "soon", month: "2026-04", on: null },
  ])("$value for $month: $on", ({ value, month, on }) => {
    expect(dueOn(set(value), "utm", month)).toBe(on);
  });
});

describe("COM-16: business days", () => {
  test("the reference day is not counted; holidays and the turn of the year are not business days", () => {
    expect(addBusinessDays(tables, "utm", "desk", "2026-05-07", 5)).toBe("2026-05-14");
    expect(addBusinessDays(tables, "utm", "desk", "2026-05-12", -5)).toBe("2026-04-30");
    expect(addBusinessDays(tables, "utm", "desk", "2026-12-28", 1)).toBe("2027-01-05");
  });
  test.each([
    { at: "2026-11-20T08:59:59+09:00", open: false },
    { at: "2026-11-20T09:00:00+09:00", open: true },
    { at: "2026-11-20T16:59:59+09:00", open: true },
    { at: "2026-11-20T17:00:00+09:00", open: false },
    { at: "2026-11-20T00:00:00Z", open: true },
    { at: "2026-11-23T12:00:00+09:00", open: false },
  ])("A-UTM-22: the desk at $at is open: $open", ({ at, open }) => {
    expect(isOpen(tables, "utm", "desk", new Date(at))).toBe(open);
  });
  test("UTM-61: at once inside the hours, on the same morning before them, on the next business day after them", () => {
    const from = (at: string) => handledFrom(tables, "utm", "phone-contact", new Date(at));
    expect(from("2026-12-28T10:30:00+09:00")).toEqual({ day: "2026-12-28", clock: "10:30" });
    expect(from("2026-12-28T07:00:00+09:00")).toEqual({ day: "2026-12-28", clock: "09:00" });
    expect(from("2026-12-28T17:30:00+09:00")).toEqual({ day: "2027-01-05", clock: "09:00" });
  });
});

describe("adjustments", () => {
  const range = { from: "2026-03", to: "2026-05" };
  const contract = endpoint([started("2025-09-10")]);
  test("a seat learnt of late stands on the next bill, with the reason", () => {
    const billed = chargeLines(tables, contract, range);
    const now = chargeLines(
      tables,
      { ...contract, facts: [...contract.facts, quantity("2026-03-12", "seat-1", 8)] },
      range,
    );
    const adjustments = differences(billed, now, "2026-06");
    expect(adjustments.map(({ amount, feeMonth, billMonth }) => [feeMonth, billMonth, amount])).toEqual([
      ["2026-03-01", "2026-06", 128],
      ["2026-04-01", "2026-06", 200],
      ["2026-05-01", "2026-06", 200],
    ]);
    expect(adjustments[0]?.why.formula).toBe("1,528 − 1,400 = 128");
    // Learnt again that it was wrong: it comes back.
    const back = differences([...billed, ...adjustments], billed, "2026-07");
    expect(back.map(({ amount }) => amount)).toEqual([-128, -200, -200]);
    expect(differences([...billed, ...adjustments, ...back], billed, "2026-08")).toEqual([]);
  });
  test("the tax comes back at the rate of its own supply", () => {
    const old = desk([started("2019-07-29")]);
    const months = { from: "2019-09", to: "2019-10" };
    const billed = chargeLines(tables, old, months);
    const adjustments = differences(billed, [], "2026-06");
    expect(totals(tables, adjustments)).toMatchObject({ tax: -14_400, total: -174_400 });
  });
});

describe("simulations call the function of the bill (COM-19)", () => {
  test("what a cancellation costs", () => {
    const { ending, goingOn } = simulateCancellation(tables, desk([started("2026-04-10")]), "2026-09-20");
    expect(sum(ending.lines)).toBe(80_000 + 560_000);
    expect(goingOn.months.map(({ month, totals: of }) => [month, of.total])).toEqual([
      ["2026-09", 88_000],
      ["2026-10", 88_000],
      ["2026-11", 88_000],
    ]);
  });
  test("what a change costs, and a quote", () => {
    const range = { from: "2026-03", to: "2026-03" };
    const { before, after } = simulateChange(
      tables,
      endpoint([started("2025-09-10")]),
      [quantity("2026-03-12", "seat-1", 8)],
      range,
    );
    expect([before.totals.net, after.totals.net]).toEqual([1_400, 1_528]);
    const order = router([], { items: { base: 1, installation: 1 } });
    const quoted = quote(tables, order, "2026-04-20", { from: "2026-04", to: "2026-05" });
    expect(quoted.lines).toEqual(
      chargeLines(
        tables,
        router([{ kind: "accepted", on: "2026-04-20" }, started("2026-04-20"), inspected("2026-04-20")], {
          items: { base: 1, installation: 1 },
        }),
        { from: "2026-04", to: "2026-05" },
      ),
    );
  });
});

describe("invoices of a preview (COM-28)", () => {
  const file = (more: Record<string, unknown>) => ({
    from: "2026-05",
    to: "2026-05",
    contracts: [gateway([started("2026-04-01")]), { ...gateway([started("2026-04-01")]), contract: "U2" }],
    ...more,
  });
  const units = (more: Record<string, unknown>) =>
    preview(world, file(more)).invoices.map(({ unit, contracts, totals: of }) => [unit, contracts, of.total]);
  test("per contract, per customer and month, or all in one", () => {
    expect(units({})).toEqual([
      ["contract", ["U"], 2_750],
      ["contract", ["U2"], 2_750],
    ]);
    expect(
      units({ tables: { settings: [{ service: "utm", key: "invoice-unit", value: "organisation-month" }] } }),
    ).toEqual([["organisation-month", ["U", "U2"], 5_500]]);
    expect(units({ consolidated: true })).toEqual([["consolidated", ["U", "U2"], 5_500]]);
  });
  test("per claim: what falls due together", () => {
    const facts: Fact[] = [inspected("2026-04-20"), cancelled("2027-02-15")];
    const { invoices } = preview(world, {
      from: "2027-02",
      to: "2027-02",
      contracts: [router(facts)],
      tables: {
        prices: [
          { service: "remote", plan: "router", item: "base", amount: 12_000 },
          { service: "remote", plan: "router", item: "early-termination", amount: 40_000 },
        ],
        settings: [{ service: "remote", key: "due", value: { monthsAfter: 2, day: 10 } }],
      },
    });
    expect(invoices.map(({ totals: of, due }) => [of.total, due])).toEqual([
      [13_200, ["2027-04-10"]],
      [40_000, ["2027-03-31"]],
    ]);
  });
  test("UTM-43: late interest alone waits for another charge", () => {
    const claims = [{ claim: "A", service: "utm", plan: "gateway", amount: 2_750, dueOn: "2026-03-31" }];
    const payments = [{ on: "2026-05-20", amount: 2_750 }];
    expect(preview(world, file({ claims, payments })).interest).toMatchObject([
      { amount: 11, alone: false, billMonth: "2026-05" },
    ]);
    expect(preview(world, file({ contracts: [], claims, payments })).interest).toMatchObject([{ billMonth: null }]);
  });
  test("where the file names no claims, its invoices are claims: paid late, they bear interest", () => {
    const found = preview(world, {
      ...file({ payments: [{ on: "2026-07-20", amount: 5_500 }] }),
      contracts: [endpoint([started("2025-09-10")], { items: { "seat-100": 1 } })],
    });
    // 16,500 due on 30 June, 5,500 of it paid on 20 July, the rest taken as paid on the last day of the range: before that.
    expect(found.claims).toMatchObject([
      { claim: "2026-05 S 2026-06-30", amount: 16_500, dueOn: "2026-06-30", paid: 5_500, open: 11_000 },
    ]);
    expect(found.interest).toEqual([]);
    const late = preview(world, {
      ...file({ payments: [{ on: "2026-07-20", amount: 5_500 }], until: "2026-07-31" }),
      contracts: [endpoint([started("2025-09-10")], { items: { "seat-100": 1 } })],
    });
    expect(late.interest).toMatchObject([{ amount: Math.floor(((16_500 * 19 + 11_000 * 11) * 145) / 365_000) }]);
  });
  test("a claim of a document with two due dates has its share of the tax", () => {
    const of = (day: number | "last") =>
      preview(world, {
        from: "2026-04",
        to: "2026-05",
        until: "2026-05-01",
        consolidated: true,
        contracts: [router([inspected("2026-04-20")], { items: { base: 1, installation: 1 } })],
        tables: {
          prices: [
            { service: "remote", plan: "router", item: "base", amount: 12_345 },
            { service: "remote", plan: "router", item: "installation", amount: 55_555 },
          ],
          settings: [{ service: "remote", key: "due", value: { monthsAfter: 0, day } }],
        },
      });
    expect(of("last").claims.map(({ amount, dueOn: on }) => [amount, on])).toEqual([
      [61_110, "2026-04-30"],
      [13_579, "2026-05-31"],
    ]);
  });
  test("rows of the file take the place of the shipped ones over their days", () => {
    const prices = [
      { service: "utm", plan: "gateway", item: "base", amount: 3_000, from: "2026-05-11", until: "2026-05-21" },
    ];
    const [contract] = preview(world, {
      ...file({ tables: { prices } }),
      contracts: [gateway([started("2026-04-01")])],
    }).contracts;
    expect(contract?.lines.map(({ unitPrice }) => unitPrice)).toEqual([2_500, 3_000, 2_500]);
    const taxed = preview(world, file({ tables: { taxRates: [{ class: "taxable", rate: "12%" }] } }));
    expect(taxed.invoices[0]?.totals.subtotals[0]).toMatchObject({ rate: "12%", tax: 300 });
    const terms = [
      { service: "utm", code: "UTM-own", like: "UTM-2025-04-01", from: "2022-08-01", until: "2025-04-01" },
    ];
    const old = { service: "utm", plan: "gateway", item: "base", amount: 2_400 };
    const early = preview(world, {
      from: "2022-08",
      to: "2022-08",
      contracts: [gateway([started("2022-08-01")])],
      tables: { terms, prices: [old] },
    });
    expect(early.contracts[0]?.lines).toMatchObject([{ amount: 2_400, why: { version: "UTM-own" } }]);
  });
});
