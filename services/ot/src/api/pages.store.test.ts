/** What the pages ask, over uploads of a small factory: lists, a device, map, ranking, comparison (OT-6 to OT-15). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import type { Overview, SensorDetail } from "../wire/api.ts";
import type { AssetDetail, AssetItem, CommandView, Impact, Peer, TrafficSeries } from "../wire/api-assets.ts";
import type { Comparison, NetworkMap, Ranking } from "../wire/api-traffic.ts";

let plant: Plant;
let customer: Customer;
let base: string;
const HOUR = 3_600_000;
const start = Date.parse("2026-11-20T03:00:00.000Z");

beforeAll(async () => {
  plant = await openPlant(new Date(start).toISOString());
  customer = await plant.customer();
  base = `/api/v1/organisations/${customer.organisation}/ot`;
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const other = modbusTalk(0x001b1b000001, 0x0080f4000003);
  const second = [...texts.slice(0, 1), "192.168.10.21", "PLC-8", "eth1"];
  await plant.upload([upload({ from: start, to: start + 10_000 }, texts, given)]);
  plant.clock.advance(2 * HOUR);
  await plant.upload([
    upload({ from: start + 2 * HOUR, to: start + 2 * HOUR + 10_000 }, texts, given),
    upload({ from: start + 2 * HOUR + 10_000, to: start + 2 * HOUR + 20_000 }, second, other.given),
  ]);
  plant.clock.advance(60_000);
});
afterAll(() => plant.stop());

const get = async <T>(path: string): Promise<T> => {
  const answer = await plant.admin.get<T>(`${base}${path}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const assets = async (query = ""): Promise<AssetItem[]> => (await get<{ items: AssetItem[] }>(`/assets${query}`)).items;
const named = async (name: string): Promise<AssetItem> => {
  const found = (await assets()).find((asset) => asset.name === name);
  if (found === undefined) throw new Error(`no device ${name}`);
  return found;
};

test("OT-6 the list of devices is filtered, ordered and paged", async () => {
  expect((await assets("?sort=address")).map(({ name }) => name)).toEqual(["192.168.10.5", "PLC-7", "PLC-8"]);
  expect((await assets("?sort=address&order=desc&limit=1")).map(({ name }) => name)).toEqual(["PLC-8"]);
  expect((await assets("?q=00:80:f4")).map(({ name }) => name)).toEqual(["PLC-7", "PLC-8"]);
  expect(await assets("?protocol=s7comm")).toEqual([]);
  const names: string[] = [];
  for (let cursor = ""; ;) {
    const page = await get<{ items: AssetItem[]; next: string | null; total: number }>(
      `/assets?limit=1&sort=lastAt${cursor}`,
    );
    expect(page.total).toBe(3);
    names.push(...page.items.map(({ name }) => name));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(names.toSorted()).toEqual(["192.168.10.5", "PLC-7", "PLC-8"]);
  const broken = await plant.admin.get(`${base}/assets?cursor=nonsense`);
  expect(broken.body).toMatchObject({ code: "CURSOR_INVALID" });
  const csv = await plant.admin.get(`${base}/assets.csv`);
  expect(csv.text.split("\r\n")).toHaveLength(5);
});

test("OT-9 the page of a device tells its evidence, peers, commands, traffic and time line", async () => {
  const plc = await named("PLC-7");
  const detail = await get<AssetDetail>(`/assets/${plc.id}`);
  expect(detail.attributes.find(({ attribute }) => attribute === "name")).toMatchObject({
    value: "PLC-7",
    evidence: [{ source: "modbus" }],
  });
  const peers = await get<{ items: Peer[] }>(`/assets/${plc.id}/peers`);
  expect(peers.items).toMatchObject([
    { kind: "asset", bytes: 6_640, services: [{ protocol: "modbus", port: 502, side: "server", rttUs: 900 }] },
  ]);
  const commands = await get<{ items: CommandView[] }>(`/assets/${plc.id}/commands`);
  expect(commands.items).toMatchObject([
    { name: "Read Holding Registers", class: "read", requests: 20, low: 0, high: 9 },
  ]);
  const series = await get<TrafficSeries>(`/assets/${plc.id}/traffic`);
  expect(series).toMatchObject({ step: 3_600, bytesIn: [1_320, 1_320], bytesOut: [2_000, 2_000], commands: [10, 10] });
  const impact = await get<Impact>(`/assets/${plc.id}/impact`);
  expect(impact.direct).toMatchObject([{ asset: { address: "192.168.10.5" }, protocols: ["modbus"] }]);
  const timeline = await get<{ items: { kind: string }[] }>(`/assets/${plc.id}/timeline`);
  expect(timeline.items.map(({ kind }) => kind)).toContain("seen");
});

test("OT-11 OT-15 the map tells what is new since a moment", async () => {
  const since = new Date(start + HOUR).toISOString();
  const map = await get<NetworkMap>(`/map?since=${since}`);
  const change = Object.fromEntries(map.nodes.map((node) => [node.name, node.change]));
  expect(change).toEqual({ "192.168.10.5": "same", "PLC-7": "same", "PLC-8": "new" });
  expect(map.edges).toHaveLength(2);
  expect(new Set(map.edges.map((edge) => edge.change))).toEqual(new Set(["new", "same"]));
  expect(map.zones).toMatchObject([{ name: "192.168.10.0/24", origin: "found", assets: 3 }]);
});

test("OT-13 the ranking counts each device once for each conversation", async () => {
  const ranking = await get<Ranking>("/ranking?by=assets");
  expect(ranking.rows.map(({ asset, value }) => [asset?.name, value])).toEqual([
    ["192.168.10.5", 9_960],
    ["PLC-7", 6_640],
    ["PLC-8", 3_320],
  ]);
  expect(ranking.rows[0]?.spark.reduce((sum, value) => sum + value, 0)).toBe(9_960);
  const commands = await get<Ranking>("/ranking?by=protocols&measure=commands");
  expect(commands.rows).toMatchObject([{ protocol: "modbus", value: 30, share: 1 }]);
  for (const by of ["pairs", "services"]) expect((await get<Ranking>(`/ranking?by=${by}`)).rows).not.toEqual([]);
});

test("OT-14 two periods differ by what came between", async () => {
  const at = (hours: number): string => new Date(start + hours * HOUR).toISOString();
  const found = await get<Comparison>(
    `/comparison?beforeFrom=${at(0)}&beforeTo=${at(1)}&afterFrom=${at(2)}&afterTo=${at(3)}`,
  );
  expect(found.assets.items).toMatchObject([{ change: "new", asset: { name: "PLC-8" } }]);
  expect(found.conversations.items).toMatchObject([{ change: "new", server: { name: "PLC-8" }, protocol: "modbus" }]);
  expect(found.commands.items).toMatchObject([{ change: "new", name: "Read Holding Registers" }]);
});

test("OT-34 OT-N1 the sensor's page tells how well it sees, and its ledger", async () => {
  const detail = await get<SensorDetail>(`/sensors/${customer.sensor}`);
  expect(detail).toMatchObject({
    ledger: { uploads: 3, state: "unbroken", number: 3 },
    captures: [{ name: "eth1", packets: 80 }],
  });
  const ledger = await get<{ items: { number: number; link: string }[] }>(`/sensors/${customer.sensor}/ledger`);
  expect(ledger.items.map(({ link }) => link)).toEqual(["unbroken", "unbroken", "first"]);
  const overview = await get<Overview>("/overview");
  expect(overview).toMatchObject({
    assets: { total: 3, active: 3, learning: 3 },
    protocols: [{ protocol: "modbus", ot: true }],
  });
});

test("decisions by hand are remembered: name, merge, split", async () => {
  const [hmi, plc] = [await named("192.168.10.5"), await named("PLC-8")];
  const changed = await plant.admin.patch<AssetDetail>(`${base}/assets/${hmi.id}`, {
    name: "HMI 1",
    role: "hmi",
    criticality: "high",
  });
  expect(changed.body.asset).toMatchObject({ name: "HMI 1", named: true, role: "hmi", criticality: "high" });
  const merged = await plant.admin.post<AssetDetail>(`${base}/assets/${hmi.id}/merge`, { assetIds: [plc.id] });
  expect(merged.body, merged.text).toMatchObject({
    asset: { macs: ["00:1b:1b:00:00:01", "00:80:f4:00:00:03"] },
    merged: [{ id: plc.id }],
  });
  expect(await assets()).toHaveLength(2);
  const upload = uploader(customer);
  const { given } = modbusTalk(0x001b1b000001, 0x0080f4000003);
  const again = upload(
    { from: plant.clock.now(), to: plant.clock.now() + 10_000 },
    ["192.168.10.5", "192.168.10.21", "PLC-8", "eth1"],
    given,
  );
  await plant.upload([{ ...again, epoch: "e2" }]);
  expect(await assets()).toHaveLength(2);
  const split = await plant.admin.post<AssetDetail>(`${base}/assets/${hmi.id}/split`, {
    macs: ["00:80:f4:00:00:03"],
    addresses: ["192.168.10.21"],
  });
  expect(split.body, split.text).toMatchObject({
    asset: { macs: ["00:80:f4:00:00:03"], addresses: ["192.168.10.21"] },
  });
  expect(await assets()).toHaveLength(3);
});

test("what two sensors of a site both saw is counted once", async () => {
  const twice = await plant.customer();
  const contract = await plant.contract(twice.organisation);
  const theirs = `/api/v1/organisations/${twice.organisation}/ot`;
  const sensors = await plant.admin.get<{ id: string; siteId: string; contractNumber: string }[]>(`${theirs}/sensors`);
  const second = sensors.body.find(({ contractNumber }) => contractNumber === contract.number);
  expect(second?.siteId).toBe(twice.site);
  const device = await plant.machine(twice.organisation, second?.id ?? "");
  const { texts, given } = modbusTalk();
  const to = plant.clock.now();
  for (const one of [twice.device, device]) {
    await plant.upload([uploader({ ...twice, device: one })({ from: to - 10_000, to }, texts, given)]);
  }
  const { body } = await plant.admin.get<Ranking>(`${theirs}/ranking?by=pairs`);
  expect(body.rows).toMatchObject([{ value: 3_320, bytes: 3_320, packets: 40, share: 1 }]);
  const map = await plant.admin.get<NetworkMap>(`${theirs}/map`);
  expect(map.body.edges).toMatchObject([{ bytes: 3_320 }]);
  const talk = await plant.admin.get<{ total: number; items: { bytesIn: number; rttUs: number }[] }>(
    `${theirs}/conversations`,
  );
  expect(talk.body).toMatchObject({ total: 1, items: [{ bytesIn: 2_000, rttUs: 900 }] });
  const commands = await plant.admin.get<{ items: CommandView[] }>(`${theirs}/commands`);
  expect(commands.body.items).toMatchObject([{ requests: 10, low: 0, high: 9 }]);
});

test("nobody of another organisation sees any of it, though asked by the right ids", async () => {
  const stranger = await plant.customer();
  const theirs = `/api/v1/organisations/${stranger.organisation}/ot`;
  const person = await plant.member(stranger.organisation, "owner@stranger.test", "owner");
  for (const path of ["/assets", "/findings", "/conversations", "/ranking", "/map", "/sites", "/sensors"]) {
    const answer = await person.get(`${theirs}${path}`);
    expect(answer.status, `${path} ${answer.text}`).toBe(200);
    expect(answer.text).not.toContain("PLC-7");
    expect(answer.text).not.toContain("192.168.10");
  }
  expect((await person.get(`${base}/assets`)).status).toBe(404);
  expect((await person.get(`${theirs}/map?site=${customer.site}`)).status).toBe(404);
  expect((await person.get(`${theirs}/sensors/${customer.sensor}`)).status).toBe(404);
});
