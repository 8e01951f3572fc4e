/**
 * The Identity object (The CIP Networks Library, volume 1, section 5A-2) as it is in ListIdentity, Get Attributes All, Get
 * Attribute List and Get Attribute Single:
 *
 *  2 bytes  2 bytes       2 bytes   1 + 1 bytes  2 bytes  4 bytes  1 + n bytes   (little endian)
 * | vendor | device type | product | revision   | status | serial | product name |
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "./dissector.ts";
import { cipRoles, cipVendors } from "./cip-names.ts";

const MAX_LIST = 16;

/** All attributes in their order. */
export function tellIdentity(r: Reader, c: Context): void {
  for (let attribute = 1; attribute <= 7 && !r.short; attribute++) tellAttribute(r, c, attribute);
}

/** Answer of Get Attribute List: count, then number, status and value of each. */
export function tellAttributeList(r: Reader, c: Context): void {
  const count = Math.min(r.u16le(), MAX_LIST);
  for (let i = 0; i < count && !r.short; i++) {
    const attribute = r.u16le();
    if (r.u16le() !== 0) continue;
    if (attribute < 1 || attribute > 7) return;
    tellAttribute(r, c, attribute);
  }
}

export function tellAttribute(r: Reader, c: Context, attribute: number): void {
  if (attribute === 1) {
    const vendor = r.u16le();
    if (!r.short && vendor !== 0) c.source("vendor", cipVendors.get(vendor) ?? `CIP vendor ${vendor}`);
  } else if (attribute === 2) {
    const type = r.u16le();
    if (r.short) return;
    c.source("device-type", `cip:${type}`);
    c.source("role", cipRoles.get(type) ?? "");
  } else if (attribute === 3 || attribute === 5) r.skip(2);
  else if (attribute === 4) {
    const major = r.u8();
    const minor = r.u8();
    if (!r.short) c.source("firmware", `${major}.${String(minor).padStart(3, "0")}`);
  } else if (attribute === 6) {
    const serial = r.u32le();
    if (!r.short && serial !== 0) c.source("serial", serial.toString(16).padStart(8, "0").toUpperCase());
  } else if (attribute === 7) {
    const name = r.ascii(r.u8());
    if (!r.short) c.source("model", name);
  }
}
