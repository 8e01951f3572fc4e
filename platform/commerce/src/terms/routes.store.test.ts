import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { billMonth } from "../../../../tests/support/billed.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import { samplePlan } from "../../../../tests/support/sample-offer.ts";
import { loadTables } from "./load.ts";
import { isOffered, requireOffered } from "./offering.ts";
import type { DatedChange, OfferingItem, TermsDetail, TermsItem } from "./shapes.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());

const at = (path: string): string => `/api/v1/provider${path}`;
const post = <T = Record<string, unknown>>(path: string, body: object) => office.admin.post<T>(at(path), body);
const get = <T>(path: string) => office.admin.get<T>(at(path));
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const document = (text: string) => ({ name: "terms.txt", mediaType: "text/plain", content: base64(text) });

describe("rates, calendars and settings", () => {
  test("COM-09 a tax rate from a day: dry, then for good, with its history", async () => {
    const body = { class: "taxable", rate: "12%", from: "2028-04-01", reason: "law of 2027" };
    const dry = await post<DatedChange>("/tax-rates", { ...body, dryRun: true });
    expect(dry.body).toMatchObject({ effect: "changed", applied: false, before: "10%", after: "12%" });
    expect((await post<DatedChange>("/tax-rates", body)).body.applied).toBe(true);
    expect((await post<DatedChange>("/tax-rates", body)).body).toMatchObject({ effect: "same", applied: false });
    const { body: rates } = await get<{ items: unknown[] }>("/tax-rates");
    expect(rates.items.slice(-2)).toEqual([
      { class: "taxable", rate: "10%", from: "2019-10-01", until: "2028-04-01" },
      { class: "taxable", rate: "12%", from: "2028-04-01", until: null },
    ]);
    const history = await get<{ items: object[] }>("/terms-history?kind=tax-rate");
    expect(history.body.items).toMatchObject([
      { key: "taxable", effect: "changed", from: "2028-04-01", before: "10%", after: "12%", reason: "law of 2027" },
    ]);
  });

  test("UTM-42 the statutory rate is continued by the next notice", async () => {
    const body = { rate: "4%", source: "notice of 2029", from: "2029-04-01" };
    expect((await post<DatedChange>("/statutory-rates", body)).body).toMatchObject({ effect: "new", applied: true });
    const { body: rates } = await get<{ items: object[] }>("/statutory-rates");
    expect(rates.items.at(-1)).toEqual({ rate: "4%", source: "notice of 2029", from: "2029-04-01", until: null });
  });

  test("COM-16 UTM-60 hours from a day, a designated day and its end", async () => {
    const hours = {
      name: { ja: "窓口", en: "desk" },
      weekdays: [1, 2, 3, 4, 5, 6],
      opens: "09:00",
      closes: "18:00",
      closedOn: ["national-holiday", "designated"],
      yearEnd: { from: "12-29", to: "01-04" },
    };
    const changed = await post<DatedChange>("/calendars/activities", {
      service: "sample",
      activity: "desk",
      hours,
      from: "2027-04-01",
    });
    expect(changed.body).toMatchObject({ effect: "changed", applied: true });
    const made = await post<{ id: string; provisional: boolean }>("/calendars/closed-days", {
      day: "2027-08-13",
      kind: "designated",
      name: { ja: "夏季休業", en: "summer holidays" },
    });
    expect(made.status).toBe(201);
    const calendar = () => get<{ activities: object[]; closedDays: { day: string }[] }>("/calendars?year=2027");
    expect((await calendar()).body.activities).toHaveLength(2);
    expect((await calendar()).body.closedDays.map(({ day }) => day)).toContain("2027-08-13");
    expect((await office.admin.delete(at(`/calendars/closed-days/${made.body.id}`))).status).toBe(204);
    expect((await calendar()).body.closedDays.map(({ day }) => day)).not.toContain("2027-08-13");
    expect((await office.admin.delete(at(`/calendars/closed-days/${made.body.id}`))).status).toBe(404);
  });

  test("COM-16 holidays that are not announced yet are marked as computed", async () => {
    const days = async (year: number) =>
      (await get<{ closedDays: { provisional: boolean }[] }>(`/calendars?year=${year}`)).body.closedDays;
    expect((await days(2027)).every(({ provisional }) => !provisional)).toBe(true);
    expect((await days(2028)).every(({ provisional }) => provisional)).toBe(true);
  });

  test("a reading is chosen from its choices, from a day; what was never set may hold since ever", async () => {
    const reading = { service: "sample", key: "rounding", value: "month" };
    expect((await post("/settings", { ...reading, value: "x" })).body).toMatchObject({ code: "SETTING_CHOICE" });
    expect((await post("/settings", reading)).body).toMatchObject({ code: "SETTING_FROM_NEEDED" });
    expect((await post("/settings", { ...reading, from: "2027-01-01" })).body).toMatchObject({
      effect: "changed",
      before: "segment",
      after: "month",
    });
    expect((await post("/settings", { key: "anything", value: { a: [1, null] } })).body).toMatchObject({
      effect: "new",
      from: null,
    });
    const { body } = await get<{ items: object[] }>("/settings?service=sample&on=2027-01-01");
    expect(body.items).toMatchObject([
      { service: null, key: "anything", value: { a: [1, null] } },
      { key: "rounding", value: "month", reading: "A-SMP-1", choices: [{ value: "segment" }, { value: "month" }] },
    ]);
  });
});

test.each([
  { key: "due", value: { monthsAfter: "1", day: "last" }, pointer: "/body/value/monthsAfter" },
  { key: "anchor", value: 32, pointer: "/body/value" },
  { key: "late-interest", value: { rate: "14.5" }, pointer: "/body/value/rate" },
  { key: "withdrawal-notice-days", value: -1, pointer: "/body/value" },
  { key: "designated-days", value: { yearEnd: { from: "12-32", to: "01-04" } }, pointer: "/body/value/yearEnd/from" },
])("a setting $key that no rule can read is refused when it is set", async ({ key, value, pointer }) => {
  const refused = await post<{ code: string; fields: { pointer: string }[] }>("/settings", {
    service: "sample",
    key,
    value,
  });
  expect(refused.body.code).toBe("SETTING_INVALID");
  expect(refused.body.fields.map((field) => field.pointer)).toContain(pointer);
});

describe("versions of terms", () => {
  test("COM-02 a new version from a day: the one in force ends, parameters are taken over, the text is kept", async () => {
    const plan = { ...samplePlan, name: { ja: "基本", en: "renamed" } };
    const body = {
      service: "sample",
      code: "SMP-v3",
      from: "2027-04-01",
      parameters: { "plan:basic": plan, quota: { seats: 5 } },
      document: document("the text of April"),
    };
    const dry = await post<DatedChange>("/terms", { ...body, dryRun: true });
    expect(dry.body).toMatchObject({ applied: false, before: "SMP-v2", after: "SMP-v3" });
    const made = await post<{ id: string }>("/terms", body);
    expect(made.body).toMatchObject({ applied: true, effect: "changed" });
    const { body: list } = await get<{ items: TermsItem[] }>("/terms?service=sample");
    expect(list.items.map(({ code, from, until }) => [code, from, until])).toEqual([
      ["SMP-v1", null, "2026-01-01"],
      ["SMP-v2", "2026-01-01", "2027-04-01"],
      ["SMP-v3", "2027-04-01", null],
    ]);
    const { body: shown } = await get<TermsDetail>(`/terms/${made.body.id}`);
    expect(shown).toMatchObject({
      known: true,
      plans: [{ plan: "basic", name: { en: "renamed" }, orderable: true }],
      parameters: { quota: { seats: 5 } },
      copies: [{ name: "terms.txt", bytes: 17, copiedOn: "2026-11-20" }],
    });
    expect(shown.textHash).toBe(shown.copies[0]?.sha256);
    const text = await get(`/terms/${made.body.id}/documents/${shown.copies[0]?.id}`);
    expect(text.text).toBe("the text of April");
    expect(text.headers["content-disposition"]).toMatch(/^attachment/);
  });

  test.each([
    { name: "a name twice", change: { code: "SMP-v1", from: "2028-01-01" }, code: "TERMS_CODE_TAKEN" },
    { name: "a day twice", change: { from: "2026-01-01" }, code: "TERMS_VERSION_SAME_DAY" },
    { name: "no such base", change: { basedOn: "SMP-v9" }, code: "TERMS_VERSION_UNKNOWN" },
    {
      name: "a plan that is none",
      change: { parameters: { "plan:basic": { a: 1 } } },
      code: "TERMS_PARAMETER_INVALID",
    },
    { name: "no base64", change: { document: { ...document("x"), content: "***" } }, code: "TERMS_DOCUMENT_INVALID" },
    { name: "no such service", change: { service: "other" }, code: "TERMS_SERVICE_UNKNOWN" },
  ])("refused: $name", async ({ change, code }) => {
    const body = { service: "sample", code: "SMP-x", from: "2029-01-01", document: document("x"), ...change };
    expect((await post("/terms", body)).body).toMatchObject({ code });
  });

  test("OST-22 a dated copy of a document; the same file on the same day is one copy", async () => {
    const { body: list } = await get<{ items: TermsItem[] }>("/terms?service=sample");
    const id = list.items[0]?.id;
    for (const copiedOn of ["2025-01-01", "2025-01-01", "2025-06-01"]) {
      await post(`/terms/${id}/documents`, { ...document("specification"), copiedOn });
    }
    const { body } = await get<TermsDetail>(`/terms/${id}`);
    expect(body.copies.map(({ copiedOn }) => copiedOn)).toEqual(["2025-06-01", "2025-01-01"]);
  });
});

test("UTM-86 SEC-73 the text of a version of which only the date was known is supplied once; then it computes", async () => {
  const id = newId();
  await office.platform.store.provider(async (tx) => {
    await sql`insert into commerce.service_version (id, service, code, in_force, source_document, text_hash, known)
      values (${id}, 'older', 'OLD-1', daterange('2019-01-01', '2020-01-01'), 'revision 1', ${"0".repeat(64)}, false)`.execute(
      tx,
    );
  });
  const supply = (parameters: object) =>
    post<TermsDetail & { code: string }>(`/terms/${id}/text`, {
      document: document("found in the archive"),
      parameters,
    });
  expect((await get<TermsDetail>(`/terms/${id}`)).body).toMatchObject({ known: false, plans: [] });
  expect((await supply({ "plan:basic": {} })).body.code).toBe("TERMS_PARAMETER_INVALID");
  const done = (await supply({ "plan:basic": samplePlan })).body;
  expect(done).toMatchObject({ known: true, plans: [{ plan: "basic" }], sourceDocument: "terms.txt" });
  expect(done.textHash).toBe(done.copies[0]?.sha256);
  const { terms } = await office.platform.store.provider(loadTables);
  expect(terms.find(({ code }) => code === "OLD-1")).toMatchObject({ plans: { basic: { items: {} } } });
  expect((await supply({})).status).toBe(409);
});

test("OST-22 customers read the terms of their own services and their documents, and of no others", async () => {
  const { id: organisation } = await office.organisation("株式会社読者");
  const owner = await office.member(organisation, "reader@customer.test", "owner");
  await office.platform.store.provider((tx) =>
    sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, started_on,
        created_at)
      values (${newId()}, ${organisation}, 'sample', 'basic', '{}', 'SMP-9', true, 'active', '2026-01-01', now())`.execute(
      tx,
    ),
  );
  const path = `/api/v1/organisations/${organisation}/terms`;
  const { items } = (await owner.get<{ items: TermsDetail[] }>(path)).body;
  expect(items.map(({ code }) => code)).toEqual(["SMP-v1", "SMP-v2", "SMP-v3"]);
  const version = items.find(({ copies }) => copies.length > 0);
  const file = await owner.get(`${path}/${version?.id}/documents/${version?.copies[0]?.id}`);
  expect(file.text).toBe("specification");
  expect((await owner.get(`${path}/${version?.id}/documents/${newId()}`)).status).toBe(404);
});

describe("COM-30 offering", () => {
  const offering = async (on: string) =>
    (await get<{ items: OfferingItem[] }>(`/offering?on=${on}`)).body.items.find(({ service }) => service === "sample");

  test("a service is not switched on before everything is set; the refusal lists all of it", async () => {
    expect(await offering("2027-04-01")).toMatchObject({
      offered: false,
      missing: [
        { key: "due", kind: "setting", suggestion: { monthsAfter: 1, day: "last" } },
        { key: "price:basic/initial", kind: "price" },
        { key: "activity:business", kind: "activity" },
      ],
    });
    const refused = await post<{ fields: { pointer: string }[] }>("/offering/sample", {
      offered: true,
      from: "2027-04-01",
    });
    expect(refused.body).toMatchObject({ code: "SERVICE_INCOMPLETE" });
    expect(refused.body.fields.map(({ pointer }) => pointer)).toEqual([
      "/required/due",
      "/required/price:basic~1initial",
      "/required/activity:business",
    ]);
  });

  test("once it is set it is switched on from a day, and off again; the provider's own organisation is never asked", async () => {
    await post("/settings", { service: "sample", key: "due", value: { monthsAfter: 1, day: "last" } });
    await post("/prices", { service: "sample", plan: "basic", item: "initial", amount: 3000, from: "2027-01-01" });
    const { activities } = (await get<{ activities: { service: string; activity: string }[] }>("/calendars")).body;
    const {
      service: _service,
      activity: _activity,
      from: _from,
      until: _until,
      ...hours
    } = activities[0] as Record<string, unknown>;
    await post("/calendars/activities", { service: "sample", activity: "business", hours, from: "2020-01-01" });
    expect((await post("/offering/sample", { offered: true, from: "2026-12-01" })).body).toMatchObject({
      code: "SERVICE_INCOMPLETE",
      detail: expect.stringContaining("price:basic/initial"),
    });
    expect((await post("/offering/sample", { offered: true, from: "2027-04-01" })).body).toMatchObject({
      applied: true,
    });
    await post("/offering/sample", { offered: false, from: "2028-04-01" });
    const { store } = office.platform;
    const offered = await store.provider(async (tx) => [
      await isOffered(tx, "sample", "2027-03-31"),
      await isOffered(tx, "sample", "2027-04-01"),
      await isOffered(tx, "sample", "2028-04-01"),
    ]);
    expect(offered).toEqual([false, true, false]);
    const ask = (internal: boolean) => store.provider((tx) => requireOffered(tx, "sample", "2027-03-31", { internal }));
    await expect(ask(false)).rejects.toMatchObject({ code: "SERVICE_NOT_OFFERED" });
    await expect(ask(true)).resolves.toBeUndefined();
  });
});

test("COM-02 what is billed does not change without being asked", async () => {
  await billMonth(office.platform.store, "2026-10-01");
  const tax = { class: "taxable", rate: "9%", from: "2026-10-31" };
  expect((await post("/tax-rates", tax)).body).toMatchObject({ code: "DATED_CHANGE_PAST" });
  expect((await post("/tax-rates", { ...tax, dryRun: true })).body).toMatchObject({
    reachesBilled: true,
    applied: false,
  });
  expect((await post("/tax-rates", { ...tax, from: "2026-11-01" })).body).toMatchObject({ reachesBilled: false });
  expect((await post("/tax-rates", { ...tax, confirmPast: true })).body).toMatchObject({ applied: true });
  const day = { day: "2026-10-30", kind: "designated", name: { ja: "休業", en: "closed" } };
  expect((await post("/calendars/closed-days", day)).body).toMatchObject({ code: "DATED_CHANGE_PAST" });
});

test("who reads terms does not write them", async () => {
  const support = await office.staff("provider-support");
  expect((await support.get(at("/tax-rates"))).status).toBe(200);
  expect((await support.post(at("/tax-rates"), { class: "taxable", rate: "1%", from: "2030-01-01" })).status).toBe(403);
  const organisation = await office.organisation("株式会社お客さま");
  const owner = await office.member(organisation.id, "owner@customer.test", "owner");
  expect((await owner.get(at("/tax-rates"))).status).toBe(403);
  const own = await owner.get<{ items: TermsDetail[] }>(`/api/v1/organisations/${organisation.id}/terms`);
  expect(own.body.items).toEqual([]);
});

test("prices over HTTP: a file with a dry run, its export, and the timeline of a price", async () => {
  const csv = "service,plan,item,amount,from\nsample,basic,seat,260,2030-01-01\n";
  const send = (query: string) =>
    office.admin.call("POST", at(`/price-books?book=http-1${query}`), csv, {
      "content-type": "text/csv",
    });
  expect((await send("&dryRun=true")).body).toMatchObject({ applied: false, counts: { changed: 1 } });
  expect((await send("")).body).toMatchObject({ applied: true });
  expect((await get<{ items: object[] }>("/prices?item=seat&on=2030-01-01")).body.items).toMatchObject([
    { amount: 260, book: "http-1", itemName: { en: "seat" }, planName: { en: "renamed" } },
  ]);
  const file = await get("/price-books/export?format=csv");
  expect(file.headers["content-type"]).toMatch(/text\/csv/);
  expect(file.text).toMatch(/sample,basic,seat,260,,2030-01-01,/);
  expect((await get<{ items: { code: string }[] }>("/price-books")).body.items.map(({ code }) => code)).toContain(
    "http-1",
  );
});
