/** Bill runs against PostgreSQL: once and only once, whoever works on them. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import {
  addContracts,
  addFact,
  billing,
  billMonthNow,
  endpoint,
  gateway,
  issueRun,
  mixedContract,
  openBilling,
  previewRun,
  type BillingHouse,
} from "../../../../tests/support/billing.ts";
import { nextBill } from "./next-bill.ts";
import { carryOutRun } from "./run.ts";
import { beginRun, runById, setState } from "./runs.ts";

let house: BillingHouse;
beforeAll(async () => {
  house = await openBilling();
});
afterAll(async () => house.stop());

async function fleet(count: number, customers: number): Promise<OrganisationId[]> {
  const organisations: OrganisationId[] = [];
  for (let n = 0; n < customers; n++) organisations.push(await house.organisation());
  const contracts = Array.from({ length: count }, (_, n) =>
    mixedContract(n, organisations[n % customers] as OrganisationId),
  );
  await addContracts(house.place.store, contracts);
  return organisations;
}

/** What documents, lines, taxes and claims come to, and that numbers have no gap. */
async function sums() {
  const numbers = await house.query(
    sql<{ n: string }>`select number as n from commerce.invoice where number like 'INV-%' order by number`,
  );
  expect(numbers.map(({ n }) => Number(n.split("-")[2]))).toEqual(numbers.map((_, at) => at + 1));
  const [row] = await house.query(sql<{ documents: string; claims: string; lines: string }>`select
    (select coalesce(sum(total), 0) from commerce.invoice where total > 0) as documents,
    (select coalesce(sum(amount), 0) from commerce.claim) as claims,
    (select coalesce(sum(amount), 0) from commerce.invoice_line) + (select coalesce(sum(tax), 0) from commerce.invoice) as lines`);
  expect(row?.claims).toBe(row?.documents);
  return { count: numbers.length, total: Number(row?.documents) };
}
const marksTwice = () =>
  house.query(sql<{
    n: string;
  }>`select count(*) as n from commerce.invoice_line l join commerce.invoice i on i.id = l.invoice_id
    where i.kind = 'invoice' and l.kind = 'recurring' group by l.contract_id, l.key having count(*) > 1`);

describe("a bill run", () => {
  test("COM-20 bills every contract once; a second run of the month finds nothing", async () => {
    await fleet(120, 7);
    const before = await sums();
    const first = await billMonthNow(house.place, { month: "2026-06" });
    expect(first.state).toBe("done");
    expect(first.issued.aside).toBe(0);
    expect(first.issued).toMatchObject({ documents: first.preview.documents, total: first.preview.total });
    const after = await sums();
    expect(after.count - before.count).toBe(first.issued.documents);
    const again = await billMonthNow(house.place, { month: "2026-06" });
    expect(again.issued).toMatchObject({ documents: 0, lines: 0, total: 0 });
    expect(await sums()).toEqual(after);
  });

  test("COM-20 two runs of one month at once: every contract once, numbers without a gap", async () => {
    const organisations = await fleet(150, 5);
    const [one, two] = [
      await previewRun(house.place, { month: "2026-06" }),
      await previewRun(house.place, { month: "2026-06" }),
    ];
    expect(two.preview.total).toBe(one.preview.total);
    const done = await Promise.all([issueRun(house.place, one.id), issueRun(house.place, two.id)]);
    expect(done.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(done[0].issued.total + done[1].issued.total).toBe(one.preview.total);
    await sums();
    expect(await marksTwice()).toEqual([]);
    const billed = await house.query(sql<{ n: string }>`select count(distinct contract_id) as n from commerce.billed
      where organisation_id = any(${organisations}::uuid[]) and month = '2026-06-01'`);
    expect(billed[0]?.n).toBe("150");
  });

  test("COM-20 two processes on one run share its chunks", async () => {
    await fleet(60, 3);
    const { id, preview } = await previewRun(house.place, { month: "2026-07" });
    await house.place.store.provider((tx) => setState(tx, id, "issuing", { now: new Date() }));
    const done = await Promise.all([1, 2, 3].map(() => carryOutRun(house.place, billing, id)));
    expect(done.map((run) => run?.state)).toEqual(["done", "done", "done"]);
    expect(done[0]?.issued.total).toBe(preview.total);
    await sums();
    expect(await marksTwice()).toEqual([]);
  });

  test("COM-20 a contract that cannot be charged is set aside with the reason, the others go on; put right it is billed alone", async () => {
    const organisation = await house.organisation();
    await house.contractOf(gateway(organisation, "2026-05-01"));
    const broken = await house.contractOf({ ...gateway(organisation, "2026-05-01"), items: { base: 1, unheard: 1 } });
    const first = await house.bill(organisation, "2026-05");
    expect(first.issued).toMatchObject({ documents: 1, aside: 1, net: 2_500 });
    const asides = await house.query(
      sql<{ contract: Uuid; ja: string; en: string; open: boolean }>`select contract_id as contract, ja, en,
        resolved_at is null as open from commerce.bill_aside where run_id = ${first.id}`,
    );
    expect(asides).toEqual([
      { contract: broken, ja: expect.stringMatching(/./), en: expect.stringMatching(/./), open: true },
    ]);
    await house.query(sql`update commerce.contract set items = '{"base": 1}' where id = ${broken}`);
    const second = await house.bill(organisation, "2026-05");
    expect(second.issued).toMatchObject({ documents: 1, aside: 0, net: 2_500 });
    expect(await house.documents(organisation)).toHaveLength(2);
    const resolved = await house.query(sql`select 1 from commerce.bill_aside
      where contract_id = ${broken} and resolved_at is null`);
    expect(resolved).toEqual([]);
  });

  test("a service without a due date is set aside, not guessed", async () => {
    const organisation = await house.organisation();
    await house.contractOf(gateway(organisation, "2026-05-01"));
    await house.query(sql`update commerce.setting set value = 'null' where key = 'due' and service = '*'`);
    const run = await previewRun(house.place, { month: "2026-05", organisationId: organisation });
    expect(run.preview).toMatchObject({ documents: 0, aside: 1 });
    await house.query(
      sql`update commerce.setting set value = '{"monthsAfter": 1, "day": "last"}' where key = 'due' and service = '*'`,
    );
    const done = await issueRun(house.place, run.id);
    // The tables changed under the preview: it was computed again, and waits to be looked at.
    expect(done.state).toBe("ready");
    expect(done.preview).toMatchObject({ documents: 1, aside: 0 });
    expect((await issueRun(house.place, run.id)).state).toBe("done");
  });

  test("UTM-50 months that nobody billed come with the next run, together", async () => {
    const organisation = await house.organisation();
    await house.contractOf(gateway(organisation, "2026-04-16"));
    await house.bill(organisation, "2026-06");
    expect((await house.lines(organisation)).map(({ month, amount }) => [month, amount])).toEqual([
      ["2026-04", 1_250],
      ["2026-05", 2_500],
      ["2026-06", 2_500],
    ]);
  });

  test("facts learnt after the preview wait for the next bill; those of the preview are billed as shown", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(endpoint(organisation, "2026-04-10", { "seat-1": 7 }));
    const shown = await previewRun(house.place, { month: "2026-05", organisationId: organisation });
    await addFact(house.place.store, organisation, contract, {
      kind: "quantity",
      on: "2026-05-12",
      item: "seat-1",
      quantity: 8,
    });
    const done = await issueRun(house.place, shown.id);
    expect(done.issued.total).toBe(shown.preview.total);
    const next = await house.bill(organisation, "2026-06");
    expect((await house.lines(organisation)).filter(({ kind }) => kind === "adjustment").length).toBeGreaterThan(0);
    expect(next.issued.net).toBe(1_600 + (Math.floor((1_400 * 11) / 31) + Math.floor((1_600 * 20) / 31) - 1_400));
  });

  test("COM-19 the next bill that a customer sees is the bill", async () => {
    const [organisation] = await fleet(30, 1);
    house.clock.set("2026-07-01T03:00:00Z");
    const shown = await house.place.store.organisation(organisation as OrganisationId, (tx) =>
      nextBill(tx, billing, {
        organisation: organisation as OrganisationId,
        now: new Date(house.clock.now()),
        language: "en",
      }),
    );
    house.clock.set("2026-12-15T03:00:00Z");
    expect(shown.month).toBe("2026-06");
    await house.bill(organisation as OrganisationId, "2026-06");
    const issued = await house.documents(organisation as OrganisationId);
    const comparable = (one: { net: number; tax: number; total: number; dueOn: string | null; content: object }) =>
      JSON.stringify([one.net, one.tax, one.total, one.dueOn, one.content]);
    expect(issued.map(comparable).toSorted()).toEqual(shown.documents.map(comparable).toSorted());
    const lines = await house.lines(organisation as OrganisationId);
    const amounts = shown.documents.flatMap((one) => one.lines.map(({ item, amount }) => `${item} ${amount}`));
    expect(lines.map(({ item, amount }) => `${item} ${amount}`).toSorted()).toEqual(amounts.toSorted());
  });

  test("COM-19 the next bill of a contract that began this month is this month's, though the last is not billed yet", async () => {
    const organisation = await house.organisation();
    // Applied for in November, from December on.
    await house.contractOf(gateway(organisation, "2026-12-03"));
    const shown = await house.place.store.organisation(organisation, (tx) =>
      nextBill(tx, billing, { organisation, now: new Date("2026-12-15T03:00:00Z"), language: "en" }),
    );
    expect(shown.month).toBe("2026-12");
    expect(shown.documents.flatMap(({ lines }) => lines)).toHaveLength(1);
  });

  test("a run says how far it has come, and a month that is not over is refused", async () => {
    const now = new Date(house.clock.now());
    const begin = (input: Parameters<typeof beginRun>[1]) =>
      house.place.store.provider((tx) => beginRun(tx, input, { by: "test", now }));
    await expect(begin({ month: "2026-12" })).rejects.toMatchObject({ code: "BILL_MONTH_AHEAD" });
    await expect(begin({ month: "2026-12", kind: "ad-hoc" })).rejects.toMatchObject({ code: "BILL_RUN_SCOPE" });
    await expect(begin({ month: "2026-11", kind: "re-rating" })).rejects.toMatchObject({ code: "BILL_RUN_SINCE" });
    await expect(begin({ month: "2027-01", kind: "re-rating", since: "2026-04" })).rejects.toMatchObject({
      code: "BILL_MONTH_AHEAD",
    });
    const run = await begin({ month: "2026-11" });
    expect(run).toMatchObject({ state: "computing", preview: { contracts: 0 } });
    await carryOutRun(house.place, billing, run.id);
    const ready = await house.place.store.provider((tx) => runById(tx, run.id));
    expect(ready).toMatchObject({ state: "ready" });
    expect(ready?.preview.contracts).toBe(ready?.preview.of);
  });
});
