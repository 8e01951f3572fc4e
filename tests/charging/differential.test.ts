/** The engine against the day-by-day reckoning of reference.ts, over thousands of contracts drawn at random (COM-01 to COM-09, COM-12). */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { lateInterest } from "@yagura/commerce/charging/interest.ts";
import type { ChargeLine } from "@yagura/commerce/charging/lines.ts";
import type { Price, Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { cases } from "@yagura/testkit/cases.ts";
import * as contracts from "./contracts.ts";
import * as reference from "./reference.ts";
import { iso, number, type PriceOn, type Reckoned } from "./reference.ts";

/** A second or two for each property; `CHARGING_RUNS=5000` for a long look. */
const runs = cases(Number(process.env["CHARGING_RUNS"] ?? 300));
const plus = (day: string, days: number): string => iso(number(day) + days);

/** Any day of some years; the first, the last and the leap days more often than chance has them. */
const dayIn = (from: string, to: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.integer({ min: number(from), max: number(to) }).map(iso),
    fc.integer({ min: number(from), max: number(to) }).map((count) => `${iso(count).slice(0, 7)}-01`),
    fc.integer({ min: number(from), max: number(to) }).map((count) => {
      const month = iso(count).slice(0, 7);
      return plus(`${plus(`${month}-28`, 4).slice(0, 7)}-01`, -1);
    }),
    fc.constantFrom("2028-02-28", "2028-02-29", "2028-03-01"),
  );
const after = (S: string, days: number): fc.Arbitrary<string> =>
  fc
    .oneof({ weight: 1, arbitrary: fc.constant(S) }, { weight: 12, arbitrary: dayIn(S, plus(S, days)) })
    .map((day) => (day < S ? S : day));
const anchor = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 31 }), fc.integer({ min: 28, max: 31 }));

/** One new price of an item from a day on. */
interface Rise {
  readonly item: string;
  readonly on: string;
  readonly amount: number;
}
function priced(service: string, plan: string, rises: readonly Rise[]): { tables: Tables; list: PriceOn } {
  const mine = (price: Price): boolean => price.service === service && price.plan === plan;
  const changed = new Map(rises.map((rise) => [rise.item, rise]));
  const prices = contracts.tables.prices.flatMap((price): Price[] => {
    const rise = mine(price) ? changed.get(price.item) : undefined;
    return rise === undefined
      ? [price]
      : [
          { ...price, until: rise.on },
          { ...price, from: rise.on, amount: rise.amount, display: null, book: "TEST" },
        ];
  });
  const old = new Map(contracts.tables.prices.filter(mine).map(({ item, amount }) => [item, amount]));
  const list: PriceOn = (item, on) => {
    const rise = changed.get(item);
    return BigInt(rise !== undefined && on >= rise.on ? rise.amount : (old.get(item) ?? 0));
  };
  return { tables: rises.length === 0 ? contracts.tables : { ...contracts.tables, prices }, list };
}

const group = (lines: readonly ChargeLine[], kinds: readonly string[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const line of lines)
    if (kinds.includes(line.kind) && line.amount !== 0)
      sums[line.billMonth] = (sums[line.billMonth] ?? 0) + line.amount;
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
};
const plain = (sums: ReadonlyMap<string, bigint>): Record<string, number> =>
  Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n).map(([month, sum]) => [month, Number(sum)]));

/** Months are compared up to some weeks before the horizon: there a contract that goes on is charged in both. */
function agree(tables: Tables, facts: ContractFacts, reckoned: Reckoned, from: string, to: string): ChargeLine[] {
  const { lines } = chargeContract(tables, facts, { from, to });
  const within = (sums: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(sums).filter(([month]) => month >= from && month <= to));
  expect({
    monthly: group(lines, ["recurring", "credit", "waiver"]),
    once: group(lines, ["one-off"]),
    lump: group(lines, ["early-termination"]),
  }).toEqual({
    monthly: within(plain(reckoned.monthly)),
    once: within(plain(reckoned.once)),
    lump: within(plain(reckoned.lump)),
  });
  expect(lines.every(({ amount }) => Number.isSafeInteger(amount))).toBe(true);
  return lines;
}
const horizon = "2029-12-31";
const whole = { from: "2015-01", to: "2029-10" } as const;
const cancelledBy = fc.constantFrom("customer", "provider", "withdrawal");
const end = (S: string, days: number): fc.Arbitrary<Fact[]> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<Fact[]>([]) },
    {
      weight: 5,
      arbitrary: fc.tuple(after(S, days), cancelledBy).map(([on, by]): Fact[] => [{ kind: "cancelled", on, by }]),
    },
  );
const before = (day: string, facts: readonly Fact[]): boolean => {
  const C = facts.find(({ kind }) => kind === "cancelled")?.on;
  return C === undefined || day < C;
};

describe("the engine and a reckoning of every single day", () => {
  test("EXP-11 to EXP-14: whole fee months, anchors 1 to 31, both versions", () => {
    const life = dayIn("2022-11-01", "2028-06-30").chain((S) =>
      fc.record({
        S: fc.constant(S),
        anchor,
        ended: end(S, 700),
        quantity: fc.integer({ min: 1, max: 3 }),
        rise: fc.option(
          fc.record({ month: fc.integer({ min: 0, max: 20 }), amount: fc.integer({ min: 1, max: 9_999 }) }),
        ),
      }),
    );
    fc.assert(
      fc.property(life, ({ S, anchor: first, ended, quantity, rise }) => {
        const on = rise === null ? null : plus(S, rise.month * 29);
        const { tables, list } = priced(
          "experience",
          "agent",
          on === null || rise === null ? [] : [{ item: "agent", on, amount: rise.amount }],
        );
        const facts = contracts.experience([contracts.started(S), ...ended], {
          anchor: first,
          items: { agent: quantity },
        });
        agree(tables, facts, reference.experience(facts, list, horizon), whole.from, whole.to);
      }),
      runs,
    );
  });

  test.each(["endpoint", "cloud-app"])("SEC-30 to SEC-39, SEC-50 to SEC-56: packs of %s", (plan) => {
    const item = fc.constantFrom("seat-1", "seat-10", "seat-100", "seat-1000");
    const life = dayIn("2016-11-01", "2028-04-30").chain((S) =>
      fc.record({
        S: fc.constant(S),
        acceptedBefore: fc.integer({ min: 0, max: 40 }),
        ended: end(S, 400),
        items: fc.dictionary(item, fc.integer({ min: 0, max: 12 }), { minKeys: 1, noNullPrototype: true }),
        changes: fc.array(fc.record({ on: after(S, 400), item, quantity: fc.integer({ min: 0, max: 12 }) }), {
          maxLength: 5,
        }),
        rise: fc.option(fc.record({ on: after(S, 400), item, amount: fc.integer({ min: 1, max: 99_999 }) })),
        agreed: fc.option(
          fc.record({
            on: after(S, 300),
            days: fc.option(fc.integer({ min: 0, max: 100 })),
            item,
            amount: fc.integer({ min: 0, max: 9_999 }),
            kind: fc.constantFrom("discount", "price-agreed"),
          }),
        ),
      }),
    );
    fc.assert(
      fc.property(life, ({ S, acceptedBefore, ended, items, changes, rise, agreed }) => {
        const { tables, list } = priced("security", plan, rise === null ? [] : [rise]);
        // One change of an item a day, while the contract lives.
        const taken = new Set<string>();
        const kept = changes.filter(({ on, item: of }) => {
          const key = `${on}/${of}`;
          if (taken.has(key) || !before(on, ended)) return false;
          taken.add(key);
          return true;
        });
        const facts = contracts.endpoint(
          [
            contracts.accepted(plus(S, -acceptedBefore)),
            contracts.started(S),
            ...kept.map(({ on, item: of, quantity }) => contracts.quantity(on, of, quantity)),
            ...(agreed === null
              ? []
              : [
                  {
                    kind: agreed.kind,
                    on: agreed.on,
                    item: agreed.item,
                    amount: agreed.amount,
                    reference: "TEST",
                    ...(agreed.days === null ? {} : { until: plus(agreed.on, agreed.days) }),
                  } as Fact,
                ]),
            ...ended,
          ],
          { plan, items },
        );
        if (plus(S, -acceptedBefore) < "2016-10-24") return;
        const lines = agree(tables, facts, reference.seats(facts, list, horizon), whole.from, whole.to);
        // COM-08, COM-09: one document of everything of a month.
        for (const month of new Set(lines.map(({ billMonth }) => billMonth))) {
          const of = lines.filter(({ billMonth, taxClass }) => billMonth === month && taxClass === "taxable");
          const lastDay = plus(`${plus(`${month}-28`, 4).slice(0, 7)}-01`, -1);
          const net = of.reduce((sum, { amount }) => sum + amount, 0);
          const expected = reference.tax(
            [{ on: lastDay, amount: BigInt(net) }],
            [
              ["1900-01-01", 8n],
              ["2019-10-01", 10n],
            ],
          );
          expect(BigInt(totals(tables, of).tax)).toBe(expected);
        }
      }),
      runs,
    );
  });

  test("SEC-61 to SEC-68: the desk, its options again and again, tickets and the lump", () => {
    const item = fc.constantFrom("report", "settings");
    const life = dayIn("2017-06-01", "2028-04-30").chain((S) =>
      fc.record({
        S: fc.constant(S),
        ended: end(S, 500),
        ordered: fc.boolean(),
        options: fc.array(fc.record({ item, on: after(S, 300), length: fc.option(fc.integer({ min: 0, max: 120 })) }), {
          maxLength: 5,
        }),
        tickets: fc.array(
          fc.record({
            item: fc.constantFrom("ticket-setting", "ticket-question", "ticket-refuge"),
            on: after(S, 300),
            quantity: fc.integer({ min: 1, max: 5 }),
          }),
          { maxLength: 3 },
        ),
      }),
    );
    fc.assert(
      fc.property(life, ({ S, ended, ordered, options, tickets }) => {
        const { tables, list } = priced("security", "desk", []);
        const facts: Fact[] = [];
        const free: Record<string, string> = { report: ordered ? "9999-12-31" : "0000-01-01", settings: "0000-01-01" };
        for (const option of options.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
          if (option.on <= (free[option.item] ?? "") || !before(option.on, ended)) continue;
          facts.push({ kind: "option-started", on: option.on, item: option.item });
          const off = option.length === null ? "9999-12-31" : plus(option.on, option.length);
          free[option.item] = off;
          if (option.length !== null && before(off, ended))
            facts.push({ kind: "option-ended", on: off, item: option.item });
        }
        const contract = contracts.desk(
          [
            contracts.started(S),
            ...facts,
            ...tickets.filter(({ on }) => before(on, ended)).map((ticket): Fact => ({ kind: "purchase", ...ticket })),
            ...ended,
          ],
          { items: ordered ? { base: 1, report: 1 } : { base: 1 } },
        );
        const lines = agree(tables, contract, reference.desk(contract, list, horizon), whole.from, whole.to);
        expect(
          lines.filter(({ kind }) => kind === "early-termination").every(({ taxClass }) => taxClass === "out-of-scope"),
        ).toBe(true);
      }),
      runs,
    );
  });

  test("RNS-12, RNS-60, RNS-61: whole months after the acceptance day, the sum at an early end", () => {
    const life = dayIn("2024-01-01", "2028-04-30").chain((A) =>
      fc.record({
        A: fc.constant(A),
        ended: fc.oneof(
          end(A, 600),
          dayIn(plus(A, -30), plus(A, 5)).map((on): Fact[] => [{ kind: "cancelled", on, by: "customer" }]),
        ),
        vpn: fc.integer({ min: 0, max: 3 }),
        installation: fc.integer({ min: 0, max: 2 }),
        base: fc.integer({ min: 1, max: 3 }),
        option: fc.option(fc.record({ on: after(A, 200), length: fc.option(fc.integer({ min: 0, max: 120 })) })),
      }),
    );
    fc.assert(
      fc.property(life, ({ A, ended, vpn, installation, base, option }) => {
        const { tables, list } = priced("remote", "router", []);
        if (!before(plus(A, -60), ended)) return;
        const early = !before(A, ended) && ended[0]?.on !== A;
        const off = option === null || option.length === null ? null : plus(option.on, option.length);
        const added: Fact[] =
          option === null || early || !before(option.on, ended)
            ? []
            : [
                { kind: "option-started", on: option.on, item: "client-support", quantity: 2 },
                ...(off !== null && before(off, ended)
                  ? [{ kind: "option-ended", on: off, item: "client-support" } satisfies Fact]
                  : []),
              ];
        const facts = contracts.router(
          [{ kind: "applied", on: plus(A, -60) }, ...(early ? [] : [contracts.inspected(A)]), ...added, ...ended],
          {
            items: { base, vpn, installation },
          },
        );
        agree(
          tables,
          facts,
          reference.remote(facts, list, horizon, ["base", "vpn", "client-support"], ["installation"]),
          whole.from,
          whole.to,
        );
      }),
      runs,
    );
  });

  test("OST-09 to OST-14: days from S to C, both in, whatever the anchor", () => {
    const life = dayIn("2024-06-01", "2028-04-30").chain((S) =>
      fc.record({
        S: fc.constant(S),
        anchor,
        ended: end(S, 500),
        type: fc.constantFrom("n", "d"),
        rise: fc.option(fc.record({ on: after(S, 300), amount: fc.integer({ min: 1, max: 199_999 }) })),
      }),
    );
    fc.assert(
      fc.property(life, ({ S, anchor: first, ended, type, rise }) => {
        const { tables, list } = priced("ot", "sensor", rise === null ? [] : [{ ...rise, item: "basic" }]);
        const facts = contracts.sensor([contracts.started(S), ...ended], {
          anchor: first,
          items: { basic: 1 },
          attributes: { "sensor-type": type },
        });
        agree(tables, facts, reference.sensor(facts, list, horizon), whole.from, whole.to);
      }),
      runs,
    );
  });

  test("UTM-31 to UTM-38, UTM-45: days from S to the day before C, outages, discounts, waived licences", () => {
    const life = dayIn("2025-04-01", "2028-04-30").chain((S) =>
      fc.record({
        S: fc.constant(S),
        anchor,
        ended: end(S, 500),
        licence: fc.constantFrom("plain", "plain", "plain", "attached"),
        outages: fc.array(
          fc.record({
            on: after(plus(S, -3), 300),
            minute: fc.integer({ min: 0, max: 1439 }),
            minutes: fc.oneof(
              fc.integer({ min: 1, max: 8_000 }),
              fc.constantFrom(1439, 1440, 1441, 2879, 2880, 60_000),
            ),
            complete: fc.constantFrom(true, true, true, false),
            cause: fc.constantFrom("customer", "not-customer", "not-customer", "gross-negligence"),
            utc: fc.boolean(),
          }),
          { maxLength: 4 },
        ),
        quantities: fc.array(fc.record({ on: after(plus(S, 1), 300), quantity: fc.integer({ min: 0, max: 3 }) }), {
          maxLength: 2,
        }),
        discounts: fc.array(
          fc.record({
            on: after(S, 300),
            amount: fc.integer({ min: 0, max: 2_500 }),
            days: fc.integer({ min: 0, max: 60 }),
          }),
          { maxLength: 1 },
        ),
      }),
    );
    fc.assert(
      fc.property(life, ({ S, anchor: first, ended, licence, outages, discounts, quantities }) => {
        const { tables, list } = priced("utm", "gateway", []);
        const facts = contracts.gateway(
          [
            contracts.started(S),
            ...outages.map(({ on, minute, minutes, complete, cause, utc }): Fact => {
              const at = Date.parse(`${on}T00:00:00+09:00`) + minute * 60_000;
              const text = (instant: number): string =>
                utc
                  ? new Date(instant).toISOString()
                  : `${new Date(instant + 32_400_000).toISOString().slice(0, 19)}+09:00`;
              const knownOn = new Date(at + 32_400_000).toISOString().slice(0, 10);
              return {
                kind: "outage",
                on: knownOn,
                knownAt: text(at),
                restoredAt: text(at + minutes * 60_000),
                complete,
                cause,
              };
            }),
            ...discounts.map(({ on, amount, days }): Fact => ({
              kind: "discount",
              on,
              item: "base",
              amount,
              until: plus(on, days),
              reference: "TEST",
            })),
            ...quantities
              .filter(({ on }, at) => before(on, ended) && quantities.findIndex((other) => other.on === on) === at)
              .map(({ on, quantity }) => contracts.quantity(on, "base", quantity)),
            ...ended,
          ],
          { anchor: first, attributes: { model: "ssb5", licence, "line-model": "own", holder: "corporation" } },
        );
        agree(tables, facts, reference.gateway(facts, list, horizon), whole.from, whole.to);
      }),
      runs,
    );
  });

  test("OST-03 to OST-06: ancillary services, paid before or by the month, ended by each cause or by none", () => {
    const life = dayIn("2025-08-01", "2028-04-30").chain((on) =>
      fc.record({
        on: fc.constant(on),
        months: fc.integer({ min: 1, max: 24 }),
        fee: fc.integer({ min: 0, max: 2_000_000 }),
        payment: fc.constantFrom("prepaid", "monthly"),
        C: fc.option(after(on, 800)),
        how: fc.constantFrom("itself", "customer", "provider"),
      }),
    );
    fc.assert(
      fc.property(life, ({ C, how, ...sold }) => {
        const ends: Fact[] =
          C === null
            ? []
            : how === "itself"
              ? [{ kind: "ancillary-ended", on: C, item: "ancillary" }]
              : [contracts.cancelled(C, how)];
        const begun: Fact = { kind: "ancillary-started", item: "ancillary", ...sold };
        const facts = contracts.sensor([contracts.started(sold.on), begun, ...ends]);
        const { lines } = chargeContract(contracts.tables, facts, { ...whole, to: "2032-12" });
        const sum = (kind: string): bigint =>
          lines
            .filter((line) => line.item === "ancillary" && line.kind === kind)
            .reduce((total, { amount }) => total + BigInt(amount), 0n);
        const expected = reference.ancillary(sold, C);
        expect([sum("recurring"), sum("early-termination"), sum("refund")]).toEqual([
          expected.before,
          expected.rest,
          0n,
        ]);
      }),
      runs,
    );
  });
});

describe("late interest and a reckoning of every overdue day", () => {
  const columns = [
    {
      service: "security",
      plan: "endpoint",
      rule: { perMille: () => 145n, grace: 10, paymentDay: false, since: "2019-09-01" },
    },
    {
      service: "remote",
      plan: "router",
      rule: { perMille: () => 146n, grace: 0, paymentDay: true, since: "0000-01-01" },
    },
    {
      service: "utm",
      plan: "gateway",
      rule: {
        perMille: (on: string) => (on < "2020-04-01" ? 50n : 30n),
        grace: 15,
        paymentDay: false,
        since: "0000-01-01",
      },
    },
  ];
  test.each(columns)("SEC-40, RNS-65, UTM-41: part payments on any day ($service)", ({ service, plan, rule }) => {
    const owed = dayIn("2019-07-15", "2028-12-31").chain((dueOn) =>
      fc.record({
        dueOn: fc.constant(dueOn),
        amount: fc.integer({ min: 1, max: 100_000_000 }),
        payments: fc.array(
          fc.record({ on: after(plus(dueOn, -20), 90), amount: fc.integer({ min: 1, max: 60_000_000 }) }),
          { maxLength: 4 },
        ),
        until: after(dueOn, 400),
      }),
    );
    fc.assert(
      fc.property(owed, ({ dueOn, amount, payments, until }) => {
        const claim = { claim: "A", service, plan, amount, dueOn };
        const paid = payments.filter(({ on }) => on <= until);
        const got = lateInterest(contracts.tables, claim, paid, until)?.amount ?? 0;
        expect(BigInt(got)).toBe(reference.lateness(rule, claim, paid, until));
      }),
      runs,
    );
  });
});
