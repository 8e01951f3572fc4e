import { expect, test } from "vitest";
import { ownerOn, owners, riskOn, type Unit } from "./ownership.ts";

const unit = (more: Partial<Unit> = {}): Unit => ({
  arrangement: "sold",
  deliveredOn: "2026-01-20",
  titleOn: null,
  replaces: null,
  replacedOn: null,
  returnedOn: null,
  ...more,
});
const owner = (one: Unit, on: string) => ownerOn(one, on).owner;

test("RNS-40 a sold unit is the provider's until its price is fully paid, and the customer's from that day", () => {
  expect(owner(unit(), "2030-01-01")).toBe("provider");
  const paid = unit({ titleOn: "2026-03-05" });
  expect([owner(paid, "2026-03-04"), owner(paid, "2026-03-05")]).toEqual(["provider", "customer"]);
});

test.each([
  { arrangement: "lent", whose: "provider", rule: "RNS-41" },
  { arrangement: "leased", whose: "lessor", rule: "RNS-44" },
  { arrangement: "owned-by-customer", whose: "customer", rule: "UTM-07" },
] as const)("$rule a unit that is $arrangement is the $whose's on every day, paid or not", ({ arrangement, whose }) => {
  const one = unit({ arrangement, titleOn: "2026-03-05" });
  for (const day of ["2020-01-01", "2026-03-05", "2040-01-01"]) expect(owner(one, day)).toBe(whose);
});

test("RNS-73 UTM-68 with the dispatch of the replacement the two units change hands", () => {
  const faulty = unit({ titleOn: "2026-03-05", replacedOn: "2026-11-20" });
  const next = unit({
    replaces: { unit: { ...faulty, replacedOn: null }, on: "2026-11-20" },
    deliveredOn: "2026-11-22",
  });
  expect([owner(faulty, "2026-11-19"), owner(faulty, "2026-11-20")]).toEqual(["customer", "provider"]);
  expect([owner(next, "2026-11-19"), owner(next, "2026-11-20")]).toEqual(["provider", "customer"]);
  expect(ownerOn(next, "2026-11-20").because.en).toContain("replacement");
});

test("RNS-40 RNS-73 exchanged before it was paid for: the price passes the title of the unit that is there then", () => {
  const faulty = unit({ titleOn: "2026-12-25", replacedOn: "2026-11-20" });
  const next = unit({ titleOn: "2026-12-25", replaces: { unit: faulty, on: "2026-11-20" } });
  expect([owner(faulty, "2026-11-19"), owner(faulty, "2026-12-26")]).toEqual(["provider", "provider"]);
  expect([owner(next, "2026-12-24"), owner(next, "2026-12-25")]).toEqual(["provider", "customer"]);
});

test("UTM-68 a chain of replacements: on every day exactly one of the units is the customer's", () => {
  const first = unit({ arrangement: "owned-by-customer", replacedOn: "2026-02-10" });
  const second = unit({
    arrangement: "owned-by-customer",
    replaces: { unit: first, on: "2026-02-10" },
    replacedOn: "2026-05-01",
  });
  const third = unit({ arrangement: "owned-by-customer", replaces: { unit: second, on: "2026-05-01" } });
  for (const day of ["2026-01-01", "2026-02-09", "2026-02-10", "2026-04-30", "2026-05-01", "2027-01-01"]) {
    expect([first, second, third].filter((one) => owner(one, day) === "customer")).toHaveLength(1);
  }
});

test("RNS-44 RNS-45 what takes the place of a lent or leased unit is treated as that one was", () => {
  const lent = unit({ arrangement: "lent", replacedOn: "2026-02-10" });
  const next = unit({ arrangement: "lent", replaces: { unit: lent, on: "2026-02-10" } });
  expect([owner(lent, "2026-03-01"), owner(next, "2026-03-01")]).toEqual(["provider", "provider"]);
  const leased = unit({ arrangement: "leased", replacedOn: "2026-02-10" });
  const other = unit({ arrangement: "leased", replaces: { unit: leased, on: "2026-02-10" } });
  expect([owner(leased, "2026-03-01"), owner(other, "2026-03-01")]).toEqual(["provider", "lessor"]);
});

test.each([
  { on: "2026-01-19", arrangement: "sold", bears: "provider" },
  { on: "2026-01-20", arrangement: "sold", bears: "customer" },
  { on: "2026-01-20", arrangement: "lent", bears: "customer" },
  { on: "2026-06-01", arrangement: "lent", bears: "provider" },
  { on: "2026-01-01", arrangement: "owned-by-customer", bears: "customer" },
] as const)(
  "RNS-41 RNS-43 A-RNS-17 on $on the $bears bears the loss of a unit that is $arrangement",
  ({ on, arrangement, bears }) => {
    const back = arrangement === "lent" ? "2026-06-01" : null;
    expect(riskOn(unit({ arrangement, returnedOn: back }), on).bears).toBe(bears);
  },
);

test("the history of a unit is in order, and its first owner holds from the beginning", () => {
  const history = owners(unit({ titleOn: "2026-03-05", replacedOn: "2026-11-20" }));
  expect(history.map(({ since, owner: who }) => [since, who])).toEqual([
    [null, "provider"],
    ["2026-03-05", "customer"],
    ["2026-11-20", "provider"],
  ]);
});
