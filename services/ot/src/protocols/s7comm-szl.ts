/**
 * Identities in system status lists (SZL) of S7 CPUs: "System Software for S7-300/400, System and Standard Functions", chapter
 * "System status lists", partial lists 0x11 (module) and 0x1c (component). The reader stands behind the list's number:
 *
 *  2 bytes  2 bytes  2 bytes  records
 * | index  | length | count  | index, text and versions (28 bytes), or index, text (34 bytes) …
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Attribute } from "../wire/vocabulary.ts";
import type { Context } from "./dissector.ts";

const MODULE_RECORD = 28;
const COMPONENT_RECORD = 34;
const MAX_RECORDS = 64;

const components: Readonly<Record<number, Attribute>> = {
  1: "name",
  2: "description",
  3: "location",
  5: "serial",
  7: "model",
  11: "location",
};

export function tellSzl(r: Reader, c: Context, id: number): void {
  const list = id & 0xff;
  if (list !== 0x11 && list !== 0x1c) return;
  r.skip(2);
  const size = r.u16();
  const count = Math.min(r.u16(), MAX_RECORDS);
  for (let i = 0; i < count && r.left >= size; i++)
    if (list === 0x11 && size === MODULE_RECORD) moduleRecord(r, c);
    else if (list === 0x1c && size === COMPONENT_RECORD) componentRecord(r, c);
    else return;
}

function moduleRecord(r: Reader, c: Context): void {
  const index = r.u16();
  const order = r.ascii(20);
  r.skip(2); // type of module
  const version = r.u16();
  const release = r.u16();
  if (index === 1) {
    c.source("order-number", order);
    if (/^6[A-Z]{2}\d/.test(order)) c.source("vendor", "Siemens");
  } else if (index === 6) {
    if (version > 0) c.source("hardware", String(version));
  } else if (index === 7 && version >> 8 === 0x56)
    // "V", then major, minor, patch, a byte each.
    c.source("firmware", `V${version & 255}.${release >> 8}.${release & 255}`);
}

function componentRecord(r: Reader, c: Context): void {
  const attribute = components[r.u16()];
  const text = r.ascii(32);
  if (attribute !== undefined) c.source(attribute, text);
  else if (text.includes("Siemens")) c.source("vendor", "Siemens");
}
