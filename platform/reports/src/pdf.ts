/**
 * The PDF engine: pdfmake (layout) on pdfkit (writing). Content reaches neither files nor the network: fonts lie in pdfmake's own
 * memory, and both access policies refuse everything. The same definition gives the same bytes: the only clock in the file
 * is the day that the caller names.
 */
import { createRequire } from "node:module";
import { documentFonts } from "./fonts.ts";

/** A node of pdfmake's document tree, as far as templates here use it. */
export type Node = string | readonly Node[] | NodeObject;
export interface NodeObject {
  readonly text?: Node;
  readonly stack?: readonly Node[];
  readonly columns?: readonly Node[];
  readonly table?: {
    readonly body: readonly (readonly Node[])[];
    readonly widths?: readonly (number | "*" | "auto")[];
    readonly heights?: number | readonly number[];
    readonly headerRows?: number;
    readonly keepWithHeaderRows?: number;
    readonly dontBreakRows?: boolean;
  };
  readonly canvas?: readonly Readonly<Record<string, string | number>>[];
  readonly layout?: string;
  readonly width?: number | "*" | "auto";
  readonly margin?: readonly [number, number, number, number];
  readonly alignment?: "left" | "right" | "center";
  readonly fontSize?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly fillColor?: string;
  readonly colSpan?: number;
  readonly lineHeight?: number;
  readonly characterSpacing?: number;
  readonly columnGap?: number;
  readonly noWrap?: boolean;
  readonly wordBreak?: "normal" | "break-all";
  readonly unbreakable?: boolean;
  readonly pageBreak?: "before" | "after";
  readonly border?: readonly [boolean, boolean, boolean, boolean];
}

export interface PageDefinition {
  readonly title: string;
  readonly author: string;
  readonly language: "ja" | "en";
  /** ISO day that stands in the file as the day of making. */
  readonly day: string;
  readonly margins: readonly [number, number, number, number];
  readonly content: readonly Node[];
  readonly header: (page: number, pages: number) => Node;
  readonly footer: (page: number, pages: number) => Node;
}

/** Lines of a table: all four functions of pdfmake's custom layouts that are used here. */
export interface TableLines {
  readonly hLineWidth: (index: number, node: { readonly table: { readonly body: readonly unknown[] } }) => number;
  readonly vLineWidth: (index: number, node: { readonly table: { readonly widths: readonly unknown[] } }) => number;
  readonly hLineColor: (index: number) => string;
  readonly vLineColor: (index: number) => string;
  readonly paddingLeft: (index: number) => number;
  readonly paddingRight: (index: number) => number;
  readonly paddingTop: (index: number) => number;
  readonly paddingBottom: (index: number) => number;
}

/** What is used of pdfmake; its published types bring the browser's globals along. */
interface PdfMake {
  readonly virtualfs: { writeFileSync(name: string, content: Buffer): void };
  setFonts(fonts: Readonly<Record<string, { normal: string; bold: string }>>): void;
  setUrlAccessPolicy(allow: (url: string) => boolean): void;
  setLocalAccessPolicy(allow: (path: string) => boolean): void;
  setTableLayouts(layouts: Readonly<Record<string, TableLines>>): void;
  createPdf(definition: unknown): { getBuffer(): Promise<Buffer> };
}

/** So many characters in a row without a place to break a line: they may be broken anywhere, lest they leave the page. */
const unbroken = /[^\s\u3000-\u9fff\uff00-\uffef-]{24,}/;

/** The same tree, where texts with overlong words may be broken anywhere. */
function breakable(node: Node): Node {
  // pdfmake would tear surrogate pairs apart.
  if (typeof node === "string") return unbroken.test(node) && !/[\ud800-\udfff]/.test(node) ? broken(node) : node;
  if (Array.isArray(node)) return (node as readonly Node[]).map(breakable);
  const { text, stack, columns, table } = node as NodeObject;
  return {
    ...(node as NodeObject),
    ...(text === undefined ? {} : { text: breakable(text) }),
    ...(stack === undefined ? {} : { stack: stack.map(breakable) }),
    ...(columns === undefined ? {} : { columns: columns.map(breakable) }),
    ...(table === undefined ? {} : { table: { ...table, body: table.body.map((row) => row.map(breakable)) } }),
  };
}
const broken = (text: string): NodeObject => ({ text, wordBreak: "break-all" });

/** What is used of fontkit, which reads fonts for pdfkit. */
interface FontKit {
  create(file: Buffer): object;
  registerFormat(format: {
    new (stream: { readonly buffer: Uint8Array }): object;
    probe(file: Uint8Array): boolean;
  }): void;
}

/** A “file” that stands for a font that was read already: these letters, and its number. */
const MARK = "YGRF";

let ready: PdfMake | undefined;

function engine(layouts: Readonly<Record<string, TableLines>>): PdfMake {
  if (ready === undefined) {
    const require = createRequire(import.meta.url);
    const pdfmake = require("pdfmake") as PdfMake;
    for (const [name, file] of Object.entries(readOnce(require.resolve("pdfmake")))) {
      pdfmake.virtualfs.writeFileSync(name, file);
    }
    pdfmake.setFonts({ document: { normal: "regular", bold: "bold" } });
    pdfmake.setLocalAccessPolicy(() => false);
    pdfmake.setUrlAccessPolicy(() => false);
    pdfmake.setTableLayouts(layouts);
    ready = pdfmake;
  }
  return ready;
}

/**
 * The fonts as files to hand to pdfmake. pdfkit reads a font anew for each document, which takes half of the time of a plain invoice;
 * so the fonts are read here, and fontkit is told of a format whose files are only marks that name one of them.
 */
function readOnce(pdfmakePath: string): Readonly<Record<"regular" | "bold", Buffer>> {
  // The very fontkit that pdfkit uses, wherever npm has put it.
  const pdfkitPath = createRequire(pdfmakePath).resolve("pdfkit");
  const fontkit = createRequire(pdfkitPath)("fontkit") as FontKit;
  const { regular, bold } = documentFonts();
  const read = [fontkit.create(regular), fontkit.create(bold)];
  class Marked {
    static probe(file: Uint8Array): boolean {
      return Buffer.from(file.subarray(0, MARK.length)).toString("latin1") === MARK;
    }
    constructor(stream: { readonly buffer: Uint8Array }) {
      return read[stream.buffer[MARK.length] ?? 0] as Marked;
    }
  }
  fontkit.registerFormat(Marked);
  return { regular: Buffer.from(`${MARK}\u0000`), bold: Buffer.from(`${MARK}\u0001`) };
}

/** Prints on A4. `layouts` are the tables' line styles, the same for every document. */
export async function print(page: PageDefinition, layouts: Readonly<Record<string, TableLines>>): Promise<Uint8Array> {
  const made = new Date(`${page.day}T00:00:00Z`);
  return engine(layouts)
    .createPdf({
      pageSize: "A4",
      pageMargins: page.margins,
      version: "1.7",
      language: page.language,
      displayTitle: true,
      info: {
        title: page.title,
        author: page.author,
        creator: "Yagura",
        producer: "Yagura",
        creationDate: made,
        modDate: made,
      },
      defaultStyle: { font: "document", fontSize: 9, lineHeight: 1.1, color: "#1d2430" },
      content: page.content.map(breakable),
      header: (at: number, pages: number) => breakable(page.header(at, pages)),
      footer: (at: number, pages: number) => breakable(page.footer(at, pages)),
    })
    .getBuffer();
}
