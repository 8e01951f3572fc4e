/**
 * Generic Routing Encapsulation, RFC 2784, section 2, keys and sequence numbers RFC 2890, version 1 (PPTP) RFC 2637: a tunnel.
 *
 *   0                       2
 *   | flags, … version (3) | protocol type | checksum 4 | key 4 | sequence 4 (each when its flag says so) | packet …
 *
 * IP inside a tunnel is read as if there were none (packets/decode.ts); here come the other tunnels. Told: that there is one, and what
 * kind of packets it carries, as functions. What is carried is not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 4;
/** Protocol types (EtherTypes); others are told as 0. */
const OTHER = 0;
const functions = functionTable([
  [OTHER, "other packets", "other"],
  [0x0800, "IPv4", "other"],
  [0x86dd, "IPv6", "other"],
  [0x6558, "Ethernet", "other"],
  [0x880b, "PPP", "other"],
  [0x8847, "MPLS", "other"],
  [0x88be, "ERSPAN (mirrored frames)", "other"],
  [0x22eb, "ERSPAN III (mirrored frames)", "other"],
  [0x883e, "WCCP", "other"],
  [0x2001, "NHRP", "session"],
]);

function fits(r: Reader): boolean {
  const version = r.peek(1) & 7;
  // Bits 5 to 12 are zero in version 0; version 1 always has a key and PPP.
  return r.left >= HEADER && (version === 0 ? (r.peek16() & 0x07_f8) === 0 : version === 1 && r.peek16(2) === 0x88_0b);
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const type = r.peek16(2);
  c.commandFast("event", functions.has(type) ? type : OTHER, 0, -1, -1, -1);
  return r.left;
}

export const gre: Dissector = {
  protocol: "gre",
  specification: "RFC 2784, 2; RFC 2890; RFC 2637, 4",
  on: { ip: [47] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
