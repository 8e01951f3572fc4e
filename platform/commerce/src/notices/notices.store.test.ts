import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import { sampleOffer } from "../../../../tests/support/sample-offer.ts";
import { followMails } from "./evidence.ts";
import { giveNotice } from "./give.ts";
import type { NoticeCheck, NoticeDetail, OwnNotice } from "./shapes.ts";
import { tellCustomer } from "./tell.ts";

let office: Office;
let customer: Uuid;
let contract: Uuid;
let owner: Client;
beforeAll(async () => {
  office = await openOffice("2026-11-20T03:00:00Z");
  customer = (await office.organisation("株式会社お客さま")).id;
  owner = await office.member(customer, "owner@customer.test", "owner");
  contract = await addContract(customer);
});
afterAll(() => office.stop());

async function addContract(organisation: Uuid, state = "active"): Promise<Uuid> {
  const id = newId();
  await office.platform.store.provider(async (tx) => {
    await sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state,
        started_on, created_at)
      values (${id}, ${organisation}, 'sample', 'basic', '{}', ${id}, true, ${state}, '2026-01-01', now())`.execute(tx);
  });
  return id;
}
/** Registered details, as the customer's application gave them. */
const register = (organisation: Uuid) =>
  office.platform.store.provider((tx) =>
    sql`insert into commerce.customer (organisation_id, kind, corporate_number, details, updated_at)
      values (${organisation}, 'corporation', '1000000000009', ${JSON.stringify({
        holder: "株式会社登録",
        address: "東京都千代田区1-1",
        contact: "山田 太郎",
        mail: "registered@customer.test",
      })}::jsonb, now())`.execute(tx),
  );

const notices = "/api/v1/provider/notices";
const text = (words: string) => ({ ja: `${words}（日本語）`, en: words });
const base = {
  service: "sample",
  kind: "suspension",
  channel: "web",
  subject: text("Suspension"),
  body: text("We suspend the service."),
  announcesOn: "2026-12-01",
  statements: { reason: "arrears", period: "until payment" },
};
const give = <T = NoticeCheck & { code?: string; detail?: string }>(change: object = {}) =>
  office.admin.post<T>(notices, { ...base, organisation: customer, contract, ...change });
const show = async (id: string) => (await office.admin.get<NoticeDetail>(`${notices}/${id}`)).body;

describe("COM-15 SEC-19 a notice is checked before it is given", () => {
  test.each([
    { name: "no reason", change: { statements: { period: "x" } }, code: "NOTICE_STATEMENT_MISSING" },
    {
      name: "no day",
      change: { announcesOn: undefined, statements: { ...base.statements, date: "2026-12-01" } },
      code: "NOTICE_DATE_NEEDED",
    },
    { name: "on the day itself", change: { announcesOn: "2026-11-20" }, code: "NOTICE_TOO_LATE" },
    { name: "a way that the rule does not have", change: { kind: "terms", channel: "post" }, code: "NOTICE_CHANNEL" },
    {
      name: "an emergency where there is none",
      change: { kind: "withdrawal", emergency: true },
      code: "NOTICE_EMERGENCY_REFUSED",
    },
    { name: "a kind that is none", change: { kind: "greeting" }, code: "NOTICE_KIND_UNKNOWN" },
    { name: "a letter without an address", change: { channel: "post" }, code: "NOTICE_ADDRESS_MISSING" },
    { name: "nobody's", change: { organisation: newId(), contract: undefined }, code: "NOT_FOUND" },
  ])("refused: $name", async ({ change, code }) => {
    expect((await give(change)).body.code).toBe(code);
  });

  test("RNS-19 too late: the refusal names the earliest possible day", async () => {
    const refused = await give({ kind: "withdrawal", announcesOn: "2027-01-19", statements: {} });
    expect(refused.body).toMatchObject({ code: "NOTICE_TOO_LATE", detail: expect.stringContaining("2027-01-20") });
    const dry = await give({ kind: "withdrawal", announcesOn: "2027-01-20", statements: {}, dryRun: true });
    expect(dry.body).toMatchObject({ earliestOn: "2027-01-20", given: 0, recipients: 1, rule: "SMP-12" });
  });

  test("SEC-19 an emergency needs no time before, and still has to state why", async () => {
    expect((await give({ announcesOn: "2026-11-20", emergency: true })).body).toMatchObject({ given: 1 });
    expect((await give({ announcesOn: "2026-11-20", emergency: true, statements: {} })).body.code).toBe(
      "NOTICE_STATEMENT_MISSING",
    );
  });
});

describe("SEC-24 when it takes effect, and how it is proved", () => {
  test("on the web: when posted; the customer's own words, read once", async () => {
    const { body } = await give();
    const id = body.ids[0] ?? "";
    expect(await show(id)).toMatchObject({
      state: "sent",
      effectiveAt: "2026-11-20T03:00:00.000Z",
      statements: { reason: "arrears", date: "2026-12-01", period: "until payment" },
      delivery: "posted",
    });
    office.clock.advance(60_000);
    const own = await owner.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${customer}/notices`);
    expect(own.body.items[0]).toMatchObject({ id, readAt: null });
    const path = `/api/v1/organisations/${customer}/notices/${id}/read`;
    expect((await office.admin.post<OwnNotice>(path)).body.readAt).toBeNull();
    expect((await owner.post<OwnNotice>(path)).body.readAt).toBe("2026-11-20T03:01:00.000Z");
    office.clock.advance(60_000);
    expect((await owner.post<OwnNotice>(path)).body.readAt).toBe("2026-11-20T03:01:00.000Z");
    expect((await show(id)).evidence.map(({ kind }) => kind)).toEqual(["posted", "read"]);
  });

  test("by mail: when sent; a bounce is kept, flags the registered address and does not undo it", async () => {
    const other = (await office.organisation("株式会社登録")).id;
    await register(other);
    const { body } = await give({ organisation: other, contract: undefined, channel: "mail" });
    const id = body.ids[0] ?? "";
    const before = await show(id);
    expect(before).toMatchObject({ delivery: "queued", address: "registered@customer.test" });
    const { store } = office.platform;
    await store.provider((tx) =>
      sql`update server.outbox set state = 'failed', error = '550 no such user' where recipient = 'registered@customer.test'`.execute(
        tx,
      ),
    );
    expect(await followMails(office.platform)).toBe(1);
    expect(await followMails(office.platform)).toBe(0);
    const after = await show(id);
    expect(after).toMatchObject({ delivery: "bounced", effectiveAt: before.effectiveAt });
    expect(after.effect.en).toMatch(/counts as given all the same/);
    const { rows } = await store.provider((tx) =>
      sql<{ bounced: object[] }>`select bounced from commerce.customer where organisation_id = ${other}`.execute(tx),
    );
    expect(rows[0]?.bounced).toMatchObject([
      { channel: "mail", on: "2026-11-20", note: expect.stringContaining("550") },
    ]);
    await office.admin.post(`${notices}/${id}/evidence`, { kind: "bounced", detail: "once more" });
    const again = await store.provider((tx) =>
      sql<{
        n: number;
      }>`select jsonb_array_length(bounced) as n from commerce.customer where organisation_id = ${other}`.execute(tx),
    );
    expect(again.rows[0]?.n).toBe(1);
  });

  test("by post: a print file, and given when it was posted", async () => {
    const other = (await office.organisation("株式会社郵送")).id;
    await register(other);
    const { body } = await give({ organisation: other, contract: undefined, channel: "post" });
    const id = body.ids[0] ?? "";
    expect(await show(id)).toMatchObject({ state: "to-print", sentAt: null, effectiveAt: null });
    const hidden = await office.admin.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${other}/notices`);
    expect(hidden.body.items).toEqual([]);
    const pdf = await office.admin.get(`${notices}/${id}/print`);
    expect(pdf.headers["content-type"]).toBe("application/pdf");
    expect(pdf.text.slice(0, 5)).toBe("%PDF-");
    const posted = { kind: "sent", detail: "registered letter 123", at: "2026-11-20T08:00:00Z" };
    expect((await office.admin.post<NoticeDetail>(`${notices}/${id}/evidence`, posted)).body).toMatchObject({
      state: "sent",
      sentAt: "2026-11-20T08:00:00.000Z",
      effectiveAt: "2026-11-20T08:00:00.000Z",
    });
  });

  test("another way: the time that the notice names", async () => {
    const { body } = await give({ channel: "other", namedTime: "2026-11-25T00:00:00Z" });
    expect((await show(body.ids[0] ?? "")).effectiveAt).toBe("2026-11-25T00:00:00.000Z");
  });
});

describe("to everybody", () => {
  test("SEC-20 RNS-19 UTM-25 everybody with a living contract gets a copy in the own language; the provider's own organisation none", async () => {
    const english = (await office.organisation("Living Inc.")).id;
    const ended = (await office.organisation("Ended Inc.")).id;
    await addContract(english);
    await addContract(office.internal);
    await addContract(ended, "awaiting-start");
    await office.platform.store.provider(async (tx) => {
      await sql`update server.organisation set language = 'en' where id = ${english}`.execute(tx);
      await sql`update commerce.contract set ended_on = '2026-02-01', cancelled_on = '2026-02-01'
        where organisation_id = ${ended}`.execute(tx);
    });
    const body = {
      ...base,
      kind: "withdrawal",
      announcesOn: "2027-06-30",
      organisation: undefined,
      contract: undefined,
    };
    const given = (await office.admin.post<NoticeCheck>(notices, body)).body;
    expect(given).toMatchObject({ recipients: 2, given: 2 });
    const list = await office.admin.get<{ items: { organisationId: string; subject: string }[]; total: number }>(
      `${notices}?kind=withdrawal&state=sent`,
    );
    expect(list.body.total).toBe(2);
    expect(list.body.items.find(({ organisationId }) => organisationId === english)?.subject).toBe("Suspension");
    expect(list.body.items.find(({ organisationId }) => organisationId === customer)?.subject).toMatch(/日本語/);
  });
});

test("other folders give a notice inside their own transaction, also a customer's", async () => {
  const { store, clock } = office.platform;
  const run = (fail: boolean) =>
    store.organisation(customer, async (tx) => {
      const given = await giveNotice(
        {
          tx,
          now: new Date(clock.now()),
          actor: { kind: "system", name: "test" },
          platform: office.platform,
          offers: [sampleOffer],
        },
        { ...base, channel: "mail", organisation: customer, contract, emergency: true },
      );
      if (fail) throw new Error("taken back");
      return given;
    });
  await expect(run(true)).rejects.toThrow("taken back");
  const given = await run(false);
  expect(given.effectiveAt).toEqual(new Date(clock.now()));
  expect((await show(given.id)).address).toBe("owner@customer.test");
});

test("COM-15 SEC-19 what a step of a contract tells by mail is kept as a notice, in the customer's own transaction", async () => {
  const { store, clock } = office.platform;
  const tell = (kind: string) =>
    store.organisation(customer, (tx) =>
      tellCustomer(
        {
          tx,
          now: new Date(clock.now()),
          actor: { kind: "system", name: "test" },
          platform: office.platform,
          offers: [sampleOffer],
        },
        {
          organisation: customer,
          contract,
          service: "sample",
          kind,
          mail: { subject: "Stop", text: "The service stops." },
          announcesOn: "2026-12-01",
          statements: { reason: "arrears", period: "until payment" },
        },
      ),
    );
  expect(await show(await tell("suspension"))).toMatchObject({
    rule: "SMP-11",
    channel: "mail",
    delivery: "queued",
    address: "owner@customer.test",
    statements: { reason: "arrears", date: "2026-12-01", period: "until payment" },
    effectiveAt: "2026-11-20T03:02:00.000Z",
  });
  expect(await show(await tell("resumption"))).toMatchObject({ rule: "COM-15", kind: "resumption" });
});

test("nobody sees another's notices", async () => {
  const stranger = (await office.organisation("Stranger")).id;
  const client = await office.member(stranger, "owner@stranger.test", "owner");
  const own = await client.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${stranger}/notices`);
  expect(own.body.items).toEqual([]);
  const theirs = await owner.get<{ items: OwnNotice[] }>(`/api/v1/organisations/${customer}/notices`);
  const path = `/api/v1/organisations/${stranger}/notices/${theirs.body.items[0]?.id}/read`;
  expect((await client.post(path)).status).toBe(404);
});

test("a draft is sent later, and refused when its time has passed; what was given is not taken back", async () => {
  const drafts = [];
  for (const announcesOn of ["2026-11-22", "2026-12-01"]) {
    drafts.push((await give({ draft: true, announcesOn })).body.ids[0] ?? "");
  }
  office.clock.advance(2 * 86_400_000);
  const send = (id: string | undefined) => office.clerk.post<NoticeDetail & { code?: string }>(`${notices}/${id}/send`);
  expect((await send(drafts[0])).body.code).toBe("NOTICE_TOO_LATE");
  expect((await send(drafts[1])).body).toMatchObject({ state: "sent" });
  expect((await send(drafts[1])).body.code).toBe("NOTICE_STATE");
  const withdraw = (id: string | undefined) =>
    office.clerk.post<NoticeDetail & { code?: string }>(`${notices}/${id}/withdraw`);
  expect((await withdraw(drafts[0])).body).toMatchObject({ state: "withdrawn", effectiveAt: null });
  expect((await withdraw(drafts[1])).body.code).toBe("NOTICE_STATE");
});

test("a thousand customers are told in a few seconds, each in its own words", async () => {
  await office.platform.store.provider(async (tx) => {
    await sql`insert into server.organisation (id, name, internal, language, created_at)
      select gen_random_uuid(), 'Many ' || n, false, case when n % 2 = 0 then 'ja' else 'en' end, now()
      from generate_series(1, 1000) n`.execute(tx);
    await sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, started_on,
        created_at)
      select gen_random_uuid(), o.id, 'sample', 'basic', '{}', o.id::text, true, 'active', '2026-01-01', now()
      from server.organisation o where o.name like 'Many %'`.execute(tx);
  });
  const began = performance.now();
  const body = { ...base, kind: "withdrawal", announcesOn: "2027-12-31", organisation: undefined, contract: undefined };
  const given = await office.clerk.post<NoticeCheck>(notices, body);
  expect(given.body.given).toBeGreaterThanOrEqual(1000);
  expect(performance.now() - began).toBeLessThan(10_000);
  const { rows } = await office.platform.store.provider((tx) =>
    sql<{ subject: string; n: number; evidence: number }>`select n.subject, count(*)::int as n,
        count(e.id)::int as evidence
      from commerce.notice n left join commerce.notice_evidence e on e.notice_id = n.id
      where n.announcement_id = ${given.body.announcementId} group by n.subject order by n.subject`.execute(tx),
  );
  expect(rows).toMatchObject([{ subject: "Suspension" }, { subject: "Suspension（日本語）" }]);
  for (const { n, evidence } of rows) expect(evidence).toBe(n);
});
