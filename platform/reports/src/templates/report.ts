/** Reports of services: the first page answers a manager's questions, the sections behind it are for those who do the work. */
import type { Language } from "@yagura/core/errors.ts";
import { CONTENT_WIDTH, facts, fitsPage, framed, heading, mm, notes, paragraph, shade, soft } from "../layout.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { ReportBlock, ReportContent } from "../shapes.ts";
import { day, period, say } from "../words.ts";

type Mark = Extract<ReportBlock, { kind: "items" }>["items"][number]["mark"];
/** Dark enough for white paper and for black-and-white printers; the word beside it says the same. */
const colour: Readonly<Record<Mark, string>> = {
  good: "#0a6e50",
  info: "#5b6571",
  notice: "#8a5600",
  bad: "#b3261e",
  critical: "#7d0d0d",
};
const TILES_A_ROW = 4;

export function report(content: ReportContent, language: Language): PageDefinition {
  const title = say(content.title, language);
  return framed(
    {
      title,
      number: content.number,
      issuedOn: content.issuedOn,
      issuer: content.issuer,
      recipient: content.recipient,
      content: [
        ...front(content, title, language),
        ...content.sections.flatMap((section, i): Node[] => [
          {
            text: `${i + 1}  ${say(section.title, language)}`,
            bold: true,
            fontSize: 13,
            margin: [0, i === 0 ? 0 : 14, 0, 5],
            ...(i === 0 ? { pageBreak: "before" as const } : {}),
          },
          ...(section.lead === undefined ? [] : [paragraph(say(section.lead, language), { color: soft })]),
          ...section.blocks.flatMap((block) => blockOf(block, language)),
        ]),
        ...notes(content.notes, language),
      ],
    },
    language,
  );
}

function front(content: ReportContent, title: string, language: Language): Node[] {
  const ja = language === "ja";
  const { score } = content;
  return [
    { text: title, bold: true, fontSize: 20, margin: [0, mm(6), 0, 2] },
    { text: say(content.recipient.name, language).replaceAll("\n", " "), fontSize: 12, margin: [0, 0, 0, 2] },
    {
      text: [
        `${ja ? "対象期間" : "Period"} ${period(content.period, language)}`,
        `${ja ? "作成日" : "Made on"} ${day(content.issuedOn, language)}`,
        say(content.issuer.name, language).replaceAll("\n", " "),
      ].join("   "),
      fontSize: 8.5,
      color: soft,
      margin: [0, 0, 0, 14],
    },
    ...(score === undefined
      ? []
      : [
          {
            columnGap: mm(6),
            margin: [0, 0, 0, 12] as const,
            columns: [
              {
                width: "auto" as const,
                text: [
                  { text: String(score.value), fontSize: 40, bold: true, color: colour[score.mark] },
                  { text: " / 100", fontSize: 12, color: soft },
                ],
              },
              {
                width: "*" as const,
                text: say(score.label, language),
                fontSize: 12,
                bold: true,
                margin: [0, 16, 0, 0] as const,
              },
            ],
          },
        ]),
    ...content.summary.map((text): Node => ({
      columns: [
        { text: "■", width: 14, fontSize: 7, color: soft, margin: [0, 3, 0, 0] },
        { text: say(text, language), width: "*", lineHeight: 1.35 },
      ],
      fontSize: 10.5,
      margin: [0, 0, 0, 5],
    })),
    ...tiles(content, language),
  ];
}

function tiles({ tiles: list }: ReportContent, language: Language): Node[] {
  if (list.length === 0) return [];
  const rows: Node[][] = [];
  for (let at = 0; at < list.length; at += TILES_A_ROW) {
    const row = list.slice(at, at + TILES_A_ROW).map(({ label, value, mark }): Node => ({
      stack: [
        { text: say(label, language), fontSize: 8, color: soft },
        {
          text: say(value, language),
          fontSize: 16,
          bold: true,
          ...(mark === undefined || mark === "good" || mark === "info" ? {} : { color: colour[mark] }),
        },
      ],
      margin: [0, 3, 0, 3],
    }));
    while (row.length < TILES_A_ROW) row.push("");
    rows.push(row);
  }
  const width = CONTENT_WIDTH / TILES_A_ROW - 13;
  return [
    {
      layout: "box",
      margin: [0, 10, 0, 0],
      table: { widths: Array.from({ length: TILES_A_ROW }, () => width), body: rows },
    },
  ];
}

function blockOf(block: ReportBlock, language: Language): Node[] {
  switch (block.kind) {
    case "text":
      return [paragraph(say(block.text, language))];
    case "table":
      return [tableOf(block, language)];
    case "bars":
      return [barsOf(block, language)];
    case "items":
      return block.items.map((item) => itemOf(item, language));
  }
}

function tableOf({ columns, rows }: Extract<ReportBlock, { kind: "table" }>, language: Language): Node {
  return {
    layout: "rows",
    margin: [0, 2, 0, 8],
    fontSize: 8.5,
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ width }) => (width === "rest" ? "*" : "auto")),
      body: [
        columns.map(({ title, end }): Node => ({
          text: say(title, language),
          bold: true,
          fillColor: shade,
          ...(end ? { alignment: "right" as const } : {}),
        })),
        ...rows.map((row) =>
          columns.map(({ end }, i): Node => ({
            text: say(row[i] ?? "", language),
            ...(end ? { alignment: "right" as const } : {}),
          })),
        ),
      ],
    },
  };
}

const BAR = mm(70);
function barsOf({ rows }: Extract<ReportBlock, { kind: "bars" }>, language: Language): Node {
  return {
    layout: "bare",
    margin: [0, 2, 0, 8],
    fontSize: 8.5,
    table: {
      widths: [mm(48), BAR + 6, "*"],
      body: rows.map(({ label, share, text }) => [
        { text: say(label, language), margin: [0, 1, 6, 2] },
        {
          canvas: [
            { type: "rect", x: 0, y: 3, w: BAR, h: 7, color: shade },
            { type: "rect", x: 0, y: 3, w: Math.max(0.5, BAR * share), h: 7, color: "#2b4c9b" },
          ],
        },
        { text: say(text, language), margin: [4, 1, 0, 2] },
      ]),
    },
  };
}

function itemOf(
  { mark, label, title, facts: known }: Extract<ReportBlock, { kind: "items" }>["items"][number],
  language: Language,
): Node {
  const rows = known.map(({ label: name, value }) => [say(name, language), say(value, language)] as const);
  const head = `${say(label, language)}  ${say(title, language)}`;
  return {
    unbreakable: fitsPage(head, ...rows.map(([name, value]) => name + value)),
    margin: [0, 0, 0, 6],
    stack: [
      {
        ...(heading("") as object),
        text: [{ text: `${say(label, language)}  `, color: colour[mark] }, say(title, language)],
      },
      facts(rows, mm(30)),
    ],
  };
}
