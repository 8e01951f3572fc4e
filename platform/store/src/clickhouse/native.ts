/**
 * Columns as one block of ClickHouse's Native format:
 * varint columns, varint rows, then for each: string name, string type, values (little endian, fixed width; strings with varint length).
 */
import type { Column } from "../store.ts";

/** Rows of a set of columns. Throws TypeError when their lengths differ. */
export function rowsOf(columns: Readonly<Record<string, Column>>): number {
  let rows = -1;
  for (const [name, column] of Object.entries(columns)) {
    const own = column.type === "UUID" ? column.values.length / 16 : column.values.length;
    if (rows === -1) rows = own;
    if (own !== rows) throw new TypeError(`column ${name} has ${own} rows where others have ${rows}`);
  }
  return Math.max(0, rows);
}

/**
 * Encodes columns. `tableTypes` are the types in the table: where it keeps a DateTime64 or Decimal in a column that is given
 * as Int64, the block says so, because a conversion would take the integer for seconds.
 */
export function encodeNative(
  columns: Readonly<Record<string, Column>>,
  tableTypes: ReadonlyMap<string, string>,
): Buffer {
  const rows = rowsOf(columns);
  const entries = Object.entries(columns);
  const parts: Uint8Array[] = [varint(entries.length), varint(rows)];
  for (const [name, column] of entries) {
    parts.push(text(name), text(blockType(column, tableTypes.get(name))), values(column));
  }
  return Buffer.concat(parts);
}

function blockType(column: Column, table: string | undefined): string {
  if (table === undefined) return column.type;
  const sameBytes =
    (column.type === "Int64" && table.startsWith("DateTime64")) ||
    (column.type === "UInt32" && /^DateTime(\(|$)/.test(table)) ||
    (column.type === "UInt16" && table === "Date") ||
    (column.type === "UInt8" && (table === "Bool" || table.startsWith("Enum8")));
  return sameBytes ? table : column.type;
}

function values(column: Column): Uint8Array {
  if (column.type === "String") return strings(column.values);
  if (column.type === "UUID") return uuids(column.values);
  const { buffer, byteOffset, byteLength } = column.values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** ClickHouse keeps a UUID as two little-endian 64-bit halves. */
const uuids = (given: Uint8Array): Uint8Array => Buffer.from(given).swap64();

function strings(given: readonly string[]): Uint8Array {
  let length = 0;
  for (const one of given) length += 5 + one.length * 3;
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  for (const one of given) {
    let bytes = Buffer.byteLength(one);
    const end = bytes;
    for (; bytes > 127; bytes >>>= 7) out[at++] = (bytes & 127) | 128;
    out[at++] = bytes;
    at += out.write(one, at, end, "utf8");
  }
  return out.subarray(0, at);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  bytes.push(value);
  return Uint8Array.from(bytes);
}

const text = (value: string): Uint8Array => strings([value]);
