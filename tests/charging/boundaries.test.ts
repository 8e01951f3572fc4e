/** Section 10: the day before and the first day of each version (COM-02). */
import { describe, expect, test } from "vitest";
import { chargeContract, chargeLines } from "@yagura/commerce/charging/charge.ts";
import type { Fact } from "@yagura/commerce/charging/facts.ts";
import { lateInterest } from "@yagura/commerce/charging/interest.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import {
  accepted,
  cancelled,
  complaints,
  desk,
  endpoint,
  experience,
  gateway,
  sensor,
  started,
  sum,
  tables,
} from "./contracts.ts";

const told = (facts: Parameters<typeof chargeContract>[1], month: string, what: string) =>
  chargeContract(tables, facts, { from: month, to: month }).derived.find((fact) => fact.what.startsWith(what))?.value;

describe("EXP-14: the start decides the rule of the first month", () => {
  test.each([
    { S: "2023-07-31", fees: ["2023-07-01", "2023-08-01", "2023-09-01"], version: "EXP-v1" },
    { S: "2023-08-01", fees: ["2023-09-01"], version: "EXP-v2" },
  ])("S = $S", ({ S, fees, version }) => {
    const lines = chargeLines(tables, experience([started(S)]), { from: "2023-06", to: "2023-09" });
    expect(lines.map(({ feeMonth }) => feeMonth)).toEqual(fees);
    expect(lines[0]?.why.version).toBe(version === "EXP-v1" ? "EXP-v1" : "EXP-v2");
  });

  test("EXP-24: a v1 contract keeps its July charge and has the quota of v2 from August", () => {
    const facts = experience([started("2023-07-20")], { items: { agent: 3 } });
    expect(told(facts, "2023-07", "targets")).toBe(10);
    expect(told(facts, "2023-08", "targets")).toBe(30);
    expect(sum(chargeLines(tables, facts, { from: "2023-07", to: "2023-08" }))).toBe(6_000);
  });
});

describe("OST-20: cancellation and cap by the version of the day", () => {
  const ancillary = (on: string): Fact => ({
    kind: "ancillary-started",
    on,
    item: "ancillary",
    months: 12,
    fee: 120_000,
    payment: "monthly",
  });
  test("OST-02: an ancillary order of 2025-07-30 is refused, of 2025-07-31 taken", () => {
    const order = (on: string) => () =>
      chargeLines(tables, sensor([started("2025-05-01"), ancillary(on)]), { from: "2025-07", to: "2025-08" });
    expect(complaints(order("2025-07-30"))).toEqual([
      "/facts/1/item The plan “sensor” has no item “ancillary” on 2025-07-30 (terms OST-v1). It has: basic, initial-d, initial-n.",
    ]);
    expect(order("2025-07-31")().some(({ item }) => item === "ancillary")).toBe(true);
  });

  test("C = 2025-07-31 ends the ancillary service of that day with its rest (OST-06)", () => {
    const lines = chargeLines(
      tables,
      sensor([started("2025-05-01"), ancillary("2025-07-31"), cancelled("2025-07-31")]),
      {
        from: "2025-07",
        to: "2025-07",
      },
    );
    expect(sum(lines, "early-termination")).toBe(120_000);
  });

  test("C = 2025-07-30 and 2025-07-31: the basic fee to C included in both versions", () => {
    const month = { from: "2025-07", to: "2025-07" };
    const at = (C: string) => chargeLines(tables, sensor([started("2025-05-01"), cancelled(C)]), month);
    expect([sum(at("2025-07-30")), sum(at("2025-07-31"))]).toEqual([87_096, 90_000]);
  });

  test("OST-17, OST-18: the cap's rule is that of the day on which the damage arose", () => {
    const damage = (on: string): Fact => ({ kind: "damage", on, until: on, cause: "base" });
    const rule = (on: string) =>
      chargeContract(tables, sensor([started("2025-05-01"), damage(on)]), {
        from: "2025-07",
        to: "2025-07",
      }).derived.find(({ what }) => what.startsWith("liability-cap"));
    expect(rule("2025-07-30")).toMatchObject({ rule: "OST-17", value: 90_000 });
    expect(rule("2025-07-31")).toMatchObject({ rule: "OST-18", value: 90_000 });
  });
});

describe("SEC", () => {
  test("COM-09: tax of 2019-09-30 is 8 %, of 2019-10-01 10 %; one document may hold both", () => {
    const lines = chargeLines(tables, desk([started("2019-07-29")]), { from: "2019-09", to: "2019-10" });
    expect(totals(tables, lines)).toMatchObject({
      subtotals: [
        { rate: "10%", base: 80_000, tax: 8_000 },
        { rate: "8%", base: 80_000, tax: 6_400 },
      ],
      total: 174_400,
    });
    const visit = (on: string) => totals(tables, [{ amount: 1_000, taxClass: "taxable", supplyOn: on }]).tax;
    expect([visit("2019-09-30"), visit("2019-10-01")]).toEqual([80, 100]);
  });

  test("SEC-41: no interest for 2019-08-31, interest from 2019-09-01", () => {
    const claim = { claim: "A", service: "security", plan: "endpoint", amount: 365_000, dueOn: "2019-08-01" };
    const paid = (on: string) => lateInterest(tables, claim, [{ on, amount: 365_000 }], on);
    expect(paid("2019-08-31")).toBeNull();
    // Paid on 1 September: overdue days are those of August alone.
    expect(paid("2019-09-01")).toBeNull();
    expect(paid("2019-09-02")).toMatchObject({
      amount: 145,
      segments: [{ from: "2019-09-01", to: "2019-09-01", days: 1, base: 365_000 }],
    });
  });

  test.each([
    { S: "2021-03-31", covered: false },
    { S: "2021-04-01", covered: true, from: "2021-05-01", to: "2022-04-30" },
    { S: "2021-04-20", covered: true, from: "2021-05-01", to: "2022-04-30" },
    { S: "2022-04-30", covered: true, from: "2022-05-01", to: "2023-04-30" },
    { S: "2022-05-01", covered: false },
    { S: "2022-07-31", covered: false },
    { S: "2022-08-01", covered: true, from: "2022-09-01", to: "2023-08-31" },
    { S: "2023-08-31", covered: true, from: "2023-09-01", to: "2024-08-31" },
    { S: "2023-09-01", covered: false },
  ])("SEC-58, SEC-59: telework insurance for a use begun on $S: $covered", ({ S, covered, from, to }) => {
    const facts = endpoint([accepted(S), started(S)], { items: { "seat-10": 5 } });
    const month = S.slice(0, 7);
    expect(told(facts, month, "insurance") ?? false).toBe(covered);
    expect(told(facts, month, "insurance-from")).toBe(from);
    expect(told(facts, month, "insurance-to")).toBe(to);
  });

  test("SEC-58: a thousand seats in one order, or packs of a thousand, are not insured", () => {
    const S = "2021-04-20";
    const insured = (items: Record<string, number>) =>
      told(endpoint([accepted(S), started(S)], { items }), "2021-04", "insurance");
    expect(insured({ "seat-100": 9, "seat-10": 9, "seat-1": 9 })).toBe(true);
    expect(insured({ "seat-100": 10 })).toBe(false);
    expect(insured({ "seat-1000": 1 })).toBe(false);
  });

  test.each([
    { applied: "2017-01-31", S: "2017-03-01", fee: 3_000 },
    { applied: "2017-02-01", S: "2017-06-30", fee: 0 },
    { applied: "2017-05-31", S: "2017-06-30", fee: 0 },
    { applied: "2017-05-31", S: "2017-07-01", fee: 3_000 },
    { applied: "2017-06-01", S: "2017-06-15", fee: 3_000 },
  ])("SEC-57: applied for on $applied and in use from $S, the initial fee is $fee", ({ applied, S, fee }) => {
    const on = applied < "2017-02-01" ? "2017-02-02" : applied;
    const facts = endpoint([{ kind: "applied", on: applied }, accepted(on), started(S)]);
    const lines = chargeLines(tables, facts, { from: on.slice(0, 7), to: on.slice(0, 7) });
    const initial = lines.filter(({ item }) => item === "initial");
    expect(sum(initial)).toBe(fee);
    // Shown and waived, not left out.
    expect(initial).toHaveLength(fee === 0 ? 2 : 1);
  });
});

describe("UTM", () => {
  const request = (desiredOn: string, checkedOn: string): Fact => ({
    kind: "cancellation-requested",
    on: desiredOn,
    desiredOn,
    checkedOn,
  });
  test("UTM-27: in force from 2021-05-17: before, C is the day wished for", () => {
    const C = (desired: string) =>
      told(gateway([started("2020-06-01"), request(desired, "2021-05-20")]), "2022-06", "cancellation-date");
    expect(C("2021-05-16")).toBe("2021-05-16");
    expect(C("2021-05-17")).toBe("2021-05-27");
  });

  test.each([
    { dueOn: "2020-03-30", rate: "5%", amount: 100 },
    { dueOn: "2020-03-31", rate: "3%", amount: 60 },
  ])("UTM-42: due on $dueOn, the statutory rate of the first overdue day is $rate", ({ dueOn, rate, amount }) => {
    const claim = { claim: "A", service: "utm", plan: "gateway", amount: 36_500, dueOn };
    const paidOn = dueOn === "2020-03-30" ? "2020-04-20" : "2020-04-21";
    expect(lateInterest(tables, claim, [{ on: paidOn, amount: 36_500 }], paidOn)).toMatchObject({ rate, amount });
  });

  test("UTM-86: terms known by their date only refuse to charge, with a clear sentence", () => {
    const month = { from: "2022-08", to: "2022-08" };
    const facts = gateway([started("2022-08-01")]);
    expect(complaints(() => chargeLines(tables, facts, month))).toEqual([
      expect.stringContaining("UTM-2022-08-01") as string,
    ]);
    // With a text supplied they compute.
    const known = tables.terms.find(({ code }) => code === "UTM-2025-04-01");
    const supplied = {
      ...tables,
      terms: tables.terms.map((row) =>
        row.code === "UTM-2022-08-01" && known !== undefined ? { ...row, known: true, plans: known.plans } : row,
      ),
      prices: [
        ...tables.prices,
        {
          service: "utm",
          plan: "gateway",
          item: "base",
          amount: 2_500,
          display: null,
          from: null,
          until: "2025-04-01",
          book: "TEST",
        },
      ],
    };
    expect(sum(chargeLines(supplied, facts, month))).toBe(2_500);
  });

  test("a contract of 2021 is charged in 2026: only the months asked for need terms", () => {
    const lines = chargeLines(tables, gateway([started("2021-06-01")]), { from: "2026-05", to: "2026-05" });
    expect(sum(lines)).toBe(2_500);
  });
});
