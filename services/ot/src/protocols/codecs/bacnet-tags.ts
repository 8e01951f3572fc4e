/** Tags of BACnet's encoding (ASHRAE 135, clause 20.2). */
import type { Reader } from "@yagura/packets/reader.ts";

/** Where `readTag` leaves what it read. */
export const tag = {
  number: 0,
  context: false,
  opening: false,
  closing: false,
  /** Bytes of the value; 0 for opening and closing tags and for an application-tagged boolean. */
  length: 0,
};

/** Reads one tag; false when the message ends. */
export function readTag(r: Reader): boolean {
  if (r.left === 0) return false;
  const first = r.u8();
  tag.context = (first & 0x08) !== 0;
  tag.number = first >> 4;
  if (tag.number === 0x0f) tag.number = r.u8();
  let length = first & 0x07;
  tag.opening = tag.context && length === 6;
  tag.closing = tag.context && length === 7;
  if (tag.opening || tag.closing) length = 0;
  else if (length === 5) {
    length = r.u8();
    if (length === 254) length = r.u16();
    else if (length === 255) length = r.u32();
  }
  // The length of a boolean is its value.
  tag.length = !tag.context && tag.number === 1 ? 0 : length;
  return !r.short && tag.length <= r.left;
}

/** An unsigned number of the tag's length. */
export function unsigned(r: Reader, length: number): number {
  let value = 0;
  for (let k = 0; k < length && k < 6; k++) value = value * 256 + r.u8();
  if (length > 6) r.skip(length - 6);
  return value;
}

const UTF8 = 0;
const UCS2 = 4;

/** A character string of `length` bytes with its character set first. */
export function characters(r: Reader, length: number): string {
  if (length < 1) return "";
  const set = r.u8();
  if (set === UTF8) return r.utf8(length - 1);
  if (set !== UCS2) return r.ascii(length - 1);
  let text = "";
  for (let k = 0; k + 1 < length - 1; k += 2) {
    const unit = r.u16();
    if (text.length < 256) text += unit >= 32 && unit !== 127 ? String.fromCharCode(unit) : "·";
  }
  if (((length - 1) & 1) === 1) r.skip(1);
  return text.toWellFormed();
}

/** Skips what stands between an opening tag (already read) and its closing tag. False at the end, or deeper than eight. */
export function skipConstructed(r: Reader): boolean {
  let depth = 1;
  while (depth > 0) {
    if (!readTag(r)) return false;
    if (tag.opening) depth++;
    else if (tag.closing) depth--;
    else r.skip(tag.length);
    if (depth > 8) return false;
  }
  return true;
}
