/**
 * Link Layer Discovery Protocol, IEEE 802.1AB-2016, clause 8; LLDP-MED (ANSI/TIA-1057) inventory.
 *
 *   0              2
 *   | type (7) | length (9) | value …      chassis id, port id, time to live, optional TLVs, end (0)
 *
 * PROFINET devices write their station name behind the port ("port-001.plc1"), older ones as the chassis (IEC 61158-6-10, 4.11).
 * Limits: 64 TLVs. An unsolicited announcement: everything is told of the source.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { ipv4Text, ipv6Text } from "./codecs/addresses.ts";
import type { Attribute } from "../wire/vocabulary.ts";

const MAX_TLVS = 64;
/** Port of a PROFINET device, with or without its station. */
const PORT = /^port-\d{3}($|\.)/;
const ADVERTISE = 0;
const SHUTDOWN = 1;

const functions = functionTable([
  [ADVERTISE, "advertisement", "identify"],
  [SHUTDOWN, "shutdown", "session"],
]);

/** System capabilities, bit → word (8.5.8). */
const CAPABILITIES = ["other", "repeater", "bridge", "wlan-access-point", "router", "telephone", "docsis", "station"];

/** Inventory TLVs of LLDP-MED by subtype. */
const INVENTORY: Readonly<Record<number, Attribute>> = {
  5: "hardware",
  6: "firmware",
  7: "firmware",
  8: "serial",
  9: "vendor",
  10: "model",
};

function recognise(r: Reader): 0 | 1 | 2 {
  // Chassis id (type 1), then port id (type 2), then time to live (type 3, length 2).
  const chassis = r.peek16();
  if (chassis >> 9 !== 1 || (chassis & 511) < 2 || (chassis & 511) > 256) return recognised.no;
  const portAt = 2 + (chassis & 511);
  if (portAt + 4 > r.left) return recognised.port;
  const port = r.peek16(portAt);
  if (port >> 9 !== 2 || (port & 511) < 2) return recognised.no;
  return r.peek16(portAt + 2 + (port & 511)) === 0x06_02 ? recognised.sure : recognised.port;
}

function capabilities(r: Reader, c: Context): void {
  r.skip(2);
  const enabled = r.u16();
  for (let bit = 0; bit < CAPABILITIES.length; bit++)
    if (enabled & (1 << bit)) c.source("capability", CAPABILITIES[bit] as string);
  if (enabled & 8) c.source("role", "access-point");
  else if (enabled & 32) c.source("role", "phone");
}

function management(r: Reader, c: Context, name: string): void {
  const length = r.u8();
  const family = r.u8();
  if (name === "") return;
  if (family === 1 && length === 5) c.device(ipv4Text(r.u32()), "name", name);
  else if (family === 2 && length === 17 && r.left >= 16) c.device(ipv6Text(r.bytes, r.at), "name", name);
}

function organisation(r: Reader, c: Context, length: number): void {
  const oui = r.u24();
  const subtype = r.u8();
  if (oui === 0x00_12_bb) {
    const attribute = INVENTORY[subtype];
    if (attribute !== undefined) c.source(attribute, r.utf8(length - 4));
  } else if (oui === 0x00_80_c2 && subtype === 1) c.source("vlan", String(r.u16()));
}

/** A chassis or port that is told in the device's own words (subtype 7, 8.5.2.2 and 8.5.3.2). */
function local(r: Reader, length: number): string {
  return length > 1 && r.u8() === 7 ? r.ascii(length - 1) : "";
}

function dissect(r: Reader, c: Context): number {
  if (recognise(r) === recognised.no) return NOT_MINE;
  c.client(true);
  let name = "";
  let chassis = "";
  let port = "";
  let live = 1;
  for (let i = 0; i < MAX_TLVS && r.left >= 2; i++) {
    const head = r.u16();
    const length = head & 511;
    if (head >> 9 === 0) break;
    if (length > r.left) {
      c.weird("bad-length");
      break;
    }
    const next = r.at + length;
    switch (head >> 9) {
      case 1: chassis = local(r, length); break; // prettier-ignore
      case 2: port = local(r, length); break; // prettier-ignore
      case 3: live = r.u16(); break; // prettier-ignore
      case 5: c.source("name", (name = r.utf8(length))); break; // prettier-ignore
      case 6: c.source("description", r.utf8(length)); break; // prettier-ignore
      case 7: capabilities(r, c); break; // prettier-ignore
      case 8: management(r, c, name); break; // prettier-ignore
      case 127: organisation(r, c, length); break; // prettier-ignore
      default: // what describes the port says nothing of who it is
    }
    r.at = next;
  }
  if (name === "" && PORT.test(port)) c.source("name", port.slice(9) || chassis);
  c.commandFast("event", live === 0 ? SHUTDOWN : ADVERTISE, 0, -1, -1, -1);
  return r.done;
}

export const lldp: Dissector = {
  protocol: "lldp",
  specification: "IEEE 802.1AB-2016, 8; ANSI/TIA-1057, 10.2.6",
  on: { ethertype: [0x88cc] },
  recognise,
  dissect,
  functions,
};
