import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { offer as remote } from "@yagura/remote/charges.ts";
import { offer as security } from "@yagura/security/charges.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import { pdfPages } from "../../../testkit/src/pdf-text.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import { exportEntitlements, eraseEntitlements } from "./organisation-data.ts";

let office: Office;
let organisation: OrganisationId;
let owner: Client;
let viewer: Client;
beforeAll(async () => {
  office = await openOffice("2021-04-25T03:00:00Z", [security, remote]);
  organisation = (await office.organisation("株式会社髙﨑製作所")).id;
  owner = await office.member(organisation, "owner@customer.test", "owner");
  viewer = await office.member(organisation, "viewer@customer.test", "viewer");
});
afterAll(async () => {
  await closePrinters();
  await office.stop();
});

const base = (): string => `/api/v1/organisations/${organisation}`;
async function contractOf(service: string, plan: string, items: Readonly<Record<string, number>>): Promise<string> {
  const made = await office.clerk.post<{ id: string }>(`${base()}/contracts`, { service, plan, items });
  expect(made.status, made.text).toBe(201);
  return `${base()}/contracts/${made.body.id}`;
}
const actions = async (): Promise<string[]> => {
  const { rows } = await office.platform.store.provider((tx) =>
    sql<{
      action: string;
    }>`select action from server.audit_entry where organisation_id = ${organisation} order by sequence`.execute(tx),
  );
  return rows.map(({ action }) => action);
};

test("SEC-53 customers use and free their seats, viewers only look; each act stands in the audit", async () => {
  const contract = await contractOf("security", "endpoint", { "seat-1": 1 });
  const used = await owner.post<{ id: string }>(`${contract}/seats`, { identifier: "PC-001", name: "営業" });
  expect([used.status, used.body]).toMatchObject([201, { identifier: "PC-001", from: "2021-04-25", until: null }]);
  const second = await owner.post(`${contract}/seats`, { identifier: "PC-002" });
  expect([second.status, second.body]).toMatchObject([409, { code: "SEATS_USED_UP" }]);
  expect((await viewer.post(`${contract}/seats`, { identifier: "PC-003" })).status).toBe(403);
  expect((await viewer.get(`${contract}/seats`)).body).toMatchObject({ allowed: 1, used: 1, excess: 0 });
  expect((await owner.post(`${contract}/seats/${used.body.id}/free`, {})).status).toBe(200);
  expect((await viewer.get(`${contract}/packs?seats=95`)).body).toMatchObject({
    cheapest: { seats: 100, monthly: 15_000 },
  });
  expect(await actions()).toEqual(expect.arrayContaining(["seat.use", "seat.free"]));
});

test("SEC-58 a device is registered over the API, and its certificate is a document in both languages", async () => {
  const contract = await contractOf("security", "endpoint", { "seat-10": 1 });
  const made = await owner.post<{ id: string }>(`${contract}/insurance`, { mac: "001a2b3c4d5e", device: "PC-001" });
  expect([made.status, made.body]).toMatchObject([201, { mac: "00:1A:2B:3C:4D:5E", state: "to-come" }]);
  for (const [language, fact] of [
    ["ja", "2021年5月1日～2022年4月30日"],
    ["en", "1 May 2021 – 30 Apr 2022"],
  ] as const) {
    const answer = await office.app.inject({
      method: "GET",
      url: `${contract}/insurance/${made.body.id}/certificate`,
      headers: { cookie: `yagura_session=${viewer.cookie}`, "accept-language": language },
    });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "application/pdf"]);
    const said = pdfPages(answer.rawPayload)[0]?.text ?? "";
    expect(said).toContain("00:1A:2B:3C:4D:5E");
    expect(said).toContain(fact);
    expect(said).toContain("株式会社髙﨑製作所");
  }
});

test("SEC-71 customers buy tickets, the staff use them on a support ticket; the fact door keeps the wallet too", async () => {
  const contract = await contractOf("security", "desk", { base: 1 });
  const bought = await owner.post(`${contract}/wallets/purchases`, { item: "ticket-setting", quantity: 2 });
  expect(bought.status, bought.text).toBe(201);
  const use = { item: "ticket-setting", quantity: 1, ticket: "SUP-2104-000017" };
  expect((await owner.post(`${contract}/wallets/uses`, use)).status).toBe(403);
  const support = await office.staff("provider-support");
  const used = await support.post<{ wallets: { item: string; remaining: number }[] }>(`${contract}/wallets/uses`, use);
  expect(used.body.wallets.find(({ item }) => item === "ticket-setting")).toMatchObject({ remaining: 1 });
  const fact = { kind: "ticket-used", on: "2021-04-25", item: "ticket-setting", quantity: 2, ticket: "x" };
  const refused = await office.clerk.post(`${contract}/facts`, { fact });
  expect([refused.status, refused.body]).toMatchObject([409, { code: "TICKETS_USED_UP" }]);
  const facts = await office.clerk.get<{ id: string; fact: { kind: string } }[]>(`${contract}/facts`);
  const purchase = facts.body.find((one) => one.fact.kind === "purchase")?.id ?? "";
  const taken = await office.clerk.post(`${contract}/facts/${purchase}/void`, { reason: "wrong" });
  expect([taken.status, taken.body]).toMatchObject([409, { code: "TICKETS_USED_UP" }]);
});

test("SEC-65 what binds a contract is shown to the customer", async () => {
  const contract = await contractOf("security", "desk", { base: 1 });
  expect((await viewer.get(`${contract}/term?on=2021-06-15`)).body).toMatchObject({
    minimum: { from: "2021-05-01", to: "2022-03-31", remainingMonths: 9, endingToday: { amount: 800_000 } },
  });
});

test("RNS-40 RNS-73 equipment is recorded by the staff and seen by the customer", async () => {
  const contract = await contractOf("remote", "router", { base: 1, hardware: 1 });
  const contractId = contract.split("/").at(-1) ?? "";
  const unit = { contractId, kind: "router", model: "R1", serial: "S-1", deliveredOn: "2021-04-20" };
  expect((await owner.post(`${base()}/equipment`, unit)).status).toBe(403);
  const made = await office.clerk.post<{ id: string }>(`${base()}/equipment`, unit);
  expect([made.status, made.body]).toMatchObject([201, { owner: "provider", risk: "customer", arrangement: "sold" }]);
  const again = await office.clerk.post(`${base()}/equipment`, unit);
  expect([again.status, again.body]).toMatchObject([409, { code: "EQUIPMENT_SERIAL_TAKEN" }]);
  const at = `${base()}/equipment/${made.body.id}`;
  await office.clerk.post(`${at}/events`, { kind: "title-passed", on: "2021-04-22", note: "agreed in writing" });
  const next = await office.clerk.post<{ id: string }>(`${at}/replace`, { serial: "S-2", dispatchedOn: "2021-04-24" });
  expect([next.status, next.body]).toMatchObject([201, { owner: "customer", ownerSince: "2021-04-24", serial: "S-2" }]);
  const list = await viewer.get<{ serial: string; owner: string }[]>(`${base()}/equipment?contract=${contractId}`);
  expect(list.body.map(({ serial, owner: whose }) => [serial, whose])).toEqual([
    ["S-1", "provider"],
    ["S-2", "customer"],
  ]);
  const cases = await viewer.get<{ id: string }[]>(`${base()}/equipment-returns`);
  expect(cases.body).toMatchObject([{ serial: "S-1", dueBy: "2021-05-24", state: "open" }]);
  const offered = await office.clerk.post(`${base()}/equipment-returns/${cases.body[0]?.id}/pickup-offered`, {
    on: "2021-04-25",
  });
  expect(offered.body).toMatchObject({ pickupOfferedOn: "2021-04-25" });
});

test("everything here is exported with its organisation, and erased with it", async () => {
  const { store } = office.platform;
  const exported = await store.organisation(organisation, async (tx) => {
    const tables = new Set<string>();
    for await (const { table } of exportEntitlements(tx, organisation)) tables.add(table);
    return tables;
  });
  expect([...exported].toSorted()).toEqual([
    "commerce.equipment",
    "commerce.equipment_event",
    "commerce.equipment_return",
    "commerce.insured_device",
    "commerce.seat",
  ]);
  await store.organisation(organisation, (tx) => eraseEntitlements(office.platform, tx, organisation));
  const left = await store.organisation(organisation, async (tx) => {
    const rows: unknown[] = [];
    for await (const row of exportEntitlements(tx, organisation)) rows.push(row);
    return rows;
  });
  expect(left).toEqual([]);
});
