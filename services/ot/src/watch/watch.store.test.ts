/** Uploads become devices, learned talk and findings, each exactly once (OST-T01, OST-T02, OST-T04). */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { modbusTalk, openPlant, uploader, type Plant } from "../../../../tests/support/ot.ts";
import { otIngest } from "../ingest.ts";
import { watchOf } from "./watch.ts";

let plant: Plant;
beforeAll(async () => {
  plant = await openPlant();
});
afterAll(() => plant.stop());

const rows = <T>(
  organisation: OrganisationId,
  query: (tx: Parameters<Parameters<Plant["stores"]["store"]["provider"]>[0]>[0]) => Promise<{ rows: T[] }>,
): Promise<T[]> => plant.stores.store.organisation(organisation, async (tx) => (await query(tx)).rows);
const span = (seconds: number): { from: number; to: number } => {
  const from = plant.clock.now() + seconds * 1000;
  return { from, to: from + 10_000 };
};

test("OST-T04 the first upload writes the contract's fact of installation, once", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  await plant.upload([upload(span(0), texts, given)]);
  await plant.upload([upload(span(10), texts, given)]);
  const facts = await rows(customer.organisation, (tx) =>
    sql<{
      kind: string;
      source: string;
    }>`select kind, source from commerce.contract_fact where kind = 'installed'`.execute(tx),
  );
  expect(facts).toEqual([{ kind: "installed", source: "ot" }]);
});

test("OST-T02 devices, endpoints and what is learned come of an upload; the same one again changes nothing", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const batch = upload(span(0), texts, given);
  await plant.upload([batch]);
  const state = async () => ({
    assets: await rows(customer.organisation, (tx) =>
      sql`select shown_name as name, macs, addresses, protocols, first_at, last_at from ot.asset order by addresses`.execute(
        tx,
      ),
    ),
    learned: await rows(customer.organisation, (tx) => sql`select key, count from ot.learned order by key`.execute(tx)),
    endpoints: await rows(customer.organisation, (tx) =>
      sql`select id, asset_id, kind from ot.endpoint order by id`.execute(tx),
    ),
    uploads: await rows(customer.organisation, (tx) => sql`select number, hash from ot.upload`.execute(tx)),
    inbox: await rows(customer.organisation, (tx) => sql`select 1 from ot.inbox`.execute(tx)),
    baselines: await rows(customer.organisation, (tx) =>
      sql`select key, document from ot.baseline order by key`.execute(tx),
    ),
  });
  const before = await state();
  expect(before.assets).toMatchObject([
    { name: "PLC-7", addresses: ["192.168.10.20"], protocols: ["modbus"] },
    { name: "192.168.10.5", macs: ["00:1b:1b:00:00:01"] },
  ]);
  expect(before.learned.length).toBeGreaterThan(2);
  expect(before.endpoints).toHaveLength(2);
  expect(before.inbox).toEqual([]);
  await otIngest.stored?.([batch, batch], plant.platform);
  await watchOf(plant.platform).settled();
  expect(await state()).toEqual(before);
});
