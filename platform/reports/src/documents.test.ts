import { createHash } from "node:crypto";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { longInvoice, sampleInvoice, samples, sumsOf } from "../../../tests/support/documents.ts";
import { pdfPages } from "../../testkit/src/pdf-text.ts";
import { printDocument } from "./documents.ts";
import { documentShapes, type DocumentKind } from "./shapes.ts";

const text = async (...given: Parameters<typeof printDocument>): Promise<string> =>
  pdfPages(await printDocument(...given))
    .map((page) => page.text)
    .join("\n");
const kinds = Object.keys(documentShapes) as DocumentKind[];

test("COM-11 a qualified invoice says who, to whom, when, what for, how much per rate and how much tax", async () => {
  const said = await text("invoice", sampleInvoice, "ja");
  for (const fact of [
    "請求書",
    "やぐら通信株式会社",
    "登録番号 T7123456789012",
    "株式会社髙﨑製作所",
    "情報システム部 御中",
    "INV-2612-000123",
    "2026年12月1日",
    "2026年11月1日～2026年11月30日",
    "2026年12月31日",
    "みらい銀行 本店営業部",
    "普通 1234567",
    "SEC-2604-000012-7",
    "2026/11/12～11/30",
    "(19日)",
    "9 1,800 10% 16,200",
    "▲167",
    // COM-08: floor((16,200 + 633 + 2,500 - 167) × 10 %), once.
    "10% 対象 19,166 1,916 21,082",
    "消費税の対象外 12,000 – 12,000",
    "ご請求金額 31,166 1,916 33,082",
    "¥33,082",
    "1円程度の",
  ]) {
    expect(said).toContain(fact);
  }
});

test("COM-11 the same invoice in English", async () => {
  const said = await text("invoice", sampleInvoice, "en");
  for (const fact of [
    "Invoice",
    "Yagura Communications",
    "Registration number T7123456789012",
    "Takasaki Works Ltd.",
    "1 Dec 2026",
    "1 Nov 2026 – 30 Nov 2026",
    "31 Dec 2026",
    "12 – 30 Nov 2026",
    "-167",
    "at 10% 19,166 1,916 21,082",
    "outside the scope of tax 12,000 – 12,000",
    "Total 31,166 1,916 33,082",
    "It may differ by a yen",
  ]) {
    expect(said).toContain(fact);
  }
  expect(said).not.toMatch(/[ぁ-んァ-ヶ一-龠]/u);
});

test("80 lines go over pages: each names the document, its contract, its columns and its number; no line is lost or cut", async () => {
  const pages = pdfPages(await printDocument("invoice", longInvoice(80), "ja"));
  expect(pages.length).toBeGreaterThan(2);
  for (const [index, page] of pages.entries()) {
    expect(page.text).toContain(`${index + 1} / ${pages.length}`);
    expect(page.text).toContain("INV-2612-000123");
    if (/10ライセンスパック/.test(page.text)) {
      expect(page.text).toMatch(/SEC-2604-000012-7.* 数量 単価 税率 金額/);
    }
    for (const { x, y, width } of page.runs) {
      expect(x).toBeGreaterThanOrEqual(40);
      expect(x + width).toBeLessThanOrEqual(595 - 40);
      expect(y).toBeGreaterThan(20);
    }
  }
  const said = pages.map((page) => page.text).join("\n");
  for (let quantity = 1; quantity <= 80; quantity++) {
    const amount = String(quantity * 1_800).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    expect(said).toContain(`2026/11/01～11/30 ${quantity} 1,800 10% ${amount}`);
  }
});

test("a hundred contracts with one line each stand in one table, each line with its contract", async () => {
  const groups = Array.from({ length: 100 }, (_, index) => ({
    title: `EXP-2611-${String(index).padStart(6, "0")}-3`,
    lines: [
      { description: { ja: "監視 月額", en: "Monitoring" }, quantity: 1, unitPrice: 500, amount: 500, rate: "10%" },
    ],
  }));
  const pages = pdfPages(await printDocument("invoice", { ...sampleInvoice, ...sumsOf(groups) }, "ja"));
  expect(pages.length).toBeLessThan(5);
  const said = pages.map((page) => page.text).join("\n");
  for (const { title } of groups) expect(said).toContain(`${title} 監視 月額 1 500 10% 500`);
});

test("nothing is lost and nothing leaves the page, however long a text, a list or a word is", async () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => `UTM-2606-${String(index).padStart(6, "0")}-2`);
  const told = await text("withdrawal", { ...samples.withdrawal, contractNumbers: numbers }, "ja");
  expect(numbers.filter((number) => !told.includes(number))).toEqual([]);
  const long = "あいうえおかきくけこ".repeat(390);
  const noted = await text("invoice", { ...sampleInvoice, notes: [long, long] }, "ja");
  expect(noted.match(/あ/g)).toHaveLength(780);
  const reason = await text("suspension", { ...samples.suspension, reason: long }, "ja");
  expect(reason.match(/あ/g)).toHaveLength(390);
  const name = "W".repeat(200);
  const recipient = { ...sampleInvoice.recipient, name, address: `${name}\n${name}` };
  for (const { runs } of pdfPages(await printDocument("invoice", { ...sampleInvoice, recipient }, "ja"))) {
    for (const { x, width } of runs) expect(x + width).toBeLessThan(595 - 40);
  }
});

test("the address stands where the window of an envelope is: 20 to 57 mm from the top, 20 to 110 mm from the left", async () => {
  const [page] = pdfPages(await printDocument("invoice", sampleInvoice, "ja"));
  const millimetre = 72 / 25.4;
  for (const wanted of ["〒", "大", "株", "情"]) {
    const run = page?.runs.find(({ text: piece, x }) => piece.startsWith(wanted) && x < 100 * millimetre);
    const top = (841.89 - (run?.y ?? 0)) / millimetre;
    expect(top).toBeGreaterThan(20);
    expect(top).toBeLessThan(57);
    expect((run?.x ?? 0) / millimetre).toBeGreaterThan(20);
  }
});

test.each(kinds)("%s is printed in both languages, and its content has the shape that it should", async (kind) => {
  expect([...Value.Errors(documentShapes[kind], samples[kind])]).toEqual([]);
  const [ja, en] = [await text(kind, samples[kind], "ja"), await text(kind, samples[kind], "en")];
  expect(ja).toContain(samples[kind].number);
  expect(en).toContain(samples[kind].number);
  expect(ja).toMatch(/[ぁ-ん]/u);
  expect(en).not.toMatch(/[ぁ-んァ-ヶ一-龠]/u);
  expect(ja + en).not.toContain("\ufffd");
});

test.each([
  { kind: "corrected-invoice", facts: ["修正請求書", "INV-2612-000123 を修正", "数量に誤り"] },
  { kind: "credit-note", facts: ["返還請求書", "INV-2611-000098", "¥13,579", "10% 対象 12,345 1,234 13,579"] },
  { kind: "payment-certificate", facts: ["支払証明書", "¥45,740", "2026/11/30 INV-2611-000098"] },
  { kind: "contract-notice", facts: ["SEC-2612-000020-9", "2027年1月1日～2027年11月30日", "80,000円 / 月"] },
  { kind: "refusal", facts: ["APP-2611-000031", "法人以外", "第6条第3項第5号"] },
  { kind: "suspension", facts: ["利用停止", "料金のお支払いが確認できない", "2026年12月15日から"] },
  { kind: "withdrawal", facts: ["UTM-2606-000119-0", "2027年6月30日"] },
  { kind: "notice", facts: ["受付番号変更のお知らせ", "2027年4月1日より", "03-0000-0000"] },
  { kind: "reminder", facts: ["お支払いのお願い(再)", "¥11,980", "2026年12月15日", "21,980 10,000 11,980"] },
  { kind: "quote", facts: ["御見積書", "2026年12月31日", "¥18,516"] },
  { kind: "insurance-certificate", facts: ["保険加入証明書", "00:1A:2B:3C:4D:5E", "2021年5月1日～2022年4月30日"] },
  { kind: "explanation", facts: ["SEC-34 (SEC-v1)", "floor(200 × 5 × 19 ÷ 30) = 633", "11月12日に5ライセンス"] },
] as const)("COM-18 COM-11 SEC-19 SEC-58 UTM-57 $kind says $facts", async ({ kind, facts }) => {
  const said = await text(kind, samples[kind], "ja");
  for (const fact of facts) expect(said).toContain(fact);
});

test("the same content gives the same bytes, whatever was printed before", async () => {
  const hash = async (...given: Parameters<typeof printDocument>) =>
    createHash("sha256")
      .update(await printDocument(...given))
      .digest("hex");
  const first = await hash("invoice", sampleInvoice, "ja");
  await printDocument("quote", samples.quote, "en");
  expect(await hash("invoice", structuredClone(sampleInvoice), "ja")).toBe(first);
  expect(await hash("invoice", { ...sampleInvoice, number: "INV-2612-000124" }, "ja")).not.toBe(first);
});

test("only the characters that are used are embedded", async () => {
  const bytes = await printDocument("invoice", sampleInvoice, "ja");
  expect(bytes.length).toBeLessThan(120_000);
  expect(Buffer.from(bytes).toString("latin1")).toMatch(/\/FontName \/[A-Z]{6}\+NotoSansJP-Bold/);
});

test.each([
  { number: "1-1-1", change: { net: sampleInvoice.net + 1 }, what: "subtotals and net" },
  { number: "1-1-2", change: { total: sampleInvoice.total - 1 }, what: "total" },
  { number: "1-1-3", change: { subtotals: sampleInvoice.subtotals.slice(0, 1) }, what: "no subtotal at out-of-scope" },
])("sums that differ are not printed: $what", async ({ number, change, what }) => {
  const refused = printDocument("invoice", { ...sampleInvoice, number, ...change }, "ja");
  await expect(refused).rejects.toMatchObject({ code: "DOCUMENT_SUMS_DIFFER", message: expect.stringContaining(what) });
});
