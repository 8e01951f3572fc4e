/**
 * The worked examples of the commercial rules: each is a file of facts (platform/commerce/testdata/golden) that goes through the
 * function of the bill on the shipped tables. Values that a wrong computation would give (traps) are asserted to differ.
 */
import { describe, expect, test } from "vitest";
import type { Preview } from "@yagura/commerce/charging/preview.ts";
import { rational, times, toYen } from "@yagura/core/yen.ts";
import { answer, readJson } from "./world.ts";

const golden = readJson("golden.json") as Readonly<Record<string, readonly (string | number | boolean)[]>>;

type Value = string | number | boolean | undefined;
const lines = (of: Preview, contract?: string) =>
  of.contracts.filter((one) => contract === undefined || one.contract === contract).flatMap((one) => one.lines);
const sum = (of: Preview, kind?: string, contract?: string): number =>
  lines(of, contract)
    .filter((line) => kind === undefined || line.kind === kind)
    .reduce((total, { amount }) => total + amount, 0);
const inMonth = (of: Preview, month: string): number =>
  lines(of)
    .filter(({ billMonth }) => billMonth === month)
    .reduce((total, { amount }) => total + amount, 0);
const told = (of: Preview, what: string, contract?: string): Value[] =>
  of.contracts
    .filter((one) => contract === undefined || one.contract === contract)
    .flatMap((one) => one.derived.filter((fact) => fact.what === what || fact.what.startsWith(`${what}:`)))
    .map(({ value }) => value);
const interest = (of: Preview, claim: string): number => of.interest.find((one) => one.claim === claim)?.amount ?? 0;
const totalOf = (of: Preview, contract: string): number =>
  of.invoices
    .filter(({ contracts }) => contracts.includes(contract))
    .reduce((total, one) => total + one.totals.total, 0);
/** What a price with tax would give, by floor(price × days ÷ days of the month): display only, and a yen off. */
const withTax = (price: number, days: number, whole: number): number =>
  toYen(times(rational(price), rational(days, whole)));

/** What each case looks at, in the order of its expected values. */
const cases: Readonly<Record<string, () => Value[]>> = {
  "W-COM-1": () => [answer("W-COM-1").totals.tax],
  // The second is the trap: a fraction rounded to nine decimals first.
  "W-COM-2": () => [sum(answer("W-COM-2")), Math.floor(90_000 * Number((10 / 30).toFixed(9)))],
  // The second is the trap: binary floats.
  "W-COM-3": () => [sum(answer("W-COM-3")), Math.floor((300 / 28) * 21)],
  "W-COM-4": () => ["A", "B", "C", "D", "E"].flatMap((unit) => told(answer("W-COM-4"), `return-by:${unit}`)),
  "W-EXP-1": () => [sum(answer("W-EXP-1"))],
  "W-EXP-2": () => [sum(answer("W-EXP-2"))],
  "W-EXP-3": () => lines(answer("W-EXP-3")).map(({ feeMonth }) => feeMonth),
  "W-EXP-4": () => [sum(answer("W-EXP-4"))],
  "W-EXP-5": () => [sum(answer("W-EXP-5"))],
  "W-EXP-6": () => told(answer("W-EXP-6"), "charged-from"),
  "W-EXP-7": () => told(answer("W-EXP-7"), "charged-from"),
  "W-EXP-8": () => [
    ...told(answer("W-EXP-8"), "targets"),
    ...told(answer("W-EXP-8"), "sessions"),
    ...told(answer("W-EXP-8-v1"), "targets"),
  ],
  "W-SEC-1": () => [sum(answer("W-SEC-1")), ...told(answer("W-SEC-1"), "seats")],
  "W-SEC-2": () => [
    sum(answer("W-SEC-2"), "one-off"),
    inMonth(answer("W-SEC-2"), "2026-04") - sum(answer("W-SEC-2"), "one-off"),
    inMonth(answer("W-SEC-2"), "2026-05"),
  ],
  "W-SEC-3": () => [sum(answer("W-SEC-3"))],
  "W-SEC-4": () => [answer("W-SEC-4").totals.total],
  // The second is the trap: the month's sum cut down once.
  "W-SEC-5": () => [sum(answer("W-SEC-5")), toYen(rational(1_400 * 11 + 1_600 * 20, 31))],
  "W-SEC-6": () => [sum(answer("W-SEC-6"))],
  "W-SEC-7": () => [sum(answer("W-SEC-7"), undefined, "S-1"), sum(answer("W-SEC-7"), undefined, "S-2")],
  "W-SEC-8": () => [sum(answer("W-SEC-8"), undefined, "S-1"), sum(answer("W-SEC-8"), undefined, "S-2")],
  "W-SEC-9": () => [sum(answer("W-SEC-9"), "recurring"), sum(answer("W-SEC-9"), "early-termination")],
  "W-SEC-10": () => [sum(answer("W-SEC-10"), "recurring"), sum(answer("W-SEC-10"), "early-termination")],
  "W-SEC-11": () => [sum(answer("W-SEC-11"), "recurring"), sum(answer("W-SEC-11"), "early-termination")],
  "W-SEC-12": () => [sum(answer("W-SEC-12"), "recurring"), sum(answer("W-SEC-12"), "early-termination")],
  "W-SEC-13": () => [interest(answer("W-SEC-13"), "A")],
  "W-SEC-14": () => [interest(answer("W-SEC-14"), "tenth"), interest(answer("W-SEC-14"), "eleventh")],
  "W-SEC-15": () => [interest(answer("W-SEC-15"), "A")],
  "W-SEC-16": () => [interest(answer("W-SEC-16"), "A")],
  // The second is the trap: prices with tax.
  "W-SEC-17": () => [answer("W-SEC-17").totals.total, withTax(1_540, 11, 31) + withTax(1_760, 20, 31)],
  "W-SEC-18": () => answer("W-SEC-18").invoices.map(({ totals }) => totals.total),
  "W-SEC-19": () => [answer("W-SEC-19").totals.total],
  "W-SEC-20": () => [sum(answer("W-SEC-20"), undefined, "S-1"), sum(answer("W-SEC-20"), undefined, "S-2")],
  "W-RNS-1": () => {
    const of = answer("W-RNS-1");
    return [
      lines(of).find(({ kind }) => kind === "one-off")?.dueOn ?? undefined,
      ...told(of, "minimum-term-ends"),
      ...told(of, "notice-by"),
      lines(of).filter(({ kind }) => kind === "recurring").length,
      lines(of).find(({ kind }) => kind === "early-termination")?.dueOn ?? undefined,
    ];
  },
  "W-RNS-2": () => [answer("W-RNS-2").totals.total],
  "W-RNS-3": () => [interest(answer("W-RNS-3"), "A")],
  "W-RNS-4": () => [interest(answer("W-RNS-4"), "A")],
  "W-RNS-5": () => told(answer("W-RNS-5"), "rescission-until"),
  "W-RNS-6": () => told(answer("W-RNS-6"), "free-repair-until"),
  "W-RNS-7": () => told(answer("W-RNS-7"), "notice-by"),
  "W-RNS-8": () => told(answer("W-RNS-8"), "visit-surcharge"),
  "W-RNS-9": () => told(answer("W-RNS-9"), "open"),
  "W-OST-1": () => [sum(answer("W-OST-1"))],
  "W-OST-2": () => [sum(answer("W-OST-2"))],
  "W-OST-3": () => [sum(answer("W-OST-3"))],
  // The second is the trap: one line of 270,000 yen.
  "W-OST-4": () => [sum(answer("W-OST-4")), withTax(270_000, 20, 31)],
  "W-OST-5": () => [sum(answer("W-OST-5"))],
  "W-OST-6": () => [answer("W-OST-6").totals.total],
  "W-OST-7": () => {
    const ancillary = lines(answer("W-OST-7")).filter(({ item }) => item === "ancillary");
    const of = (kind: string): number =>
      ancillary.filter((line) => line.kind === kind).reduce((total, { amount }) => total + amount, 0);
    return [of("recurring"), of("early-termination")];
  },
  "W-OST-8": () => {
    const of = answer("W-OST-8");
    return [
      ...told(of, "ancillary-rest"),
      ...told(of, "ancillary-refund"),
      ...told(of, "liability-cap:base"),
      ...told(of, "liability-cap:ancillary"),
    ];
  },
  "W-OST-9": () => told(answer("W-OST-9"), "install-by"),
  // The second is the trap: the price with tax.
  "W-UTM-1": () => [answer("W-UTM-1").totals.total, withTax(2_750, 19, 28)],
  "W-UTM-2": () => [totalOf(answer("W-UTM-2"), "U-1"), totalOf(answer("W-UTM-2"), "U-2")],
  "W-UTM-3": () => [totalOf(answer("W-UTM-3"), "U-1"), sum(answer("W-UTM-3"), undefined, "U-2")],
  "W-UTM-4": () => ["47h59", "48h00", "23h59"].map((contract) => sum(answer("W-UTM-4"), undefined, contract)),
  "W-UTM-5": () => [inMonth(answer("W-UTM-5"), "2026-04"), inMonth(answer("W-UTM-5"), "2026-05")],
  "W-UTM-6": () => [answer("W-UTM-6").totals.total],
  "W-UTM-7": () => ["20th", "15th", "16th"].map((claim) => interest(answer("W-UTM-7"), claim)),
  "W-UTM-8": () => [totalOf(answer("W-UTM-8"), "paper"), totalOf(answer("W-UTM-8"), "notice")],
  "W-UTM-9": () => told(answer("W-UTM-9"), "cancellation-date"),
  "W-UTM-10": () => [
    ...told(answer("W-UTM-10"), "notice-by", "14th"),
    ...told(answer("W-UTM-10"), "notice-by", "12th"),
  ],
  "W-UTM-11": () => [
    ...told(answer("W-UTM-11"), "longest-use-ends", "7y"),
    ...told(answer("W-UTM-11"), "longest-use-ends", "5y"),
  ],
  "W-UTM-12": () => told(answer("W-UTM-12"), "ships-on"),
  "W-UTM-13": () => told(answer("W-UTM-13"), "handled-from"),
  "W-UTM-14": () => told(answer("W-UTM-14"), "suspension-until"),
  "W-UTM-15": () => [sum(answer("W-UTM-15"))],
  "W-UTM-16": () => [answer("W-UTM-16").invoices.reduce((total, { totals }) => total + totals.total, 0) - 110],
};

test("there are 66 golden cases, and each has its facts", () => {
  expect(Object.keys(golden)).toHaveLength(66);
  expect(Object.keys(cases).toSorted()).toEqual(Object.keys(golden).toSorted());
});

test.each(Object.keys(golden))("%s", (id) => {
  expect(cases[id]?.()).toEqual(golden[id]);
});

describe("traps differ from what is charged", () => {
  test.each(["W-COM-2", "W-COM-3", "W-SEC-5", "W-SEC-17", "W-OST-4", "W-UTM-1"])("%s", (id) => {
    const [charged, trap] = cases[id]?.() ?? [];
    expect(charged).toBe(golden[id]?.[0]);
    expect(charged).not.toBe(trap);
  });

  test("W-COM-1: tax line by line would be 30", () => {
    const of = answer("W-COM-1");
    const byLine = lines(of).reduce((tax, { amount }) => tax + Math.floor(amount / 10), 0);
    expect(byLine).toBe(30);
    expect(of.totals.tax).not.toBe(byLine);
  });

  test("W-SEC-7: the cheaper combination is not taken silently", () => {
    const of = answer("W-SEC-7");
    expect(sum(of, undefined, "S-1")).not.toBe(sum(of, undefined, "S-2"));
  });
});
