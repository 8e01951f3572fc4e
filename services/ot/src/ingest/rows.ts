/** Tables of uploads become columns of telemetry: one pass over typed arrays; the same batches always give the same rows. */
import type { IngestBatch, IngestRows } from "@yagura/devices/devices.ts";
import type { Column } from "@yagura/store/store.ts";
import type { MetadataBody } from "../wire/metadata.ts";
import { plainText } from "../wire/plain.ts";
import { rowCountOf, rowsIn, spanOf } from "./body.ts";
import { endpointId } from "./endpoint-id.ts";
import { layouts, type Layout, type Source } from "./layouts.ts";

/** Rows of one insert, but for the last batch: telemetry takes a million at once. */
const ROWS_OF_INSERT = 500_000;

type Batch = IngestBatch<MetadataBody>;
/** A batch with what each of its tables asks for. */
interface Read {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** Numbers of the endpoints. */
  readonly endpoints: Float64Array;
}

export function toRows(batches: readonly Batch[]): IngestRows[] {
  const out: IngestRows[] = [];
  for (const part of partsOf(batches)) {
    const read = part.map(readBatch);
    out.push({ table: "ot_batch", columns: batchColumns(read) });
    for (const layout of layouts) {
      const rows = part.reduce((sum, { body }) => sum + rowCountOf(body, layout.from), 0);
      if (rows > 0) out.push({ table: layout.table, columns: columnsOf(layout, read, rows) });
    }
  }
  return out;
}

/** Batches in order, cut so that each part is one insert for each table. */
function partsOf(batches: readonly Batch[]): Batch[][] {
  const parts: { batches: Batch[]; rows: number }[] = [];
  for (const batch of batches) {
    let part = parts.at(-1);
    if (part === undefined || part.rows >= ROWS_OF_INSERT) parts.push((part = { batches: [], rows: 0 }));
    part.batches.push(batch);
    part.rows += rowsIn(batch.body);
  }
  return parts.map((part) => part.batches);
}

/** Numbers of a body's endpoints, in their order. */
export function endpointIds({ texts, tables }: MetadataBody): Float64Array {
  const { mac = [], vlan = [], address = [] } = tables.endpoints ?? {};
  return Float64Array.from(mac, (value, i) => endpointId(value, vlan[i] as number, texts[address[i] as number] ?? ""));
}

const readBatch = (batch: Batch): Read => ({ batch, ...spanOf(batch), endpoints: endpointIds(batch.body) });

function batchColumns(read: readonly Read[]): Record<string, Column> {
  const count = read.length;
  return {
    ...keyColumns(read, count, () => 1),
    from_at: { type: "Int64", values: BigInt64Array.from(read, ({ from }) => BigInt(from)) },
    urgent: { type: "UInt8", values: Uint8Array.from(read, ({ batch }) => Number(batch.body.urgent)) },
    row_count: { type: "UInt32", values: Uint32Array.from(read, ({ batch }) => rowsIn(batch.body)) },
  };
}

function columnsOf(layout: Layout, read: readonly Read[], rows: number): Record<string, Column> {
  const out = keyColumns(read, rows, ({ batch }) => rowCountOf(batch.body, layout.from));
  for (const { name, source, column } of layout.columns) {
    if (source === "text") out[name] = { type: "String", values: texts(layout.from, column, read) };
    else out[name] = numbers(layout, { column, source }, read, rows);
  }
  return out;
}

function keyColumns(read: readonly Read[], rows: number, countOf: (one: Read) => number): Record<string, Column> {
  const organisation = new Uint8Array(16 * rows);
  const device = new Uint8Array(16 * rows);
  const at = new BigInt64Array(rows);
  let row = 0;
  for (const one of read) {
    const count = countOf(one);
    fillUuid(organisation, row, count, one.batch.organisation);
    fillUuid(device, row, count, one.batch.device);
    at.fill(BigInt(one.to), row, row + count);
    row += count;
  }
  return {
    organisation: { type: "UUID", values: organisation },
    device: { type: "UUID", values: device },
    at: { type: "Int64", values: at },
  };
}

const column = ({ batch }: Read, table: string, name: string): readonly number[] =>
  (batch.body.tables as Record<string, Record<string, readonly number[]> | undefined>)[table]?.[name] ?? [];

const texts = (table: string, name: string, read: readonly Read[]): string[] =>
  read.flatMap((one) => column(one, table, name).map((index) => plainText(one.batch.body.texts[index] ?? "")));

const HIGH = 4_294_967_296;
const NOTHING_32 = 4_294_967_295;

/** Numbers go through one 64-bit float; the column's own type is made of it. */
function numbers(
  layout: Layout,
  { column: name, source }: { column: string; source: Source },
  read: readonly Read[],
  rows: number,
): Column {
  const wide = new Float64Array(rows);
  let row = 0;
  for (const one of read) {
    const length = one.to - one.from;
    for (const value of column(one, layout.from, name)) wide[row++] = valueOf(source, value, one.endpoints, length);
  }
  switch (source) {
    case "u8":
      return { type: "UInt8", values: Uint8Array.from(wide) };
    case "u16":
      return { type: "UInt16", values: Uint16Array.from(wide) };
    case "u32":
    case "time":
    case "rtt":
      return { type: "UInt32", values: Uint32Array.from(wide) };
    case "low":
    case "signed":
      return { type: "Int64", values: new BigInt64Array(halves(wide).buffer) };
    default:
      return { type: "UInt64", values: new BigUint64Array(halves(wide).buffer) };
  }
}

function valueOf(source: Source, value: number, endpoints: Float64Array, length: number): number {
  switch (source) {
    case "endpoint":
      return value < 0 ? 0 : (endpoints[value] as number);
    // Milliseconds before the end of the interval; what lies after it (a clock that was set) counts as its end.
    case "time":
      return Math.min(NOTHING_32, Math.max(0, length - value));
    case "rtt":
      return value < 0 ? NOTHING_32 : value;
    case "low":
      return value < 0 ? HIGH : value;
    default:
      return value;
  }
}

/** 64-bit integers as pairs of 32 bits: making a BigInt for each takes longer than all else. */
function halves(wide: Float64Array): Uint32Array {
  const out = new Uint32Array(2 * wide.length);
  for (let i = 0; i < wide.length; i++) {
    const value = wide[i] as number;
    const high = Math.floor(value / HIGH);
    out[2 * i] = value - high * HIGH;
    out[2 * i + 1] = high;
  }
  return out;
}

/** The same UUID in `count` rows, 16 bytes each in text order. */
function fillUuid(into: Uint8Array, row: number, count: number, uuid: string): void {
  if (count === 0) return;
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  const [start, end] = [16 * row, 16 * (row + count)];
  into.set(bytes, start);
  for (let filled = 16; start + filled < end; filled *= 2) {
    into.copyWithin(start + filled, start, Math.min(start + filled, end - filled));
  }
}
