/**
 * DNS messages, RFC 1035, section 4: header, names with compression, records. Shared by DNS, mDNS, LLMNR and the NetBIOS name
 * service, which differ in what they make of it.
 *
 *   0    2       4         6         8         10        12
 *   | id | flags | QDCOUNT | ANCOUNT | NSCOUNT | ARCOUNT | questions, answers, authorities, additional …
 *
 * Limits: names of 255 characters and 32 compression pointers, 256 records of a message.
 */
import type { Reader } from "@yagura/packets/reader.ts";

export const HEADER = 12;
export const MAX_RECORDS = 256;
const MAX_POINTERS = 32;
const MAX_NAME = 255;

/** Types that dissectors ask for by name (IANA). */
export const dnsTypes = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, NB: 32, OPT: 41, NBSTAT: 33 } as const;

/** What a dissector does with the parts of a message. Offsets are absolute in `r.bytes`. */
export interface DnsVisitor<State> {
  question(state: State, name: string, type: number): void;
  record(state: State, name: string, type: number, from: number, to: number): void;
}

/** A name at `at`, following pointers back from `base`; without the final dot, "" for the root. Characters out of ASCII print become "·". */
export function nameAt(bytes: Uint8Array, base: number, at: number, end: number): string {
  let text = "";
  let place = at;
  // Each pointer leads before what was read until now, so that there is an end.
  let lowest = at;
  for (let pointers = 0; place < end && text.length <= MAX_NAME;) {
    const length = bytes[place] as number;
    if (length === 0) break;
    if (length >= 0xc0) {
      const target = base + (((length & 0x3f) << 8) | (bytes[place + 1] ?? 0));
      if (++pointers > MAX_POINTERS || target >= lowest || place + 1 >= end) break;
      place = lowest = target;
      continue;
    }
    if (length > 63) break;
    if (text !== "") text += ".";
    for (let i = place + 1; i <= place + length && i < end; i++) {
      const byte = bytes[i] as number;
      text += byte > 32 && byte < 127 ? String.fromCharCode(byte) : byte === 32 ? " " : "·";
    }
    place += 1 + length;
  }
  return text;
}

/** Moves over a name; false when it is no name. */
export function skipName(r: Reader): boolean {
  for (let labels = 0; labels < 128; labels++) {
    const length = r.u8();
    if (r.short) return false;
    if (length === 0) return true;
    if (length >= 0xc0) {
      r.skip(1);
      return !r.short;
    }
    if (length > 63) return false;
    r.skip(length);
  }
  return false;
}

/**
 * Reads the message from the reader's place to its end. False when a name or a record does not fit; what was read until then
 * has been told.
 */
export function walk<State>(r: Reader, visitor: DnsVisitor<State>, state: State): boolean {
  const base = r.at;
  const questions = r.peek16(4);
  const records = r.peek16(6) + r.peek16(8) + r.peek16(10);
  r.skip(HEADER);
  for (let i = 0; i < Math.min(questions, MAX_RECORDS); i++) {
    const at = r.at;
    if (!skipName(r)) return false;
    const type = r.u16();
    r.skip(2);
    if (r.short) return false;
    visitor.question(state, nameAt(r.bytes, base, at, r.end), type);
  }
  for (let i = 0; i < Math.min(records, MAX_RECORDS); i++) {
    const at = r.at;
    if (!skipName(r)) return false;
    const type = r.u16();
    r.skip(6);
    const length = r.u16();
    if (r.short || length > r.left) return false;
    visitor.record(state, nameAt(r.bytes, base, at, r.end), type, r.at, r.at + length);
    r.skip(length);
  }
  return true;
}

/**
 * How far the bytes look like a message with one question: 0 no, 1 the header fits, 2 also the name, its type and its class.
 * `extra` are the answers, authorities and additional records that a question may bring.
 */
export function looksLikeDns(r: Reader, extra = 4): 0 | 1 | 2 {
  if (r.left < HEADER + 5) return 0;
  const flags = r.peek16(2);
  const questions = r.peek16(4);
  const opcode = (flags >> 11) & 15;
  // Z must be zero, opcodes are 0 to 6, rcodes up to 23 of which 11 fit the header.
  if (opcode > 6 || opcode === 3 || flags & 0x40 || (flags & 15) > 11) return 0;
  const response = flags >= 0x8000;
  const [answers, authorities, additional] = [r.peek16(6), r.peek16(8), r.peek16(10)];
  if (!response && (answers > extra || authorities > extra || additional > extra || flags & 0x80)) return 0;
  if (answers > 200 || authorities > 50 || additional > 50 || questions > 8) return 0;
  if (questions === 0) return response && answers > 0 ? 1 : 0;
  let at = HEADER;
  let plain = questions === 1;
  for (let labels = 0; labels < 64; labels++) {
    const length = r.peek(at);
    if (at >= r.left || length >= 0xc0) return 1;
    if (length === 0) break;
    if (length > 63) return 0;
    // Names of hosts have no control characters; others may (RFC 2181, 11), but are not believed so readily.
    for (let i = 1; i <= length && at + i < r.left; i++) if (r.peek(at + i) < 0x20) plain = false;
    at += 1 + length;
  }
  if (at + 5 > r.left) return 1;
  const type = r.peek16(at + 1);
  const klass = r.peek16(at + 3) & 0x7fff;
  // Assigned types end at 260; 32768 and 32769 are of DNSSEC, those from 65280 on are private (RFC 6895, 3.1).
  if (type === 0 || (type > 260 && type !== 32_768 && type !== 32_769 && type < 65_280)) return 0;
  if (klass !== 1 && klass !== 255 && klass !== 3 && klass !== 254 && klass !== 4) return 0;
  return plain ? 2 : 1;
}
