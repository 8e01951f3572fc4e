/**
 * Address Resolution Protocol, RFC 826; probes and announcements as RFC 5227.
 *
 *   0       2       4      5      6       8            14          18           24          28
 *   | htype | ptype | hlen | plen | oper  | sender MAC | sender IP | target MAC | target IP |
 *
 * Limits: only Ethernet (1) and IPv4. Weirds: a sender MAC that is not the frame's, a broadcast or multicast sender.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { ipv4Text } from "./codecs/addresses.ts";

const LENGTH = 28;
const REQUEST = 1;
const REPLY = 2;

const functions = functionTable([
  [REQUEST, "request", "identify"],
  [REPLY, "reply", "identify"],
]);

const fits = (r: Reader): boolean =>
  r.left >= LENGTH && r.peek32() === 0x00_01_08_00 && r.peek16(4) === 0x06_04 && r.peek16(6) - 1 < 2 && r.peek16(6) > 0;

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  r.skip(6);
  const operation = r.u16();
  const senderMac = r.u48();
  const sender = r.u32();
  r.skip(6);
  const target = r.u32();
  if (c.sourceMac !== 0 && senderMac !== c.sourceMac) c.weird("sender-mac-differs");
  // The group bit is the lowest of the first octet.
  if (Math.floor(senderMac / 2 ** 40) & 1) c.weird("group-sender");
  c.client(operation === REQUEST);
  c.commandFast(operation === REQUEST ? "request" : "response", operation, 0, target, target, -1);
  if (senderMac === 0) return LENGTH;
  if (sender === 0) c.binding("arp-probe", senderMac, ipv4Text(target));
  else if (sender === target) c.binding("arp-gratuitous", senderMac, ipv4Text(sender));
  else c.binding(operation === REQUEST ? "arp-request" : "arp-reply", senderMac, ipv4Text(sender));
  return LENGTH;
}

export const arp: Dissector = {
  protocol: "arp",
  specification: "RFC 826; RFC 5227",
  on: { ethertype: [0x0806] },
  recognise: (r) => (fits(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
  weirds: ["sender-mac-differs", "group-sender"],
};
