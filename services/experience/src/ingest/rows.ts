/** Column blocks of the wire become columns of the tables: one pass over typed arrays, a million samples a second and more. */
import type { IngestBatch, IngestRows } from "@yagura/devices/devices.ts";
import type { Column } from "@yagura/store/store.ts";
import type { Gap, SampleBlock, SamplesBody } from "../wire/samples.ts";

export const SAMPLE_TABLE = "experience_sample";
export const GAP_TABLE = "experience_gap";
/** Send delays are kept in steps of this many µs: finer ones are timer noise, and cost as much disk as the round trip. */
export const DELAY_STEP = 100;

const HIGH = 4_294_967_296;
const phaseColumns = ["resolve", "connect", "tls", "first_byte", "transfer"] as const;
const phaseOf = {
  resolve: "resolve",
  connect: "connect",
  tls: "tls",
  first_byte: "firstByte",
  transfer: "transfer",
} as const;

/** Samples of one insert, but for the last batch: telemetry takes a million rows at once. */
const ROWS_OF_INSERT = 500_000;

/** Rows of the sample and gap tables; tables without rows are left out. The same batches always give the same rows. */
export function toRows(batches: readonly IngestBatch<SamplesBody>[]): IngestRows[] {
  const out: IngestRows[] = [];
  for (const part of partsOf(batches)) {
    const phases = part.batches.some(({ body }) => body.blocks.some((block) => block.phases !== undefined));
    out.push({ table: SAMPLE_TABLE, columns: sampleColumns(part.batches, part.samples, phases) });
  }
  const gaps = batches.reduce((sum, { body }) => sum + body.gaps.length, 0);
  if (gaps > 0) out.push({ table: GAP_TABLE, columns: gapColumns(batches, gaps) });
  return out;
}

/** Batches with samples, in order, cut so that each part is one insert. */
function partsOf(batches: readonly IngestBatch<SamplesBody>[]) {
  const parts: { batches: IngestBatch<SamplesBody>[]; samples: number }[] = [];
  for (const batch of batches) {
    const samples = samplesOf(batch.body);
    if (samples === 0) continue;
    let part = parts.at(-1);
    if (part === undefined || part.samples >= ROWS_OF_INSERT) parts.push((part = { batches: [], samples: 0 }));
    part.batches.push(batch);
    part.samples += samples;
  }
  return parts;
}

/** Samples in a body. */
export const samplesOf = (body: SamplesBody): number => body.blocks.reduce((sum, { count }) => sum + count, 0);

function sampleColumns(
  batches: readonly IngestBatch<SamplesBody>[],
  count: number,
  phases: boolean,
): Record<string, Column> {
  const organisation = new Uint8Array(16 * count);
  const session = new Uint8Array(16 * count);
  const at = new BigInt64Array(count);
  const columns = {
    delay: new Int32Array(count),
    rtt: new Uint32Array(count),
    outcome: new Uint8Array(count),
    flags: new Uint8Array(count),
    method: new Uint8Array(count),
    bound: new Uint16Array(count),
  };
  const phase = phases ? phaseColumns.map(() => new Uint32Array(count)) : [];
  const status = phases ? new Uint16Array(count) : null;
  let row = 0;
  for (const { organisation: owner, clockOffset, body } of batches) {
    const from = row;
    for (const block of body.blocks) {
      fillUuid(session, row, block.count, block.session);
      fillSlots(at, row, block, clockOffset);
      fillDelay(columns.delay, row, block);
      fill(columns.rtt, row, block.count, block.rtt);
      fill(columns.outcome, row, block.count, block.outcome);
      fill(columns.flags, row, block.count, block.flags);
      fill(columns.bound, row, block.count, block.bound);
      columns.method.fill(block.method, row, row + block.count);
      if (block.phases !== undefined && status !== null) {
        for (const [i, name] of phaseColumns.entries()) {
          fill(phase[i] as Uint32Array, row, block.count, block.phases[phaseOf[name]]);
        }
        fill(status, row, block.count, block.phases.status);
      }
      row += block.count;
    }
    fillUuid(organisation, from, row - from, owner);
  }
  return {
    organisation: { type: "UUID", values: organisation },
    session: { type: "UUID", values: session },
    at: { type: "Int64", values: at },
    delay: { type: "Int32", values: columns.delay },
    rtt: { type: "UInt32", values: columns.rtt },
    outcome: { type: "UInt8", values: columns.outcome },
    flags: { type: "UInt8", values: columns.flags },
    method: { type: "UInt8", values: columns.method },
    bound: { type: "UInt16", values: columns.bound },
    ...Object.fromEntries(
      phase.map((values, i): [string, Column] => [phaseColumns[i] as string, { type: "UInt32", values }]),
    ),
    ...(status === null ? {} : { status: { type: "UInt16", values: status } }),
  };
}

function gapColumns(batches: readonly IngestBatch<SamplesBody>[], count: number): Record<string, Column> {
  const organisation = new Uint8Array(16 * count);
  const session = new Uint8Array(16 * count);
  const from = new BigInt64Array(count);
  const to = new BigInt64Array(count);
  const reason = new Uint8Array(count);
  let row = 0;
  for (const { organisation: owner, clockOffset, body } of batches) {
    fillUuid(organisation, row, body.gaps.length, owner);
    for (const gap of body.gaps) {
      fillUuid(session, row, 1, gap.session);
      from[row] = BigInt(gap.from + clockOffset);
      to[row] = BigInt(gap.to + clockOffset);
      reason[row] = gap.reason;
      row++;
    }
  }
  return {
    organisation: { type: "UUID", values: organisation },
    session: { type: "UUID", values: session },
    from_at: { type: "Int64", values: from },
    to_at: { type: "Int64", values: to },
    reason: { type: "UInt8", values: reason },
  };
}

/** A column of the block: one value for each sample, or a single one for all. */
function fill(
  into: { [index: number]: number; fill(value: number, from: number, to: number): unknown },
  row: number,
  count: number,
  values: readonly unknown[],
): void {
  if (values.length === 1) {
    into.fill(values[0] as number, row, row + count);
    return;
  }
  for (let i = 0; i < count; i++) into[row + i] = values[i] as number;
}

function fillDelay(into: Int32Array, row: number, block: SampleBlock): void {
  const values = block.delay as readonly number[];
  const single = values.length === 1;
  for (let i = 0; i < block.count; i++) into[row + i] = Math.round((values[single ? 0 : i] as number) / DELAY_STEP);
}

/** Slot times in the server's time. Written as two halves: making a BigInt for each sample takes longer than all else. */
function fillSlots(into: BigInt64Array, row: number, block: SampleBlock, offset: number): void {
  const halves = new Uint32Array(into.buffer, into.byteOffset + 8 * row, 2 * block.count);
  const slots = block.slot as readonly number[];
  const single = slots.length === 1;
  let time = block.start + offset;
  if (!single) time += (slots[0] as number) * block.interval;
  for (let i = 0; i < block.count; i++) {
    if (i > 0) time += (slots[single ? 0 : i] as number) * block.interval;
    const high = Math.floor(time / HIGH);
    halves[2 * i] = time - high * HIGH;
    halves[2 * i + 1] = high;
  }
}

/** The same UUID in `count` rows, 16 bytes each in text order. */
function fillUuid(into: Uint8Array, row: number, count: number, uuid: string): void {
  if (count === 0) return;
  const start = 16 * row;
  const end = start + 16 * count;
  let byte = start;
  for (let i = 0; i < 36; i += 2) {
    if (uuid.charCodeAt(i) === 45) i++;
    into[byte++] = (hexDigit(uuid.charCodeAt(i)) << 4) | hexDigit(uuid.charCodeAt(i + 1));
  }
  for (let filled = 16; start + filled < end; filled *= 2) {
    into.copyWithin(start + filled, start, Math.min(start + filled, end - filled));
  }
}
/** 0-9, a-f, A-F of a text that the schema has checked. */
const hexDigit = (code: number): number => (code < 58 ? code - 48 : (code | 32) - 87);

/** First and last slot of a block or gap in the server's time, µs. */
export function reachOf(item: SampleBlock | Gap, offset: number): readonly [first: number, last: number] {
  if ("from" in item) return [item.from + offset, item.to + offset];
  const slots = item.slot as readonly number[];
  const start = item.start + offset;
  if (slots.length === 1) return [start, start + (item.count - 1) * (slots[0] as number) * item.interval];
  let total = 0;
  for (const slot of slots) total += slot;
  return [start + (slots[0] as number) * item.interval, start + total * item.interval];
}

/** Whether each column holds one value for each sample or a single one. (A single slot step says: first is 0, then so many each.) */
export function isConsistent(block: SampleBlock): boolean {
  const fits = (column: readonly unknown[]): boolean => column.length === 1 || column.length === block.count;
  return (
    [block.slot, block.delay, block.rtt, block.outcome, block.flags, block.bound].every(fits) &&
    (block.phases === undefined || Object.values(block.phases).every(fits))
  );
}
