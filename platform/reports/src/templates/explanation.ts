/** Why this amount (COM-18): every line with its sentence, formula, inputs, rule and version. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { ExplanationContent } from "../shapes.ts";
import { fitsPage, framed, head, heading, mm, notes, paragraph, shade, soft, titled } from "../layout.ts";
import { say, yen } from "../words.ts";

type Line = ExplanationContent["lines"][number];

export function explanation(content: ExplanationContent, language: Language): PageDefinition {
  const ja = language === "ja";
  const title = ja ? "料金の計算書" : "Why this amount";
  let group = "";
  return framed(
    {
      ...content,
      title,
      content: [
        head(content, language, [[ja ? "対象の文書" : "Document", content.document]]),
        titled(title, language),
        paragraph(
          ja
            ? "請求した料金が、どの規定に基づき、どのように計算されたかをご説明します。"
            : "How each charged amount came about, and by which rule.",
        ),
        ...content.lines.flatMap((line): Node[] => {
          const name = say(line.group, language);
          const opens = name !== group;
          group = name;
          return [...(opens ? [heading(name)] : []), explained(line, language)];
        }),
        heading(ja ? "税額と合計" : "Tax and total"),
        {
          layout: "rows",
          table: {
            widths: [mm(44), "*", mm(32)],
            body: content.totals.map(({ label, amount, formula }): Node[] => [
              say(label, language),
              { text: formula === undefined ? "" : say(formula, language), fontSize: 8, color: soft },
              { text: yen(amount, language), alignment: "right", bold: true },
            ]),
          },
        },
        ...notes(content.notes, language),
      ],
    },
    language,
  );
}

function explained(line: Line, language: Language): Node {
  const ja = language === "ja";
  const inputs = (line.inputs ?? []).map(({ label, value }) => `${say(label, language)} = ${say(value, language)}`);
  const grounds = [`${line.rule} (${line.version})`, ...(line.basis ?? [])].join(ja ? "、" : ", ");
  return {
    layout: "box",
    margin: [0, 0, 0, 4],
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: fitsPage(say(line.sentence, language), say(line.formula, language), ...inputs),
      widths: ["*", mm(30)],
      body: [
        [
          { text: say(line.description, language), bold: true, fillColor: shade },
          { text: yen(line.amount, language), bold: true, alignment: "right", fillColor: shade },
        ],
        [
          {
            colSpan: 2,
            stack: [
              { text: say(line.sentence, language), lineHeight: 1.25 },
              { text: say(line.formula, language), margin: [0, 3, 0, 0] },
              {
                text: [
                  `${ja ? "規定" : "Rule"}: ${grounds}`,
                  ...(inputs.length === 0 ? [] : [`${ja ? "値" : "Values"}: ${inputs.join(ja ? "、" : ", ")}`]),
                ].join("\n"),
                fontSize: 7.5,
                color: soft,
                margin: [0, 3, 0, 0],
              },
            ],
          },
          "",
        ],
      ],
    },
  };
}
