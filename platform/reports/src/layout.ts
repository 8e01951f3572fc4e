/** What all documents share: the page, the address in the envelope's window, the sender, boxes and tables. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, NodeObject, PageDefinition, TableLines } from "./pdf.ts";
import type { Issuer, Recipient, Words } from "./shapes.ts";
import { day, honorific, say } from "./words.ts";

/** Millimetres in points. */
export const mm = (length: number): number => Math.round(length * 28.3464567) / 10;

const rule = "#aab2bf";
const faint = "#d9dee6";
export const shade = "#eef1f5";
export const soft = "#5b6574";

const none = (): number => 0;
const plainColour = (): string => rule;

/** Line styles of tables, by name. */
export const tableLines: Readonly<Record<string, TableLines>> = {
  /** No lines and no room: for placing things side by side. */
  bare: {
    hLineWidth: none,
    vLineWidth: none,
    hLineColor: plainColour,
    vLineColor: plainColour,
    paddingLeft: none,
    paddingRight: none,
    paddingTop: none,
    paddingBottom: none,
  },
  /** Thin lines between rows, a strong one under the head and at the end. */
  rows: {
    hLineWidth: (index, { table }) => (index === 0 || index === 1 || index === table.body.length ? 0.7 : 0.4),
    vLineWidth: none,
    hLineColor: (index) => (index <= 1 ? rule : faint),
    vLineColor: plainColour,
    paddingLeft: () => 3,
    paddingRight: () => 3,
    paddingTop: () => 2,
    paddingBottom: () => 2,
  },
  /** A box with lines all around. */
  box: {
    hLineWidth: () => 0.6,
    vLineWidth: () => 0.6,
    hLineColor: plainColour,
    vLineColor: plainColour,
    paddingLeft: () => 6,
    paddingRight: () => 6,
    paddingTop: () => 3,
    paddingBottom: () => 3,
  },
};

/** Left 22 mm: the window of a 長形3号 envelope (and of a DL one) begins there. */
const margins = [mm(22), mm(17), mm(18), mm(18)] as const;
export const CONTENT_WIDTH = mm(210) - margins[0] - margins[2];

interface Frame {
  readonly title: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly issuer: Issuer;
  readonly recipient: Recipient;
  readonly content: readonly Node[];
}

/** The document on its pages: from the second page on a line says what it belongs to. */
export function framed(frame: Frame, language: Language): PageDefinition {
  const issuer = say(frame.issuer.name, language).replaceAll("\n", " ");
  const recipient = say(frame.recipient.name, language).replaceAll("\n", " ");
  const side: readonly [number, number, number, number] = [margins[0], mm(9), margins[2], 0];
  return {
    title: `${frame.title} ${frame.number}`,
    author: issuer,
    language,
    day: frame.issuedOn,
    margins,
    content: frame.content,
    header: (page) =>
      page === 1
        ? ""
        : {
            margin: side,
            fontSize: 7.5,
            color: soft,
            columns: [
              { text: `${frame.title}  ${frame.number}`, width: "auto" },
              { text: recipient, alignment: "right", width: "*" },
            ],
          },
    footer: (page, pages) => ({
      margin: [margins[0], mm(5), margins[2], 0],
      fontSize: 7.5,
      color: soft,
      columns: [
        { text: issuer, width: "*" },
        { text: frame.number, alignment: "center", width: "*" },
        { text: `${page} / ${pages}`, alignment: "right", width: "*" },
      ],
    }),
  };
}

const lines = (...given: readonly (string | undefined)[]): string =>
  given.filter((line) => line !== undefined && line !== "").join("\n");

/** Name and address where the window is: 20 to 56 mm from the top; number and day on the right. */
export function head(
  content: { number: string; issuedOn: string; recipient: Recipient },
  language: Language,
  extra: readonly (readonly [string, string])[] = [],
): Node {
  const { recipient } = content;
  const name = say(recipient.name, language);
  const department = recipient.department === undefined ? undefined : say(recipient.department, language);
  const person = recipient.person === undefined ? undefined : say(recipient.person, language);
  const address = recipient.address === undefined ? undefined : say(recipient.address, language);
  const postal = recipient.postalCode;
  const addressed =
    person === undefined
      ? lines(
          department === undefined ? `${name}${honorific(recipient.kind, language)}` : name,
          department === undefined ? undefined : `${department}${honorific("company", language)}`,
        )
      : lines(name, department, `${person}${honorific("person", language)}`);
  const where = lines(postal === undefined ? undefined : language === "ja" ? `〒${postal}` : postal, address);
  const facts = [
    [language === "ja" ? "番号" : "Number", content.number] as const,
    [language === "ja" ? "発行日" : "Date of issue", day(content.issuedOn, language)] as const,
    ...extra,
  ];
  return {
    layout: "bare",
    table: {
      widths: [mm(88), "*"],
      heights: mm(42),
      body: [
        [
          {
            stack: [
              { text: where, fontSize: 9 },
              { text: addressed, fontSize: 11, margin: [0, 4, 0, 0] },
            ],
            margin: [0, mm(3), 0, 0],
          },
          {
            layout: "bare",
            margin: [mm(10), 0, 0, 0],
            table: {
              widths: ["*", "auto"],
              body: facts.map(([label, value]) => [
                { text: label, color: soft, alignment: "right", fontSize: 8, margin: [0, 0.8, 8, 0] },
                { text: value, alignment: "right" },
              ]),
            },
          },
        ],
      ],
    },
  };
}

export const titled = (title: string, language: Language): Node => ({
  text: title,
  fontSize: language === "ja" ? 19 : 18,
  bold: true,
  alignment: "center",
  ...(language === "ja" && title.length <= 6 ? { characterSpacing: 6 } : {}),
  margin: [0, 2, 0, mm(5)],
});

/** Who issues: name, number, address, how to reach them. */
export function sender(issuer: Issuer, language: Language): Node {
  const optionalWords = (words: Words | undefined): string | undefined =>
    words === undefined ? undefined : say(words, language);
  const { registrationNumber, postalCode, phone, mail } = issuer;
  const labelled = (label: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : `${label} ${value}`;
  return {
    stack: [
      { text: say(issuer.name, language), fontSize: 11, bold: true, margin: [0, 0, 0, 2] },
      {
        fontSize: 8.5,
        text: lines(
          registrationNumber === null
            ? undefined
            : `${language === "ja" ? "登録番号" : "Registration number"} ${registrationNumber}`,
          postalCode === undefined ? undefined : language === "ja" ? `〒${postalCode}` : postalCode,
          optionalWords(issuer.address),
          optionalWords(issuer.department),
          optionalWords(issuer.person),
          labelled(language === "ja" ? "電話" : "Phone", phone),
          labelled(language === "ja" ? "メール" : "Mail", mail),
        ),
      },
    ],
  };
}

/** What a bill, a quote or a credit note says first, with who issues it on the right. */
export const besideSender = (stack: readonly Node[], issuer: Issuer, language: Language): Node => ({
  columnGap: mm(8),
  columns: [
    { width: CONTENT_WIDTH - mm(70), stack },
    { width: mm(62), stack: [sender(issuer, language)] },
  ],
  margin: [0, 0, 0, 10],
});

/** A paragraph. */
export const paragraph = (text: string, more: Partial<NodeObject> = {}): Node => ({
  text,
  lineHeight: 1.35,
  margin: [0, 0, 0, 6],
  ...more,
});

/** Small heading. */
export const heading = (text: string): Node => ({ text, bold: true, fontSize: 9.5, margin: [0, 8, 0, 3] });

/** Characters of a block that surely fits on a page, and its lines. A block kept together that does not fit would be cut off. */
const KEPT_CHARACTERS = 600;
const KEPT_LINES = 14;

/** Whether a block with these texts may be kept on one page. */
export const fitsPage = (...texts: readonly string[]): boolean =>
  texts.reduce((sum, text) => sum + text.length, 0) <= KEPT_CHARACTERS &&
  texts.reduce((sum, text) => sum + text.split("\n").length, 0) <= KEPT_LINES;

/** Two columns: what, and its value. */
export const facts = (rows: readonly (readonly [string, Node])[], labelWidth = mm(38)): Node => ({
  layout: "box",
  margin: [0, 0, 0, 6],
  table: {
    widths: [labelWidth, "*"],
    dontBreakRows: rows.every(([label, value]) => typeof value !== "string" || fitsPage(label, value)),
    body: rows.map(([label, value]) => [
      { text: label, fillColor: shade, fontSize: 8.5 },
      typeof value === "string" ? { text: value } : value,
    ]),
  },
});

/** A list of remarks, or nothing. */
export function notes(list: readonly Words[] | undefined, language: Language): Node[] {
  if (list === undefined || list.length === 0) return [];
  return [
    {
      // A short list stays together with its heading.
      unbreakable: fitsPage(...list.map((words) => say(words, language))),
      stack: [
        heading(language === "ja" ? "備考" : "Notes"),
        ...list.map((words): Node => ({
          columns: [
            { text: "・", width: 10 },
            { text: say(words, language), width: "*" },
          ],
          fontSize: 8,
          lineHeight: 1.25,
          margin: [0, 0, 0, 2],
        })),
      ],
    },
  ];
}
