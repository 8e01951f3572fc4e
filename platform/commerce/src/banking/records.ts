/**
 * Records of fixed length, field by field: the banks' associations' format is a list of layouts, and these two functions read
 * and write any of them. N: digits, right-aligned, filled with 0. C: characters, left-aligned, filled with blanks.
 */
import { raise } from "./errors.ts";
import { fromBytes, toBytes, toFileText } from "./text.ts";

export interface Field {
  readonly name: string;
  /** As the format calls it: stands in errors. */
  readonly label: string;
  readonly type: "N" | "C";
  readonly size: number;
  /** Longer text is cut (names of banks); else refused. */
  readonly cut?: boolean;
  /** May be blank although it is of digits: banks leave unused ones empty. */
  readonly blank?: boolean;
}
export type Layout = readonly Field[];
export type Values = Readonly<Record<string, string>>;
export type LineEnds = "crlf" | "none";

export const n = (name: string, size: number, label: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: "N",
  size,
  ...more,
});
export const c = (name: string, size: number, label: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: "C",
  size,
  ...more,
});
/** Unused columns. */
export const blank = (size: number): Field => c("", size, "ダミー");

const sizeOf = (layout: Layout): number => layout.reduce((sum, field) => sum + field.size, 0);

/** One record. ZENGIN_CHARACTER, ZENGIN_TOO_LONG and ZENGIN_FIELD name the field. */
function writeRecord(layout: Layout, values: Values, record: number): Buffer {
  return toBytes(layout.map((field) => written(field, values[field.name] ?? "", record)).join(""));
}

function written(field: Field, value: string, record: number): string {
  const { label, size } = field;
  if (field.name === "") return " ".repeat(size);
  if (field.type === "N") {
    if (!/^[0-9]*$/.test(value) || value.length > size) {
      throw raise("ZENGIN_FIELD", {
        record,
        field: label,
        value,
        wanted: `${size} 桁までの数字 / at most ${size} digits`,
      });
    }
    return value.padStart(size, "0");
  }
  const text = toFileText(value, label).trimEnd();
  if (text.length > size && field.cut !== true) {
    throw raise("ZENGIN_TOO_LONG", { field: label, length: text.length, limit: size, value });
  }
  return text.slice(0, size).padEnd(size, " ");
}

function readRecord(layout: Layout, bytes: Uint8Array, record: number): Record<string, string> {
  const text = fromBytes(bytes, record);
  const values: Record<string, string> = {};
  let at = 0;
  for (const field of layout) {
    const raw = text.slice(at, at + field.size);
    at += field.size;
    if (field.name === "") continue;
    if (field.type === "C") {
      values[field.name] = raw.trimEnd();
    } else if (/^[0-9]+$/.test(raw)) {
      values[field.name] = raw;
    } else if (field.blank === true && raw.trim() === "") {
      values[field.name] = "";
    } else {
      throw raise("ZENGIN_FIELD", { record, field: field.label, value: raw.trim(), wanted: "数字 / digits" });
    }
  }
  return values;
}

const joinRecords = (records: readonly Buffer[], ends: LineEnds): Buffer =>
  Buffer.concat(ends === "none" ? records : records.flatMap((record) => [record, Buffer.from("\r\n")]));

/** The file's records. Line ends may be CR LF, LF, CR or none; a closing end-of-file mark is passed over. */
function splitRecords(file: Uint8Array, size: number): Buffer[] {
  let bytes = Buffer.from(file);
  while (bytes.length > 0 && (bytes.at(-1) === 0x1a || bytes.at(-1) === 0x0a || bytes.at(-1) === 0x0d)) {
    bytes = bytes.subarray(0, -1);
  }
  const records = bytes.includes(0x0a) || bytes.includes(0x0d) ? lines(bytes) : chunks(bytes, size);
  records.forEach((record, index) => {
    if (record.length !== size) {
      throw raise("ZENGIN_LENGTH", { record: index + 1, length: record.length, expected: size });
    }
  });
  if (records.length === 0) throw raise("ZENGIN_LENGTH", { record: 1, length: 0, expected: size });
  return records;
}

function lines(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue;
    found.push(bytes.subarray(from, at));
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at++;
    from = at + 1;
  }
  return found;
}

function chunks(bytes: Buffer, size: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(bytes.subarray(at, at + size));
  return found;
}

export interface FileLayouts {
  /** 種別コード. */
  readonly kind: string;
  readonly header: Layout;
  readonly data: Layout;
  readonly trailer: Layout;
}
export interface FileValues {
  readonly header: Values;
  readonly data: readonly Values[];
  readonly trailer: Values;
}

/** Header, data, trailer, end. */
export function writeFileOf(layouts: FileLayouts, values: FileValues, ends: LineEnds): Buffer {
  const size = sizeOf(layouts.header);
  const end = [n("class", 1, "データ区分"), blank(size - 1)];
  return joinRecords(
    [
      writeRecord(layouts.header, { ...values.header, class: "1", kind: layouts.kind, code: "0" }, 1),
      ...values.data.map((one, index) => writeRecord(layouts.data, { ...one, class: "2" }, index + 2)),
      writeRecord(layouts.trailer, { ...values.trailer, class: "8" }, values.data.length + 2),
      writeRecord(end, { class: "9" }, values.data.length + 3),
    ],
    ends,
  );
}

/** One part of a file: what stands between a header and its trailer. */
export interface FilePart {
  readonly header: Record<string, string>;
  readonly data: readonly { readonly record: number; readonly values: Record<string, string> }[];
  readonly trailer: Record<string, string>;
  readonly trailerRecord: number;
}

/** Several headers may follow each other in one file (one for each account). ZENGIN_ORDER, ZENGIN_KIND. */
export function readFileOf(layouts: FileLayouts, file: Uint8Array): FilePart[] {
  const records = splitRecords(file, sizeOf(layouts.header));
  const parts: FilePart[] = [];
  let header: Record<string, string> | null = null;
  let data: { record: number; values: Record<string, string> }[] = [];
  let ended = false;
  for (const [index, bytes] of records.entries()) {
    const record = index + 1;
    const found = String.fromCharCode(bytes[0] ?? 0);
    const wanted = ended ? "" : header === null ? (parts.length === 0 ? "1" : "19") : "28";
    if (!wanted.includes(found) || found === "") {
      throw raise("ZENGIN_ORDER", { record, found, wanted: wanted === "" ? "–" : [...wanted].join(", ") });
    }
    if (found === "1") header = readHeader(layouts, bytes, record);
    else if (found === "2") data.push({ record, values: readRecord(layouts.data, bytes, record) });
    else if (found === "8" && header !== null) {
      parts.push({ header, data, trailer: readRecord(layouts.trailer, bytes, record), trailerRecord: record });
      header = null;
      data = [];
    } else ended = true;
  }
  if (!ended)
    throw raise("ZENGIN_ORDER", { record: records.length + 1, found: "–", wanted: header === null ? "9" : "8" });
  return parts;
}

function readHeader(layouts: FileLayouts, bytes: Uint8Array, record: number): Record<string, string> {
  // The kind first: another kind has other fields, whose errors would say nothing.
  const found = Buffer.from(bytes.subarray(1, 3)).toString("latin1");
  if (found !== layouts.kind) throw raise("ZENGIN_KIND", { found, wanted: layouts.kind });
  const values = readRecord(layouts.header, bytes, record);
  if (values["code"] !== "0") {
    throw raise("ZENGIN_FIELD", { record, field: "コード区分", value: values["code"] ?? "", wanted: "0 (JIS)" });
  }
  return values;
}

/** ZENGIN_TOTAL when the trailer does not say what the data records add up to. */
export function checkTotal(part: FilePart, field: Field, counted: number): void {
  const trailer = Number(part.trailer[field.name] ?? "");
  if (trailer !== counted) {
    throw raise("ZENGIN_TOTAL", { record: part.trailerRecord, field: field.label, trailer, counted });
  }
}
