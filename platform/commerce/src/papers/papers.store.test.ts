import { afterAll, beforeAll, expect, test } from "vitest";
import type { Application, Quote } from "../applications/shapes.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { pdfPages } from "../../../testkit/src/pdf-text.ts";
import { addContracts, billing, mixedContract } from "../../../../tests/support/billing.ts";
import { security } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import { runJob } from "../billing/job-names.ts";
import { billingJobs } from "../billing/jobs.ts";
import type { BillLine, BillRunItem, InvoiceItem } from "../billing/shapes.ts";

const today = "2026-11-20";
let counter: Counter;
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => {
  await closePrinters();
  await counter.stop();
});

/** The text of a PDF, as the reader of the language gets it. */
async function read(who: Client, url: string, language: "ja" | "en"): Promise<string> {
  const answer = await counter.app.inject({
    method: "GET",
    url: `${url}?language=${language}`,
    headers: { cookie: `yagura_session=${who.cookie}` },
  });
  expect([answer.statusCode, answer.headers["content-type"]], answer.payload.slice(0, 500)).toEqual([
    200,
    "application/pdf",
  ]);
  return pdfPages(answer.rawPayload)
    .map(({ text }) => text)
    .join("\n");
}

test("COM-19 a quote is a document in both languages, with its prices, its tax and its last day", async () => {
  const { base, owner } = await counter.customer();
  const wanted = { service: "security", plan: "endpoint", items: { "seat-10": 9, "seat-1": 5 }, startOn: "2026-12-01" };
  const quote = done(await owner.post<Quote>(`${base}/quotes`, wanted));
  const ja = await read(owner, `${base}/quotes/${quote.id}/pdf`, "ja");
  for (const fact of ["御見積書", "2026年12月20日", "3,000", "16,200", "1,000"]) expect(ja).toContain(fact);
  expect(ja).toContain(`¥${quote.totals.total.toLocaleString("en")}`);
  const en = await read(owner, `${base}/quotes/${quote.id}/pdf`, "en");
  for (const fact of ["Quote", "20 Dec 2026", "10-seat pack"]) expect(en).toContain(fact);
});

test("SEC-31 SEC-65 the notice of a contract says what was accepted and how long it binds", async () => {
  const { base, owner } = await counter.customer();
  await counter.contract(base, orderLine(security, "endpoint", today, { items: { "seat-10": 2 } }));
  const list = await owner.get<{ items: { id: string; number: string; plan: string }[] }>(`${base}/contracts`);
  const contract = list.body.items.find(({ plan }) => plan === "endpoint");
  const said = await read(owner, `${base}/contracts/${contract?.id}/notice/pdf`, "ja");
  for (const fact of [
    "ご契約内容のお知らせ",
    contract?.number ?? "",
    "10ライセンスパック",
    "1,800円",
    "2026年11月20日",
  ]) {
    expect(said).toContain(fact);
  }
});

test("SEC-09 a refused application is answered by a letter with its ground; one that is open has none", async () => {
  const { base, owner } = await counter.customer();
  const ground = security.grounds.find(({ use }) => use === "refusal");
  const made = done(
    await counter.admin.post<Application[]>(`${base}/applications`, {
      channel: "order-site",
      lines: [orderLine(security, "endpoint", today)],
    }),
  );
  const [application] = made;
  const url = `${base}/applications/${application?.id}`;
  expect((await owner.get(`${url}/refusal/pdf`)).status).toBe(404);
  done(await counter.admin.post(`${url}/refuse`, { ground: ground?.code }));
  const said = await read(owner, `${url}/refusal/pdf`, "ja");
  expect(said).toContain("お申込みについてのお知らせ");
  expect(said.replaceAll(/\s/g, "")).toContain(ground?.text.ja.replaceAll(/\s/g, "").slice(0, 20) ?? "?");
});

test("COM-18 why the amounts of an issued document are what they are, line by line, on paper", async () => {
  const { base, owner, id: organisation } = await counter.customer();
  await addContracts(
    counter.stores.store,
    Array.from({ length: 3 }, (_, n) => mixedContract(n, organisation)),
  );
  const run = done(await counter.admin.post<BillRunItem>("/api/v1/provider/bill-runs", { month: "2026-06" }));
  const work = () => billingJobs(billing).handlers[runJob]?.({ run: run.id }, counter.platform);
  await work();
  done(await counter.admin.post(`/api/v1/provider/bill-runs/${run.id}/issue`, {}));
  await work();
  const list = await owner.get<{ items: InvoiceItem[] }>(`${base}/invoices`);
  const [invoice] = list.body.items;
  const lines = await owner.get<{ items: BillLine[] }>(`${base}/invoices/${invoice?.id}/lines`);
  const ja = await read(owner, `${base}/invoices/${invoice?.id}/why/pdf`, "ja");
  const en = await read(owner, `${base}/invoices/${invoice?.id}/why/pdf`, "en");
  expect(lines.body.items.length).toBeGreaterThan(0);
  for (const { why, amount } of lines.body.items) {
    expect(ja).toContain(`${why.rule} (${why.version})`);
    expect(ja).toContain(`¥${amount.toLocaleString("en")}`);
    expect(en.replaceAll(/\s/g, "")).toContain(why.sentence.en.replaceAll(/\s/g, "").slice(0, 40));
  }
  expect(ja).toContain(invoice?.number ?? "?");
  // COM-08: the paper itself says why the tax may differ by a yen from the price list.
  expect(await read(owner, `${base}/invoices/${invoice?.id}/pdf`, "en")).toContain("It may differ by a yen");
});
