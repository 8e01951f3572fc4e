/** The demo's site: made once, keys when asked for, planned work when its devices are known. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { enrol } from "@yagura/devices/enrol.ts";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { modbusTalk, openPlant, uploader, type Plant } from "../../../tests/support/ot.ts";
import { ensureDemo, planDemoWork, type DemoPlace } from "./demo.ts";
import { plant as factory } from "./demo/plant.ts";
import { ot } from "./index.ts";

let plant: Plant;
let organisation: OrganisationId;
let place: DemoPlace;
beforeAll(async () => {
  plant = await openPlant();
  organisation = await plant.organisation("Provider");
  place = { platform: plant.platform, devices: plant.devices, organisation };
});
afterAll(() => plant.stop());

const rows = <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> =>
  plant.stores.store.organisation(organisation, async (tx) => (await query.execute(tx)).rows);

test("site, contract without charges and sensor are made once; a key only when it is asked for", async () => {
  const first = await ensureDemo(place, true);
  const again = await ensureDemo(place, false);
  expect(again).toEqual({ site: first?.site, key: null });
  const sites = await rows(sql`select name from ot.site`);
  const contracts = await rows(sql`select service, charged from commerce.contract`);
  const sensors = await rows(sql`select site_id as site from ot.sensor`);
  const settings = await rows(sql<{ change: { thresholds: object } }>`select change from ot.setting`);
  expect([sites.length, contracts, sensors]).toEqual([1, [{ service: "ot", charged: false }], [{ site: first?.site }]]);
  expect(settings[0]?.change.thresholds).toHaveProperty("learning.minimumDays");
});

test("OT-28 the work is planned once, from the engineering station on the packing line's controller, as soon as both are known", async () => {
  const demo = await ensureDemo(place, true);
  const secret = readEnrolmentKey(demo?.key ?? "")?.secret ?? "";
  const { device } = await enrol(
    {
      wire: 1,
      key: secret,
      publicKey: Buffer.alloc(32, 7).toString("base64url"),
      program: "sensor",
      version: "0.1.0",
      hostname: "demo",
      platform: "linux x64",
    },
    "192.0.2.9",
    { ...place, enrolled: { ot: ot.deviceEnrolled ?? (async () => undefined) } },
  );
  const upload = uploader({ organisation, device });
  const planned = planDemoWork(place, demo?.site ?? "", new AbortController().signal);
  const from = plant.clock.now();
  const { engineer, packingPlc } = factory;
  const number = (mac: string): number => Number.parseInt(mac.replaceAll(":", ""), 16);
  const { texts, given } = modbusTalk(number(engineer.mac), number(packingPlc.mac));
  const span = { from, to: from + 10_000 };
  await plant.upload([upload(span, texts.with(0, engineer.address).with(1, packingPlc.address), given)]);
  await planned;
  await planDemoWork(place, demo?.site ?? "", new AbortController().signal);
  const permits = await rows(
    sql<{ clients: string[]; devices: string[] }>`select client_ids as clients, asset_ids as devices from ot.permit`,
  );
  expect(permits).toHaveLength(1);
  const named = await rows(
    sql<{ id: string; address: string }>`select id, addresses[1] as address from ot.asset order by 2`,
  );
  expect(named.map(({ address }) => address)).toEqual([engineer.address, packingPlc.address]);
  expect(permits).toEqual([{ clients: [named[0]?.id], devices: [named[1]?.id] }]);
});
