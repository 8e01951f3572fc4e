/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng): sections, interfaces, packets; other blocks are passed over. */
import type { CaptureInterface, OnPacket } from "./capture-file.ts";
import { raise } from "./errors.ts";

/** Bytes of one packet record; longer ones are damage: no link has such frames, not even with offloading. */
export const MAX_RECORD = 1 << 20;
/** Interfaces of one file; packets of further ones are damage. */
export const MAX_INTERFACES = 4_096;

const SECTION = 0x0a0d_0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b_3c4d;
const TWO_32 = 4_294_967_296;

export class PcapngParser {
  readonly #name: string;
  readonly #onPacket: OnPacket;
  readonly interfaces: CaptureInterface[] = [];
  packets = 0;
  #bigEndian = false;
  /** Number of the section's first interface among all. */
  #base = 0;
  /** A simple packet block has no time: that of the packet before. */
  #time = 0;
  #offset = 0;

  constructor(name: string, onPacket: OnPacket) {
    this.#name = name;
    this.#onPacket = onPacket;
  }

  #u32(bytes: Uint8Array, at: number): number {
    const [a, b, c, d] = this.#bigEndian ? [3, 2, 1, 0] : [0, 1, 2, 3];
    return (
      ((bytes[at + a] as number) |
        ((bytes[at + b] as number) << 8) |
        ((bytes[at + c] as number) << 16) |
        ((bytes[at + d] as number) << 24)) >>>
      0
    );
  }
  #u16(bytes: Uint8Array, at: number): number {
    const [low, high] = this.#bigEndian ? [at + 1, at] : [at, at + 1];
    return (bytes[low] as number) | ((bytes[high] as number) << 8);
  }
  #damaged(): Error {
    return raise("CAPTURE_DAMAGED", { file: this.#name, packets: this.packets, offset: this.#offset });
  }

  /** As `CaptureParser.parse`; `offset` is the place of `from` in the file. */
  parse(bytes: Uint8Array, from: number, to: number, offset: number): number {
    let at = from;
    while (at + 12 <= to) {
      this.#offset = offset + at - from;
      const type = this.#u32(bytes, at);
      // The block type of a section reads the same in both byte orders; the order is told inside.
      if (type === SECTION) this.#order(bytes, at + 8);
      const length = this.#u32(bytes, at + 4);
      if (length < 12 || (length & 3) !== 0) throw this.#damaged();
      const known = type === SECTION || type === INTERFACE || type === OLD_PACKET || type === SIMPLE_PACKET || type === ENHANCED_PACKET; // prettier-ignore
      if (!known) {
        at += length;
        continue;
      }
      if (length > MAX_RECORD) throw this.#damaged();
      if (at + length > to) break;
      if (this.#u32(bytes, at + length - 4) !== length) throw this.#damaged();
      this.#block(type, bytes, at + 8, at + length - 4);
      at += length;
    }
    return at - from;
  }

  #order(bytes: Uint8Array, at: number): void {
    this.#bigEndian = false;
    if (this.#u32(bytes, at) === BYTE_ORDER) return;
    this.#bigEndian = true;
    if (this.#u32(bytes, at) !== BYTE_ORDER) throw this.#damaged();
  }

  #block(type: number, bytes: Uint8Array, from: number, to: number): void {
    if (type === ENHANCED_PACKET) {
      if (to - from < 20) throw this.#damaged();
      this.#packet(bytes, from, this.#u32(bytes, from), from + 20, to);
    } else if (type === SECTION) {
      this.#base = this.interfaces.length;
    } else if (type === INTERFACE) {
      this.#interface(bytes, from, to);
    } else if (type === OLD_PACKET) {
      if (to - from < 20) throw this.#damaged();
      this.#packet(bytes, from, this.#u16(bytes, from), from + 20, to);
    } else {
      if (to - from < 4) throw this.#damaged();
      const wire = this.#u32(bytes, from);
      const face = this.interfaces[this.#base];
      if (face === undefined) throw this.#damaged();
      this.packets++;
      const end = Math.min(to, from + 4 + wire);
      this.#onPacket(bytes, from + 4, end, wire, this.#time, face.linkType, this.#base);
    }
  }

  /** Enhanced and old packet blocks: interface, time in two words, kept and wire length, packet. */
  #packet(bytes: Uint8Array, from: number, local: number, packet: number, to: number): void {
    const number = this.#base + local;
    const face = this.interfaces[number];
    const kept = this.#u32(bytes, from + 12);
    const wire = this.#u32(bytes, from + 16);
    if (face === undefined || kept > to - packet) throw this.#damaged();
    this.#time = micros(this.#u32(bytes, from + 4), this.#u32(bytes, from + 8), face);
    this.packets++;
    const end = packet + kept;
    this.#onPacket(bytes, packet, end, Math.max(kept, wire), this.#time, face.linkType, number);
  }

  #interface(bytes: Uint8Array, from: number, to: number): void {
    if (to - from < 8 || this.interfaces.length >= MAX_INTERFACES) throw this.#damaged();
    let name = "";
    let resolution = 1e6;
    let offset = 0;
    for (let at = from + 8; at + 4 <= to;) {
      const code = this.#u16(bytes, at);
      const length = this.#u16(bytes, at + 2);
      const value = at + 4;
      if (code === 0 || value + length > to) break;
      if (code === 2) name = printable(bytes, value, value + length);
      else if (code === 9 && length === 1) {
        const exponent = bytes[value] as number;
        resolution = (exponent & 0x80) === 0 ? 10 ** exponent : 2 ** (exponent & 0x7f);
      } else if (code === 14 && length === 8) {
        const [high, low] = this.#bigEndian ? [value, value + 4] : [value + 4, value];
        offset = (this.#u32(bytes, high) | 0) * TWO_32 + this.#u32(bytes, low);
      }
      at = value + length + (-length & 3);
    }
    this.interfaces.push({ linkType: this.#u16(bytes, from), name, resolution, offset });
  }
}

/** Ticks as two words → µs since the epoch, exact where a double can be. */
function micros(high: number, low: number, { resolution, offset }: CaptureInterface): number {
  const base = offset * 1e6;
  if (resolution === 1e6) return base + high * TWO_32 + low;
  const ticks = resolution / 1e6;
  if (Number.isInteger(ticks) && ticks <= 1e6) {
    // The number of ticks is larger than a double holds: divide the words one after the other.
    const whole = Math.floor(TWO_32 / ticks);
    return base + high * whole + Math.floor((high * (TWO_32 - whole * ticks) + low) / ticks);
  }
  if (resolution === TWO_32) return base + high * 1e6 + Math.floor((low * 1e6) / TWO_32);
  return base + Math.floor(((high * TWO_32 + low) / resolution) * 1e6);
}

/** Name of an interface: printable ASCII, at most 128 characters. */
function printable(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < Math.min(to, from + 128); i++) {
    const byte = bytes[i] as number;
    if (byte === 0) break;
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
  }
  return text;
}
