/** Documents and their lines as tables for spreadsheets. */
import type { Language } from "@yagura/core/errors.ts";
import { toCsv } from "../csv.ts";
import type { StoredLine } from "./stored-lines.ts";
import type { InvoiceItem } from "./shapes.ts";

const lineColumns = {
  ja: [
    "番号",
    "行",
    "契約番号",
    "サービス",
    "内容",
    "期間開始",
    "期間終了",
    "数量",
    "単価",
    "金額（税抜）",
    "税区分",
    "規則",
    "計算式",
  ],
  en: [
    "number",
    "line",
    "contract",
    "service",
    "description",
    "from",
    "to",
    "quantity",
    "unit price",
    "amount without tax",
    "tax class",
    "rule",
    "formula",
  ],
} as const;

/** The lines of one document, each with the formula of its amount. */
export const linesCsv = (number: string, lines: readonly StoredLine[], language: Language): string =>
  toCsv(
    lineColumns[language],
    lines.map((line) => [
      number,
      line.position,
      line.contract,
      line.service,
      line.description[language],
      line.period.from,
      line.period.to,
      line.quantity,
      line.unitPrice,
      line.amount,
      line.taxClass,
      line.why.rule,
      line.why.formula,
    ]),
  );

const invoiceColumns = {
  ja: ["番号", "種類", "お客さま", "月", "発行日", "支払期限", "税抜", "消費税", "合計"],
  en: ["number", "kind", "customer", "month", "issued on", "due on", "net", "tax", "total"],
} as const;

export const invoicesCsv = (invoices: readonly InvoiceItem[], language: Language): string =>
  toCsv(
    invoiceColumns[language],
    invoices.map((one) => [
      one.number,
      one.kind,
      one.organisation,
      one.month,
      one.issuedOn,
      one.dueOn,
      one.net,
      one.tax,
      one.total,
    ]),
  );
