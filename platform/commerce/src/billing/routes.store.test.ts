/** Bill runs and documents over HTTP: who may, what comes out, and the jobs behind them. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commerceRoom } from "@yagura/commerce/room.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import type { Page } from "@yagura/server/shapes.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { addContracts, billing, gateway, mixedContract, prepareBilling } from "../../../../tests/support/billing.ts";
import { migrations } from "../../../../tests/support/experience.ts";
import { offers } from "../../../../tests/support/money.ts";
import { listInvoices } from "./invoices.ts";
import { mailJob, monthlyJob, runJob, takeUpJob } from "./job-names.ts";
import { billingJobs } from "./jobs.ts";
import { listRuns } from "./runs.ts";
import type {
  BillingChoice,
  BillLine,
  BillRunItem,
  InvoiceDetail,
  InvoiceItem,
  NextBill,
  RunAside,
  RunCustomer,
} from "./shapes.ts";

const clock = testClock(Date.parse("2026-07-01T00:30:00Z"));
const devices = createDevices({ clock, fingerprint: () => null });
const room = commerceRoom({ hooks: {}, offers, devices });
const runs = "/api/v1/provider/bill-runs";

let server: TestServer;
let organisation: string;
let base: string;
let owner: Client;
let viewer: Client;

beforeAll(async () => {
  server = await testServer({
    routes: room.routes,
    scopes: [room.scopes],
    migrations: migrations.filter((one) => one.room !== "server"),
    clock,
  });
  await prepareBilling({ store: server.stores.store, clock });
  organisation = (await server.organisation("株式会社明細")).id;
  base = `/api/v1/organisations/${organisation}`;
  owner = await server.member(organisation, "owner@customer.test", "owner");
  viewer = await server.member(organisation, "viewer@customer.test", "viewer");
  await addContracts(
    server.stores.store,
    Array.from({ length: 10 }, (_, n) => mixedContract(n, organisation)),
  );
});
afterAll(async () => {
  await closePrinters();
  await server.stop();
});

const handlers = billingJobs(billing).handlers;
const job = (name: string, payload: Record<string, unknown> = {}) => handlers[name]?.(payload, server.platform);
const jobs = (name: string) =>
  server.stores.store.provider(
    async (tx) =>
      (await sql<{ key: string }>`select 1 as key from server.outbox where subject like ${name}`.execute(tx)).rows
        .length,
  );

describe("a run over HTTP", () => {
  test("COM-20 COM-15 preview with differences, issue, list; the customer gets one notice for each document", async () => {
    const begun = await server.admin.post<BillRunItem>(runs, { month: "2026-06" });
    expect(begun).toMatchObject({ status: 201, body: { state: "computing", kind: "regular" } });
    expect((await server.admin.post<{ code: string }>(runs, { month: "2026-06" })).body.code).toBe("BILL_RUN_OPEN");
    expect((await server.admin.post(`${runs}/${begun.body.id}/issue`, {})).status).toBe(409);
    await job(runJob, { run: begun.body.id });
    const ready = await server.admin.get<BillRunItem>(`${runs}/${begun.body.id}`);
    expect(ready.body).toMatchObject({ state: "ready", preview: { contracts: 10, of: 10, aside: 0 } });
    const customers = await server.admin.get<Page<RunCustomer>>(`${runs}/${begun.body.id}/customers`);
    expect(customers.body).toMatchObject({
      total: 1,
      items: [{ organisation: "株式会社明細", last: 0, current: ready.body.preview.total, aside: 0 }],
    });
    expect(customers.body.items[0]?.reasons.length).toBeGreaterThan(0);
    expect((await server.admin.get<Page<RunAside>>(`${runs}/${begun.body.id}/aside`)).body.total).toBe(0);
    const shown = await owner.get<NextBill>(`${base}/next-bill`);
    expect((await server.admin.post(`${runs}/${begun.body.id}/issue`, {})).status).toBe(202);
    await job(runJob, { run: begun.body.id });
    const done = await server.admin.get<BillRunItem>(`${runs}/${begun.body.id}`);
    expect(done.body).toMatchObject({ state: "done", issued: { total: ready.body.preview.total } });
    expect(shown.body.total).toBe(ready.body.preview.total);
    await job(mailJob, { run: begun.body.id });
    await job(mailJob, { run: begun.body.id });
    expect(await jobs("請求書を発行しました%")).toBe(done.body.issued.documents);
    // COM-15: each of them is a stored notice of the document's kind, with its mail and the evidence of it.
    const { rows: notices } = await server.stores.store.provider((tx) =>
      sql<{
        kind: string;
        mails: number;
        delivery: string;
        evidence: number;
      }>`select n.kind, cardinality(n.mails) as mails,
          n.delivery, count(e.id)::int as evidence
        from commerce.notice n join commerce.notice_evidence e on e.notice_id = n.id
        where n.organisation_id = ${organisation} group by n.id`.execute(tx),
    );
    expect(notices).toHaveLength(done.body.issued.documents);
    expect(new Set(notices.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ kind: "invoice", mails: 1, delivery: "queued", evidence: 1 })]),
    );
    expect((await server.admin.get<Page<BillRunItem>>(runs)).body.items.map(({ id }) => id)).toContain(begun.body.id);
  });

  test("COM-18 documents, lines with why, CSV and PDF for the customer; the PDF is the same bytes for ever", async () => {
    const list = await owner.get<Page<InvoiceItem>>(`${base}/invoices?month=2026-06`);
    expect(list.body.total).toBeGreaterThan(8);
    const [one] = list.body.items;
    const url = `${base}/invoices/${one?.id}`;
    const detail = await owner.get<InvoiceDetail>(url);
    expect(detail.body).toMatchObject({
      number: one?.number,
      content: { qualified: false, recipient: { name: "株式会社明細" } },
    });
    expect(detail.body.mailedAt).not.toBeNull();
    const lines = await owner.get<Page<BillLine>>(`${url}/lines`);
    expect(lines.body.items.reduce((sum, { amount }) => sum + amount, 0)).toBe(detail.body.net);
    for (const line of lines.body.items) {
      expect(line.why).toMatchObject({
        rule: expect.stringMatching(/^[A-Z]+-\d+/),
        version: expect.any(String),
        formula: expect.stringMatching(/./),
        sentence: { ja: expect.stringMatching(/./), en: expect.stringMatching(/./) },
      });
    }
    const why = await owner.get<BillLine>(`${url}/lines/1/why`);
    expect(why.body).toEqual(lines.body.items[0]);
    expect((await owner.get(`${url}/lines/99/why`)).status).toBe(404);
    const csv = await owner.get(`${url}/csv`, { "accept-language": "ja" });
    expect(csv.text.startsWith("\uFEFF番号,行,契約番号")).toBe(true);
    expect(csv.headers["content-disposition"]).toContain(`${one?.number}.csv`);
    const all = await owner.get(`${base}/invoices.csv`, { "accept-language": "en" });
    expect(all.text.split("\r\n")).toHaveLength(list.body.total + 2);
    const first = await owner.get(`${url}/pdf?language=ja`);
    expect(first.status).toBe(200);
    expect(first.text.startsWith("%PDF-")).toBe(true);
    expect((await owner.get(`${url}/pdf?language=ja`)).text).toBe(first.text);
    const [kept] = await server.stores.store.provider(
      async (tx) =>
        (
          await sql<{ bytes: Buffer; sha256: string }>`select bytes, sha256 from commerce.invoice_pdf
            where invoice_id = ${one?.id}`.execute(tx)
        ).rows,
    );
    expect(
      createHash("sha256")
        .update(kept?.bytes ?? "")
        .digest("hex"),
    ).toBe(kept?.sha256);
  });

  test("COM-11 corrections and credit notes are the provider's; both are documents with a PDF", async () => {
    const list = await server.admin.get<Page<InvoiceItem>>("/api/v1/provider/invoices?q=明細&kind=invoice");
    const [one, two] = list.body.items.filter(({ total }) => total > 5_000);
    const corrected = await server.admin.post<InvoiceDetail>(`/api/v1/provider/invoices/${one?.id}/correction`, {
      reason: "宛名の誤り",
    });
    expect(corrected).toMatchObject({
      status: 201,
      body: { kind: "corrected", total: one?.total, correctsId: one?.id },
    });
    expect((await owner.get<InvoiceDetail>(`${base}/invoices/${one?.id}`)).body.replacedById).toBe(corrected.body.id);
    const note = await server.admin.post<InvoiceDetail>(`/api/v1/provider/invoices/${two?.id}/credit-notes`, {
      reason: "お詫び",
      lines: [{ position: 1, amount: 100 }],
    });
    expect(note.body).toMatchObject({ kind: "credit-note", net: -100, total: -110 });
    for (const { id } of [corrected.body, note.body]) {
      const paper = await owner.get(`${base}/invoices/${id}/pdf?language=en`);
      expect(paper.text.startsWith("%PDF-")).toBe(true);
    }
    const url = `/api/v1/provider/invoices/${two?.id}`;
    expect((await owner.post(`${url}/credit-notes`, { reason: "x", lines: [{ position: 1, amount: 1 }] })).status).toBe(
      403,
    );
    expect((await owner.post(`${url}/correction`, { reason: "x" })).status).toBe(403);
    const log = await server.admin.get<Page<{ action: string }>>("/api/v1/provider/audit");
    expect(log.body.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["bill-run.begin", "bill-run.issue", "invoice.correct", "invoice.credit"]),
    );
  });

  test("a viewer sees no invoices; a customer neither runs bills nor chooses how it is billed", async () => {
    expect((await viewer.get(`${base}/invoices`)).status).toBe(403);
    expect((await viewer.get(`${base}/next-bill`)).status).toBe(403);
    expect((await owner.get(runs)).status).toBe(403);
    const choice: BillingChoice = {
      unit: "consolidated",
      form: "electronic",
      mail: "bills@customer.test",
      language: "en",
    };
    expect((await owner.call("PUT", `${base}/billing-choice`, choice)).status).toBe(403);
    expect((await server.admin.call("PUT", `${base}/billing-choice`, choice)).status).toBe(200);
    expect((await owner.get<BillingChoice>(`${base}/billing-choice`)).body).toEqual(choice);
  });

  test("changed prices make a preview stale: it is not issued before it was computed again", async () => {
    const other = (await server.organisation("変更株式会社")).id;
    await addContracts(server.stores.store, [gateway(other, "2026-06-01")]);
    const begun = await server.admin.post<BillRunItem>(runs, { month: "2026-06", organisationId: other });
    await job(runJob, { run: begun.body.id });
    await server.stores.store.provider((tx) =>
      sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
        values (gen_random_uuid(), '*', 'zero-bills', '"issue"', daterange(null, null), 'test', now())`.execute(tx),
    );
    const stale = await server.admin.post<{ code: string }>(`${runs}/${begun.body.id}/issue`, {});
    expect(stale).toMatchObject({ status: 409, body: { code: "BILL_RUN_STALE" } });
    expect((await server.admin.post(`${runs}/${begun.body.id}/compute`, {})).status).toBe(202);
    await job(runJob, { run: begun.body.id });
    expect((await server.admin.post(`${runs}/${begun.body.id}/discard`, {})).body["state"]).toBe("discarded");
  });
});

describe("jobs", () => {
  // Sessions end long before a month has passed: asked of the tables.
  const runOf = async (month: string) => {
    const found = await server.stores.store.provider((tx) => listRuns(tx, 50, null));
    return found.filter((run) => run.month === month);
  };

  test("the month that has ended gets a draft on its first day, once; what a crash left behind is taken up", async () => {
    clock.advance(31 * 86_400_000);
    await job(monthlyJob);
    await job(monthlyJob);
    expect(await runOf("2026-07")).toMatchObject([{ state: "computing", startedBy: "system:schedule" }]);
    await job(takeUpJob);
    expect(await runOf("2026-07")).toMatchObject([{ state: "computing" }]);
    clock.advance(180_000);
    await job(takeUpJob);
    expect(await runOf("2026-07")).toMatchObject([{ state: "ready" }]);
  });

  test("with the setting bill-run = issue the monthly run issues itself", async () => {
    await server.stores.store.provider((tx) =>
      sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
        values (gen_random_uuid(), '*', 'bill-run', '"issue"', daterange(null, null), 'test', now())`.execute(tx),
    );
    clock.advance(31 * 86_400_000 - 180_000);
    await job(monthlyJob);
    const [august] = await runOf("2026-08");
    await job(runJob, { run: august?.id });
    expect(await runOf("2026-08")).toMatchObject([{ state: "done" }]);
    const documents = await server.stores.store.provider((tx) =>
      listInvoices(tx, { run: august?.id, organisation }, { limit: 10, after: null }),
    );
    // The customer asked for one document for everything.
    expect(documents.total).toBe(1);
  });
});
