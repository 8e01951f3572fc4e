/** 適格返還請求書 (COM-11): what is given back of an issued document. */
import type { Language } from "@yagura/core/errors.ts";
import type { PageDefinition } from "../pdf.ts";
import type { CreditNoteContent } from "../shapes.ts";
import { besideSender, facts, framed, head, mm, notes, paragraph, titled } from "../layout.ts";
import { checkSums, lineTables, sumTable, totalBox } from "../money.ts";
import { day, say, yen } from "../words.ts";

export function creditNote(content: CreditNoteContent, language: Language): PageDefinition {
  checkSums(content.number, content);
  const ja = language === "ja";
  const title = ja ? "返還請求書" : "Credit note";
  const { credits } = content;
  // What falls below zero by itself belongs to the bills of the months that its lines name.
  const original =
    credits === null
      ? ja
        ? "明細の各月分のご請求"
        : "the bills of the months below"
      : `${credits.number} (${day(credits.issuedOn, language)})`;
  return framed(
    {
      ...content,
      title,
      content: [
        head(content, language),
        titled(title, language),
        besideSender(
          [
            ...(ja ? [paragraph("下記のとおり、ご請求額を減額いたします。")] : []),
            totalBox(ja ? "減額する金額(税込)" : "Credited with tax", yen(content.total, language)),
            facts(
              [
                ...(content.subject === undefined
                  ? []
                  : [[ja ? "件名" : "Subject", say(content.subject, language)] as const]),
                [ja ? "もとの請求書" : "Invoice", original],
                [ja ? "減額した日" : "Credited on", day(content.returnedOn, language)],
                [ja ? "理由" : "Reason", say(content.reason, language)],
              ],
              mm(24),
            ),
          ],
          content.issuer,
          language,
        ),
        ...lineTables(content.groups, language),
        sumTable(content, language, ja ? "減額の合計" : "Total credited"),
        ...notes(content.notes, language),
      ],
    },
    language,
  );
}
