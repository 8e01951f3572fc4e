/** 適格請求書 and its correction (COM-11). */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { CorrectedInvoiceContent, InvoiceContent } from "../shapes.ts";
import { besideSender, facts, framed, head, mm, notes, paragraph, titled } from "../layout.ts";
import { checkSums, lineTables, sumTable, totalBox } from "../money.ts";
import { day, period, say, yen } from "../words.ts";

export const invoice = (content: InvoiceContent, language: Language): PageDefinition =>
  laidOut(content, language, language === "ja" ? "請求書" : "Invoice", []);

export function correctedInvoice(content: CorrectedInvoiceContent, language: Language): PageDefinition {
  const ja = language === "ja";
  const issued = day(content.corrects.issuedOn, language);
  return laidOut(content, language, ja ? "修正請求書" : "Corrected invoice", [
    paragraph(
      ja
        ? `この請求書は、${issued}発行の請求書 ${content.corrects.number} を修正するものです。修正前の請求書に代えて保存してください。`
        : `This invoice takes the place of invoice ${content.corrects.number} of ${issued}. Please keep it instead of that one.`,
    ),
    paragraph(`${ja ? "修正の理由: " : "Reason: "}${say(content.reason, language)}`),
  ]);
}

function laidOut(content: InvoiceContent, language: Language, title: string, opening: readonly Node[]): PageDefinition {
  checkSums(content.number, content);
  const ja = language === "ja";
  return framed(
    {
      ...content,
      title,
      content: [
        head(content, language),
        titled(title, language),
        ...opening,
        besideSender(asked(content, language), content.issuer, language),
        ...lineTables(content.groups, language),
        sumTable(content, language, ja ? "ご請求金額" : "Total"),
        ...notes(content.notes, language),
      ],
    },
    language,
  );
}

/** What is asked for, by when, for what. */
function asked(content: InvoiceContent, language: Language): Node[] {
  const ja = language === "ja";
  const rows: [string, Node][] = [];
  if (content.subject !== undefined) rows.push([ja ? "件名" : "Subject", say(content.subject, language)]);
  if (content.period !== undefined) rows.push([ja ? "ご利用期間" : "Period", period(content.period, language)]);
  if (content.dueOn !== null) {
    rows.push([ja ? "お支払期限" : "Due on", { text: day(content.dueOn, language), bold: true }]);
  }
  rows.push(...bankRows(content, language));
  if (content.payment !== undefined) rows.push([ja ? "お支払方法" : "Payment", say(content.payment, language)]);
  return [
    ...(ja ? [paragraph("下記のとおりご請求申し上げます。")] : []),
    totalBox(ja ? "ご請求金額(税込)" : "Amount due with tax", yen(content.total, language)),
    ...(rows.length === 0 ? [] : [facts(rows, mm(24))]),
  ];
}

/** Where to pay. */
export function bankRows({ bank }: Pick<InvoiceContent, "bank">, language: Language): [string, Node][] {
  if (bank === undefined || bank === null) return [];
  const ja = language === "ja";
  const kind = { ordinary: ja ? "普通" : "ordinary account", current: ja ? "当座" : "current account" }[bank.kind];
  const place = `${say(bank.bank, language)}${ja ? " " : ", "}${say(bank.branch, language)}`;
  return [
    [ja ? "お振込先" : "Pay into", `${place}\n${kind} ${bank.number}`],
    [ja ? "口座名義" : "Holder", say(bank.holder, language)],
  ];
}
