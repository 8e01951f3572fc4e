/** Tables of amounts: lines by contract, sums per tax rate; and the check that they agree. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node } from "./pdf.ts";
import type { LineGroup, RateSubtotal } from "./shapes.ts";
import { raise } from "./errors.ts";
import { fitsPage, heading, mm, shade, soft } from "./layout.ts";
import { figure, rateName, say, shortPeriod } from "./words.ts";

export interface Amounts {
  readonly groups: readonly LineGroup[];
  readonly subtotals: readonly RateSubtotal[];
  readonly net: number;
  readonly tax: number;
  readonly total: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** A paper whose sums differ never leaves the house. DOCUMENT_SUMS_DIFFER. */
export function checkSums(number: string, { groups, subtotals, net, tax, total }: Amounts): void {
  const lines = groups.flatMap((group) => group.lines);
  const differ = (what: string): never => {
    throw raise("DOCUMENT_SUMS_DIFFER", { number, what });
  };
  for (const { rate, base } of subtotals) {
    const found = sum(lines.filter((line) => line.rate === rate).map(({ amount }) => amount));
    if (found !== base) differ(`lines at ${rate}: ${found}, subtotal: ${base}`);
  }
  const rates = new Set(subtotals.map(({ rate }) => rate));
  if (rates.size !== subtotals.length) differ("one rate has two subtotals");
  const without = lines.find(({ rate }) => !rates.has(rate));
  if (without !== undefined) differ(`no subtotal at ${without.rate}`);
  if (sum(subtotals.map(({ base }) => base)) !== net) differ(`subtotals and net ${net}`);
  if (sum(subtotals.map((subtotal) => subtotal.tax)) !== tax) differ(`tax per rate and tax ${tax}`);
  if (net + tax !== total) differ(`net ${net} + tax ${tax}, total ${total}`);
}

const captions = {
  ja: { quantity: "数量", price: "単価", rate: "税率", amount: "金額" },
  en: { quantity: "Qty", price: "Unit price", rate: "Tax", amount: "Amount" },
} as const;

/** So many contracts in a row with one line each share a table. */
const SHARED = 4;

/**
 * The lines, a table per group. Its title and the captions are the table's head, so that after a page break the reader still
 * sees whose lines these are. Many groups of a single line stand in one table, each line with its group's title.
 */
export function lineTables(groups: readonly LineGroup[], language: Language): Node[] {
  const runs: LineGroup[][] = [];
  for (const group of groups) {
    const last = runs.at(-1);
    const single = group.lines.length === 1 && group.detail === undefined;
    if (single && last?.[0]?.lines.length === 1 && last[0].detail === undefined) last.push(group);
    else runs.push([group]);
  }
  return runs.flatMap((run) =>
    run.length < SHARED
      ? run.map((group) => lineTable(group, language, groups.length > 1))
      : [lineTable(shared(run), language, false)],
  );
}

const shared = (groups: readonly LineGroup[]): LineGroup => ({
  title: { ja: "契約・内容", en: "Contract, item" },
  lines: groups.flatMap(({ title, lines }) =>
    lines.map((line) => ({
      ...line,
      description: {
        ja: `${say(title, "ja")}  ${say(line.description, "ja")}`,
        en: `${say(title, "en")}  ${say(line.description, "en")}`,
      },
    })),
  ),
});

function lineTable(group: LineGroup, language: Language, subtotalled: boolean): Node {
  const words = captions[language];
  const caption = (text: string): Node => ({
    text,
    alignment: "right",
    fontSize: 7.5,
    color: soft,
    fillColor: shade,
    margin: [0, 1, 0, 0],
  });
  const title = say(group.title, language);
  const detail = group.detail === undefined ? "" : say(group.detail, language);
  const number = (text: string): Node => ({ text, alignment: "right" });
  const body: Node[][] = [
    [
      {
        fillColor: shade,
        colSpan: 2,
        text:
          detail === ""
            ? { text: title, bold: true }
            : [
                { text: `${title}\n`, bold: true },
                { text: detail, fontSize: 7.5 },
              ],
      },
      "",
      caption(words.quantity),
      caption(words.price),
      caption(words.rate),
      caption(words.amount),
    ],
    ...group.lines.map((line): Node[] => [
      line.detail === undefined
        ? { text: say(line.description, language) }
        : {
            text: [
              `${say(line.description, language)}\n`,
              { text: say(line.detail, language), fontSize: 7.5, color: soft },
            ],
          },
      {
        text: [
          line.period === undefined || line.period === null ? "" : shortPeriod(line.period, language),
          line.days === undefined ? "" : language === "ja" ? ` (${line.days}日)` : ` (${line.days} d)`,
        ].join(""),
        fontSize: 7.5,
      },
      number(line.quantity === undefined ? "" : figure(line.quantity, language)),
      number(line.unitPrice === undefined ? "" : figure(line.unitPrice, language)),
      { text: rateName(line.rate, language), alignment: "right", fontSize: 8 },
      number(figure(line.amount, language)),
    ]),
  ];
  if (subtotalled && group.lines.length > 1) {
    body.push([
      { text: language === "ja" ? "小計(税抜)" : "Subtotal without tax", alignment: "right", fontSize: 8, colSpan: 5 },
      "",
      "",
      "",
      "",
      { text: figure(sum(group.lines.map(({ amount }) => amount)), language), alignment: "right", bold: true },
    ]);
  }
  return {
    layout: "rows",
    margin: [0, 0, 0, 6],
    fontSize: 8.5,
    lineHeight: 1,
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: group.lines.every(({ description, detail: more = "" }) =>
        fitsPage(say(description, language), say(more, language)),
      ),
      widths: ["*", mm(25), mm(9), mm(17), mm(11), mm(20)],
      body,
    },
  };
}

/** The sum that matters, large. */
export const totalBox = (label: string, amount: string): Node => ({
  layout: "box",
  margin: [0, 0, 0, 6],
  table: {
    widths: ["auto", "*"],
    body: [
      [
        { text: label, fillColor: shade, fontSize: 8.5, margin: [0, 6, 0, 0] },
        { text: amount, bold: true, fontSize: 16, alignment: "right" },
      ],
    ],
  },
});

/** COM-08, COM-11: base and tax per rate, then the sums. */
export function sumTable(amounts: Amounts, language: Language, totalName: string): Node {
  const ja = language === "ja";
  const cell = (text: string, bold = false): Node => ({ text, alignment: "right", bold });
  const label = (text: string): Node => ({ text, fontSize: 8, color: soft, alignment: "right", fillColor: shade });
  return {
    unbreakable: true,
    stack: [
      heading(ja ? "税率ごとの内訳" : "Per tax rate"),
      {
        layout: "rows",
        lineHeight: 1,
        table: {
          widths: ["*", mm(32), mm(32), mm(32)],
          body: [
            [
              { text: ja ? "税率" : "Tax rate", fontSize: 8, color: soft, fillColor: shade },
              label(ja ? "対象額(税抜)" : "Without tax"),
              label(ja ? "消費税額" : "Consumption tax"),
              label(ja ? "合計" : "Sum"),
            ],
            ...amounts.subtotals.map(({ rate, base, tax }): Node[] => [
              { text: rateLine(rate, language) },
              cell(figure(base, language)),
              cell(rate.endsWith("%") ? figure(tax, language) : "–"),
              cell(figure(base + tax, language)),
            ]),
            [
              { text: totalName, bold: true },
              cell(figure(amounts.net, language), true),
              cell(figure(amounts.tax, language), true),
              cell(figure(amounts.total, language), true),
            ],
          ],
        },
      },
    ],
  };
}

function rateLine(rate: string, language: Language): string {
  if (rate === "out-of-scope") return language === "ja" ? "消費税の対象外" : "outside the scope of tax";
  if (rate === "exempt") return language === "ja" ? "非課税" : "exempt from tax";
  return language === "ja" ? `${rate} 対象` : `at ${rate}`;
}
