/** Header lines of the HTTP family (RFC 9112, section 5; SIP, SSDP): `Name: value`, until an empty line. */
import type { Reader } from "@yagura/packets/reader.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Length of the head at the next read with its empty line; 0 when it does not end within `limit` bytes or what is there.
 */
export function headLength(r: Reader, limit: number): number {
  const { bytes, at } = r;
  const until = Math.min(r.end, at + limit);
  for (let i = at; i < until; i++) {
    if (bytes[i] !== LF) continue;
    if (bytes[i + 1] === LF && i + 1 < until) return i + 2 - at;
    if (bytes[i + 1] === CR && bytes[i + 2] === LF && i + 2 < until) return i + 3 - at;
  }
  return 0;
}

/** Where the next line begins: behind the line feed, or `to`. */
export function nextLine(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === LF) return i + 1;
  return to;
}

/** Where the value begins when the line at `from` has the name (lower case, with its colon), else −1. */
export function headerValue(bytes: Uint8Array, from: number, to: number, name: Uint8Array): number {
  if (from + name.length > to) return -1;
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[from + i] as number;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[i]) return -1;
  }
  let at = from + name.length;
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at;
}
