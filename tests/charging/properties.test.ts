/** The properties of section 9, each over thousands of contracts drawn at random. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differences } from "@yagura/commerce/charging/adjust.ts";
import { chargeContract, chargeLines } from "@yagura/commerce/charging/charge.ts";
import type { ClaimFacts, ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { lateInterest } from "@yagura/commerce/charging/interest.ts";
import { simulate } from "@yagura/commerce/charging/simulate.ts";
import type { Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { addDays, addMonths, daysBetween, monthOf } from "@yagura/core/calendar.ts";
import { rate, rational, times, toYen } from "@yagura/core/yen.ts";
import { cases } from "@yagura/testkit/cases.ts";
import {
  accepted,
  cancelled,
  daysOf,
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

const runs = cases(2_000);
const day = (from: string, days: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: days }).map((offset) => addDays(from, offset));
const anchor = fc.integer({ min: 1, max: 31 });
/** All months of a contract, and some before and after. */
const always = { from: "2025-01", to: "2030-12" };

describe("1. a change to the same configuration", () => {
  test("W-SEC-5, SEC-34: never costs more, and less by at most the number of segments minus one yen", () => {
    fc.assert(
      fc.property(
        day("2026-03-01", 30),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 999 }),
        (on, seats, amount) => {
          const items = { "seat-1": seats };
          const priced: Fact[] = [
            { kind: "price-agreed", on: "2025-06-01", item: "seat-1", amount, reference: "TEST" },
          ];
          const plain = endpoint([started("2025-06-10"), ...priced], { items });
          const range = { from: "2026-03", to: "2026-03" };
          const before = chargeLines(tables, plain, range);
          const same = chargeLines(tables, { ...plain, facts: [...plain.facts, quantity(on, "seat-1", seats)] }, range);
          expect(sum(same)).toBe(sum(before));
          // Cut into two by a change that is undone the next day: two or three segments, the days in between at their own rate.
          const split = { ...plain, facts: [...plain.facts, quantity(on, "seat-1", seats + 1)] };
          const parts = chargeLines(tables, split, range);
          const first = parts.filter(({ quantity: count }) => count === seats);
          const added = parts.filter(({ quantity: count }) => count === seats + 1);
          const exact = (lines: typeof parts): number => lines.reduce((total, line) => total + line.amount, 0);
          const days = daysOf(added);
          const more = toYen(rational(amount * days, 31));
          expect(exact(first) + exact(added)).toBeLessThanOrEqual(sum(before) + more + 1);
          expect(exact(first) + exact(added)).toBeGreaterThanOrEqual(sum(before) + more - parts.length + 1);
        },
      ),
      runs,
    );
  });
});

describe("2. charged days", () => {
  test("SEC-30, SEC-54: C − S less the free month", () => {
    fc.assert(
      fc.property(day("2025-04-01", 400), fc.integer({ min: 0, max: 900 }), (S, length) => {
        const C = addDays(S, length);
        const days = daysOf(chargeLines(tables, endpoint([started(S), cancelled(C)]), always));
        const free = addMonths(`${monthOf(S)}-01`, 1);
        // SEC-55: ended in the month of the start, that month is charged whole.
        const expected = monthOf(C) === monthOf(S) ? daysBetween(`${monthOf(S)}-01`, free) : daysBetween(free, C);
        expect(days).toBe(expected);
      }),
      runs,
    );
  });

  test("UTM-33: C − S, one day at least, whatever the anchor", () => {
    fc.assert(
      fc.property(day("2025-04-01", 400), fc.integer({ min: 0, max: 900 }), anchor, (S, length, first) => {
        const C = addDays(S, length);
        const days = daysOf(chargeLines(tables, gateway([started(S), cancelled(C)], { anchor: first }), always));
        expect(days).toBe(Math.max(1, length));
      }),
      runs,
    );
  });

  test("OST-09: C − S + 1, whatever the anchor, also when it moves (COM-05)", () => {
    fc.assert(
      fc.property(
        day("2025-04-01", 400),
        fc.integer({ min: 0, max: 900 }),
        anchor,
        fc.array(fc.record({ after: fc.integer({ min: 0, max: 700 }), day: anchor }), { maxLength: 3 }),
        (S, length, first, moves) => {
          const facts: Fact[] = moves.map(({ after, day: next }) => ({
            kind: "anchor",
            on: addDays(S, after),
            day: next,
          }));
          const lines = chargeLines(
            tables,
            sensor([started(S), cancelled(addDays(S, length)), ...facts], { anchor: first }),
            always,
          );
          expect(daysOf(lines)).toBe(length + 1);
          // No gap, no overlap: each line begins on the day after the last one.
          for (const [at, line] of lines.entries())
            expect(line.period.from).toBe(at === 0 ? S : addDays(lines[at - 1]?.period.to ?? "", 1));
        },
      ),
      runs,
    );
  });
});

/** Any contract of any service. */
const anyContract: fc.Arbitrary<ContractFacts> = fc
  .record({
    make: fc.constantFrom(experience, endpoint, desk, router, sensor, gateway),
    S: day("2025-04-01", 500),
    length: fc.option(fc.integer({ min: 0, max: 700 })),
    first: anchor,
    late: fc.integer({ min: 1, max: 400 }),
    count: fc.integer({ min: 0, max: 5 }),
    move: fc.option(fc.record({ after: fc.integer({ min: 0, max: 300 }), day: anchor })),
  })
  .map(({ make, S, length, first, late, count, move }) => {
    const end = length === null ? null : addDays(S, length);
    const facts: Fact[] = [accepted(S), started(S), inspected(S)];
    if (end !== null) facts.push(cancelled(end));
    if (move !== null) facts.push({ kind: "anchor", on: addDays(S, move.after), day: move.day });
    const item = Object.keys(make([]).items)[0] ?? "";
    const changed = addDays(S, late);
    if (end === null || changed <= end) facts.push(quantity(changed, item, count));
    return make(facts, { anchor: first });
  });

describe("3. preview equals bill, and a second run gives nothing", () => {
  test("COM-19, COM-20", () => {
    fc.assert(
      fc.property(anyContract, (facts) => {
        const bill = chargeLines(tables, facts, always);
        expect(chargeContract(tables, facts, always).lines).toEqual(bill);
        // COM-18: a line's key names it within its contract.
        expect(new Set(bill.map(({ key }) => key)).size).toBe(bill.length);
        expect(simulate(tables, { ...facts, facts: [] }, facts.facts, always).lines).toEqual(bill);
        expect(differences(bill, chargeLines(tables, facts, always))).toEqual([]);
      }),
      cases(1_000),
    );
  });

  test("COM-19: months computed one by one are the months computed together", () => {
    fc.assert(
      fc.property(anyContract, fc.integer({ min: 0, max: 40 }), (facts, offset) => {
        const month = monthOf(addMonths("2025-03-01", offset));
        const one = chargeLines(tables, facts, { from: month, to: month });
        expect(one).toEqual(chargeLines(tables, facts, always).filter(({ billMonth }) => billMonth === month));
      }),
      runs,
    );
  });

  test("what is learnt late is adjusted once, to the yen", () => {
    fc.assert(
      fc.property(anyContract, day("2025-04-01", 900), (facts, end) => {
        const S = facts.facts.find(({ kind }) => kind === "started")?.on ?? "";
        const others = facts.facts.filter(({ kind, on }) => kind !== "cancelled" && on <= end);
        fc.pre(S <= end);
        const billed = chargeLines(tables, { ...facts, facts: others }, always);
        const now = chargeLines(tables, { ...facts, facts: [...others, cancelled(end)] }, always);
        const adjustments = differences(billed, now, "2031-01");
        expect(sum(billed) + sum(adjustments)).toBe(sum(now));
        expect(differences([...billed, ...adjustments], now, "2031-02")).toEqual([]);
      }),
      runs,
    );
  });
});

describe("4. an old month stays as it was", () => {
  test("COM-02: whatever price, tax, holiday, setting or version is added later", () => {
    const until = "2026-10-01";
    fc.assert(
      fc.property(
        anyContract,
        fc.integer({ min: 1, max: 900_000 }),
        fc.integer({ min: 11, max: 30 }),
        (facts, amount, percent) => {
          const ended = <T extends { until: string | null }>(row: T): T =>
            row.until === null ? { ...row, until } : row;
          const later: Tables = {
            terms: [
              ...tables.terms.map(ended),
              ...tables.terms
                .filter((row) => row.until === null)
                .map((row) => ({ ...row, code: `${row.code}-later`, from: until, plans: {} })),
            ],
            prices: [
              ...tables.prices.map(ended),
              ...tables.prices.map((row) => ({ ...row, amount, from: until, until: null, book: "later" })),
            ],
            taxRates: [
              ...tables.taxRates.map(ended),
              { class: "taxable", rate: `${percent}%`, from: until, until: null },
            ],
            statutoryRates: tables.statutoryRates,
            calendars: {
              ...tables.calendars,
              closed: [
                ...tables.calendars.closed,
                { day: "2026-10-02", kind: "designated", name: { ja: "休業", en: "closed" }, service: null },
              ],
            },
            settings: [
              ...tables.settings.map(ended),
              ...tables.settings.map((row) => ({ ...row, from: until, until: null, value: row.value })),
            ],
          };
          const range = { from: "2025-01", to: "2026-08" };
          const known = { ...facts, facts: facts.facts.filter(({ on }) => on < "2026-08-01") };
          const before = chargeLines(tables, known, range);
          const after = chargeLines(later, known, range);
          expect(after).toEqual(before);
          expect(totals(later, after)).toEqual(totals(tables, before));
        },
      ),
      cases(1_000),
    );
  });
});

describe("5. OST-04: an ancillary service costs its fee, whenever it ends", () => {
  test("billed before C and the rest are the fee of the period", () => {
    fc.assert(
      fc.property(
        day("2025-08-01", 400),
        fc.integer({ min: 1, max: 36 }),
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.integer({ min: 0, max: 1_000 }),
        (S, months, fee, after) => {
          const start: Fact = { kind: "ancillary-started", on: S, item: "ancillary", months, fee, payment: "monthly" };
          const end = addDays(S, after);
          const lines = chargeLines(tables, sensor([started(S), start, cancelled(end)]), {
            from: "2025-01",
            to: "2032-12",
          });
          expect(sum(lines.filter(({ item }) => item === "ancillary"))).toBe(fee);
        },
      ),
      runs,
    );
  });
});

describe("6. UTM-35 to UTM-38", () => {
  test("credited days never exceed charged days, and no month is below nothing", () => {
    const outage = fc.record({
      from: fc.integer({ min: 0, max: 200 * 24 }),
      hours: fc.integer({ min: 0, max: 60 * 24 }),
      minutes: fc.integer({ min: 0, max: 59 }),
      cause: fc.constantFrom("customer", "not-customer", "gross-negligence"),
      group: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        day("2025-10-01", 60),
        fc.integer({ min: 0, max: 200 }),
        fc.array(outage, { maxLength: 6 }),
        fc.constantFrom("reduce-days", "floor-credit"),
        (S, length, outages, method) => {
          const facts = outages.map(({ from, hours, minutes, cause, group }): Fact => {
            const knownAt = Date.UTC(2025, 9, 1) + from * 3_600_000;
            const on = addDays("2025-10-01", Math.floor((from + 9) / 24));
            return {
              kind: "outage",
              on,
              knownAt: new Date(knownAt).toISOString(),
              restoredAt: new Date(knownAt + hours * 3_600_000 + minutes * 60_000).toISOString(),
              complete: true,
              cause,
              ...(group === undefined ? {} : { group }),
            };
          });
          const set: Tables = {
            ...tables,
            settings: [
              ...tables.settings.filter(({ key }) => key !== "reading:A-UTM-6"),
              { service: "utm", key: "reading:A-UTM-6", value: method, from: null, until: null },
            ],
          };
          const lines = chargeLines(set, gateway([started(S), cancelled(addDays(S, length)), ...facts]), always);
          const credited = lines
            .filter(({ kind }) => kind === "credit")
            .reduce((total, { why }) => total + Number(why.inputs["creditedDays"]), 0);
          expect(credited).toBeLessThanOrEqual(daysOf(lines));
          for (const month of new Set(lines.map(({ billMonth }) => billMonth)))
            expect(sum(lines.filter(({ billMonth }) => billMonth === month))).toBeGreaterThanOrEqual(0);
        },
      ),
      runs,
    );
  });
});

describe("7. COM-08: tax once per rate", () => {
  test("tax is floor(rate × subtotal), never the sum of the lines' taxes", () => {
    const line = fc.record({
      amount: fc.integer({ min: 0, max: 3_000_000 }),
      supplyOn: fc.constantFrom("2019-09-30", "2019-10-01", "2026-05-31"),
      taxClass: fc.constantFrom("taxable", "out-of-scope", "exempt"),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const found = totals(tables, lines);
        for (const { class: taxClass, rate: text, base, tax } of found.subtotals) {
          const exact = text === null ? 0 : toYen(times(rational(base), rate(text)));
          expect(tax).toBe(taxClass === "taxable" ? exact : 0);
        }
        expect(found.net).toBe(lines.reduce((total, { amount }) => total + amount, 0));
        expect(found.total).toBe(found.net + found.tax);
        expect(found.subtotals.filter(({ rate: text }) => text === "8%").length).toBeLessThanOrEqual(1);
        const byLine = lines
          .filter(({ taxClass }) => taxClass === "taxable")
          .reduce(
            (total, { amount, supplyOn }) =>
              total + toYen(times(rational(amount), rate(supplyOn < "2019-10-01" ? "8%" : "10%"))),
            0,
          );
        expect(found.tax).toBeGreaterThanOrEqual(byLine);
      }),
      cases(3_000),
    );
  });
});

describe("8. COM-12: late interest", () => {
  const column = fc.constantFrom(
    { service: "security", plan: "endpoint", grace: 10 },
    { service: "remote", plan: "router", grace: 0 },
    { service: "utm", plan: "gateway", grace: 15 },
  );
  test("nothing up to the day of grace, then never less for a later payment", () => {
    fc.assert(
      fc.property(
        column,
        day("2025-05-01", 900),
        fc.integer({ min: 1, max: 9_000_000 }),
        fc.integer({ min: 0, max: 500 }),
        (of, dueOn, amount, after) => {
          const claim: ClaimFacts = { claim: "A", service: of.service, plan: of.plan, amount, dueOn };
          const paidOn = (days: number): number =>
            lateInterest(tables, claim, [{ on: addDays(dueOn, days), amount }], "2035-12-31")?.amount ?? 0;
          for (let days = 0; days <= of.grace; days++) expect(paidOn(days)).toBe(0);
          expect(paidOn(after + 1)).toBeGreaterThanOrEqual(paidOn(after));
        },
      ),
      runs,
    );
  });

  test("paying a part early never costs more", () => {
    fc.assert(
      fc.property(
        column,
        day("2025-05-01", 900),
        fc.integer({ min: 2, max: 9_000_000 }),
        fc.integer({ min: 16, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        (of, dueOn, amount, early, later) => {
          const claim: ClaimFacts = { claim: "A", service: of.service, plan: of.plan, amount, dueOn };
          const part = Math.floor(amount / 2);
          const last = addDays(dueOn, early + later);
          const inParts = lateInterest(
            tables,
            claim,
            [
              { on: addDays(dueOn, early), amount: part },
              { on: last, amount: amount - part },
            ],
            last,
          );
          const atOnce = lateInterest(tables, claim, [{ on: last, amount }], last);
          expect(inParts?.amount ?? 0).toBeLessThanOrEqual(atOnce?.amount ?? 0);
        },
      ),
      runs,
    );
  });
});

describe("SEC-66, A-SEC-2: the desk costs twelve months, whenever it ends in its term", () => {
  test("base fees and lump are 960,000, on the first of a month 880,000 (A-SEC-3)", () => {
    const S = "2026-04-10";
    for (let C = S; C <= "2027-03-31"; C = addDays(C, 1)) {
      const lines = chargeLines(tables, desk([started(S), cancelled(C)]), always);
      expect([C, sum(lines)]).toEqual([C, C.endsWith("-01") ? 880_000 : 960_000]);
    }
  });

  test("for any start", () => {
    fc.assert(
      fc.property(day("2025-01-01", 800), fc.integer({ min: 0, max: 364 }), (S, after) => {
        const C = addDays(S, after);
        const term = addDays(addMonths(`${monthOf(S)}-01`, 12), -1);
        fc.pre(C <= term);
        // On the day of a start on the 1st nothing was charged before either: eleven fees lie ahead and one is added.
        const first = C.endsWith("-01") && monthOf(C) !== monthOf(S);
        expect(sum(chargeLines(tables, desk([started(S), cancelled(C)]), always))).toBe(first ? 880_000 : 960_000);
      }),
      runs,
    );
  });
});
