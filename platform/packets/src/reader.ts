/**
 * The bounded reader through which every dissector reads. It never throws and never reads outside its bounds: a read past the
 * end gives 0 (or an empty text) and sets `short`, so that a dissector checks once after a block of fields instead of at each.
 * One reader is used for all packets: a dissector must not keep it.
 */
export class Reader {
  /** The capture's buffer; bytes outside [start, end) belong to others. */
  bytes: Uint8Array = nothing;
  /** Where the message begins. */
  start = 0;
  /** Where the next read begins. */
  at = 0;
  /** One past the last byte that may be read. */
  end = 0;
  /** A read went past the end since `open`. */
  short = false;

  /** Puts the reader on [from, to) of a buffer. */
  open(bytes: Uint8Array, from: number, to: number): this {
    this.bytes = bytes;
    this.start = from;
    this.at = from;
    this.end = to;
    this.short = false;
    return this;
  }

  /** Bytes left to read. */
  get left(): number {
    return this.end - this.at;
  }
  /** Bytes from the beginning of the message to the next read. */
  get done(): number {
    return this.at - this.start;
  }

  u8(): number {
    const { at } = this;
    if (at >= this.end) return this.past();
    this.at = at + 1;
    return this.bytes[at] as number;
  }
  /** Big endian, as are all without `le`. */
  u16(): number {
    const { at, bytes } = this;
    if (at + 2 > this.end) return this.past();
    this.at = at + 2;
    return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  }
  u16le(): number {
    const { at, bytes } = this;
    if (at + 2 > this.end) return this.past();
    this.at = at + 2;
    return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  }
  u24(): number {
    const { at, bytes } = this;
    if (at + 3 > this.end) return this.past();
    this.at = at + 3;
    return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  }
  u32(): number {
    const { at, bytes } = this;
    if (at + 4 > this.end) return this.past();
    this.at = at + 4;
    return (
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) >>>
      0
    );
  }
  u32le(): number {
    const { at, bytes } = this;
    if (at + 4 > this.end) return this.past();
    this.at = at + 4;
    return (
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)) >>>
      0
    );
  }
  /** 48 bits, big endian: a MAC address as a number. */
  u48(): number {
    const high = this.u16();
    return high * 4_294_967_296 + this.u32();
  }

  /** The byte at an offset from the next read, without moving; 0 past the end (`short` is not touched). */
  peek(offset = 0): number {
    const place = this.at + offset;
    return place < this.end ? (this.bytes[place] as number) : 0;
  }
  peek16(offset = 0): number {
    return (this.peek(offset) << 8) | this.peek(offset + 1);
  }
  peek16le(offset = 0): number {
    return this.peek(offset) | (this.peek(offset + 1) << 8);
  }
  peek32(offset = 0): number {
    return this.peek16(offset) * 65_536 + this.peek16(offset + 2);
  }

  /** Moves over bytes; negative counts are refused as short. */
  skip(count: number): void {
    if (count < 0 || count > this.end - this.at) this.past();
    else this.at += count;
  }

  /** Printable ASCII of at most `count` bytes, up to the first NUL, trimmed; other bytes become "·". Moves over all of them. */
  ascii(count: number): string {
    if (count < 0 || count > this.end - this.at) {
      this.past();
      return "";
    }
    const { bytes, at } = this;
    let text = "";
    const until = at + Math.min(count, MAX_TEXT);
    for (let i = at; i < until; i++) {
      const byte = bytes[i] as number;
      if (byte === 0) break;
      text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
    }
    this.at = at + count;
    return text.trim();
  }
  /** UTF-16LE text of `count` bytes up to the first NUL, control characters become "·". Moves over all of them. */
  utf16le(count: number): string {
    if (count < 0 || count > this.end - this.at) {
      this.past();
      return "";
    }
    const { bytes, at } = this;
    let text = "";
    const until = at + Math.min(count & ~1, 2 * MAX_TEXT);
    for (let i = at; i < until; i += 2) {
      const unit = (bytes[i] as number) | ((bytes[i + 1] as number) << 8);
      if (unit === 0) break;
      text += unit >= 32 && unit !== 127 ? String.fromCharCode(unit) : "·";
    }
    this.at = at + count;
    return text.toWellFormed().trim();
  }
  /** UTF-8 text of `count` bytes up to the first NUL; invalid sequences and control characters become "·". Moves over all of them. */
  utf8(count: number): string {
    if (count < 0 || count > this.end - this.at) {
      this.past();
      return "";
    }
    const { at } = this;
    const text = decodeUtf8(this.bytes, at, at + Math.min(count, 4 * MAX_TEXT));
    this.at = at + count;
    return text.trim();
  }
  /** Lower-case hexadecimal of at most MAX_TEXT / 2 bytes. Moves over all of them. */
  hex(count: number): string {
    if (count < 0 || count > this.end - this.at) {
      this.past();
      return "";
    }
    let text = "";
    for (let i = this.at; i < this.at + Math.min(count, MAX_TEXT / 2); i++)
      text += (this.bytes[i] as number).toString(16).padStart(2, "0");
    this.at += count;
    return text;
  }

  /** The end was passed. */
  past(): 0 {
    this.short = true;
    this.at = this.end;
    return 0;
  }
}

const nothing = new Uint8Array(0);
/**
 * Shows every branch of the reader to the compiler once. Else each dissector is compiled for messages that are never short, and
 * compiled anew after its first short one; all of them use the same few methods, so this is told in one place.
 */
export function rehearse(): void {
  const bytes = Uint8Array.of(0xe3, 0x81, 0x82, 0xff, 0xc2, 0, 0x41, 0xd8, 0xf0, 0x9f, 0x92, 0xa9, 9, 0x20, 0x7f, 0);
  const r = new Reader();
  const reads = [
    () => r.u8() + r.u16() + r.u16le() + r.u24() + r.u32() + r.u32le() + r.u48() + r.left + r.done,
    () => r.peek() + r.peek(9) + r.peek16(3) + r.peek16le(3) + r.peek32(2),
    () => [2, -1, 99].forEach((count) => r.skip(count)),
    () => void (r.ascii(6), r.ascii(99)),
    () => void (r.utf16le(6), r.utf16le(99)),
    () => void (r.utf8(14), r.utf8(99)),
    () => void (r.hex(4), r.hex(99)),
  ];
  for (let round = 0; round < REHEARSALS; round++)
    for (let length = 0; length <= bytes.length; length++)
      for (const read of reads) {
        r.open(bytes, 0, length);
        read();
        read();
      }
}
/** More than the calls after which feedback is kept, fewer than those after which code is compiled. */
const REHEARSALS = 2;

/** Characters that a text of a packet may have; the rest is dropped. */
const MAX_TEXT = 256;

function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to;) {
    const byte = bytes[i] as number;
    if (byte === 0) break;
    const size = byte < 0x80 ? 1 : byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0; // prettier-ignore
    let code = size < 2 ? byte : byte & (0x7f >> size);
    let good = size > 0 && i + size <= to;
    for (let k = 1; good && k < size; k++) {
      const next = bytes[i + k] as number;
      good = (next & 0xc0) === 0x80;
      code = (code << 6) | (next & 0x3f);
    }
    const character = good && code >= 32 && code !== 127 && code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff);
    text += character ? String.fromCodePoint(code) : "·";
    i += good ? size : 1;
  }
  return text;
}

/** Variable-length integer of QUIC (RFC 9000, section 16); 0 and `short` past the end. */
export function varint(r: Reader): number {
  const first = r.u8();
  let value = first & 0x3f;
  for (let more = (1 << (first >> 6)) - 1; more > 0; more--) value = value * 256 + r.u8();
  return value;
}
