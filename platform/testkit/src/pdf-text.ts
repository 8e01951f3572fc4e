/**
 * Reads the text of a PDF as pdfkit writes it (ISO 32000-1: objects 7.3.10, streams 7.3.8, text operators 9.4, ToUnicode 9.10.3):
 * what a reader could copy out of it, with its place on the page.
 */
import { inflateSync } from "node:zlib";

export interface TextRun {
  readonly x: number;
  /** Points above the lower edge. */
  readonly y: number;
  readonly width: number;
  readonly text: string;
}
export interface PdfPage {
  readonly runs: readonly TextRun[];
  /** Lines from top to bottom, pieces of one line from left to right. */
  readonly text: string;
}

interface PdfObject {
  readonly head: string;
  readonly stream: string | null;
}

/** Objects by number; streams inflated. */
function objectsOf(bytes: Uint8Array): Map<number, PdfObject> {
  const file = Buffer.from(bytes).toString("latin1");
  const objects = new Map<number, PdfObject>();
  for (const match of file.matchAll(/(?<=\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, number = "", body = ""] = match;
    const at = body.indexOf("\nstream\n");
    const head = at < 0 ? body : body.slice(0, at);
    const raw = at < 0 ? null : body.slice(at + 8, body.lastIndexOf("\nendstream"));
    const stream =
      raw === null
        ? null
        : head.includes("/FlateDecode")
          ? inflateSync(Buffer.from(raw, "latin1")).toString("latin1")
          : raw;
    objects.set(Number(number), { head, stream });
  }
  return objects;
}

const referred = (head: string, key: string): number =>
  Number(new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1] ?? Number.NaN);

interface Font {
  readonly unicode: ReadonlyMap<number, string>;
  /** Thousandths of the size, by glyph code. */
  readonly widths: readonly number[];
}

function fontOf(objects: ReadonlyMap<number, PdfObject>, number: number): Font {
  const head = objects.get(number)?.head ?? "";
  const descendant = Number(/\/DescendantFonts \[(\d+) 0 R/.exec(head)?.[1] ?? Number.NaN);
  const widths = /\/W \[0 \[([^\]]*)\]/.exec(objects.get(descendant)?.head ?? "")?.[1] ?? "";
  return {
    unicode: unicodeOf(objects.get(referred(head, "ToUnicode"))?.stream ?? ""),
    widths: widths.trim().split(/\s+/).map(Number),
  };
}

/** Characters by glyph code, from a ToUnicode map with `<first> <last> [<text> …]` ranges. */
function unicodeOf(map: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const [, first = "", , list = ""] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    let code = Number.parseInt(first, 16);
    for (const [, hex = ""] of list.matchAll(/<([0-9a-f ]*)>/gi)) {
      const units = hex.split(" ").filter((unit) => unit !== "");
      found.set(code++, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  return found;
}

/** The pages of a document, in order. */
export function pdfPages(bytes: Uint8Array): PdfPage[] {
  const objects = objectsOf(bytes);
  const at = (number: number): PdfObject => objects.get(number) ?? { head: "", stream: null };
  const tree = [...objects.values()].find(({ head }) => /\/Type \/Pages\b/.test(head));
  const kids = [...(/\/Kids \[([^\]]*)\]/.exec(tree?.head ?? "")?.[1] ?? "").matchAll(/(\d+) 0 R/g)];
  return kids.map(([, kid]) => {
    const page = at(Number(kid));
    const resources = at(referred(page.head, "Resources")).head || page.head;
    const fonts = new Map<string, Font>();
    for (const [, name = "", number] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      fonts.set(name, fontOf(objects, Number(number)));
    }
    const runs = runsOf(at(referred(page.head, "Contents")).stream ?? "", fonts);
    return { runs, text: linesOf(runs) };
  });
}

function runsOf(content: string, fonts: ReadonlyMap<string, Font>): TextRun[] {
  const runs: TextRun[] = [];
  let [x, y, size] = [0, 0, 0];
  let font: Font = { unicode: new Map(), widths: [] };
  const operators = /1 0 0 1 ([\d.-]+) ([\d.-]+) Tm|\/(F\d+) ([\d.]+) Tf|\[([^\]]*)\] TJ/g;
  for (const [, left, up, name, points, shown] of content.matchAll(operators)) {
    if (left !== undefined) [x, y] = [Number(left), Number(up)];
    else if (name !== undefined) [font, size] = [fonts.get(name) ?? font, Number(points)];
    else {
      const codes = [...(shown ?? "").matchAll(/<([0-9a-f]*)>/gi)]
        .flatMap(([, hex = ""]) => hex.match(/.{4}/g) ?? [])
        .map((code) => Number.parseInt(code, 16));
      const width = codes.reduce((sum, code) => sum + ((font.widths[code] ?? 0) * size) / 1000, 0);
      runs.push({ x, y, width, text: codes.map((code) => font.unicode.get(code) ?? "\ufffd").join("") });
    }
  }
  return runs;
}

function linesOf(runs: readonly TextRun[]): string {
  const lines: TextRun[][] = [];
  for (const run of runs.toSorted((a, b) => b.y - a.y || a.x - b.x)) {
    const line = lines.at(-1);
    // Small print beside large stands on another base line by a point or two.
    if (line !== undefined && Math.abs((line[0]?.y ?? 0) - run.y) < 2.5) line.push(run);
    else lines.push([run]);
  }
  return lines.map((line) => joined(line.toSorted((a, b) => a.x - b.x))).join("\n");
}

/** Pieces that touch are one word. */
function joined(line: readonly TextRun[]): string {
  let text = "";
  let end = 0;
  for (const run of line) {
    text += text !== "" && run.x - end > 1.5 ? ` ${run.text}` : run.text;
    end = run.x + run.width;
  }
  return text.replace(/ {2,}/g, " ").trim();
}
