import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { sampleOffer } from "../../../../tests/support/sample-offer.ts";
import { loadTables } from "./load.ts";
import { shipOffers } from "./ship.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

const load = () => house.stores.store.provider(loadTables);
const ship = (offer = sampleOffer) => shipOffers(house.platform, [offer]);

test("what the services bring is written once, and a second start finds nothing to do", async () => {
  expect(await ship()).toBeGreaterThan(300);
  const tables = await load();
  expect(tables.terms.filter(({ service }) => service === "sample")).toMatchObject([
    { code: "SMP-v1", until: "2026-01-01", plans: { basic: { items: { seat: { kind: "base" } } } } },
    { code: "SMP-v2", from: "2026-01-01" },
  ]);
  expect(tables.prices).toEqual([
    {
      service: "sample",
      plan: "basic",
      item: "seat",
      amount: 200,
      display: 220,
      book: "SMP-v1",
      from: "2025-01-01",
      until: null,
    },
  ]);
  expect(tables.settings).toEqual([{ service: "sample", key: "rounding", value: "segment", from: null, until: null }]);
  expect(tables.calendars.activities).toEqual(sampleOffer.activities);
  const began = performance.now();
  expect(await ship()).toBe(0);
  expect(performance.now() - began).toBeLessThan(200);
  expect(await load()).toBe(tables);
});

test("COM-09 UTM-42 the law's rates stand with their dates: 2019-09-30 / 10-01, 2020-03-31 / 04-01", async () => {
  const { taxRates, statutoryRates } = await load();
  expect(taxRates.slice(-2)).toEqual([
    { class: "taxable", rate: "8%", from: "2014-04-01", until: "2019-10-01" },
    { class: "taxable", rate: "10%", from: "2019-10-01", until: null },
  ]);
  expect(statutoryRates[0]).toEqual({ rate: "5%", from: null, until: "2020-04-01" });
  expect(statutoryRates.at(-1)).toEqual({ rate: "3%", from: "2026-04-01", until: "2029-04-01" });
});

test("COM-16 national holidays are seeded by their Japanese names", async () => {
  const { closed } = (await load()).calendars;
  const names = new Map(closed.map(({ day, name }) => [day, name.ja]));
  expect(names.get("2026-11-23")).toBe("勤労感謝の日");
  expect(names.get("2026-09-22")).toBe("休日");
  for (const day of ["2026-01-02", "2026-01-03", "2026-12-31"]) expect(names.has(day), day).toBe(false);
});

test("a newer release never overwrites: what the provider changed, ended or deleted stays so", async () => {
  await house.stores.store.provider(async (tx) => {
    await sql`update commerce.price set in_force = daterange('2025-01-01', '2026-06-01')`.execute(tx);
    await sql`update commerce.setting set value = '"month"'`.execute(tx);
    await sql`delete from commerce.closed_day where day = '2026-11-23'`.execute(tx);
  });
  const newer = {
    ...sampleOffer,
    prices: [
      ...sampleOffer.prices.map((price) => ({ ...price, amount: 250 })),
      { plan: "basic", item: "initial", amount: 3000, display: 3300, from: null, until: null, book: "SMP-v1" },
    ],
  };
  expect(await ship(newer)).toBe(1);
  const tables = await load();
  expect(tables.prices.map(({ item, amount, until }) => ({ item, amount, until }))).toEqual([
    { item: "initial", amount: 3000, until: null },
    { item: "seat", amount: 200, until: "2026-06-01" },
  ]);
  expect(tables.settings).toMatchObject([{ value: "month" }]);
  expect(tables.calendars.closed.some(({ day }) => day === "2026-11-23")).toBe(false);
});

test("two control planes that start at once write each row once", async () => {
  const other = await openHouse();
  try {
    const counts = await Promise.all([1, 2, 3].map(() => shipOffers(other.platform, [sampleOffer])));
    expect(counts.filter((count) => count > 0)).toHaveLength(1);
  } finally {
    await other.stop();
  }
});
