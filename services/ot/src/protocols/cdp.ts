/**
 * Cisco Discovery Protocol, versions 1 and 2, behind SNAP with Cisco's OUI; also spoken by switches and phones of others.
 *
 *   0         1     2          4
 *   | version | TTL | checksum | type (2) | length (2, with its head) | value …
 *
 * The layout is that of Cisco's published description ("Cisco Discovery Protocol packet format"). Limits: 64 fields, 16 addresses.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text, ipv6Text } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";

const MAX_FIELDS = 64;
const MAX_ADDRESSES = 16;
const functions = functionTable([[0, "advertisement", "identify"]]);
const CAPABILITIES = ["router", "bridge", "source-route-bridge", "switch", "host", "igmp", "repeater", "telephone"];

const fits = (r: Reader): boolean =>
  (r.peek() === 1 || r.peek() === 2) && r.peek(1) >= 10 && r.peek16(4) > 0 && r.peek16(4) < 0x40 && r.peek16(6) >= 4 && r.peek16(6) < 512; // prettier-ignore

function addresses(r: Reader, c: Context, name: string): void {
  const count = Math.min(r.u32(), MAX_ADDRESSES);
  for (let i = 0; i < count && !r.short; i++) {
    r.skip(1);
    const protocol = r.u8();
    const ip4 = protocol === 1 && r.peek() === 0xcc;
    r.skip(protocol);
    const length = r.u16();
    if (length > r.left) return;
    if (ip4 && length === 4) c.device(ipv4Text(r.peek32() >>> 0), "name", name);
    else if (protocol === 8 && length === 16) c.device(ipv6Text(r.bytes, r.at), "name", name);
    r.skip(length);
  }
}

function capabilities(c: Context, bits: number): void {
  for (let bit = 0; bit < CAPABILITIES.length; bit++)
    if (bits & (1 << bit)) c.source("capability", CAPABILITIES[bit] as string);
  if (bits & 0x80) c.source("role", "phone");
  else if (bits & 0x08) c.source("role", "switch");
  else if (bits & 0x01) c.source("role", "router");
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  c.client(true);
  c.commandFast("event", 0, 0, -1, -1, -1);
  r.skip(4);
  let name = "";
  for (let i = 0; i < MAX_FIELDS && r.left >= 4; i++) {
    const type = r.u16();
    const length = r.u16() - 4;
    if (length < 0 || length > r.left) {
      c.weird("bad-length");
      break;
    }
    const next = r.at + length;
    switch (type) {
      case 0x01: c.source("name", (name = r.utf8(length))); break; // prettier-ignore
      case 0x02:
      case 0x16: addresses(r, c, name); break; // prettier-ignore
      case 0x04: capabilities(c, r.u32()); break; // prettier-ignore
      case 0x05: c.source("firmware", r.utf8(length)); break; // prettier-ignore
      case 0x06: c.source("model", r.utf8(length)); break; // prettier-ignore
      case 0x0a: c.source("vlan", String(r.u16())); break; // prettier-ignore
      case 0x14: c.source("name", r.utf8(length)); break; // prettier-ignore
      default: // the port and its settings are of the other end of a cable that is not seen
    }
    r.at = next;
  }
  return r.end - r.start;
}

export const cdp: Dissector = {
  protocol: "cdp",
  specification: "Cisco Discovery Protocol, versions 1 and 2",
  on: { llc: [0x00_00_0c * 65_536 + 0x2000] },
  recognise: (r) => (fits(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
};
