import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { loadTables } from "./load.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

const load = () => house.stores.store.provider(loadTables);
const setRate = (rate: string) =>
  sql`insert into commerce.tax_rate (id, class, rate, in_force)
    values (${newId()}, 'taxable', ${rate}, daterange('2019-10-01', null))`;

test("COM-02 the dated tables are read once, and anew after every change", async () => {
  const first = await load();
  expect(first.terms.map(({ code, from, until }) => ({ code, from, until }))).toEqual([
    { code: "EXP-v1", from: null, until: "2023-08-01" },
    { code: "EXP-v2", from: "2023-08-01", until: null },
  ]);
  expect(await load()).toBe(first);
  await house.stores.store.provider((tx) => setRate("10%").execute(tx));
  const second = await load();
  expect(second).not.toBe(first);
  expect(second.taxRates).toEqual([{ class: "taxable", rate: "10%", from: "2019-10-01", until: null }]);
});

test("what a transaction saw of itself and took back is never seen by another", async () => {
  const before = await load();
  await house.stores.store
    .provider(async (tx) => {
      await sql`delete from commerce.tax_rate`.execute(tx);
      expect((await loadTables(tx)).taxRates).toEqual([]);
      throw new Error("taken back");
    })
    .catch(() => undefined);
  expect(await load()).toBe(before);
  await house.stores.store.provider((tx) => sql`update commerce.tax_rate set rate = '12%'`.execute(tx));
  expect((await load()).taxRates).toMatchObject([{ rate: "12%" }]);
});

test("customers read the tables and cannot write them", async () => {
  const organisation = await house.organisation();
  const read = await house.stores.store.organisation(organisation, loadTables);
  expect(read.terms).toHaveLength(2);
  const write = house.stores.store.organisation(organisation, (tx) => setRate("1%").execute(tx));
  await expect(write).rejects.toMatchObject({ code: "42501" });
});
