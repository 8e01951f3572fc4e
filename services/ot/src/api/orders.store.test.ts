/** Orders of functions from the upload to the page (OT-20): stored, read back for a what-if, shown, kept apart, deleted. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { observe } from "../analysis/observe.ts";
import { erase, retain } from "../organisation-data.ts";
import { placeOf } from "../store/place.ts";
import { placesOf, uploadsOf } from "../store/replay.ts";
import type { AssetItem } from "../wire/api-assets.ts";
import type { Orders } from "../wire/api-orders.ts";

const SECONDS = 10_000;
let plant: Plant;
let customer: Customer;
let other: Customer;
let from: number;
const { texts, given } = modbusTalk();
const step = (fromCode: number, toCode: number, count: number) => ({
  client: 0,
  server: 1,
  protocol: 1,
  fromCode,
  toCode,
  count,
  first: 100,
  last: 9_900,
});

beforeAll(async () => {
  plant = await openPlant("2026-11-20T03:00:00.000Z");
  [customer, other] = [await plant.customer(), await plant.customer()];
  from = plant.clock.now();
  const upload = uploader(customer);
  const orders = [
    [step(3, 16, 8), step(16, 3, 8)],
    [step(3, 16, 1), step(3, 6, 1)],
  ];
  await plant.upload(
    orders.map((transitions, i) =>
      upload({ from: from + i * SECONDS, to: from + (i + 1) * SECONDS }, texts, { ...given, transitions }),
    ),
  );
  await plant.upload([
    uploader(other)({ from, to: from + SECONDS }, texts, { ...given, transitions: [step(1, 2, 5)] }),
  ]);
  plant.clock.advance(60_000);
});
afterAll(() => plant.stop());

const base = ({ organisation }: Customer): string => `/api/v1/organisations/${organisation}/ot`;
async function deviceOf(whose: Customer, name: string): Promise<string> {
  const { body } = await plant.admin.get<{ items: AssetItem[] }>(`${base(whose)}/assets`);
  const found = body.items.find((asset) => asset.name === name);
  if (found === undefined) throw new Error(`no device ${name}`);
  return found.id;
}

test("OT-20 the page of a device tells what was asked for after what, with its share", async () => {
  const id = await deviceOf(customer, "PLC-7");
  const { status, body } = await plant.admin.get<Orders>(`${base(customer)}/assets/${id}/orders`);
  expect(status).toBe(200);
  expect(body.total).toBe(3);
  expect(body.items.map(({ before, after, count, share }) => [before.code, after.code, count, share])).toEqual([
    [3, 16, 9, 0.9],
    [16, 3, 8, 1],
    [3, 6, 1, 0.1],
  ]);
  expect(body.items[0]).toMatchObject({
    client: { name: "192.168.10.5" },
    server: { name: "PLC-7" },
    protocol: "modbus",
    before: { name: "Read Holding Registers", class: "read" },
    after: { class: "write" },
    firstAt: new Date(from + 100).toISOString(),
    lastAt: new Date(from + SECONDS + 9_900).toISOString(),
  });
  const few = await plant.admin.get<Orders>(`${base(customer)}/assets/${id}/orders?limit=1`);
  expect([few.body.items.length, few.body.total]).toEqual([1, 3]);
  for (const query of ["limit=0", "limit=5000", "from=yesterday"])
    expect((await plant.admin.get(`${base(customer)}/assets/${id}/orders?${query}`)).status, query).toBe(422);
});

test("OT-20 another organisation sees its own orders only", async () => {
  const [id, theirs] = [await deviceOf(customer, "PLC-7"), await deviceOf(other, "PLC-7")];
  const { body } = await plant.admin.get<Orders>(`${base(other)}/assets/${theirs}/orders`);
  expect(body.items.map(({ before, after }) => [before.code, after.code])).toEqual([[1, 2]]);
  expect((await plant.admin.get(`${base(other)}/assets/${id}/orders`)).status).toBe(404);
});

test("OT-20 OT-N3 a what-if reads them back as they were uploaded", async () => {
  const { organisation, site } = customer;
  const [place, places] = await plant.stores.store.organisation(organisation, async (tx) => [
    await placeOf(tx, plant.stores.telemetry, organisation, site),
    await placesOf(tx, site),
  ]);
  const told: unknown[] = [];
  for await (const { body } of uploadsOf(place, places, { from: from - 60_000, to: from + 60_000 }, 60_000))
    for (const row of observe(body, { sensor: "s", clockOffset: 0 }).transitions)
      told.push([row.from.name, row.to.code, row.count, row.first - from, row.last - from]);
  expect(told).toHaveLength(3);
  expect(told).toContainEqual(["Read Holding Registers", 16, 9, 100, 19_900]);
});

test("OT-20 they go with the organisation's retention and with the organisation", async () => {
  const count = async (whose: Customer): Promise<number> => {
    const [row] = await plant.stores.telemetry.query<{ count: number }>(
      whose.organisation,
      "select count() as count from ot_transition where organisation = {organisation:UUID}",
    );
    return row?.count ?? 0;
  };
  expect([await count(customer), await count(other)]).toEqual([4, 1]);
  await retain(plant.platform, customer.organisation, 30, new Date(from + 40 * 86_400_000));
  expect([await count(customer), await count(other)]).toEqual([0, 1]);
  const { organisation } = other;
  await plant.stores.store.organisation(organisation, (tx) => erase(plant.platform, tx, organisation));
  expect(await count(other)).toBe(0);
});
