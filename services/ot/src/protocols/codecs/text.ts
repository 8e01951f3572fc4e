/** Bytes of text protocols, compared in place: no strings, no regular expressions, so that recognition costs nothing. */
import type { Reader } from "@yagura/packets/reader.ts";

const LF = 0x0a;

/** An ASCII word as bytes; made once, when a module is loaded. */
export const word = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** True when the word stands at the offset from the next read. */
export function begins(r: Reader, text: Uint8Array, offset = 0): boolean {
  const from = r.at + offset;
  if (from + text.length > r.end) return false;
  for (let i = 0; i < text.length; i++) if (r.bytes[from + i] !== text[i]) return false;
  return true;
}

/** Same without regard to case; the word is given in lower case and its letters are ASCII. */
export function beginsFold(r: Reader, lower: Uint8Array, offset = 0): boolean {
  const from = r.at + offset;
  if (from + lower.length > r.end) return false;
  for (let i = 0; i < lower.length; i++) {
    const byte = r.bytes[from + i] as number;
    const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (folded !== lower[i]) return false;
  }
  return true;
}

/** Length of the line at the next read with its line feed; 0 when it does not end within `limit` bytes or what is there. */
export function lineLength(r: Reader, limit: number): number {
  const until = Math.min(r.end, r.at + limit);
  for (let i = r.at; i < until; i++) if (r.bytes[i] === LF) return i + 1 - r.at;
  return 0;
}

/** The index of a byte in [from, to), or −1. */
export function indexOf(bytes: Uint8Array, wanted: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === wanted) return i;
  return -1;
}

/** Where a word stands in [from, to), or −1. */
export function find(bytes: Uint8Array, text: Uint8Array, from: number, to: number): number {
  const last = to - text.length;
  for (let i = from; i <= last; i++) {
    let k = 0;
    while (k < text.length && bytes[i + k] === text[k]) k++;
    if (k === text.length) return i;
  }
  return -1;
}

/** A decimal number of at most nine digits at [from, to), blanks before it skipped; −1 when there is none. */
export function decimal(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++;
  let value = -1;
  for (let digits = 0; i < to && digits < 9; i++, digits++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = (value < 0 ? 0 : value) * 10 + digit;
  }
  return value;
}

/** Text of [from, to) without blanks and line ends around it, at most 128 characters; other bytes than printable ASCII become "·". */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < Math.min(to, from + MAX_TEXT); i++) {
    const byte = bytes[i] as number;
    if (byte === 0 || byte === LF || byte === 0x0d) break;
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
  }
  return text.trim();
}
const MAX_TEXT = 160;

/** FNV-1a over [from, to), 32 bit. */
export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01_00_01_93);
  return hash >>> 0;
}

/** Remembers the last sixteen hashes, so that what a conversation repeats is made into a string once. */
export class Once {
  readonly #seen = new Uint32Array(16);
  #next = 0;

  /** True the first time that these bytes come. */
  first(bytes: Uint8Array, from: number, to: number, salt = 0): boolean {
    const hash = (hashOf(bytes, from, to) ^ Math.imul(salt + 1, 0x9e_37_79_b1)) >>> 0;
    if (this.#seen.includes(hash)) return false;
    this.#seen[this.#next++ & 15] = hash;
    return true;
  }
}
