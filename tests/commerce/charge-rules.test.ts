/** Rules of charges of the five services, each by its number, computed on the shipped data by the function that bills. */
import { describe, expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import type { Price, Setting, Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { offers } from "../support/offers.ts";

const base = shippedTables(offers, { suggested: true });
const price = (service: string, plan: string, item: string, amount: number): Price => ({
  service,
  plan,
  item,
  amount,
  display: null,
  book: "TEST",
  from: null,
  until: null,
});
/** With TEST prices where the seeds have none. */
const tables: Tables = {
  ...base,
  prices: [
    ...base.prices,
    price("experience", "agent", "agent", 1_000),
    price("remote", "router", "base", 12_000),
    price("remote", "router", "hardware", 50_000),
    price("remote", "router", "early-termination", 30_000),
    price("remote", "router", "visit-surcharge", 8_000),
    price("remote", "router", "equipment-damage", 40_000),
    price("utm", "gateway", "reprocurement-ssb5", 60_000),
    price("security", "endpoint", "disclosure", 500),
  ],
};
const withSetting = (setting: Pick<Setting, "service" | "key" | "value">): Tables => ({
  ...tables,
  settings: [
    ...tables.settings.filter(({ service, key }) => service !== setting.service || key !== setting.key),
    { ...setting, from: null, until: null },
  ],
});

const contract = (
  service: string,
  plan: string,
  items: Record<string, number>,
  facts: readonly Fact[],
  more: Partial<ContractFacts> = {},
): ContractFacts => ({ contract: "test", service, plan, items, facts: [...facts], ...more });
const lines = (facts: ContractFacts, from: string, to = from, on: Tables = tables) =>
  chargeContract(on, facts, { from, to }).lines;
/** Item and amount of each line. */
const charges = (facts: ContractFacts, from: string, to = from, on: Tables = tables): [string, number][] =>
  lines(facts, from, to, on).map(({ item, amount }) => [item, amount]);
const sum = (facts: ContractFacts, from: string, to = from, on: Tables = tables): number =>
  lines(facts, from, to, on).reduce((total, { amount }) => total + amount, 0);

/** What follows from the facts by a rule, by its name. */
const derived = (facts: ContractFacts, from: string, to = from): Readonly<Record<string, unknown>> =>
  Object.fromEntries(chargeContract(tables, facts, { from, to }).derived.map(({ what, value }) => [what, value]));

const started = (on: string): Fact => ({ kind: "started", on });
const accepted = (on: string): Fact => ({ kind: "accepted", on });
const inspected = (on: string): Fact => ({ kind: "inspected", on });
const cancelled = (on: string, by: "customer" | "provider" | "withdrawal" = "customer"): Fact => ({
  kind: "cancelled",
  on,
  by,
});

describe("experience monitoring", () => {
  const agent = (...facts: Fact[]) => contract("experience", "agent", { agent: 1 }, facts);

  test("EXP-13 A-EXP-6 started and ended in one fee month of version 2: nothing", () => {
    expect(charges(agent(started("2023-08-02"), cancelled("2023-08-30")), "2023-08", "2023-10")).toEqual([]);
  });

  test("EXP-14 the version of S decides the start: July's charge of a version 1 contract stays after the change", () => {
    expect(sum(agent(started("2023-07-31")), "2023-07", "2023-08")).toBe(2_000);
    expect(sum(agent(started("2023-08-01")), "2023-07", "2023-08")).toBe(0);
  });

  test("EXP-11 A-EXP-8 with another anchor, version 1 charges days before S", () => {
    const facts = { ...agent(started("2023-07-31")), anchor: 21 };
    expect(lines(facts, "2023-08").map(({ period }) => period)).toEqual([{ from: "2023-07-21", to: "2023-08-20" }]);
  });

  test("COM-05 an anchor of 31 falls on the last day of a shorter month and returns", () => {
    const facts = { ...agent(started("2024-01-31")), anchor: 31 };
    expect(lines(facts, "2024-03", "2024-05").map(({ period }) => period.from)).toEqual([
      "2024-02-29",
      "2024-03-31",
      "2024-04-30",
    ]);
  });
});

describe("corporate security", () => {
  const packs = (...facts: Fact[]) => contract("security", "endpoint", { "seat-1": 3, "seat-10": 2 }, facts);
  const desk = (...facts: Fact[]) => contract("security", "desk", { base: 1 }, facts);

  test("SEC-32 a full month is price × quantity for each pack size", () => {
    expect(charges(packs(accepted("2026-04-01"), started("2026-04-15")), "2026-06")).toEqual([
      ["seat-1", 600],
      ["seat-10", 3_600],
    ]);
  });

  test("SEC-54 SEC-31 the month of S costs the initial fee alone", () => {
    expect(charges(packs(accepted("2026-04-01"), started("2026-04-15")), "2026-04")).toEqual([["initial", 3_000]]);
  });

  test("SEC-55 ended in the month of S: the full fee", () => {
    expect(
      sum(packs(accepted("2026-04-01"), started("2026-04-15"), cancelled("2026-04-20")), "2026-04", "2026-05"),
    ).toBe(7_200);
  });

  test("SEC-30 SEC-33 SEC-38 the month of C by its used days, C out, cut down per line", () => {
    // 600 × 9 ÷ 31 = 174.1…; 3,600 × 9 ÷ 31 = 1,045.1…
    expect(charges(packs(accepted("2026-04-01"), started("2026-04-15"), cancelled("2026-07-10")), "2026-07")).toEqual([
      ["seat-1", 174],
      ["seat-10", 1_045],
    ]);
    expect(sum(packs(accepted("2026-04-01"), started("2026-04-15"), cancelled("2026-07-01")), "2026-07")).toBe(0);
  });

  test("SEC-36 COM-14 suspension and discontinuance leave the charges as they are", () => {
    for (const measure of ["suspension", "discontinuance"] as const) {
      const facts = packs(
        accepted("2026-04-01"),
        started("2026-04-15"),
        { kind: "suspended", on: "2026-06-01", measure, ground: "arrears" },
        { kind: "resumed", on: "2026-06-20" },
      );
      expect(sum(facts, "2026-06")).toBe(4_200);
    }
  });

  test("A-SEC-4 A-SEC-5 SEC-34 seats added in the month of S are free in it; later a change cuts each part down", () => {
    const added = (on: string, on2: Tables = tables) =>
      sum(
        contract("security", "endpoint", { "seat-1": 7 }, [
          started("2026-02-15"),
          { kind: "quantity", on, item: "seat-1", quantity: 8 },
        ]),
        on.slice(0, 7),
        on.slice(0, 7),
        on2,
      );
    expect(added("2026-03-12")).toBe(1_528);
    expect(added("2026-03-12", withSetting({ service: "security", key: "reading:A-SEC-5", value: "month" }))).toBe(
      1_529,
    );
  });

  test("SEC-67 A-SEC-3 the desk ended on the 1st: nothing for that month, unless the provider reads it the other way", () => {
    const facts = desk(started("2026-04-10"), cancelled("2027-05-01"));
    expect(sum(facts, "2027-05")).toBe(0);
    expect(
      sum(facts, "2027-05", "2027-05", withSetting({ service: "security", key: "reading:A-SEC-3", value: "always" })),
    ).toBe(80_000);
  });

  test("SEC-67 C after the minimum term: no lump", () => {
    expect(sum(desk(started("2026-04-10"), cancelled("2027-04-20")), "2027-04")).toBe(80_000);
  });

  test("A-SEC-8 the lump is owed when the provider ends for a cause, and not on a withdrawal of the service", () => {
    const lump = (by: "customer" | "provider" | "withdrawal") =>
      lines(desk(started("2026-04-10"), cancelled("2026-09-20", by)), "2026-09").filter(
        ({ kind }) => kind === "early-termination",
      ).length;
    expect([lump("customer"), lump("provider"), lump("withdrawal")]).toEqual([1, 1, 0]);
  });

  test("SEC-66 A-SEC-2 fees and lump are twelve months for every C in the term, eleven where C is the 1st of a month", () => {
    for (let day = Date.UTC(2026, 3, 10); day <= Date.UTC(2027, 2, 31); day += 86_400_000) {
      const on = new Date(day).toISOString().slice(0, 10);
      const wanted = on.endsWith("-01") ? 880_000 : 960_000;
      expect([on, sum(desk(started("2026-04-10"), cancelled(on)), "2026-04", "2027-03")]).toEqual([on, wanted]);
    }
  });

  test("SEC-68 SEC-62 options and tickets have no minimum term; tickets no free month", () => {
    const facts = contract("security", "desk", { base: 1, report: 1 }, [
      started("2026-04-10"),
      { kind: "purchase", on: "2026-04-12", item: "ticket-question", quantity: 2 },
      cancelled("2026-06-20"),
    ]);
    const early = lines(facts, "2026-06").filter(({ kind }) => kind === "early-termination");
    // April to March: 11 months from May; 9 after June, and one.
    expect(early.map(({ item, amount }) => [item, amount])).toEqual([["base", 800_000]]);
    expect(charges(facts, "2026-04")).toEqual([["ticket-question", 20_000]]);
  });

  test("SEC-39 COM-08 tax comes on top of the sum, once; the printed prices with tax may differ", () => {
    const found = lines(packs(started("2026-04-15"), cancelled("2026-07-10")), "2026-07");
    expect(totals(tables, found)).toMatchObject({ net: 1_219, tax: 121, total: 1_340 });
  });

  test("SEC-25 a disclosure bears the provider's fee", () => {
    expect(
      charges(
        packs(started("2026-04-15"), { kind: "document-issued", on: "2026-06-10", item: "disclosure", postage: 0 }),
        "2026-06",
      ),
    ).toContainEqual(["disclosure", 500]);
  });
});

describe("remote network", () => {
  const router = (...facts: Fact[]) => contract("remote", "router", { base: 1, hardware: 1 }, facts);

  test("RNS-03 RNS-60 RNS-61 the acceptance day drives what is charged, and when the once-only fees fall due", () => {
    const facts = router(started("2026-03-01"), inspected("2026-04-20"));
    expect(lines(facts, "2026-03", "2026-05").map(({ item, billMonth, dueOn }) => [item, billMonth, dueOn])).toEqual([
      ["hardware", "2026-04", "2026-04-30"],
      ["base", "2026-05", null],
    ]);
  });

  test("RNS-12 RNS-06 A-RNS-1 A-RNS-4 in the minimum term the provider's charge, from the table or by the months left", () => {
    const facts = router(started("2026-03-01"), inspected("2026-04-20"), cancelled("2027-02-15"));
    const early = (on: Tables = tables) =>
      lines(facts, "2027-02", "2027-02", on)
        .filter(({ kind }) => kind === "early-termination")
        .map(({ amount, dueOn }) => [amount, dueOn]);
    expect(early()).toEqual([[30_000, "2027-03-31"]]);
    expect(early(withSetting({ service: "remote", key: "cancellation-charge", value: "remaining-months" }))).toEqual([
      [24_000, "2027-03-31"],
    ]);
  });

  test("RNS-05 RNS-48 RNS-74 days that follow: rescission, free repair, return of a replaced unit", () => {
    const facts = router(
      { kind: "applied", on: "2026-04-01" },
      started("2026-04-01"),
      inspected("2026-08-31"),
      { kind: "dispatched", on: "2026-12-31", unit: "U-1" },
      { kind: "pickup-offered", on: "2027-01-05", unit: "U-1" },
    );
    expect(derived(facts, "2026-04", "2027-03")).toMatchObject({
      "rescission-until": "2026-05-01",
      "free-repair-until": "2027-02-28",
      "return-by:U-1": "2027-01-31",
    });
    expect(charges(facts, "2027-02")).toContainEqual(["equipment-damage", 40_000]);
  });

  test("A-RNS-12 no pickup was offered: the unit that did not come back is not charged", () => {
    const facts = router(inspected("2026-08-31"), { kind: "dispatched", on: "2026-12-31", unit: "U-1" });
    expect(charges(facts, "2027-02").map(([item]) => item)).not.toContain("equipment-damage");
  });

  test("RNS-62 RNS-13 a far visit bears the surcharge, a claim with evidence stands as it was entered", () => {
    const visit = (kilometres: number, hours: number, outlyingIsland = false): Fact => ({
      kind: "visit",
      on: "2026-09-10",
      kilometres,
      hours,
      outlyingIsland,
    });
    const surcharge = (fact: Fact) =>
      charges(router(inspected("2026-08-31"), fact), "2026-09").filter(([item]) => item === "visit-surcharge");
    expect(surcharge(visit(50, 2))).toEqual([["visit-surcharge", 8_000]]);
    expect(surcharge(visit(49.9, 3))).toEqual([]);
    expect(surcharge(visit(10, 0.5, true))).toEqual([["visit-surcharge", 8_000]]);
    const claim: Fact = { kind: "claim", on: "2026-09-10", description: "damage", amount: 5_000, rule: "RNS-13" };
    const found = lines(router(inspected("2026-08-31"), claim), "2026-09").find(({ why }) => why.rule === "RNS-13");
    expect([found?.amount, found?.taxClass]).toEqual([5_000, "out-of-scope"]);
  });

  test("RNS-64 A-RNS-6 the tax rate follows the day of supply, or of payment where the provider reads the clause so", () => {
    const facts = router(started("2019-06-01"), inspected("2019-07-10"));
    const rate = (on: Tables) => totals(on, lines(facts, "2019-09", "2019-09", on)).subtotals.map((one) => one.rate);
    expect(rate(tables)).toEqual(["8%"]);
    expect(rate(withSetting({ service: "remote", key: "reading:A-RNS-6", value: "payment" }))).toEqual(["10%"]);
  });
});

describe("OT security", () => {
  const sensor = (type: "n" | "d", ...facts: Fact[]) =>
    contract("ot", "sensor", { basic: 1 }, facts, { attributes: { "sensor-type": type } });
  const ancillary = (payment: "prepaid" | "monthly", months = 12): Fact => ({
    kind: "ancillary-started",
    on: "2025-08-01",
    item: "ancillary",
    months,
    fee: 360_000,
    payment,
  });

  test("OST-12 OST-16 the opening counts as the start, installed or not; the initial fee by the type of sensor", () => {
    expect(charges(sensor("n", { kind: "opening", on: "2025-09-18" }), "2025-09")).toEqual([
      ["basic", 39_000],
      ["initial-n", 350_000],
    ]);
    expect(charges(sensor("d", started("2025-09-18")), "2025-09")).toContainEqual(["initial-d", 250_000]);
  });

  test("OST-09 OST-10 C is charged; S = C is one day", () => {
    expect(charges(sensor("n", started("2025-07-01"), cancelled("2025-11-01")), "2025-11")).toEqual([["basic", 3_000]]);
    expect(charges(sensor("n", started("2025-08-12"), cancelled("2025-08-12")), "2025-08")).toContainEqual([
      "basic",
      2_903,
    ]);
  });

  test("OST-11 a new amount holds from the day of the change, that day in", () => {
    const facts = sensor("n", started("2025-07-01"), {
      kind: "discount",
      on: "2025-11-11",
      item: "basic",
      amount: 60_000,
      reference: "TEST",
    });
    // 90,000 × 10 ÷ 30 and 60,000 × 20 ÷ 30.
    expect(sum(facts, "2025-11")).toBe(70_000);
  });

  test("OST-04 OST-06 OST-21 A-OST-2 ended inside its period: the rest at once, the whole never changes; or by days", () => {
    for (const on of ["2025-08-01", "2025-09-30", "2026-03-16", "2026-07-31"]) {
      const facts = sensor("n", started("2025-08-01"), ancillary("monthly"), cancelled(on));
      const found = lines(facts, "2025-08", "2026-08").filter(({ item }) => item === "ancillary");
      expect([on, found.reduce((total, { amount }) => total + amount, 0)]).toEqual([on, 360_000]);
    }
    const facts = sensor("n", started("2025-08-01"), ancillary("monthly"), cancelled("2026-03-16"));
    const byDays = withSetting({ service: "ot", key: "reading:A-OST-2", value: "days" });
    const rest = (on: Tables) =>
      lines(facts, "2026-03", "2026-03", on).find(({ kind }) => kind === "early-termination")?.amount;
    expect(rest(tables)).toBe(135_484);
    // 360,000 × 138 ÷ 365.
    expect(rest(byDays)).toBe(136_109);
  });

  test("OST-05 prepaid: nothing more and nothing back, except when the end is the provider's fault and was approved", () => {
    const end = (fault: "customer" | "provider"): Fact[] => [
      { kind: "ancillary-ended", on: "2026-02-01", item: "ancillary", fault, approver: "somebody" },
    ];
    const amounts = (fault: "customer" | "provider") =>
      lines(sensor("n", started("2025-08-01"), ancillary("prepaid"), ...end(fault)), "2025-08", "2026-03")
        .filter(({ item }) => item === "ancillary")
        .map(({ amount }) => amount);
    expect(amounts("customer")).toEqual([360_000]);
    // 360,000 × 181 ÷ 365.
    expect(amounts("provider")).toEqual([360_000, -178_520]);
  });

  test("OST-02 an ancillary service ordered under version 1 is refused", () => {
    const facts = sensor("n", started("2025-07-01"), { ...ancillary("monthly"), on: "2025-07-30" });
    expect(() => charges(facts, "2025-08")).toThrow();
  });

  test("OST-15 the sensor has to be installed four business days before the opening", () => {
    const facts = sensor("n", { kind: "opening", on: "2025-09-18" });
    expect(derived(facts, "2025-09")["install-by"]).toBe("2025-09-11");
  });

  test("OST-03 an ancillary service ends with the day before the corresponding day", () => {
    const facts = sensor("n", started("2025-08-01"), ancillary("monthly"));
    expect(derived(facts, "2025-08")["ancillary-ends:ancillary"]).toBe("2026-07-31");
  });

  test("OST-14 a contract is a sensor: each is cut down by itself", () => {
    expect(charges(sensor("d", started("2025-08-12")), "2025-08")).toContainEqual(["basic", 58_064]);
  });
});

describe("UTM support", () => {
  const attributes = { model: "ssb5", licence: "plain", "line-model": "own", holder: "corporation" };
  const gateway = (facts: readonly Fact[], more: Record<string, string> = {}) =>
    contract("utm", "gateway", { base: 1 }, facts, { attributes: { ...attributes, ...more } });
  const outage = (
    knownAt: string,
    restoredAt: string,
    cause: "not-customer" | "gross-negligence",
    group?: string,
  ): Fact => ({
    kind: "outage",
    on: knownAt.slice(0, 10),
    knownAt: `${knownAt}:00+09:00`,
    restoredAt: `${restoredAt}:00+09:00`,
    complete: true,
    cause,
    ...(group === undefined ? {} : { group }),
  });

  test("UTM-34 a suspension leaves the fee as it is", () => {
    const facts = gateway([
      started("2026-04-01"),
      { kind: "suspended", on: "2026-05-01", measure: "suspension", ground: "arrears" },
    ]);
    expect(sum(facts, "2026-05")).toBe(2_500);
  });

  test("UTM-35 UTM-38 A-UTM-5 without gross negligence each outage has to last 24 hours by itself", () => {
    const two = (cause: "not-customer" | "gross-negligence") =>
      gateway([
        started("2026-03-01"),
        outage("2026-04-10T09:00", "2026-04-10T22:00", cause, "line card"),
        outage("2026-04-12T09:00", "2026-04-12T22:00", cause, "line card"),
      ]);
    expect(sum(two("not-customer"), "2026-04")).toBe(2_500);
    // UTM-36: two times 13 hours of one cause are 26: one day.
    expect(sum(two("gross-negligence"), "2026-04")).toBe(2_416);
  });

  test("UTM-37 each 24 hours belong to the day on which they start", () => {
    const facts = gateway([started("2026-03-01"), outage("2026-04-30T15:00", "2026-05-02T16:00", "not-customer")]);
    expect([sum(facts, "2026-04"), sum(facts, "2026-05")]).toEqual([2_416, 2_419]);
  });

  test("UTM-38 A-UTM-6 the fee for the days that are left, or the credit cut down, as the provider reads it", () => {
    const facts = gateway([started("2026-03-01"), outage("2026-04-10T09:00", "2026-04-11T09:00", "not-customer")]);
    expect(sum(facts, "2026-04")).toBe(2_416);
    const other = withSetting({ service: "utm", key: "reading:A-UTM-6", value: "floor-credit" });
    expect(sum(facts, "2026-04", "2026-04", other)).toBe(2_417);
  });

  test("UTM-40 UTM-51 evasion: the sum, twice the sum without tax, and tax on both", () => {
    const found = lines(
      gateway([started("2026-04-01"), { kind: "evasion", on: "2026-06-10", amount: 2_500, taxable: true }]),
      "2026-06",
    );
    expect(
      totals(
        tables,
        found.filter(({ item }) => item !== "base"),
      ).total,
    ).toBe(8_250);
  });

  test("UTM-39 underbilling is billed later, but not up to the provider's threshold", () => {
    const late = (amount: number) =>
      sum(gateway([started("2026-04-01"), { kind: "underbilled", on: "2026-06-10", item: "base", amount }]), "2026-06");
    expect([late(100), late(101)]).toEqual([2_500, 2_601]);
  });

  test("UTM-46 UTM-48 UTM-45 by calendar days, cut down; UTM-47 nothing comes back after C", () => {
    expect(sum(gateway([started("2026-02-10")]), "2026-02")).toBe(1_696);
    const facts = gateway([started("2026-02-10"), cancelled("2026-06-16")]);
    expect([sum(facts, "2026-06"), sum(facts, "2026-07", "2026-12")]).toEqual([1_250, 0]);
  });

  test("UTM-32 A-UTM-10 an attached licence: the line is shown and waived", () => {
    expect(charges(gateway([started("2026-04-01")], { licence: "attached" }), "2026-05")).toEqual([
      ["base", 2_500],
      ["base", -2_500],
    ]);
  });

  test("UTM-54 UTM-55 A-UTM-17 fees for bills: collaboration line, no corporation, from the third fee month", () => {
    const fees = (more: Record<string, string>, on: string) =>
      charges(
        gateway([started("2026-04-10"), { kind: "bill-issued", on, form: "paper" }], more),
        on.slice(0, 7),
      ).filter(([item]) => item !== "base");
    const both = { "line-model": "collaboration", holder: "sole-trader" };
    expect(fees(both, "2026-06-10")).toEqual([
      ["issue-fee", 150],
      ["collection-fee", 50],
    ]);
    expect(fees(both, "2026-05-31")).toEqual([]);
    expect(fees({ ...both, holder: "corporation" }, "2026-06-10")).toEqual([]);
    expect(fees({ ...both, "line-model": "own" }, "2026-06-10")).toEqual([]);
  });

  test("UTM-86 a month whose text is not known is refused, in both languages", () => {
    const facts = gateway([started("2021-06-01")]);
    expect(() => charges(facts, "2022-03")).toThrow();
    expect(sum(facts, "2026-05")).toBe(2_500);
  });

  test("UTM-08 UTM-22 UTM-65 UTM-69 days that follow: longest use, longest suspension, dispatch, return", () => {
    const facts = gateway([
      started("2026-04-01"),
      { kind: "suspended", on: "2026-08-31", measure: "suspension", ground: "arrears" },
      { kind: "replacement-accepted", on: "2026-11-20", at: "2026-11-20T12:01:00+09:00" },
      { kind: "dispatched", on: "2026-11-24", unit: "U-1" },
    ]);
    expect(derived(facts, "2026-04", "2026-12")).toMatchObject({
      "longest-use-ends": "2033-03-31",
      "suspension-until": "2027-02-28",
      "ships-on": "2026-11-24",
      "return-by:U-1": "2026-12-24",
    });
    expect(charges(facts, "2026-12")).toContainEqual(["reprocurement-ssb5", 60_000]);
  });

  test("UTM-52 COM-29 a waiver for a disaster is shown on the bill and ends with its day", () => {
    const facts = gateway([
      started("2026-04-01"),
      { kind: "waiver", on: "2026-06-01", until: "2026-06-30", percent: 100, reference: "flood" },
    ]);
    expect(charges(facts, "2026-06")).toEqual([
      ["base", 2_500],
      ["base", -2_500],
    ]);
    expect(sum(facts, "2026-07")).toBe(2_500);
  });

  test("COM-21 UTM-01 a written special agreement sets a price, or one parameter of the terms, for its days", () => {
    const facts = gateway([
      started("2026-04-01"),
      { kind: "price-agreed", on: "2026-06-01", until: "2026-06-30", item: "base", amount: 2_000, reference: "A-1" },
    ]);
    expect([sum(facts, "2026-05"), sum(facts, "2026-06"), sum(facts, "2026-07")]).toEqual([2_500, 2_000, 2_500]);
  });
});
