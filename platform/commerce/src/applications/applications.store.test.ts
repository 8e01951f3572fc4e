import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { experience, ot, remote, security, utm } from "../../../../tests/support/offers.ts";
import { CORPORATE_NUMBER, done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { ContractDetail, ContractItem } from "../contracts/shapes.ts";
import type { Application } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());

const applyAll = async (base: string, lines: object[], order: object = {}): Promise<Application[]> =>
  done(await counter.admin.post<Application[]>(`${base}/applications`, { channel: "form", lines, ...order }));
const apply = async (base: string, line: object, order: object = {}): Promise<Application> =>
  (await applyAll(base, [line], order))[0] as Application;
const accept = (base: string, application: Application, body: object = {}) =>
  counter.admin.post<ContractItem & { code: string; detail: string }>(
    `${base}/applications/${application.id}/accept`,
    body,
  );
const show = async (base: string, id: string): Promise<ContractDetail> =>
  done(await counter.admin.get<ContractDetail>(`${base}/contracts/${id}`));
const endpoint = (items: Record<string, number> = { "seat-10": 1 }) =>
  orderLine(security, "endpoint", today, { items });

describe("from the application to the contract", () => {
  test.each([
    { offer: experience, plan: "agent", state: "active" },
    { offer: security, plan: "endpoint", items: { "seat-10": 2 }, state: "active" },
    { offer: remote, plan: "utm-gateway", state: "active" },
    { offer: ot, plan: "sensor", state: "active" },
    { offer: utm, plan: "gateway", state: "awaiting-start" },
  ])("$offer.service: applied for, accepted, with its facts", async ({ offer, plan, items, state }) => {
    const { base } = await counter.customer();
    const line = orderLine(offer, plan, today, items === undefined ? {} : { items });
    const contract = await counter.contract(base, line);
    expect(contract).toMatchObject({ service: offer.service, plan, state, charged: true });
    const detail = await show(base, contract.id);
    const kinds = detail.facts.map(({ fact }) => fact.kind);
    expect(kinds.slice(0, 2)).toEqual(["applied", "accepted"]);
    expect(kinds.includes("started")).toBe(state === "active");
    expect(detail.holders.map(({ how, holder }) => [how, holder.corporateNumber])).toEqual([
      ["order", CORPORATE_NUMBER],
    ]);
  });

  test("EXP-02 UTM-09 the number and the acceptance are sent to the customer", async () => {
    const { id, base } = await counter.customer();
    const contract = await counter.contract(base, orderLine(experience, "agent", today));
    const mail = await counter.mailTo(`owner${id.slice(-12)}@customer.test`);
    expect(`${mail.subject} ${mail.text}`).toContain(contract.number);
  });

  test("EXP-09 RNS-05 channel, order day, terms of that day and the last day to rescind are stored", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, orderLine(remote, "router", "2026-11-18"), {
      channel: "letter",
      orderedOn: "2026-11-18",
    });
    expect(made).toMatchObject({
      channel: "letter",
      orderedOn: "2026-11-18",
      rescindBy: "2026-12-20",
      state: "received",
    });
    const experienceOrder = await apply(base, orderLine(experience, "agent", "2023-07-31"), {
      orderedOn: "2023-07-31",
    });
    expect(experienceOrder.terms).toBe("EXP-v1");
    expect((await apply(base, orderLine(experience, "agent", today))).terms).toBe("EXP-v2");
  });

  test("OST-02 an ancillary service is refused with an order of 2025-07-30 and taken from 2025-07-31", async () => {
    const { base } = await counter.customer();
    const before = await apply(
      base,
      { ...orderLine(ot, "sensor", "2025-07-30"), items: { basic: 1, ancillary: 1 } },
      { orderedOn: "2025-07-30" },
    );
    expect(before.state).toBe("incomplete");
    expect(before.remarks.map(({ pointer }) => pointer)).toEqual(["/items/ancillary"]);
    const after = await apply(
      base,
      { ...orderLine(ot, "sensor", "2025-07-31"), items: { basic: 1, ancillary: 1 } },
      { orderedOn: "2025-07-31" },
    );
    expect(after.state).toBe("received");
  });
});

describe("forms, field by field", () => {
  test.each([
    {
      why: "EXP-10 a place abroad",
      offer: experience,
      plan: "agent",
      field: "place",
      value: "1600 Amphitheatre Parkway",
      rule: "EXP-10",
    },
    {
      why: "RNS-07 a site abroad",
      offer: remote,
      plan: "router",
      field: "site",
      value: "ソウル特別市",
      rule: "RNS-07",
    },
    {
      why: "EXP-03 a label of 16 full-width characters",
      offer: experience,
      plan: "agent",
      field: "label",
      value: "あ".repeat(16),
      rule: "EXP-03",
    },
    {
      why: "COM-31 a wrong check digit",
      offer: security,
      plan: "endpoint",
      field: "corporate-number",
      value: "6000012050002",
      rule: "COM-31",
    },
    {
      why: "COM-26 no declaration",
      offer: security,
      plan: "endpoint",
      field: "declaration-antisocial",
      value: null,
      rule: "COM-26",
    },
    {
      why: "COM-27 no consent to subcontractors",
      offer: ot,
      plan: "sensor",
      field: "consent-subcontractors",
      value: null,
      rule: "COM-27",
    },
    {
      why: "EXP-15 no consent to the billing rules",
      offer: experience,
      plan: "agent",
      field: "consent-billing",
      value: null,
      rule: "EXP-15",
    },
    {
      why: "UTM-03 an area that is not served",
      offer: utm,
      plan: "gateway",
      field: "area",
      value: "月面",
      rule: "UTM-03",
    },
    {
      why: "UTM-06 no consent of the persons named",
      offer: utm,
      plan: "gateway",
      field: "consent-personal-data",
      value: null,
      rule: "UTM-06",
    },
    {
      why: "RNS-70 a router that stays",
      offer: remote,
      plan: "utm-gateway",
      field: "router-stays",
      value: "yes",
      rule: "RNS-70",
    },
    {
      why: "a mail address that is none",
      offer: security,
      plan: "endpoint",
      field: "contact-mail",
      value: "nobody",
      rule: "COM-32",
    },
  ])("RNS-04 $why: kept, not formed, told at its field", async ({ offer, plan, field, value, rule }) => {
    const { base } = await counter.customer();
    const more = { fields: { [field]: value }, ...(plan === "endpoint" ? { items: { "seat-1": 1 } } : {}) };
    const made = await apply(base, orderLine(offer, plan, today, more));
    expect(made).toMatchObject({ state: "incomplete", sequence: null, receivedAt: null });
    const remark = made.remarks.find(({ pointer }) => pointer === `/fields/${field}`);
    expect(remark).toMatchObject({ kind: "missing", rule });
    expect(remark?.text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect((await accept(base, made)).body.code).toBe("APPLICATION_INCOMPLETE");
  });

  test("EXP-03 fifteen full-width characters are taken", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, orderLine(experience, "agent", today, { fields: { label: "あ".repeat(15) } }));
    expect(made.state).toBe("received");
  });

  test("RNS-04 an incomplete form is formed when it is completed, and takes its place in the queue then", async () => {
    const { base, owner } = await counter.customer();
    const made = await apply(base, orderLine(utm, "gateway", today, { fields: { model: null } }));
    expect(made.sequence).toBeNull();
    const completed = done(
      await owner.call<Application>("PUT", `${base}/applications/${made.id}`, { fields: { model: "ssb10" } }),
    );
    expect(completed.state).toBe("received");
    expect(completed.sequence).toBeGreaterThan(0);
    expect((await show(base, (await accept(base, completed)).body.id)).attributes).toMatchObject({ model: "ssb10" });
  });

  test("EXP-08 UTM-80 secrets are sealed: no answer and no export shows them", async () => {
    const { base } = await counter.customer();
    const made = await apply(
      base,
      orderLine(experience, "agent", today, { fields: { "opening-password": "hush-hush-7" } }),
    );
    expect(made.fields["opening-password"]).toBe("sealed");
    const { rows } = await counter.stores.store.provider((tx) =>
      sql<{ text: string }>`select a::text as text from commerce.application a where id = ${made.id}`.execute(tx),
    );
    expect(rows[0]?.text).not.toContain("hush-hush-7");
    expect(rows[0]?.text).not.toContain(Buffer.from("hush-hush-7").toString("hex"));
  });

  test("EXP-15 SEC-02 SEC-70 COM-27 UTM-06 each consent is kept with the version of its text, the time and who gave it", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, endpoint());
    const fields = made.consents.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["consent-third-party", "consent-subcontractors", "consent-terms"]));
    for (const consent of made.consents) {
      expect(consent.textVersion).toMatch(/^\S+#[0-9a-f]{16}$/);
      expect(consent.at).toBe(`${today}T03:00:00.000Z`);
    }
  });

  test("SEC-53 95 seats as nine tens and five ones: a hundred is shown as cheaper, and not ordered in their place", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, endpoint({ "seat-10": 9, "seat-1": 5 }));
    expect(made.state).toBe("received");
    const hint = made.remarks.find(({ rule }) => rule === "SEC-53");
    expect(hint?.kind).toBe("hint");
    expect(hint?.text.en).toContain("15,000");
    expect(hint?.text.en).toContain("17,200");
    expect(made.items).toEqual({ "seat-10": 9, "seat-1": 5 });
  });
});

describe("customers apply themselves", () => {
  test("SEC-05 EXP-09 owners apply with the day of today and see what an order lacks before; several contracts in one order", async () => {
    const { base, owner } = await counter.customer();
    const [first, second] = [
      orderLine(experience, "agent", today),
      orderLine(experience, "agent", today, { fields: { place: null } }),
    ];
    const check = done(
      await owner.post<{ lines: { formed: boolean }[] }>(`${base}/applications/check`, {
        channel: "order-site",
        lines: [first, second],
      }),
    );
    expect(check.lines.map(({ formed }) => formed)).toEqual([true, false]);
    const early = await owner.post<{ code: string }>(`${base}/applications`, {
      channel: "order-site",
      orderedOn: "2026-11-01",
      lines: [first],
    });
    expect(early.body.code).toBe("ORDER_DAY_STAFF");
    const made = done(
      await owner.post<Application[]>(`${base}/applications`, { channel: "order-site", lines: [first, second] }),
    );
    expect(made.map(({ state }) => state)).toEqual(["received", "incomplete"]);
    expect(new Set(made.map(({ orderId }) => orderId)).size).toBe(1);
    expect((await owner.post(`${base}/applications/${made[0]?.id ?? ""}/accept`, {})).status).toBe(403);
  });

  test("RNS-50 each ordered item carries its kind of clause", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, orderLine(remote, "router", today));
    expect(made.clauses).toMatchObject({ hardware: "sale", installation: "work" });
  });
});

describe("checks against what stands elsewhere", () => {
  test("SEC-07 the desk needs a covered service in use, or in the same order", async () => {
    const { base } = await counter.customer();
    const desk = orderLine(security, "desk", today);
    expect((await apply(base, desk)).remarks.map(({ rule }) => rule)).toContain("SEC-07");
    const [covered, together] = await applyAll(base, [endpoint(), desk]);
    expect(together?.state).toBe("received");
    // The order's other line is refused meanwhile: the desk cannot be accepted alone.
    done(
      await counter.admin.post(`${base}/applications/${covered?.id ?? ""}/refuse`, {
        ground: security.grounds.find(({ use }) => use === "refusal")?.code,
      }),
    );
    const refused = await accept(base, together as Application, { outOfTurn: "test" });
    expect([refused.status, refused.body.code]).toEqual([409, "APPLICATION_UNMET"]);
    await counter.contract(base, endpoint(), { outOfTurn: "one at a time in this test" });
    expect((await accept(base, together as Application, { outOfTurn: "test" })).status).toBe(201);
  });

  test("UTM-04 a second contract on a line is refused, however the number is written, until the first is over", async () => {
    const [one, two] = [await counter.customer(), await counter.customer()];
    const first = await apply(one.base, orderLine(utm, "gateway", today, { fields: { "line-number": "CAF0012345" } }));
    const second = await apply(
      two.base,
      orderLine(utm, "gateway", today, { fields: { "line-number": "ｃａｆ-001 2345" } }),
    );
    expect(first.state).toBe("received");
    expect(second.remarks.map(({ rule }) => rule)).toEqual(["UTM-04"]);
    const contract = done(await accept(one.base, first));
    const again = () => counter.admin.call<Application>("PUT", `${two.base}/applications/${second.id}`, { fields: {} });
    expect(done(await again()).state).toBe("incomplete");
    done(await counter.admin.post(`${one.base}/contracts/${contract.id}/end`, { on: today }));
    expect(done(await again()).state).toBe("received");
  });

  test("UTM-04 of two applications for one line at once exactly one is formed", async () => {
    const people = [await counter.customer(), await counter.customer(), await counter.customer()];
    const made = await Promise.all(
      people.map(({ base }) => apply(base, orderLine(utm, "gateway", today, { fields: { "line-number": "RACE-1" } }))),
    );
    expect(made.map(({ state }) => state).toSorted()).toEqual(["incomplete", "incomplete", "received"]);
  });

  test("COM-31 SEC-01 sole traders are customers where the offer says so, and refused elsewhere", async () => {
    const { base } = await counter.customer();
    const details = {
      holder: "山田商店",
      address: "大阪府大阪市1-1",
      contact: "山田",
      mail: "yamada@shop.test",
      billingAddressee: "山田商店",
      billingAddress: "大阪府大阪市1-1",
      billingContact: "山田",
    };
    done(await counter.admin.call("PUT", `${base}/customer`, { kind: "sole-trader", details }));
    expect((await apply(base, endpoint())).remarks.map(({ rule }) => rule)).toContain("COM-31");
    const line = orderLine(utm, "gateway", today, { fields: { holder: "sole-trader" } });
    expect((await apply(base, line)).state).toBe("received");
  });
});

describe("the queue", () => {
  test("SEC-05 fifty applications at once have fifty numbers without a gap, in the order of receipt", async () => {
    const { base } = await counter.customer();
    const before = await apply(base, orderLine(ot, "sensor", today));
    const made = await Promise.all(Array.from({ length: 50 }, () => apply(base, orderLine(ot, "sensor", today))));
    const numbers = made.map(({ sequence }) => sequence ?? 0).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => (before.sequence ?? 0) + 1 + index));
  });

  test("SEC-05 a later application is accepted before an earlier one only with a reason, which is kept", async () => {
    const [early, late] = [await counter.customer(), await counter.customer()];
    const first = await apply(early.base, endpoint());
    const second = await apply(late.base, endpoint());
    const refused = await accept(late.base, second);
    expect([refused.status, refused.body.code]).toEqual([409, "APPLICATION_OUT_OF_TURN"]);
    done(await accept(late.base, second, { outOfTurn: "事故対応のため先に承諾" }));
    const kept = done(await counter.admin.get<Application>(`${late.base}/applications/${second.id}`));
    expect(kept.reason).toBe("事故対応のため先に承諾");
    done(await counter.admin.post(`${early.base}/applications/${first.id}/withdraw`, {}));
  });

  test("two acceptances at once: one contract", async () => {
    const { base } = await counter.customer();
    const made = await apply(base, orderLine(ot, "sensor", today));
    const answers = await Promise.all([accept(base, made), accept(base, made), accept(base, made)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    const list = done(await counter.admin.get<{ total: number }>(`${base}/contracts`));
    expect(list.total).toBe(1);
  });
});

describe("decisions", () => {
  test("SEC-06 SEC-09 UTM-11 refused with a ground of the terms, told by mail; an unknown ground is refused with the list", async () => {
    const { id, base } = await counter.customer();
    const made = await apply(base, orderLine(utm, "gateway", today));
    const wrong = await counter.admin.post<{ code: string; detail: string }>(`${base}/applications/${made.id}/refuse`, {
      ground: "mood",
    });
    expect([wrong.status, wrong.body.code]).toEqual([422, "GROUND_UNKNOWN"]);
    const ground = utm.grounds.find(({ use }) => use === "refusal");
    done(
      await counter.admin.post(`${base}/applications/${made.id}/refuse`, {
        ground: ground?.code,
        reason: "回線名義が異なります",
      }),
    );
    const mail = await counter.mailTo(`owner${id.slice(-12)}@customer.test`);
    expect(mail.text).toContain(ground?.text.ja ?? "");
    expect((await accept(base, made)).body.code).toBe("APPLICATION_DECIDED");
  });

  test("SEC-08 UTM-12 an acceptance is revoked later; costs so far become a claim", async () => {
    const { base } = await counter.customer();
    const contract = await counter.contract(base, endpoint(), { outOfTurn: "test" });
    const { applicationId } = await show(base, contract.id);
    const ground = security.grounds.find(({ use }) => use === "revocation");
    const over = done(
      await counter.admin.post<ContractItem>(`${base}/applications/${applicationId ?? ""}/revoke`, {
        ground: ground?.code,
        cost: { amount: 12_000, description: "設定作業の実費", dueOn: "2026-12-31" },
      }),
    );
    expect(over.state).toBe("revoked");
    const claim = (await show(base, contract.id)).facts.find(({ fact }) => fact.kind === "claim");
    expect(claim?.fact).toMatchObject({ amount: 12_000, dueOn: "2026-12-31", rule: ground?.rule });
    // Nothing else is owed: the initial fee that the acceptance brought is gone.
    const url = `${base}/contracts/${contract.id}/forecast?months=2`;
    const { months } = done(await counter.admin.get<{ months: { totals: { net: number } }[] }>(url));
    expect(months.map(({ totals }) => totals.net)).toEqual([12_000, 0]);
  });

  test("RNS-05 W-RNS-5 formed 2026-04-01: rescinded at the latest on 2026-05-01; other services know no rescission", async () => {
    const ground = remote.grounds.find(({ use }) => use === "rescission")?.code;
    const own = await openCounter("2026-04-01T03:00:00Z");
    try {
      const at = await own.customer();
      const contracts = [
        await own.contract(at.base, orderLine(remote, "router", "2026-04-01")),
        await own.contract(at.base, orderLine(remote, "router", "2026-04-01")),
        await own.contract(at.base, orderLine(ot, "sensor", "2026-04-01")),
      ];
      const rescind = async (index: number) => {
        const admin = await own.again();
        const detail = done(await admin.get<ContractDetail>(`${at.base}/contracts/${contracts[index]?.id ?? ""}`));
        const url = `${at.base}/applications/${detail.applicationId ?? ""}/rescind`;
        return admin.post<ContractItem & { code: string }>(url, { ground });
      };
      expect((await rescind(2)).body.code).toBe("RESCISSION_NONE");
      // The last minute of 2026-05-01 in Tokyo, and the first of the next day.
      own.moveTo("2026-05-01T14:59:00Z");
      expect((await rescind(0)).body.state).toBe("void");
      own.moveTo("2026-05-01T15:00:00Z");
      expect((await rescind(1)).body.code).toBe("RESCISSION_OVER");
    } finally {
      await own.stop();
    }
  });

  test("COM-30 acceptance is refused with the list of what is not set, and never for the provider's own organisation", async () => {
    const own = await openCounter();
    try {
      await own.stores.store.provider((tx) =>
        sql`delete from commerce.setting where service = 'utm' and key = 'areas'`.execute(tx),
      );
      const at = await own.customer();
      const [made] = done(
        await own.admin.post<Application[]>(`${at.base}/applications`, {
          channel: "form",
          lines: [orderLine(utm, "gateway", today)],
        }),
      );
      const refused = await own.admin.post<{ code: string; fields: { pointer: string }[] }>(
        `${at.base}/applications/${made?.id ?? ""}/accept`,
        {},
      );
      expect(refused.body.code).toBe("SERVICE_INCOMPLETE");
      expect(refused.body.fields.map(({ pointer }) => pointer)).toEqual(["/required/areas"]);
      const inner = `/api/v1/organisations/${own.internal}`;
      const [internal] = done(
        await own.admin.post<Application[]>(`${inner}/applications`, {
          channel: "form",
          lines: [orderLine(utm, "gateway", today)],
        }),
      );
      const contract = done(
        await own.admin.post<ContractItem>(`${inner}/applications/${internal?.id ?? ""}/accept`, {}),
      );
      expect(contract.charged).toBe(false);
    } finally {
      await own.stop();
    }
  });
});
