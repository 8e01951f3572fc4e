/** Cases that a reckoning of every single day brought to light (differential.test.ts), each by its id. */
import { describe, expect, test } from "vitest";
import { chargeLines } from "@yagura/commerce/charging/charge.ts";
import type { Fact } from "@yagura/commerce/charging/facts.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { cancelled, complaints, daysOf, desk, gateway, quantity, sensor, started, sum, tables } from "./contracts.ts";

const option = (on: string, until: string): Fact[] => [
  { kind: "option-started", on, item: "report" },
  { kind: "option-ended", on: until, item: "report" },
];

describe("an option that starts and ends on one day", () => {
  test.each([
    { name: "the day of the contract's own start", on: "2026-04-10" },
    { name: "a later day", on: "2026-05-20" },
    { name: "the 1st of a month", on: "2026-06-01" },
  ])("SEC-64: is charged one whole month, on $name", ({ on }) => {
    const lines = chargeLines(tables, desk([started("2026-04-10"), ...option(on, on)]), {
      from: "2026-04",
      to: "2026-12",
    });
    expect(sum(lines.filter(({ item }) => item === "report"))).toBe(40_000);
  });

  test("SEC-64: also one of the order, abolished on the day on which everything began", () => {
    const facts: Fact[] = [started("2026-04-10"), { kind: "option-ended", on: "2026-04-10", item: "report" }];
    const lines = chargeLines(tables, desk(facts, { items: { base: 1, report: 1 } }), {
      from: "2026-04",
      to: "2026-12",
    });
    expect(lines.filter(({ item }) => item === "report").map(({ billMonth, amount }) => [billMonth, amount])).toEqual([
      ["2026-04", 40_000],
    ]);
  });
});

describe("a part that the customer gives up", () => {
  test("SEC-63, A-SEC-3: an option brought to nothing on the 1st ends as one that is abolished on the 1st", () => {
    const items = { base: 1, report: 1 };
    const range = { from: "2026-05", to: "2026-08" };
    const given = chargeLines(
      tables,
      desk([started("2026-04-10"), quantity("2026-07-01", "report", 0)], { items }),
      range,
    );
    const ended: Fact[] = [started("2026-04-10"), { kind: "option-ended", on: "2026-07-01", item: "report" }];
    expect(given).toEqual(chargeLines(tables, desk(ended, { items }), range));
    expect(sum(given.filter(({ item }) => item === "report"))).toBe(80_000);
  });

  test("UTM-33, UTM-45: the day of a part's cancellation bears no fee for that part", () => {
    const facts = [started("2026-04-01"), quantity("2026-06-16", "base", 1)];
    const lines = chargeLines(tables, gateway(facts, { items: { base: 2 } }), { from: "2026-06", to: "2026-06" });
    // floor(5,000 × 15 ÷ 30) and floor(2,500 × 15 ÷ 30).
    expect(lines.map(({ amount }) => amount)).toEqual([2_500, 1_250]);
  });
});

test("UTM-35, UTM-86: an outage in a fee month that began before the known text is credited", () => {
  const outage: Fact = {
    kind: "outage",
    on: "2025-04-10",
    knownAt: "2025-04-10T09:00:00+09:00",
    restoredAt: "2025-04-12T09:00:00+09:00",
    complete: true,
    cause: "not-customer",
  };
  const facts = gateway([started("2025-04-01"), outage], { anchor: 28 });
  // 1 to 27 April are 27 of the 31 days from 28 March; two of them bear nothing: floor(2,500 × 25 ÷ 31).
  expect(sum(chargeLines(tables, facts, { from: "2025-04", to: "2025-04" }))).toBe(2_016);
});

describe("COM-05: the provider's setting of the anchor", () => {
  const setting = { service: "ot", key: "anchor" } as const;
  const moved: Tables = {
    ...tables,
    settings: [
      ...tables.settings.filter(({ service, key }) => service !== "ot" || key !== "anchor"),
      { ...setting, value: 1, from: null, until: "2026-07-01" },
      { ...setting, value: 15, from: "2026-07-01", until: null },
    ],
  };
  const months = ["2026-05", "2026-06", "2026-07", "2026-08"];
  const billed = (on: string): ReturnType<typeof chargeLines> =>
    months.flatMap((month) => chargeLines(moved, sensor([started(on)]), { from: month, to: month }));

  test("a new value leaves the fee months of contracts that there are: no day is charged twice", () => {
    expect(billed("2026-05-10").map(({ period }) => period)).toEqual([
      { from: "2026-05-10", to: "2026-05-31" },
      { from: "2026-06-01", to: "2026-06-30" },
      { from: "2026-07-01", to: "2026-07-31" },
      { from: "2026-08-01", to: "2026-08-31" },
    ]);
    expect(daysOf(billed("2026-05-10"))).toBe(22 + 30 + 31 + 31);
  });

  test("and holds for a contract of a later day", () => {
    expect(
      billed("2026-07-03")
        .filter(({ kind }) => kind === "recurring")
        .map(({ period }) => period),
    ).toEqual([
      { from: "2026-07-03", to: "2026-07-14" },
      { from: "2026-07-15", to: "2026-08-14" },
    ]);
  });
});

describe("OST-04, A-SEC-8: who ended it", () => {
  const ancillary: Fact = {
    kind: "ancillary-started",
    on: "2025-08-01",
    item: "ancillary",
    months: 12,
    fee: 360_000,
    payment: "monthly",
  };
  const rest = (by: "customer" | "provider" | "withdrawal"): number =>
    sum(
      chargeLines(tables, sensor([started("2025-08-01"), ancillary, cancelled("2026-03-16", by)]), {
        from: "2025-08",
        to: "2026-12",
      }),
      "early-termination",
    );
  test("the customer, or the provider for cause: the rest of the period is due", () => {
    expect([rest("customer"), rest("provider")]).toEqual([135_484, 135_484]);
  });
  test("the provider withdrew the service: nobody cancelled (a.13, a.14), nothing more is due", () => {
    expect(rest("withdrawal")).toBe(0);
  });
});

describe("what cannot be is refused", () => {
  const range = { from: "2026-04", to: "2026-12" };
  test.each<{ name: string; facts: Fact[]; expected: string }>([
    {
      name: "accepted after the end",
      facts: [started("2026-04-10"), cancelled("2026-06-10"), { kind: "accepted", on: "2026-07-01" }],
      expected: "“cancelled” on 2026-06-10 lies before “accepted” on 2026-07-01",
    },
    {
      name: "bought after the end",
      facts: [
        started("2026-04-10"),
        cancelled("2026-06-10"),
        { kind: "purchase", on: "2026-07-01", item: "ticket-question", quantity: 1 },
      ],
      expected: "“purchase” on 2026-07-01 lies after the end of the contract on 2026-06-10",
    },
    {
      name: "an option after the end that was asked for",
      facts: [
        started("2026-04-10"),
        { kind: "cancellation-requested", on: "2026-06-01", desiredOn: "2026-06-10" },
        { kind: "option-started", on: "2026-07-01", item: "report" },
      ],
      expected: "“option-started” on 2026-07-01 lies after the end of the contract on 2026-06-10",
    },
    {
      name: "an option ended twice",
      facts: [
        started("2026-04-10"),
        { kind: "option-started", on: "2026-05-01", item: "report" },
        { kind: "option-ended", on: "2026-06-05", item: "report" },
        { kind: "option-ended", on: "2026-08-05", item: "report" },
      ],
      expected: "“report” is ended on 2026-08-05, but was not in use then",
    },
    {
      name: "an agreed parameter that is no word of the terms",
      facts: [
        started("2026-04-10"),
        {
          kind: "parameter-agreed",
          on: "2026-04-10",
          parameter: "/items/base/recurring/endMonth",
          value: "HALF",
          reference: "TEST",
          approver: "TEST",
        },
      ],
      expected: "cannot be “HALF”. It has to be one of: FULL, PRORATE",
    },
    {
      name: "a price and a quantity beyond a yen's exactness",
      facts: [
        started("2026-04-10"),
        { kind: "price-agreed", on: "2026-01-01", item: "ticket-question", amount: 999_999_999_999, reference: "TEST" },
        { kind: "purchase", on: "2026-05-01", item: "ticket-question", quantity: 999_999 },
      ],
      expected: "is more than can be computed to the yen",
    },
    {
      name: "charges evaded where the terms have no such rule",
      facts: [started("2026-04-10"), { kind: "evasion", on: "2026-07-01", amount: 1_000, taxable: true }],
      expected: "have no rule for evaded charges",
    },
  ])("COM-01, COM-17: $name", ({ facts, expected }) => {
    expect(complaints(() => chargeLines(tables, desk(facts), range)).join("\n")).toContain(expected);
  });
});

test.each([
  {
    id: "OST-12",
    facts: sensor([started("2026-04-10")], { attributes: { "sensor-type": "z" } }),
    field: "sensor-type",
  },
  {
    id: "UTM-32",
    facts: gateway([started("2026-04-10")], { attributes: { model: "ssb10", licence: "Attached" } }),
    field: "licence",
  },
])("$id: a value of “$field” that no fee knows is refused", ({ facts, field }) => {
  const said = complaints(() => chargeLines(tables, facts, { from: "2026-04", to: "2026-04" }));
  expect(said[0]).toContain(`/attributes/${field} “${field}” cannot be`);
});

test("COM-01: a document beyond a yen's exactness is refused, not rounded", () => {
  const line = { amount: 8_000_000_000_000_000, taxClass: "taxable", supplyOn: "2026-04-30" } as const;
  expect(complaints(() => totals(tables, [line, line])).join()).toContain("more than can be computed to the yen");
});

test("UTM-54, A-UTM-17: bills about the fee month of the start and the next are free, whatever the anchor", () => {
  const attributes = { model: "ssb10", licence: "plain", "line-model": "collaboration", holder: "sole-trader" };
  const bills = ["2026-05-31", "2026-06-30", "2026-07-31"].map((on): Fact => ({
    kind: "bill-issued",
    on,
    form: "paper",
  }));
  const facts = gateway([started("2026-04-20"), ...bills], { anchor: 15, attributes });
  const fees = chargeLines(tables, facts, { from: "2026-04", to: "2026-08" }).filter(({ kind }) => kind === "document");
  // 15 April to 14 May stands on the bill of May, 15 May to 14 June on that of June: July's is the first with fees.
  expect(fees.map(({ billMonth, amount }) => [billMonth, amount])).toEqual([
    ["2026-07", 150],
    ["2026-07", 50],
  ]);
});

test("SEC-66: the sum for no month left says what it is made of", () => {
  const lines = chargeLines(tables, desk([started("2026-04-10"), cancelled("2027-03-20")]), {
    from: "2027-03",
    to: "2027-03",
  });
  expect(lines.find(({ kind }) => kind === "early-termination")?.why.sentence).toEqual({
    ja: "最低利用期間は2027年3月31日までです。その途中で契約が終了するため、残り0か月に1か月を加えた1か月分に当たる一括金 80,000円をお支払いいただきます。",
    en: "The minimum term lasts until 31 March 2027. The contract ends within it, so a sum of 1 × the monthly fee (months left: 0, and 1 more) is due: 80,000 yen.",
  });
});
