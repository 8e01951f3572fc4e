/** The API of devices over real stores: list, one, cut off, export, erasure; liveness by signs and by their absence. */
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionLimits } from "@yagura/server/host.ts";
import { newId } from "@yagura/core/ids.ts";
import { memoryIdentity, testDevice, told } from "@yagura/testkit/edge-device.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { createDevices } from "./create-devices.ts";
import { edgeDoor, type EdgeDoor } from "./door.ts";
import { OFFLINE_MS } from "./liveness.ts";
import { eraseDevices, exportDevices } from "./organisation-data.ts";
import { deviceRoutes, deviceScopes } from "./routes.ts";
import type { Device } from "./shapes.ts";

interface List {
  items: (Device & { organisationName?: string })[];
  next: string | null;
  total: number;
}

const clock = testClock();
const devices = createDevices({ clock, fingerprint: () => null });
let server: TestServer;
let app: FastifyInstance;
let door: EdgeDoor;
let url: string;
let organisation: string;
let owner: Client;
beforeAll(async () => {
  server = await testServer({
    clock,
    migrations: [{ room: "devices", postgres: new URL("../migrations/", import.meta.url) }],
    routes: deviceRoutes({} as never, devices),
    scopes: [deviceScopes],
    exporters: [exportDevices],
    erasers: [eraseDevices],
  });
  app = Fastify(connectionLimits());
  door = await edgeDoor(app, { platform: server.platform, devices, kinds: [], enrolled: {} });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  organisation = (await server.organisation("Example")).id;
  owner = await server.member(organisation, "owner@example.test", "owner");
});
afterAll(async () => {
  await app.close();
  await server.stop();
});

/** Enrols by HTTP and gives the device as a test drives it. */
async function enrolled(own = organisation) {
  const subject = { service: "lab", kind: "thing", id: newId() };
  const expiresAt = new Date(clock.now() + 60_000);
  const { key } = await server.stores.store.organisation(own, (tx) =>
    devices.issueKey(tx, { organisation: own, subject, program: "agent", expiresAt }),
  );
  const identity = memoryIdentity("", own, url);
  const answer = await fetch(`${url}/edge/v1/enrol`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      wire: 1,
      key: readEnrolmentKey(key)?.secret,
      publicKey: identity.publicKey,
      program: "agent",
      version: "1.0.0",
      hostname: "pc-1",
      platform: "linux x64",
    }),
  });
  const { device } = (await answer.json()) as { device: string };
  return testDevice({ url }, { ...identity, device }, own);
}
async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
const one = async (id: string): Promise<Device> =>
  (await owner.get<Device>(`/api/v1/organisations/${organisation}/devices/${id}`)).body;
const health = {
  at: 1,
  program: "agent",
  version: "1.0.1",
  cpu: 0.01,
  memory: 70_000_000,
  spool: { batches: 0, bytes: 0, limit: 1, dropped: 0 },
  capabilities: { icmp: "kernel timestamps" },
  warnings: [],
};

test("a device is listed, newest first, in pages; the provider sees the organisation's name", async () => {
  const made = [await enrolled(), await enrolled(), await enrolled()].map(({ id }) => id).reverse();
  const base = `/api/v1/organisations/${organisation}/devices`;
  const first = (await owner.get<List>(`${base}?limit=2`)).body;
  expect(first.items.map(({ id }) => id)).toEqual(made.slice(0, 2));
  const second = (await owner.get<List>(`${base}?limit=2&cursor=${first.next ?? ""}`)).body;
  expect(second.items[0]?.id).toBe(made[2]);
  expect((await owner.get<List>(`${base}?program=sensor`)).body.total).toBe(0);
  const all = (await server.admin.get<List>("/api/v1/provider/devices")).body;
  expect(all.items.find(({ id }) => id === made[0])?.organisationName).toBe("Example");
  expect((await owner.get("/api/v1/provider/devices")).status).toBe(403);
});

test("health, clock and acknowledged configuration are shown; the newest report stands", async () => {
  const device = await enrolled();
  const clockOffset = { offset: -5, bound: 900, at: 1 };
  const report = device.batch(1, [], { kind: "edge.health", body: health, clock: clockOffset });
  const state = "oldest=1, configuration=0";
  const answer = await device.send(device.sign(Buffer.from(report), { encoding: null, state, now: clock.now() }));
  expect(told(answer)).toMatchObject({ status: 200, duplicate: false });
  await door.flush();
  expect(await one(device.id)).toMatchObject({
    state: "online",
    version: "1.0.1",
    hostname: "pc-1",
    address: "127.0.0.1",
    configurationVersion: 0,
    configurationAcknowledged: 0,
    clock: clockOffset,
    health,
  });
});

test("a report from another version of the program is kept as a change, once, and the export tells it", async () => {
  const device = await enrolled();
  const versions = ["1.0.0", "1.0.1", "1.0.1", "1.0.2"];
  for (const [i, version] of versions.entries()) {
    clock.advance(1_000);
    const report = device.batch(i + 1, [], { kind: "edge.health", body: { ...health, version } });
    const sent = await device.send(device.sign(Buffer.from(report), { encoding: null, now: clock.now() }));
    expect(told(sent).status).toBe(200);
  }
  await door.flush();
  const changes = await server.stores.store.organisation(organisation, async (tx) =>
    (await collect(exportDevices(tx, organisation))).flatMap(({ table, row }) => {
      const { device_id: of, before, after } = row as { device_id: string; before: string; after: string };
      return table === "devices.program_change" && of === device.id ? [[before, after]] : [];
    }),
  );
  expect(changes).toEqual([
    ["1.0.0", "1.0.1"],
    ["1.0.1", "1.0.2"],
  ]);
});

test("a device that gives no sign for 45 s is offline, and online again with the next sign", async () => {
  const device = await enrolled();
  expect((await one(device.id)).state).toBe("online");
  clock.advance(OFFLINE_MS + 1_000);
  await door.flush();
  expect((await one(device.id)).state).toBe("offline");
  const report = device.batch(1, [], { kind: "edge.health", body: health });
  await device.send(device.sign(Buffer.from(report), { encoding: null, now: clock.now() }));
  await door.flush();
  expect((await one(device.id)).state).toBe("online");
});

test("cutting a device off: refused at once with the reason, told in the list, written into the audit log", async () => {
  const device = await enrolled();
  const path = `/api/v1/organisations/${organisation}/devices/${device.id}/revoke`;
  expect((await owner.post(path, { reason: "Lost laptop." })).status).toBe(200);
  const answer = await device.send(device.sign(Buffer.from("{}"), { encoding: null, now: clock.now() }));
  expect(told(answer)).toMatchObject({ status: 403, code: "DEVICE_REVOKED" });
  expect(answer.text).toContain("Lost laptop.");
  expect(await one(device.id)).toMatchObject({ state: "revoked", revokedReason: "Lost laptop." });
  const audit = await owner.get<{ items: { action: string; subject: string }[] }>(
    `/api/v1/organisations/${organisation}/audit`,
  );
  expect(audit.body.items.filter(({ subject }) => subject === device.id).map(({ action }) => action)).toEqual([
    "device.revoke",
    "device.enrol",
  ]);
});

test("export tells of each device, and erasure leaves none and shuts the door to them", async () => {
  const gone = (await server.organisation("Gone")).id;
  const device = await enrolled(gone);
  const { store } = server.stores;
  const exported = await store.organisation(gone, async (tx) => collect(exportDevices(tx, gone)));
  expect(exported.map(({ table }) => table)).toEqual(["devices.device", "devices.presence"]);
  await store.organisation(gone, (tx) => eraseDevices(server.platform, tx, gone));
  expect(await store.organisation(gone, async (tx) => collect(exportDevices(tx, gone)))).toEqual([]);
  const report = device.batch(1, [], { kind: "edge.health", body: health });
  const answer = await device.send(device.sign(Buffer.from(report), { encoding: null, now: clock.now() }));
  expect(told(answer).code).toBe("DEVICE_UNKNOWN");
});
