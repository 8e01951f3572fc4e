/** Matrix 7.1: which months and days are charged, one row of the table after the other, for each column. */
import { describe, expect, test } from "vitest";
import { chargeContract, chargeLines } from "@yagura/commerce/charging/charge.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import type { ChargeLine } from "@yagura/commerce/charging/lines.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import {
  accepted,
  cancelled,
  desk,
  endpoint,
  experience,
  gateway,
  inspected,
  quantity,
  router,
  sensor,
  started,
  sum,
  tables,
} from "./contracts.ts";

const always = { from: "2022-01", to: "2030-12" };
const charge = (facts: ContractFacts, of: Tables = tables): ChargeLine[] => chargeLines(of, facts, always);
const recurring = (lines: readonly ChargeLine[]): ChargeLine[] => lines.filter(({ kind }) => kind === "recurring");
const periods = (facts: ContractFacts): string[] =>
  recurring(charge(facts)).map(({ period }) => `${period.from}/${period.to}`);
const months = (facts: ContractFacts): string[] => recurring(charge(facts)).map(({ billMonth }) => billMonth);
const reading = (service: string, id: string, value: string): Tables => ({
  ...tables,
  settings: [
    ...tables.settings.filter((one) => !(one.service === service && one.key === `reading:${id}`)),
    { service, key: `reading:${id}`, value, from: null, until: null },
  ],
});

const option = (on: string, off?: string): Fact[] => [
  started("2026-04-10"),
  { kind: "option-started", on, item: "report" },
  ...(off === undefined ? [] : [{ kind: "option-ended", on: off, item: "report" } as const]),
];
const onlyOptions = { items: { base: 0 } };

describe("first charge, cancelled in the first month, last charge, proration, C on the first of a month", () => {
  interface Row {
    readonly column: string;
    readonly facts: ContractFacts;
    readonly charged: readonly string[];
  }
  const rows: readonly Row[] = [
    // EXP-11, EXP-12, EXP-13.
    {
      column: "EXP-v1",
      facts: experience([started("2023-06-20"), cancelled("2023-08-01")]),
      charged: ["2023-06-01/2023-06-30", "2023-07-01/2023-07-31", "2023-08-01/2023-08-31"],
    },
    {
      column: "EXP-v1 in one month",
      facts: experience([started("2023-06-20"), cancelled("2023-06-21")]),
      charged: ["2023-06-01/2023-06-30"],
    },
    {
      column: "EXP-v2",
      facts: experience([started("2026-04-01"), cancelled("2026-06-01")]),
      charged: ["2026-05-01/2026-05-31", "2026-06-01/2026-06-30"],
    },
    { column: "EXP-v2 in one month", facts: experience([started("2026-04-01"), cancelled("2026-04-30")]), charged: [] },
    // SEC-30, SEC-33, SEC-54, SEC-55.
    {
      column: "endpoint",
      facts: endpoint([accepted("2026-04-01"), started("2026-04-10"), cancelled("2026-06-15")]),
      charged: ["2026-05-01/2026-05-31", "2026-06-01/2026-06-14"],
    },
    {
      column: "endpoint in one month",
      facts: endpoint([accepted("2026-04-01"), started("2026-04-10"), cancelled("2026-04-20")]),
      charged: ["2026-04-01/2026-04-30"],
    },
    {
      column: "endpoint, C on the 1st",
      facts: endpoint([accepted("2026-04-01"), started("2026-04-10"), cancelled("2026-06-01")]),
      charged: ["2026-05-01/2026-05-31"],
    },
    {
      column: "endpoint, C on the 1st after the start",
      facts: endpoint([accepted("2026-04-01"), started("2026-04-10"), cancelled("2026-05-01")]),
      charged: [],
    },
    // SEC-62, SEC-63, SEC-67.
    {
      column: "desk",
      facts: desk([started("2026-04-10"), cancelled("2026-06-15")]),
      charged: ["2026-05-01/2026-05-31", "2026-06-01/2026-06-30"],
    },
    { column: "desk in one month", facts: desk([started("2026-04-10"), cancelled("2026-04-20")]), charged: [] },
    {
      column: "desk, C on the 1st",
      facts: desk([started("2026-04-10"), cancelled("2026-06-01")]),
      charged: ["2026-05-01/2026-05-31"],
    },
    // SEC-62 to SEC-64.
    {
      column: "desk option",
      facts: desk(option("2026-05-20", "2026-07-05"), onlyOptions),
      charged: ["2026-06-01/2026-06-30", "2026-07-01/2026-07-31"],
    },
    {
      column: "desk option in one month",
      facts: desk(option("2026-05-20", "2026-05-20"), onlyOptions),
      charged: ["2026-05-01/2026-05-31"],
    },
    {
      column: "desk option abolished on the 1st",
      facts: desk(option("2026-05-20", "2026-07-01"), onlyOptions),
      charged: ["2026-06-01/2026-06-30"],
    },
    {
      column: "desk option that ends with the contract",
      facts: desk([...option("2026-05-20"), cancelled("2026-07-05")], onlyOptions),
      charged: ["2026-06-01/2026-06-30", "2026-07-01/2026-07-31"],
    },
    // RNS-61.
    {
      column: "RNS",
      facts: router([inspected("2026-04-20"), cancelled("2026-06-01")]),
      charged: ["2026-05-01/2026-05-31", "2026-06-01/2026-06-30"],
    },
    { column: "RNS before acceptance", facts: router([started("2026-04-20"), cancelled("2026-06-01")]), charged: [] },
    {
      column: "RNS in the month of acceptance",
      facts: router([inspected("2026-04-20"), cancelled("2026-04-25")]),
      charged: [],
    },
    // OST-09, OST-10.
    {
      column: "OST",
      facts: sensor([started("2026-04-20"), cancelled("2026-06-01")]),
      charged: ["2026-04-20/2026-04-30", "2026-05-01/2026-05-31", "2026-06-01/2026-06-01"],
    },
    {
      column: "OST in one month",
      facts: sensor([started("2026-04-20"), cancelled("2026-04-20")]),
      charged: ["2026-04-20/2026-04-20"],
    },
    // UTM-33, UTM-45.
    {
      column: "UTM",
      facts: gateway([started("2026-04-20"), cancelled("2026-06-16")]),
      charged: ["2026-04-20/2026-04-30", "2026-05-01/2026-05-31", "2026-06-01/2026-06-15"],
    },
    {
      column: "UTM in one day",
      facts: gateway([started("2026-04-01"), cancelled("2026-04-01")]),
      charged: ["2026-04-01/2026-04-01"],
    },
    {
      column: "UTM, C on the 1st",
      facts: gateway([started("2026-04-20"), cancelled("2026-05-01")]),
      charged: ["2026-04-20/2026-04-30"],
    },
  ];
  test.each(rows)("$column", ({ facts, charged }) => {
    expect(periods(facts)).toEqual(charged);
  });
});

describe("minimum terms and early termination", () => {
  test("SEC-65: 11 months from the 1st of the month after S", () => {
    const { derived } = chargeContract(tables, desk([started("2026-04-10")]), { from: "2026-04", to: "2026-04" });
    const told = (what: string) => derived.find((one) => one.what === what)?.value;
    expect([told("minimum-term-starts"), told("minimum-term-ends")]).toEqual(["2026-05-01", "2027-03-31"]);
  });

  test("A-SEC-8: a lump whoever ends it, but not when the service is withdrawn", () => {
    const lump = (by: "customer" | "provider" | "withdrawal") =>
      sum(charge(desk([started("2026-04-10"), cancelled("2026-09-20", by)])), "early-termination");
    expect([lump("customer"), lump("provider"), lump("withdrawal")]).toEqual([560_000, 560_000, 0]);
  });

  test("A-SEC-3 is a setting: always, and a desk that ends on the 1st costs twelve months too", () => {
    const facts = desk([started("2026-04-10"), cancelled("2026-09-01")]);
    expect(sum(charge(facts))).toBe(880_000);
    expect(sum(charge(facts, reading("security", "A-SEC-3", "always")))).toBe(960_000);
  });

  test("A-COM-3 is a setting: the lump's tax class", () => {
    const facts = desk([started("2026-04-10"), cancelled("2026-09-20")]);
    const classOf = (of: Tables) => charge(facts, of).find(({ kind }) => kind === "early-termination")?.taxClass;
    expect(classOf(tables)).toBe("out-of-scope");
    expect(classOf(reading("security", "A-COM-3", "taxable"))).toBe("taxable");
  });

  test("SEC-68: options do not enter the lump", () => {
    const facts = desk([...option("2026-05-20"), cancelled("2026-09-20")], { items: { base: 1 } });
    expect(sum(charge(facts), "early-termination")).toBe(560_000);
  });

  const ended = (on: string, by: "customer" | "provider" = "customer") =>
    router([inspected("2026-04-20"), cancelled(on, by)]);
  test("RNS-12: the provider's sum, by the end of the month after; the rest of the acceptance month included", () => {
    const lump = (on: string) => charge(ended(on)).find(({ kind }) => kind === "early-termination");
    expect(lump("2026-04-20")).toMatchObject({ amount: 40_000, dueOn: "2026-05-31", taxClass: "out-of-scope" });
    expect(lump("2027-04-30")).toMatchObject({ amount: 40_000, dueOn: "2027-05-31" });
    expect(lump("2027-05-01")).toBeUndefined();
    expect(sum(charge(ended("2027-02-15", "provider")), "early-termination")).toBe(0);
    expect(sum(charge(router([cancelled("2026-05-15")])), "early-termination")).toBe(0);
  });

  test("A-RNS-4: or remaining months × monthly fees, when the provider says so", () => {
    const of: Tables = {
      ...tables,
      settings: [
        ...tables.settings.filter(({ key }) => key !== "cancellation-charge"),
        { service: "remote", key: "cancellation-charge", value: "remaining-months", from: null, until: null },
      ],
    };
    // March and April 2027 are left.
    const line = charge(ended("2027-02-15"), of).find(({ kind }) => kind === "early-termination");
    expect(line).toMatchObject({ amount: 24_000, why: { formula: "12,000 × 2 = 24,000" } });
  });

  test("RNS-11: before acceptance the end waits for the damage, stated without tax", () => {
    const facts = router([
      { kind: "applied", on: "2026-04-01" },
      {
        kind: "claim",
        on: "2026-04-10",
        description: "work already done",
        amount: 80_000,
        dueOn: "2026-04-15",
        beforeEnd: true,
      },
      cancelled("2026-04-15"),
    ]);
    const { lines, derived } = chargeContract(tables, facts, { from: "2026-04", to: "2026-04" });
    expect(lines).toMatchObject([{ kind: "damage", amount: 80_000, taxClass: "out-of-scope", dueOn: "2026-04-15" }]);
    expect(derived).toContainEqual(
      expect.objectContaining({ rule: "RNS-11", what: "end-waits-for-payment", value: true }),
    );
  });
});

describe("changes inside a month", () => {
  test("SEC-34: floor of each part; A-SEC-5 is a setting: of the month's sum", () => {
    const facts = endpoint([started("2025-09-10"), quantity("2026-03-12", "seat-1", 8)]);
    const march = (of: Tables) => sum(chargeLines(of, facts, { from: "2026-03", to: "2026-03" }));
    expect(march(tables)).toBe(1_528);
    expect(march(reading("security", "A-SEC-5", "month"))).toBe(1_529);
  });

  test("SEC-35: a removed part is free on its end day when the customer removed it; where the terms charge it, it is charged", () => {
    const facts = endpoint([started("2025-09-10"), quantity("2026-06-15", "seat-10", 1)], { items: { "seat-10": 2 } });
    const june = (more: readonly Fact[]) =>
      sum(chargeLines(tables, { ...facts, facts: [...facts.facts, ...more] }, { from: "2026-06", to: "2026-06" }));
    expect(june([])).toBe(2_640);
    const agreed: Fact = {
      kind: "parameter-agreed",
      on: "2026-01-01",
      parameter: "/items/seat-10/recurring/removedOnEndDay",
      value: "charged",
      reference: "A-1",
      approver: "B",
    };
    // COM-21 sets the parameter of this contract alone; what an item is follows the terms of the last day asked for.
    expect(june([agreed])).toBe(1_800 + 900);
  });

  test("A-SEC-4: seats added later have no free month; A-SEC-7: the last day's configuration where the first month is charged", () => {
    const later = endpoint([started("2026-04-10"), quantity("2026-05-20", "seat-10", 1)], { items: { "seat-1": 1 } });
    expect(sum(chargeLines(tables, later, { from: "2026-05", to: "2026-05" }))).toBe(
      200 + Math.floor((1_800 * 12) / 31),
    );
    const first = endpoint([started("2026-04-10"), quantity("2026-04-15", "seat-1", 9), cancelled("2026-04-20")]);
    expect(sum(recurring(charge(first)))).toBe(9 * 200);
  });

  test("RNS-61: no proration: the month's first day decides", () => {
    const facts = router([inspected("2026-04-20"), quantity("2026-06-15", "base", 3)]);
    const fees = chargeLines(tables, facts, { from: "2026-05", to: "2026-07" });
    expect(fees.map(({ amount }) => amount)).toEqual([12_000, 12_000, 36_000]);
  });

  test("RNS options begin with the month after their own start", () => {
    const facts = router([
      inspected("2026-04-20"),
      { kind: "option-started", on: "2026-06-15", item: "vpn", quantity: 2 },
    ]);
    const fees = chargeLines(tables, facts, { from: "2026-05", to: "2026-07" }).filter(({ item }) => item === "vpn");
    expect(fees.map(({ billMonth, amount }) => [billMonth, amount])).toEqual([["2026-07", 6_000]]);
  });

  test("OST-11: a price change counts from its day", () => {
    const dear = {
      service: "ot",
      plan: "sensor",
      item: "basic",
      amount: 93_000,
      display: null,
      from: "2026-05-11",
      until: null,
      book: "TEST",
    };
    const of: Tables = { ...tables, prices: [...tables.prices, dear] };
    const fees = chargeLines(of, sensor([started("2026-04-01")]), { from: "2026-05", to: "2026-05" });
    expect(fees.map(({ period, amount }) => [period.from, amount])).toEqual([
      ["2026-05-01", 29_032],
      ["2026-05-11", 63_000],
    ]);
  });
});

describe("COM-05: the anchor may move", () => {
  test("the fee month that a move cuts short is charged by its days; there is no gap and no overlap", () => {
    const facts = gateway([started("2026-01-01"), { kind: "anchor", on: "2026-03-10", day: 21 }]);
    const fees = recurring(chargeLines(tables, facts, { from: "2026-02", to: "2026-05" }));
    expect(fees.map(({ period, amount }) => [period.from, period.to, amount])).toEqual([
      ["2026-02-01", "2026-02-28", 2_500],
      ["2026-03-01", "2026-03-20", Math.floor((2_500 * 20) / 31)],
      ["2026-03-21", "2026-04-20", 2_500],
      ["2026-04-21", "2026-05-20", 2_500],
    ]);
  });

  test("W-EXP-7: charged from 31 March; the next fee months begin on the 30th of April and the 31st of May", () => {
    const facts = experience([started("2024-02-29")], { anchor: 31 });
    expect(chargeLines(tables, facts, { from: "2024-04", to: "2024-06" }).map(({ feeMonth }) => feeMonth)).toEqual([
      "2024-03-31",
      "2024-04-30",
      "2024-05-31",
    ]);
  });

  test("the provider's setting is the first value of a contract that names none", () => {
    const of: Tables = {
      ...tables,
      settings: [
        ...tables.settings.filter(({ key, service }) => !(key === "anchor" && service === "experience")),
        { service: "experience", key: "anchor", value: 21, from: null, until: null },
      ],
    };
    const fees = chargeLines(of, experience([started("2026-04-01")]), { from: "2026-05", to: "2026-05" });
    expect(fees.map(({ feeMonth }) => feeMonth)).toEqual(["2026-04-21"]);
  });
});

describe("what does not stop charges", () => {
  test.each(["suspension", "discontinuance"] as const)("COM-14, SEC-36, UTM-34: %s", (measure) => {
    const stopped: Fact = { kind: "suspended", on: "2026-05-01", measure, ground: "arrears" };
    for (const facts of [
      gateway([started("2026-04-01")]),
      endpoint([started("2026-04-01")]),
      desk([started("2026-04-01")]),
    ]) {
      const may = (more: readonly Fact[]) =>
        chargeLines(tables, { ...facts, facts: [...facts.facts, ...more] }, { from: "2026-05", to: "2026-06" });
      expect(may([stopped])).toEqual(may([]));
    }
  });

  test("RNS-63, UTM-47: an end gives nothing back", () => {
    for (const facts of [
      router([inspected("2026-04-20"), cancelled("2026-06-02")]),
      gateway([started("2026-04-01"), cancelled("2026-06-02")]),
    ])
      expect(charge(facts).every(({ amount }) => amount >= 0)).toBe(true);
  });
});

describe("UTM-08: the longest use ends the contract by itself", () => {
  test("SSB10 from 2021-06-10: five years, nothing after them", () => {
    const facts = gateway([started("2021-06-10")]);
    const { lines, derived } = chargeContract(tables, facts, { from: "2026-05", to: "2026-07" });
    expect(lines.map(({ period }) => [period.from, period.to])).toEqual([
      ["2026-05-01", "2026-05-31"],
      ["2026-06-01", "2026-06-09"],
    ]);
    expect(derived.find(({ what }) => what === "longest-use-ends")?.value).toBe("2026-06-09");
  });

  test("UTM-32: a licence-attached gateway shows its fee and waives it, for its whole life; credits are then nothing (A-UTM-10)", () => {
    const facts = gateway(
      [
        started("2025-06-10"),
        {
          kind: "outage",
          on: "2026-05-10",
          knownAt: "2026-05-10T00:00:00+09:00",
          restoredAt: "2026-05-13T00:00:00+09:00",
          complete: true,
          cause: "not-customer",
        },
      ],
      { attributes: { model: "ssb10", licence: "attached" } },
    );
    const lines = chargeLines(tables, facts, { from: "2025-06", to: "2026-05" });
    expect(lines.map(({ kind }) => kind).filter((kind) => kind === "credit")).toEqual([]);
    for (const month of new Set(lines.map(({ billMonth }) => billMonth))) {
      const of = lines.filter(({ billMonth }) => billMonth === month);
      expect([of.length, sum(of)]).toEqual([2, 0]);
      expect(of[1]).toMatchObject({ kind: "waiver", why: { rule: "UTM-32" } });
    }
  });
});

describe("once-only fees", () => {
  test("SEC-31: on acceptance, once per contract; the desk has none (A-SEC-14)", () => {
    const lines = charge(endpoint([accepted("2026-04-28"), started("2026-05-10")]));
    expect(lines.filter(({ item }) => item === "initial")).toMatchObject([
      { amount: 3_000, billMonth: "2026-04", supplyOn: "2026-04-28", why: { rule: "SEC-31" } },
    ]);
    expect(charge(desk([accepted("2026-04-28"), started("2026-05-10")])).some(({ kind }) => kind === "one-off")).toBe(
      false,
    );
  });

  test("OST-12: by the type of the sensor", () => {
    const initial = (type: string) =>
      sum(
        charge(sensor([started("2026-05-10")], { items: { basic: 1 }, attributes: { "sensor-type": type } })),
        "one-off",
      );
    expect([initial("n"), initial("d")]).toEqual([350_000, 250_000]);
  });

  test("RNS-60: due by the last day of the month of the acceptance", () => {
    const lines = charge(
      router([accepted("2026-03-01"), inspected("2026-04-20")], { items: { base: 1, installation: 2 } }),
    );
    expect(lines[0]).toMatchObject({
      item: "installation",
      quantity: 2,
      amount: 100_000,
      dueOn: "2026-04-30",
      billMonth: "2026-04",
    });
  });

  test("EXP-16: the price is the provider's", () => {
    expect(months(experience([started("2026-04-10"), cancelled("2026-06-10")]))).toEqual(["2026-05", "2026-06"]);
  });
});
