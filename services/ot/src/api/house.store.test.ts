/** Sensors, the customer's list, captures, and what is left of an organisation (OST-T04, OT-10, OT-32). */
import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { tcpConversation } from "@yagura/packets/build/conversation.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { analyseCapture } from "../captures.ts";
import { otIngest } from "../ingest.ts";
import { erase, exportRows, retain } from "../organisation-data.ts";
import type { Sensor, Site } from "../wire/api.ts";
import type { Zone } from "../wire/api-assets.ts";
import type { CaptureUpload, Register, RegisterImport } from "../wire/api-register.ts";

let plant: Plant;
beforeAll(async () => {
  plant = await openPlant();
});
afterAll(() => plant.stop());

const at = (customer: Pick<Customer, "organisation">): string => `/api/v1/organisations/${customer.organisation}/ot`;
const code = (answer: { body: unknown }): unknown => (answer.body as { code?: string }).code;
const talked = async (customer: Customer): Promise<void> => {
  const { texts, given } = modbusTalk();
  const to = plant.clock.now();
  await plant.upload([uploader(customer)({ from: to - 10_000, to }, texts, given)]);
};

test("OST-14 a contract is one sensor: its slot is there before the start, and cut off when the contract is over", async () => {
  const organisation = await plant.organisation();
  const waiting = await plant.contract(organisation, null);
  const base = at({ organisation });
  expect((await plant.admin.get<Sensor[]>(`${base}/sensors`)).body).toEqual([]);
  const made = await plant.admin.post<Sensor>(`${base}/sensors`, { contractNumber: waiting.number, label: "Hall 1" });
  expect(made.body, made.text).toMatchObject({ label: "Hall 1", state: "waiting", type: "n", siteName: "Factory" });
  const again = await plant.admin.post(`${base}/sensors`, { contractNumber: waiting.number });
  expect(code(again)).toBe("SENSOR_CONTRACT_TAKEN");
  const key = await plant.admin.post<{ command: string }>(`${base}/sensors/${made.body.id}/key`, {});
  expect(key.body.command).toContain("yagura sensor --server");
  expect((await plant.admin.delete(`${base}/sensors/${made.body.id}/key`)).status).toBe(204);
  expect(code(await plant.admin.delete(`${base}/sensors/${made.body.id}/key`))).toBe("SENSOR_KEY_NONE");
  expect(code(await plant.admin.delete(`${base}/sensors/${made.body.id}/device`))).toBe("SENSOR_DEVICE_NONE");
  const device = await plant.machine(organisation, made.body.id);
  const { rows } = await plant.stores.store.organisation(organisation, (tx) =>
    sql`select document from devices.configuration where device_id = ${device} and service = 'ot'`.execute(tx),
  );
  expect(rows).toEqual([{ document: { interfaces: [], upload: 10_000, rules: [] } }]);
  await plant.end(organisation, waiting.id, "2026-11-20");
  expect((await plant.admin.get<Sensor[]>(`${base}/sensors`)).body).toMatchObject([{ state: "ended", deviceId: null }]);
  expect(code(await plant.admin.post(`${base}/sensors/${made.body.id}/key`, {}))).toBe("SENSOR_ENDED");
});

test("a sensor that has uploaded stays in its site; a site with sensors stays", async () => {
  const customer = await plant.customer();
  const base = at(customer);
  const other = await plant.admin.post<Site>(`${base}/sites`, { name: "Second" });
  const moved = await plant.admin.patch<Sensor>(`${base}/sensors/${customer.sensor}`, { siteId: other.body.id });
  expect(moved.body).toMatchObject({ siteName: "Second" });
  await plant.admin.patch(`${base}/sensors/${customer.sensor}`, { siteId: customer.site });
  await talked(customer);
  const refused = await plant.admin.patch(`${base}/sensors/${customer.sensor}`, { siteId: other.body.id });
  expect(code(refused)).toBe("SENSOR_SITE_FIXED");
  expect(code(await plant.admin.delete(`${base}/sites/${customer.site}`))).toBe("SITE_IN_USE");
  expect(code(await plant.admin.get(`${base}/map`))).toBe("SITE_NEEDED");
  expect((await plant.admin.delete(`${base}/sites/${other.body.id}`)).status).toBe(204);
});

test("an upload of a machine that is no sensor is refused, and one that contradicts itself", async () => {
  const customer = await plant.customer();
  const { texts, given } = modbusTalk();
  const to = plant.clock.now();
  const good = uploader(customer)({ from: to - 10_000, to }, texts, given);
  const refuse = (batch: typeof good): Promise<string | null> =>
    otIngest.refuse?.(batch, plant.platform) ?? Promise.resolve("");
  expect(await refuse(good)).toBeNull();
  expect(await refuse({ ...good, device: customer.sensor })).toBe("METADATA_FOREIGN");
  expect(await refuse({ ...good, body: { ...good.body, texts: [] } })).toBe("METADATA_COLUMNS");
  expect(await refuse({ ...good, body: { ...good.body, to: good.body.from - 1 } })).toBe("METADATA_INTERVAL");
  expect(await refuse({ ...good, receivedAt: good.receivedAt - 2 * 86_400_000_000 })).toBe("METADATA_FUTURE");
  expect(await refuse({ ...good, receivedAt: good.receivedAt + 500 * 86_400_000_000 })).toBe("METADATA_ANCIENT");
});

test("zones that were found become given by a change, and their devices follow", async () => {
  const customer = await plant.customer();
  await talked(customer);
  const base = at(customer);
  const [found] = (await plant.admin.get<Zone[]>(`${base}/zones`)).body;
  expect(found).toMatchObject({ name: "192.168.10.0/24", origin: "found", assets: 2 });
  expect(
    code(await plant.admin.post(`${base}/zones`, { siteId: customer.site, name: "x", subnets: ["192.168.10.0/40"] })),
  ).toBe("NETWORK_INVALID");
  const cell = { siteId: customer.site, name: "Cell 1", level: 1, subnets: ["192.168.10.16/28"] };
  expect((await plant.admin.post<Zone>(`${base}/zones`, cell)).body).toMatchObject({ assets: 1, origin: "given" });
  const named = await plant.admin.patch<Zone>(`${base}/zones/${found?.id}`, { name: "Line" });
  expect(named.body).toMatchObject({ name: "Line", origin: "given" });
});

test("OT-10 the customer's list is imported from CSV, tried first, and held against what is seen", async () => {
  const customer = await plant.customer();
  await talked(customer);
  const base = at(customer);
  const csv =
    "管理番号,機器名,MACアドレス,IPアドレス,メーカー\r\nA-1,PLC-7,00-80-F4-00-00-02,192.168.10.20,Nobody\r\nA-2,Robot,,192.168.10.99,FANUC\r\n,,,,\r\n";
  const tried = await plant.admin.post<RegisterImport>(`${base}/register/imports`, {
    siteId: customer.site,
    csv,
    dryRun: true,
  });
  expect(tried.body, tried.text).toMatchObject({ id: null, rows: 2, added: 2, matched: 1, unseen: 1, unregistered: 1 });
  expect((await plant.admin.get<Register>(`${base}/register`)).body.entries).toEqual([]);
  await plant.admin.post(`${base}/register/imports`, { siteId: customer.site, csv, dryRun: false });
  const { body } = await plant.admin.get<Register>(`${base}/register`);
  expect(body.entries.map(({ state, by }) => [state, by])).toEqual([
    ["differs", "mac"],
    ["unseen", null],
  ]);
  expect(body.entries[0]?.differences).toEqual([{ field: "vendor", listed: "Nobody", seen: "Schneider Electric" }]);
  expect(body.unregistered).toMatchObject([{ addresses: ["192.168.10.5"], registered: false }]);
  const again = await plant.admin.post<RegisterImport>(`${base}/register/imports`, {
    siteId: customer.site,
    csv,
    dryRun: true,
  });
  expect(again.body).toMatchObject({ added: 0, changed: 0, removed: 0 });
  const bad = await plant.admin.post(`${base}/register/imports`, {
    siteId: customer.site,
    csv: "a,b\n1,2",
    dryRun: true,
  });
  expect(code(bad)).toBe("REGISTER_HEADERS");
});

test("OT-32 a capture that is handed in is analysed by the engine in a process of its own", async () => {
  const customer = await plant.customer();
  const base = at(customer);
  const post = (bytes: Uint8Array) =>
    plant.admin.call<CaptureUpload>("POST", `${base}/captures?name=line.pcap`, Buffer.from(bytes), {
      "content-type": "application/octet-stream",
    });
  expect(code(await post(new Uint8Array()))).toBe("CAPTURE_EMPTY");
  const ask = Uint8Array.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2]);
  const answer = Uint8Array.from([0, 1, 0, 0, 0, 7, 1, 3, 4, 0, 0, 0, 0]);
  const frames = tcpConversation(
    {
      client: { mac: "02:00:00:00:00:01", address: "192.0.2.1" },
      server: { mac: "02:00:00:00:00:02", address: "192.0.2.2" },
      serverPort: 502,
    },
    [
      { from: "client", bytes: ask },
      { from: "server", bytes: answer },
    ],
  );
  const made = await post(writePcap(frames));
  expect(made.body, made.text).toMatchObject({ state: "queued", name: "line.pcap" });
  await analyseCapture(plant.platform, customer.organisation, made.body.id);
  const done = await plant.admin.get<{ capture: CaptureUpload; result: { packets: number } }>(
    `${base}/captures/${made.body.id}`,
  );
  expect(done.body.capture).toMatchObject({ state: "done", error: null, packets: frames.length });
  const junk = await post(Uint8Array.from([1, 2, 3]));
  await analyseCapture(plant.platform, customer.organisation, junk.body.id);
  const failed = await plant.admin.get<{ capture: CaptureUpload }>(`${base}/captures/${junk.body.id}`);
  expect(failed.body.capture).toMatchObject({ state: "failed" });
  expect((await plant.admin.delete(`${base}/captures/${junk.body.id}`)).status).toBe(204);
}, 60_000);

async function held(organisation: OrganisationId): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  await plant.stores.store.organisation(organisation, async (tx) => {
    for await (const { table } of exportRows(tx, organisation)) counts[table] = (counts[table] ?? 0) + 1;
  });
  for (const table of [
    "ot_batch",
    "ot_conversation",
    "ot_conversation_hour",
    "ot_pair",
    "ot_command_day",
    "ot_capture",
  ]) {
    const [row] = await plant.stores.telemetry.query<{ count: number }>(
      organisation,
      `select count() as count from ${table} where organisation = {organisation:UUID}`,
    );
    if ((row?.count ?? 0) > 0) counts[table] = row?.count ?? 0;
  }
  return counts;
}

test("the export names every table of the service; erasure leaves nothing and touches nobody else", async () => {
  const [gone, stays] = [await plant.customer(), await plant.customer()];
  for (const customer of [gone, stays]) await talked(customer);
  const before = await held(gone.organisation);
  expect(before).toMatchObject({
    "ot.site": 1,
    "ot.sensor": 1,
    "ot.asset": 2,
    "ot.upload": 1,
    ot_batch: 1,
    ot_conversation: 1,
  });
  const { rows } = await plant.stores.store.provider((tx) =>
    sql<{ name: string }>`select table_name as name from information_schema.columns
      where table_schema = 'ot' and column_name = 'organisation_id'`.execute(tx),
  );
  const source = await readFile(new URL("../organisation-data.ts", import.meta.url), "utf8");
  for (const { name } of rows) expect(source).toContain(`"${name}"`);
  await plant.stores.store.organisation(gone.organisation, (tx) => erase(plant.platform, tx, gone.organisation));
  expect(await held(gone.organisation)).toEqual({});
  expect(await held(stays.organisation)).toEqual(before);
});

test("retention deletes raw rows and uploads that are too old, and keeps what was learned", async () => {
  const customer = await plant.customer();
  await talked(customer);
  const later = new Date(plant.clock.now() + 40 * 86_400_000);
  await retain(plant.platform, customer.organisation, 30, later);
  const left = await held(customer.organisation);
  expect(left).toMatchObject({ "ot.asset": 2, ot_conversation_hour: 1, ot_command_day: 1 });
  expect(left).not.toHaveProperty("ot_conversation");
  expect(left).not.toHaveProperty("ot_batch");
  expect(left).not.toHaveProperty("ot.upload");
});
