/** Uploads become devices, learned talk and findings, each exactly once (OST-T01, OST-T02, OST-T04). */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { modbusTalk, openPlant, uploader, type Plant } from "../../../../tests/support/ot.ts";
import { otIngest } from "../ingest.ts";
import { ledgerEntries, ledgerState } from "../store/sensors.ts";
import { lookAtDue } from "./due.ts";
import { MAX_ATTEMPTS } from "./inbox.ts";
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

test("OT-N1 an upload that overtook another breaks the chain only until that one is there", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const [first, second, third] = [0, 10, 20].map((at) => upload(span(at), texts, given));
  const links = () =>
    plant.stores.store.organisation(customer.organisation, async (tx) => ({
      state: (await ledgerState(tx, customer.sensor)).state,
      links: (await ledgerEntries(tx, customer.sensor, null, 10)).map(({ link }) => link),
    }));
  if (first === undefined || second === undefined || third === undefined) throw new Error("no uploads");
  await plant.upload([first, third]);
  expect(await links()).toEqual({ state: "broken", links: ["missing", "first"] });
  await plant.upload([second]);
  expect(await links()).toEqual({ state: "unbroken", links: ["unbroken", "unbroken", "first"] });
  // Another machine for the same sensor begins a chain of its own.
  const device = await plant.machine(customer.organisation, customer.sensor);
  await plant.upload([uploader({ ...customer, device })(span(30), texts, given)]);
  expect(await links()).toEqual({ state: "unbroken", links: ["first"] });
});

test("OT-21 a pair that always talked and fell silent is told by the timer, once", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const cycles = [
    {
      client: 0,
      server: 1,
      port: 502,
      protocol: 1,
      code: 3,
      object: 0,
      period: 1e6,
      jitter: 500,
      longest: 1.1e6,
      count: 10,
      last: 9_900,
    },
  ];
  await plant.stores.store.organisation(customer.organisation, (tx) =>
    sql`insert into ot.setting (site_id, organisation_id, change, changed_at, changed_by)
      values (${customer.site}, ${customer.organisation}, '{"thresholds": {"learning.minimumDays": 0}}', now(), 'test')`.execute(
      tx,
    ),
  );
  await plant.upload([upload(span(0), texts, { ...given, cycles })]);
  plant.clock.advance(25 * 3_600_000);
  await plant.upload([upload(span(0), texts, { ...given, cycles })]);
  const other = modbusTalk(0x001b1b000011, 0x0080f4000012);
  plant.clock.advance(600_000);
  await plant.upload([upload(span(0), ["192.168.10.8", "192.168.10.9", "X", "eth1"], other.given)]);
  plant.clock.advance(60_000);
  const silent = () =>
    rows(customer.organisation, (tx) =>
      sql<{ kind: string; count: string }>`select kind, count from ot.finding where kind = 'ot.cycle.silent'`.execute(
        tx,
      ),
    );
  expect(await silent()).toEqual([]);
  await lookAtDue(plant.platform);
  await lookAtDue(plant.platform);
  expect(await silent()).toEqual([{ kind: "ot.cycle.silent", count: "1" }]);
});

test("an upload that cannot be looked at is set aside after some tries and holds nobody up", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const [bad, good] = [upload(span(0), texts, given), upload(span(10), texts, given)];
  // Half a character, which the door refuses, and which the database does not take.
  const broken = { ...bad, body: { ...bad.body, texts: bad.body.texts.with(2, "\ud800") } };
  await otIngest.stored?.([broken, good], plant.platform);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await watchOf(plant.platform).sweep();
    await watchOf(plant.platform).settled();
  }
  const left = await rows(customer.organisation, (tx) => sql`select attempts, error from ot.inbox`.execute(tx));
  expect(left).toMatchObject([{ attempts: MAX_ATTEMPTS }]);
  expect(await rows(customer.organisation, (tx) => sql`select number from ot.upload`.execute(tx))).toEqual([
    { number: "2" },
  ]);
});
