/** A price book's file as rows: CSV (UTF-8, or Shift_JIS as spreadsheets save it) or YAML. Every complaint names its line. */
import { parse } from "csv-parse/sync";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { raise } from "../errors.ts";
import type { PriceFormat, PriceRefusal } from "../shapes.ts";
import { columnNames, columns, neededColumns, readRow, reasons, type Column, type FileRow } from "./row.ts";

export interface PriceFile {
  /** As the file names itself; only YAML can. */
  readonly book: string | null;
  readonly source: string | null;
  readonly rows: readonly FileRow[];
  readonly refused: readonly PriceRefusal[];
}

/** PRICE_BOOK_UNREADABLE when it is no such file at all. */
export function readPriceFile(bytes: Uint8Array, format?: PriceFormat): PriceFile {
  const text = decode(bytes);
  if (text.trim() === "") throw raise("PRICE_BOOK_UNREADABLE", { reason: "it is empty" });
  return (format ?? guess(text)) === "csv" ? readCsv(text) : readYaml(text);
}

function decode(bytes: Uint8Array): string {
  for (const encoding of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Tried in the next encoding.
    }
  }
  throw raise("PRICE_BOOK_UNREADABLE", { reason: "it is text in neither UTF-8 nor Shift_JIS" });
}

/** A CSV file begins with its head, whose columns are separated by commas. */
const guess = (text: string): PriceFormat => {
  const first = text.split("\n").find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
  return first.includes(",") && !/^\s*[\w"-]+\s*:/.test(first) ? "csv" : "yaml";
};

const aliases = new Map<string, Column>([
  ...columnNames.map((name): [string, Column] => [name, name]),
  ...columnNames.map((name): [string, Column] => [columns[name], name]),
]);

function readCsv(text: string): PriceFile {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      comment: "#",
      comment_no_infix: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw raise("PRICE_BOOK_UNREADABLE", { reason: (error as Error).message }, { cause: error });
  }
  const [head, ...body] = records;
  const names = (head?.record ?? []).map((name) => aliases.get(name));
  const complaints = headComplaints(head?.record ?? [], names, head?.info.lines ?? 1);
  if (complaints.length > 0) return { book: null, source: null, rows: [], refused: complaints };
  return gather(
    body.map(({ record, info }) => ({
      line: info.lines,
      record: Object.fromEntries(names.map((name, index) => [name ?? "", record[index]])),
    })),
  );
}

function headComplaints(
  written: readonly string[],
  names: readonly (Column | undefined)[],
  line: number,
): PriceRefusal[] {
  const unknown = written.filter((_, index) => names[index] === undefined);
  return [
    ...unknown.map((name) => ({ line, column: name, reason: reasons.column(name) })),
    ...neededColumns
      .filter((name) => !names.includes(name))
      .map((name) => ({ line, column: name, reason: reasons.missingColumn(name) })),
  ];
}

/** What stands once for all rows of a YAML file. */
const shared: readonly Column[] = ["service", "plan", "from", "last_day"];

/** More than a price book has, which is three deep; the parser takes its time over nesting. */
const DEEPEST = 30;
function isTooDeep(text: string): boolean {
  if (/(?:[-?:]\s+){30}/.test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function documentOf(text: string, lines: LineCounter) {
  if (isTooDeep(text)) throw raise("PRICE_BOOK_UNREADABLE", { reason: "it is nested too deep" });
  let fault: string;
  try {
    // The parser compares each key with every other: minutes for a file of a megabyte. `twiceIn` asks where it matters.
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
    const [broken] = document.errors;
    if (broken === undefined) return document;
    fault = broken.message;
  } catch (error) {
    // Nested deeper than the parser can follow.
    fault = (error as Error).message;
  }
  throw raise("PRICE_BOOK_UNREADABLE", { reason: fault.split("\n")[0] ?? "" });
}

/** A key that a map holds twice, or null. */
function twiceIn(node: unknown): string | null {
  if (!isMap(node)) return null;
  const seen = new Set<string>();
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : "?";
    if (seen.has(name)) return name.slice(0, 60);
    seen.add(name);
  }
  return null;
}

function readYaml(text: string): PriceFile {
  const lines = new LineCounter();
  const { contents } = documentOf(text, lines);
  const list = isMap(contents) ? contents.get("prices") : null;
  if (!isMap(contents) || !isSeq(list)) {
    throw raise("PRICE_BOOK_UNREADABLE", { reason: "it has no list `prices:`" });
  }
  const top = contents as YAMLMap;
  const twice = [top, ...list.items].map(twiceIn).find((key) => key !== null);
  if (twice !== undefined) throw raise("PRICE_BOOK_UNREADABLE", { reason: `the key ${twice} stands twice` });
  const defaults = Object.fromEntries(shared.filter((name) => top.has(name)).map((name) => [name, top.get(name)]));
  const lineOf = (node: unknown): number => {
    const offset = (node as { range?: readonly [number, ...number[]] | null }).range?.[0];
    return offset === undefined ? 1 : lines.linePos(offset).line;
  };
  const records = list.items.map((node) => ({
    line: lineOf(node),
    record: isMap(node) ? { ...defaults, ...(node.toJSON() as Record<string, unknown>) } : {},
  }));
  const unknown = records.flatMap(({ line, record }) =>
    Object.keys(record)
      .filter((name) => !columnNames.includes(name as Column))
      .map((name) => ({ line, column: name, reason: reasons.column(name) })),
  );
  const named = (key: string): string | null => (typeof top.get(key) === "string" ? (top.get(key) as string) : null);
  const { rows, refused } = gather(records);
  return { book: named("book"), source: named("source"), rows, refused: [...unknown, ...refused] };
}

function gather(
  records: readonly { readonly line: number; readonly record: Readonly<Record<string, unknown>> }[],
): PriceFile {
  const rows: FileRow[] = [];
  const refused: PriceRefusal[] = [];
  const seen = new Map<string, number>();
  for (const { line, record } of records) {
    const row = readRow(record, line);
    if (Array.isArray(row)) {
      refused.push(...row);
      continue;
    }
    const key = [row.service, row.plan, row.item, row.from].join("/");
    const before = seen.get(key);
    if (before === undefined) rows.push(row);
    else refused.push({ line, column: "from", reason: reasons.twice(before) });
    seen.set(key, before ?? line);
  }
  return { book: null, source: null, rows, refused };
}
