/** A quote: what it would cost, until when it holds. */
import type { Language } from "@yagura/core/errors.ts";
import type { PageDefinition } from "../pdf.ts";
import type { QuoteContent } from "../shapes.ts";
import { besideSender, facts, framed, head, heading, mm, notes, paragraph, titled } from "../layout.ts";
import { checkSums, lineTables, sumTable, totalBox } from "../money.ts";
import { day, say, yen } from "../words.ts";

export function quote(content: QuoteContent, language: Language): PageDefinition {
  checkSums(content.number, content);
  const ja = language === "ja";
  const title = ja ? "御見積書" : "Quote";
  return framed(
    {
      ...content,
      title,
      content: [
        head(content, language),
        titled(title, language),
        besideSender(
          [
            ...(ja ? [paragraph("下記のとおりお見積り申し上げます。")] : []),
            totalBox(ja ? "お見積金額(税込)" : "Total with tax", yen(content.total, language)),
            facts(
              [
                ...(content.subject === undefined
                  ? []
                  : [[ja ? "件名" : "Subject", say(content.subject, language)] as const]),
                [ja ? "有効期限" : "Valid until", { text: day(content.validUntil, language), bold: true }],
              ],
              mm(24),
            ),
          ],
          content.issuer,
          language,
        ),
        ...lineTables(content.groups, language),
        sumTable(content, language, ja ? "お見積金額" : "Total"),
        ...(content.facts === undefined || content.facts.length === 0
          ? []
          : [
              heading(ja ? "条件" : "Conditions"),
              facts(content.facts.map(({ label, value }) => [say(label, language), say(value, language)])),
            ]),
        ...notes(content.notes, language),
      ],
    },
    language,
  );
}
