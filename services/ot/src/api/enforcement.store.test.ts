/** Ordering that a device is taken off the network: who may, what is asked, what becomes of the answers (OT-31). */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { enforcementIngest } from "../enforcement-ingest.ts";
import { exportRows } from "../organisation-data.ts";
import type { Block, Enforcement } from "../wire/api-enforcement.ts";
import type { BlockReport, EnforcementBody, Means } from "../wire/enforcement.ts";
import type { AssetItem, Timeline } from "../wire/api-assets.ts";
import type { Mute } from "../wire/api-findings.ts";

let plant: Plant;
let own: Customer;
let foreign: Customer;
let owner: Client;
let base: string;
let asset: AssetItem;
beforeAll(async () => {
  plant = await openPlant();
  [own, foreign] = [await plant.customer(), await plant.customer()];
  owner = await plant.member(own.organisation, "owner@own.example", "owner");
  base = `/api/v1/organisations/${own.organisation}/ot`;
  for (const customer of [own, foreign]) {
    const { texts, given } = modbusTalk();
    const to = plant.clock.now();
    await plant.upload([uploader(customer)({ from: to - 10_000, to }, texts, given)]);
  }
  const { body } = await plant.admin.get<{ items: AssetItem[] }>(`${base}/assets?sort=address`);
  asset = body.items[1] as AssetItem;
});
afterAll(() => plant.stop());

const means: Means = { nacs: 1, switches: 2, unencrypted: 0, devices: 2, hours: 24, learned: 1, never: 3 };
let sequence = 0;
async function report(
  customer: Pick<Customer, "device" | "organisation">,
  orders: readonly BlockReport[],
  more: Partial<EnforcementBody> = {},
): Promise<void> {
  plant.clock.advance(1_000);
  const body: EnforcementBody = { version: 1, at: plant.clock.now(), means, orders: [...orders], ...more };
  const { device, organisation } = customer;
  const batch = { device, organisation, epoch: "e1", sequence: ++sequence, receivedAt: plant.clock.now() * 1000, clockOffset: 0, body }; // prettier-ignore
  expect(await enforcementIngest.refuse?.(batch, plant.platform)).toBeNull();
  expect(enforcementIngest.toRows([batch])).toEqual([]);
  // It must bear being called again.
  for (let i = 0; i < 2; i++) await enforcementIngest.stored?.([batch], plant.platform);
}
const answer = (order: string, state: BlockReport["state"], more: Partial<BlockReport> = {}): BlockReport => ({
  order,
  state,
  code: "",
  where: "cell 1 Gi1/0/4",
  learned: 1,
  at: plant.clock.now(),
  ...more,
});
const code = ({ body }: { body: unknown }): unknown => (body as { code?: string }).code;
const wish = (more: object = {}): object => ({
  mac: asset.macs[0],
  minutes: 60,
  reason: "it scans",
  dependents: 1,
  confirmName: asset.name,
  ...more,
});
const order = (more: object = {}, client = owner) =>
  client.post<Block>(`${base}/assets/${asset.id}/blocks`, wish(more));
const list = async (): Promise<Enforcement> => (await owner.get<Enforcement>(`${base}/enforcement`)).body;
const configured = async (): Promise<{ order: string; mac: string; addresses: string[] }[]> => {
  const { rows } = await plant.stores.store.organisation(own.organisation, (tx) =>
    sql<{ document: { blocks?: { order: string; mac: string; addresses: string[] }[] } }>`
      select document from devices.configuration where device_id = ${own.device} and service = 'ot'`.execute(tx),
  );
  return rows[0]?.document.blocks ?? [];
};

test("OT-31 without means on the premises nothing is asked of the sensor", async () => {
  expect(code(await order())).toBe("BLOCK_NO_MEANS");
  await report(own, [], { means: null });
  expect((await list()).sensors).toMatchObject([{ means: null, reportedAt: expect.any(String) as string }]);
  expect(code(await order())).toBe("BLOCK_NO_MEANS");
});

test("OT-31 the plant's own administrators order it; not viewers, not others, not tokens", async () => {
  await report(own, []);
  await report(foreign, []);
  const viewer = await plant.member(own.organisation, "viewer@own.example", "viewer");
  const stranger = await plant.member(foreign.organisation, "owner@foreign.example", "owner");
  expect((await order({}, viewer)).status).toBe(403);
  expect((await order({}, stranger)).status).toBe(404);
  const token = await owner.post<{ token: string }>(`/api/v1/organisations/${own.organisation}/tokens`, {
    name: "script",
    scopes: ["ot.enforce", "ot.read"],
    expiresAt: new Date(plant.clock.now() + 86_400_000).toISOString(),
  });
  expect(token.status, token.text).toBe(201);
  expect(code(await order({}, plant.bearer(token.body.token)))).toBe("USER_NEEDED");
  const there = `/api/v1/organisations/${foreign.organisation}/ot`;
  expect((await stranger.post(`${there}/assets/${asset.id}/blocks`, wish())).status).toBe(404);
  expect((await viewer.get(`${base}/enforcement`)).status).toBe(200);
});

test("OT-31 a controller's name is typed, its own MAC is named, the premises' limits hold", async () => {
  expect(asset.role).toBe("plc");
  expect(code(await order({ confirmName: undefined }))).toBe("BLOCK_UNCONFIRMED");
  expect(code(await order({ confirmName: "PLC-8" }))).toBe("BLOCK_UNCONFIRMED");
  expect(code(await order({ mac: "00:00:00:00:00:09" }))).toBe("BLOCK_MAC");
  expect(code(await order({ minutes: 25 * 60 }))).toBe("BLOCK_TOO_LONG");
  expect((await order({ findingId: newId() })).status).toBe(404);
  expect((await order({ minutes: 1 })).status).toBe(422);
  expect(await configured()).toEqual([]);
});

test("OT-31 from the order to the report and back: configuration, list, time line, mutes, audit", async () => {
  const made = await order();
  expect(made.status, made.text).toBe(201);
  const { id } = made.body;
  expect(made.body).toMatchObject({ state: "asked", asset: { id: asset.id }, reason: "it scans", code: "" });
  expect(await configured()).toMatchObject([{ order: id, mac: asset.macs[0], addresses: ["192.168.10.20"] }]);
  expect(code(await order())).toBe("BLOCK_TWICE");
  // Another organisation's sensor may say what it wants of it.
  await report(foreign, [answer(id, "undone", { code: "ended" })]);
  expect((await list()).blocks).toMatchObject([{ id, state: "asked" }]);
  await report(own, [answer(id, "done")]);
  expect((await list()).blocks).toMatchObject([{ id, state: "done", place: "cell 1 Gi1/0/4", learned: 1 }]);
  const mutes = (await owner.get<Mute[]>(`${base}/mutes`)).body;
  expect(mutes).toHaveLength(2);
  expect(mutes).toMatchObject([{ kind: "ot.volume.low" }, { kind: "ot.cycle.silent", reason: "Off the network by order: it scans" }]); // prettier-ignore
  // An older report that comes late changes nothing.
  await report(own, [answer(id, "working")], { at: plant.clock.now() - 60_000 });
  expect((await list()).blocks).toMatchObject([{ id, state: "done" }]);
  const undone = await owner.post<Block>(`${base}/blocks/${id}/undo`);
  expect(undone.body, undone.text).toMatchObject({ state: "lifting", endedBy: expect.any(String) as string });
  expect(await configured()).toEqual([]);
  expect(code(await owner.post(`${base}/blocks/${id}/undo`))).toBe("BLOCK_OVER");
  await report(own, [answer(id, "undone", { code: "ended" })]);
  expect((await list()).blocks).toMatchObject([{ id, state: "undone", code: "ended" }]);
  const ends = (await owner.get<Mute[]>(`${base}/mutes`)).body.map(
    ({ until }) => Date.parse(until) - plant.clock.now(),
  );
  expect(Math.max(...ends)).toBeLessThanOrEqual(30 * 60_000);
  plant.clock.advance(1_000);
  const timeline = (await owner.get<Timeline>(`${base}/assets/${asset.id}/timeline`)).body.items.map(
    ({ kind }) => kind,
  );
  expect(timeline.filter((kind) => kind.startsWith("block"))).toEqual(["block-undone", "block-ended", "block-done", "block-asked"]); // prettier-ignore
  const { rows } = await plant.stores.store.organisation(
    own.organisation,
    (tx) =>
    sql<{ action: string; details: object }>`select action, details from server.audit_entry where action like 'ot-block.%' order by sequence`.execute(tx), // prettier-ignore
  );
  expect(rows.map(({ action }) => action)).toEqual(["ot-block.order", "ot-block.done", "ot-block.undo", "ot-block.undone"]); // prettier-ignore
  expect(rows[0]?.details).toMatchObject({ name: asset.name, dependents: 1, minutes: 60 });
});

test("OT-31 what the premises refuse is said with its reason, and the same can be asked again", async () => {
  const made = await order();
  await report(own, [answer(made.body.id, "refused", { code: "never-block", where: "" })]);
  expect((await list()).blocks[0]).toMatchObject({ id: made.body.id, state: "refused", code: "never-block" });
  const again = await order();
  expect(again.status, again.text).toBe(201);
  // Taken back before the sensor has said anything.
  expect((await owner.post<Block>(`${base}/blocks/${again.body.id}/undo`)).body).toMatchObject({ state: "undone" });
});

test("OT-31 a sensor that lost its memory leaves a port shut: that is told, not hidden", async () => {
  const { id } = (await order()).body;
  await report(own, [answer(id, "done")]);
  await report(own, [answer(id, "refused", { code: "too-late", where: "" })]);
  expect((await list()).blocks[0]).toMatchObject({ id, state: "stuck", code: "too-late", place: "cell 1 Gi1/0/4" });
});

test("OT-31 when the machine is cut off its orders are over, and it has no means any more", async () => {
  await plant.admin.delete(`${base}/sensors/${own.sensor}/device`);
  const { blocks, sensors } = await list();
  expect(blocks[0]).toMatchObject({ state: "undone", code: "cut-off" });
  expect(sensors).toMatchObject([{ means: null }]);
  expect(code(await order())).toBe("BLOCK_NO_MEANS");
  const tables = new Set<string>();
  await plant.stores.store.organisation(own.organisation, async (tx) => {
    for await (const { table } of exportRows(tx, own.organisation)) tables.add(table);
  });
  expect(tables.has("ot.block")).toBe(true);
});
