import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "@yagura/testkit/server.ts";
import { openOffice, type Office } from "../../../../tests/support/office.ts";
import { experience, offers, utm } from "../../../../tests/support/offers.ts";
import { orderLine } from "../../../../tests/support/orders.ts";
import { offerServices, setRequired, TEST_PRICE } from "../../../../tests/support/provider-data.ts";
import type { OfferItem } from "./shapes.ts";

let office: Office;
let customer: Client;
let organisation: string;
beforeAll(async () => {
  office = await openOffice("2026-11-20T03:00:00Z", offers);
  organisation = (await office.organisation("Kita Foods")).id;
  customer = await office.member(organisation, "owner@kita.test", "owner");
});
afterAll(() => office.stop());

const list = async (client: Client, path: string): Promise<OfferItem[]> =>
  (await client.get<{ items: OfferItem[] }>(path)).body.items;
const ours = (query = "") => list(customer, `/api/v1/organisations/${organisation}/offers${query}`);
const all = (query = "") => list(office.admin, `/api/v1/provider/offers${query}`);

describe("what can be ordered", () => {
  test("COM-30 nothing at first; activation is refused with the whole list of what is missing", async () => {
    expect(await ours()).toEqual([]);
    expect((await all()).map(({ service, offered }) => [service, offered])).toEqual([
      ["experience", false],
      ["security", false],
      ["remote", false],
      ["ot", false],
      ["utm", false],
    ]);
    for (const offer of offers) {
      const refused = await office.admin.post<{ code: string; fields: { pointer: string }[] }>(
        `/api/v1/provider/offering/${offer.service}`,
        { offered: true, from: "2026-11-20" },
      );
      expect([refused.status, refused.body.code]).toEqual([409, "SERVICE_INCOMPLETE"]);
      expect(refused.body.fields).toHaveLength(offer.required.length);
    }
  });

  test("COM-30 one thing missing is enough to refuse", async () => {
    for (const required of utm.required.slice(1)) await setRequired(office.admin, utm, "2026-04-01", required);
    const refused = await office.admin.post<{ fields: { pointer: string }[] }>("/api/v1/provider/offering/utm", {
      offered: true,
      from: "2026-11-20",
    });
    expect(refused.body.fields.map(({ pointer }) => pointer)).toEqual([`/required/${utm.required[0]?.key}`]);
  });

  test("UTM-03 with everything set the five services can be ordered, with forms, items and prices in force", async () => {
    await offerServices(office.admin, offers, "2026-04-01");
    const found = await ours();
    expect(found.map(({ service, terms, plans }) => [service, terms.code, plans.map(({ plan }) => plan)])).toEqual([
      ["experience", "EXP-v2", ["agent"]],
      ["security", "SEC-2022-08-01", ["endpoint", "cloud-app", "desk"]],
      ["remote", "RNS-v1", ["utm-gateway", "router", "wireless"]],
      ["ot", "OST-v2", ["sensor"]],
      ["utm", "UTM-2025-04-01", ["gateway"]],
    ]);
    const gateway = found.at(-1)?.plans[0];
    expect(gateway?.items.find(({ item }) => item === "base")).toMatchObject({
      monthly: true,
      orderable: true,
      price: { amount: 2_500, display: 2_750 },
    });
    expect(gateway?.longestUse?.yearsByModel).toMatchObject({ ssb10: 5 });
    expect(found.at(-1)?.lists["line-types"]?.[0]).toEqual({
      value: "house-100m",
      text: { ja: "戸建て 100Mbps", en: "house, 100 Mbit/s" },
    });
    expect(found.at(-1)?.lists["areas"]).toEqual([{ value: "大阪府", text: { ja: "大阪府", en: "大阪府" } }]);
    const area = gateway?.form.sections.flatMap(({ fields }) => fields).find(({ name }) => name === "area");
    expect([area?.type, area?.choices?.map(({ value }) => value)]).toEqual(["choice", ["大阪府"]]);
    const router = found[2]?.plans.find(({ plan }) => plan === "router");
    expect(router?.items.every(({ price }) => price?.amount === TEST_PRICE)).toBe(true);
    expect(router?.minimumTerm).toEqual({ rule: "RNS-12", months: 12 });
  });

  test("SEC-02 an order of the endpoint shows the terms of third parties by environment", async () => {
    const [security] = await ours("?service=security");
    const endpoint = security?.plans.find(({ plan }) => plan === "endpoint");
    expect(endpoint?.thirdPartyTerms.map(({ when }) => when?.value)).toEqual(["single-site", "integrated-support"]);
  });

  test("COM-02 OST-20 EXP-01 the form, the items and the names follow the day of the order", async () => {
    const before = (await all("?service=ot&on=2025-07-30"))[0];
    const after = (await all("?service=ot&on=2025-07-31"))[0];
    expect([before?.terms.code, after?.terms.code]).toEqual(["OST-v1", "OST-v2"]);
    expect(before?.plans[0]?.items.some(({ kind }) => kind === "ancillary")).toBe(false);
    expect(after?.plans[0]?.items.some(({ kind }) => kind === "ancillary")).toBe(true);
    const old = (await all("?service=experience&on=2023-07-31"))[0];
    expect(old?.labels["agent"]?.en).toBe("monitoring device");
  });

  test("UTM-86 on a day whose text is not known there is nothing to order", async () => {
    const [found] = await all("?service=utm&on=2022-01-01");
    expect([found?.terms.code, found?.plans]).toEqual(["UTM-2021-05-17", []]);
  });

  test("a service that is switched off is gone for customers and still shown to the provider", async () => {
    await office.admin.post("/api/v1/provider/offering/ot", { offered: false, from: "2026-11-20" });
    expect((await ours()).map(({ service }) => service)).not.toContain("ot");
    expect((await all("?service=ot"))[0]?.offered).toBe(false);
  });

  test("the provider's own organisation sees everything: it is never charged", async () => {
    const found = await list(office.admin, `/api/v1/organisations/${office.internal}/offers`);
    expect(found).toHaveLength(5);
  });
});

describe("EXP-09 A-EXP-10 the provider's own order form", () => {
  const shipped = async (on: string) => (await all(`?service=experience&on=${on}`))[0]?.plans[0]?.form;
  const set = (sections: unknown, from = "2026-11-20") =>
    office.admin.post<{ code?: string; fields?: { pointer: string }[] }>("/api/v1/provider/settings", {
      service: "experience",
      key: "form:agent",
      value: { sections },
      from,
    });

  test("fields are the provider's from the day that it says; items and checks stay", async () => {
    const before = await shipped("2026-11-19");
    const department = {
      name: "department",
      rule: "EXP-09",
      type: "text",
      required: true,
      maximum: 40,
      label: { ja: "部署名", en: "department" },
    };
    const sections = before?.sections.map((section, index) => ({
      ...section,
      fields: [
        ...section.fields.filter(({ name }) => name !== "portal-registration"),
        ...(index === 1 ? [department] : []),
      ],
    }));
    expect((await set(sections)).status).toBe(200);
    const after = await shipped("2026-11-20");
    const names = (form: typeof after) => form?.sections.flatMap(({ fields }) => fields.map(({ name }) => name)) ?? [];
    expect(names(after)).toContain("department");
    expect(names(after)).not.toContain("portal-registration");
    expect([after?.items, after?.checks]).toEqual([before?.items, before?.checks]);
    expect(names(await shipped("2026-11-19"))).toEqual(names(before));
  });

  test("an order of the day is checked against the fields of the day", async () => {
    const line = orderLine(experience, "agent", "2026-11-20");
    const missing = async (fields: object) =>
      (
        await customer.post<{ lines: { remarks: { pointer: string; kind: string }[] }[] }>(
          `/api/v1/organisations/${organisation}/applications/check`,
          { channel: "order-site", lines: [{ ...line, fields }] },
        )
      ).body.lines.flatMap(({ remarks }) =>
        remarks.flatMap(({ kind, pointer }) => (kind === "missing" ? [pointer] : [])),
      );
    const { "portal-registration": gone, ...fields } = line.fields;
    expect(gone).toBeDefined();
    expect(await missing(fields)).toEqual(["/fields/department"]);
    expect(await missing({ ...fields, department: "総務部" })).toEqual([]);
  });

  test("what a rule or a check looks at cannot be left out, and nonsense is refused place by place", async () => {
    const sections = (await shipped("2026-11-19"))?.sections ?? [];
    const without = (name: string) =>
      sections.map((section) => ({ ...section, fields: section.fields.filter((field) => field.name !== name) }));
    expect((await set(without("place"))).body).toMatchObject({ code: "FORM_FIELD_NEEDED" });
    expect((await set(without("consent-billing"))).body).toMatchObject({ code: "FORM_FIELD_NEEDED" });
    expect((await set([...sections, ...sections])).body).toMatchObject({ code: "FORM_FIELD_TWICE" });
    const wrong = await set([{ title: { ja: "題" }, fields: [] }]);
    expect(wrong.body.code).toBe("FORM_INVALID");
    expect(wrong.body.fields?.[0]?.pointer).toMatch(/^\/body\/value\/sections\/0\/title/);
    const nowhere = await office.admin.post("/api/v1/provider/settings", {
      service: "experience",
      key: "form:nothing",
      value: { sections },
    });
    expect(nowhere.body).toMatchObject({ code: "FORM_PLAN_UNKNOWN" });
  });
});
