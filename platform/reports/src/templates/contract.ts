/** What a customer is told of an application: accepted with its contract, or refused. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { ContractNoticeContent, RefusalContent } from "../shapes.ts";
import { facts, fitsPage, heading, mm, paragraph, shade, soft } from "../layout.ts";
import { day, figure, period, say } from "../words.ts";
import { letter } from "./letter.ts";

export function contractNotice(content: ContractNoticeContent, language: Language): PageDefinition {
  const ja = language === "ja";
  const starts =
    content.startsOn === null ? (ja ? "別途ご案内します" : "to be announced") : day(content.startsOn, language);
  return letter(content, language, ja ? "ご契約内容のお知らせ" : "Notice of your contract", [
    paragraph(
      ja
        ? "お申込みを下記のとおり承諾いたしました。内容をご確認のうえ、大切に保管してください。お問い合わせの際は、契約番号をお知らせください。"
        : "We have accepted your application as follows. Please check it and keep this notice. Name the contract number when you ask us something.",
    ),
    facts([
      [ja ? "契約番号" : "Contract number", { text: content.contractNumber, bold: true }],
      [ja ? "サービス" : "Service", `${say(content.service, language)} / ${say(content.plan, language)}`],
      [ja ? "承諾日" : "Accepted on", day(content.acceptedOn, language)],
      [ja ? "提供開始日" : "Start of service", starts],
      ...(content.minimumTerm === undefined || content.minimumTerm === null
        ? []
        : [[ja ? "最低利用期間" : "Minimum term", period(content.minimumTerm, language)] as const]),
      ...(content.facts ?? []).map(({ label, value }) => [say(label, language), say(value, language)] as const),
    ]),
    ...items(content, language),
  ]);
}

function items(content: ContractNoticeContent, language: Language): Node[] {
  if (content.items.length === 0) return [];
  const ja = language === "ja";
  const caption = (text: string, alignment: "left" | "right" = "right"): Node => ({
    text,
    alignment,
    fontSize: 7.5,
    color: soft,
    fillColor: shade,
  });
  return [
    heading(ja ? "お申込みの内容" : "What was ordered"),
    {
      layout: "rows",
      table: {
        headerRows: 1,
        dontBreakRows: content.items.every(({ description }) => fitsPage(say(description, language))),
        widths: ["*", mm(18), mm(40)],
        body: [
          [
            caption(ja ? "品目" : "Item", "left"),
            caption(ja ? "数量" : "Quantity"),
            caption(ja ? "単価(税抜)" : "Unit price without tax"),
          ],
          ...content.items.map((item): Node[] => [
            say(item.description, language),
            { text: figure(item.quantity, language), alignment: "right" },
            {
              text: `${figure(item.unitPrice, language)}${ja ? "円" : " yen"}${item.unit === undefined ? "" : ` / ${say(item.unit, language)}`}`,
              alignment: "right",
            },
          ]),
        ],
      },
    },
  ];
}

export function refusal(content: RefusalContent, language: Language): PageDefinition {
  const ja = language === "ja";
  return letter(content, language, ja ? "お申込みについてのお知らせ" : "About your application", [
    paragraph(
      ja
        ? "お申込みいただき、ありがとうございました。検討の結果、誠に恐縮ながら、下記のお申込みは承諾いたしかねることとなりました。"
        : "Thank you for your application. After examining it, we regret that we cannot accept it.",
    ),
    facts([
      [ja ? "受付番号" : "Application", content.application],
      [ja ? "サービス" : "Service", say(content.service, language)],
      [ja ? "お申込日" : "Applied on", day(content.appliedOn, language)],
      ...(content.ground === null
        ? []
        : [
            [
              ja ? "理由" : "Reason",
              `${say(content.ground.text, language)}\n(${say(content.ground.article, language)})`,
            ] as const,
          ]),
    ]),
  ]);
}
