/**
 * Results in ClickHouse's Native format, of numbers only: blocks of varint columns, varint rows, then for each column string name,
 * string type and values of fixed width, little endian.
 */
import type { NumberColumns } from "../store.ts";

const HIGH = 4_294_967_296;

/** Joins the blocks of a result. Throws TypeError for a column that is no number, RangeError for bytes that end early. */
export function decodeNumbers(bytes: Uint8Array): NumberColumns {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = new Map<string, Float64Array[]>();
  let [at, rows] = [0, 0];
  const varint = (): number => {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = view.getUint8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const text = (): string => {
    const end = varint() + at;
    const told = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("utf8");
    at = end;
    return told;
  };
  while (at < bytes.length) {
    const [columns, count] = [varint(), varint()];
    rows += count;
    for (let i = 0; i < columns; i++) {
      const name = text();
      const type = typeOf(name, text());
      const own = parts.get(name) ?? [];
      parts.set(name, own);
      if (count === 0) continue;
      if (at + count * type.width > bytes.length) throw new RangeError(`column ${name} ends before its last value`);
      // A copy: the bytes of a column stand anywhere, arrays of wide numbers cannot.
      const start = bytes.byteOffset + at;
      own.push(type.read(bytes.buffer.slice(start, start + count * type.width) as ArrayBuffer));
      at += count * type.width;
    }
  }
  return {
    rows,
    column(name) {
      const own = parts.get(name);
      if (own !== undefined) return joined(own, rows);
      // Nothing at all came: there are no names either.
      if (bytes.length === 0) return new Float64Array(0);
      throw new TypeError(`the result has no column ${name}`);
    },
  };
}

function joined(parts: readonly Float64Array[], rows: number): Float64Array {
  if (parts.length === 1) return parts[0] as Float64Array;
  const all = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

interface NumberType {
  /** Bytes. */
  readonly width: number;
  readonly read: (bytes: ArrayBuffer) => Float64Array;
}
const types: Readonly<Record<string, NumberType>> = {
  UInt8: { width: 1, read: (bytes) => Float64Array.from(new Uint8Array(bytes)) },
  Int8: { width: 1, read: (bytes) => Float64Array.from(new Int8Array(bytes)) },
  UInt16: { width: 2, read: (bytes) => Float64Array.from(new Uint16Array(bytes)) },
  Int16: { width: 2, read: (bytes) => Float64Array.from(new Int16Array(bytes)) },
  UInt32: { width: 4, read: (bytes) => Float64Array.from(new Uint32Array(bytes)) },
  Int32: { width: 4, read: (bytes) => Float64Array.from(new Int32Array(bytes)) },
  Float32: { width: 4, read: (bytes) => Float64Array.from(new Float32Array(bytes)) },
  Float64: { width: 8, read: (bytes) => new Float64Array(bytes) },
  UInt64: { width: 8, read: (bytes) => whole(new Uint32Array(bytes), new Uint32Array(bytes)) },
  Int64: { width: 8, read: (bytes) => whole(new Uint32Array(bytes), new Int32Array(bytes)) },
};

/** 64-bit integers out of halves: making a BigInt for each takes longer than all else. */
function whole(low: Uint32Array, high: Uint32Array | Int32Array): Float64Array {
  const out = new Float64Array(low.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = (low[2 * i] as number) + (high[2 * i + 1] as number) * HIGH;
  return out;
}

function typeOf(name: string, type: string): NumberType {
  const seconds = /^DateTime(\(|$)/.test(type);
  const known = types[seconds ? "UInt32" : type];
  if (known === undefined) throw new TypeError(`column ${name} is no number but ${type}`);
  return known;
}
