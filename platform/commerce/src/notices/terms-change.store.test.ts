import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import type { ConsentItem, DissentOffer, NoticeCheck, OwnTermsChange, TermsChangeItem } from "./shapes.ts";
import { changeById, noteDeemedConsent, settleConsents } from "./terms-change.ts";

let office: Office;
const customers: { id: Uuid; owner: Client }[] = [];
let change: Uuid;
beforeAll(async () => {
  office = await openOffice("2026-11-20T03:00:00Z");
  for (const name of ["a", "b", "c", "d"]) {
    const { id } = await office.organisation(`Customer ${name}`);
    const owner = await office.member(id, `${name}@customer.test`, "owner");
    customers.push({ id, owner });
    await office.platform.store.provider((tx) =>
      sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, started_on,
          created_at)
        values (${newId()}, ${id}, 'sample', 'basic', '{}', ${`SMP-${name}`}, true, 'active', '2026-01-01', now())`.execute(
        tx,
      ),
    );
  }
  const content = Buffer.from("new text").toString("base64");
  const document = { name: "t.txt", mediaType: "text/plain", content };
  await office.clerk.post("/api/v1/provider/terms", {
    service: "sample",
    code: "SMP-v3",
    from: "2027-01-01",
    document,
  });
});
afterAll(() => office.stop());

const path = "/api/v1/provider/terms-changes";
const text = (words: string) => ({ ja: `${words}（日本語）`, en: words });
const body = { service: "sample", code: "SMP-v3", subject: text("New terms"), body: text("What is new.") };
const ownPath = (index: number, rest = ""): string =>
  `/api/v1/organisations/${customers[index]?.id}/terms-changes${rest}`;
const own = async (index: number) =>
  (await customers[index]?.owner.get<{ items: OwnTermsChange[] }>(ownPath(index)))?.body.items ?? [];
const consents = async () =>
  (await office.clerk.get<{ items: ConsentItem[] }>(`${path}/${change}/consents`)).body.items;
const consentOf = async (index: number) =>
  (await consents()).find(({ organisationId }) => organisationId === customers[index]?.id);

describe("COM-22 a change of terms", () => {
  test("a dry run tells whom it concerns; a version that is none, or in force since ever, is not published", async () => {
    const dry = await office.clerk.post<NoticeCheck>(path, { ...body, dryRun: true });
    expect(dry.body).toMatchObject({ recipients: 4, given: 0, earliestOn: "2026-11-21", rule: "SMP-10" });
    expect((await office.clerk.post(path, { ...body, code: "none" })).body).toMatchObject({
      code: "TERMS_VERSION_UNKNOWN",
    });
    expect((await office.clerk.post(path, { ...body, code: "SMP-v1" })).body).toMatchObject({
      code: "TERMS_CHANGE_UNDATED",
    });
    expect((await office.clerk.post(path, { ...body, code: "SMP-v2" })).body).toMatchObject({
      code: "NOTICE_TOO_LATE",
    });
  });

  test("SEC-03 it is published once; each customer is shown the text, and it is known when and how", async () => {
    const made = await office.clerk.post<{ change: TermsChangeItem }>(path, body);
    expect(made.body.change).toMatchObject({ effectiveOn: "2027-01-01", shown: 4, consented: 0, dissent: true });
    change = made.body.change.id;
    expect((await office.clerk.post(path, body)).body).toMatchObject({ code: "TERMS_CHANGE_PUBLISHED" });
    expect(await own(0)).toMatchObject([
      {
        subject: "New terms（日本語）",
        state: "shown",
        shownAt: "2026-11-20T03:00:00.000Z",
        dissentUntil: "2026-12-31",
      },
    ]);
    expect(await consentOf(0)).toMatchObject({ channel: "web", shownAt: "2026-11-20T03:00:00.000Z", readAt: null });
  });

  test("UTM-02 A-UTM-2 a customer that dissents in time is offered to end its contracts by the day", async () => {
    const offer = await customers[0]?.owner.post<DissentOffer>(ownPath(0, `/${change}/dissent`), {
      reason: "too dear",
    });
    expect(offer?.body).toMatchObject({ effectiveOn: "2027-01-01", contracts: [{ number: "SMP-a" }] });
    expect(offer?.body.sentence.en).toContain("2026-12-31");
    expect(await consentOf(0)).toMatchObject({ state: "dissented", ground: null, evidence: "too dear" });
  });

  test("consent expressly counts at once; taken as given only once the terms are in force", async () => {
    expect((await customers[1]?.owner.post(ownPath(1, `/${change}/consent`)))?.status).toBe(204);
    expect(await consentOf(1)).toMatchObject({ state: "consented", ground: "express" });
    const keep = { organisation: customers[2]?.id, ground: "use", evidence: "log" };
    expect((await office.clerk.post(`${path}/${change}/consents`, keep)).body).toMatchObject({
      code: "CONSENT_TOO_EARLY",
    });
    expect((await office.clerk.post(`${path}/${change}/consents`, { ...keep, organisation: newId() })).status).toBe(
      404,
    );
  });

  test("SEC-03 a payment after the day, else no objection until it: consent with its ground; dissent stays", async () => {
    office.clock.advance(43 * 86_400_000);
    const { store, clock } = office.platform;
    const pay = (on: string) =>
      store.organisation(customers[2]?.id ?? "", (tx) =>
        noteDeemedConsent(
          { tx, now: new Date(clock.now()) },
          { organisation: customers[2]?.id ?? "", service: "sample", ground: "payment", evidence: "payment 1", on },
        ),
      );
    await pay("2026-12-31");
    expect(await consentOf(2)).toMatchObject({ state: "shown" });
    await pay("2027-01-01");
    expect(await consentOf(2)).toMatchObject({ state: "consented", ground: "payment", evidence: "payment 1" });
    expect(await settleConsents(office.platform)).toBe(1);
    expect(await settleConsents(office.platform)).toBe(0);
    expect(await consentOf(3)).toMatchObject({ ground: "no-objection", evidence: "no objection until 2026-12-31" });
    expect(await consentOf(0)).toMatchObject({ state: "dissented" });
    const late = await office.clerk.post(ownPath(3, `/${change}/dissent`), {});
    expect(late.body).toMatchObject({ code: "DISSENT_TOO_LATE" });
  });

  test("a change of a service that one has nothing to do with is not there", async () => {
    const stranger = (await office.clerk.post<{ id: string }>("/api/v1/organisations", { name: "Stranger" })).body.id;
    const list = await office.clerk.get<{ items: object[] }>(`/api/v1/organisations/${stranger}/terms-changes`);
    expect(list.body.items).toEqual([]);
    const refused = await office.clerk.post(`/api/v1/organisations/${stranger}/terms-changes/${change}/dissent`, {});
    expect(refused.status).toBe(404);
    expect(await office.platform.store.provider((tx) => changeById(tx, newId()))).toBeNull();
  });
});
