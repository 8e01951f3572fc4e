/** What happens to a contract and makes a line, or does not: outages, visits, documents, replacements, evasion, agreements. */
import { describe, expect, test } from "vitest";
import { chargeContract, chargeLines } from "@yagura/commerce/charging/charge.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import {
  complaints,
  desk,
  endpoint,
  experience,
  gateway,
  inspected,
  router,
  sensor,
  started,
  sum,
  tables,
} from "./contracts.ts";

const S = started("2025-10-01");
const april = { from: "2026-04", to: "2026-04" };
const told = (facts: ContractFacts, what: string, range = april, of: Tables = tables) =>
  chargeContract(of, facts, range)
    .derived.filter((fact) => fact.what === what)
    .map(({ value }) => value);
const set = (service: string, key: string, value: unknown): Tables => ({
  ...tables,
  settings: [
    ...tables.settings.filter((one) => !(one.service === service && one.key === key)),
    { service, key, value, from: null, until: null },
  ],
});

describe("UTM-35 to UTM-38: days without a fee", () => {
  const outage = (
    knownAt: string,
    restoredAt: string,
    more: Partial<Extract<Fact, { kind: "outage" }>> = {},
  ): Fact => ({
    kind: "outage",
    on: knownAt.slice(0, 10),
    knownAt: `${knownAt}:00+09:00`,
    restoredAt: `${restoredAt}:00+09:00`,
    complete: true,
    cause: "not-customer",
    ...more,
  });
  const fee = (...facts: Fact[]): number => sum(chargeLines(tables, gateway([S, ...facts]), april));

  test.each([
    { hours: "23:59", to: "2026-04-11T08:59", fee: 2_500 },
    { hours: "24:00", to: "2026-04-11T09:00", fee: 2_416 },
    { hours: "47:59", to: "2026-04-12T08:59", fee: 2_416 },
    { hours: "48:00", to: "2026-04-12T09:00", fee: 2_333 },
  ])("$hours hours: $fee", ({ to, fee: expected }) => {
    expect(fee(outage("2026-04-10T09:00", to))).toBe(expected);
  });

  test("partial outages and those of the customer's doing give nothing", () => {
    expect(fee(outage("2026-04-10T09:00", "2026-04-15T09:00", { complete: false }))).toBe(2_500);
    expect(fee(outage("2026-04-10T09:00", "2026-04-15T09:00", { cause: "customer" }))).toBe(2_500);
  });

  test("UTM-35: two outages of 12 hours each are no day; UTM-36, A-UTM-5: of one gross negligence they are", () => {
    const two = (more: Partial<Extract<Fact, { kind: "outage" }>>) => [
      outage("2026-04-10T00:00", "2026-04-10T12:00", more),
      outage("2026-04-20T00:00", "2026-04-20T12:00", more),
    ];
    expect(fee(...two({}))).toBe(2_500);
    expect(fee(...two({ cause: "gross-negligence" }))).toBe(2_500);
    expect(fee(...two({ cause: "gross-negligence", group: "one error" }))).toBe(2_416);
  });

  test("two outages over the same day count it once", () => {
    expect(fee(outage("2026-04-10T09:00", "2026-04-11T09:00"), outage("2026-04-10T10:00", "2026-04-11T10:00"))).toBe(
      2_416,
    );
  });

  test("A-UTM-6 is a setting: the credit cut down by itself is 83", () => {
    const facts = gateway([S, outage("2026-04-10T09:00", "2026-04-11T09:00")]);
    expect(sum(chargeLines(set("utm", "reading:A-UTM-6", "floor-credit"), facts, april))).toBe(2_417);
  });

  test("the whole month out: nothing is charged, nothing below", () => {
    expect(fee(outage("2026-03-30T00:00", "2026-05-03T00:00"))).toBe(0);
  });

  test("UTM-58: damages up to the fee of the counted days, else the month's fee, without a cap for gross negligence", () => {
    const damage: Fact = { kind: "damage", on: "2026-04-10", until: "2026-04-15", cause: "base" };
    const cap = (...facts: Fact[]) => told(gateway([S, damage, ...facts]), "liability-cap:base");
    expect(cap(outage("2026-04-10T09:00", "2026-04-12T09:00"))).toEqual([166]);
    expect(cap(outage("2026-04-10T09:00", "2026-04-10T12:00"))).toEqual([2_500]);
    const gross = gateway([S, damage, outage("2026-04-10T09:00", "2026-04-12T09:00", { cause: "gross-negligence" })]);
    expect(told(gross, "liability-cap:base")).toEqual([]);
    expect(told(gross, "liability-uncapped:base")).toEqual([true]);
  });
});

describe("UTM: other sums", () => {
  test("UTM-40, W-UTM-6: twice the evaded sum beside it, taxed as the text says; untaxed where the item is", () => {
    const of = (taxable: boolean) => {
      const lines = chargeLines(
        tables,
        gateway([S, { kind: "evasion", on: "2026-04-10", amount: 2_500, taxable }], { items: { base: 0 } }),
        april,
      );
      return totals(tables, lines).total;
    };
    expect([of(true), of(false)]).toEqual([8_250, 7_500]);
  });

  const issued = (on: string, form: "paper" | "debit-notice"): Fact => ({ kind: "bill-issued", on, form });
  test.each([
    { what: "the fee month of S", on: "2026-04-15", holder: "sole-trader", line: "collaboration", fees: 0 },
    { what: "the next", on: "2026-05-15", holder: "sole-trader", line: "collaboration", fees: 0 },
    {
      what: "the one after (UTM-54, A-UTM-17)",
      on: "2026-06-15",
      holder: "sole-trader",
      line: "collaboration",
      fees: 200,
    },
    { what: "a corporation (UTM-55)", on: "2026-06-15", holder: "corporation", line: "collaboration", fees: 0 },
    { what: "an own line", on: "2026-06-15", holder: "sole-trader", line: "own", fees: 0 },
  ])("bill-issue fees in $what: $fees", ({ on, holder, line, fees }) => {
    const facts = gateway([started("2026-04-10"), issued(on, "paper")], {
      items: { base: 0 },
      attributes: { model: "ssb10", licence: "plain", "line-model": line, holder },
    });
    expect(sum(chargeLines(tables, facts, { from: "2026-04", to: "2026-07" }))).toBe(fees);
    expect(told(facts, "bill-fees", { from: on.slice(0, 7), to: on.slice(0, 7) })).toEqual([fees > 0]);
  });

  test("UTM-56, UTM-57: 400 and tax, postage as paid outside of tax", () => {
    for (const item of ["qualified-invoice", "payment-certificate"]) {
      const facts = gateway([S, { kind: "document-issued", on: "2026-04-10", item, postage: 84 }], {
        items: { base: 0 },
      });
      const lines = chargeLines(tables, facts, april);
      expect(totals(tables, lines).total).toBe(524);
      expect(lines.map(({ taxClass }) => taxClass)).toEqual(["taxable", "out-of-scope"]);
    }
  });

  test("UTM-39: billed later, up to the provider's threshold not", () => {
    const facts = (amount: number) =>
      gateway([S, { kind: "underbilled", on: "2026-04-10", item: "base", amount }], { items: { base: 0 } });
    expect(sum(chargeLines(tables, facts(101), april))).toBe(101);
    expect(sum(chargeLines(tables, facts(100), april))).toBe(0);
    expect(told(facts(100), "underbilling-left")).toEqual([100]);
  });

  test.each([
    { at: "2026-11-20T12:00:00", on: "2026-11-20" },
    { at: "2026-11-20T12:00:01", on: "2026-11-24" },
    { at: "2026-11-23T10:00:00", on: "2026-11-24" },
    { at: "2026-12-28T11:00:00", on: "2026-12-28" },
    { at: "2026-12-29T09:00:00", on: "2027-01-05" },
  ])("UTM-65: a replacement accepted at $at goes out on $on", ({ at, on }) => {
    const facts = gateway([S, { kind: "replacement-accepted", on: at.slice(0, 10), at: `${at}+09:00` }]);
    expect(told(facts, "ships-on")).toEqual([on]);
  });

  const dispatched: Fact = { kind: "dispatched", on: "2026-03-10", unit: "X1" };
  test("UTM-69, A-UTM-15: re-procurement cost by model when the unit does not come back in time, or comes back damaged", () => {
    const owed = (...facts: Fact[]) =>
      sum(
        chargeLines(tables, gateway([S, dispatched, ...facts], { items: { base: 0 } }), {
          from: "2026-03",
          to: "2026-05",
        }),
      );
    expect(owed()).toBe(90_000);
    expect(owed({ kind: "returned", on: "2026-04-10", unit: "X1" })).toBe(0);
    expect(owed({ kind: "returned", on: "2026-04-11", unit: "X1" })).toBe(90_000);
    expect(owed({ kind: "returned", on: "2026-04-01", unit: "X1", damaged: true })).toBe(90_000);
  });

  test("UTM-26: a late request is told, and moves nothing by itself (A-UTM-4)", () => {
    const request: Fact = {
      kind: "cancellation-requested",
      on: "2026-05-13",
      desiredOn: "2026-05-14",
      checkedOn: "2026-05-13",
    };
    const range = { from: "2026-05", to: "2026-05" };
    expect(told(gateway([S, request]), "notice-late", range)).toEqual([true]);
    expect(told(gateway([S, request]), "cancellation-date", range)).toEqual(["2026-05-14"]);
  });

  test("UTM-27: the wish stands when the check is finished on that very day's eve or before", () => {
    const C = (desiredOn: string, checkedOn: string) =>
      told(
        gateway([S, { kind: "cancellation-requested", on: "2026-04-20", desiredOn, checkedOn }]),
        "cancellation-date",
        { from: "2026-05", to: "2026-05" },
      );
    expect(C("2026-05-07", "2026-05-07")).toEqual(["2026-05-07"]);
    expect(C("2026-05-06", "2026-05-07")).toEqual(["2026-05-14"]);
  });
});

describe("RNS", () => {
  const I = inspected("2025-10-20");
  const dispatched: Fact = { kind: "dispatched", on: "2026-01-31", unit: "X1" };
  const offered = (on: string): Fact => ({ kind: "pickup-offered", on, unit: "X1" });
  test("RNS-74, A-RNS-12: charged from the day after the month, only when a pickup was offered in it", () => {
    const owed = (...facts: Fact[]) =>
      chargeLines(tables, router([I, dispatched, ...facts], { items: { base: 0 } }), {
        from: "2026-01",
        to: "2026-04",
      });
    expect(owed()).toEqual([]);
    expect(owed(offered("2026-03-02"))).toEqual([]);
    expect(owed(offered("2026-02-10"))).toMatchObject([
      { kind: "damage", amount: 70_000, taxClass: "out-of-scope", supplyOn: "2026-03-01", billMonth: "2026-03" },
    ]);
    expect(owed(offered("2026-02-10"), { kind: "returned", on: "2026-02-28", unit: "X1" })).toEqual([]);
    expect(sum(owed(offered("2026-02-10"), { kind: "returned", on: "2026-03-01", unit: "X1" }))).toBe(70_000);
  });

  test("RNS-62: each visit that qualifies bears the surcharge", () => {
    const visit = (on: string, kilometres: number, hours: number, outlyingIsland = false): Fact => ({
      kind: "visit",
      on,
      kilometres,
      hours,
      outlyingIsland,
    });
    const facts = router(
      [
        I,
        visit("2026-04-02", 50, 2),
        visit("2026-04-03", 50, 2),
        visit("2026-04-04", 500, 1.9),
        visit("2026-04-05", 1, 1, true),
      ],
      { items: { base: 0 } },
    );
    expect(sum(chargeLines(tables, facts, april), "surcharge")).toBe(24_000);
  });

  test("RNS-10: a late notice leads to the earliest day for which it is in time", () => {
    const facts = (on: string) => router([I, { kind: "cancellation-requested", on, desiredOn: "2027-02-15" }]);
    const range = { from: "2027-02", to: "2027-02" };
    expect(told(facts("2027-01-15"), "cancellation-date", range)).toEqual(["2027-02-15"]);
    expect(told(facts("2027-01-16"), "cancellation-date", range)).toEqual(["2027-02-16"]);
    expect(told(facts("2027-01-31"), "cancellation-date", range)).toEqual(["2027-03-01"]);
    // A-RNS-1: the contract ends with the month.
    expect(told(facts("2027-01-15"), "contract-ends", range)).toEqual(["2027-02-28"]);
  });

  test("RNS-17: on the day of the ground every debt falls due", () => {
    const facts = router([I, { kind: "accelerated", on: "2026-04-15", ground: "insolvency" }]);
    const due = chargeLines(tables, facts, { from: "2026-03", to: "2026-05" }).map(({ billMonth, dueOn }) => [
      billMonth,
      dueOn,
    ]);
    expect(due).toEqual([
      ["2026-03", "2026-04-15"],
      ["2026-04", "2026-04-15"],
      ["2026-05", null],
    ]);
  });

  test("A-RNS-6 is a setting: the tax rate of the day of supply, or of the payment", () => {
    const facts = router([inspected("2019-07-20")]);
    const of = (tablesOf: Tables) => {
      const lines = chargeLines(tablesOf, facts, { from: "2019-09", to: "2019-09" });
      return totals(tablesOf, lines).subtotals.map(({ rate }) => rate);
    };
    expect(of(tables)).toEqual(["8%"]);
    expect(of(set("remote", "reading:A-RNS-6", "payment"))).toEqual(["10%"]);
  });

  test("RNS-05, RNS-48: rescission until the 30th day, free repair for 6 months", () => {
    const facts = router([{ kind: "applied", on: "2026-01-31" }, inspected("2026-02-28")]);
    expect(told(facts, "rescission-until")).toEqual(["2026-03-02"]);
    expect(told(facts, "free-repair-until")).toEqual(["2026-08-31"]);
  });

  test("RNS-66: a frozen quote holds whatever the price book says later", () => {
    const frozen: Fact = { kind: "price-agreed", on: "2025-10-01", item: "base", amount: 9_900, reference: "quote 7" };
    const [line] = chargeLines(tables, router([I, frozen]), april);
    expect(line).toMatchObject({ amount: 9_900, why: { basis: ["quote 7"] } });
  });
});

describe("OST", () => {
  const ancillary = (more: Partial<Extract<Fact, { kind: "ancillary-started" }>> = {}): Fact => ({
    kind: "ancillary-started",
    on: "2025-08-15",
    item: "ancillary",
    months: 12,
    fee: 100_000,
    payment: "monthly",
    ...more,
  });
  const range = { from: "2025-08", to: "2026-12" };
  const of = (...facts: Fact[]) =>
    chargeLines(
      tables,
      sensor([started("2025-08-01"), ...facts], { items: { basic: 0, "initial-n": 0 } }),
      range,
    ).filter(({ item }) => item === "ancillary");

  test("OST-03, OST-21: instalments of its own months add up to the fee, to the yen; nothing is prorated", () => {
    const lines = of(ancillary());
    expect([lines.length, sum(lines)]).toEqual([12, 100_000]);
    expect(lines[0]?.period).toEqual({ from: "2025-08-15", to: "2025-09-14" });
    expect(lines.at(-1)?.period.to).toBe("2026-08-14");
  });

  test("OST-05: prepaid, nothing is refunded but for the provider's fault, and then after approval (A-OST-7)", () => {
    const prepaid = ancillary({ payment: "prepaid" });
    const ended = (more: Partial<Extract<Fact, { kind: "ancillary-ended" }>>): Fact => ({
      kind: "ancillary-ended",
      on: "2026-02-15",
      item: "ancillary",
      ...more,
    });
    expect(sum(of(prepaid, ended({})))).toBe(100_000);
    expect(sum(of(prepaid, ended({ fault: "provider" })))).toBe(100_000);
    const back = of(prepaid, ended({ fault: "provider", approver: "head of the office" })).find(
      ({ kind }) => kind === "refund",
    );
    // 181 of 365 days are left.
    expect(back?.amount).toBe(-Math.floor((100_000 * 181) / 365));
  });

  test("OST-04: paid monthly and ended through the provider's fault, the rest is not owed", () => {
    expect(
      of(ancillary(), { kind: "ancillary-ended", on: "2026-02-15", item: "ancillary", fault: "provider" }).map(
        ({ kind }) => kind,
      ),
    ).not.toContain("early-termination");
  });

  test("A-OST-2 is a setting: the rest by its own days", () => {
    const facts = sensor(
      [started("2025-08-01"), ancillary(), { kind: "ancillary-ended", on: "2026-02-20", item: "ancillary" }],
      { items: { basic: 0, "initial-n": 0 } },
    );
    const rest = (tablesOf: Tables) => sum(chargeLines(tablesOf, facts, range), "early-termination");
    expect(rest(set("ot", "reading:A-OST-2", "days"))).toBe(Math.floor((100_000 * 176) / 365));
    expect(rest(tables)).toBe(100_000 - sum(chargeLines(tables, facts, range), "recurring"));
  });

  test("OST-15, W-OST-9: installed 4 business days before the opening", () => {
    expect(
      told(sensor([{ kind: "opening", on: "2025-09-18" }]), "install-by", { from: "2025-09", to: "2025-09" }),
    ).toEqual(["2025-09-11"]);
  });

  test("OST-19, A-OST-8: months touched, whole", () => {
    const cap = (until: string) =>
      told(
        sensor([
          started("2025-08-01"),
          ancillary({ fee: 120_000 }),
          { kind: "damage", on: "2025-10-31", until, cause: "ancillary", item: "ancillary" },
        ]),
        "liability-cap:ancillary",
      );
    expect([cap("2025-10-31"), cap("2025-11-01"), cap("2025-12-31")]).toEqual([[10_000], [20_000], [30_000]]);
  });
});

describe("agreements and waivers", () => {
  test("COM-21: a price of this contract alone, for a time", () => {
    const agreed: Fact = {
      kind: "price-agreed",
      on: "2026-04-11",
      until: "2026-04-20",
      item: "base",
      amount: 1_500,
      reference: "A-7",
      approver: "B",
    };
    const lines = chargeLines(tables, gateway([S, agreed]), april);
    expect(lines.map(({ period, amount }) => [period.from, amount])).toEqual([
      ["2026-04-01", 833],
      ["2026-04-11", 500],
      ["2026-04-21", 833],
    ]);
    expect(lines[1]?.why.basis).toEqual(["A-7"]);
  });

  test("COM-21: a parameter of the terms, by JSON pointer, for a time", () => {
    const agreed = (until: string): Fact => ({
      kind: "parameter-agreed",
      on: "2026-04-01",
      until,
      parameter: "/items/base/recurring/endDay",
      value: "included",
      reference: "A-7",
      approver: "B",
    });
    const C: Fact = { kind: "cancelled", on: "2026-04-10", by: "customer" };
    const days = (until: string) => chargeLines(tables, gateway([S, C, agreed(until)]), april)[0]?.why.inputs["days"];
    expect([days("2026-04-10"), days("2026-04-09")]).toEqual([10, 9]);
  });

  test("COM-29: a waiver for a disaster stands on the bill, and every yen is cut down once", () => {
    const waiver: Fact = { kind: "waiver", on: "2026-04-11", until: "2026-04-20", percent: 50, reference: "notice 12" };
    const lines = chargeLines(tables, gateway([S, waiver]), april);
    // 25 of 30 days are left: 2,083.
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["recurring", 2_500],
      ["waiver", -417],
    ]);
    expect(lines[1]?.why).toMatchObject({ rule: "COM-29", basis: ["notice 12"] });
    const other: Fact = { ...waiver, item: "qualified-invoice" };
    expect(sum(chargeLines(tables, gateway([S, other]), april))).toBe(2_500);
  });

  test("COM-29: a waiver that names a one-off item", () => {
    const waiver: Fact = {
      kind: "waiver",
      on: "2026-04-01",
      until: "2026-04-30",
      percent: 50,
      item: "payment-certificate",
      reference: "notice 12",
    };
    const issued = (on: string): Fact => ({ kind: "document-issued", on, item: "payment-certificate", postage: 0 });
    const facts = gateway([S, waiver, issued("2026-04-30"), issued("2026-05-01")], { items: { base: 0 } });
    expect(chargeLines(tables, facts, { from: "2026-04", to: "2026-05" }).map(({ amount }) => amount)).toEqual([
      400, -200, 400,
    ]);
  });

  test("UTM-45: a discount cuts the month where it begins and where it ends", () => {
    const discount: Fact = {
      kind: "discount",
      on: "2026-04-11",
      until: "2026-04-20",
      item: "base",
      amount: 2_000,
      reference: "campaign",
    };
    expect(chargeLines(tables, gateway([S, discount]), april).map(({ amount }) => amount)).toEqual([833, 666, 833]);
  });
});

describe("SEC-71: ticket wallets", () => {
  const facts = desk(
    [
      started("2026-04-10"),
      { kind: "purchase", on: "2026-04-12", item: "ticket-question", quantity: 3 },
      { kind: "ticket-used", on: "2026-04-20", item: "ticket-question", quantity: 2, ticket: "T-1" },
    ],
    { items: { base: 0 } },
  );
  test("bought, used, remaining; using one costs nothing", () => {
    expect(["bought", "used", "remaining"].map((what) => told(facts, `tickets-${what}:ticket-question`)[0])).toEqual([
      3, 2, 1,
    ]);
    expect(sum(chargeLines(tables, facts, april))).toBe(30_000);
  });
  test("tickets included each month are used first and do not carry over", () => {
    const included = set("security", "included-tickets", { "ticket-question": 1 });
    const range = { from: "2026-05", to: "2026-05" };
    const more: ContractFacts = {
      ...facts,
      facts: [
        ...facts.facts,
        { kind: "ticket-used", on: "2026-05-20", item: "ticket-question", quantity: 3, ticket: "T-2" },
      ],
    };
    expect(told(more, "tickets-remaining:ticket-question", range, included)).toEqual([0]);
    expect(complaints(() => chargeLines(tables, more, range))).toHaveLength(1);
  });
});

test("COM-18: every line of a bill tells rule, version, inputs, formula and a sentence in both languages", () => {
  const lines = [
    ...chargeLines(tables, gateway([S]), april),
    ...chargeLines(tables, endpoint([S]), april),
    ...chargeLines(tables, experience([S]), april),
  ];
  for (const { why, amount } of lines) {
    expect(why.rule).toMatch(/^(COM|EXP|SEC|RNS|OST|UTM)-\d+$/);
    expect(why.version).not.toBe("");
    expect(Object.keys(why.inputs).length).toBeGreaterThan(0);
    expect(why.formula).toContain(String(amount).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ","));
    expect(why.sentence.ja).toMatch(/[ぁ-ん]/);
    expect(why.sentence.en).toMatch(/[a-z]/);
  }
});
