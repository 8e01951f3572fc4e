/** Every route of every room, taken from the route tables: each role, tokens, and another organisation's ids. */
import { randomBytes } from "node:crypto";
import { Validator } from "@seriousme/openapi-schema-validator";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeFindings } from "@yagura/alerts/alerts.ts";
import { alertsRoom } from "@yagura/alerts/room.ts";
import { newId } from "@yagura/core/ids.ts";
import { commerceRoom } from "@yagura/commerce/room.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { enrol } from "@yagura/devices/enrol.ts";
import { deviceRoutes, deviceScopes } from "@yagura/devices/routes.ts";
import { experience } from "@yagura/experience/index.ts";
import { ot } from "@yagura/ot/index.ts";
import { otIngest } from "@yagura/ot/ingest.ts";
import { watchOf } from "@yagura/ot/watch/watch.ts";
import { remote } from "@yagura/remote/index.ts";
import { security } from "@yagura/security/index.ts";
import { listRoutes, type HostOptions } from "@yagura/server/host.ts";
import type { Route } from "@yagura/server/route.ts";
import { routeFixtures } from "@yagura/testkit/route-fixtures.ts";
import { tryEveryRoute, type RouteFixtures } from "@yagura/testkit/routes.ts";
import { testClock, testServer, type TestServer } from "@yagura/testkit/server.ts";
import { utm } from "@yagura/utm/index.ts";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { rooms } from "../../programs/control-plane/src/rooms.ts";
import { exampleOfGuide } from "../support/ot-declared.ts";
import { modbusTalk, uploader } from "../support/ot.ts";

const clock = testClock();
const devices = createDevices({ clock, fingerprint: () => null });
const services = [experience, security, remote, ot, utm];
const commerce = commerceRoom({
  hooks: Object.fromEntries(services.map((service) => [service.id, service.contracts])),
  offers: services.flatMap(({ offer }) => (offer === undefined ? [] : [offer])),
  devices,
});
const alerts = alertsRoom([], "public");
const tables: Pick<HostOptions, "routes" | "scopes"> = {
  routes: [
    // These use nothing of the platform but what each request brings.
    ...deviceRoutes({} as never, devices),
    ...commerce.routes,
    ...alerts.routes,
    ...services.flatMap((service) => service.routes(devices)),
  ],
  scopes: [deviceScopes, commerce.scopes, alerts.scopes, ...services.map((service) => service.scopes)],
};

/** Where not just any body that has the right shape is for everybody whom the route lets in. */
const bodies: Readonly<Record<string, unknown>> = {
  // Staff in the field record what happened there; the office records the rest.
  "POST /api/v1/organisations/:organisation/contracts/:contract/facts": {
    fact: { kind: "installed", on: "2026-11-20" },
  },
};

let server: TestServer;
let fixtures: RouteFixtures;
let routes: readonly Route[];

beforeAll(async () => {
  server = await testServer({
    ...tables,
    clock,
    migrations: rooms(services).filter(({ room }) => room !== "server"),
  });
  await commerce.prepare(server.platform);
  const table = listRoutes({ platform: server.platform, ...tables });
  routes = table.routes;
  const common = await routeFixtures(server, table.scopes);
  const things = await everythingOf(common.foreign);
  fixtures = {
    ...common,
    foreignId: (route, name) =>
      common.foreignId?.(route, name) ?? things.get(route.path.includes("/devices") ? "device" : name),
    body: (route) => bodies[`${route.method} ${route.path}`] ?? common.body?.(route),
    secrets: [...common.secrets, ...things.values()],
  };
});
afterAll(() => server.stop());

/** One of each thing that an organisation can have, by the name of its path parameter and of the fields that name it. */
async function everythingOf(organisation: string): Promise<Map<string, string>> {
  const base = `/api/v1/organisations/${organisation}`;
  const ids = new Map<string, string>();
  const make = async <T extends { id: string }>(kind: string, url: string, body: object): Promise<T> => {
    const made = await server.admin.post<T>(`${base}${url}`, body);
    if (made.status >= 300) throw new Error(`${kind}: ${made.text}`);
    for (const name of [kind, `${kind}Id`, `${kind}Ids`]) ids.set(name, made.body.id);
    return made.body;
  };
  const contract = await make<{ id: string; number: string }>("contract", "/contracts", { service: "experience" });
  const tenant = await make("tenant", "/experience/tenants", { name: "t" });
  const holder = { name: "h" };
  const named = { tenantId: tenant.id, contractNumber: contract.number, label: "PC-1", holder };
  const agent = await make("agent", "/experience/agents", named);
  const probe = { kind: "http", url: "https://www.example.jp/" };
  const target = await make("target", "/experience/targets", { tenantId: tenant.id, name: "web", probe });
  await make("session", "/experience/sessions", { agentId: agent.id, targetId: target.id });
  const invited = await server.admin.post<{ key: string }>(`${base}/experience/agents/${agent.id}/invitation`, {});
  const { device } = await enrol(
    {
      wire: 1,
      key: readEnrolmentKey(invited.body.key)?.secret ?? "",
      publicKey: randomBytes(32).toString("base64url"),
      program: "agent",
      version: "0.1.0",
      hostname: "pc-1",
      platform: "linux x64",
    },
    "192.0.2.7",
    {
      platform: server.platform,
      devices,
      enrolled: { experience: experience.deviceEnrolled ?? (async () => undefined) },
    },
  );
  await factoryOf(organisation, base, ids);
  await entitlementsOf(base, contract.id, ids);
  await moneyOf(base, ids);
  await lifeOf(base, contract.id, ids);
  await alertsOf(organisation, ids);
  return ids.set("device", device).set("contractNumber", contract.number);
}

/** An incident and a way of being told. */
async function alertsOf(organisation: string, ids: Map<string, string>): Promise<void> {
  const at = clock.now();
  await server.platform.store.organisation(organisation, (tx) =>
    takeFindings(tx, server.platform, [
      {
        kind: "sample.trouble",
        subject: { kind: "thing", id: "1" },
        organisation,
        dedupeKey: "one",
        since: at,
        severity: "bad",
        confidence: 1,
        parameters: {},
        evidence: [],
      },
    ]),
  );
  const base = `/api/v1/organisations/${organisation}`;
  const incidents = await server.admin.get<{ items: { id: string }[] }>(`${base}/alerts`);
  const channels = await server.admin.get<{ items: { id: string }[] }>(`${base}/alert-channels`);
  ids.set("incident", incidents.body.items[0]?.id ?? "").set("channel", channels.body.items[0]?.id ?? "");
}

/** A factory with a sensor, two devices that were seen, something that was found, and what people said about it. */
async function factoryOf(organisation: string, base: string, ids: Map<string, string>): Promise<void> {
  const made = async (name: string, url: string, body: object): Promise<void> => {
    const answer = await server.admin.post<{ id: string }>(`${base}/ot${url}`, body);
    if (answer.status >= 300) throw new Error(`${name}: ${answer.text}`);
    ids.set(name, answer.body.id);
  };
  await server.admin.post(`${base}/contracts`, { service: "ot", plan: "sensor", items: { basic: 1 } });
  const sensors = await server.admin.get<{ id: string; siteId: string }[]>(`${base}/ot/sensors`);
  const sensor = sensors.body[0];
  if (sensor === undefined) throw new Error(`sensor: ${sensors.text}`);
  const site = sensor.siteId;
  const device = newId();
  await server.platform.store.organisation(organisation, async (tx) => {
    await sql`insert into ot.sensor_device (device_id, organisation_id, sensor_id, site_id, since)
      values (${device}, ${organisation}, ${sensor.id}, ${site}, ${new Date(clock.now())})`.execute(tx);
  });
  const { given } = modbusTalk();
  const to = clock.now();
  const upload = uploader({ device, organisation });
  await otIngest.stored?.(
    [upload({ from: to - 10_000, to }, ["10.0.0.1", "10.0.0.2", "FOREIGN-PLC", "eth1"], given)],
    server.platform,
  );
  await watchOf(server.platform).settled();
  const assets = await server.admin.get<{ items: { id: string }[] }>(`${base}/ot/assets`);
  const asset = assets.body.items[0]?.id ?? "";
  if (asset === "") throw new Error(`asset: ${assets.text}`);
  const finding = newId();
  await server.platform.store.organisation(organisation, (tx) =>
    sql`insert into ot.finding (id, organisation_id, site_id, kind, severity, confidence, state, subject_kind, subject_id,
        dedupe_key, since, last_at, count, parameters, evidence, asset_ids)
      values (${finding}, ${organisation}, ${site}, 'ot.device.new', 'notice', 1, 'open', 'asset', ${asset}, 'FOREIGN-KEY',
        ${new Date(to)}, ${new Date(to)}, 1, '{}', '[]', array[${asset}::uuid])`.execute(tx),
  );
  ids.set("site", site).set("siteId", site).set("sensor", sensor.id);
  ids.set("asset", asset).set("assetId", asset).set("assetIds", asset).set("clientIds", asset).set("finding", finding);
  const until = new Date(to + 86_400_000).toISOString();
  await made("zone", "/zones", { siteId: site, name: "FOREIGN-ZONE" });
  ids.set("zoneId", ids.get("zone") ?? "");
  await made("mute", "/mutes", { siteId: site, reason: "FOREIGN-MUTE", until });
  const rule = { siteId: site, client: "internet", server: null, protocol: null, class: null, kinds: [], reason: "r" };
  await made("rule", "/allow-rules", rule);
  const from = new Date(to).toISOString();
  const permit = {
    siteId: site,
    title: "FOREIGN-WORK",
    who: "w",
    from,
    to: until,
    assetIds: [asset],
    clientIds: [],
    classes: [],
  };
  await made("permit", "/permits", permit);
  await made("parser", "/parsers", { siteId: site, description: { ...exampleOfGuide(), name: "FOREIGN-PROTOCOL" } });
  await made("run", "/what-if", { siteId: site, days: 1, change: {} });
  const file = Buffer.from("no capture");
  const capture = await server.admin.call<{ id: string }>("POST", `${base}/ot/captures?name=FOREIGN.pcap`, file, {
    "content-type": "application/vnd.tcpdump.pcap",
  });
  if (capture.status !== 201) throw new Error(`capture: ${capture.text}`);
  ids.set("capture", capture.body.id);
}

/** A unit of equipment that was replaced, so that another has to come back. */
async function entitlementsOf(base: string, contractId: string, ids: Map<string, string>): Promise<void> {
  const unit = { contractId, kind: "router", model: "R1", serial: "FOREIGN-1", arrangement: "owned-by-customer" };
  const { id } = (await server.admin.post<{ id: string }>(`${base}/equipment`, unit)).body;
  const replacement = { serial: "FOREIGN-2", dispatchedOn: "2026-11-01" };
  const made = await server.admin.post(`${base}/equipment/${id}/replace`, replacement);
  const cases = await server.admin.get<{ id: string }[]>(`${base}/equipment-returns`);
  if (made.status !== 201 || cases.body[0] === undefined) throw new Error(`equipment: ${made.text}`);
  ids.set("equipment", id).set("return", cases.body[0].id);
}

/** What is asked for about a contract, handed in and to be done. */
async function lifeOf(base: string, contractId: string, ids: Map<string, string>): Promise<void> {
  const at = `${base}/contracts/${contractId}`;
  const made = async (name: string, url: string, body: unknown, headers?: Record<string, string>): Promise<void> => {
    const answer = await server.admin.call<{ id: string } | { id: string }[]>("POST", url, body, headers);
    if (answer.status >= 300) throw new Error(`${name}: ${answer.text}`);
    ids.set(name, (Array.isArray(answer.body) ? answer.body[0] : answer.body)?.id ?? "");
  };
  const pdf = { "content-type": "application/pdf" };
  await made("evidence", `${base}/evidence?name=foreign.pdf`, Buffer.from("%PDF-1.7"), pdf);
  const line = { service: "ot", plan: "sensor", fields: {} };
  await made("application", `${base}/applications`, { channel: "form", lines: [line] });
  const fact = { kind: "pickup-offered", on: "2026-11-01", unit: "FOREIGN-1" };
  await made("fact", `${at}/facts`, { fact });
  const changes = [{ kind: "quantity", item: "agent", quantity: 1 }];
  await made("order", `${at}/change-orders`, { effectiveOn: "2099-01-01", changes });
  const successors = [{ name: "FOREIGN-HEIR", kind: "corporation", address: "東京都千代田区1-1" }];
  const transfer = { how: "succession", effectiveOn: "2099-01-01", successors, evidence: [ids.get("evidence")] };
  await made("transfer", `${at}/transfers`, transfer);
  await made("cancellation", `${at}/cancellations`, { desiredOn: "2099-02-01", confirmedSum: 0 });
  const router = await server.admin.post<{ id: string }>(`${base}/contracts`, { service: "remote", plan: "router" });
  const today = new Date(clock.now() + 9 * 3_600_000).toISOString().slice(0, 10);
  await server.admin.post(`${base}/contracts/${router.body.id}/end`, { on: today });
  const tasks = await server.admin.get<{ id: string }[]>(`${base}/tasks`);
  ids.set("task", tasks.body[0]?.id ?? "");
  if (ids.get("task") === "") throw new Error(`task: ${tasks.text}`);
}

/** Money that came in without a bill, and goes back. */
async function moneyOf(base: string, ids: Map<string, string>): Promise<void> {
  const paid = { paidOn: "2026-11-01", amount: 777, way: "transfer", reference: "FOREIGN-PAYER" };
  const { payment } = (await server.admin.post<{ payment: { id: string } }>(`${base}/payments`, paid)).body;
  const refund = { amount: 7, on: "2026-11-02" };
  const made = await server.admin.post<{ id: string }>(`${base}/payments/${payment.id}/refunds`, refund);
  if (made.status !== 201) throw new Error(`refund: ${made.text}`);
  ids.set("payment", payment.id).set("refund", made.body.id).set("payer", "FOREIGN-PAYER");
}

test("every route refuses whom it must, lets in whom it may, and tells nothing of others", async () => {
  expect(routes.length).toBeGreaterThan(75);
  expect(await tryEveryRoute(routes, fixtures)).toEqual([]);
});

test("the published OpenAPI document of all rooms is valid", async () => {
  const answer = await server.client().get<{ paths: Record<string, unknown> }>("/openapi.json");
  const result = await new Validator().validate(answer.body);
  expect(result).toMatchObject({ valid: true });
  const paths = new Set(routes.map((route) => route.path.replace(/:(\w+)/g, "{$1}")));
  expect(Object.keys(answer.body.paths).toSorted()).toEqual([...paths].toSorted());
});
