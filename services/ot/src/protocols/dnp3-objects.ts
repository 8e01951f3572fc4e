/** Object headers of DNP3 (IEEE 1815-2012, clauses 4.2.2.7 and 11.3) and device attributes (group 0, annex A.1). */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Attribute } from "../wire/vocabulary.ts";
import type { Context } from "./dissector.ts";

const MAX_ATTRIBUTES = 64;
/** One object for all headers: read at once. */
const found = { low: -1, high: -1, size: 0 };

/** Bytes of a range field by its code: 1, 2, 4-byte start and stop; none; 1, 2, 4-byte count; …; variable format. */
const rangeSizes = [2, 4, 8, 2, 4, 8, 0, 1, 2, 4, -1, 1, -1, -1, -1, -1] as const;

/** Points that the header at the reader's place names, −1 for none. Does not move; the answer is reused. */
export function pointsOf(r: Reader): { readonly low: number; readonly high: number; readonly size: number } {
  found.low = -1;
  found.high = -1;
  const qualifier = r.peek(2);
  const range = qualifier & 15;
  const size = rangeSizes[range] ?? -1;
  found.size = size === -1 ? -1 : 3 + size;
  if (r.left < 3 + Math.max(0, size)) return found;
  if (range === 0) {
    found.low = r.peek(3);
    found.high = r.peek(4);
  } else if (range === 1) {
    found.low = r.peek16le(3);
    found.high = r.peek16le(5);
  } else if (range === 7 || range === 8) {
    // Counted objects with their index before each: the first one's.
    const prefix = (qualifier >> 4) & 7;
    const count = range === 7 ? r.peek(3) : r.peek16le(3);
    if (count > 0 && prefix === 1 && r.left > 3 + size) found.low = r.peek(3 + size);
    else if (count > 0 && prefix === 2 && r.left > 4 + size) found.low = r.peek16le(3 + size);
    found.high = found.low;
  }
  if (found.high < found.low) found.high = found.low;
  return found;
}

/** Moves over a header that has no data behind it. */
export function skipHeader(r: Reader): boolean {
  const { size } = pointsOf(r);
  if (size === -1 || size > r.left) return false;
  r.skip(size);
  return true;
}

const attributeOf: Readonly<Record<number, Attribute>> = {
  242: "firmware",
  243: "hardware",
  245: "location",
  247: "name",
  248: "serial",
  250: "model",
  252: "vendor",
};

/** Group 0: each variation is an attribute, as type (1 is text), length and value. */
export function tellAttributes(r: Reader, c: Context): void {
  for (let i = 0; i < MAX_ATTRIBUTES && r.left >= 5; i++) {
    const group = r.u8();
    const variation = r.u8();
    const qualifier = r.u8();
    if (group !== 0 || qualifier > 1) return;
    r.skip(qualifier === 0 ? 2 : 4);
    const type = r.u8();
    const length = r.u8();
    const attribute = attributeOf[variation];
    if (type === 1 && attribute !== undefined) {
      const value = r.ascii(length);
      if (!r.short) c.source(attribute, value);
    } else r.skip(length);
  }
}
