/**
 * Frames of SLMP and the MC protocol (SH(NA)-080956ENG chapter 4), binary and ASCII:
 *
 *   3E   | 50 00 | route 5 | length 2 | timer 2    | command 2 | subcommand 2 | data …
 *   4E   | 54 00 | serial 2 | 00 00 | route 5 | length 2 | …
 *   LMT  | 68 00 | serial 2 | 00 00 | route 5 | 00 × 3 | length 2 | timer 2 | command 2 | subcommand 2 | data …
 *   route: network 1, station 1, module I/O 2, multidrop station 1. Responses have 0x80 more and an end code for the timer.
 *   ASCII: the same fields in this order as hexadecimal digits.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { asciiNumber, isHexDigit, mcNumber } from "./melsec.ts";

export const frames = { none: 0, three: 3, four: 4, lmt: 5 } as const;

/** No MELSEC station takes more at once (1 920 words and headers); more is no MC message. */
const MAX_LENGTH = 16_384;

/** Where `readFrame` leaves the header. */
export const frame = {
  kind: 0 as 0 | 3 | 4 | 5,
  ascii: false,
  response: false,
  serial: 0,
  /** Network * 256 + station; −1 is the connected station itself. */
  unit: -1,
  module: 0,
  multidrop: 0,
  /** Bytes of the whole frame. */
  total: 0,
  /** Bytes behind the length field. */
  length: 0,
};

function kindOf(binary: number): 0 | 3 | 4 | 5 {
  const kind = binary & 0x7f;
  return kind === 0x50 ? frames.three : kind === 0x54 ? frames.four : kind === 0x68 ? frames.lmt : frames.none;
}

/** Bytes of the header up to and with the length, of a binary frame. */
const headerSize = (kind: number): number => (kind === frames.three ? 9 : kind === frames.four ? 13 : 16);

/**
 * Reads the header up to the length. Gives the bytes of the whole frame, 0 when the header is not whole yet, −1 when it is
 * none.
 */
export function readFrame(r: Reader): number {
  if (r.left < 4) return mayBegin(r) ? 0 : -1;
  const first = r.peek16(0);
  const second = r.peek16(2);
  frame.ascii = first === 0x3530 || first === 0x4430 || first === 0x3534 || first === 0x4434;
  if (frame.ascii ? second !== 0x3030 : (first & 0xff) !== 0) return -1;
  const lead = frame.ascii ? (first >> 8 === 0x35 ? 0x50 : 0xd0) | (first & 0x0f) : first >> 8;
  frame.kind = kindOf(lead);
  if (frame.kind === frames.none) return -1;
  frame.response = lead >= 0x80;
  const factor = frame.ascii ? 2 : 1;
  const header = headerSize(frame.kind) * factor;
  if (r.left < header) return 0;
  r.skip(2 * factor);
  frame.serial = frame.kind === frames.three ? 0 : mcNumber(r, 2, frame.ascii);
  if (frame.kind !== frames.three && mcNumber(r, 2, frame.ascii) !== 0) return -1;
  const network = mcNumber(r, 1, frame.ascii);
  const station = mcNumber(r, 1, frame.ascii);
  frame.module = mcNumber(r, 2, frame.ascii);
  frame.multidrop = mcNumber(r, 1, frame.ascii);
  if (frame.kind === frames.lmt) r.skip(3);
  frame.length = frame.ascii ? asciiNumber(r, 4) : r.u16le();
  // All fields are at least 0 when all digits were digits.
  if (Math.min(network, station, frame.module, frame.multidrop, frame.length, frame.serial) < 0) return -1;
  frame.unit = network === 0 && station === 0xff ? -1 : network * 256 + station;
  if (frame.length < (frame.response ? 2 : 6) * factor || frame.length > MAX_LENGTH) return -1;
  frame.total = header + frame.length;
  return frame.total;
}

function mayBegin(r: Reader): boolean {
  if (r.left === 0) return true;
  const first = r.peek(0);
  if (r.left === 1) return first === 0x35 || first === 0x44 || kindOf(first) !== frames.none;
  const ascii = isHexDigit(first) && isHexDigit(r.peek(1));
  return r.peek(1) === 0 || ascii;
}

/** Module I/O numbers that requests are sent to: the own CPU, one of a multiple CPU or redundant system, or a slot. */
export const plausibleRoute = (): boolean =>
  frame.multidrop <= 31 &&
  (frame.module === 0x03ff || (frame.module >= 0x03d0 && frame.module <= 0x03e3) || frame.module <= 0x01ff);
