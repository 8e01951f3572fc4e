/** Protocols that a customer declares for a site (OT-N10): kept, told to the sensors, tried, named in the history, removed. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { tcpConversation } from "@yagura/packets/build/conversation.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { until } from "@yagura/testkit/until.ts";
import { bytesOf } from "../../../../tests/support/dissect.ts";
import { conveyorMessages as kb, exampleOfGuide } from "../../../../tests/support/ot-declared.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { analyseCapture } from "../captures.ts";
import { retain } from "../organisation-data.ts";
import type { DeclaredParser, ParserTrial } from "../wire/api-declared.ts";
import type { FindingView } from "../wire/api-findings.ts";
import type { CaptureUpload } from "../wire/api-register.ts";
import { protocols } from "../wire/vocabulary.ts";

const DAY = 86_400_000;
const example = exampleOfGuide();
let plant: Plant;
let customer: Customer;
let other: Customer;
let reader: Client;
const at = ({ organisation }: Customer): string => `/api/v1/organisations/${organisation}/ot`;
beforeAll(async () => {
  plant = await openPlant();
  customer = await plant.customer();
  other = await plant.customer();
  reader = await plant.member(customer.organisation, "reader@example.com", "viewer");
});
afterAll(() => plant.stop());

const code = (answer: { body: unknown }): unknown => (answer.body as { code?: string }).code;
const add = (of: Customer, description: unknown = example) =>
  plant.admin.post<DeclaredParser>(`${at(of)}/parsers`, { siteId: of.site, description });
const change = (of: Customer, id: string, body: object) =>
  plant.admin.call<DeclaredParser>("PUT", `${at(of)}/parsers/${id}`, body);
const told = async (of: Customer): Promise<unknown> => {
  const { rows } = await plant.stores.store.organisation(of.organisation, (tx) =>
    sql<{ document: { declared?: { slot: number; description: { name: string } }[] } }>`
      select document from devices.configuration where device_id = ${of.device} and service = 'ot'`.execute(tx),
  );
  return (rows[0]?.document.declared ?? []).map(({ slot, description }) => `${slot} ${description.name}`);
};

test("OT-N10 declared, used by the sensors, changed, no longer used; pages hear of it and the log has it", async () => {
  const heard: { t: string; o: string }[] = [];
  const leave = await plant.stores.store.listen("yagura_live", (text) => void heard.push(JSON.parse(text) as (typeof heard)[number])); // prettier-ignore
  const made = await add(customer);
  expect(made.body, made.text).toMatchObject({
    slot: 1,
    protocol: "declared-1",
    enabled: false,
    bits: 30,
    endedAt: null,
  });
  expect(JSON.stringify(made.body.description), "as it was written").toBe(JSON.stringify(example));
  await until(() => heard.find(({ t, o }) => t === "ot.parser" && o === customer.organisation) ?? null);
  await leave();
  expect(await told(customer)).toEqual([]);
  const { id } = made.body;
  expect((await change(customer, id, { enabled: true })).body).toMatchObject({ enabled: true });
  expect(await told(customer)).toEqual(["1 KB controller"]);
  await change(customer, id, { description: { ...example, name: "KB line 2" } });
  expect(await told(customer)).toEqual(["1 KB line 2"]);
  await change(customer, id, { enabled: false, description: example });
  expect(await told(customer)).toEqual([]);
  await change(customer, id, { enabled: true });
  const { rows } = await plant.stores.store.organisation(customer.organisation, (tx) =>
    sql<{ action: string }>`select action from server.audit_entry where organisation_id = ${customer.organisation}
      and action like 'ot-parser.%' order by sequence`.execute(tx),
  );
  expect(rows.map(({ action }) => action)).toEqual([
    "ot-parser.create",
    ...Array.from({ length: 4 }, () => "ot-parser.change"),
  ]);
});

test("OT-N10 what is no description is refused with the place", async () => {
  const wrong = await add(customer, { ...example, reply: { by: "none" } });
  expect([wrong.status, code(wrong)]).toEqual([422, "PARSER_REFUSED"]);
  expect((wrong.body as unknown as { fields: unknown }).fields).toContainEqual({
    pointer: "/body/description/error",
    message: "error can never be so with the rest of the description",
  });
  expect((await add(customer, { ...example, run: "1 + 1" })).status).toBe(422);
  expect((await add(customer, { ...example, name: "<b>" })).status).toBe(422);
});

test("OT-N10 another organisation sees and changes none of it; who may only read changes nothing", async () => {
  const [mine] = (await plant.admin.get<DeclaredParser[]>(`${at(customer)}/parsers?site=${customer.site}`)).body;
  const id = mine?.id ?? "";
  expect((await plant.admin.get<DeclaredParser[]>(`${at(other)}/parsers?site=${other.site}`)).body).toEqual([]);
  expect((await plant.admin.get(`${at(other)}/parsers?site=${customer.site}`)).status).toBe(404);
  expect((await change(other, id, { enabled: false })).status).toBe(404);
  expect((await plant.admin.delete(`${at(other)}/parsers/${id}`)).status).toBe(404);
  expect((await plant.admin.get(`${at(other)}/parsers/${id}/tests`)).status).toBe(404);
  expect((await add({ ...other, site: customer.site })).status).toBe(404);
  expect((await reader.get<DeclaredParser[]>(`${at(customer)}/parsers?site=${customer.site}`)).body).toHaveLength(1);
  expect((await reader.post(`${at(customer)}/parsers`, { siteId: customer.site, description: example })).status).toBe(
    403,
  );
  expect((await reader.delete(`${at(customer)}/parsers/${id}`)).status).toBe(403);
});

test("OT-N10 a declared critical command is a finding with the declared names, and so is the history", async () => {
  const { texts, given } = modbusTalk();
  const declared = protocols["declared-1"].id;
  const talk = { ...given.conversations?.[0], port: 9_750, protocol: declared };
  const stop = { ...given.commands?.[0], port: 9_750, protocol: declared, code: 32, low: -1, high: -1 };
  const upload = uploader(customer);
  const [began, to] = [plant.clock.now() - 20_000, plant.clock.now()];
  await plant.upload([
    upload({ from: began, to: began + 10_000 }, texts, given),
    upload({ from: began + 10_000, to }, texts, { ...given, conversations: [talk], commands: [stop] }),
  ]);
  const findings = (await plant.admin.get<{ items: FindingView[] }>(`${at(customer)}/findings?site=${customer.site}`))
    .body.items;
  const stopped = findings.find(({ parameters }) => parameters["command"] === "Stop conveyor");
  expect(stopped, JSON.stringify(findings.map(({ kind }) => kind))).toMatchObject({
    kind: "ot.device.stopped",
    parameters: { protocol: "KB controller" },
  });
  const span = `site=${customer.site}&from=${new Date(to - 3_600_000).toISOString()}&to=${new Date(to + 3_600_000).toISOString()}`;
  const commands = await plant.admin.get<{ items: { protocol: string; name: string; critical: boolean }[] }>(
    `${at(customer)}/commands?${span}&protocol=declared-1`,
  );
  expect(commands.body.items, commands.text).toMatchObject([
    { protocol: "declared-1", name: "Stop conveyor", critical: true },
  ]);
  const map = await plant.admin.get<{ edges: { critical: boolean; protocols: string[] }[] }>(
    `${at(customer)}/map?${span}`,
  );
  expect(map.body.edges.find(({ protocols: spoken }) => spoken.includes("declared-1"))).toMatchObject({
    critical: true,
  });
});

test("OT-N10 tried with a capture, and read in a one-off analysis of the site", async () => {
  const ends = {
    client: { mac: "02:00:00:00:00:01", address: "192.0.2.1" },
    server: { mac: "02:00:00:00:00:02", address: "192.0.2.2" },
    serverPort: 9_750,
  };
  const pcap = writePcap(
    tcpConversation(ends, [
      { from: "client", bytes: bytesOf(kb.identify) },
      { from: "server", bytes: bytesOf(kb.identity) },
      { from: "client", bytes: bytesOf(kb.stop) },
    ]),
  );
  const post = (path: string) =>
    plant.admin.call<CaptureUpload>("POST", `${at(customer)}${path}`, Buffer.from(pcap), {
      "content-type": "application/octet-stream",
    });
  const [parser] = (await plant.admin.get<DeclaredParser[]>(`${at(customer)}/parsers?site=${customer.site}`)).body;
  const tests = `/parsers/${parser?.id ?? ""}/tests`;
  const trial = await post(`${tests}?name=kb.pcap`);
  expect(trial.status, trial.text).toBe(201);
  const whole = await post(`/captures?name=kb.pcap&site=${customer.site}`);
  const plain = await post("/captures?name=kb.pcap");
  for (const { body } of [trial, whole, plain]) await analyseCapture(plant.platform, customer.organisation, body.id);
  const result = async (id: string) =>
    (await plant.admin.get<{ capture: CaptureUpload; result: unknown }>(`${at(customer)}/captures/${id}`)).body;
  const tried = await result(trial.body.id);
  expect(tried.capture).toMatchObject({ state: "done", error: null });
  const { name, messages, functions, identities } = tried.result as ParserTrial;
  expect([name, messages, functions.map((one) => one.name)]).toEqual([
    "KB controller",
    3,
    ["Who are you", "Stop conveyor"],
  ]);
  expect(identities).toContainEqual({ address: "192.0.2.2", attribute: "model", value: "KB-100" });
  expect(((await result(whole.body.id)).result as { commands: unknown[] }).commands).toContainEqual(
    expect.objectContaining({ name: "Stop conveyor", critical: true }),
  );
  expect(((await result(plain.body.id)).result as { commands: unknown[] }).commands).toEqual([]);
  expect((await plant.admin.get<CaptureUpload[]>(`${at(customer)}${tests}`)).body.map(({ id }) => id)).toEqual([
    trial.body.id,
  ]);
  const listed = (await plant.admin.get<CaptureUpload[]>(`${at(customer)}/captures`)).body.map(({ id }) => id);
  expect(listed.toSorted()).toEqual([whole.body.id, plain.body.id].toSorted());
}, 120_000);

test("OT-N10 a removed one keeps its names and its slot until nothing of it is kept", async () => {
  const [mine] = (await plant.admin.get<DeclaredParser[]>(`${at(customer)}/parsers?site=${customer.site}`)).body;
  const id = mine?.id ?? "";
  expect((await plant.admin.delete(`${at(customer)}/parsers/${id}`)).status).toBe(204);
  expect(await told(customer)).toEqual([]);
  expect(code(await change(customer, id, { enabled: true }))).toBe("PARSER_ENDED");
  expect(code(await plant.admin.delete(`${at(customer)}/parsers/${id}`))).toBe("PARSER_ENDED");
  const next = await add(customer, { ...example, name: "Another" });
  expect(next.body).toMatchObject({ slot: 2, protocol: "declared-2" });
  const names = (await plant.admin.get<DeclaredParser[]>(`${at(customer)}/parsers?site=${customer.site}`)).body;
  expect(names.map(({ slot, description, endedAt }) => [slot, description.name, endedAt === null])).toEqual([
    [1, "KB controller", false],
    [2, "Another", true],
  ]);
  const { organisation } = customer;
  const learned = async (): Promise<number> =>
    (
      await plant.stores.store.organisation(organisation, (tx) =>
        sql`select key from ot.learned where site_id = ${customer.site} and key like '%declared-1%'`.execute(tx),
      )
    ).rows.length;
  expect(await learned()).toBeGreaterThan(0);
  await retain(plant.platform, organisation, 90, new Date(plant.clock.now() + 399 * DAY));
  expect((await add(customer)).body).toMatchObject({ slot: 3 });
  await retain(plant.platform, organisation, 90, new Date(plant.clock.now() + 401 * DAY));
  expect((await add(customer)).body).toMatchObject({ slot: 1 });
  expect(await learned()).toBe(0);
  const spoken = await plant.stores.store.organisation(organisation, (tx) =>
    sql<{ all: string[] }>`select document->'protocols' as all from ot.asset where site_id = ${customer.site}`.execute(
      tx,
    ),
  );
  expect(spoken.rows.flatMap(({ all }) => all)).not.toContain("declared-1");
});

test("OT-N10 a site has sixteen, and two at once never the same slot", async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => add(other)));
  expect(answers.map(({ body }) => body.slot).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  await plant.stores.store.organisation(other.organisation, async (tx) => {
    for (let slot = 5; slot <= 16; slot++)
      await sql`insert into ot.declared_parser (id, organisation_id, site_id, slot, description, enabled, created_at, created_by,
          changed_at, changed_by)
        values (${newId()}, ${other.organisation}, ${other.site}, ${slot}, ${JSON.stringify(example)}::json, false, now(), 'x', now(),
          'x')`.execute(tx);
  });
  expect(code(await add(other))).toBe("PARSERS_FULL");
});
