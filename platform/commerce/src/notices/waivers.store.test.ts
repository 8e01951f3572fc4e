import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import type { OwnNotice, WaiverDone } from "./shapes.ts";

let office: Office;
const customers: Uuid[] = [];
beforeAll(async () => {
  office = await openOffice("2026-11-20T03:00:00Z");
  for (const address of ["石川県珠洲市1", "石川県金沢市2", "東京都千代田区3"]) {
    const { id } = await office.organisation(address);
    customers.push(id);
    await office.platform.store.provider((tx) =>
      sql`insert into commerce.customer (organisation_id, kind, corporate_number, details, updated_at)
        values (${id}, 'corporation', '1000000000009', ${JSON.stringify({ address, holder: "h", contact: "c" })}::jsonb,
          now())`.execute(tx),
    );
    await addContract(id, `SMP-${address}`);
  }
});
afterAll(() => office.stop());

const addContract = (organisation: Uuid, number: string, endedOn: string | null = null) =>
  office.platform.store.provider((tx) =>
    sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, started_on,
        ended_on, created_at)
      values (${newId()}, ${organisation}, 'sample', 'basic', '{}', ${number}, true, 'active', '2026-01-01',
        ${endedOn}::date, now())`.execute(tx),
  );
const path = "/api/v1/provider/waivers";
const body = {
  service: "sample",
  percent: 100,
  areas: ["石川県"],
  from: "2026-11-01",
  lastDay: "2027-01-31",
  reference: "告知 12",
  reason: { ja: "地震のため", en: "because of the earthquake" },
};
const post = async (url: string, input: object = {}) =>
  (await office.admin.post<WaiverDone & { code?: string }>(url, input)).body;
const facts = async () =>
  (
    await office.platform.store.provider((tx) =>
      sql`select k.number, f.on_day::text as "on", f.payload, f.voided_at is not null as void
        from commerce.contract_fact f join commerce.contract k on k.id = f.contract_id where f.kind = 'waiver'
        order by k.number`.execute(tx),
    )
  ).rows;

test("UTM-52 COM-29 a waiver by service, area and days: dry, published as facts and notices, extended, reversed", async () => {
  expect(await post(path, { ...body, dryRun: true })).toMatchObject({ contracts: 2, customers: 2, waiver: null });
  expect(await facts()).toEqual([]);
  expect(await post(path, { ...body, areas: ["沖縄県"] })).toMatchObject({ code: "WAIVER_NOBODY" });
  expect(await post(path, { ...body, lastDay: "2026-10-31" })).toMatchObject({ code: "DATED_CHANGE_RANGE" });

  const { waiver } = await post(path, body);
  expect(waiver).toMatchObject({ contracts: 2, state: "active" });
  const payload = { percent: 100, until: "2027-01-31", reference: "告知 12" };
  expect(await facts()).toEqual([
    { number: "SMP-石川県珠洲市1", on: "2026-11-01", payload, void: false },
    { number: "SMP-石川県金沢市2", on: "2026-11-01", payload, void: false },
  ]);
  const own = await office.admin.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${customers[0]}/notices`);
  expect(own.body.items).toMatchObject([{ kind: "waiver", body: expect.stringContaining("地震のため") }]);
  const theirs = await office.admin.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${customers[2]}/notices`);
  expect(theirs.body.items).toEqual([]);

  await addContract(customers[0] as Uuid, "SMP-new");
  await addContract(customers[0] as Uuid, "SMP-over", "2026-10-31");
  expect(await post(`${path}/${waiver?.id}/extend`)).toMatchObject({ contracts: 1, numbers: ["SMP-new"] });
  expect(await post(`${path}/${waiver?.id}/extend`)).toMatchObject({ contracts: 0, waiver: { contracts: 3 } });

  const reversed = await post(`${path}/${waiver?.id}/reverse`, { reason: "published by mistake" });
  expect(reversed).toMatchObject({ contracts: 3, waiver: { state: "reversed", contracts: 0 } });
  expect((await facts()).every((fact) => (fact as { void: boolean }).void)).toBe(true);
  expect(await post(`${path}/${waiver?.id}/reverse`, { reason: "again" })).toMatchObject({ code: "WAIVER_REVERSED" });
  expect(await post(`${path}/${waiver?.id}/extend`)).toMatchObject({ code: "WAIVER_REVERSED" });
});
