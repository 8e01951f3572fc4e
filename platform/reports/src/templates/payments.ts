/** About payments: the certificate of what was paid (UTM-57), and the reminder of what was not. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { PaymentCertificateContent, ReminderContent } from "../shapes.ts";
import { raise } from "../errors.ts";
import { facts, fitsPage, heading, mm, paragraph, shade, soft } from "../layout.ts";
import { totalBox } from "../money.ts";
import { day, figure, period, say, shortDay, yen } from "../words.ts";
import { bankRows } from "./invoice.ts";
import { letter } from "./letter.ts";

const caption = (text: string, alignment: "left" | "right" = "left"): Node => ({
  text,
  alignment,
  fontSize: 7.5,
  color: soft,
  fillColor: shade,
});
const amount = (value: number, language: Language, bold = false): Node => ({
  text: figure(value, language),
  alignment: "right",
  bold,
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function paymentCertificate(content: PaymentCertificateContent, language: Language): PageDefinition {
  const ja = language === "ja";
  if (sum(content.payments.map((payment) => payment.amount)) !== content.total) {
    throw raise("DOCUMENT_SUMS_DIFFER", { number: content.number, what: `payments and total ${content.total}` });
  }
  return letter(content, language, ja ? "支払証明書" : "Certificate of payments", [
    paragraph(
      ja
        ? `${period(content.period, language)}にお支払いいただいた料金等を、下記のとおり証明いたします。`
        : `We certify that the following was paid to us from ${period(content.period, language)}.`,
    ),
    totalBox(ja ? "お支払いの合計(税込)" : "Paid with tax", yen(content.total, language)),
    {
      layout: "rows",
      margin: [0, 6, 0, 0],
      table: {
        headerRows: 1,
        dontBreakRows: content.payments.every(({ description }) => fitsPage(say(description, language))),
        widths: [mm(26), mm(36), "*", mm(28)],
        body: [
          [
            caption(ja ? "お支払日" : "Paid on"),
            caption(ja ? "請求書番号" : "Invoice"),
            caption(ja ? "内容" : "What for"),
            caption(ja ? "金額(税込)" : "Amount with tax", "right"),
          ],
          ...content.payments.map((payment): Node[] => [
            shortDay(payment.paidOn, language),
            payment.document,
            say(payment.description, language),
            amount(payment.amount, language),
          ]),
        ],
      },
    },
  ]);
}

export function reminder(content: ReminderContent, language: Language): PageDefinition {
  const ja = language === "ja";
  if (sum(content.claims.map(({ open }) => open)) !== content.total) {
    throw raise("DOCUMENT_SUMS_DIFFER", { number: content.number, what: `open claims and total ${content.total}` });
  }
  const first = content.level === 1;
  const title = ja
    ? first
      ? "お支払いのお願い"
      : "お支払いのお願い(再)"
    : first
      ? "Payment reminder"
      : `Payment reminder no. ${content.level}`;
  return letter(content, language, title, [
    paragraph(
      ja
        ? `下記の料金について、お支払いの確認ができておりません。${day(content.payBy, language)}までにお支払いくださいますようお願いいたします。行き違いでお支払い済みの場合は、ご容赦ください。`
        : `We have not yet received payment of the following. Please pay by ${day(content.payBy, language)}. If you have paid in the meantime, please disregard this letter.`,
    ),
    totalBox(ja ? "お支払いいただく金額" : "To be paid", yen(content.total, language)),
    facts([
      [ja ? "お支払期限" : "Pay by", { text: day(content.payBy, language), bold: true }],
      ...bankRows(content, language),
    ]),
    {
      layout: "rows",
      margin: [0, 4, 0, 4],
      table: {
        headerRows: 1,
        dontBreakRows: content.claims.every(({ description }) => fitsPage(say(description, language))),
        widths: [mm(34), "*", mm(24), mm(22), mm(20), mm(22)],
        body: [
          [
            caption(ja ? "請求書番号" : "Invoice"),
            caption(ja ? "内容" : "What for"),
            caption(ja ? "当初の期限" : "Was due on"),
            caption(ja ? "請求額" : "Amount", "right"),
            caption(ja ? "入金額" : "Paid", "right"),
            caption(ja ? "未払額" : "Open", "right"),
          ],
          ...content.claims.map((claim): Node[] => [
            claim.document,
            say(claim.description, language),
            shortDay(claim.dueOn, language),
            amount(claim.amount, language),
            amount(claim.paid, language),
            amount(claim.open, language, true),
          ]),
        ],
      },
    },
    ...(content.consequence === undefined
      ? []
      : [heading(ja ? "お支払いがない場合" : "If it is not paid"), paragraph(say(content.consequence, language))]),
  ]);
}
