/** What stands on the paper of a document, for the customer to read. */
import { sql } from "kysely";
import { Check } from "typebox/value";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import { addFact, endpoint, gateway, openBilling, type BillingHouse } from "../../../../tests/support/billing.ts";
import { creditLines } from "./corrections.ts";
import { invoiceById } from "./invoices.ts";
import { groupsOf } from "./paper-lines.ts";
import { paperOf } from "./pdf.ts";
import { DocumentContent } from "./shapes.ts";
import { linesOf } from "./stored-lines.ts";

let house: BillingHouse;
let organisation: OrganisationId;
let invoice: Uuid;
beforeAll(async () => {
  house = await openBilling();
  organisation = await house.organisation();
  await house.query(sql`insert into server.provider_profile (name, sender_address, registration_number, portal_url, contact)
    values ('やぐら通信株式会社', 'a@provider.test', 'T7000012050002', '', ${JSON.stringify({
      postalCode: "100-0001",
      address: "東京都千代田区千代田1-1 やぐらビル8階",
      phone: "03-0000-0000",
      mail: "billing@provider.test",
      bank: {
        bank: "みらい銀行",
        branch: "本店営業部",
        kind: "ordinary",
        number: "1234567",
        holder: "ヤグラツウシン(カ",
      },
    })}::jsonb)`);
  await house.query(sql`insert into commerce.billing_choice (organisation_id, unit, form, updated_at)
    values (${organisation}, 'consolidated', 'electronic', now())`);
  await house.query(sql`insert into commerce.customer (organisation_id, kind, corporate_number, details, updated_at)
    values (${organisation}, 'corporation', '1000000000009', ${JSON.stringify({
      holder: "株式会社髙﨑製作所",
      billingAddressee: "株式会社髙﨑製作所",
      billingAddress: "〒540-0001 大阪府大阪市中央区城見1-2-3",
    })}::jsonb, now())`);
  const contracts = [
    await house.contractOf(endpoint(organisation, "2026-04-01", { "seat-10": 9, "seat-1": 2 })),
    await house.contractOf(gateway(organisation, "2026-04-01")),
    await house.contractOf(gateway(organisation, "2026-04-01")),
  ];
  await house.query(sql`insert into commerce.billed (contract_id, month, kind, organisation_id, run_id, facts_until)
    select c.id, m, 'regular', c.organisation_id, c.id, clock_timestamp() from commerce.contract c,
      generate_series('2026-03-01'::date, '2026-10-01'::date, '1 month') m where c.organisation_id = ${organisation}`);
  const [seats = "", broken = "", struck = ""] = contracts;
  const store = house.place.store;
  await addFact(store, organisation, seats, { kind: "quantity", on: "2026-11-12", item: "seat-1", quantity: 5 });
  await addFact(store, organisation, broken, {
    kind: "outage",
    on: "2026-11-10",
    knownAt: "2026-11-10T00:00:00+09:00",
    restoredAt: "2026-11-12T01:00:00+09:00",
    complete: true,
    cause: "not-customer",
  });
  await addFact(store, organisation, struck, {
    kind: "waiver",
    on: "2026-11-01",
    percent: 50,
    until: "2026-11-30",
    reference: "2026-15",
  });
  await addFact(store, organisation, struck, { kind: "cancelled", on: "2026-11-21", by: "customer" });
  const late = await house.contractOf(endpoint(organisation, "2026-11-12", { "seat-1": 5 }));
  await addFact(store, organisation, late, {
    kind: "claim",
    on: "2026-11-20",
    description: "貸与機器の修理費",
    amount: 8_000,
  });
  await house.bill(organisation, "2026-11");
  invoice = (await house.documents(organisation))[0]?.id ?? "";
});
afterAll(async () => {
  await closePrinters();
  await house.stop();
});

const groups = () =>
  house.place.store.provider(async (tx) => {
    const detail = await invoiceById(tx, invoice);
    return groupsOf(await linesOf(tx, invoice), detail?.content.plans, 1);
  });

test("COM-18 COM-28 each contract stands under its number and name, a part of a month with its days, in both languages", async () => {
  const [seats, broken, struck] = await groups();
  expect(seats?.title).toEqual({
    ja: expect.stringMatching(/^SEC-2604-\d+-0 {2}エンドポイント対策$/),
    en: expect.stringMatching(/^SEC-2604-\d+-0 {2}Endpoint protection$/),
  });
  const [before, packs, after] = seats?.lines ?? [];
  expect(before).toMatchObject({ quantity: 2, unitPrice: 200, amount: 146, detail: { ja: "日割り 11日／30日" } });
  expect(packs).toMatchObject({ quantity: 9, unitPrice: 1_800, amount: 16_200 });
  expect(packs).not.toHaveProperty("detail");
  expect(after).toMatchObject({ quantity: 5, amount: 633, detail: { ja: "日割り 19日／30日", en: "19 of 30 days" } });
  expect(broken?.lines[1]).toMatchObject({ amount: -167, detail: { ja: "控除 2日／30日" } });
  expect(broken?.lines[1]).not.toHaveProperty("unitPrice");
  expect(struck?.lines[1]).toMatchObject({ amount: -833, detail: { ja: "減免の公表: 2026-15" } });
  expect(JSON.stringify(await groups())).not.toMatch(/floor|÷/);
});

test("COM-11 names, address and account are kept with the document; one issued before names were kept still prints", async () => {
  await house.place.store.provider(async (tx) => {
    const detail = await invoiceById(tx, invoice);
    if (detail === null) throw new Error("no document");
    expect(detail.content).toMatchObject({
      plans: [
        { service: "security", plan: "endpoint", name: { ja: "エンドポイント対策" } },
        { service: "utm", plan: "gateway", name: { ja: "UTMサポート" } },
      ],
      recipient: { name: "株式会社髙﨑製作所", postalCode: "540-0001", address: "大阪府大阪市中央区城見1-2-3" },
      issuer: { contact: { postalCode: "100-0001", phone: "03-0000-0000", bank: { number: "1234567" } } },
    });
    for (const language of ["ja", "en"] as const) {
      const { bytes } = await paperOf(tx, detail, language, new Date(house.clock.now()));
      expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    }
    const { plans: _plans, ...old } = detail.content;
    expect(Check(DocumentContent, old)).toBe(true);
    const [group] = groupsOf(await linesOf(tx, invoice), undefined, 1);
    expect(group?.title).toMatch(/^SEC-2604-\d+-0$/);
  });
});

test("COM-11 a credit note says of which line and why; a bill that falls below zero prints as one", async () => {
  await house.place.store.provider(async (tx) => {
    const work = { tx, now: new Date(house.clock.now()), actor: { kind: "system", name: "test" } as const };
    const id = await creditLines(work, invoice, { lines: [{ position: 2, amount: 1_000 }], reason: "お詫び" });
    const detail = await invoiceById(tx, id);
    if (detail === null) throw new Error("no document");
    const [group] = groupsOf(await linesOf(tx, id), detail.content.plans, -1);
    expect(group?.lines).toEqual([
      expect.objectContaining({
        amount: 1_000,
        detail: expect.objectContaining({ ja: expect.stringMatching(/2 行目.*お詫び/) }),
      }),
    ]);
    const { bytes } = await paperOf(tx, detail, "ja", work.now);
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  });
  const other = await house.organisation();
  const contract = await house.contractOf(gateway(other, "2026-09-01"));
  await house.bill(other, "2026-10");
  await addFact(house.place.store, other, contract, { kind: "cancelled", on: "2026-10-11", by: "customer" });
  await house.bill(other, "2026-11");
  const note = (await house.documents(other)).find(({ kind }) => kind === "credit-note");
  await house.place.store.provider(async (tx) => {
    const detail = await invoiceById(tx, note?.id ?? "");
    if (detail === null) throw new Error("no document");
    const { bytes } = await paperOf(tx, detail, "en", new Date(house.clock.now()));
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect(groupsOf(await linesOf(tx, detail.id), detail.content.plans, -1)[0]?.lines[0]).toMatchObject({
      detail: { ja: expect.stringMatching(/./) },
    });
  });
});
