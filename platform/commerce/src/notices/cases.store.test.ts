import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import { tasksOf } from "../contracts/tasks.ts";
import { mayUse } from "./data-use.ts";
import type { CaseDetail, CaseItem, DataUseItem, SubcontractorItem } from "./shapes.ts";

let office: Office;
let customer: Uuid;
let owner: Client;
let contract: Uuid;
beforeAll(async () => {
  office = await openOffice("2026-11-20T03:00:00Z");
  customer = (await office.organisation("株式会社お客さま")).id;
  owner = await office.member(customer, "owner@customer.test", "owner");
  contract = newId();
  await office.platform.store.provider((tx) =>
    sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, started_on,
        created_at)
      values (${contract}, ${customer}, 'sample', 'basic', '{}', 'SMP-1', true, 'active', '2026-01-01', now())`.execute(
      tx,
    ),
  );
});
afterAll(() => office.stop());

const path = "/api/v1/provider/cases";
const open = async (kind: string, change: object = {}) =>
  (await office.admin.post<CaseDetail>(path, { organisation: customer, kind, subject: "a case", ...change })).body;
const step = async (id: string, body: object, person: Client = office.admin) =>
  (await person.post<CaseDetail & { code?: string; detail?: string }>(`${path}/${id}/steps`, body)).body;

describe("COM-25 SEC-25 disclosure of held data", () => {
  test("asked, identity checked, answered (also that nothing is held), the fee billed by a fact of the contract", async () => {
    const { id } = await open("disclosure", { contract, request: { who: "山田 太郎" } });
    expect(await step(id, { kind: "answered", held: false })).toMatchObject({
      code: "CASE_STEP_REFUSED",
      detail: expect.stringContaining("identity-checked"),
    });
    await step(id, { kind: "identity-checked", note: "driving licence" });
    expect(await step(id, { kind: "answered" })).toMatchObject({ code: "CASE_NEEDS" });
    const answered = await step(id, { kind: "answered", held: false, postage: 110 });
    expect(answered.state).toBe("answered");
    expect(answered.steps.map(({ kind }) => kind)).toEqual(["opened", "identity-checked", "answered", "fee-billed"]);
    const facts = await office.platform.store.provider((tx) =>
      sql`select kind, on_day::text as "on", payload, source from commerce.contract_fact
        where contract_id = ${contract}`.execute(tx),
    );
    expect(facts.rows).toEqual([
      { kind: "document-issued", on: "2026-11-20", payload: { item: "disclosure", postage: 110 }, source: "case" },
    ]);
    await step(id, { kind: "delivered", note: "by post" });
    expect(await step(id, { kind: "closed" })).toMatchObject({ state: "closed", closedAt: "2026-11-20T03:00:00.000Z" });
    expect(await step(id, { kind: "note", note: "later" })).toMatchObject({ code: "CASE_STEP_REFUSED" });
  });

  test("an identity that cannot be proved ends it; a customer asks for itself", async () => {
    const own = `/api/v1/organisations/${customer}/cases`;
    const asked = await owner.post<CaseItem>(own, { kind: "disclosure", subject: "my data" });
    expect(asked.body).toMatchObject({ state: "open", rule: "COM-25" });
    expect(await step(asked.body.id, { kind: "identity-refused" })).toMatchObject({ state: "refused" });
    expect((await owner.post(own, { kind: "deletion", subject: "x" })).status).toBe(422);
    expect((await owner.get<{ items: CaseItem[] }>(own)).body.items).toHaveLength(2);
    expect((await owner.get(path)).status).toBe(403);
  });
});

test("RNS-30 confidential material is returned or destroyed on instruction, with a certificate", async () => {
  const { id } = await open("confidentiality");
  await step(id, { kind: "instructed", note: "destroy" });
  expect(await step(id, { kind: "certified", note: "shredded" })).toMatchObject({ code: "CASE_NEEDS" });
  expect(await step(id, { kind: "certified", outcome: "destroyed", evidence: newId() })).toMatchObject({
    code: "NOT_FOUND",
  });
  const certified = await step(id, { kind: "certified", outcome: "destroyed", note: "certificate 12" });
  expect(certified).toMatchObject({ state: "answered", rule: "RNS-30" });
  expect(certified.steps.at(-1)?.detail).toMatchObject({ outcome: "destroyed" });
});

describe("RNS-23 deletion of a customer's data", () => {
  test("needs the approval of a second person", async () => {
    const second = await office.staff("provider-operator");
    const { id } = await open("deletion", { contract });
    expect(await step(id, { kind: "approved" }, second)).toMatchObject({ code: "CASE_NEEDS" });
    await step(id, { kind: "approval-asked", note: "false statement (RNS-21)" });
    expect(await step(id, { kind: "carried-out", note: "x" })).toMatchObject({ code: "CASE_STEP_REFUSED" });
    expect(await step(id, { kind: "approved" })).toMatchObject({ code: "CASE_SECOND_PERSON" });
    expect(await step(id, { kind: "approved" }, office.clerk)).toMatchObject({ code: "CASE_SECOND_PERSON" });
    expect(await step(id, { kind: "approved" }, second)).toMatchObject({ state: "approved" });
    // The staff have it on their list until the case tells that it was carried out.
    const tasks = () =>
      office.platform.store.provider((tx) => tasksOf(tx, { organisation: customer, audience: "staff" }));
    expect(await tasks()).toMatchObject([{ kind: "deletion", rule: "RNS-23", state: "open", contractId: contract }]);
    const done = await step(id, { kind: "carried-out", note: "mail store of site 1" });
    expect(done.state).toBe("answered");
    expect(await tasks()).toMatchObject([{ kind: "deletion", state: "done" }]);
    expect(done.steps.map(({ kind }) => kind)).toEqual(["opened", "approval-asked", "approved", "carried-out"]);
  });

  test("is asked for by a person who signed in: who made a token would be its second person", async () => {
    const { id } = await open("deletion");
    const asked = await step(id, { kind: "approval-asked", note: "x" }, office.clerk);
    expect(asked).toMatchObject({ code: "CASE_NEEDS", detail: expect.stringContaining("a person who signed in") });
    expect(await step(id, { kind: "approved" })).toMatchObject({ code: "CASE_NEEDS" });
  });

  test("or is rejected", async () => {
    const { id } = await open("deletion");
    await step(id, { kind: "approval-asked", note: "x" });
    expect(await step(id, { kind: "rejected" })).toMatchObject({ state: "refused" });
  });
});

test("a case of a contract that is another's is refused", async () => {
  const other = (await office.organisation("Other")).id;
  const refused = await office.admin.post(path, { organisation: other, contract, kind: "disclosure", subject: "x" });
  expect(refused.status).toBe(404);
});

test("COM-27 the list of subcontractors, which customers read as it stands today", async () => {
  const add = (name: string, from: string) =>
    office.admin.post<SubcontractorItem>("/api/v1/provider/subcontractors", {
      name,
      task: { ja: "設定作業", en: "setting work" },
      from,
    });
  const first = await add("株式会社設定", "2026-01-01");
  await add("株式会社将来", "2027-01-01");
  const own = async () =>
    (await owner.get<{ items: SubcontractorItem[] }>(`/api/v1/organisations/${customer}/subcontractors`)).body.items;
  expect((await own()).map(({ name }) => name)).toEqual(["株式会社設定"]);
  const end = `/api/v1/provider/subcontractors/${first.body.id}/end`;
  expect((await office.admin.post(end, { until: "2025-01-01" })).body).toMatchObject({ code: "DATED_CHANGE_RANGE" });
  expect((await office.admin.post(end, { until: "2026-11-20" })).body).toMatchObject({ until: "2026-11-20" });
  expect(await own()).toEqual([]);
});

test("UTM-79 UTM-81 marketing can be switched off; what the service needs cannot", async () => {
  const uses = `/api/v1/organisations/${customer}/data-uses`;
  const set = (purpose: string, allowed: boolean) =>
    owner.call<{ items: DataUseItem[]; code?: string }>("PUT", `${uses}/${purpose}`, { allowed });
  expect((await owner.get<{ items: DataUseItem[] }>(uses)).body.items.every(({ allowed }) => allowed)).toBe(true);
  expect((await set("campaigns", false)).body.items.find(({ purpose }) => purpose === "campaigns")).toMatchObject({
    allowed: false,
    changedAt: "2026-11-20T03:00:00.000Z",
  });
  expect((await set("service", false)).body).toMatchObject({ code: "DATA_USE_REQUIRED" });
  expect((await set("nothing", false)).status).toBe(404);
  const may = (purpose: string) => office.platform.store.provider((tx) => mayUse(tx, customer, purpose));
  expect([await may("campaigns"), await may("service"), await may("nothing")]).toEqual([false, true, false]);
});
