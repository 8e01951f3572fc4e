/** COM-19: what was issued, read back from PostgreSQL, is what the preview's own function says of the same facts. */
import * as fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import {
  addContracts,
  endpoint,
  gateway,
  openBilling,
  type BillingHouse,
  type NewContract,
} from "../../../../tests/support/billing.ts";
import { chargeLines } from "../charging/charge.ts";
import type { Fact } from "../charging/facts.ts";
import { totals } from "../charging/totals.ts";
import { loadTables } from "../terms/load.ts";

let house: BillingHouse;
beforeAll(async () => {
  house = await openBilling();
});
afterAll(async () => house.stop());

const months = ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"];
const offset = (days: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: days });
const life = fc
  .record({ start: offset(70), length: fc.option(offset(90)), changes: fc.array(offset(80), { maxLength: 3 }) })
  .map(({ start, length, changes }) => {
    const S = addDays("2026-04-01", start);
    const C = length === null ? null : addDays(S, length);
    return {
      S,
      ended: C === null ? [] : [{ kind: "cancelled", on: C, by: "customer" } satisfies Fact],
      // One change a day, each while the contract lives.
      days: [...new Set(changes)].map((days) => addDays(S, days)).filter((day) => C === null || day < C),
    };
  });

/** A contract of each kind with a life of its own. */
function contractsOf(organisation: OrganisationId): fc.Arbitrary<NewContract> {
  const common = fc.record({ life, kind: fc.nat(5), count: fc.integer({ min: 1, max: 9 }) });
  return common.map(({ life: { S, ended, days }, kind, count }): NewContract => {
    const began: Fact[] = [
      { kind: "accepted", on: S },
      { kind: "started", on: S },
    ];
    const facts = (more: readonly Fact[]): Fact[] => [...began, ...more, ...ended];
    const steps = (item: string): Fact[] =>
      days.map((on, at): Fact => ({ kind: "quantity", on, item, quantity: (count + at * 2) % 7 }));
    switch (kind) {
      case 0:
        return endpoint(organisation, S, { "seat-1": count, "seat-10": 2 }, [...steps("seat-1"), ...ended]);
      case 1: {
        const [on] = days;
        const option: Fact[] = on === undefined ? [] : [{ kind: "option-started", on, item: "report" }];
        return { organisation, service: "security", plan: "desk", items: { base: 1 }, facts: facts(option) };
      }
      case 2:
        return { organisation, service: "experience", plan: "agent", items: { agent: count }, facts: facts([]) };
      case 3:
        return {
          organisation,
          service: "ot",
          plan: "sensor",
          items: { basic: 1 },
          attributes: { "sensor-type": "d" },
          facts: facts([]),
        };
      case 4:
        return {
          organisation,
          service: "remote",
          plan: "utm-gateway",
          items: { base: 1, hardware: count },
          facts: facts([{ kind: "inspected", on: S }]),
        };
      default:
        return gateway(organisation, S, {}, [
          ...days.map((on): Fact => ({
            kind: "outage",
            on,
            knownAt: `${on}T15:00:00+09:00`,
            restoredAt: `${addDays(on, count)}T16:00:00+09:00`,
            complete: true,
            cause: "not-customer",
          })),
          ...ended,
        ]);
    }
  });
}

interface Billed {
  readonly contract: Uuid;
  readonly key: string;
  readonly month: string;
  readonly kind: string;
  readonly amount: number;
}
const inOrder = (a: Billed, b: Billed): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe("COM-19 the preview is the bill", () => {
  test("150 lives of all kinds, billed month by month: every line, every net, tax and total", async () => {
    const organisation = await house.organisation();
    const contracts = fc.sample(contractsOf(organisation), { numRuns: 150, seed: 20_260_401 });
    const ids = await addContracts(house.place.store, contracts);
    for (const month of months) {
      const run = await house.bill(organisation, month);
      expect(run.issued.aside).toBe(0);
    }
    const tables = await house.place.store.provider((tx) => loadTables(tx));
    const range = { from: "2026-04", to: "2026-09" };
    const charged = contracts.map(({ service, plan, items, attributes, facts }, at) => ({
      id: ids[at] as Uuid,
      lines: chargeLines(
        tables,
        { contract: String(at), service, plan, items: { ...items }, attributes: { ...attributes }, facts: [...facts] },
        range,
      ),
    }));
    const previewed = charged.flatMap(({ id, lines }) =>
      lines.map(({ key, billMonth, kind, amount }): Billed => ({ contract: id, key, month: billMonth, kind, amount })),
    );
    const billed =
      await house.query(sql<Billed>`select contract_id as contract, key, to_char(bill_month, 'YYYY-MM') as month,
      kind, amount::int as amount from commerce.invoice_line where organisation_id = ${organisation}`);
    expect(previewed.length).toBeGreaterThan(500);
    expect(billed.toSorted(inOrder)).toEqual(previewed.toSorted(inOrder));

    const documents = await house.query(sql<{ contract: Uuid; month: string; net: number; tax: number; total: number }>`
      select distinct l.contract_id as contract, to_char(i.month, 'YYYY-MM') as month, i.net::int as net, i.tax::int as tax,
        i.total::int as total
      from commerce.invoice i join commerce.invoice_line l on l.invoice_id = i.id where i.organisation_id = ${organisation}`);
    const byMonth = new Map(documents.map(({ contract, month, ...sums }) => [`${contract} ${month}`, sums]));
    for (const { id, lines } of charged)
      for (const month of new Set(lines.map(({ billMonth }) => billMonth))) {
        const { net, tax, total } = totals(
          tables,
          lines.filter(({ billMonth }) => billMonth === month),
        );
        const service = lines[0]?.service;
        // RNS: a document for each due date (COM-28); the others one for each contract and month.
        if (service !== "remote")
          expect([id, month, byMonth.get(`${id} ${month}`)]).toEqual([id, month, { net, tax, total }]);
      }
  });
});
