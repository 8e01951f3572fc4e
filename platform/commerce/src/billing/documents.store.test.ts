/** What stands on documents, when it is due, and that they stay as they were issued. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import {
  addFact,
  endpoint,
  gateway,
  openBilling,
  previewRun,
  type BillingHouse,
  type NewContract,
} from "../../../../tests/support/billing.ts";
import { recordPayment } from "../receivables/payments.ts";
import { correctDocument, creditLines } from "./corrections.ts";
import { eraseBilling, exportBilling } from "./organisation-data.ts";

let house: BillingHouse;
beforeAll(async () => {
  house = await openBilling();
});
afterAll(async () => house.stop());

const choose = (organisation: OrganisationId, unit: string, form = "electronic") =>
  house.query(sql`insert into commerce.billing_choice (organisation_id, unit, form, updated_at)
    values (${organisation}, ${unit}, ${form}, now())`);
const register = (number: string | null) =>
  house.query(sql`insert into server.provider_profile (name, sender_address, registration_number, portal_url)
    values ('株式会社提供者', 'a@provider.test', ${number}, '')
    on conflict (one) do update set name = excluded.name, registration_number = excluded.registration_number`);
const work = <T>(verb: (work: { tx: never; now: Date; actor: { kind: "system"; name: string } }) => Promise<T>) =>
  house.place.store.provider((tx) =>
    verb({ tx: tx as never, now: new Date(house.clock.now()), actor: { kind: "system", name: "test" } }),
  );

const remote = (organisation: OrganisationId): NewContract => ({
  organisation,
  service: "remote",
  plan: "utm-gateway",
  items: { base: 1, hardware: 1 },
  facts: [
    { kind: "accepted", on: "2026-04-01" },
    { kind: "started", on: "2026-04-20" },
    { kind: "inspected", on: "2026-04-20" },
  ],
});

describe("units of documents", () => {
  test.each([
    { unit: "service", documents: 4, tax: [105, 105, 105, 250] },
    { unit: "contract", documents: 4, tax: [105, 105, 105, 250] },
    // One document: 3 × 1,055 + 2,500 in one sum; document by document it would be 565.
    { unit: "consolidated", documents: 1, tax: [566] },
  ])("COM-28 COM-08 $unit: tax once for each rate of each document", async ({ unit, documents, tax }) => {
    const organisation = await house.organisation();
    await choose(organisation, unit);
    for (let n = 0; n < 3; n++) {
      await house.contractOf({
        ...endpoint(organisation, "2026-03-10", { "seat-1": 1 }, [
          { kind: "price-agreed", on: "2026-03-10", item: "seat-1", amount: 1_055, reference: "TEST" },
          { kind: "price-agreed", on: "2026-03-10", item: "initial", amount: 0, reference: "TEST" },
        ]),
      });
    }
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.query(sql`insert into commerce.billed (contract_id, month, kind, organisation_id, run_id, facts_until)
      select id, '2026-03-01', 'regular', organisation_id, id, clock_timestamp() from commerce.contract
      where organisation_id = ${organisation}`);
    await house.bill(organisation, "2026-04");
    const issued = await house.documents(organisation);
    expect(issued).toHaveLength(documents);
    expect(issued.map((one) => one.tax).toSorted((a, b) => a - b)).toEqual(tax);
  });

  test("COM-28 RNS-60 per claim: initial fees and monthly fees are documents of their own, each with its due date", async () => {
    const organisation = await house.organisation();
    await house.contractOf(remote(organisation));
    await house.bill(organisation, "2026-05");
    // W-RNS-1: the initial fee by the end of the acceptance month.
    expect(
      (await house.documents(organisation))
        .map(({ net, dueOn }) => [net, dueOn] as const)
        .toSorted(([a], [b]) => a - b),
    ).toEqual([
      [12_000, "2026-06-30"],
      [80_000, "2026-04-30"],
    ]);
    expect((await house.claims(organisation)).map(({ amount, due }) => [amount, due])).toEqual([
      [88_000, "2026-04-30"],
      [13_200, "2026-06-30"],
    ]);
  });

  test("RNS-60 consolidated: one document, each due date a claim; the claims add up to its total", async () => {
    const organisation = await house.organisation();
    await choose(organisation, "consolidated");
    await house.contractOf(remote(organisation));
    await house.contractOf(gateway(organisation, "2026-04-10"));
    await house.contractOf(endpoint(organisation, "2026-03-10", { "seat-1": 7 }));
    await house.bill(organisation, "2026-05");
    const [document] = await house.documents(organisation);
    const claims = await house.claims(organisation);
    expect(claims.map(({ due, service }) => `${due} ${service}`)).toEqual([
      "2026-04-30 remote",
      "2026-06-30 utm",
      "2026-06-30 security",
      "2026-06-30 remote",
    ]);
    expect(claims.reduce((sum, { amount }) => sum + amount, 0)).toBe(document?.total);
    expect(document?.content.dues.reduce((sum, { amount }) => sum + amount, 0)).toBe(document?.total);
    expect(document?.dueOn).toBe("2026-04-30");
  });

  test("COM-10 out-of-scope sums and taxable fees in one document: W-SEC-9 with its lump", async () => {
    const organisation = await house.organisation();
    await house.contractOf({
      organisation,
      service: "security",
      plan: "desk",
      items: { base: 1 },
      facts: [
        { kind: "accepted", on: "2026-04-10" },
        { kind: "started", on: "2026-04-10" },
        { kind: "cancelled", on: "2026-09-20", by: "customer" },
      ],
    });
    await house.bill(organisation, "2026-09");
    const [document] = await house.documents(organisation);
    expect(document?.net).toBe(960_000);
    expect(document?.content.subtotals.map((one) => [one.class, one.base, one.tax])).toEqual([
      ["taxable", 400_000, 40_000],
      ["out-of-scope", 560_000, 0],
    ]);
  });

  test("COM-23 COM-24 who took over a contract is billed for it, on a document of its own; corrections go there too", async () => {
    const organisation = await house.organisation({ name: "旧契約者" });
    await choose(organisation, "consolidated");
    const taken = await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    await house.query(sql`insert into commerce.contract_holder (id, organisation_id, contract_id, from_day, how, holder, recorded_by, recorded_at)
      values (gen_random_uuid(), ${organisation}, ${taken}, '2026-05-10', 'succession',
        '{"name": "承継会社", "kind": "corporation", "address": "東京都"}', 'test', now())`);
    await house.bill(organisation, "2026-05");
    const issued = await house.documents(organisation);
    expect(issued.map(({ month, content }) => `${month} ${content.recipient.name}`).toSorted()).toEqual([
      "2026-04 旧契約者",
      "2026-05 承継会社",
      "2026-05 旧契約者",
    ]);
    const theirs = issued.find(({ content }) => content.recipient.name === "承継会社");
    const id = await work((one) => correctDocument(one, theirs?.id ?? "", { reason: "TEST" }));
    const corrected = (await house.documents(organisation)).find((one) => one.id === id);
    expect(corrected?.content.recipient.name).toBe("承継会社");
  });

  test("UTM-32 COM-29 a waived fee is shown with its waiver; what amounts to nothing is issued, or skipped by a setting", async () => {
    const [shown, skipped] = [await house.organisation(), await house.organisation()];
    await house.contractOf(gateway(shown, "2026-04-01", { licence: "attached" }));
    await house.bill(shown, "2026-04");
    expect((await house.lines(shown)).map(({ amount }) => amount)).toEqual([2_500, -2_500]);
    expect((await house.documents(shown)).map(({ total }) => total)).toEqual([0]);
    expect(await house.claims(shown)).toEqual([]);
    await house.query(sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
      values (gen_random_uuid(), '*', 'zero-bills', '"skip"', daterange(null, null), 'test', now())`);
    await house.contractOf(gateway(skipped, "2026-04-01", { licence: "attached" }));
    const run = await house.bill(skipped, "2026-04");
    expect(run.issued.documents).toBe(0);
    await house.query(sql`delete from commerce.setting where key = 'zero-bills'`);
  });

  test("UTM-54 UTM-55 a paper bill bears its fees from the third fee month on, for sole traders on a collaboration line: W-UTM-8", async () => {
    const [trader, corporation] = [await house.organisation(), await house.organisation()];
    const line = { "line-model": "collaboration" };
    for (const [organisation, holder] of [
      [trader, "sole-trader"],
      [corporation, "corporation"],
    ] as const) {
      await choose(organisation, "service", "paper");
      await house.contractOf(gateway(organisation, "2026-04-01", { ...line, holder }));
      for (const month of ["2026-04", "2026-05", "2026-06", "2026-07"]) await house.bill(organisation, month);
    }
    expect((await house.documents(trader)).map(({ total }) => total)).toEqual([2_750, 2_750, 2_970, 2_970]);
    expect((await house.documents(corporation)).map(({ total }) => total)).toEqual([2_750, 2_750, 2_750, 2_750]);
    const facts = await house.query(
      sql<{ on: string }>`select f.on_day as "on" from commerce.contract_fact f
        where f.organisation_id = ${trader} and kind = 'bill-issued' order by 1`,
    );
    expect(facts.map(({ on }) => on)).toEqual(["2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]);
  });

  test("UTM-43 late interest that may not stand alone waits for another charge", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(
      gateway(organisation, "2026-04-01", {}, [{ kind: "cancelled", on: "2026-05-01", by: "customer" }]),
    );
    await house.bill(organisation, "2026-04");
    await house.place.store.organisation(organisation, (tx) =>
      recordPayment({ tx, now: new Date(house.clock.now()), actor: { kind: "system", name: "test" } }, organisation, {
        paidOn: "2026-07-31",
        amount: 2_750,
        way: "transfer",
      }),
    );
    const waiting = await house.bill(organisation, "2026-07");
    expect(waiting.issued.documents).toBe(0);
    await addFact(house.place.store, organisation, contract, {
      kind: "document-issued",
      on: "2026-08-05",
      item: "payment-certificate",
      postage: 0,
    });
    await house.bill(organisation, "2026-08");
    const [, document] = await house.documents(organisation);
    // 60 days from the day after 31 May to the day before 31 July, at 3 %.
    expect(document?.content.subtotals.map((one) => [one.class, one.base, one.tax])).toEqual([
      ["taxable", 400, 40],
      ["out-of-scope", Math.floor((2_750 * 60 * 3) / 36_500), 0],
    ]);
  });

  test("RNS-65 late interest stands on the next bill, out of the scope of tax, once", async () => {
    const organisation = await house.organisation();
    await house.contractOf(remote(organisation));
    await house.bill(organisation, "2026-05");
    const [claim] = await house.query(sql<{ id: Uuid }>`select id from commerce.claim
      where organisation_id = ${organisation} and due_on = '2026-06-30'`);
    await house.place.store.organisation(organisation, (tx) =>
      recordPayment({ tx, now: new Date(house.clock.now()), actor: { kind: "system", name: "test" } }, organisation, {
        paidOn: "2026-07-20",
        amount: 13_200,
        way: "transfer",
        claimId: claim?.id ?? "",
      }),
    );
    await house.bill(organisation, "2026-07");
    const interest = (await house.lines(organisation)).filter(({ kind }) => kind === "late-interest");
    expect(interest.map(({ amount }) => amount)).toEqual([Math.floor((13_200 * 20 * 146) / 365_000)]);
    const bearing = await house.query(sql<{ bears: boolean }>`select bears_interest as bears from commerce.claim
      where organisation_id = ${organisation} and amount = ${interest[0]?.amount ?? 0}`);
    expect(bearing).toEqual([{ bears: false }]);
    await house.bill(organisation, "2026-08");
    expect((await house.lines(organisation)).filter(({ kind }) => kind === "late-interest")).toHaveLength(1);
  });
});

describe("qualified invoices", () => {
  test.each([
    { number: null, qualified: false },
    // Corporate number of the National Tax Agency, and the same with a wrong check digit.
    { number: "T7000012050002", qualified: true },
    { number: "T8000012050002", qualified: false },
  ])("COM-11 with the registration number $number", async ({ number, qualified }) => {
    await register(number);
    const organisation = await house.organisation({ name: "株式会社受領" });
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    const [document] = await house.documents(organisation);
    expect(document?.content).toMatchObject({
      qualified,
      issuer: { name: "株式会社提供者", registrationNumber: qualified ? number : null },
      recipient: { name: "株式会社受領" },
      supply: { from: "2026-04-01", to: "2026-04-30" },
      subtotals: [{ rate: "10%", base: 2_500, tax: 250 }],
      unqualifiedBecause: qualified ? null : { ja: expect.stringMatching(/登録番号/), en: expect.any(String) },
    });
    await register("T7000012050002");
  });

  test("COM-09 W-SEC-18 two rates in one document, each with its own subtotal and rounding", async () => {
    const organisation = await house.organisation();
    await choose(organisation, "consolidated");
    await house.contractOf({
      organisation,
      service: "security",
      plan: "desk",
      items: { base: 1 },
      facts: [
        { kind: "accepted", on: "2019-08-10" },
        { kind: "started", on: "2019-08-10" },
      ],
    });
    await house.bill(organisation, "2019-10");
    const [document] = await house.documents(organisation);
    expect(document?.content.subtotals.map(({ rate, base, tax }) => [rate, base, tax])).toEqual([
      ["10%", 80_000, 8_000],
      ["8%", 80_000, 6_400],
    ]);
    // W-SEC-18: 86,400 and 88,000.
    expect(document?.total).toBe(174_400);
  });
});

describe("corrections", () => {
  test("COM-11 an issued document refuses every change and, for seven years, its deletion, whoever asks", async () => {
    const organisation = await house.organisation();
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    for (const change of [
      sql`update commerce.invoice set total = total where organisation_id = ${organisation}`,
      sql`update commerce.invoice_line set amount = 1 where organisation_id = ${organisation}`,
      sql`delete from commerce.invoice_line where organisation_id = ${organisation}`,
      sql`delete from commerce.invoice where organisation_id = ${organisation}`,
    ]) {
      await expect(house.query(change)).rejects.toMatchObject({ code: "42501" });
      await expect(house.place.store.organisation(organisation, (tx) => change.execute(tx))).rejects.toMatchObject({
        code: "42501",
      });
    }
    await expect(
      house.query(sql`insert into commerce.invoice_line (invoice_id, position, organisation_id, bill_month, key, kind, item, amount, tax_class, line)
        values (gen_random_uuid(), 1, ${organisation}, '2026-04-01', 'k', 'recurring', 'base', 1, 'taxable', '[]')`),
    ).rejects.toMatchObject({ code: "23503" });
    await expect(
      house.place.store.organisation(organisation, (tx) =>
        sql`insert into commerce.document_counter values ('INV', 2026, 1)`.execute(tx),
      ),
    ).rejects.toMatchObject({ code: "42501" });
  });

  test("COM-11 a corrected document stands in the place of another, with the details of today and the same debts", async () => {
    const organisation = await house.organisation({ name: "旧社名" });
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    const [first] = await house.documents(organisation);
    await house.query(sql`update server.organisation set name = '新社名' where id = ${organisation}`);
    const id = await work((one) => correctDocument(one, first?.id ?? "", { reason: "社名の変更" }));
    const [, corrected] = await house.documents(organisation);
    expect(corrected).toMatchObject({ id, kind: "corrected", corrects: first?.id, total: 2_750, dueOn: "2026-05-31" });
    expect(corrected?.content).toMatchObject({
      recipient: { name: "新社名" },
      corrects: first?.number,
      reason: "社名の変更",
    });
    const open = await house.query(sql<{ left: number }>`select (amount - credited)::int as left from commerce.claim
      where organisation_id = ${organisation} order by id`);
    expect(open.map(({ left }) => left)).toEqual([0, 2_750]);
    await expect(work((one) => correctDocument(one, first?.id ?? "", { reason: "x" }))).rejects.toMatchObject({
      code: "INVOICE_REPLACED",
    });
    await house.bill(organisation, "2026-05");
    expect((await house.lines(organisation)).filter(({ kind }) => kind === "adjustment")).toEqual([]);
  });

  test("COM-11 a credit note under 10,000 yen is not needed but recorded; no line is credited beyond its amount", async () => {
    const organisation = await house.organisation();
    const contract = await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.bill(organisation, "2026-04");
    const [invoice] = await house.documents(organisation);
    const credit = (amount: number) =>
      work((one) => creditLines(one, invoice?.id ?? "", { reason: "お詫び", lines: [{ position: 1, amount }] }));
    await credit(1_055);
    const [, note] = await house.documents(organisation);
    expect(note).toMatchObject({
      kind: "credit-note",
      net: -1_055,
      tax: -105,
      total: -1_160,
      number: expect.stringMatching(/^CRN-2026-/),
    });
    expect(note?.content.notes[0]?.ja).toContain("1 万円未満");
    await expect(credit(1_446)).rejects.toMatchObject({ code: "CREDIT_TOO_HIGH", parameters: { left: 1_445 } });
    // What was given beside the rules stays given when the month is computed again.
    await house.query(sql`insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, recorded_by, recorded_at)
      values (gen_random_uuid(), ${organisation}, ${contract}, 'outage', '2026-04-10', ${JSON.stringify({
        knownAt: "2026-04-10T09:00:00+09:00",
        restoredAt: "2026-04-11T09:00:00+09:00",
        complete: true,
        cause: "not-customer",
      })}::jsonb, 'office', 'test', now())`);
    await house.bill(organisation, "2026-05");
    expect((await house.lines(organisation)).map(({ month, kind, amount }) => `${month} ${kind} ${amount}`)).toEqual([
      "2026-04 recurring 2500",
      "2026-04 credit -1055",
      "2026-05 recurring 2500",
      "2026-04 adjustment -84",
    ]);
    const [claim] = await house.query(sql<{ credited: number }>`select credited::int from commerce.claim
      where invoice_id = ${invoice?.id}`);
    expect(claim?.credited).toBe(1_160);
  });
});

describe("previews and data of an organisation", () => {
  test("differences to last month, by customer and reason", async () => {
    const organisation = await house.organisation();
    await house.contractOf(gateway(organisation, "2026-04-01"));
    await house.contractOf(endpoint(organisation, "2026-04-10", { "seat-1": 5 }));
    await house.bill(organisation, "2026-05");
    await house.contractOf(gateway(organisation, "2026-06-01"));
    const run = await previewRun(house.place, { month: "2026-06", organisationId: organisation });
    const [row] = await house.query(sql<{ last: string; current: string; reasons: { code: string; delta: number }[] }>`
      select last, current, reasons from commerce.bill_run_customer where run_id = ${run.id}`);
    const may = await house.documents(organisation);
    expect(row?.last).toBe(String(may.reduce((sum, { total }) => sum + total, 0)));
    expect(row?.current).toBe(String(run.preview.total));
    expect(row?.reasons.map(({ code, delta }) => [code, delta])).toEqual([
      ["one-off", -3_000],
      // April's fee stood on the bill of May.
      ["amount-changed", -2_500],
      ["new-contract", 2_500],
      ["tax", -300],
    ]);
  });

  test("isolation: another organisation sees and exports nothing of it; erasure keeps documents for seven years", async () => {
    const [own, other] = [await house.organisation(), await house.organisation()];
    await house.contractOf(gateway(own, "2026-04-01"));
    await house.bill(own, "2026-04");
    const exported = async (organisation: OrganisationId) => {
      const tables: string[] = [];
      await house.place.store.organisation(organisation, async (tx) => {
        for await (const { table } of exportBilling(tx, organisation)) tables.push(table);
      });
      return tables;
    };
    expect(await exported(own)).toEqual(
      expect.arrayContaining(["commerce.billed", "commerce.invoice", "commerce.invoice_line"]),
    );
    expect(await exported(other)).toEqual([]);
    const seen = await house.place.store.organisation(
      other,
      async (tx) =>
        (await sql`select 1 from commerce.invoice_line union all select 1 from commerce.billed`.execute(tx)).rows,
    );
    expect(seen).toEqual([]);
    await house.query(sql`with old as (insert into commerce.invoice (id, organisation_id, number, kind, month, issued_on, net, tax, total, content, issued_at)
        values (gen_random_uuid(), ${own}, 'INV-2015-00000001', 'invoice', '2015-04-01', '2015-05-01', 0, 0, 0, '{}', now()) returning id)
      select id from old`);
    await house.place.store.organisation(own, (tx) => eraseBilling(house.platform, tx, own));
    expect(await exported(own)).toEqual(["commerce.invoice", "commerce.invoice_line"]);
  });
});
