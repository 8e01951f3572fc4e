/**
 * Tag and length of BER (X.690, clause 8.1) for the protocols of IEC 61850 and C12.22: also high tag numbers up to 16,383.
 * Definite lengths of at most three octets; everything is read in place, without objects.
 */
import type { Reader } from "@yagura/packets/reader.ts";

let size = 0;

/**
 * Reads tag and length; the reader then stands on the value, whose length `berSize()` tells. Gives the tag's byte, or for high
 * numbers the first byte * 65,536 + the number; −1 when there is none, or when it is longer than what is left.
 */
export function openBer(r: Reader): number {
  if (r.left < 2) return -1;
  let tag = r.u8();
  if ((tag & 31) === 31) {
    let number = 0;
    let octet = 0x80;
    for (let i = 0; i < 2 && octet >= 0x80; i++) {
      octet = r.u8();
      number = number * 128 + (octet & 127);
    }
    if (octet >= 0x80) return -1;
    tag = tag * 65_536 + number;
  }
  const length = r.u8();
  if (length < 0x80) size = length;
  else if (length === 0x81) size = r.u8();
  else if (length === 0x82) size = r.u16();
  else if (length === 0x83) size = r.u24();
  else return -1;
  return r.short || size > r.left ? -1 : tag;
}
/** Length of the value that `openBer` opened last. */
export const berSize = (): number => size;

/** Opens a value of this tag; its length, or −1 (the reader has moved). */
export const expectBer = (r: Reader, tag: number): number => (openBer(r) === tag ? size : -1);

/** Unsigned big-endian integer of at most six octets. */
export function berNumber(r: Reader, length: number): number {
  if (length > 7) {
    r.skip(length);
    return 0;
  }
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + r.u8();
  return value;
}
