/** What answers of reads say of a Device object (ASHRAE 135, clause 12.11). */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Attribute } from "../../wire/vocabulary.ts";
import type { Context } from "../dissector.ts";
import { DEVICE, bacnetVendors } from "./bacnet-names.ts";
import { characters, readTag, skipConstructed, tag, unsigned } from "./bacnet-tags.ts";

/** Properties read of one answer; a read of all properties has about sixty. */
const MAX_PROPERTIES = 512;
const VENDOR_IDENTIFIER = 120;

const texts: ReadonlyMap<number, Attribute> = new Map([
  [12, "application"],
  [28, "description"],
  [44, "firmware"],
  [58, "location"],
  [70, "model"],
  [77, "name"],
  [121, "vendor"],
  [372, "serial"],
]);

export const vendorOf = (id: number): string => bacnetVendors.get(id) ?? "";

/** A value of the Device object behind its opening tag; leaves the reader behind the closing tag. */
function tellProperty(r: Reader, c: Context, property: number): boolean {
  const attribute = texts.get(property);
  if (!readTag(r)) return false;
  if (tag.closing) return true;
  if (tag.opening) return skipConstructed(r) && skipConstructed(r);
  if (tag.context) r.skip(tag.length);
  else if (tag.number === 7 && attribute !== undefined) c.source(attribute, characters(r, tag.length));
  else if (tag.number === 2 && property === VENDOR_IDENTIFIER) c.source("vendor", vendorOf(unsigned(r, tag.length)));
  else r.skip(tag.length);
  return skipConstructed(r);
}

/** Reads a tag that must have this number; false when it has another. */
const expects = (r: Reader, number: number): boolean => readTag(r) && tag.context && tag.number === number;

/** ReadProperty-ACK behind its service choice: object, property, [index], value. */
export function readPropertyAck(r: Reader, c: Context): void {
  if (!expects(r, 0) || unsigned(r, tag.length) >>> 22 !== DEVICE) return;
  if (!expects(r, 1)) return;
  const property = unsigned(r, tag.length);
  // With an index (tag 2) the value is one of an array, which no text of a device is.
  if (expects(r, 3) && tag.opening) tellProperty(r, c, property);
}

/** ReadPropertyMultiple-ACK: for each object a list of properties, each with a value or an error. */
export function readMultipleAck(r: Reader, c: Context): void {
  let device = false;
  let property = -1;
  for (let k = 0; k < MAX_PROPERTIES && readTag(r); k++) {
    if (tag.opening && tag.number === 4 && device) {
      if (!tellProperty(r, c, property)) return;
    } else if (tag.opening && tag.number !== 1) {
      if (!skipConstructed(r)) return;
    } else if (tag.context && tag.number === 0 && !tag.opening) {
      device = unsigned(r, tag.length) >>> 22 === DEVICE;
    } else if (tag.context && tag.number === 2 && !tag.opening) {
      property = unsigned(r, tag.length);
    } else if (!tag.opening && !tag.closing) r.skip(tag.length);
  }
}
