/** Facts learnt late, months billed in parts, tables changed afterwards: what the next bill makes of them. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import {
  addFact,
  endpoint,
  gateway,
  openBilling,
  voidFacts,
  type BillingHouse,
} from "../../../../tests/support/billing.ts";
import { correctDocument } from "./corrections.ts";

let house: BillingHouse;
beforeAll(async () => {
  house = await openBilling();
});
afterAll(async () => house.stop());

const short = (rows: readonly { month: string; kind: string; amount: number }[]) =>
  rows.map(({ month, kind, amount }) => `${month} ${kind} ${amount}`);

describe("late facts", () => {
  test("COM-18 a cancellation learnt two months later comes off the next bill line by line; issued documents stay", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    await house.bill(organisation, "2026-05");
    const before = await house.documents(organisation);
    await addFact(house.place.store, organisation, contract, { kind: "cancelled", on: "2026-05-16", by: "customer" });
    await house.bill(organisation, "2026-06");
    const after = await house.documents(organisation);
    expect(after.slice(0, 2)).toEqual(before);
    // W-UTM-2: 15 of 31 days of May are left of the 2,500 that were billed.
    expect(after[2]).toMatchObject({ kind: "credit-note", net: 1_209 - 2_500, tax: -129, month: "2026-06" });
    expect(short(await house.lines(organisation))).toEqual([
      "2026-04 recurring 2500",
      "2026-05 recurring 2500",
      "2026-05 adjustment -1291",
    ]);
    expect(await house.claims(organisation)).toHaveLength(2);
    const [credited] = await house.query(sql<{ n: number }>`select sum(credited)::int as n from commerce.claim
      where organisation_id = ${organisation}`);
    expect(credited?.n).toBe(1_420);
    const next = await house.bill(organisation, "2026-07");
    expect(next.issued.documents).toBe(0);
  });

  test("a fact that turns out wrong is taken back the same way, and back again", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    const outage = {
      kind: "outage",
      on: "2026-04-10",
      knownAt: "2026-04-10T09:00:00+09:00",
      restoredAt: "2026-04-12T08:59:00+09:00",
      complete: true,
      cause: "not-customer",
    } as const;
    await addFact(house.place.store, organisation, contract, outage);
    await house.bill(organisation, "2026-05");
    await voidFacts(house.place.store, contract, "outage");
    await house.bill(organisation, "2026-06");
    await addFact(house.place.store, organisation, contract, outage);
    await house.bill(organisation, "2026-07");
    const april = (await house.lines(organisation)).filter(({ month }) => month === "2026-04");
    // W-UTM-4: one day of April.
    expect(april.map(({ amount }) => amount)).toEqual([2_500, -84, 84, -84]);
  });

  test("UTM-39 too little billed is left at that below the provider's threshold; too much comes back always", async () => {
    const set = (yen: number) =>
      house.query(sql`update commerce.setting set value = to_jsonb(${yen}::int)
        where service = 'utm' and key = 'underbilling-threshold'`);
    await house.query(sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
      values (${newId()}, 'utm', 'underbilling-threshold', '84', daterange(null, null), 'test', now())`);
    const organisation = await house.organisation();
    const outage = {
      kind: "outage",
      on: "2026-04-10",
      knownAt: "2026-04-10T09:00:00+09:00",
      restoredAt: "2026-04-11T09:00:00+09:00",
      complete: true,
      cause: "not-customer",
    } as const;
    const contract = await house.contractOf(gateway(organisation, "2026-04-01", {}, [outage]));
    await house.bill(organisation, "2026-04");
    await voidFacts(house.place.store, contract, "outage");
    await house.bill(organisation, "2026-05");
    const adjustments = async () => (await house.lines(organisation)).filter(({ kind }) => kind === "adjustment");
    expect(await adjustments()).toEqual([]);
    await set(83);
    await addFact(house.place.store, organisation, contract, { ...outage, restoredAt: "2026-04-12T09:00:00+09:00" });
    await house.bill(organisation, "2026-06");
    // Two days instead of the one that stood on the bill.
    expect((await adjustments()).map(({ amount }) => amount)).toEqual([-83]);
    await voidFacts(house.place.store, contract, "outage");
    await house.bill(organisation, "2026-07");
    expect((await adjustments()).map(({ amount }) => amount)).toEqual([-83, 167]);
    await house.query(sql`delete from commerce.setting where service = 'utm' and key = 'underbilling-threshold'`);
  });

  test("C moved into a month that is billed: the lump of the minimum term and the fees that were paid stay 960,000 (SEC-66)", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf({
      organisation,
      service: "security",
      plan: "desk",
      items: { base: 1 },
      facts: [
        { kind: "accepted", on: "2026-04-10" },
        { kind: "started", on: "2026-04-10" },
      ],
    });
    for (const month of ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]) {
      await house.bill(organisation, month);
    }
    await addFact(house.place.store, organisation, contract, { kind: "cancelled", on: "2026-09-20", by: "customer" });
    await house.bill(organisation, "2026-11");
    const sum = (await house.lines(organisation)).reduce((total, { amount }) => total + amount, 0);
    expect(sum).toBe(960_000);
  });

  test("COM-09 an adjustment bears the tax rate of the day of supply that it corrects", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    const rate = newId();
    await house.query(
      sql`update commerce.tax_rate set in_force = daterange(lower(in_force), '2026-06-01') where upper(in_force) is null and class = 'taxable'`,
    );
    await house.query(
      sql`insert into commerce.tax_rate (id, class, rate, in_force) values (${rate}, 'taxable', '12%', '[2026-06-01,)')`,
    );
    await addFact(house.place.store, organisation, contract, {
      kind: "discount",
      on: "2026-04-01",
      until: "2026-04-30",
      item: "base",
      amount: 500,
      reference: "TEST",
    });
    const run = await house.bill(organisation, "2026-06");
    const document = (await house.documents(organisation)).at(-1);
    expect(document?.content.subtotals.map(({ rate: text, base, tax }) => [text, base, tax])).toEqual([
      ["12%", 2_500, 300],
      ["10%", 500, 50],
    ]);
    expect(run.issued.total).toBe(3_350);
    await house.query(sql`delete from commerce.tax_rate where id = ${rate}`);
    await house.query(
      sql`update commerce.tax_rate set in_force = daterange(lower(in_force), null) where upper(in_force) = '2026-06-01'`,
    );
  });
});

describe("tables that change afterwards", () => {
  const raise = (item: string, from: string, amount: number) =>
    house.query(sql`with old as (
        update commerce.price set in_force = daterange(lower(in_force), ${from}::date)
        where service = 'security' and plan = 'endpoint' and item = ${item} and in_force @> ${from}::date returning book_id)
      insert into commerce.price (id, book_id, service, plan, item, amount, in_force)
      select ${newId()}, book_id, 'security', 'endpoint', ${item}, ${amount}, daterange(${from}::date, null) from old`);

  test("COM-02 a later price, tax, calendar or terms version leaves an old month as it was", async () => {
    const organisation = await house.organisation();
    await house.contractOf(endpoint(organisation, "2026-04-10", { "seat-1": 7 }));
    await house.bill(organisation, "2026-05");
    await raise("seat-1", "2026-08-01", 210);
    await house.query(sql`insert into commerce.closed_day (id, day, kind, service, name)
      values (${newId()}, '2026-05-12', 'designated', null, '{"ja": "休業日", "en": "closed"}')`);
    const again = await house.bill(organisation, "2026-07", { kind: "re-rating", since: "2026-04" });
    expect(again.issued).toMatchObject({ documents: 0, lines: 0 });
    const corrected = await house.place.store.provider(async (tx) => {
      const [document] = await house.documents(organisation);
      return correctDocument(
        { tx, now: new Date(house.clock.now()), actor: { kind: "system", name: "test" } },
        document?.id ?? "",
        { reason: "TEST", recompute: true },
      );
    });
    const documents = await house.documents(organisation);
    expect(documents.find(({ id }) => id === corrected)?.total).toBe(documents[0]?.total);
  });

  test("COM-02 a price changed backwards changes no old bill by itself; a re-rating that somebody asks for does, once", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(endpoint(organisation, "2026-04-10", { "seat-10": 10 }));
    await house.bill(organisation, "2026-05");
    await raise("seat-10", "2026-05-01", 1_830);
    // A late fact of that month moves only what it touches.
    await addFact(house.place.store, organisation, contract, {
      kind: "claim",
      on: "2026-05-20",
      description: "repair",
      amount: 5_000,
      approver: "TEST",
    });
    await house.bill(organisation, "2026-06");
    const lines = await house.lines(organisation);
    expect(short(lines.filter(({ month }) => month === "2026-05"))).toEqual([
      "2026-05 recurring 18000",
      "2026-05 adjustment 5000",
    ]);
    const rated = await house.bill(organisation, "2026-07", { kind: "re-rating", since: "2026-05" });
    expect(rated.issued.net).toBe(300);
    const twice = await house.bill(organisation, "2026-07", { kind: "re-rating", since: "2026-05" });
    expect(twice.issued.documents).toBe(0);
    const later = await house.bill(organisation, "2026-08", { kind: "re-rating", since: "2026-05" });
    expect(later.issued.documents).toBe(0);
  });
});

describe("a month in parts", () => {
  test("UTM-44 an ad-hoc bill in the middle of a month; the regular one bills what is left of it, not twice", async () => {
    house.clock.set("2026-05-20T03:00:00Z");
    const organisation = await house.organisation();
    const contract = await house.contractOf(gateway(organisation, "2026-05-01"));
    const adHoc = await house.bill(organisation, "2026-05", { kind: "ad-hoc" });
    expect(adHoc.issued.net).toBe(2_500);
    await addFact(house.place.store, organisation, contract, { kind: "cancelled", on: "2026-05-21", by: "customer" });
    house.clock.set("2026-12-15T03:00:00Z");
    const regular = await house.bill(organisation, "2026-05");
    expect(regular.issued.net).toBe(Math.floor((2_500 * 20) / 31) - 2_500);
    const next = await house.bill(organisation, "2026-06");
    expect(next.issued.documents).toBe(0);
  });

  test("an ad-hoc month whose regular run was missed is completed by the next run", async () => {
    house.clock.set("2026-05-20T03:00:00Z");
    const organisation = await house.organisation();
    const contract = await house.contractOf(endpoint(organisation, "2026-04-10", { "seat-1": 10 }));
    await house.bill(organisation, "2026-05", { kind: "ad-hoc" });
    house.clock.set("2026-12-15T03:00:00Z");
    await addFact(house.place.store, organisation, contract, {
      kind: "quantity",
      on: "2026-05-22",
      item: "seat-1",
      quantity: 20,
    });
    await house.bill(organisation, "2026-06");
    const may = (await house.lines(organisation)).filter(
      ({ month, kind }) => month === "2026-05" && kind !== "one-off",
    );
    const right = Math.floor((2_000 * 21) / 31) + Math.floor((4_000 * 10) / 31);
    expect(may.reduce((sum, { amount }) => sum + amount, 0)).toBe(right);
  });
});
