/**
 * Frames of HTTP/2 in clear (RFC 9113, 4.1 and 6.2) and as much of their header compression (RFC 7541) as tells methods, outcomes and
 * the host.
 *
 *   0        3      4       5           9
 *   | length | type | flags | stream id | …
 *
 * Fields that a peer put into the table of the connection are not kept: a host is told when it comes in full, as it does first.
 * Limits: header blocks of 16 KiB in one frame, 128 fields.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE } from "../dissector.ts";

const HEAD = 9;
const HEADERS = 1;
const LAST_TYPE = 0x10;
const MAX_BLOCK = 16_384;
const MAX_FIELDS = 128;
const PADDED = 0x08;
const PRIORITY = 0x20;
/** Static table (RFC 7541, A); from the authority to the scheme only requests have them. */
const [AUTHORITY, GET, POST, LAST_OF_REQUEST, STATUS_200, STATUS_500] = [1, 2, 3, 7, 8, 14] as const;

export interface Http2Head {
  readonly stream: number;
  /** "GET", "POST", "other"; "" in an answer and in trailers. */
  readonly method: string;
  /** "" when it was not told in full. */
  readonly authority: string;
  /** First digit of the status, 0 in a request. */
  readonly status: number;
}

/** Reads a frame; `tell` is given the fields of a HEADERS frame. Gives its length, NEED_MORE, or NOT_MINE. */
export function frame(r: Reader, tell: (head: Http2Head) => void): number {
  if (r.left < HEAD) return NEED_MORE;
  const length = (r.peek() << 16) | r.peek16(1);
  const type = r.peek(3);
  const stream = r.peek32(5) & 0x7f_ff_ff_ff;
  if (type > LAST_TYPE || r.peek(5) >= 0x80) return NOT_MINE;
  if (type !== HEADERS || length > MAX_BLOCK) return HEAD + length;
  if (r.left < HEAD + length) return NEED_MORE;
  const flags = r.peek(4);
  let at = r.at + HEAD;
  let to = at + length;
  if (flags & PADDED) to -= r.bytes[at++] as number;
  if (flags & PRIORITY) at += 5;
  if (at < to) tell(fields(r.bytes, at, to, stream));
  return HEAD + length;
}

/** Where the integer or text in hand ends; its value. */
const place = { at: 0, value: 0 };

/** An integer with a prefix of some bits (5.1). */
function integer(bytes: Uint8Array, at: number, to: number, bits: number): void {
  const mask = (1 << bits) - 1;
  let value = (bytes[at] ?? 0) & mask;
  let next = at + 1;
  if (value === mask)
    for (let shift = 0; shift < 28 && next < to; shift += 7) {
      const byte = bytes[next++] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
  place.at = next;
  place.value = value;
}

function fields(bytes: Uint8Array, from: number, to: number, stream: number): Http2Head {
  const found = { stream, method: "", authority: "", status: 0 };
  place.at = from;
  for (let i = 0; i < MAX_FIELDS && place.at < to; i++) {
    const first = bytes[place.at] as number;
    if (first >= 128) {
      integer(bytes, place.at, to, 7);
      indexed(found, place.value);
      continue;
    }
    // A new size of the table (6.3).
    if (first >> 5 === 1) {
      integer(bytes, place.at, to, 5);
      continue;
    }
    integer(bytes, place.at, to, first >= 64 ? 6 : 4);
    const name = place.value;
    if (name === 0) passText(bytes, to);
    else if (name <= LAST_OF_REQUEST) found.method ||= "other";
    const [huffman, at] = [((bytes[place.at] ?? 0) & 128) !== 0, passText(bytes, to)];
    if (name === AUTHORITY && place.at <= to) found.authority = text(huffman, bytes, at);
    else if (name >= STATUS_200 && name <= STATUS_500) found.status = Number(text(huffman, bytes, at)[0]) || 0;
  }
  return found;
}

function indexed(found: { method: string; status: number }, index: number): void {
  if (index === GET || index === POST) found.method = index === GET ? "GET" : "POST";
  else if (index <= LAST_OF_REQUEST) found.method ||= "other";
  // 200, 204, 206, 304, 400, 404, 500
  else if (index >= STATUS_200 && index <= STATUS_500)
    found.status = [2, 2, 2, 3, 4, 4, 5][index - STATUS_200] as number;
}

/** Goes over a text (5.2); gives where its bytes begin. */
function passText(bytes: Uint8Array, to: number): number {
  integer(bytes, place.at, to, 7);
  const at = place.at;
  place.at = at + place.value;
  return at;
}

/** The text that ends at the place in hand. */
const text = (huffman: boolean, bytes: Uint8Array, from: number): string =>
  huffman ? unpack(bytes, from, place.at) : plain(bytes, from, place.at);

const MAX_HOST = 128;
function plain(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < Math.min(to, from + MAX_HOST); i++) {
    const byte = bytes[i] as number;
    if (byte <= 32 || byte > 126) return "";
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Letters of five to eight bits, in the order of their codes: hosts have no others (RFC 7541, B: a canonical code). */
const letters: readonly (readonly [bits: number, first: number, letters: string])[] = [
  [5, 0x00, "012aceiost"],
  [6, 0x14, " %-./3456789=A_bdfghlmnpru"],
  [7, 0x5c, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"],
  [8, 0xf8, "&*,;XZ"],
];
function unpack(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let code = 0;
  let bits = 0;
  for (let bit = 8 * from; bit < 8 * to && text.length < MAX_HOST; bit++) {
    code = (code << 1) | (((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
    bits++;
    const [, first = 0, some = ""] = letters[bits - 5] ?? [];
    const letter = some[code - first];
    if (code >= first && letter !== undefined) {
      text += letter;
      code = bits = 0;
    } else if (bits > 8) return "";
  }
  return text;
}
