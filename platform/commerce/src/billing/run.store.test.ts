/** Bill runs against PostgreSQL: once and only once, whatever happens in between. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import {
  addContracts,
  addFact,
  billing,
  billMonthNow,
  issueRun,
  mixedContract,
  prepareBilling,
  previewRun,
  voidFacts,
  type NewContract,
} from "../../../../tests/support/billing.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { carryOutRun } from "./run.ts";
import { runById } from "./runs.ts";

let house: House;
let place: { store: House["stores"]["store"]; clock: House["clock"] };

beforeAll(async () => {
  house = await openHouse("2026-12-15T03:00:00Z");
  place = { store: house.stores.store, clock: house.clock };
  await prepareBilling(place);
});
afterAll(async () => house.stop());

interface Row {
  readonly number: string;
  readonly kind: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly dueOn: string | null;
  readonly month: string;
  readonly corrects: Uuid | null;
}
const query = async <T>(statement: ReturnType<typeof sql<T>>): Promise<T[]> =>
  place.store.provider(async (tx) => (await statement.execute(tx)).rows);
const documents = (organisation: OrganisationId): Promise<Row[]> =>
  query(sql<Row>`select number, kind, net, tax, total, due_on as "dueOn", to_char(month, 'YYYY-MM') as month, corrects_id as corrects
    from commerce.invoice where organisation_id = ${organisation} order by id`);
const lines = (organisation: OrganisationId) =>
  query(sql<{ kind: string; item: string; amount: string; month: string }>`
    select l.kind, l.item, l.amount, to_char(l.bill_month, 'YYYY-MM') as month from commerce.invoice_line l
    where l.organisation_id = ${organisation} order by l.invoice_id, l.position`);
const claims = (organisation: OrganisationId) =>
  query(sql<{ amount: string; due: string; service: string }>`select amount, due_on as due, service from commerce.claim
    where organisation_id = ${organisation} order by due_on, amount`);

async function fleet(count: number, customers: number): Promise<OrganisationId[]> {
  const organisations: OrganisationId[] = [];
  for (let n = 0; n < customers; n++) organisations.push(await house.organisation());
  const contracts = Array.from({ length: count }, (_, n) =>
    mixedContract(n, organisations[n % customers] as OrganisationId),
  );
  await addContracts(place.store, contracts);
  return organisations;
}

const gateway = (organisation: OrganisationId, on = "2026-04-01"): NewContract => ({
  organisation,
  service: "utm",
  plan: "gateway",
  items: { base: 1 },
  attributes: { model: "ssb5", licence: "plain", "line-model": "own", holder: "corporation" },
  facts: [
    { kind: "accepted", on },
    { kind: "started", on },
  ],
});

describe("a run", () => {
  test("bills every contract once; a second run of the month finds nothing (COM-20)", async () => {
    await fleet(120, 7);
    const first = await billMonthNow(place, { month: "2026-06" });
    expect(first.state).toBe("done");
    expect(first.issued.aside).toBe(0);
    expect(first.issued.documents).toBeGreaterThan(90);
    expect(first.issued).toMatchObject({ documents: first.preview.documents, total: first.preview.total });
    const again = await billMonthNow(place, { month: "2026-06" });
    expect(again.issued).toMatchObject({ documents: 0, lines: 0, total: 0 });
    const numbers = await query(
      sql<{ n: string }>`select number as n from commerce.invoice where kind = 'invoice' order by number`,
    );
    expect(numbers.map(({ n }) => Number(n.split("-")[2]))).toEqual(numbers.map((_, at) => at + 1));
    const [sums] = await query(sql<{ invoices: string; lines: string; claims: string }>`select
      (select sum(total) from commerce.invoice) as invoices, (select sum(amount) from commerce.claim) as claims,
      (select sum(amount) from commerce.invoice_line) + (select sum(tax) from commerce.invoice) as lines`);
    expect(sums).toEqual({ invoices: sums?.claims, lines: sums?.claims, claims: String(first.issued.total) });
  });
});
