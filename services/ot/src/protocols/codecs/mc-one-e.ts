/**
 * A-compatible 1E frames of the MC protocol (SH(NA)-080008, chapter 18), binary and ASCII. They have no length field: it follows
 * from the subheader and the number of points, for responses from the request.
 *
 *   request  | subheader 1 | PC number 1 | timer 2 | device number 4 | device 2 | points 1 | 00 | data …
 *   response | subheader + 0x80 | end code 1 (0, or 0x5b and an abnormal code) | data …
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { asciiNumber, isHexDigit, mcNumber, oneEDevice } from "./melsec.ts";
import { slmpFunctions, ONE_E } from "./slmp-commands.ts";

/** Where `readOneE` leaves what it read. */
export const oneE = {
  ascii: false,
  subheader: 0,
  pc: 0,
  object: 0,
  low: -1,
  high: -1,
  points: 0,
  /** Bytes of the request, 0 while they are not known. */
  size: 0,
};

export const isOneE = (subheader: number): boolean => slmpFunctions.has(ONE_E + subheader);

/** Bytes behind the device and the points, by subheader; −1: the message ends with the packet. */
function tail(subheader: number, points: number): number {
  if (subheader <= 0x01) return 0;
  if (subheader === 0x02) return (points + 1) >> 1;
  return subheader === 0x03 ? points * 2 : -1;
}

/**
 * Reads a request. `oneE.size` is its length, or what there is where the length is not known. False when it is none, or not
 * yet whole enough to tell.
 */
export function readOneE(r: Reader): boolean {
  const size = r.left;
  const ascii = isHexDigit(r.peek(0)) && isHexDigit(r.peek(1)) && isHexDigit(r.peek(2)) && isHexDigit(r.peek(3));
  const factor = ascii ? 2 : 1;
  if (size < 4 * factor) return false;
  oneE.ascii = ascii;
  oneE.subheader = mcNumber(r, 1, ascii);
  oneE.pc = mcNumber(r, 1, ascii);
  mcNumber(r, 2, ascii);
  oneE.object = 0;
  oneE.low = -1;
  oneE.high = -1;
  oneE.points = 0;
  if (oneE.subheader < 0 || !isOneE(oneE.subheader) || (oneE.pc > 0x40 && oneE.pc !== 0xff)) return false;
  if (oneE.subheader > 0x03) {
    oneE.size = size;
    return noDevices(r, factor);
  }
  // ASCII frames name the device before its number, binary frames behind it.
  const word = ascii ? asciiNumber(r, 4) : 0;
  const number = mcNumber(r, 4, ascii);
  oneE.object = oneEDevice(ascii ? word : r.u16le());
  const points = mcNumber(r, 1, ascii);
  const fixed = mcNumber(r, 1, ascii);
  if (r.short || oneE.object === 0 || fixed !== 0 || number < 0 || points < 0) return false;
  oneE.points = points === 0 ? 256 : points;
  oneE.low = number;
  oneE.high = number + oneE.points - 1;
  oneE.size = (12 + tail(oneE.subheader, oneE.points)) * factor;
  return true;
}

/** Commands without devices have a fixed length; those of several devices are told without their places. */
function noDevices(r: Reader, factor: number): boolean {
  const bare = oneE.subheader === 0x08 || oneE.subheader === 0x09 || (oneE.subheader >= 0x13 && oneE.subheader <= 0x15);
  if (bare) oneE.size = 4 * factor;
  return bare || r.left > 0;
}

/** Bytes of the response to a request of so many points; −1 where they are not known. */
export function responseSize(subheader: number, points: number, ascii: boolean, failed: boolean): number {
  const factor = ascii ? 2 : 1;
  if (failed) return 4 * factor;
  if (subheader === 0x00) return 2 * factor + (ascii ? points + (points & 1) : (points + 1) >> 1);
  if (subheader === 0x01) return (2 + points * 2) * factor;
  if (subheader >= 0x02 && subheader <= 0x07) return 2 * factor;
  if (subheader === 0x13 || subheader === 0x14) return 2 * factor;
  return subheader === 0x15 ? 4 * factor : -1;
}
