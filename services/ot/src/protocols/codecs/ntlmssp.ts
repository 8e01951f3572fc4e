/**
 * NTLM messages, MS-NLMP, section 2.2.1: who the client and the server are. User names, hashes and responses are not read.
 *
 *   0            8      12
 *   | NTLMSSP\0 | type | NEGOTIATE (1), CHALLENGE (2), AUTHENTICATE (3): fields of length (2), room (2), offset (4), little endian
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "../dissector.ts";
import { find, word } from "./text.ts";
import { windowsName } from "./windows.ts";

const SIGNATURE = word("NTLMSSP\0");
const UNICODE = 0x1;
const VERSION = 0x02_00_00_00;
const MAX_PAIRS = 16;
/** MsvAvNbComputerName, MsvAvNbDomainName, MsvAvDnsComputerName, MsvAvDnsDomainName (2.2.2.1). */
const PAIRS = { 1: "name", 2: "domain", 3: "name", 4: "domain" } as const;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) + u16(bytes, at + 2) * 65_536;

function text(r: Reader, base: number, field: number, to: number, unicode: boolean): string {
  const length = u16(r.bytes, field);
  const from = base + u32(r.bytes, field + 4);
  if (length === 0 || from < base + 12 || from + length > to) return "";
  const here = r.at;
  r.at = from;
  const value = unicode ? r.utf16le(length) : r.ascii(length);
  r.at = here;
  return value;
}

function version(r: Reader, c: Context, at: number, to: number): void {
  if (at + 8 > to) return;
  const { bytes } = r;
  const build = u16(bytes, at + 2);
  // Samba says 6.1 without a build.
  if (build === 0 && bytes[at] === 6) c.source("os", "Unix (Samba)");
  else c.source("os", windowsName(bytes[at] as number, bytes[at + 1] as number, build));
}

function pairs(r: Reader, c: Context, from: number, to: number): void {
  const here = r.at;
  r.at = from;
  for (let i = 0; i < MAX_PAIRS && r.at + 4 <= to; i++) {
    const id = r.u16le();
    const length = r.u16le();
    if (id === 0 || length > to - r.at) break;
    const attribute = PAIRS[id as keyof typeof PAIRS];
    if (attribute === undefined) r.skip(length);
    else c.source(attribute, r.utf16le(length));
  }
  r.at = here;
}

/** Tells what an NTLM message in [from, to) says of its sender. True when there was one. */
export function tellNtlm(r: Reader, c: Context, from: number, to: number): boolean {
  const base = find(r.bytes, SIGNATURE, from, to);
  if (base < 0 || base + 16 > to) return false;
  const { bytes } = r;
  const type = u32(bytes, base + 8);
  if (type === 1 && u32(bytes, base + 12) & VERSION) version(r, c, base + 32, to);
  else if (type === 2 && base + 48 <= to) {
    const information = base + u32(bytes, base + 44);
    const length = u16(bytes, base + 40);
    if (length > 0 && information + length <= to) pairs(r, c, information, information + length);
    if (u32(bytes, base + 20) & VERSION) version(r, c, base + 48, to);
  } else if (type === 3 && base + 64 <= to) {
    const flags = u32(bytes, base + 60);
    c.source("name", text(r, base, base + 44, to, (flags & UNICODE) !== 0));
    if (flags & VERSION) version(r, c, base + 64, to);
    // A response of 24 bytes is NTLM version 1, with or without session security; version 2 has at least 44 (3.3.2).
    if (u16(bytes, base + 20) === 24) c.weakness("ntlm-v1");
  }
  return true;
}
