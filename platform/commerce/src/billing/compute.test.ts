/** Whatever is learnt when: in the end exactly what the facts say has been billed. Pure: no database, thousands of lives. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, nextMonth, type YearMonth } from "@yagura/core/calendar.ts";
import { cases } from "@yagura/testkit/cases.ts";
import { offers } from "../../../../tests/support/money.ts";
import { chargeLines } from "../charging/charge.ts";
import { FactsInvalid } from "../charging/issues.ts";
import type { Fact } from "../charging/facts.ts";
import type { ChargeLine } from "../charging/lines.ts";
import { shippedTables } from "../charging/shipped.ts";
import { billOf, type BillScope } from "./compute.ts";
import { factsFor, type BillingContract, type Known } from "./contracts.ts";

const tables = shippedTables(offers);
const FIRST = "2026-04";
const LAST = "2026-12";

interface Learnt {
  readonly fact: Fact;
  /** Month before whose bill it is learnt. */
  readonly from: YearMonth;
  /** Found to be wrong before this month's bill. */
  readonly until: YearMonth | null;
}

const base = { id: "c", organisation: "o", number: "C-1", anchor: 1, attributes: {} } as const;
const contracts: readonly BillingContract[] = [
  { ...base, service: "security", plan: "endpoint", items: { "seat-1": 7 } },
  { ...base, service: "security", plan: "desk", items: { base: 1 } },
  { ...base, service: "ot", plan: "sensor", items: { basic: 1 }, attributes: { "sensor-type": "n" } },
  {
    ...base,
    service: "utm",
    plan: "gateway",
    items: { base: 1 },
    attributes: { model: "ssb5", licence: "plain", "line-model": "own", holder: "corporation" },
  },
];

const day = fc.integer({ min: 0, max: 240 }).map((days) => addDays("2026-04-15", days));
const lateBy = fc.integer({ min: 0, max: 5 });
const wrongAfter = fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 });

/**
 * Bills the months one after the other with what is known at each; gives every line that was ever billed. A month whose facts
 * contradict each other is set aside and comes with a later one; null when the last bill was.
 */
function lifeOf(contract: BillingContract, learnt: readonly Learnt[], adHoc: YearMonth | null): ChargeLine[] | null {
  const billed: ChargeLine[] = [];
  const known: Known = { now: [], before: [], learntOn: null, regular: new Set(), adHoc: new Set(), done: false };
  const at = (month: YearMonth): Fact[] =>
    learnt.filter(({ from, until }) => from <= month && (until === null || month < until)).map(({ fact }) => fact);
  const bill = (scope: BillScope, facts: Fact[]): boolean => {
    known.now = facts;
    const differing = [...facts, ...known.before].filter(
      (fact) => facts.includes(fact) !== known.before.includes(fact),
    );
    const isBilled = known.regular.size + known.adHoc.size > 0;
    known.learntOn = isBilled ? (differing.map(({ on }) => on).toSorted()[0] ?? null) : null;
    try {
      const { lines, months } = billOf(tables, { contract, known, billed: [...billed] }, scope);
      billed.push(...lines);
      for (const month of months) known[scope.kind === "ad-hoc" ? "adHoc" : "regular"].add(month);
      known.before = facts;
      return true;
    } catch (error) {
      if (error instanceof FactsInvalid) return false;
      throw error;
    }
  };
  let last = false;
  for (let month = FIRST; month <= LAST; month = nextMonth(month)) {
    // In the middle of the month: what was known at the bill before.
    if (month === adHoc)
      bill({ month, kind: "ad-hoc", since: null }, month === FIRST ? at(month) : at(nextMonth(month, -1)));
    last = bill({ month, kind: "regular", since: null }, at(month));
  }
  return last ? billed : null;
}

const begun: readonly Learnt[] = (["accepted", "started"] as const).map((kind) => ({
  fact: { kind, on: "2026-04-10" },
  from: FIRST,
  until: null,
}));

const late = (on: string, by: number): YearMonth => nextMonth(on.slice(0, 7), by);
const learntOf = (fact: Fact, by: number, wrong: number | null): Learnt => {
  const from = late(fact.on, by);
  return { fact, from, until: wrong === null ? null : nextMonth(from, wrong + 1) };
};

const quantity = fc
  .record({ on: day, quantity: fc.integer({ min: 1, max: 30 }), by: lateBy, wrong: wrongAfter })
  .map(({ on, quantity: many, by, wrong }) =>
    learntOf({ kind: "quantity", on, item: "seat-1", quantity: many, by: "customer" }, by, wrong),
  );
const outage = fc
  .record({ on: day, hours: fc.integer({ min: 20, max: 90 }), by: lateBy, wrong: wrongAfter })
  .map(({ on, hours, by, wrong }) => {
    const end = new Date(Date.parse(`${on}T09:00:00+09:00`) + hours * 3_600_000).toISOString();
    return learntOf(
      { kind: "outage", on, knownAt: `${on}T09:00:00+09:00`, restoredAt: end, complete: true, cause: "not-customer" },
      by,
      wrong,
    );
  });
const claim = fc
  .record({ on: day, amount: fc.integer({ min: 1, max: 99_999 }), by: lateBy, wrong: wrongAfter })
  .map(({ on, amount, by, wrong }) => learntOf({ kind: "claim", on, description: "damage", amount }, by, wrong));
const cancelled = fc.option(
  fc
    .record({ on: day, by: lateBy })
    .map(({ on, by }): Learnt => learntOf({ kind: "cancelled", on, by: "customer" }, by, null)),
  { freq: 2 },
);

const sum = (lines: readonly ChargeLine[]): number => lines.reduce((total, { amount }) => total + amount, 0);

describe("lives with late entries and corrections", () => {
  test.each(contracts.map((contract) => ({ contract, name: `${contract.service} ${contract.plan}` })))(
    "COM-18 COM-19 $name: in the end exactly what the facts say is billed, however late they came",
    ({ contract }) => {
      const events = contract.plan === "endpoint" ? quantity : contract.plan === "gateway" ? outage : claim;
      fc.assert(
        fc.property(
          fc.array(events, { maxLength: 4 }),
          cancelled,
          fc.option(fc.constantFrom("2026-05", "2026-07", "2026-09"), { freq: 2 }),
          (happened, end, adHoc) => {
            const learnt = [...begun, ...happened, ...(end === null ? [] : [end])];
            // What nobody knows before the last bill is not on any.
            const told = learnt.filter(({ from, until }) => from <= LAST && (until === null || LAST < until));
            const facts = told.map(({ fact }) => fact);
            const billed = lifeOf(contract, learnt, adHoc);
            fc.pre(billed !== null);
            const right = chargeLines(tables, factsFor(contract, facts), { from: FIRST, to: LAST });
            expect(sum(billed)).toBe(sum(right));
          },
        ),
        cases(400),
      );
    },
  );

  test("COM-20 without late entries every line stands on exactly one bill", () => {
    for (const contract of contracts) {
      const billed = lifeOf(contract, begun, null) ?? [];
      const right = chargeLines(
        tables,
        factsFor(
          contract,
          begun.map(({ fact }) => fact),
        ),
        { from: FIRST, to: LAST },
      );
      expect(billed.map(({ key }) => key).toSorted()).toEqual(right.map(({ key }) => key).toSorted());
    }
  });
});
